"""A frame that turns: what it pushes, and its keys (docs/physics.md, section 1)."""

from typing import Any

import numpy as np

from levitas.solver.input.faults import Faults
from levitas.solver.input.section import Section, key, vector


class RotationParams(Section):
    """`rotation` of `[flow]`: the box turns about an axis; velocities are those in the box."""

    rate: float = key(..., "angular velocity", "rad/s")
    axis: list[float] = vector(lambda: [0.0, 0.0, 1.0], "direction of the axis", "1")
    centre: list[float] = vector(lambda: [0.0, 0.0, 0.0], "a point of the axis", "m")
    coriolis: bool = key(True, "the Coriolis force; without it there is no swirl")

    def vector(self) -> np.ndarray:
        """Angular velocity as a vector, rad/s."""
        return self.rate * np.array(self.axis) / np.linalg.norm(self.axis)


def _frame(case, rotation: RotationParams) -> tuple[np.ndarray, np.ndarray]:
    """(angular velocity, a point of the axis in cells from the low corner), lattice units."""
    centre = (np.array(rotation.centre) - np.array(case.origin)) / case.scales.dx
    if case.flat:
        centre[2] = 0.5  # nothing changes along z
    return rotation.vector() * case.scales.time, centre


def push(sim, rotation: RotationParams, u: list[np.ndarray]) -> np.ndarray:
    """What the frame does to a velocity u: acceleration (3, nz, ny, nx) of the block's cells."""
    w, centre = _frame(sim.case, rotation)
    first, count = sim.block.start, sim.block.shape
    x, y, z = (np.arange(n) + s + 0.5 - c for n, s, c in zip(count, first, centre, strict=True))
    r = np.stack(np.broadcast_arrays(x, y[:, None], z[:, None, None]), axis=-1)
    found = (w @ w) * r - (r @ w)[..., None] * w
    if rotation.coriolis:
        found = found - 2 * np.cross(w, np.stack(u, axis=-1))
    return np.moveaxis(found, -1, 0)


def turn(sim, rotation: RotationParams) -> dict:
    """What kernels/rotating_frame.h needs, lattice units; `spin` holds no place of a block."""
    case = sim.case
    w, centre = _frame(case, rotation)
    swirl = w if rotation.coriolis else 0 * w
    table = [*w, *(0.5 - centre), *swirl, 1 / (1 + swirl @ swirl)]
    starts = dict(zip(("start_x", "start_y", "start_z"), map(int, sim.block.start), strict=True))
    return {"spin": sim.backend.upload(np.array(table)), **starts}


def velocity(model: Any, origin, size: float) -> float:
    """An estimate of what a turning frame drives: the smaller of w r and w^2 r d^2/(2 nu).

    r is how far the box reaches from the axis, d = `size` the thickness of the liquid (SI).
    """
    w = model.flow.rotation.vector()
    edges = np.array(model.grid.cells) * model.grid.spacing
    edges[2] *= model.grid.cells[2] > 1
    low = np.array(origin) - np.array(model.flow.rotation.centre)
    corners = low + edges * np.stack(np.meshgrid(*[(0, 1)] * 3), axis=-1).reshape(-1, 3)
    if model.grid.cells[2] == 1:
        corners[:, 2] = 0
    fastest = float(np.linalg.norm(np.cross(w, corners), axis=1).max())
    liquid = model.materials.liquid
    viscous = fastest * np.linalg.norm(w) * size**2 * liquid.density / (2 * liquid.viscosity)
    return min(fastest, float(viscous))


def check(rotation: RotationParams | None, kinds: dict, flat: bool, faults: Faults) -> None:
    """Note the faces that a turning frame does not go with."""
    keys = ("flow", "rotation")
    if rotation is None:
        return
    if not any(rotation.axis):
        faults.add((*keys, "axis"), "must not be zero")
        return
    for n, name in enumerate("xyz"):
        along = all(rotation.axis[m] == 0 for m in range(3) if m != n)
        if along or (flat and n == 2):
            continue
        pair = [kinds[name + side] for side in "-+"]
        if "periodic" in pair:
            faults.add(
                keys,
                f"pushes fluid along {name}, in which the box is periodic; give {name}- and"
                f" {name}+ a [[boundary]]",
            )
        if "symmetry" in pair and rotation.coriolis:
            faults.add(
                (*keys, "coriolis"),
                f"swirl has no mirror image at the symmetry face across {name};"
                " set coriolis = false, or give the whole box",
            )
