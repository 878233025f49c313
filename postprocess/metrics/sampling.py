"""Where the phi = 1/2 surface is, to a small part of a cell.

phi jumps over a few cells, but logit(phi) = ln(phi/(1 - phi)) is the signed distance to the surface
times 4/W for the equilibrium profile, so it is interpolated instead: linear along the normal, and
cubic in the curvature of the surface.

Positions are in cells: the centre of cell i lies at i + 1/2. Arrays are [z, y, x], positions
(..., 3) in the order (x, y, z). `faces` maps "x-", "x+", ... to the kind of face: periodic axes
wrap; at symmetry faces and at walls (90 degrees) the field is mirrored.
"""

import numpy as np

LOGIT_CLIP = 1e-6
REFINEMENTS, HALVINGS = 5, 20


def logit(phi: np.ndarray) -> np.ndarray:
    """ln(phi/(1 - phi)) with phi clipped to [1e-6, 1 - 1e-6], float64."""
    phi = np.clip(np.asarray(phi, float), LOGIT_CLIP, 1 - LOGIT_CLIP)
    return np.log(phi / (1 - phi))


def wrap(index: np.ndarray, cells: int, kind: str) -> np.ndarray:
    """Indices beyond the box moved into it: wrapped if `kind` is periodic, else mirrored."""
    if kind == "periodic":
        return index % cells
    index = index % (2 * cells)
    return np.where(index < cells, index, 2 * cells - 1 - index)


def kinds(faces: dict[str, str]) -> tuple[str, str, str]:
    """The kind of each axis (x, y, z), told by its lower face; periodic where nothing is said."""
    return tuple(faces.get(f"{axis}-", "periodic") for axis in "xyz")


def nearest(phi: np.ndarray, at: np.ndarray, faces: dict[str, str]) -> np.ndarray:
    """phi of the cell that holds each position."""
    cell = np.floor(at).astype(int)
    x, y, z = (wrap(cell[..., n], phi.shape[2 - n], kind) for n, kind in enumerate(kinds(faces)))
    return phi[z, y, x]


def cubic(phi: np.ndarray, at: np.ndarray, faces: dict[str, str]) -> np.ndarray:
    """logit(phi) at each position, interpolated over 4 x 4 x 4 cells (4 x 4 if nz = 1)."""
    base = np.floor(at - 0.5).astype(int)
    weights = _lagrange(at - 0.5 - base)
    index = []
    for n, kind in enumerate(kinds(faces)):
        around = base[..., n, None] + np.arange(-1, 3)
        index.append(wrap(around, phi.shape[2 - n], kind))
    x, y, z = index
    wx, wy, wz = (weights[..., n, :] for n in range(3))
    if phi.shape[0] == 1:
        values = logit(phi[0, y[..., :, None], x[..., None, :]])
        return np.einsum("...yx,...y,...x->...", values, wy, wx)
    values = logit(phi[z[..., :, None, None], y[..., None, :, None], x[..., None, None, :]])
    return np.einsum("...zyx,...z,...y,...x->...", values, wz, wy, wx, optimize=True)


def _lagrange(t: np.ndarray) -> np.ndarray:
    """Weights of the four neighbours at -1, 0, 1, 2 for a position t in [0, 1)."""
    a, b, c, d = t + 1, t, t - 1, t - 2
    return np.stack([-b * c * d / 6, a * c * d / 2, -a * b * d / 2, a * b * c / 6], axis=-1)


def radii(
    phi: np.ndarray, centre, directions: np.ndarray, faces: dict[str, str], reach: float
) -> np.ndarray:
    """Distance (cells) from `centre` to the first phi = 1/2 along each unit direction (m, 3).

    NaN where there is none within `reach` cells. Error below 1e-3 cells for radii of curvature
    above 8 cells.
    """
    centre = np.asarray(centre, float)
    steps = np.arange(0.0, reach, 0.5)
    liquid = nearest(phi, centre + directions[:, None, :] * steps[:, None], faces) > 0.5
    change = liquid != liquid[:, :1]
    found = change.any(axis=1)
    result = np.full(len(directions), np.nan)
    rays = directions[found]
    middle = steps[change[found].argmax(axis=1)] - 0.25

    def along(r):
        return cubic(phi, centre + rays * r[:, None], faces)

    low, high = middle - 1.25, middle + 1.25  # nearest cells are off by at most 0.87
    f_low, f_high = along(low), along(high)
    for _ in range(REFINEMENTS):  # the logit is nearly linear: false position converges at once
        guess = np.clip(low - f_low * (high - low) / (f_high - f_low), middle - 1.5, middle + 1.5)
        f = along(guess)
        same = f * f_low > 0
        low, f_low = np.where(same, guess, low), np.where(same, f, f_low)
        high, f_high = np.where(same, high, guess), np.where(same, f_high, f)
    result[found] = guess
    return result


def surface_points(phi: np.ndarray, faces: dict[str, str]) -> np.ndarray:
    """Points (m, 3) where grid lines through cell centres cross phi = 1/2, in cells."""
    points = []
    for n, kind in enumerate(kinds(faces)):
        if phi.shape[2 - n] > 1:
            points.append(_crossings(phi, n, kind))
    return np.concatenate(points)


def _crossings(phi: np.ndarray, n: int, kind: str) -> np.ndarray:
    lines = np.moveaxis(phi, 2 - n, -1)
    cells = lines.shape[-1]
    liquid = lines > 0.5
    if kind == "periodic":
        change = liquid != np.roll(liquid, -1, axis=-1)
    else:
        change = liquid[..., :-1] != liquid[..., 1:]
    *other, i = np.nonzero(change)
    around = wrap(i[:, None] + np.arange(-1, 3), cells, kind)
    values = logit(lines[(*(o[:, None] for o in other), around)])
    t, step = np.full(len(i), 0.5), 0.25
    for _ in range(HALVINGS):  # lines that graze the surface defeat faster ways
        f = (values * _lagrange(t)).sum(axis=1)
        t, step = np.where(f * values[:, 1] > 0, t + step, t - step), step / 2
    at = np.empty((len(i), 3))
    rest = [axis for axis in (2, 1, 0) if axis != n]  # `other` in the order of moveaxis: z, y, x
    for axis, o in zip(rest, other, strict=True):
        at[:, axis] = o + 0.5
    at[:, n] = i + 0.5 + t
    return at
