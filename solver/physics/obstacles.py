"""Solids in the flow: which cells they fill, how fast they move, what they are made of.

A uint8 for each cell, halo included: 0 fluid, 1 .. 6 a wall at a face of the box (halo cells only),
7 and up the solid shapes of the case in their order. A solid cell is one whose centre lies inside;
shapes rest where they are, also those that move (a drawn fibre, a belt, a plate in its plane).
"""

import numpy as np

from levitas.solver.geometry.cells import OBSTACLE_PHASES, SURFACE
from levitas.solver.geometry.distance import Points, distance
from levitas.solver.geometry.faces import by_face
from levitas.solver.grid.field import Field
from levitas.solver.grid.grid import AXES, FACES, FIRST_OBSTACLE, Box, carve


class Obstacles:
    """Walls and solid shapes on a block, lattice units.

    ids        uint8 field with halo (one byte where the block has no wall and no solid)
    speeds     rows of 3 by id, on the backend; velocity {face: (u, v, w)} of the faces
    shapes     the solid shapes: shapes[k] has id FIRST_OBSTACLE + k
    inside     whether any cell of the grid is solid, here whether one of this block or its halo is
    mask       own cells that are solid, (nz, ny, nx) on the host
    near, off  boxes of the own cells that may touch a wall or a solid, and of all others
    face_angles, angles   contact angles in degrees: {wall face: angle}, one for each solid shape
    depths     [depth of each solid shape], (nz + 2, ny + 2, nx + 2), in cells, positive inside
    """

    def __init__(self, case, block, backend):
        self.case, self.block, self.backend = case, block, backend
        self.shapes = [s for s in case.model.shape if s.phase in OBSTACLE_PHASES]
        self.velocity = dict(case.wall_velocity)
        self.speeds = backend.upload(self._speeds())
        self.face_angles = self._face_angles()
        self.angles = [90.0 if s.contact_angle is None else s.contact_angle for s in self.shapes]
        self.ids = backend.zeros((1,), np.uint8)
        host = self._host()
        inner = (slice(1, -1) if block.plane else slice(None), slice(1, -1), slice(1, -1))
        self.mask = host[inner] >= FIRST_OBSTACLE
        self.here = bool((host >= FIRST_OBSTACLE).any())
        self.inside = bool(block.comm.allreduce([int(self.here)], "max")[0])
        self.near, self.off = block.near_walls, [block.off_walls]
        if self.here:
            solids, self.off = carve(block.off_walls, self._reach(host))
            self.near = [*self.near, solids]
        if self.near:
            self.ids = Field("walls", block, backend, saved=False, wall="leave", dtype=np.uint8)
            self.ids.data[0] = backend.upload(host, np.uint8)

    def _speeds(self) -> np.ndarray:
        """Velocity by id, (ids, 3)."""
        speeds = np.zeros((FIRST_OBSTACLE + len(self.shapes), 3))
        for k, face in enumerate(FACES):
            speeds[k + 1] = self.velocity.get(face, (0, 0, 0))
        for k, shape in enumerate(self.shapes):
            if shape.velocity is not None:
                speeds[FIRST_OBSTACLE + k] = np.array(shape.velocity) / self.case.scales.velocity
        return speeds

    def _face_angles(self) -> dict[str, float]:
        """{face: angle} of the walls that have one."""
        given = by_face(self.case.model.boundary, self.case.is_2d)
        return {f: b.contact_angle for f, b in given.items() if b.contact_angle is not None}

    def _host(self) -> np.ndarray:
        """Ids of own cells and halo, (nz + 2, ny + 2, nx + 2), no z halo in 2-D.

        Where a wall that moves meets one at rest, the edge is at rest: a moving wall carries u/6 of
        fluid a step along itself in the diagonal links that it turns back, and must give it back
        where it ends. With the edge moving, closed boxes leak that much from edge to edge.
        """
        block = self.block
        nx, ny, nz = block.shape
        host = np.zeros((nz + 2 if block.plane else nz, ny + 2, nx + 2), np.uint8)
        self.depths = []
        if self.shapes:
            points = Points(self.case, *self._centres())
            for k, shape in enumerate(self.shapes):
                depth = distance(shape, points, self.case.values) / self.case.scales.dx
                self.depths.append(np.broadcast_to(depth, host.shape))
                host[self.depths[k] > SURFACE] = FIRST_OBSTACLE + k
        for face in sorted(FACES, key=lambda face: not any(self.velocity.get(face, ()))):
            if block.grid.faces[face] == "wall" and block.at_edge(face):
                axis = 2 - AXES.index(face[0])  # arrays are [z, y, x]
                layer = np.moveaxis(host, axis, 0)[0 if face[1] == "-" else -1]
                layer[:] = FACES.index(face) + 1
        return host

    def _reach(self, host: np.ndarray) -> Box:
        """The smallest box of cells that holds all solid cells and their neighbours."""
        limits = []
        for axis in (2, 1, 0):  # arrays are [z, y, x]
            others = tuple(a for a in range(3) if a != axis)
            line = np.flatnonzero((host >= FIRST_OBSTACLE).any(others))
            halo = 1 if axis or self.block.plane else 0
            limits += [int(line[0]) - halo - 1, int(line[-1]) - halo + 2]
        return Box(*limits)

    def _centres(self) -> list[np.ndarray]:
        """Centres of own cells and halo, in cells; those of images beyond faces."""
        block, result = self.block, []
        for n in range(3):
            count, first, cells = block.shape[n], block.start[n], block.grid.cells[n]
            deep = 1 if n < 2 or block.plane else 0
            x = np.arange(first - deep, first + count + deep) + 0.5
            if block.grid.periodic(n):
                x = x % cells
            if block.grid.faces[AXES[n] + "-"] == "symmetry":
                x = np.abs(x)
            if block.grid.faces[AXES[n] + "+"] == "symmetry":
                x = np.minimum(x, 2 * cells - x)
            result.append(x.reshape([-1 if m == n else 1 for m in (2, 1, 0)]))
        return result

    def fill(self, initial: dict) -> None:
        """Let the start have solids move as they do."""
        if not self.mask.any():
            return
        speeds = self.backend.to_host(self.speeds).astype(float)
        ids = self.backend.to_host(self.ids.own)[0]
        for n, name in enumerate("uvw"):
            value = np.broadcast_to(initial[name], self.mask.shape)
            initial[name] = np.where(self.mask, speeds[ids, n], value)
