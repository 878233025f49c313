"""The coat on what is drawn out of a bath: a plate (a moving wall face) or a fibre (a solid).

Thickness is counted along the way it is drawn: of a plate h(s) = sum phi dx across it, of a fibre
from the liquid's section A(s), h = sqrt(r^2 + A/pi) - r with r from the section of the solid cells.
"""

import math

import numpy as np

from levitas.postprocess.metrics.film import mirrors_across
from levitas.postprocess.metrics.metric import Metric
from levitas.postprocess.metrics.value import Measured, NotMeasured

EVEN = 0.02  # (largest - smallest)/mean over the stretch that counts
STRETCH = 8  # it is this part of the length of the box


def coat_profile(phi, drawn, spacing, faces, solid=None) -> np.ndarray:
    """Thickness at each place in the direction of drawing, the bath's end first."""
    along = drawn["along"]
    if drawn["normal"] is not None:
        others = tuple(a for a in range(3) if a not in (2 - along, 2 - drawn["normal"]))
        profile = phi.sum(axis=2 - drawn["normal"], keepdims=True).mean(axis=others, keepdims=True)
        profile = profile.ravel() * spacing
    else:
        if solid is None:
            raise NotMeasured("no solid shape is drawn along its axis")
        across = tuple(a for a in range(3) if a != 2 - along)
        unit = spacing**2 * mirrors_across(phi.shape, faces, along) / math.pi
        core = solid.sum(axis=across) * unit
        liquid = (phi * ~solid).sum(axis=across) * unit
        profile = np.sqrt(core + liquid) - np.sqrt(core)
    return profile if drawn["sign"] > 0 else profile[::-1]


def coat_thickness(phi, drawn, spacing, faces, solid=None) -> Measured:
    """Thickness of the coat on a plate or fibre drawn out of a bath.

    The mean over the first stretch above the bath, an eighth of the box long, that is even within
    2 %; where there is none, over the most even one.
    """
    h = coat_profile(phi, drawn, spacing, faces, solid)
    first = int(np.argmax(h < h.max() / 2))
    count = len(h) // STRETCH
    if h[first] >= h.max() / 2 or len(h) - first < count:
        raise NotMeasured("there is no coat above the bath")
    views = np.lib.stride_tricks.sliding_window_view(h[first:], count)
    spread = np.ptp(views, axis=1) / views.mean(axis=1)
    best = int(np.argmax(spread < EVEN)) if (spread < EVEN).any() else int(spread.argmin())
    place = (first + best + count / 2) / len(h)
    note = f"even within {100 * spread[best]:.2g} %, at {place:.2f} of the way through the box"
    return Measured(float(views[best].mean()), note)


METRICS = {
    "coat_thickness": Metric(coat_thickness, "m"),
}
