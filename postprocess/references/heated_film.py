"""Linear theory of a film heated from below: Benard, Marangoni and both together.

Film 0 < z < 1 on an isothermal floor without slip, a free surface that lets a constant heat flux
through (Bi = 0). Lengths in its thickness h, times in h^2/alpha, temperatures in dT, the drop over
h at rest. A disturbance (w, theta, eta) exp(i k x + s t) of velocity, temperature, surface obeys
    (s/Pr)(D^2 - k^2) w = (D^2 - k^2)^2 w - Ra k^2 theta,     s theta = (D^2 - k^2) theta + w
with w = Dw = theta = 0 at z = 0 and at z = 1
    w = s eta,   D theta = 0,   (D^2 + k^2) w + Ma k^2 (theta - eta) = 0,
    Cr [(D^2 - 3 k^2) Dw - (s/Pr) Dw] = k^2 (Bo + k^2) eta.
Ma = |d sigma/dT| dT h/(mu alpha), Ra = g beta dT h^3/(nu alpha), Cr = mu alpha/(sigma h) (0: a
surface that stays flat), Bo = rho g h^2/sigma. Pearson, JFM 4, 489, 1958; Nield, JFM 19, 341, 1964;
the deforming surface: Takashima, J. Phys. Soc. Japan 50, 2745, 1981. Chebyshev collocation.
"""

import numpy as np

POINTS = 28  # collocation intervals; 20 give eight digits
FAST = 1e5  # eigenvalues beyond it belong to boundary rows, not to the film


def film_growth_rate(kh, marangoni, rayleigh=0.0, prandtl=1.0, crispation=0.0, bond=0.0) -> float:
    """Largest growth rate of a disturbance of wave number kh, times h^2/alpha."""
    from scipy.linalg import eig

    drive, rest, mass = _film(kh, rayleigh, prandtl, crispation, bond)
    rates = eig(rest + marangoni * drive, mass, right=False)
    rates = rates[np.isfinite(rates)]
    return float(rates[np.abs(rates) < FAST].real.max())


def marangoni_onset(kh, rayleigh=0.0, crispation=0.0, bond=0.0) -> float:
    """Marangoni number at which a disturbance of wave number kh neither grows nor decays."""
    from scipy.linalg import eig

    drive, rest, _ = _film(kh, rayleigh, 1.0, crispation, bond)
    found = eig(rest, -drive, right=False)
    found = found[np.isfinite(found)]
    real = found.real[(np.abs(found.imag) < 1e-6 * np.abs(found)) & (np.abs(found) < 1e9)]
    return float(real[np.abs(real).argmin()])


def rayleigh_onset(kh) -> float:
    """Rayleigh number at which it neither grows nor decays without Marangoni stress."""
    from scipy.optimize import brentq

    return float(brentq(lambda ra: film_growth_rate(kh, 0.0, ra), 1.0, 1e5, xtol=1e-9))


def _film(k, ra, pr, cr, bo) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(A1, A0, B) of (Ma A1 + A0) v = s B v, v = (w at the points, theta at the points, eta)."""
    z, first = _chebyshev(POINTS)
    n, k2 = len(z), k * k
    eye, second = np.eye(n), first @ first
    laplace = second - k2 * eye
    rest, mass, drive = (np.zeros((2 * n + 1, 2 * n + 1)) for _ in range(3))
    w, theta, eta = slice(0, n), slice(n, 2 * n), 2 * n
    rest[w, w], rest[w, theta], mass[w, w] = laplace @ laplace, -ra * k2 * eye, laplace / pr
    rest[theta, theta], rest[theta, w], mass[theta, theta] = laplace, eye, eye
    top, floor = 0, n - 1  # points run from z = 1 to z = 0
    for row in (0, 1, n - 2, n - 1, n, 2 * n - 1, eta):
        rest[row], mass[row] = 0, 0
    rest[0, w], mass[0, eta] = eye[top], 1  # w = s eta
    rest[1, w] = second[top] + k2 * eye[top]
    drive[1, n + top], drive[1, eta] = k2, -k2
    rest[n - 2, w], rest[n - 1, w] = first[floor], eye[floor]
    rest[n, theta], rest[2 * n - 1, theta] = first[top], eye[floor]
    rest[eta, w] = cr * (second @ first - 3 * k2 * first)[top]
    rest[eta, eta], mass[eta, w] = -k2 * (bo + k2), cr / pr * first[top]
    return drive, rest, mass


def _chebyshev(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Points of 0 .. 1, from 1 down, and the matrix of d/dz at them (Trefethen, 2000, ch. 6)."""
    j = np.arange(n + 1)
    x = np.cos(np.pi * j / n)
    c = np.where((j == 0) | (j == n), 2.0, 1.0) * (-1.0) ** j
    gap = x[:, None] - x[None, :]
    matrix = np.outer(c, 1 / c) / (gap + np.eye(n + 1))
    matrix -= np.diag(matrix.sum(axis=1))
    return (x + 1) / 2, 2 * matrix


REFERENCES = (film_growth_rate, marangoni_onset, rayleigh_onset)
