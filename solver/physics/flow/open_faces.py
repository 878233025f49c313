"""Inflow and outflow: what lies beyond open faces of the box (docs/physics.md, section 1)."""

import numpy as np

from levitas.solver.geometry.faces import by_face
from levitas.solver.grid.grid import AXES, FACES
from levitas.solver.grid.launches import Launches
from levitas.solver.physics.flow.moments import DEFINES


class OpenFaces:
    """The open faces of a block.

    faces     {face: its [[boundary]]} of this block; any, outlet: has the grid one, an outflow
    flow      fills the halo moments and velocities; to be called after their exchange
    phase     fills phi and d beyond inflows; likewise
    """

    def __init__(self, sim):
        self.sim, self.block = sim, sim.block
        kinds = sim.grid.faces
        self.any = bool({"inflow", "outflow"} & set(kinds.values()))
        self.outlet = "outflow" in kinds.values()
        given = by_face(sim.case.model.boundary, sim.case.is_2d)
        self.faces = {
            face: given[face]
            for face in FACES
            if kinds[face] in ("inflow", "outflow") and self.block.at_edge(face)
        }

    def fills(self, moments, u) -> Launches:
        """Calls that fill halos of the moments and of the velocity."""
        tables = {face: self._speeds(face) for face in self.faces}
        kernel = self.sim.backend.kernel(
            "open_faces.cu", "open_flow", **DEFINES, **self.block.defines
        )

        def prepare():
            calls = []
            for face, boundary in self.faces.items():
                box, own, out, along = self._layer(face)
                count = (box[1] - box[0]) * (box[3] - box[2])
                calls.append(
                    kernel.bind(
                        box,
                        m=moments,
                        u=u,
                        inlet=tables[face],
                        base=own,
                        out=out,
                        along_i=along[0],
                        along_j=along[1],
                        row=box[1] - box[0],
                        count=count,
                        inflow=int(boundary.kind == "inflow"),
                    )
                )
            return calls

        return Launches((moments, u), prepare)

    def phases(self, phi, d, d_max: float) -> Launches:
        """Calls that set phi and d beyond inflows."""
        kernel = self.sim.backend.kernel(
            "open_faces.cu", "open_phase", **DEFINES, **self.block.defines
        )

        def prepare():
            calls = []
            for face, boundary in self.faces.items():
                if boundary.kind == "outflow":
                    continue
                box, own, out, along = self._layer(face)
                liquid = boundary.phase != "gas"
                calls.append(
                    kernel.bind(
                        box,
                        phi=phi,
                        d=d,
                        base=own + out,
                        out=out,
                        along_i=along[0],
                        along_j=along[1],
                        phase=float(liquid),
                        distance=d_max if liquid else -d_max,
                    )
                )
            return calls

        return Launches((phi, d), prepare)

    def _layer(self, face: str):
        """(box of the halo layer, first own cell beside it, elements outwards, elements apart)."""
        block, axis = self.block, AXES.index(face[0])
        step = (1, block.pitch, block.plane)
        ways = [m for m in range(3) if m != axis]
        ends = [(0, 1) if m == 2 and not block.plane else (-1, block.shape[m] + 1) for m in ways]
        out = -step[axis] if face[1] == "-" else step[axis]
        own = 0 if face[1] == "-" else (block.shape[axis] - 1) * step[axis]
        return (*ends[0], *ends[1], 0, 1), own, out, [step[m] for m in ways]

    def _speeds(self, face: str):
        """Velocity at each cell of the face, (3, rows, row), lattice units, on the backend."""
        (i0, i1, j0, j1, _, _), _, _, _ = self._layer(face)
        velocity = np.zeros(3)
        if self.faces[face].kind == "inflow":
            velocity = np.array(self.faces[face].velocity) / self.sim.scales.velocity
        table = np.broadcast_to(velocity[:, None, None], (3, j1 - j0, i1 - i0))
        return self.sim.backend.upload(table)
