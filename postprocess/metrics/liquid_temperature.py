"""Measures of a liquid that is heated or cools: its temperatures, and the flow along its surface.

Pure functions of arrays [z, y, x]; mirror images add nothing to a mean.
"""

import numpy as np

from levitas.postprocess.metrics.metric import Metric
from levitas.postprocess.metrics.value import Measured, NotMeasured


def liquid_temperature(T, phi) -> float:
    """Mean temperature of the liquid."""
    share = np.clip(phi, 0, 1)
    if not share.any():
        raise NotMeasured("there is no liquid")
    return float((share * T).sum(dtype=float) / share.sum(dtype=float))


def liquid_temperature_max(T, phi) -> float:
    """Highest temperature of cells that are liquid by more than half."""
    if not (phi > 0.5).any():
        raise NotMeasured("there is no liquid")
    return float(T[phi > 0.5].max())


def surface_drift_x(u, phi) -> float:
    """Mean velocity along x of the liquid's surface less that of all the liquid.

    The surface counts by phi (1 - phi), which is symmetric about it.
    """
    share = np.clip(phi, 0, 1)
    skin = share * (1 - share)
    if not skin.any():
        raise NotMeasured("there is no surface")
    mean = [(w * u).sum(dtype=float) / w.sum(dtype=float) for w in (skin, share)]
    return float(mean[0] - mean[1])


def temperature_change(time, liquid_temperature) -> Measured:
    """Mean temperature of the liquid at the end less that at the start."""
    change = float(liquid_temperature[-1] - liquid_temperature[0])
    return Measured(change, f"in {time[-1] - time[0]:.4g}")


METRICS = {
    "liquid_temperature": Metric(liquid_temperature, "K"),
    "liquid_temperature_max": Metric(liquid_temperature_max, "K"),
    "temperature_change": Metric(temperature_change, "K", series=("time", "liquid_temperature")),
    "surface_drift_x": Metric(surface_drift_x, "m/s"),
}
