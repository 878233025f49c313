"""Drops and bubbles: centroid, whole field across symmetry faces, connected bodies.

The inner phase is the one that fills less than half of the box: liquid for drops, gas for bubbles.
Positions are in cells from the low corner of the box, see sampling.py. A symmetry face that a body
touches is a plane through its centre; what is stored is then one half, quarter or octant of it.
"""

from typing import NamedTuple

import numpy as np

from levitas.postprocess.metrics.sampling import kinds, radii

BODY_CELLS = 27  # cells: what is smaller is no body


class Body(NamedTuple):
    """A connected body of the inner phase: centre (x, y, z) and mean radius, in cells."""

    centre: np.ndarray
    radius: float
    cells: int


def inner(phi: np.ndarray) -> np.ndarray:
    """Fraction of the inner phase: phi for drops in gas, 1 - phi for bubbles in liquid."""
    return phi if phi.mean() <= 0.5 else 1 - phi


def mirrors(shape: tuple[int, ...], faces: dict[str, str]) -> int:
    """How many mirror images the box stands for: 2 for each axis with a symmetry face."""
    return 2 ** sum("symmetry" in (faces.get(f"{a}-"), faces.get(f"{a}+")) for a in "xyz")


def centroid(share: np.ndarray, faces: dict[str, str]) -> np.ndarray:
    """Centre (x, y, z) of a body in cells, weighted by `share` (clipped to [0, 1]).

    Periodic axes: circular mean, in [0, cells). A symmetry face that the body touches: that face;
    of two, the one where there is more of it.
    """
    share = np.clip(share, 0, 1)
    centre = np.empty(3)
    for n, kind in enumerate(kinds(faces)):
        line = share.sum(axis=tuple(a for a in range(3) if a != 2 - n), dtype=float)
        centre[n] = _mean_position(line, kind)
        most = 0.0
        for side, layer, at in (("-", 0, 0.0), ("+", -1, float(len(line)))):
            touched = np.take(share, layer, axis=2 - n).max() > 0.5
            if faces.get("xyz"[n] + side) == "symmetry" and touched and line[layer] > most:
                centre[n], most = at, line[layer]
    return centre


def _mean_position(line: np.ndarray, kind: str) -> float:
    at = np.arange(len(line)) + 0.5
    total = line.sum()
    if total <= 0:
        return np.nan
    if kind != "periodic":
        return float((line * at).sum() / total)
    turn = np.angle((line * np.exp(2j * np.pi * at / len(line))).sum())
    return float(turn % (2 * np.pi) * len(line) / (2 * np.pi))


def whole(array: np.ndarray, faces: dict[str, str], parity: str = "") -> np.ndarray:
    """The field with its mirror images; `parity` names the axes that flip its sign ("x" for u)."""
    for n, axis in enumerate("xyz"):
        sign = -1 if axis in parity else 1
        mirror = sign * np.flip(array, 2 - n)
        if faces.get(f"{axis}-") == "symmetry":
            array = np.concatenate([mirror, array], axis=2 - n)
        elif faces.get(f"{axis}+") == "symmetry":
            array = np.concatenate([array, mirror], axis=2 - n)
    return array


def centred(phi: np.ndarray, faces: dict[str, str]) -> np.ndarray:
    """The field with its mirror images, rolled so that no body of it crosses a periodic face."""
    centre = centroid(inner(phi), faces)
    for n, kind in enumerate(kinds(faces)):
        if kind == "periodic" and phi.shape[2 - n] > 1:
            cells = phi.shape[2 - n]
            phi = np.roll(phi, cells // 2 - int(centre[n]), axis=2 - n)
    return whole(phi, faces)


def offset(at: np.ndarray, centre: np.ndarray, shape, faces: dict[str, str]) -> np.ndarray:
    """at - centre by the shortest way across periodic faces; (..., 3)."""
    away = np.asarray(at - centre, float)
    for n, kind in enumerate(kinds(faces)):
        if kind == "periodic":
            cells = shape[2 - n]
            away[..., n] -= cells * np.round(away[..., n] / cells)
    return away


def distance(shape, centre: np.ndarray, faces: dict[str, str]) -> np.ndarray:
    """Distance (cells) of every cell centre from `centre`, [z, y, x]; in the plane if nz = 1."""
    square = np.zeros(shape)
    for n in range(3):
        if shape[2 - n] > 1:
            at = np.zeros((shape[2 - n], 3)) + centre
            at[:, n] = np.arange(shape[2 - n]) + 0.5
            away = offset(at, centre, shape, faces)[:, n]
            square += (away**2).reshape([-1 if a == 2 - n else 1 for a in range(3)])
    return np.sqrt(square)


def directions(shape, polar: int = 32, around: int = 32) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors (m, 3) spread over the sphere (circle if nz = 1) and weights of sum 1.

    Gauss-Legendre in the cosine of the polar angle from z, equal steps in azimuth: exact for
    harmonics of a degree below 2 `polar` and `around`.
    """
    turn = (np.arange(around) + 0.5) * 2 * np.pi / around
    if shape[0] == 1:
        turn = (np.arange(4 * around) + 0.5) * np.pi / (2 * around)
        ring = np.stack([np.cos(turn), np.sin(turn), 0 * turn], axis=1)
        return ring, np.full(4 * around, 0.25 / around)
    cosine, weight = np.polynomial.legendre.leggauss(polar)
    sine = np.sqrt(1 - cosine**2)[:, None]
    vectors = np.stack(
        np.broadcast_arrays(sine * np.cos(turn), sine * np.sin(turn), cosine[:, None]), axis=-1
    )
    return vectors.reshape(-1, 3), np.repeat(weight / 2 / around, around)


def rays_about(
    centre: np.ndarray, shape, faces: dict[str, str], polar: int = 16, around: int = 16
) -> tuple[np.ndarray, np.ndarray]:
    """`directions` without those that symmetry faces through the centre make copies of."""
    rays, weights = directions(shape, polar, around)
    for n, axis in enumerate("xyz"):
        for side, face, inwards in (("-", 0.0, 1), ("+", float(shape[2 - n]), -1)):
            if faces.get(f"{axis}{side}") == "symmetry" and centre[n] == face and shape[2 - n] > 1:
                kept = rays[:, n] * inwards > 0  # no ray lies in a plane of the grid
                rays, weights = rays[kept], 2 * weights[kept]
    return rays, weights


def mean_radius(share: np.ndarray, centre: np.ndarray, faces: dict[str, str]) -> float:
    """Radius (cells) of the sphere (circle) whose volume the share = 1/2 surface encloses."""
    rays, weights = rays_about(centre, share.shape, faces)
    power = 2 if share.shape[0] == 1 else 3
    r = radii(share, centre, rays, faces, reach=float(sum(share.shape)))
    return float((weights * r**power).sum() ** (1 / power))


def bodies(phi: np.ndarray, faces: dict[str, str]) -> list[Body]:
    """Connected bodies of the inner phase, the largest first; below 27 cells they are dropped."""
    from scipy.ndimage import distance_transform_edt

    share = inner(phi)
    labels = connected(share > 0.5, faces)
    names, counts = np.unique(labels[labels > 0], return_counts=True)
    if len(names) > 1:  # the tail of each body is what lies nearer to it than to any other
        near = distance_transform_edt(labels == 0, return_distances=False, return_indices=True)
        labels = labels[tuple(near)]
    found = []
    for name, count in zip(names, counts, strict=True):
        if count < BODY_CELLS:
            continue
        own = share if len(names) == 1 else np.where(labels == name, share, 0.0)
        centre = centroid(own, faces)
        found.append(Body(centre, mean_radius(own, centre, faces), int(count)))
    return sorted(found, key=lambda body: -body.cells)


def connected(mask: np.ndarray, faces: dict[str, str]) -> np.ndarray:
    """Labels 1, 2, ... (with gaps) of connected cells, joined across periodic faces; else 0."""
    from scipy.ndimage import label

    labels, _ = label(mask)
    for n, kind in enumerate(kinds(faces)):
        if kind != "periodic" or mask.shape[2 - n] == 1:
            continue
        low, high = np.take(labels, 0, axis=2 - n), np.take(labels, -1, axis=2 - n)
        while True:
            pairs = np.unique(
                np.stack([low, high])[:, (low > 0) & (high > 0) & (low != high)].T, axis=0
            )
            if not len(pairs):
                break
            a, b = pairs[0]
            for array in (labels, low, high):
                array[array == max(a, b)] = min(a, b)
    return labels
