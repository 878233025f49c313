"""What the faces of the box impose on a scalar (docs/physics.md, section 3)."""

import numpy as np

from levitas.solver.geometry.distance import Points
from levitas.solver.geometry.faces import by_face
from levitas.solver.grid.grid import AXES, FIRST_OBSTACLE
from levitas.solver.grid.launches import Launches

SCALAR_FACE_KINDS = ("FIXED", "FLUX", "CONVECTION", "RADIATION", "INFLOW")
#: Defines of kernels/scalar.cu.
DEFINES = {"FIRST_OBSTACLE": FIRST_OBSTACLE} | {kind: n for n, kind in enumerate(SCALAR_FACE_KINDS)}
_AXES = ((1, 1, -1), (1, -1, 1), (-1, 1, 1))  # shapes of positions along x, y, z


class ScalarFaces:
    """Halo cells of an AdvectedScalar at faces of the box that impose something.

    `rules` is {face: (one of SCALAR_FACE_KINDS, value, factor, reference)}: value a
    FieldExpression, factor in lattice units, reference what the field leaves out of T.
    """

    def __init__(self, scalar, rules: dict):
        self.scalar, self.block, self.sim = scalar, scalar.block, scalar.sim
        self._rules = {face: rule for face, rule in rules.items() if self.block.at_edge(face)}
        self._tables = {f: self._values(f, self.sim.time) for f in self._rules}
        fields = (scalar.field, *scalar._phi)
        self._calls = Launches(fields, self._prepare)

    @staticmethod
    def imposed(case, rule) -> dict:
        """{face: rule(its boundary)} of the faces of a case for which it is not None."""
        given = by_face(case.model.boundary, case.is_2d)
        made = {face: rule(boundary) for face, boundary in given.items()}
        return {face: found for face, found in made.items() if found is not None}

    def __call__(self) -> None:
        """Fill the halos from the cells beside them."""
        if self._rules:
            self._calls()

    def advance(self, time: float) -> None:
        """Impose from now on what holds at this time (s)."""
        for face, (_, value, *_) in self._rules.items():
            if value.changes:
                self._tables[face][...] = self._values(face, time)

    def _extents(self, axis: int) -> list[tuple[int, int, int]]:
        """(first, end, elements apart) of both directions along a face across `axis`."""
        apart = (1, self.block.pitch, self.block.plane)
        flat = self.block.plane == 0
        return [
            (0, n, 0) if flat and m == 2 else (-1, n + 1, apart[m])
            for m, n in enumerate(self.block.shape)
            if m != axis
        ]

    def _values(self, face: str, time: float):
        """One value a cell of the face at a time, halo edges included, on the backend."""
        axis = AXES.index(face[0])
        first = [
            np.arange(-1, n + 1) + s + 0.5 if self.block.plane or m < 2 else np.array([0.5])
            for m, (n, s) in enumerate(zip(self.block.shape, self.block.start, strict=True))
        ]
        first[axis] = np.array([0.0 if face[1] == "-" else float(self.sim.grid.cells[axis])])
        shape = tuple(len(f) for f in first[::-1])
        points = Points(self.sim.case, *(f.reshape(s) for f, s in zip(first, _AXES, strict=True)))
        value = self._rules[face][1](points, time)
        return self.sim.backend.upload(np.broadcast_to(value, shape))

    def _prepare(self) -> list:
        calls, kernel = [], self.sim.backend.kernel
        scalar, block = self.scalar, self.block
        two_phase = scalar.interface is not None
        common = {"walls": self.sim.obstacles.ids, "solids": scalar.table, "t": scalar.field}
        common |= {"phi": scalar.interface.phi} if two_phase else {}
        for name in ("k_gas", "k_jump"):
            common[name] = scalar.numbers[name]
        for face, (kind, _, factor, reference) in self._rules.items():
            axis = AXES.index(face[0])
            step = (1, block.pitch, block.plane)[axis]
            (i0, i1, along_i), (j0, j1, along_j) = self._extents(axis)
            call = kernel(
                "scalar.cu",
                "scalar_face",
                TWO_PHASE=int(two_phase),
                WALLS=int(bool(self.sim.obstacles.near)),
                **DEFINES,
                **block.defines,
            )
            calls.append(
                call.bind(
                    (i0, i1, j0, j1, 0, 1),
                    kind=SCALAR_FACE_KINDS.index(kind),
                    values=self._tables[face],
                    base=0 if face[1] == "-" else (block.shape[axis] - 1) * step,
                    out=-step if face[1] == "-" else step,
                    along_i=along_i,
                    along_j=along_j,
                    row=i1 - i0,
                    factor=factor * scalar.share,
                    reference=reference,
                    **common,
                )
            )
        return calls
