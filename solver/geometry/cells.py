"""Which cells the solid shapes of a case fill."""

import numpy as np

from levitas.solver.geometry.distance import Places, distance

PHASES = ("solid", "wall")


SURFACE = 1e-9  # cells: a centre on the surface is fluid on any machine


def solid_cells(case) -> np.ndarray:
    """Which cells of the whole grid are solid, bool (nz, ny, nx)."""
    nx, ny, nz = case.model.grid.cells
    x, y, z = (np.arange(n) + 0.5 for n in (nx, ny, nz))
    places = Places(case, x, y[:, None], z[:, None, None])
    solid = np.zeros((nz, ny, nx), bool)
    for shape in case.model.shape:
        if shape.phase in PHASES:
            solid |= fills(shape, places, case)
    return solid


def fills(shape, places: Places, case) -> np.ndarray:
    """Which cells at these places a solid shape fills."""
    return distance(shape, places, case.values) / case.scales.dx > SURFACE
