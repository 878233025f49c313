"""Viscous normal modes of a drop in an outer fluid: exact linear frequency and damping.

Both fluids are viscous and incompressible, the drop floats freely, the interface is clean and sharp
and the outer fluid has no end. A small deformation of order n moves as exp(lambda t); the velocity
is the gradient of a harmonic function plus a vortical part that decays from the interface over
sqrt(nu/|lambda|). Continuity of the two velocity components and of the two stress components gives
four linear conditions on four amplitudes; lambda is the root of their determinant.

Sources: C. A. Miller and L. E. Scriven, J. Fluid Mech. 32 (1968) 417; A. Prosperetti, J. Fluid
Mech. 100 (1980) 333. The conditions are derived again here, for spheres and for circles, with every
vortical function divided by its value at the interface, so that only logarithmic derivatives occur
and nothing overflows.
"""

import cmath
import math
from typing import NamedTuple

import numpy as np

LARGE = 1e4  # arguments from which the asymptotic series of the Bessel ratio is exact to 1e-12


class NormalMode(NamedTuple):
    """The amplitude of a mode goes as exp(-damping t) cos(frequency t); both in rad/time."""

    frequency: float
    damping: float


def drop_mode(
    n: int,
    radius: float,
    rho_l: float,
    rho_g: float,
    mu_l: float,
    mu_g: float,
    sigma: float,
    dimensions: int = 3,
) -> NormalMode:
    """Frequency (rad/s) and damping (1/s) of mode n of a drop (SI, or any consistent units).

    `mu_g = 0` takes the outer fluid as inviscid, `rho_g = 0` with it as vacuum. Raises ValueError
    where the mode does not oscillate.
    """
    time = math.sqrt(rho_l * radius**3 / sigma)
    unit_mu = math.sqrt(rho_l * sigma * radius)
    rho, mu = (1.0, rho_g / rho_l), (mu_l / unit_mu, mu_g / unit_mu)
    root = inviscid_frequency(n, 1.0, *rho, 1.0, dimensions) * 1j
    for share in np.geomspace(1e-3, 1.0, 13):  # follow the mode from the inviscid limit
        part = (mu[0] * share, mu[1] * share)
        root = _secant(lambda s, m=part: _residual(s, n, rho, m, dimensions), root)
    if not (math.isfinite(root.real) and root.imag > 1e-9):
        raise ValueError(f"mode {n} does not oscillate at these viscosities")
    return NormalMode(float(root.imag) / time, -float(root.real) / time)


def inviscid_frequency(
    n: int, radius: float, rho_l: float, rho_g: float, sigma: float, dimensions: int = 3
) -> float:
    """Frequency (rad/s) of mode n without viscosity (Lamb, Hydrodynamics, art. 275)."""
    if dimensions == 2:
        return math.sqrt(n * (n * n - 1) * sigma / ((rho_l + rho_g) * radius**3))
    inertia = ((n + 1) * rho_l + n * rho_g) * radius**3
    return math.sqrt((n - 1) * n * (n + 1) * (n + 2) * sigma / inertia)


def lamb_damping(n: int, radius: float, rho_l: float, mu_l: float, dimensions: int = 3) -> float:
    """Damping (1/s) of a drop in vacuum as its viscosity vanishes (Lamb, art. 355)."""
    rate = 2 * n * (n - 1) if dimensions == 2 else (n - 1) * (2 * n + 1)
    return rate * mu_l / (rho_l * radius**2)


def _residual(s: complex, n: int, rho, mu, dimensions: int) -> complex:
    """Determinant of the interface conditions for radius, sigma and inner density 1."""
    tension = (n * n - 1 if dimensions == 2 else (n - 1) * (n + 2)) / s
    inner = [_harmonic(n, +1, s, rho[0], mu[0], dimensions)]
    inner.append(_vortical(n, +1, s, rho[0], mu[0], dimensions))
    outer = [_harmonic(n, -1, s, rho[1], mu[1], dimensions)]
    if mu[1] == 0:  # an inviscid fluid slips and carries no shear: two conditions fall out
        rows = [(u, shear, normal + tension * u) for u, _, shear, normal in inner]
        rows += [(-u, 0, -normal) for u, _, _, normal in outer]
    else:
        outer.append(_vortical(n, -1, s, rho[1], mu[1], dimensions))
        rows = [(u, v, shear, normal + tension * u) for u, v, shear, normal in inner]
        rows += [(-u, -v, -shear, -normal) for u, v, shear, normal in outer]
    matrix = np.array(rows, complex)
    return np.linalg.det(matrix / np.abs(matrix).max(axis=1, keepdims=True))


def _harmonic(n: int, side: int, s: complex, rho: float, mu: float, dimensions: int):
    """Radial and tangential velocity, shear and normal stress of grad r^k Y at r = 1.

    k = n inside (side 1), the decaying solution outside (side -1); pressure = -rho s r^k Y.
    """
    k = n if side > 0 else (-n if dimensions == 2 else -n - 1)
    radial, tangential = k, (-n if dimensions == 2 else 1)
    pull = -n if dimensions == 2 else 1  # the tangential derivative of the radial velocity
    shear = mu * ((k - 2) * tangential + pull * radial)
    return radial, tangential, shear, rho * s + 2 * mu * k * (k - 1)


def _vortical(n: int, side: int, s: complex, rho: float, mu: float, dimensions: int):
    """The same four numbers for the vortical part, its scalar normalised to 1 at r = 1."""
    z = cmath.sqrt(s * rho / mu)
    order = n if dimensions == 2 else n + 0.5
    slope = z * _log_derivative(order, z, side)
    if dimensions == 2:  # stream function f(r) sin(n theta): u_r = n f/r, u_theta = -f'
        bend = z * z + n * n - slope
        shear = mu * (-bend + slope - n * n)
        return n, -slope, shear, 2 * mu * n * (slope - 1)
    slope -= 0.5  # from Bessel functions of half order to spherical ones
    bend = z * z + n * (n + 1) - 2 * slope  # curl curl (r f Y): U = n(n+1) f/r, V = f' + f/r
    shear = mu * (bend + n * (n + 1) - 2)
    return n * (n + 1), slope + 1, shear, 2 * mu * n * (n + 1) * (slope - 1)


def _log_derivative(order: float, z: complex, side: int) -> complex:
    """I'/I (side 1) or K'/K (side -1) of the modified Bessel functions, Re z >= 0."""
    from scipy.special import ive, kve

    if abs(z) > LARGE:
        return side - 1 / (2 * z) + side * (4 * order**2 - 1) / (8 * z * z)
    if side > 0:
        return order / z + ive(order + 1, z) / ive(order, z)
    return order / z - kve(order + 1, z) / kve(order, z)


def _secant(function, start: complex) -> complex:
    """Complex root near `start` by the secant method."""
    a, b = start * (1 + 1e-4j), start
    fa, fb = function(a), function(b)
    for _ in range(60):
        if fb == fa or abs(b - a) < 1e-13 * abs(b):
            break
        a, b, fa = b, b - fb * (b - a) / (fb - fa), fb
        fb = function(b)
    return b


def drop_frequency(n, radius, rho_l, rho_g, mu_l, mu_g, sigma, dimensions=3) -> float:
    """Frequency (Hz) of the viscous normal mode n in an outer gas (Miller & Scriven 1968)."""
    mode = drop_mode(int(n), radius, rho_l, rho_g, mu_l, mu_g, sigma, int(dimensions))
    return mode.frequency / (2 * math.pi)


def drop_damping(n, radius, rho_l, rho_g, mu_l, mu_g, sigma, dimensions=3) -> float:
    """Damping (1/s) of the viscous normal mode n in an outer gas (Miller & Scriven 1968)."""
    return drop_mode(int(n), radius, rho_l, rho_g, mu_l, mu_g, sigma, int(dimensions)).damping


def drop_frequency_inviscid(n, radius, rho_l, rho_g, sigma, dimensions=3) -> float:
    """Frequency (Hz) of mode n without viscosity, outer gas included (Lamb)."""
    return inviscid_frequency(n, radius, rho_l, rho_g, sigma, dimensions) / (2 * math.pi)


def drop_damping_lamb(n, radius, rho_l, mu_l, dimensions=3) -> float:
    """Lamb's damping (1/s) of mode n: vacuum outside, viscosity to 0."""
    return lamb_damping(n, radius, rho_l, mu_l, dimensions)


REFERENCES = (drop_frequency, drop_damping, drop_frequency_inviscid, drop_damping_lamb)
