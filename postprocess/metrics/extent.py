"""How far a body reaches along the axes, and the angle at which a cap meets a wall.

Pure functions of arrays [z, y, x] and the cell size; symmetry faces count the mirror images in.
"""

import math

import numpy as np

from levitas.postprocess.metrics.bodies import centred, inner
from levitas.postprocess.metrics.metric import Metric
from levitas.postprocess.metrics.sampling import logit
from levitas.postprocess.metrics.value import NotMeasured

IN_SOLID = -1.0  # what cells of solids hold in place of a fraction


def extent_x(phi, spacing, faces, solid=None) -> float:
    """Length along x from end to end of the phi = 1/2 surface; a wall that is wet is an end."""
    return spacing * length_along(_body(phi, faces, solid), 0)


def extent_y(phi, spacing, faces, solid=None) -> float:
    """Length along y from end to end of the phi = 1/2 surface; a wall that is wet is an end."""
    return spacing * length_along(_body(phi, faces, solid), 1)


def extent_z(phi, spacing, faces, solid=None) -> float:
    """Length along z from end to end of the phi = 1/2 surface; a wall that is wet is an end."""
    return spacing * length_along(_body(phi, faces, solid), 2)


def base_width(phi, spacing, faces) -> float:
    """Width along x of what stands on the wall at y- (2-D) or z-, extrapolated to that wall.

    The widths of the first three layers of cells, at 1/2, 3/2 and 5/2 cells: a parabola.
    """
    if faces.get("y-" if phi.shape[0] == 1 else "z-") != "wall":
        raise NotMeasured("there is no wall below")
    share = _body(phi, faces)
    layers = share[:, :3] if phi.shape[0] == 1 else share[:3].swapaxes(0, 1)
    widths = [length_along(layers[:, n : n + 1], 0) for n in range(3)]
    return float(spacing * np.dot([15 / 8, -10 / 8, 3 / 8], widths))


def cap_angle(phi, spacing, faces) -> float:
    """Contact angle (degrees) of a cap on the wall below: 2 atan(2 height/base); weightless drops.

    Exact for an arc of a circle or a sphere, of any angle.
    """
    height = length_along(_body(phi, faces), 1 if phi.shape[0] == 1 else 2) * spacing
    return math.degrees(2 * math.atan2(2 * height, base_width(phi, spacing, faces)))


def _body(phi, faces, solid=None) -> np.ndarray:
    """Fraction of the body, mirror images included, not cut by a periodic face; -1 in solids."""
    share = inner(phi)
    if solid is not None:
        share = np.where(solid, IN_SOLID, share)
    if not (share > 0.5).any():
        raise NotMeasured("there is no surface")
    return centred(share, faces)


def length_along(share, axis: int) -> float:
    """Length (cells) from end to end of `share` > 1/2 along an axis, 0 for x to 2 for z.

    The surface between two cells is where the logit, interpolated, is 0; half way to a solid.
    """
    if not (share > 0.5).any():
        raise NotMeasured("there is no surface")
    value = np.where(share > IN_SOLID / 2, logit(share), np.nan)
    value = np.moveaxis(value, 2 - axis, -1)
    value = value.reshape(-1, value.shape[-1])
    value = value[(value > 0).any(axis=1)]
    return float(_last(value).max() + _last(value[:, ::-1]).max() - value.shape[1])


def _last(value: np.ndarray) -> np.ndarray:
    """Position of the last change of sign of each row, in cells; the end if there is none."""
    count, rows = value.shape[1], np.arange(len(value))
    last = count - 1 - (value[:, ::-1] > 0).argmax(axis=1)
    after = np.minimum(last + 1, count - 1)
    inside, outside = value[rows, last], value[rows, after]
    between = (after > last) & ~np.isnan(outside)
    part = np.where(between, inside / np.where(between, inside - outside, 1), 0.5)
    return last + 0.5 + part


METRICS = {
    "extent_x": Metric(extent_x, "m"),
    "extent_y": Metric(extent_y, "m"),
    "extent_z": Metric(extent_z, "m"),
    "base_width": Metric(base_width, "m"),
    "cap_angle": Metric(cap_angle, "deg"),
}
