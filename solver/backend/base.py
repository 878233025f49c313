"""The surface that every backend has: arrays and kernels of one precision."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from levitas.solver.backend import source as kernel_text
from levitas.solver.backend.kernel import Kernel


def local(what: str, default: int) -> int:
    """This rank's "rank" or the "size" among the ranks of its machine, told by the launcher."""
    names = {
        "rank": "MPI_LOCALRANKID OMPI_COMM_WORLD_LOCAL_RANK PALS_LOCAL_RANKID SLURM_LOCALID",
        "size": "MPI_LOCALNRANKS OMPI_COMM_WORLD_LOCAL_SIZE PALS_LOCAL_SIZE SLURM_NTASKS_PER_NODE",
    }
    for name in names[what].split():
        if os.environ.get(name, "").isdigit():
            return int(os.environ[name])
    return default


def usable_cores() -> int:
    """Cores of this machine that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # macOS


def own_cores() -> int:
    """Cores for this rank: those that may be used, shared among the ranks of its machine."""
    return max(1, usable_cores() // max(1, local("size", 1)))


class Staging:
    """A buffer for kernels (`array`) and its twin for MPI (`host`): one memory on a CPU."""

    def __init__(self, array: Any) -> None:
        self.array = self.host = array

    def download(self) -> None:
        """Queue the copy to the host; it is complete after `Backend.wait`."""

    def upload(self) -> None:
        """Queue the copy from the host, before any kernel launched later."""


class Backend:
    """Arrays and kernels in one precision; the only place that knows which machine it is."""

    name: str
    xp: Any  #: numpy or cupy
    threads: int

    def __init__(self, precision: str) -> None:
        self.real = np.dtype(precision)
        self.precision = 8 * self.real.itemsize
        self._kernels: dict[tuple, Kernel] = {}

    def kernel(self, file: str | Path, name: str, **defines: Any) -> Kernel:
        """The kernel `name` of `kernels/<file>` under the given defines.

        It may still be compiling beside others: its first use waits for it.
        """
        key = (str(file), name, *sorted(defines.items()))
        if key not in self._kernels:
            text = kernel_text.specialised(file, self.precision, defines)
            parameters = kernel_text.signatures(kernel_text.any_size(text)[0], self.precision)
            if name not in parameters:
                raise KeyError(f"{file} defines no kernel {name} under {defines}")
            self._kernels[key] = self._build(Path(file).stem, text, name, parameters)
        return self._kernels[key]

    def _build(
        self, stem: str, text: str, name: str, parameters: dict[str, list[kernel_text.Parameter]]
    ) -> Kernel:
        raise NotImplementedError

    def compiled(self, report: Callable[[int, int], None] | None = None) -> None:
        """Return when all kernels asked for are compiled; `report(done, of)` after each of them.

        Errors of the compiler come from here, or from the first use of the kernel.
        """

    def zeros(self, shape: int | tuple[int, ...], dtype: Any = None) -> Any:
        """An array of zeros (dtype: the backend's real), its first element on a 64-byte line."""
        raise NotImplementedError

    def address(self, array: Any) -> int:
        """The address of the array's first element, in bytes."""
        raise NotImplementedError

    def to_host(self, array: Any) -> np.ndarray:
        """The array as a NumPy array: itself on a CPU, a copy from a GPU."""
        raise NotImplementedError

    def staging(self, size: int, dtype: Any = None) -> "Staging":
        """A buffer of `size` values (dtype: its real) that kernels and MPI can both reach."""
        raise NotImplementedError

    def upload(self, values: Any, dtype: Any = None) -> Any:
        """A contiguous array of the backend (dtype: its real) with the values of a host array."""
        return self.xp.asarray(np.ascontiguousarray(values, dtype or self.real))

    def wait(self) -> None:
        """Return when all launched kernels are done."""
        raise NotImplementedError
