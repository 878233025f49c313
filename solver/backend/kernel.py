"""A compiled kernel as the program calls it, whichever machine it runs on."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from levitas.solver.backend import source as kernel_text

#: A box: x0, x1, y0, y1, z0, z1 in cells, ends excluded.
BoxLike = tuple[int, int, int, int, int, int]


class Kernel:
    """A compiled kernel, called by the names of its C arguments.

    `kernel(box, phi=field, dt=0.1)`: the box (or a list of boxes) first, then exactly the other
    arguments. A pointer takes a Field (whose own cell (0, 0, 0) of component 0 it gets) or an array
    of the backend; its dtype must be that of the signature. Numbers are cast to the C type.
    TypeError for missing, extra, or wrongly typed arguments.
    """

    def __init__(
        self,
        name: str,
        parameters: list[kernel_text.Parameter],
        convert: Callable[[kernel_text.Parameter], Callable[[Any], Any]],
        prepare: Callable[[BoxLike, list], Callable[[], None]],
    ) -> None:
        self.name, self.parameters, self._prepare = name, parameters, prepare
        self._plan = [(p.name, convert(p)) for p in parameters if p.kind != "box"]
        self._names = {name for name, _ in self._plan}

    def __call__(self, box: BoxLike | list[BoxLike], **arguments: Any) -> None:
        self.bind(box, **arguments)()

    def bind(self, box: BoxLike | list[BoxLike], **arguments: Any) -> Callable[[], None]:
        """The call with these arguments, prepared: each use repeats it without checking them again.

        It stays with the memory that fields have now: after a swap another one is needed.
        """
        if arguments.keys() != self._names:
            self._complain(arguments)
        try:
            values = [convert(arguments[name]) for name, convert in self._plan]
        except TypeError as error:
            raise TypeError(f"kernel {self.name}: {error}") from None
        boxes = box if isinstance(box, list) else (box,)
        boxes = [b for b in boxes if b[0] < b[1] and b[2] < b[3] and b[4] < b[5]]
        return _Bound(self, boxes, values, arguments)

    def _complain(self, arguments: Mapping[str, Any]) -> None:
        missing, extra = self._names - arguments.keys(), arguments.keys() - self._names
        words = [f"missing {', '.join(sorted(missing))}"] if missing else []
        words += [f"unknown {', '.join(sorted(extra))}"] if extra else []
        raise TypeError(f"kernel {self.name}: {'; '.join(words)}")


class _Bound:
    """Prepared launches, and the arrays that must live as long."""

    __slots__ = ("_kernel", "_boxes", "_values", "_launches", "_arguments")

    def __init__(self, kernel: Kernel, boxes: list, values: list, arguments: Mapping[str, Any]):
        self._kernel, self._boxes, self._values = kernel, boxes, values
        self._arguments = arguments
        self._prepare()

    def _prepare(self) -> None:
        self._launches = [self._kernel._prepare(box, self._values) for box in self._boxes]

    def change(self, **numbers: float) -> None:
        """Other values for some of the numbers; those that the kernel does not take are left."""
        for k, (name, convert) in enumerate(self._kernel._plan):
            if name in numbers:
                self._values[k] = convert(numbers[name])
        self._prepare()

    def __call__(self) -> None:
        for launch in self._launches:
            launch()


def number(parameter: kernel_text.Parameter) -> Callable[[Any], Any]:
    """A converter of Python and NumPy numbers to the NumPy scalar of the C type."""
    dtype, name = np.dtype(parameter.dtype), parameter.name
    low, high = (np.iinfo(dtype).min, np.iinfo(dtype).max) if dtype.kind in "iu" else (0, 0)

    def convert(value: Any) -> Any:
        if not isinstance(value, int | float | np.integer | np.floating | np.bool_):
            raise TypeError(f"{name} must be a number, not {type(value).__name__}")
        if dtype.kind == "f":
            return dtype.type(value)
        if value != int(value) or not low <= value <= high:
            raise TypeError(f"{name} = {value} is no {dtype.name}")
        return dtype.type(int(value))

    return convert
