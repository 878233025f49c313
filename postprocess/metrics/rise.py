"""How a drop or a bubble rises or sinks, and how round it stays.

Pure functions of arrays [z, y, x]; those of a series are at the end. "Up" is against gravity;
without gravity it is y (2-D) or z.
"""

import math

import numpy as np

from levitas.postprocess.metrics.bodies import inner
from levitas.postprocess.metrics.drop import sphericity
from levitas.postprocess.metrics.metric import Metric
from levitas.postprocess.metrics.value import Measured, NotMeasured


def upwards(gravity, flat: bool) -> np.ndarray:
    """Unit vector (x, y, z) against gravity; y or z without it."""
    g = np.asarray(gravity, float)
    size = np.linalg.norm(g)
    return -g / size if size else np.eye(3)[1 if flat else 2]


def rise_velocity(phi, u, v, w, gravity) -> float:
    """Mean velocity of the inner phase against gravity, less the mean velocity of everything.

    Weighted by the fraction of the inner phase: liquid for drops, gas for bubbles. Negative where
    it sinks. What is taken off is zero for two incompressible fluids between walls; in a box that
    is periodic along gravity it is the flux of volume, so this is the velocity at zero flux.
    """
    share = np.clip(inner(phi), 0, 1)
    total = share.sum(dtype=float)
    if not total:
        raise NotMeasured("there is no drop or bubble")
    velocity = [(share * c).sum(dtype=float) / total - c.mean(dtype=float) for c in (u, v, w)]
    return float(np.dot(velocity, upwards(gravity, phi.shape[0] == 1)))


def circularity(phi, faces) -> float:
    """Perimeter of the circle of equal area over that of the phi = 1/2 line, 2-D (Wadell)."""
    if phi.shape[0] > 1:
        raise NotMeasured("circularity is of 2-D runs; take sphericity")
    return math.sqrt(sphericity(phi, faces))


def rise_velocity_max(time, rise_velocity) -> Measured:
    """Largest rise velocity of the run: top of the parabola through the three records there."""
    at, value = _peak(time, rise_velocity)
    return Measured(value, f"at time {at:.4g}")


def circularity_min(time, circularity) -> Measured:
    """Least circularity of the run: foot of the parabola through the three records there."""
    at, value = _peak(time, -circularity)
    return Measured(-value, f"at time {at:.4g}")


def _peak(time, value) -> tuple[float, float]:
    """(time, largest value) of a series between its records."""
    time, value = (np.asarray(a, float)[np.isfinite(value)] for a in (time, value))
    if not len(value):
        raise NotMeasured("the series has no record of it")
    top = int(value.argmax())
    if not 0 < top < len(value) - 1:
        return float(time[top]), float(value[top])
    near = slice(top - 1, top + 2)
    a, b, c = np.polyfit(time[near] - time[top], value[near], 2)
    if a >= 0:  # three equal values
        return float(time[top]), float(value[top])
    return float(time[top] - b / (2 * a)), float(c - b * b / (4 * a))


METRICS = {
    "circularity": Metric(circularity),
    "rise_velocity": Metric(rise_velocity, "m/s"),
    "rise_velocity_max": Metric(rise_velocity_max, "m/s", series=("time", "rise_velocity")),
    "circularity_min": Metric(circularity_min, series=("time", "circularity")),
}
