"""CPU: NumPy memory and kernels built by the host compiler; threads share a box in slabs."""

import ctypes
import struct
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from levitas.solver.backend import compiler
from levitas.solver.backend import source as kernel_text
from levitas.solver.backend.base import Backend, Staging, own_cores
from levitas.solver.backend.kernel import BoxLike, Kernel, number
from levitas.solver.errors import ResourceError

SMALL = 8192  # cells: below this a second thread costs more than it does


class CpuBackend(Backend):
    """NumPy memory and kernels built by the host compiler; threads share the box in slabs."""

    name, xp = "cpu", np

    def __init__(self, precision: str = "float32", threads: int | None = None) -> None:
        super().__init__(precision)
        compiler.find_compiler()  # fails now rather than after the fields are allocated
        self.threads = threads or own_cores()
        self._pool = ThreadPoolExecutor(self.threads - 1) if self.threads > 1 else None
        self._libraries: dict[str, Future] = {}

    def _build(self, stem, text, name, parameters):
        text, sizes = kernel_text.any_size(text) if compiler.quick() else (text, {})
        if text not in self._libraries:
            self._libraries[text] = compiler.start(text + entries(parameters, sizes), stem)
        library = self._libraries[text]
        place = [p.kind for p in parameters[name]].index("box")
        form = "@" + "".join(map(_format, parameters[name])) + len(sizes) * "q"
        pack, last = struct.Struct(form).pack, tuple(sizes.values())

        def prepare(box: BoxLike, values: list) -> Callable[[], None]:
            entry = _entry(library.result(), name)
            packed = [
                pack(*values[:place], *slab, *values[place:], *last)
                for slab in _slabs(box, self.threads)
            ]
            return partial(entry, packed[0]) if len(packed) == 1 else partial(share, entry, packed)

        def share(entry: Callable, packed: list[bytes]) -> None:
            others = [self._pool.submit(entry, arguments) for arguments in packed[1:]]
            entry(packed[0])
            for other in others:
                other.result()

        return Kernel(name, parameters[name], _converter, prepare)

    def compiled(self, report=None):
        for done, library in enumerate(self._libraries.values(), 1):
            library.result()
            if report:
                report(done, len(self._libraries))

    def zeros(self, shape, dtype=None):
        dtype = np.dtype(dtype or self.real)
        count = int(np.prod(shape))
        try:
            raw = np.zeros(count * dtype.itemsize + 64, np.uint8)
        except MemoryError:
            size = count * dtype.itemsize / 2**30
            raise ResourceError(f"no memory for an array of {size:.1f} GiB") from None
        skip = -raw.__array_interface__["data"][0] % 64
        return raw[skip : skip + count * dtype.itemsize].view(dtype).reshape(shape)

    def address(self, array):
        return array.__array_interface__["data"][0]

    def to_host(self, array):
        return array

    def staging(self, size, dtype=None):
        return Staging(self.zeros(size, dtype))

    def wait(self):
        pass


def _slabs(box: BoxLike, threads: int) -> list[BoxLike]:
    """The box cut into at most `threads` slabs in z, or in y where z is too short."""
    x0, x1, y0, y1, z0, z1 = box
    nx, ny, nz = x1 - x0, y1 - y0, z1 - z0
    n = min(threads, nx * ny * nz // SMALL)
    if n < 2:
        return [box]
    if nz >= n:
        cuts = [z0 + k * nz // n for k in range(n + 1)]
        return [(x0, x1, y0, y1, a, b) for a, b in zip(cuts, cuts[1:], strict=False)]
    n = min(n, ny)
    cuts = [y0 + k * ny // n for k in range(n + 1)]
    return [(x0, x1, a, b, z0, z1) for a, b in zip(cuts, cuts[1:], strict=False)]


@cache
def _entry(path: Path, name: str) -> Callable[[bytes], None]:
    """The function of a library that runs a kernel on packed arguments."""
    try:
        entry = ctypes.CDLL(str(path))[f"run_{name}"]  # releases Python's lock during a call
    except OSError as error:
        raise ResourceError(f"cannot load a compiled kernel: {error}") from error
    entry.argtypes, entry.restype = [ctypes.c_char_p], None
    return entry


def entries(parameters: dict[str, list[kernel_text.Parameter]], sizes: Iterable[str] = ()) -> str:
    """C text of the functions `run_<kernel>` that unpack the arguments and call the kernels.

    Sizes of the block, where the text has them as variables, follow the arguments.
    """
    more = "".join(f"int64 {size}_; " for size in sizes)
    put = "".join(f"  {size}_ = a->{size}_;\n" for size in sizes)
    lines = ["\n"]
    for name, arguments in parameters.items():
        fields = "".join(f"{_c_type(p)} {p.name}; " for p in arguments)
        values = ", ".join("box" if p.kind == "box" else f"a->{p.name}" for p in arguments)
        box = next(p.name for p in arguments if p.kind == "box")
        lines.append(f"struct Arguments_{name} {{ {fields}{more}}};\n")
        lines.append(f'extern "C" void run_{name}(const Arguments_{name}* a) {{\n')
        lines.append(f"{put}  Flush flush;\n  Box box = a->{box};\n")
        lines.append(f"  LAUNCH(box, {name}({values}))\n}}\n")
    return "".join(lines)


def _c_type(p: kernel_text.Parameter) -> str:
    if p.kind == "box":
        return "Box"
    names = {"float32": "float", "float64": "double", "int32": "int"}
    return names.get(p.dtype, p.dtype) + ("*" if p.kind == "pointer" else "")


def _format(p: kernel_text.Parameter) -> str:
    if p.kind == "box":
        return "6i"
    return "P" if p.kind == "pointer" else np.dtype(p.dtype).char


def _converter(p: kernel_text.Parameter) -> Callable[[Any], Any]:
    return _address(p) if p.kind == "pointer" else number(p)


def _address(p: kernel_text.Parameter) -> Callable[[Any], int]:
    dtype = np.dtype(p.dtype)

    def convert(value: Any) -> int:
        address = getattr(value, "address", None)  # of a Field; an array has none
        if address is None and not isinstance(value, np.ndarray):
            raise TypeError(f"{p.name} must be a field or an array, not {type(value).__name__}")
        if value.dtype != dtype:
            raise TypeError(f"{p.name} must be {dtype.name}, not {value.dtype.name}")
        if address is not None:
            return address
        pointer, readonly = value.__array_interface__["data"]
        if readonly and not p.constant:
            raise TypeError(f"{p.name} is written but read-only")
        return pointer

    return convert
