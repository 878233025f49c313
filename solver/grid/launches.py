"""Kernel calls that are prepared once and repeated every step."""

from collections.abc import Callable, Iterable

from levitas.solver.grid.field import Field

KEPT = 16  # sets of calls that are kept: two fields that swap make two or four


class Launches:
    """Runs the calls that `prepare(**numbers)` gives, kept for each state of fields.

    Fields swap their memory every step, so a call bound to it serves every second step; checking
    arguments again each time would cost small grids more than their cells do. Numbers that have
    changed since are put into the calls that there are.
    """

    def __init__(self, fields: Iterable[Field], prepare: Callable[..., list[Callable[[], None]]]):
        self._fields, self._prepare = tuple(fields), prepare
        self._calls: dict[tuple, tuple[dict, list]] = {}

    def __call__(self, **numbers: float) -> None:
        """The calls for the memory that the fields have now and for these numbers."""
        key = tuple(field.token for field in self._fields)
        known, calls = self._calls.get(key, (None, None))
        if calls is None:
            if len(self._calls) >= KEPT:
                self._calls.clear()
            calls = self._prepare(**numbers)
        elif known != numbers:
            for call in calls:
                call.change(**numbers)
        self._calls[key] = numbers, calls
        for call in calls:
            call()

    def forget(self) -> None:
        """Prepare all calls again: constants that the calls hold have changed."""
        self._calls.clear()
