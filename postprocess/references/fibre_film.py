"""Linear theory of a liquid film around a rigid fibre: how fast it beads or evens out."""

import math

import numpy as np

POINTS = 20  # of Chebyshev's across the film: rates within 1e-8


def annular_rate(wavelength, radius, fibre, mu, sigma, rho=0.0) -> float:
    """Growth rate (1/s) of a wave on a film between radii `fibre` and `radius`; < 0 if it heals.

    Goren, JFM 12, 309 (1962): axisymmetric flow between a rigid fibre and a free surface, inertia
    included (rho = 0: Stokes flow). Per exp(s t + ikz) with u_r = -ik f, w = D f = f' + f/r and
    L f = (D f)' - k^2 f, momentum is mu L L f = rho s L f; f = D f = 0 on the fibre; on the surface
    L f + 2 k^2 f = 0 (no shear stress) and the normal stress closes the problem:
        s [(rho s D f - mu D L f)/k + 2 mu k f'] + sigma k (k^2 - 1/R^2) f = 0.
    Lengths below are in R, times in mu R/sigma. A thin film has the rate
    sigma h^3/(3 mu R^4) (kR)^2 [1 - (kR)^2].
    """
    from scipy.optimize import brentq

    k, inertia = 2 * math.pi * radius / wavelength, rho * sigma * radius / mu**2
    grid = _film(fibre / radius, k)
    drive = k * (1 - k * k)
    stokes = drive / _resistance(grid, k, 0.0)
    if not inertia or not stokes:
        return stokes * sigma / (mu * radius)

    def excess(s):
        return s * _resistance(grid, k, inertia * s) - drive

    low, high = (0.0, stokes) if stokes > 0 else (2 * stokes, 0.0)
    if excess(low) * excess(high) > 0:
        raise ValueError("such a wave swings on its way to rest: it has no single rate")
    return brentq(excess, low, high, xtol=1e-12 * abs(stokes)) * sigma / (mu * radius)


def _resistance(grid, k: float, inertia: float) -> float:
    """Normal stress that a surface rising with f = 1 needs; `inertia`: rho s R^2/mu."""
    slope, spread, bend = grid
    one = np.eye(POINTS)
    system, given = bend @ bend - inertia * bend, np.zeros(POINTS)
    system[0], given[0] = one[0], 1.0  # the surface is the first point, the fibre the last
    system[1] = bend[0] + 2 * k * k * one[0]
    system[-2], system[-1] = spread[-1], one[-1]
    f = np.linalg.solve(system, given)
    return ((inertia * spread - spread @ bend) @ f / k + 2 * k * slope @ f)[0]


def _film(fibre: float, k: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Matrices of d/dr, D and L from r = 1 to `fibre` on Chebyshev points (Trefethen 2000)."""
    t = np.cos(math.pi * np.arange(POINTS) / (POINTS - 1))
    weight = (-1.0) ** np.arange(POINTS)
    weight[[0, -1]] *= 2
    slope = np.outer(weight, 1 / weight) / (t[:, None] - t + np.eye(POINTS))
    r = fibre ** ((1 - t) / 2)  # even steps of ln r, for thin fibres
    slope = (slope - np.diag(slope.sum(axis=1))) * (2 / math.log(1 / fibre) / r)[:, None]
    spread = slope + np.diag(1 / r)
    return slope, spread, slope @ spread - k * k * np.eye(POINTS)


REFERENCES = (annular_rate,)
