"""Which cells the solid shapes of a case fill."""

import numpy as np

from levitas.solver.geometry.distance import Points, distance

OBSTACLE_PHASES = ("solid", "wall")  # of shapes that stand in the fluid
SURFACE = 1e-9  # cells: a centre on the surface is fluid on any machine


def solid_cells(case) -> np.ndarray:
    """Which cells of the whole grid are solid, bool (nz, ny, nx)."""
    nx, ny, nz = case.model.grid.cells
    x, y, z = (np.arange(n) + 0.5 for n in (nx, ny, nz))
    points = Points(case, x, y[:, None], z[:, None, None])
    solid = np.zeros((nz, ny, nx), bool)
    for shape in case.model.shape:
        if shape.phase in OBSTACLE_PHASES:
            solid |= fills(shape, points, case)
    return solid


def fills(shape, points: Points, case) -> np.ndarray:
    """Which cells at these points a solid shape fills."""
    return distance(shape, points, case.values) / case.scales.dx > SURFACE
