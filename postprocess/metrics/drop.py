"""Measures of drops and bubbles: pressure, volume, shape, motion.

Pure functions of arrays [z, y, x] and the cell size; symmetry faces count the mirror images in.
In 2-D (nz = 1) volumes are areas and spheres are circles.
"""

import math

import numpy as np

from levitas.postprocess.metrics import surface_mesh as mesh
from levitas.postprocess.metrics.bodies import (
    BODY_CELLS,
    bodies,
    centred,
    centroid,
    connected,
    distance,
    inner,
    mean_radius,
    mirrors,
    offset,
    rays_about,
)
from levitas.postprocess.metrics.metric import Metric
from levitas.postprocess.metrics.sampling import radii, surface_points
from levitas.postprocess.metrics.value import Measured, NotMeasured


def liquid_volume(phi, spacing, faces, solid=None) -> float:
    """Volume of the liquid, mirror images included; in 2-D its area. Solid cells hold none."""
    total = phi.sum(dtype=float, where=True if solid is None else ~solid)
    return float(total) * mirrors(phi.shape, faces) * _cell(phi, spacing)


def _cell(phi, spacing) -> float:
    return spacing ** (2 if phi.shape[0] == 1 else 3)


def centre_x(phi, spacing, faces, corner) -> float:
    """x of the drop's centroid; within the box where the box is periodic."""
    return float(corner[0] + spacing * centroid(inner(phi), faces)[0])


def centre_y(phi, spacing, faces, corner) -> float:
    """y of the drop's centroid; within the box where the box is periodic."""
    return float(corner[1] + spacing * centroid(inner(phi), faces)[1])


def centre_z(phi, spacing, faces, corner) -> float:
    """z of the drop's centroid; within the box where the box is periodic."""
    return float(corner[2] + spacing * centroid(inner(phi), faces)[2])


def _jumps(phi, p, width, spacing, faces):
    """(body, pressure inside less pressure outside) of every body, the largest first."""
    found = bodies(phi, faces)
    if not found:
        raise NotMeasured("there is no drop or bubble of 27 cells and more")
    away = [distance(phi.shape, body.centre, faces) for body in found]
    outside = np.ones(phi.shape, bool)
    for body, r in zip(found, away, strict=True):
        outside &= r > body.radius + 1.5 * width / spacing
    if not outside.any():
        raise NotMeasured("no cell is 1.5 interface widths away from the surface")
    level = p[outside].mean(dtype=float)
    inside = [p[r < max(b.radius / 2, 1.8)] for b, r in zip(found, away, strict=True)]
    return [(b, float(q.mean(dtype=float) - level)) for b, q in zip(found, inside, strict=True)]


def pressure_jump(phi, p, width, spacing, faces) -> float:
    """Mean pressure in r < R/2 less that beyond R + 1.5 W, for the largest drop or bubble."""
    return _jumps(phi, p, width, spacing, faces)[0][1]


def laplace_error(phi, p, width, sigma, spacing, faces) -> Measured:
    """Largest |dp R/((d - 1) sigma) - 1| of all drops and bubbles, R from the volume enclosed."""
    factor = (1 if phi.shape[0] == 1 else 2) * sigma
    errors = [
        jump * body.radius * spacing / factor - 1
        for body, jump in _jumps(phi, p, width, spacing, faces)
    ]
    note = ", ".join(f"{100 * error:+.2f} %" for error in errors)
    return Measured(max(abs(error) for error in errors), f"largest body first: {note}")


def body_count(phi, faces) -> float:
    """Number of drops or bubbles: connected bodies of the inner phase of 27 cells and more."""
    labels = connected(inner(phi) > 0.5, faces)
    _, cells = np.unique(labels[labels > 0], return_counts=True)
    return float((cells >= BODY_CELLS).sum())


def drop_radius(phi, spacing, faces) -> float:
    """Radius of the sphere (circle) of the volume that the phi = 1/2 surface encloses."""
    share = inner(phi)
    return mean_radius(share, centroid(share, faces), faces) * spacing


def sphericity(phi, faces) -> float:
    """Wadell's pi^(1/3) (6 V)^(2/3)/A of the phi = 1/2 surface; 2-D: circularity 4 pi A/P^2.

    Of everything liquid together (everything gas for bubbles); walls do not count as surface.
    """
    share = inner(phi)
    if not (share > 0.5).any():
        raise NotMeasured("there is no surface")
    share = centred(share, faces)
    if share.shape[0] == 1:
        perimeter, area = mesh.perimeter_and_area(share)
        return 4 * math.pi * area / perimeter**2
    area, volume = mesh.area_and_volume(mesh.triangles(share))
    return math.pi ** (1 / 3) * (6 * volume) ** (2 / 3) / area


def shape_deviation(phi, faces) -> float:
    """Largest |r - R|/R of the phi = 1/2 surface about the drop's centroid, R the mean radius."""
    share = inner(phi)
    if not (share > 0.5).any():
        raise NotMeasured("there is no surface")
    centre = centroid(share, faces)
    r = np.linalg.norm(offset(surface_points(share, faces), centre, phi.shape, faces), axis=1)
    mean = mean_radius(share, centre, faces)
    return float(abs(r - mean).max() / mean)


def mode_amplitude(phi, spacing, faces, n=2, axis=(0.0, 0.0, 1.0)) -> float:
    """Amplitude a_n of the surface r = R + a_n P_n(cos theta), 2-D: cos(n theta), from `axis`.

    From radii along rays about the drop's centre (a quarter or an octant suffices), by projection.
    """
    share = inner(phi)
    centre = centroid(share, faces)
    rays, weights = rays_about(centre, phi.shape, faces, around=8)
    r = radii(share, centre, rays, faces, reach=float(sum(phi.shape)))
    if phi.shape[0] == 1:
        along = np.arctan2(rays[:, 1], rays[:, 0]) - math.atan2(axis[1], axis[0])
        return float(2 * (weights * r * np.cos(n * along)).sum() * spacing)
    cosine = rays @ np.asarray(axis, float) / np.linalg.norm(axis)
    legendre = np.polynomial.legendre.Legendre.basis(n)(cosine)
    return float((2 * n + 1) * (weights * r * legendre).sum() * spacing)


def phi_dip(phi, width, spacing, faces) -> float:
    """1 - the least phi in r < R - 2 W of a drop (0.0003 for an undisturbed profile)."""
    centre = centroid(phi, faces)
    radius = mean_radius(phi, centre, faces) - 2 * width / spacing
    inside = distance(phi.shape, centre, faces) < radius
    if not inside.any():
        raise NotMeasured("the drop has no cell two interface widths inside")
    return float(1 - phi[inside].min())


METRICS = {
    "liquid_volume": Metric(liquid_volume, "m3", "m2"),
    "centre_x": Metric(centre_x, "m"),
    "centre_y": Metric(centre_y, "m"),
    "centre_z": Metric(centre_z, "m"),
    "drop_radius": Metric(drop_radius, "m"),
    "body_count": Metric(body_count),
    "pressure_jump": Metric(pressure_jump, "Pa", words="pressure jump"),
    "laplace_error": Metric(laplace_error, words="largest Laplace error"),
    "sphericity": Metric(sphericity),
    "shape_deviation": Metric(shape_deviation, words="deviation from the sphere"),
    "mode_amplitude": Metric(mode_amplitude, "m", words="mode amplitude"),
    "phi_dip": Metric(phi_dip, words="dip of phi inside"),
}
