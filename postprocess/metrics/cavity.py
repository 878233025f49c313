"""The lid-driven cavity beside Ghia, Ghia and Shin (J. Comput. Phys. 48, 387, 1982)."""

import numpy as np

from levitas.postprocess.metrics.metric import Metric
from levitas.postprocess.metrics.value import Measured, NotMeasured

# Positions over the edge, then u/U on the vertical centre line (Table I), by Reynolds number.
Y = [0.0547, 0.0625, 0.0703, 0.1016, 0.1719, 0.2813, 0.4531, 0.5]
Y += [0.6172, 0.7344, 0.8516, 0.9531, 0.9609, 0.9688, 0.9766]
U = {
    100: [-0.03717, -0.04192, -0.04775, -0.06434, -0.1015, -0.15662, -0.2109, -0.20581]
    + [-0.13641, 0.00332, 0.23151, 0.68717, 0.73722, 0.78871, 0.84123],
    400: [-0.08186, -0.09266, -0.10338, -0.14612, -0.24299, -0.32726, -0.17119, -0.11477]
    + [0.02135, 0.16256, 0.29093, 0.55892, 0.61756, 0.68439, 0.75837],
    1000: [-0.18109, -0.20196, -0.2222, -0.2973, -0.38289, -0.27805, -0.10648, -0.0608]
    + [0.05702, 0.18719, 0.33304, 0.46604, 0.51117, 0.57492, 0.65928],
}
# v/U on the horizontal centre line (Table II). At Re 400 and x = 0.9063 the printed -0.23827 is a
# known misprint; the point is left out.
X = [0.0625, 0.0703, 0.0781, 0.0938, 0.1563, 0.2266, 0.2344, 0.5]
X += [0.8047, 0.8594, 0.9063, 0.9453, 0.9531, 0.9609, 0.9688]
V = {
    100: [0.09233, 0.10091, 0.1089, 0.12317, 0.16077, 0.17507, 0.17527, 0.05454]
    + [-0.24533, -0.22445, -0.16914, -0.10313, -0.08864, -0.07391, -0.05906],
    400: [0.1836, 0.19713, 0.2092, 0.22965, 0.28124, 0.30203, 0.30174, 0.05186]
    + [-0.38598, -0.44993, np.nan, -0.22847, -0.19254, -0.15663, -0.12146],
    1000: [0.27485, 0.29012, 0.30353, 0.32627, 0.37095, 0.33075, 0.32235, 0.02526]
    + [-0.31966, -0.42665, -0.5155, -0.39188, -0.33714, -0.27669, -0.21388],
}


def cavity_error(u, v, lid, lengths, nu_l) -> Measured:
    """Root mean square of the velocity less Ghia's on both centre lines, over the lid's speed.

    u, v [z, y, x] of a square box whose face y+ moves along x at `lid`; Re 100, 400 or 1000.
    """
    if not lid:
        raise NotMeasured("no wall moves")
    reynolds = lid * lengths[0] / nu_l
    known = min(U, key=lambda re: abs(re - reynolds))
    if abs(known / reynolds - 1) > 0.01:
        raise NotMeasured(f"Ghia's tables have no Re {reynolds:.4g}; they have {list(U)}")
    n = u.shape[1]
    at = (np.arange(n) + 0.5) / n
    upright = _middle(u[0].T.astype(float)) / lid
    level = _middle(v[0].astype(float)) / lid
    misses = np.concatenate(
        [np.interp(Y, at, upright) - U[known], np.interp(X, at, level) - V[known]]
    )
    misses = misses[np.isfinite(misses)]
    worst = np.abs(misses).max()
    return Measured(float(np.sqrt((misses**2).mean())), f"largest {worst:.2g}, Re {reynolds:.4g}")


def cavity_u_min(u, lid) -> float:
    """Smallest u on the vertical centre line, over the lid's speed: what returns below.

    u [z, y, x] of a box whose face y+ moves along x at `lid`; the least of the parabola through
    three cells. References are better known than Ghia's tables are (0.003 off at Re 100).
    """
    if not lid:
        raise NotMeasured("no wall moves")
    line = _middle(u[0].T.astype(float)) / lid
    n = int(np.clip(line.argmin(), 1, len(line) - 2))
    low, least, high = line[n - 1 : n + 2]
    bend = high - 2 * least + low
    return float(least - (high - low) ** 2 / (8 * bend) if bend else least)


def _middle(rows: np.ndarray) -> np.ndarray:
    """The line half-way through the rows."""
    n = len(rows)
    return (rows[(n - 1) // 2] + rows[n // 2]) / 2


METRICS = {
    "cavity_error": Metric(cavity_error, viscous=True, words="distance from Ghia's tables"),
    "cavity_u_min": Metric(cavity_u_min, viscous=True, words="least u on the vertical centre line"),
}
