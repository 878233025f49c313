"""Kernel calls that are prepared once and repeated every step."""

from collections.abc import Callable, Iterable

from levitas.solver.field import Field

MANY = 16  # sets of calls that are kept: fields that swap make two, a changing argument makes more


class Prepared:
    """Runs the calls that `prepare(*numbers)` gives (bound kernels), kept for each state of fields.

    Fields swap their memory every step, so a call bound to it serves every second step; checking
    arguments anew each time would cost small grids more than their cells do.
    """

    def __init__(self, fields: Iterable[Field], prepare: Callable[..., list[Callable[[], None]]]):
        self._fields, self._prepare = tuple(fields), prepare
        self._calls: dict[tuple, list[Callable[[], None]]] = {}

    def __call__(self, *numbers: float) -> None:
        """The calls for the memory that the fields have now and for these numbers."""
        key = (*(field.token for field in self._fields), *numbers)
        if key not in self._calls:
            if len(self._calls) >= MANY:
                self._calls.clear()
            self._calls[key] = self._prepare(*numbers)
        for call in self._calls[key]:
            call()

    def forget(self) -> None:
        """Prepare anew: constants that the calls hold have changed."""
        self._calls.clear()
