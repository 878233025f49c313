"""Made fields whose measures are known, and a run folder in the layout of a real run."""

import numpy as np

SYMMETRIC = dict.fromkeys(("x-", "x+", "y-", "y+", "z-", "z+"), "symmetry")
PERIODIC = dict.fromkeys(SYMMETRIC, "periodic")


def centres(cells):
    """Positions of cell centres x, y, z in cells, broadcastable to [z, y, x]."""
    nx, ny, nz = cells
    return (
        np.arange(nx) + 0.5,
        (np.arange(ny) + 0.5)[:, None],
        (np.arange(nz) + 0.5)[:, None, None],
    )


def drop(cells, centre, radius, width=4.0, amplitude=0.0, n=2, axis=2):
    """phi of a drop of radius R (1 + a P_n(cos theta)), 2-D: R (1 + a cos(n theta)), in cells."""
    away = [q - c for q, c in zip(centres(cells), centre, strict=True)]
    if cells[2] == 1:
        r = np.hypot(away[0], away[1]) + 0 * away[2]
        shape = np.cos(n * np.arctan2(away[1], away[0]))
    else:
        r = np.sqrt(sum(q**2 for q in away)) + 1e-12
        shape = np.polynomial.legendre.Legendre.basis(n)(away[axis] / r)
    phi = 0.5 * (1 + np.tanh(2 * (radius * (1 + amplitude * shape) - r) / width))
    return np.broadcast_to(phi, cells[::-1]).astype(np.float32)
