"""Run by test_mpi.py under mpiexec: `python mpi_worker.py TASK [ARGUMENT ...]`."""

import json
import sys
import time

import numpy as np

from levitas.solver.backend.base import Staging
from levitas.solver.backend.cpu import CpuBackend
from levitas.solver.errors import CaseError, LevitasError
from levitas.solver.grid.block import Block
from levitas.solver.grid.comm import Serial, guard, world
from levitas.solver.grid.field import Field
from levitas.solver.grid.grid import AXES, Grid

PARITY = ("", "x", "y", "z", "", "", "", "xy", "xz", "yz")
SPEED = {"y-": (0.5, 0.0, -0.25), "x+": (0.0, 0.125, 0.0)}
KINDS = {"p": "periodic", "w": "wall", "s": "symmetry"}


class Apart(Staging):
    """A twin in other memory, as beside a GPU."""

    def __init__(self, array):
        self.array, self.host = array, np.empty_like(array)
        self.host.view(np.uint8)[...] = 255  # NaN, whatever is read from it

    def download(self):
        self.host[...] = self.array

    def upload(self):
        self.array[...] = self.host


class ApartBackend(CpuBackend):
    """A CPU that stages its messages as a GPU does."""

    def staging(self, size, dtype=None):
        return Apart(self.zeros(size, dtype))


def fields(block):
    """A scalar, a velocity and moments."""
    backend = block.backend
    return [
        Field("p", block, backend),
        Field("u", block, backend, 3, parity=tuple(AXES), wall="reverse", wall_velocity=SPEED),
        Field("m", block, backend, 10, parity=PARITY, wall="leave"),
        Field("T", block, backend, depth=2),
        Field("grain", block, backend, dtype=np.uint16, depth=2),
        Field("turns", block, backend, 3, parity=tuple(AXES), dtype=np.int32),
    ]


def values(field, random):
    """Own cells made up: normal, or whole numbers as large as the type holds."""
    if field.dtype.kind == "f":
        return random.standard_normal(field.own.shape)
    info = np.iinfo(field.dtype)
    return random.integers(info.min + 1, info.max, field.own.shape, endpoint=True)


def reached(field):
    """Cells of `data` that an exchange fills: a second layer has no edges or corners."""
    far = np.zeros(field.data.shape[1:], int)
    out = np.zeros(field.data.shape[1:], int)
    for n in range(field.block.grid.dimensions):
        place = np.abs(np.arange(far.shape[2 - n]) - (far.shape[2 - n] - 1) / 2)
        layer = np.maximum(place - (field.block.shape[n] - 1) / 2, 0).round().astype(int)
        shape = [-1 if m == n else 1 for m in (2, 1, 0)]
        far += (layer > 1).reshape(shape)
        out += (layer > 0).reshape(shape)
    return (far == 0) | (out == 1)


def compare(comm, cells, kinds, split, precision, apart):
    """Halos, sums, maxima and gathers of this split against those of one rank, bit for bit."""
    backend = (ApartBackend if apart else CpuBackend)(precision, 1)
    faces = {a + "-+"[n]: KINDS[kinds[AXES.index(a)][n]] for a in AXES for n in (0, 1)}
    grid = Grid(tuple(cells), faces=faces)
    whole = Block(grid, backend, Serial(), depth=2)
    part = Block(grid, backend, comm, split, depth=2)
    (x, y, z), (nx, ny, nz) = part.start, part.shape
    random = np.random.default_rng(7)
    pairs = list(zip(fields(whole), fields(part), strict=True))
    for step in range(2):
        for one, mine in pairs:
            one.own[...] = values(one, random)
            mine.own[...] = one.own[:, z : z + nz, y : y + ny, x : x + nx]
        whole.exchange(*(one for one, _ in pairs))
        part.exchange(*(mine for _, mine in pairs))
        for one, mine in pairs:
            wide, deep = 2 * one.depth, 2 * one.depth if part.plane else 0
            there = one.data[:, z : z + nz + deep, y : y + ny + wide, x : x + nx + wide]
            filled = reached(mine)
            assert np.array_equal(mine.data[:, filled], there[:, filled]), (mine.name, step)
            if one.dtype.kind == "f":  # sums are of values up to 2^10
                assert part.sum(mine.own).hex() == whole.sum(one.own).hex()
            assert part.max(mine.own) == whole.max(one.own)
            gathered = part.gather(mine), part.gather(mine.own[0])
            if comm.rank:
                assert gathered == (None, None)
            else:
                assert np.array_equal(gathered[0], one.own)
                assert np.array_equal(gathered[1], one.own[0])


def gather_slabs(comm):
    """A gather in many pieces."""
    Block.slab_bytes = 1000
    compare(comm, (11, 7, 10), ("pp", "pp", "pp"), None, "float64", False)


def reductions(comm):
    """Objects and integers from all ranks."""
    assert comm.allreduce([comm.rank, 1 << 60]).tolist() == [
        sum(range(comm.size)),
        (comm.size << 60) % (1 << 64) - (1 << 64 if (comm.size << 60) >> 63 else 0),
    ]
    assert comm.allreduce([0.5 * comm.rank], "max")[0] == 0.5 * (comm.size - 1)
    assert comm.bcast({"a": comm.rank}, 1) == {"a": 1}
    assert comm.gather(comm.rank) == (None if comm.rank else list(range(comm.size)))
    comm.barrier()


def bad_sum(comm):
    """A NaN on one rank is an error on all."""
    block = Block(Grid((4, 4, 8)), CpuBackend("float32", 1), comm)
    values = np.ones(block.shape)
    values[0, 0, 0] = np.nan if comm.rank == 1 else 1
    try:
        block.sum(values)
    except FloatingPointError as error:
        assert str(error).startswith("sum: 1 values")
    else:
        raise AssertionError("no error")
    assert np.isnan(block.max(values))


def alone(comm):
    """One rank fails while the others wait for it."""
    if comm.rank == 1:
        raise CaseError("only here")
    comm.barrier()


def alike(comm):
    """All ranks meet the same error."""
    raise CaseError("on all ranks")


def main():
    task, comm = sys.argv[1], world()
    if task == "unguarded":
        if comm.rank == 1:
            raise ValueError("nobody catches this")
        time.sleep(60)
    try:
        with guard(comm):
            if task == "compare":
                for arguments in json.loads(sys.argv[2]):
                    compare(comm, *arguments)
            else:
                globals()[task](comm)
    except LevitasError as error:  # as the command line does
        print(f"message: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    if comm.rank == 0:
        print(f"{task} done on {comm.size}")


if __name__ == "__main__":
    main()
