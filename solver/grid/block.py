"""The part of the grid that one rank owns."""

import numpy as np

from levitas.solver.errors import UsageError
from levitas.solver.grid import halo, reductions
from levitas.solver.grid.comm import Comm
from levitas.solver.grid.grid import ALIGNMENT, AXES, FACES, Box, Grid, peel


def choose_split(cells: tuple[int, int, int], ranks: int) -> tuple[int, int, int]:
    """The (px, py, pz) with the least cut surface; cuts across z are preferred, then y.

    Raises UsageError when some rank would get fewer than 2 cells along a cut.
    """
    best = None
    for px in range(1, ranks + 1):
        for py in range(1, ranks // px + 1):
            pz = ranks // (px * py)
            split = (px, py, pz)
            if px * py * pz != ranks or not _fits(cells, split):
                continue
            nx, ny, nz = cells
            # A cut across x is strided in memory and so costs a little more than its cells.
            cut = 1.5 * (px - 1) * ny * nz + (py - 1) * nx * nz + (pz - 1) * nx * ny
            best = min(best or (cut, px, py, pz), (cut, px, py, pz))
    if best is None:
        raise UsageError(
            f"{ranks} ranks are too many for {cells[0]} x {cells[1]} x {cells[2]} cells: "
            "no split leaves every rank at least 2 cells along each cut; start fewer ranks"
        )
    return best[1:]


def _fits(cells, split) -> bool:
    return all(p == 1 or n >= 2 * p for n, p in zip(cells, split, strict=True))


class Block:
    """This rank's part of the grid: sizes, boxes, memory layout, halo exchange and sums.

    shape, start   own cells and global index of the first of them, (x, y, z)
    own            all own cells; core and shell (a list) are its inside and its outermost layer
    near_walls     boxes of the own cells that touch a wall, off_walls the box of all others
    pitch, plane, volume    elements between rows, planes (0 when nz = 1) and components of a field
    defines        these three as the defines of a kernel, the rules of halos, and, where the block
                   closes on itself along x, WRAP: nx

    `depth` is the number of halo layers that fields may have: 2 where a scalar is carried.
    `split` fixes the number of ranks along each axis; without it the cut surface is smallest.
    Raises UsageError when the split does not fit the number of ranks or of cells.
    """

    slab_bytes = 1 << 24  # of one message of a gather

    def __init__(
        self,
        grid: Grid,
        backend,
        comm: Comm,
        split: tuple[int, int, int] | None = None,
        depth: int = 1,
    ):
        self.grid, self.backend, self.comm, self.depth = grid, backend, comm, depth
        self.split = tuple(split) if split else choose_split(grid.cells, comm.size)
        if int(np.prod(self.split)) != comm.size or not _fits(grid.cells, self.split):
            raise UsageError(
                f"split {self.split} does not fit {comm.size} ranks and {grid.cells} cells: its "
                "product must be the number of ranks, with 2 cells or more a rank along each cut"
            )
        self.position = self._position(comm.rank)
        self.start, self.shape = self.part(comm.rank)
        self._lay_out()
        nx, ny, nz = self.shape
        self.own = Box(0, nx, 0, ny, 0, nz)
        axes = AXES[: grid.dimensions]
        self.shell, self.core = peel(self.own, [f for f in FACES if f[0] in axes])
        walls = [f for f in FACES if self.at_edge(f) and grid.faces[f] == "wall"]
        self.near_walls, self.off_walls = peel(self.own, walls)
        self._exchange = halo.HaloExchange(self)

    def _lay_out(self):
        nx, ny, nz = self.shape
        unit = ALIGNMENT // np.dtype(self.backend.real).itemsize
        both = 2 * self.depth
        self.pitch = -(-(nx + both) // unit) * unit
        self.plane = self.pitch * (ny + both) if nz > 1 or self.grid.dimensions == 3 else 0
        self.volume = self.plane * (nz + both) or self.pitch * (ny + both)
        self.defines = {"PITCH": self.pitch, "PLANE": self.plane, "VOLUME": self.volume}
        self.defines |= halo.RULES
        if self.grid.periodic(0) and self.split[0] == 1:
            self.defines["WRAP"] = nx

    def _position(self, rank: int) -> tuple[int, int, int]:
        px, py, _ = self.split
        return rank % px, rank // px % py, rank // (px * py)

    def part(self, rank: int) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
        """(start, shape) of the own cells of any rank."""
        at, cells = self._position(rank), self.grid.cells
        low = [i * n // p for i, n, p in zip(at, cells, self.split, strict=True)]
        high = [(i + 1) * n // p for i, n, p in zip(at, cells, self.split, strict=True)]
        return tuple(low), tuple(b - a for a, b in zip(low, high, strict=True))

    def at_edge(self, face: str) -> bool:
        """Whether this block touches that face of the grid."""
        axis = AXES.index(face[0])
        return self.position[axis] == (0 if face[1] == "-" else self.split[axis] - 1)

    def neighbour(self, face: str) -> int | None:
        """The rank beyond a face (perhaps this one), None at a wall or symmetry face."""
        axis = AXES.index(face[0])
        if self.at_edge(face) and not self.grid.periodic(axis):
            return None
        at = list(self.position)
        at[axis] = (at[axis] + (-1 if face[1] == "-" else 1)) % self.split[axis]
        px, py, _ = self.split
        return at[0] + px * (at[1] + py * at[2])

    def centres(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Centres of the own cells in cells from the grid's corner, as three broadcastable arrays.

        Shapes (1, 1, nx), (1, ny, 1), (nz, 1, 1), float64, on the host.
        """
        x, y, z = (np.arange(s, s + n) + 0.5 for s, n in zip(self.start, self.shape, strict=True))
        return x[None, None, :], y[None, :, None], z[:, None, None]

    def exchange(self, *fields, x_done: bool = False) -> None:
        """Fill the halos of `fields` from neighbours and faces; see levitas.solver.grid.halo.

        With `x_done` the kernels that wrote the fields also wrote the x halos that need no other
        rank (`x_halo`), and only the rest is filled.
        """
        self._exchange(fields, x_done)

    def x_halo(self, *fields) -> dict:
        """Arguments x_halo_rules, x_halo_shifts of a kernel that writes x halos: x_halo.h."""
        return self._exchange.x_halo(fields)

    def sum(self, array, scale: float = 1.0) -> float:
        """Sum over all ranks, the same bits for any number of them; see reductions."""
        return reductions.exact_sum(self.backend, self.comm, array, scale)

    def max(self, array) -> float:
        """Largest value over all ranks; NaN if any value is."""
        return reductions.largest(self.backend, self.comm, array)

    def gather(self, values) -> np.ndarray | None:
        """The global array of a Field, or of an array of own cells (c, nz, ny, nx) or (nz, ny, nx).

        On the host of rank 0, None elsewhere. Parts travel some planes at a time.
        """
        mine = self.backend.to_host(getattr(values, "own", values))
        if self.comm.size == 1:
            return np.array(mine)
        if self.comm.rank:
            for slab in self._slabs(self.comm.rank, mine):
                self.comm.send(np.ascontiguousarray(slab), 0)
            return None
        whole = np.empty(mine.shape[:-3] + self.grid.cells[::-1], mine.dtype)
        for rank in range(self.comm.size):
            (x, y, z), (nx, ny, nz) = self.part(rank)
            there = whole[..., z : z + nz, y : y + ny, x : x + nx]
            if rank == 0:
                there[...] = mine
                continue
            for slab in self._slabs(rank, there):
                packet = np.empty(slab.shape, slab.dtype)
                self.comm.recv(packet, rank)
                slab[...] = packet
        return whole

    def _slabs(self, rank: int, array: np.ndarray):
        """Views of some planes each: both ends of a gather cut alike."""
        nx, ny, nz = self.part(rank)[1]
        plane = array.dtype.itemsize * nx * ny * (array.shape[0] if array.ndim == 4 else 1)
        step = max(1, self.slab_bytes // plane)
        return (array[..., z : z + step, :, :] for z in range(0, nz, step))
