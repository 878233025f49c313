"""A frame that turns: what it pushes (docs/physics.md, section 1)."""

import numpy as np

from levitas.solver.physics.flow.section import RotationParams


def _frame(case, rotation: RotationParams) -> tuple[np.ndarray, np.ndarray]:
    """(angular velocity, a point of the axis in cells from the low corner), lattice units."""
    centre = (np.array(rotation.centre) - np.array(case.origin)) / case.scales.dx
    if case.is_2d:
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
