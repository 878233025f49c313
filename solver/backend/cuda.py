"""CUDA: the same kernel texts through CuPy and NVRTC, one GPU a rank."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from levitas.solver.backend.base import Backend, Staging, local
from levitas.solver.backend.kernel import BoxLike, Kernel, number
from levitas.solver.errors import ResourceError

#: Contraction off: hot sums write FMA themselves, so a GPU gives the bits of a CPU. (CuPy adds
#: -ftz=true; division and square root are IEEE by default.)
OPTIONS = ("-std=c++17", "--fmad=false")
THREADS = 256  # of a block
BOX = np.dtype([(name, np.int32) for name in ("x0", "x1", "y0", "y1", "z0", "z1")])


def is_available() -> bool:
    """Whether CuPy is installed and finds a GPU."""
    try:
        import cupy
    except ImportError:
        return False
    return bool(cupy.is_available())


def _block(sizes: list[int]) -> tuple[int, int, int]:
    """Threads along x, y, z: powers of two, up to 64 in x, that do not reach far beyond the box."""
    block, left = [], THREADS
    for size, most in zip(sizes, (64, THREADS, 64), strict=True):
        block.append(min(most, left, 1 << (size - 1).bit_length()))
        left //= block[-1]
    return tuple(block)


class PinnedStaging(Staging):
    """GPU memory and its twin in page-locked host memory; copies are queued on the stream."""

    def __init__(self, array: Any, host: np.ndarray) -> None:
        self.array, self.host = array, host

    def download(self) -> None:
        self.array.get(out=self.host, blocking=False)

    def upload(self) -> None:
        self.array.set(self.host)


class CudaBackend(Backend):
    """CuPy memory and kernels built by NVRTC, on the GPU of this rank."""

    name, threads = "cuda", 1

    def __init__(self, precision: str = "float32") -> None:
        super().__init__(precision)
        if not is_available():
            raise ResourceError(
                "no GPU: install the extra levitas[cuda12] or [cuda13], see nvidia-smi, "
                "or choose --backend cpu"
            )
        import cupy

        self.xp = cupy
        self.device = local("rank", 0) % cupy.cuda.runtime.getDeviceCount()
        cupy.cuda.Device(self.device).use()

    def _build(self, stem, text, name, parameters):
        function = self._module(text).get_function(name)
        place = [p.kind for p in parameters[name]].index("box")

        def prepare(box: BoxLike, values: list) -> Callable[[], None]:
            sizes = [box[2 * n + 1] - box[2 * n] for n in range(3)]
            block = _block(sizes)
            grid = tuple(-(-size // b) for size, b in zip(sizes, block, strict=True))
            bounds = np.array(tuple(box), BOX)[()]
            return partial(function, grid, block, (*values[:place], bounds, *values[place:]))

        return Kernel(name, parameters[name], self._converter, prepare)

    def _module(self, text: str) -> Any:
        return self.xp.RawModule(code=text, options=OPTIONS)

    def _converter(self, p):
        return self._array(p) if p.kind == "pointer" else number(p)

    def _array(self, p):
        dtype = np.dtype(p.dtype)

        def convert(value: Any) -> Any:
            array = getattr(value, "own", value)
            if not isinstance(array, self.xp.ndarray):
                raise TypeError(f"{p.name} must be a field or GPU array, not {type(value)}")
            if array.dtype != dtype:
                raise TypeError(f"{p.name} must be {dtype.name}, not {array.dtype.name}")
            return array

        return convert

    def zeros(self, shape, dtype=None):
        try:
            return self.xp.zeros(shape, dtype or self.real)  # CuPy aligns to 512 bytes
        except self.xp.cuda.memory.OutOfMemoryError as error:
            raise ResourceError(f"the GPU's memory is full: {error}") from error

    def address(self, array):
        return array.data.ptr

    def to_host(self, array):
        return self.xp.asnumpy(array)

    def staging(self, size, dtype=None):
        array = self.zeros((size,), dtype)
        memory = self.xp.cuda.alloc_pinned_memory(array.nbytes)
        return PinnedStaging(array, np.frombuffer(memory, array.dtype, size))

    def wait(self):
        self.xp.cuda.get_current_stream().synchronize()
