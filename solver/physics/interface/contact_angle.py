"""Contact angles: phi and d of halo cells at walls and of solid cells beside fluid."""

import math
from functools import partial

import numpy as np

from levitas.solver.grid.grid import AXES, FACES, FIRST_OBSTACLE, Box
from levitas.solver.grid.launches import Launches

# The 18 neighbours in the order of kernels/contact_angle.cu: a direction, then its opposite.
_HALF = ((1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, -1, 0), (1, 0, 1), (1, 0, -1))
_HALF += ((0, 1, 1), (0, 1, -1))
NEIGHBOURS = np.array([sign * np.array(e) for e in _HALF for sign in (1, -1)])
REGULARISATION = 1e-3  # of the least squares below, for cells whose fluid lies to one side only


def weights(fluid: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """How the d of a solid cell is made of its fluid neighbours: (18, cells), columns sum to 1.

    fluid (18, cells): which neighbours are fluid; normals (cells, 3): of the solid, into the fluid.
    With y_k = d_k + cos(theta) n.e_k, least squares of y_k = d + s.t_k over fluid neighbours e_k,
    t_k their part along the wall, near ones along the normal weighted most: exact for a straight
    interface, whatever way the wall runs through the cells.
    """
    length = np.linalg.norm(NEIGHBOURS, axis=1)
    along = NEIGHBOURS @ normals.T  # (18, cells)
    weight = fluid * (np.maximum(along / length[:, None], 0.1) ** 6 / length[:, None] ** 2)
    tangent = NEIGHBOURS[:, None, :] - along[:, :, None] * normals  # (18, cells, 3)
    matrix = np.einsum("kc,kci,kcj->cij", weight, tangent, tangent)
    matrix += REGULARISATION * weight.sum(axis=0)[:, None, None] * np.eye(3)
    moment = np.einsum("kc,kci->ci", weight, tangent)
    back = np.linalg.solve(matrix, moment[:, :, None])[:, :, 0]
    weight = weight * (1 - np.einsum("kci,ci->kc", tangent, back))
    return weight / weight.sum(axis=0)


class Wetting:
    """Fills phi and d where there is no fluid, as the contact angles ask.

    `width` of the interface and `d_max`, where d is cut. Faces of 90 degrees are left to the mirror
    of the halo exchange. The same bits on any split: a solid cell is filled by the rank that owns
    it, from d of cells that are fluid.
    """

    def __init__(self, obstacles, phi, d, width: float, d_max: float):
        self.obstacles, self.block, self.backend = obstacles, obstacles.block, obstacles.backend
        self.phi, self.d, self.shape = phi, d, {"slope": 4 / width, "d_max": d_max}
        self.faces = {f: a for f, a in obstacles.face_angles.items() if a != 90}
        kernel = partial(self.backend.kernel, "contact_angle.cu", **self.block.defines)
        self.mine = [f for f in FACES if f in self.faces and self.block.at_edge(f)]
        if self.mine:
            self._face = kernel("contact_angle_face")
        self._table = self._tables() if obstacles.here else None
        if self._table is not None:
            self._solid = kernel("contact_angle_solid")
        self._fill_solids = Launches((phi, d), self._prepare_solids)
        self._fill_faces = Launches((phi, d), self._prepare_faces)

    def __call__(self) -> None:
        """After an exchange of phi and d, whose halos must be filled; leaves them filled."""
        if self.obstacles.inside:
            self._fill_solids()
            self.block.exchange(self.phi, self.d)
        self._fill_faces()

    def _prepare_solids(self) -> list:
        if self._table is None:
            return []
        box = Box(0, self._table["count"], 0, 1, 0, 1)
        return [self._solid.bind(box, phi=self.phi, d=self.d, **self._table, **self.shape)]

    def _prepare_faces(self) -> list:
        """x, y, z: each overwrites the edges of the last."""
        return [
            self._face.bind(
                self._layer(face),
                phi=self.phi,
                d=self.d,
                inward=self._inward(face),
                rise=math.cos(math.radians(self.faces[face])),
                **self.shape,
            )
            for face in self.mine
        ]

    def _inward(self, face: str) -> int:
        step = (1, self.block.pitch, self.block.plane)[AXES.index(face[0])]
        return step if face[1] == "-" else -step

    def _layer(self, face: str) -> Box:
        """The halo layer beyond a face, edges included."""
        box, axis = [], AXES.index(face[0])
        for n, cells in enumerate(self.block.shape):
            deep = 1 if n < 2 or self.block.plane else 0
            low, high = (-deep, cells + deep)
            if n == axis:
                low, high = (-1, 0) if face[1] == "-" else (cells, cells + 1)
            box += [low, high]
        return Box(*box)

    def _tables(self) -> dict | None:
        """Arguments of the kernel for solid cells beside fluid; None where there are none."""
        ids = self.backend.to_host(self.obstacles.ids.data)[0]
        deep = 1 if self.block.plane else 0
        ids = np.pad(ids, ((1 - deep, 1 - deep), (0, 0), (0, 0)), constant_values=255)
        own = np.zeros(ids.shape, bool)
        own[1:-1, 1:-1, 1:-1] = ids[1:-1, 1:-1, 1:-1] >= FIRST_OBSTACLE
        at = np.argwhere(own)  # (cells, 3) of z, y, x
        near = at[None] + NEIGHBOURS[:, None, ::-1]
        fluid = ids[tuple(near[..., n] for n in range(3))] == 0
        kept = fluid.any(axis=0)
        at, fluid = at[kept], fluid[:, kept]
        if not len(at):
            return None
        shape = ids[tuple(at.T)].astype(int) - FIRST_OBSTACLE
        normals = self._normals(at - [1 - deep, 0, 0], shape, fluid)
        weight = np.round(weights(fluid, normals), 6)  # what any order of sums gives
        angle = np.array(self.obstacles.angles)[shape]
        cosine = np.where(angle == 90, 0, np.cos(np.radians(angle)))
        steps = NEIGHBOURS @ [1, self.block.pitch, self.block.plane]
        cells = (at - 1) @ [self.block.plane, self.block.pitch, 1]
        upload = self.backend.upload
        return {
            "cells": upload(cells, np.int64),
            "facing": upload(cells + steps[weight.argmax(axis=0)], np.int64),
            "weights": upload(weight),
            "rise": upload(cosine * np.round((weight * (NEIGHBOURS @ normals.T)).sum(axis=0), 6)),
            "count": len(cells),
        }

    def _normals(self, at: np.ndarray, shape: np.ndarray, fluid: np.ndarray) -> np.ndarray:
        """Unit normals into the fluid, (cells, 3): minus the gradient of the depth in the solid.

        Where that vanishes (a plate one cell thick) towards the fluid, or 0 if it is on both sides.
        """
        normals = np.zeros((len(at), 3))
        for k, depth in enumerate(self.obstacles.depths):
            mine = shape == k
            for n in range(3 if self.block.plane else 2):
                step = np.array([0, 0, 0])
                step[2 - n] = 1
                ahead, behind = (depth[tuple((at[mine] + s * step).T)] for s in (1, -1))
                normals[mine, n] = behind - ahead
        flat = np.linalg.norm(normals, axis=1) < 0.5
        normals[flat] = (fluid.T.astype(float) @ NEIGHBOURS)[flat]
        size = np.linalg.norm(normals, axis=1)
        return normals / np.where(size > 1e-6, size, 1)[:, None]
