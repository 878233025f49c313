"""Signed distances to the surfaces of shapes, positive inside, in the units of the case.

Positions are metres (cells in lattice units) from the origin of the case.
"""

import math

import numpy as np

from levitas.solver.input.expression import evaluate

AXIS = {"x": (1.0, 0.0, 0.0), "y": (0.0, 1.0, 0.0), "z": (0.0, 0.0, 1.0)}


class Points:
    """Positions of cells, and of the box they lie in.

    `x`, `y`, `z` broadcast against each other; `lengths` edges of the box; `corner` its low corner;
    `faces` {face: kind}; `is_2d`; `folder` of the data files that shapes name.
    """

    def __init__(self, case, x, y, z):
        dx = self.dx = case.scales.dx
        self.folder = case.folder
        self.corner = np.array(case.origin)
        self.lengths = np.array(case.model.grid.cells) * dx
        self.faces, self.is_2d = case.faces, case.is_2d
        cells = (np.asarray(n, dtype=float) for n in (x, y, z))
        self.xyz = [n * dx + c for n, c in zip(cells, self.corner, strict=True)]

    def periodic(self, axis: int) -> bool:
        """Whether the box is periodic along this axis."""
        return self.faces["xyz"[axis] + "-"] == "periodic"

    def about(self, centre) -> list:
        """Offsets from a point, the nearest image along periodic axes; z ignored in 2-D."""
        result = []
        for n in range(3):
            offset = self.xyz[n] - centre[n]
            if self.periodic(n):
                offset = offset - self.lengths[n] * np.round(offset / self.lengths[n])
            result.append(offset)
        if self.is_2d:
            result[2] = np.zeros_like(result[2])
        return result


def coordinates(points: Points) -> dict:
    return dict(zip("xyz", points.xyz, strict=True)) | {"t": 0.0}


def distance(shape, points: Points, values: dict) -> np.ndarray:
    """Signed distance to the surface of a shape, positive inside."""
    match shape.kind:
        case "sphere":
            return _sphere(shape, points)
        case "ellipsoid":
            return _ellipsoid(shape, points)
        case "cylinder":
            return _cylinder(shape, points)
        case "box":
            return _box(shape, points)
        case "plane":
            return _surface(shape, points, 0.0)
        case "film":
            return _film(shape, points)
        case "stl" | "file":
            from levitas.solver.geometry import shape_file as surface_file

            return surface_file.distance(shape, points)
    return evaluate(shape.expression, values | coordinates(points))


def _sphere(shape, points: Points) -> np.ndarray:
    """r(theta) = R [1 + a P_n(cos theta) - a^2/(2 n + 1)] about `axis` (z if absent) in 3-D,

    r(theta) = R [1 + a cos(n theta) - a^2/4] about `axis` (x if absent) in 2-D: the volume (area)
    of the sphere (circle) to second order in a. Distance (r(theta) - r)/sqrt(1 + (r'/r)^2).
    """
    offset = points.about(shape.centre)
    r = np.sqrt(sum(n**2 for n in offset))
    if shape.mode is None or shape.mode.amplitude == 0:
        return shape.radius - r
    axis = unit(shape.axis or AXIS["x" if points.is_2d else "z"])
    cosine = np.clip(dot(offset, axis) / np.maximum(r, 1e-300), -1, 1)
    n, a = shape.mode.n, shape.mode.amplitude
    if points.is_2d:
        return _bent(shape.radius, r, a, n, np.arccos(cosine))
    sine = np.sqrt(1 - cosine**2)
    value, slope = legendre(n, cosine)
    edge = shape.radius * (1 + a * value - a**2 / (2 * n + 1))
    return (edge - r) / np.sqrt(1 + (shape.radius * a * slope * sine / edge) ** 2)


def _bent(radius: float, r: np.ndarray, a: float, n: int, angle: np.ndarray) -> np.ndarray:
    """Distance to the curve r = R [1 + a cos(n theta) - a^2/4]."""
    edge = radius * (1 + a * np.cos(n * angle) - a**2 / 4)
    return (edge - r) / np.sqrt(1 + (radius * a * n * np.sin(n * angle) / edge) ** 2)


def legendre(n: int, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """P_n and its derivative, by recurrence."""
    last, value, last_slope, slope = np.ones_like(x), x, np.zeros_like(x), np.ones_like(x)
    for k in range(2, n + 1):
        last, value = value, ((2 * k - 1) * x * value - (k - 1) * last) / k
        last_slope, slope = slope, last_slope + (2 * k - 1) * last
    return value, slope


def _ellipsoid(shape, points: Points) -> np.ndarray:
    """First-order distance k0 (1 - k0)/k1, k0 = |x/a|, k1 = |x/a^2|; exact on the surface."""
    axes = half_axes(shape)
    offset = points.about(shape.centre)
    used = range(2 if points.is_2d else 3)
    k0 = np.sqrt(sum((offset[n] / axes[n]) ** 2 for n in used))
    k1 = np.sqrt(sum((offset[n] / axes[n] ** 2) ** 2 for n in used))
    smallest = min(axes[n] for n in used)
    return np.where(k1 > 1e-6 / smallest, k0 * (1 - k0) / np.maximum(k1, 1e-300), smallest)


def half_axes(shape) -> list[float]:
    """Semi-axes of an ellipsoid: `radius`, or half of `size`."""
    given = shape.radius if shape.radius is not None else shape.size
    half = given if isinstance(given, list) else [given] * 3
    return half if shape.radius is not None else [h / 2 for h in half]


def _cylinder(shape, points: Points) -> np.ndarray:
    """Round the axis; a `wave` along it keeps the volume: mean radius sqrt(R^2 - a^2/2)."""
    axis = unit(shape.axis or AXIS["z"])
    offset = points.about(shape.centre)
    along = dot(offset, axis)
    first, second = across(axis)
    p, q = dot(offset, first), dot(offset, second)
    r = np.hypot(p, q)
    if shape.mode is not None:
        inside = _bent(shape.radius, r, shape.mode.amplitude, shape.mode.n, np.arctan2(q, p))
    elif shape.wave is not None:
        rise, slope = wave(shape.wave, along)
        mean = math.sqrt(shape.radius**2 - shape.wave.amplitude**2 / 2)
        inside = (mean + rise - r) / np.sqrt(1 + slope**2)
    else:
        inside = shape.radius - r
    if shape.size is not None and not (points.is_2d and abs(axis[2]) > 0.5):
        inside = np.minimum(inside, shape.size / 2 - np.abs(along))
    return inside


def _box(shape, points: Points) -> np.ndarray:
    """Exact distance to a box with edges along the axes (z ignored in 2-D)."""
    offset = points.about(shape.centre)
    used = range(2 if points.is_2d else 3)
    gap = [np.abs(offset[n]) - shape.size[n] / 2 for n in used]
    outside = np.sqrt(sum(np.maximum(g, 0) ** 2 for g in gap))
    deepest = gap[0]
    for g in gap[1:]:
        deepest = np.maximum(deepest, g)
    return -(outside + np.minimum(deepest, 0))


def _surface(shape, points: Points, height: float) -> np.ndarray:
    """Distance below the plane at `centre` + height along `axis`, wavy if it has a wave."""
    normal = unit(shape.axis or default_normal(points.is_2d))
    centre = shape.centre or [0.0, 0.0, 0.0]
    offset = [x - c for x, c in zip(points.xyz, centre, strict=True)]
    depth = height - dot(offset, normal)
    if shape.wave is None:
        return depth
    along = unit(shape.wave.direction) if shape.wave.direction else across(normal)[0]
    rise, slope = wave(shape.wave, dot(offset, along))
    return (depth + rise) / np.sqrt(1 + slope**2)


def default_normal(flat: bool) -> tuple[float, float, float]:
    """Normal of a plane or film that gives none: up."""
    return AXIS["y" if flat else "z"]


def _film(shape, points: Points) -> np.ndarray:
    """A layer of thickness `size` from its base along `axis`; a base on a wall has no surface."""
    normal = unit(shape.axis or default_normal(points.is_2d))
    base, on_wall = film_base(shape, points, normal)
    based = shape.model_copy(update={"centre": list(base)})
    top = _surface(based, points, shape.size)
    if on_wall:
        return top
    offset = [x - c for x, c in zip(points.xyz, base, strict=True)]
    axis = int(np.argmax(np.abs(normal)))
    height = dot(offset, normal)
    if points.periodic(axis):  # both faces, nearest image
        length = points.lengths[axis] / abs(normal[axis])
        shift = length * np.round((height - shape.size / 2) / length)
        return np.minimum(top + shift, height - shift)
    return np.minimum(top, height)


def film_base(shape, points: Points, normal) -> tuple[np.ndarray, bool]:
    """(a point of the film's base, whether it lies on a wall of the box or within half a cell)."""
    axis = int(np.argmax(np.abs(normal)))
    edge = points.corner[axis] + (points.lengths[axis] if normal[axis] < 0 else 0)
    wall = points.faces["xyz"[axis] + ("-" if normal[axis] > 0 else "+")] != "periodic"
    base = np.zeros(3) if shape.centre is None else np.array(shape.centre)
    if shape.centre is None:
        base[axis] = edge
    return base, wall and (base[axis] - edge) * np.sign(normal[axis]) <= points.dx / 2


def wave(given, s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """a cos(k s + phase) and its slope."""
    k = 2 * math.pi / given.wavelength
    angle = k * s + given.phase
    return given.amplitude * np.cos(angle), -given.amplitude * k * np.sin(angle)


def unit(axis) -> np.ndarray:
    """The direction as a unit vector."""
    axis = np.asarray(axis, dtype=float)
    return axis / np.linalg.norm(axis)


def across(axis) -> tuple[np.ndarray, np.ndarray]:
    """Two directions across an axis; the first is x (y where the axis is x)."""
    axis = unit(axis)
    start = np.array(AXIS["x"] if abs(axis[0]) < 0.9 else AXIS["y"])
    first = unit(start - dot(start, axis) * axis)
    return first, np.cross(axis, first)


def dot(a, b):
    """Sum over the three components."""
    return sum(m * n for m, n in zip(a, b, strict=True))
