"""A field: named, with a unit, on the cells of a block and a halo around them."""

import itertools

import numpy as np

from levitas.solver.grid.block import Block
from levitas.solver.grid.grid import ALIGNMENT, AXES

WALLS = ("mirror", "reverse", "leave")
_serial = itertools.count()


class Field:
    """Values on a block: `.data` (c, nz + 2, ny + 2, nx + 2) with halo, `.own` (c, nz, ny, nx).

    No halo in z when nz = 1. Rows are `block.pitch` elements apart, own cells start on multiples
    of 32 bytes, and the left halo cell of a row lies in the padding that ends the row before it.

    name, unit, about   what the values are, for files and documentation
    components, dtype   dtype defaults to the backend's real
    saved               whether the field is part of a checkpoint
    parity              one string of axis letters for each component: it changes sign under
                        mirroring along an axis that occurs in it an odd number of times
                        ("" a scalar, "x" the velocity u, "xy" the stress component xy); a single
                        string serves all components
    wall                the halo at a wall face: "mirror" copies the cell beside it, "reverse"
                        takes 2 u_wall minus it (velocity at a no-slip wall), "leave" does nothing
    wall_velocity       {face: (u, v, w)} for "reverse"; absent faces are at rest
    depth               halo layers, 1 or 2 (then `.data` is (c, nz + 4, ny + 4, nx + 4)), not more
                        than the block leaves room for; the second layer has no edges or corners
    """

    def __init__(
        self,
        name: str,
        block: Block,
        backend,
        components: int = 1,
        unit: str = "1",
        about: str = "",
        saved: bool = True,
        parity: tuple[str, ...] | str = "",
        wall: str = "mirror",
        dtype=None,
        wall_velocity: dict[str, tuple[float, float, float]] | None = None,
        depth: int = 1,
    ):
        parity = (parity,) if isinstance(parity, str) else tuple(parity)
        if len(parity) == 1:
            parity *= components
        if len(parity) != components or set("".join(parity)) - set(AXES):
            raise ValueError(f"{name}: parity needs axis letters for {components} components")
        if wall not in WALLS:
            raise ValueError(f"{name}: wall must be one of {WALLS}")
        if depth > block.depth:
            raise ValueError(f"{name}: {depth} halo layers, the block has {block.depth}")
        self.name, self.block, self.backend, self.components = name, block, backend, components
        self.unit, self.about, self.saved = unit, about, saved
        self.parity, self.wall, self.wall_velocity = parity, wall, dict(wall_velocity or {})
        self.dtype, self.depth = np.dtype(dtype or backend.real), depth
        self._serial = next(_serial)
        self._allocate()

    def _allocate(self):
        """One flat array; the element of own cell (0, 0, 0) of component 0 is at `first`."""
        block, size = self.block, self.dtype.itemsize
        unit = max(1, ALIGNMENT // size)
        # the halo rows and planes before it, and some cells
        lead = block.depth * (block.pitch + block.plane) + unit
        self.memory = self.backend.zeros((block.volume * self.components + 2 * unit,), self.dtype)
        start = self.backend.address(self.memory)
        first = lead + (-(start // size + lead)) % unit
        self._view(first)

    def _view(self, first: int):
        block, size = self.block, self.dtype.itemsize
        nx, ny, nz = block.shape
        wide, deep = self.depth, self.depth if block.plane else 0
        plane = block.plane or block.volume
        begin = first - wide * (1 + block.pitch + block.plane)
        self.data = self.backend.xp.lib.stride_tricks.as_strided(
            self.memory[begin:],
            (self.components, nz + 2 * deep, ny + 2 * wide, nx + 2 * wide),
            tuple(size * n for n in (block.volume, plane, block.pitch, 1)),
        )
        self.own = self.data[:, deep : deep + nz, wide:-wide, wide:-wide]
        self.address = self.backend.address(self.memory) + first * size
        self.token = (self._serial, self.address)

    def swap(self, other: "Field") -> None:
        """Exchange the memory of two fields alike; O(1)."""
        for name in ("memory", "data", "own", "address"):
            mine, theirs = getattr(self, name), getattr(other, name)
            setattr(self, name, theirs)
            setattr(other, name, mine)
        self.token = (self._serial, self.address)
        other.token = (other._serial, other.address)

    def centres(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Like Block.centres, for all the cells of `data`."""
        found = []
        for axis, (start, n) in enumerate(zip(self.block.start, self.block.shape, strict=True)):
            deep = (self.data.shape[3 - axis] - n) // 2
            shape = [-1 if m == axis else 1 for m in (2, 1, 0)]
            found.append((np.arange(start - deep, start + n + deep) + 0.5).reshape(shape))
        return tuple(found)

    @property
    def nbytes(self) -> int:
        """Bytes held, halo and padding included."""
        return self.memory.nbytes
