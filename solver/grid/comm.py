"""Ranks: MPI through mpi4py where a launcher started several, a serial stand-in elsewhere.

Importing this module starts nothing: `world()` does. Every error that one rank alone meets must end
all of them, else the others wait for it for ever: see `guard`.
"""

import os
import sys
import time
from contextlib import contextmanager
from functools import cache
from typing import Protocol

import numpy as np

from levitas.solver.errors import LevitasError, UsageError

# What launchers tell their processes, the innermost launcher first.
_SIZES = (
    "PMI_SIZE",
    "OMPI_COMM_WORLD_SIZE",
    "MV2_COMM_WORLD_SIZE",
    "PALS_SIZE",
    "SLURM_STEP_NUM_TASKS",
    "SLURM_NTASKS",
)
_RANKS = ("PMI_RANK", "PMIX_RANK", "OMPI_COMM_WORLD_RANK", "PALS_RANKID")
_PATIENCE = 2.0  # seconds that a failing rank waits for the others to fail in the same way
_LAST_WORDS = 0.3  # seconds a launcher has to pass on what was printed, before it ends all ranks


class Comm(Protocol):
    """What the program asks of its ranks. Buffers are contiguous host arrays."""

    rank: int
    size: int

    def allreduce(self, values, op: str = "sum") -> np.ndarray: ...
    def bcast(self, value, root: int = 0): ...
    def gather(self, value, root: int = 0) -> list | None: ...
    def barrier(self) -> None: ...
    def send(self, buffer: np.ndarray, to: int, tag: int = 0) -> None: ...
    def recv(self, buffer: np.ndarray, source: int, tag: int = 0) -> None: ...
    def channel(self, sends: list, receives: list): ...
    def fail_together(self, code: int) -> bool: ...
    def unhook(self) -> None: ...
    def abort(self, code: int) -> None: ...


def _exact(values, op: str) -> np.ndarray:
    array = np.atleast_1d(np.asarray(values))
    if op not in ("sum", "max"):
        raise ValueError(f"allreduce: op must be sum or max, not {op!r}")
    if array.dtype.kind in "bi":
        return array.astype(np.int64)
    if op == "sum":
        raise TypeError("allreduce sums int64 only: sums of floats depend on the order of ranks")
    return array.astype(np.float64)


class Serial:
    """One process, no MPI."""

    rank, size = 0, 1

    def allreduce(self, values, op: str = "sum") -> np.ndarray:
        """int64 sums, or int64 or float64 maxima, over the ranks; an array of at least 1-D."""
        return _exact(values, op)

    def bcast(self, value, root: int = 0):
        """The root's value (any picklable one)."""
        return value

    def gather(self, value, root: int = 0) -> list:
        """All values in rank order on the root, None elsewhere."""
        return [value]

    def barrier(self) -> None:
        """Wait for all ranks."""

    def send(self, buffer, to: int, tag: int = 0) -> None:
        """Send a contiguous array."""
        raise ValueError("send: there is only one rank")

    def recv(self, buffer, source: int, tag: int = 0) -> None:
        """Receive into a contiguous array."""
        raise ValueError("recv: there is only one rank")

    def channel(self, sends: list, receives: list):
        """A reusable set of messages, each (buffer, rank, tag): `.start()`, `.wait()`."""
        raise ValueError("channel: there is only one rank")

    def fail_together(self, code: int) -> bool:
        """Whether all ranks fail with this code."""
        return True

    def unhook(self) -> None:
        """Let an exception end this rank alone."""

    def abort(self, code: int) -> None:
        """End all ranks at once."""
        sys.exit(code)


class _Channel:
    """Persistent requests: the cheapest way to send the same buffers again and again."""

    def __init__(self, mpi, comm, sends, receives):
        self._start_all, self._wait_all = mpi.Prequest.Startall, mpi.Request.Waitall
        self._requests = [comm.Recv_init(b, r, t) for b, r, t in receives]
        self._requests += [comm.Send_init(b, r, t) for b, r, t in sends]

    def start(self):
        self._start_all(self._requests)

    def wait(self):
        self._wait_all(self._requests)


class Mpi:
    """All ranks of MPI_COMM_WORLD; the methods are those of `Serial`."""

    def __init__(self):
        from mpi4py import MPI

        self._mpi = MPI
        self._world = MPI.COMM_WORLD.Dup()
        self._faults = MPI.COMM_WORLD.Dup()  # failing ranks meet here, away from other messages
        self.rank, self.size = self._world.rank, self._world.size
        self._ops = {"sum": MPI.SUM, "max": MPI.MAX}
        if self.size > 1:
            self._hook()

    def _hook(self):
        """An exception that nobody catches ends all ranks, as `python -m mpi4py` has it."""
        before = sys.excepthook

        def hook(kind, error, trace):
            before(kind, error, trace)
            self.abort(1)

        self._before, sys.excepthook = before, hook

    def unhook(self) -> None:
        """Let an exception end this rank alone: no other waits for it."""
        if self.size > 1:
            sys.excepthook = self._before

    def allreduce(self, values, op: str = "sum") -> np.ndarray:
        mine = _exact(values, op)
        result = np.empty_like(mine)
        self._world.Allreduce(mine, result, self._ops[op])
        return result

    def bcast(self, value, root: int = 0):
        return self._world.bcast(value, root)

    def gather(self, value, root: int = 0) -> list | None:
        return self._world.gather(value, root)

    def barrier(self) -> None:
        self._world.Barrier()

    def send(self, buffer, to: int, tag: int = 0) -> None:
        self._world.Send(buffer, to, tag)

    def recv(self, buffer, source: int, tag: int = 0) -> None:
        self._world.Recv(buffer, source, tag)

    def channel(self, sends: list, receives: list) -> _Channel:
        return _Channel(self._mpi, self._world, sends, receives)

    def fail_together(self, code: int) -> bool:
        codes = np.empty(self.size, np.int64)
        request = self._faults.Iallgather(np.array([code]), codes)
        end = time.monotonic() + _PATIENCE
        while not request.Test():
            if time.monotonic() > end:
                return False
            time.sleep(0.01)
        return bool((codes == code).all())

    def abort(self, code: int) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        time.sleep(_LAST_WORDS)
        self._mpi.COMM_WORLD.Abort(code)
        os._exit(code)  # Abort may return before the launcher's signal comes


def expected_size(environment=os.environ) -> int | None:
    """The number of tasks that the launcher says it started, None without a launcher."""
    for name in _SIZES:
        if environment.get(name, "").isdigit():
            return int(environment[name])
    return None


def check_size(size: int, environment=os.environ) -> None:
    """Raise UsageError when a launcher started several tasks that MPI does not join."""
    expected = expected_size(environment)
    if size == 1 and expected and expected > 1:
        raise UsageError(
            f"the launcher started {expected} tasks, but each of them sees only itself: the "
            "launcher and the MPI library of mpi4py do not belong together. Start with the mpiexec "
            "of that library (the one beside python for the mpich wheel), or under Slurm with "
            "`srun --mpi=pmi2`; for a single process inside an allocation use `srun -n 1`"
        )


def _launched(environment) -> bool:
    return (expected_size(environment) or 1) > 1 or any(name in environment for name in _RANKS)


def on_first(comm, action) -> None:
    """Do something on rank 0; a LevitasError of it is raised on all ranks."""
    failed = None
    if comm.rank == 0:
        try:
            action()
        except LevitasError as error:
            failed = error
    agree(comm, failed)


def agree(comm, error: LevitasError | None) -> None:
    """Raise the first error of any rank on all of them."""
    if comm.size == 1:
        if error:
            raise error
        return
    found = comm.gather(error)
    first = next((e for e in found if e), None) if comm.rank == 0 else None
    first = comm.bcast((type(first), str(first)) if first else None)
    if first:
        raise first[0](first[1])


@cache
def world() -> Serial | Mpi:
    """The ranks of this run; MPI is started only where a launcher started this process.

    Raises UsageError where a launcher started several tasks but MPI is missing or sees one.
    """
    if not _launched(os.environ):
        return Serial()
    try:
        comm = Mpi()
    except (ImportError, RuntimeError) as error:
        if (expected_size() or 1) > 1:
            raise UsageError(
                f"started as {expected_size()} tasks, but MPI cannot be used ({error}); "
                "install it with `pip install 'levitas[mpi]'`"
            ) from error
        return Serial()
    check_size(comm.size)
    return comm


@contextmanager
def guard(comm: Comm):
    """Whatever fails inside ends all ranks, within seconds, with the error's exit code.

    When all ranks fail alike (a faulty case, a divergence), the error goes on to the caller on rank
    0 and the others exit silently with the same code. When some rank fails alone, it prints its
    message and aborts the run.
    """
    try:
        yield
    except BaseException as error:
        code = exit_code(error)
        if comm.size == 1 or code == 0:
            raise
        if comm.fail_together(code):
            comm.unhook()
            if comm.rank == 0:
                raise
            sys.stdout.flush()
            raise SystemExit(code) from None
        kind = "" if isinstance(error, LevitasError) else f"{type(error).__name__}: "
        print(f"levitas: rank {comm.rank} of {comm.size}: {kind}{error}", file=sys.stderr)
        comm.abort(code)
        raise


def exit_code(error: BaseException) -> int:
    """The exit code that stands for an exception (SystemExit and typer.Exit carry their own)."""
    code = getattr(error, "code", None) if isinstance(error, SystemExit) else None
    if isinstance(error, SystemExit):
        return 0 if code is None else code if isinstance(code, int) else 1
    return int(getattr(error, "exit_code", 1))
