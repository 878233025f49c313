"""Streamlines of a velocity on a plane, evenly spaced: many are drawn at once, few are kept."""

import numpy as np

ACROSS = 32  # lines side by side along the longer edge
STEPS = 6  # of a line from one to the next of them
LONGEST, SHORTEST = 1.2, 0.08  # over the longer edge, in each direction and in all
LEAST = 1e-5  # of the greatest speed: slower than this a line ends


def streamlines(u: np.ndarray, v: np.ndarray) -> list[np.ndarray]:
    """Lines along the velocity (u, v) of shape (ny, nx): each an array of points (x, y) in cells.

    Lines end at the edge, where the velocity is not finite or nearly zero, where they come back
    to themselves, and where a longer line is near.
    """
    speed = np.hypot(u, v)
    top = np.nanmax(speed, initial=0.0)
    if min(u.shape) < 2 or not top > 0:
        return []
    with np.errstate(invalid="ignore", divide="ignore"):
        along = np.where(speed > LEAST * top, np.stack([u, v]) / speed, np.nan)
    apart = (max(u.shape) - 1) / ACROSS
    ny, nx = u.shape
    rows, columns = (max(1, round((n - 1) / apart)) for n in (ny, nx))
    raster = np.array([(nx - 1) / columns, (ny - 1) / rows])
    y, x = np.mgrid[:rows, :columns]
    seeds = (np.stack([x.ravel(), y.ravel()], axis=1) + 0.5) * raster
    ways = [_walk(along, seeds, sign * apart / STEPS) for sign in (1, -1)]
    return _kept(ways, raster, (columns, rows), SHORTEST * ACROSS * STEPS)


def _walk(along: np.ndarray, points: np.ndarray, step: float) -> np.ndarray:
    """The points (steps, lines, 2) of lines from `points` on, NaN after the end of a line."""
    from scipy.ndimage import map_coordinates

    def direction(at: np.ndarray) -> np.ndarray:
        where = at.T[::-1]
        found = [map_coordinates(c, where, order=1, cval=np.nan) for c in along]
        return np.stack(found, axis=1)

    line = [points]
    for _ in range(round(LONGEST * ACROSS * STEPS)):
        middle = line[-1] + step / 2 * direction(line[-1])
        line.append(line[-1] + step * direction(middle))  # NaN stays NaN
    return np.array(line)


def _kept(ways: list[np.ndarray], raster: np.ndarray, size: tuple, shortest: float) -> list:
    """Of the lines ahead and back from the same seeds those that keep apart, the longest first."""
    lengths = sum(np.isfinite(way[..., 0]).sum(axis=0) for way in ways)
    taken, lines = set(), []
    for n in np.argsort(-lengths, kind="stable"):
        own, pieces = set(), []
        for way in ways:
            line = way[np.isfinite(way[:, n, 0]), n]
            cells = np.minimum(line // raster, np.array(size) - 1).astype(int)
            pieces.append(line[: _free(cells @ (1, size[0]), taken, own)])
        line = np.concatenate([pieces[1][:0:-1], pieces[0]])
        if len(line) > shortest:
            taken |= own
            lines.append(line)
    return lines


def _free(cells: np.ndarray, taken: set, own: set) -> int:
    """How many points of a line lie in cells that none took before; they are added to `own`."""
    last = next(iter(cells), 0)
    for n, cell in enumerate(cells.tolist()):
        if cell in taken or (cell in own and cell != last):
            return n
        own.add(cell)
        last = cell
    return len(cells)
