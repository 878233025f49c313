"""Solid shapes in the box, as pictures and measures of what flows around them need them."""

import numpy as np

from levitas.solver.geometry.cells import OBSTACLE_PHASES


def depth(case, x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray | None:
    """Depth [z, y, x] inside the solid shapes of a case, positive inside; None if it has none.

    x, y, z: positions (1-D) of cell centres; lengths in metres (cells in lattice units).
    """
    shapes = [shape for shape in case.model.shape if shape.phase in OBSTACLE_PHASES]
    if not shapes:
        return None
    from levitas.solver.geometry.distance import Points, distance

    corner = np.asarray(case.origin)
    cells = [(line - c) / case.scales.dx for line, c in zip((x, y, z), corner, strict=True)]
    points = Points(case, cells[0], cells[1][:, None], cells[2][:, None, None])
    deepest = [distance(shape, points, case.values) for shape in shapes]
    size = (len(z), len(y), len(x))
    return np.max([np.broadcast_to(one, size) for one in deepest], axis=0)
