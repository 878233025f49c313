"""Where things are: boxes of cells, the global grid, and the part of it that one rank owns."""

from dataclasses import dataclass, field
from typing import NamedTuple

from levitas.solver.errors import CaseError

AXES = "xyz"
FACES = ("x-", "x+", "y-", "y+", "z-", "z+")
FIRST_OBSTACLE = len(FACES) + 1  # id of the first solid shape; 0 is fluid, 1 .. 6 a wall at a face
FACE_KINDS = ("periodic", "wall", "symmetry", "inflow", "outflow")  # of faces
MIRRORS = ("wall", "symmetry")  # kinds beyond which fields are mirrored, unless they say otherwise
ALIGNMENT = 32  # bytes: the own cells of a row start on a multiple of it


class Box(NamedTuple):
    """Cells x0 <= x < x1 and so on, counted from a block's first own cell."""

    x0: int
    x1: int
    y0: int
    y1: int
    z0: int
    z1: int

    @property
    def shape(self) -> tuple[int, int, int]:
        """Cells along (x, y, z), none negative."""
        return tuple(max(0, self[2 * n + 1] - self[2 * n]) for n in range(3))

    @property
    def cells(self) -> int:
        """Number of cells."""
        nx, ny, nz = self.shape
        return nx * ny * nz


def peel(box: Box, faces) -> tuple[list[Box], Box]:
    """Cut a layer one cell thick off each of `faces`: (the layers, disjoint; what is left).

    z first, so that the layers that come last, along x, are the smallest. What is left may be
    empty.
    """
    layers, rest = [], list(box)
    for face in sorted(faces, key=lambda f: -AXES.index(f[0])):
        low = 2 * AXES.index(face[0])
        if rest[low] >= rest[low + 1]:
            continue
        layer = list(rest)
        if face[1] == "-":
            layer[low + 1] = rest[low] = rest[low] + 1
        else:
            layer[low] = rest[low + 1] = rest[low + 1] - 1
        if Box(*layer).cells:
            layers.append(Box(*layer))
    return layers, Box(*rest)


def carve(box: Box, inner: Box) -> tuple[Box, list[Box]]:
    """(the part of `inner` in the box, disjoint boxes of all the rest); any may be empty."""
    rest, around = list(box), []
    for low in (4, 2, 0):  # z first: rows stay whole
        first, last = (min(max(n, rest[low]), rest[low + 1]) for n in inner[low : low + 2])
        for a, b in ((rest[low], first), (last, rest[low + 1])):
            around.append(Box(*rest[:low], a, b, *rest[low + 2 :]))
        rest[low : low + 2] = first, max(first, last)
    return Box(*rest), [b for b in around if b.cells > 0]


@dataclass(frozen=True)
class Grid:
    """The whole domain: cells (nx, ny, nz), one spacing, the corner's position, kinds of faces.

    `spacing` and `origin` are in metres (or cells for a case in lattice units); `origin` is the
    position of the corner of cell (0, 0, 0). `faces` maps "x-" .. "z+" to "periodic", "wall" or
    "symmetry"; faces left out are periodic. nz = 1 is a 2-D run, periodic in z.

    Raises CaseError for a grid or a set of faces that cannot be.
    """

    cells: tuple[int, int, int]
    spacing: float = 1.0
    origin: tuple[float, float, float] = (0.0, 0.0, 0.0)
    faces: dict[str, str] = field(default_factory=dict)

    def __post_init__(self):
        object.__setattr__(self, "cells", tuple(int(n) for n in self.cells))
        object.__setattr__(self, "faces", {f: "periodic" for f in FACES} | dict(self.faces))
        faults = []
        if len(self.cells) != 3 or min(self.cells) < 1:
            faults.append(f"grid: cells must be three positive numbers, not {self.cells}")
        for face, kind in self.faces.items():
            if face not in FACES:
                faults.append(f"boundary: unknown face {face!r}; faces are {', '.join(FACES)}")
            elif kind not in FACE_KINDS:
                faults.append(
                    f"boundary {face}: unknown kind {kind!r}; use {', '.join(FACE_KINDS)}"
                )
        for axis in AXES:
            pair = [self.faces[axis + side] for side in "-+"]
            if pair.count("periodic") == 1:
                faults.append(f"boundary: {axis}- and {axis}+ must both be periodic or neither")
        if self.cells[2] == 1 and self.faces["z-"] != "periodic":
            faults.append("boundary: a 2-D grid (nz = 1) is periodic in z")
        if faults:
            raise CaseError("\n".join(faults))

    @property
    def dimensions(self) -> int:
        """2 or 3."""
        return 2 if self.cells[2] == 1 else 3

    def periodic(self, axis: int) -> bool:
        """Whether the grid closes on itself along axis 0, 1 or 2."""
        return self.faces[AXES[axis] + "-"] == "periodic"
