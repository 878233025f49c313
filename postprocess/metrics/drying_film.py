"""A film that dries: the solute that is left behind, by one-dimensional diffusion and as measured.

The surface of a film on a wall comes down at the speed E, h = h0 - E t, and nothing passes it:
    dc/dt = D d2c/dz2,   dc/dz = 0 at z = 0,   D dc/dz = E c at z = h.
With s = z/h it is a balance on 0 < s < 1, d(h c)/dt = -d/ds [s E c - (D/h) dc/ds], without flux at
both ends: finite volumes, fine near the surface, keep the content exactly. Peclet number E h0/D.
"""

import numpy as np

from levitas.postprocess.metrics.film import thickness
from levitas.postprocess.metrics.metric import Metric
from levitas.postprocess.metrics.sampling import logit
from levitas.postprocess.metrics.value import Measured, NotMeasured


def skin(phi, c, film_axis, spacing) -> Measured:
    """Concentration at the surface of a film (phi = 1/2) over its mean, a solute of the liquid."""
    held, share = (np.moveaxis(a.astype(float), 2 - film_axis, 0) for a in (c, phi))
    value = logit(share)
    last = (value[:-1] > 0) & (value[1:] <= 0)
    if not last.any():
        raise NotMeasured("there is no surface")
    rich = held[:-1] / np.maximum(share[:-1], 1e-3), held[1:] / np.maximum(share[1:], 1e-3)
    part = value[:-1] / np.where(last, value[:-1] - value[1:], 1)
    at = (rich[0] + part * (rich[1] - rich[0]))[last]
    mean = held.sum() / share.sum()
    height = thickness(phi, film_axis, spacing).mean()
    return Measured(float(at.mean() / mean), f"thickness {height:.4g}")


def solute_content(c, spacing) -> float:
    """Sum of the solute over the cells, times their volume (in 2-D area)."""
    return float(c.sum(dtype=float)) * spacing ** (2 if c.shape[0] == 1 else 3)


def solute_drift(time, step, solute_content) -> Measured:
    """Largest |content/content(0) - 1| of the solute per 10^4 steps (of the run if shorter)."""
    drift = np.abs(solute_content / solute_content[0] - 1).max()
    steps = int(step[-1] - step[0])
    return Measured(float(drift / max(1.0, steps / 1e4)), f"{drift:.3g} in {steps} steps")


METRICS = {
    "skin": Metric(skin),
    "solute_content": Metric(solute_content, "m3", "m2"),
    "solute_drift": Metric(solute_drift, series=("time", "step", "solute_content")),
}
