"""The phi = 1/2 surface as triangles (as segments in 2-D): area and volume of a body.

Marching tetrahedra: every cube of eight cell centres is cut into six tetrahedra around one of its
diagonals, and each of these meets the surface in one or two triangles. Corners lie where logit(phi)
interpolated along the edges is 0. The area of a sphere of R cells comes out to about 0.1/R^2.
"""

import itertools

import numpy as np

from levitas.postprocess.metrics.sampling import logit

#: corners (x, y, z) of the six tetrahedra of a cube: paths from (0,0,0) to (1,1,1)
_PATHS = [
    np.cumsum([(0, 0, 0), *(np.eye(3, dtype=int)[n] for n in order)], axis=0)
    for order in itertools.permutations(range(3))
]


def triangles(phi: np.ndarray) -> np.ndarray:
    """Corners (m, 3, 3) of triangles, (x, y, z) in cells, turned outwards (liquid inside)."""
    f = logit(phi)
    active = _active(f > 0)
    parts = []
    for path in _PATHS:
        at = active[:, None, :] + path
        parts += _cut(at.astype(float), f[at[..., 2], at[..., 1], at[..., 0]])
    return np.concatenate(parts) + 0.5


def _active(inside: np.ndarray) -> np.ndarray:
    """Low corners (m, 3) in the order (x, y, z) of the cubes that the surface meets."""
    corners = [
        inside[tuple(slice(o, n - 1 + o) for o, n in zip(offset, inside.shape, strict=True))]
        for offset in itertools.product((0, 1), repeat=3)
    ]
    some, all_ = np.logical_or.reduce(corners), np.logical_and.reduce(corners)
    return np.argwhere(some & ~all_)[:, ::-1]


def _cut(at: np.ndarray, f: np.ndarray) -> list[np.ndarray]:
    """Triangles of tetrahedra with corners `at` (m, 4, 3) and values `f` (m, 4)."""
    order = np.argsort(f <= 0, axis=1, kind="stable")  # liquid corners first
    f = np.take_along_axis(f, order, axis=1)
    at = np.take_along_axis(at, order[..., None], axis=1)
    liquid = (f > 0).sum(axis=1)
    faces = []
    for count, shapes in _EDGES.items():
        rows = liquid == count
        if not rows.any():
            continue
        p, g = at[rows], f[rows]
        outward = p[:, count:].mean(axis=1) - p[:, :count].mean(axis=1)
        for edges in shapes:
            faces.append(_outwards(np.stack([_zero(p, g, *e) for e in edges], axis=1), outward))
    return faces


#: liquid corners -> triangles, each three edges (liquid corner, gas corner)
_EDGES = {
    1: [((0, 1), (0, 2), (0, 3))],
    2: [((0, 2), (0, 3), (1, 3)), ((0, 2), (1, 3), (1, 2))],
    3: [((0, 3), (1, 3), (2, 3))],
}


def _zero(p, f, a, b):
    t = f[:, a] / (f[:, a] - f[:, b])
    return p[:, a] + t[:, None] * (p[:, b] - p[:, a])


def _outwards(corners, outward):
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    back = (normal * outward).sum(axis=1) < 0
    corners[back] = corners[back][:, ::-1]
    return corners


def area_and_volume(corners: np.ndarray) -> tuple[float, float]:
    """Area (cells^2) of triangles and volume (cells^3) of the closed body they bound."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    normal = np.cross(b - a, c - a)
    middle = corners.reshape(-1, 3).mean(axis=0) if len(corners) else 0.0
    return float(np.linalg.norm(normal, axis=1).sum() / 2), float(((a - middle) * normal).sum() / 6)


def perimeter_and_area(phi: np.ndarray) -> tuple[float, float]:
    """Perimeter (cells) and area (cells^2) of the liquid in one layer (1, ny, nx)."""
    # two equal layers make a prism of height 1: its mantle is the perimeter
    area, volume = area_and_volume(triangles(np.concatenate([phi, phi])))
    return area, volume * 3 / 2  # the open prism lacks its two lids: 2/3 of the divergence
