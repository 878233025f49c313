"""Where arrays live and kernels run: `make_backend` gives the CPU or a GPU behind one surface."""

from levitas.solver.backend.base import Backend
from levitas.solver.backend.cpu import CpuBackend
from levitas.solver.errors import UsageError


def make_backend(
    name: str = "auto", precision: str = "float32", threads: int | None = None
) -> "Backend":
    """The backend called "cpu" or "cuda"; "auto" takes a GPU where CuPy finds one.

    `precision` is "float32" or "float64"; `threads` (CPU only) defaults to this rank's share of
    the CPUs. UsageError for other names, ResourceError if there is no GPU or no compiler.
    """
    if precision not in ("float32", "float64"):
        raise UsageError(f"precision {precision!r}: choose float32 or float64")
    if name not in ("auto", "cpu", "cuda"):
        raise UsageError(f"backend {name!r}: choose auto, cpu or cuda")
    if threads is not None and threads < 1:
        raise UsageError(f"{threads} threads: at least one is needed")
    if name == "cpu":
        return CpuBackend(precision, threads)
    from levitas.solver.backend import cuda

    if name == "cuda" or cuda.is_available():
        return cuda.CudaBackend(precision)
    return CpuBackend(precision, threads)
