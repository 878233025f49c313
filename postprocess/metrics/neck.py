"""The neck between two drops that merge: its radius, the law by which it grows, Hopper's solution.

Pure functions of arrays [z, y, x] and the cell size, and of a series.
"""

import math

import numpy as np

from levitas.postprocess.metrics import surface_mesh as mesh
from levitas.postprocess.metrics.bodies import centroid, inner, whole
from levitas.postprocess.metrics.extent import length_along
from levitas.postprocess.metrics.metric import Metric
from levitas.postprocess.metrics.sampling import logit
from levitas.postprocess.metrics.value import Measured, NotMeasured

WINDOW = (0.35, 0.75)  # of the radius of a drop: beyond the interface's width, within the drop's


def neck_radius(phi, spacing, faces) -> float:
    """Radius of the circle of equal area of the section across x through the middle of the body.

    Between two equal drops on a line along x that is the neck. In 2-D half the section's length; 0
    where there is no liquid (no gas, for bubbles).
    """
    section = whole(_section(inner(phi), faces), {f: k for f, k in faces.items() if f[0] != "x"})
    if not (section > 0.5).any():
        return 0.0
    if phi.shape[0] == 1:
        return spacing * length_along(section, 1) / 2
    _, area = mesh.perimeter_and_area(np.moveaxis(section, 2, 0))
    return spacing * math.sqrt(area / math.pi)


def _section(share, faces) -> np.ndarray:
    """The share [z, y, one] in the plane across x through the middle; by its logit."""
    value = logit(share)
    for face, near, beyond in (("x-", 0, 1), ("x+", -1, -2)):
        if faces.get(face) == "symmetry":  # an even parabola
            return _share((9 * value[..., near] - value[..., beyond]) / 8)
    at = centroid(share, faces)[0] - 0.5
    low, cells = math.floor(at), share.shape[2]
    part = at - low
    return _share((1 - part) * value[..., low % cells] + part * value[..., (low + 1) % cells])


def _share(value) -> np.ndarray:
    return (1 / (1 + np.exp(-value)))[..., None]


def neck_exponent(time, neck_radius, liquid_volume, flat) -> Measured:
    """Power of time by which the neck of two drops grows from 0.35 to 0.75 of their radius.

    Time is that since the start, at which the drops touch: the slope of the logarithms.
    """
    t, neck = _opening(time, neck_radius, liquid_volume, flat)
    power, other = np.polyfit(np.log(t), np.log(neck), 1)
    rest = np.abs(np.log(neck) - power * np.log(t) - other).max()
    return Measured(float(power), f"{len(t)} records, largest departure {100 * rest:.2g} %")


def neck_prefactor(time, neck_radius, liquid_volume, flat, sigma, rho_l) -> Measured:
    """C in neck/R = C sqrt(t/tau), tau = sqrt(rho R^3/sigma), from 0.35 to 0.75 of the radius R.

    Time is that since the start, at which the drops touch: the mean of the logarithms.
    """
    t, neck = _opening(time, neck_radius, liquid_volume, flat)
    tau = math.sqrt(rho_l * _radius(liquid_volume, flat) ** 3 / sigma)
    local = np.log(neck) - np.log(t / tau) / 2
    spread = f"from {math.exp(local.min()):.3g} to {math.exp(local.max()):.3g}"
    return Measured(float(np.exp(local.mean())), spread)


def _radius(liquid_volume, flat: bool) -> float:
    """Radius of each of two equal drops."""
    half = float(liquid_volume[0]) / 2
    return math.sqrt(half / math.pi) if flat else (half * 3 / (4 * math.pi)) ** (1 / 3)


def _opening(time, neck_radius, liquid_volume, flat):
    """(time since the start, neck over the radius of a drop) within the window, up to its end."""
    neck = np.asarray(neck_radius, float) / _radius(liquid_volume, flat)
    late = np.nonzero(neck > WINDOW[1])[0]
    inside = (neck >= WINDOW[0]) & (np.arange(len(neck)) < (late[0] if len(late) else len(neck)))
    if inside.sum() < 5:
        raise NotMeasured("fewer than five records of a neck of 0.35 to 0.75 radii")
    return np.asarray(time, float)[inside] - time[0], neck[inside]


_NECK = ("time", "neck_radius", "liquid_volume")
METRICS = {
    "neck_radius": Metric(neck_radius, "m"),
    "neck_exponent": Metric(neck_exponent, series=_NECK),
    "neck_prefactor": Metric(neck_prefactor, series=_NECK),
}
