"""Shear stress in a channel of liquid and gas layers.

Pure functions of arrays [z, y, x] and the cell size.
"""

import numpy as np

from levitas.postprocess.metrics.metric import Metric
from levitas.postprocess.metrics.sampling import kinds
from levitas.postprocess.metrics.value import Measured, NotMeasured

CLEAR = 1.5  # widths from every surface, where the profile of phi is flat


def stress_ratio(u, v, w, phi, faces, width, spacing, mu_l, mu_g) -> Measured:
    """Shear stress in the liquid over that in the gas, between two walls: 1 in steady Couette flow.

    Slopes of straight lines through the mean velocity along the walls, in each phase 1.5 interface
    widths and more away from the surface.
    """
    walls = [n for n, kind in enumerate(kinds(faces)) if kind == "wall"]
    if len(walls) != 1:
        raise NotMeasured("a channel has walls on two opposite faces")
    mean = tuple(a for a in range(3) if a != 2 - walls[0])
    fraction = phi.mean(axis=mean, dtype=float)
    y = np.arange(len(fraction)) * spacing
    surfaces = np.nonzero(np.diff(fraction > 0.5))[0] + 0.5
    if not len(surfaces):
        raise NotMeasured("there is no surface across the channel")
    clear = np.abs(y / spacing - surfaces[:, None]).min(axis=0) * spacing > CLEAR * width
    speeds = [c.mean(axis=mean, dtype=float) for n, c in enumerate((u, v, w)) if n != walls[0]]
    speed = max(speeds, key=np.ptp)
    liquid, gas = clear & (fraction > 0.5), clear & (fraction < 0.5)
    if liquid.sum() < 3 or gas.sum() < 3:
        raise NotMeasured("a layer has fewer than 3 cells clear of the surface")
    stress = [
        mu * np.polyfit(y[part], speed[part], 1)[0] for mu, part in ((mu_l, liquid), (mu_g, gas))
    ]
    if not stress[1]:
        raise NotMeasured("the gas is not sheared")
    return Measured(float(stress[0] / stress[1]), f"{liquid.sum()} and {gas.sum()} cells")


METRICS = {
    "stress_ratio": Metric(stress_ratio, viscous=True, words="stress of the liquid over the gas")
}
