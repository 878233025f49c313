"""Linear theory of waves on layers and threads: how fast they swing, decay or grow.

SI or lattice units alike; k is 2 pi/wavelength, g > 0 pulls the liquid onto its base.
"""

import math

import numpy as np


def levelling_rate(wavelength, thickness, mu, sigma, rho, g=0.0) -> float:
    """Decay rate (1/s) of a wave on a viscous film on a wall, inertia negligible (Orchard 1963)."""
    k = 2 * math.pi / wavelength
    x = k * thickness
    shape = (math.sinh(2 * x) - 2 * x) / (1 + 2 * x * x + math.cosh(2 * x))
    return (sigma * k * k + rho * g) / (2 * mu * k) * shape


def _modes(wavelength, nu, rho_l, rho_g, sigma, g) -> np.ndarray:
    """Growth rates (complex, 1/s) of a wave between two deep fluids of one kinematic viscosity.

    The roots z of Prosperetti (Phys. Fluids 24, 1217, 1981), eq. for equal viscosities:
    z^4 - 4 b q z^3 + 2 (1 - 6 b) q^2 z^2 + 4 (1 - 3 b) q^3 z + (1 - 4 b) q^4 + w0^2 = 0 with
    q^2 = nu k^2, b = rho_l rho_g/(rho_l + rho_g)^2; a root with negative real part is a mode
    exp((z^2 - q^2) t) whose vorticity fades as exp(z |y|/sqrt(nu)) away from the surface.
    """
    k = 2 * math.pi / wavelength
    q, b = math.sqrt(nu) * k, rho_l * rho_g / (rho_l + rho_g) ** 2
    w2 = ((rho_l - rho_g) * g * k + sigma * k**3) / (rho_l + rho_g)
    roots = np.roots(
        [
            1,
            -4 * b * q,
            2 * (1 - 6 * b) * q**2,
            4 * (1 - 3 * b) * q**3,
            (1 - 4 * b) * q**4 + w2,
        ]
    )
    return np.array([z * z - q * q for z in roots if z.real < 0])


def wave_frequency(wavelength, nu, rho_l, rho_g, sigma, g=0.0) -> float:
    """Frequency (Hz) of a capillary-gravity wave between deep fluids of one nu (Prosperetti)."""
    return float(np.abs(_modes(wavelength, nu, rho_l, rho_g, sigma, g).imag).max() / (2 * math.pi))


def wave_damping(wavelength, nu, rho_l, rho_g, sigma, g=0.0) -> float:
    """Damping (1/s) of that wave."""
    modes = _modes(wavelength, nu, rho_l, rho_g, sigma, g)
    return float(-modes[np.abs(modes.imag).argmax()].real)


def overturn_rate(wavelength, nu, rho_heavy, rho_light, sigma, g) -> float:
    """Growth rate (1/s) of a wave with the heavy fluid on top (Rayleigh-Taylor), one nu."""
    return float(_modes(wavelength, nu, rho_heavy, rho_light, sigma, -abs(g)).real.max())


def thread_rate(wavelength, radius, mu, sigma, rho) -> float:
    """Growth rate (1/s) of a wave along a viscous liquid thread (Chandrasekhar 1961, ch. XII).

    With x = k R and y^2 = x^2 + s R^2/nu the rate s > 0 solves
    2 x^2 (x^2 + y^2) [I1'(x)/I0(x)] [1 - 2 x y/(x^2 + y^2) I1(x) I1'(y)/(I1(y) I1'(x))]
    - (x^4 - y^4) = J x I1(x)/I0(x) (1 - x^2),  J = sigma R/(rho nu^2).
    0 for k R >= 1, where waves do not grow.
    """
    from scipy.optimize import brentq

    x, nu = 2 * math.pi * radius / wavelength, mu / rho
    if x >= 1:
        return 0.0
    scale = math.sqrt(sigma / (rho * radius**3))
    drive = sigma * radius / (rho * nu**2) * x * _bessel(x)[0] * (1 - x * x)

    def excess(rate):
        y = math.sqrt(x * x + rate * radius**2 / nu)
        ratio, slope_x, _ = _bessel(x)
        _, _, log_slope_y = _bessel(y)
        inner = 1 - 2 * x * y / (x * x + y * y) * (ratio / slope_x) * log_slope_y
        return 2 * x * x * (x * x + y * y) * slope_x * inner - (x**4 - y**4) - drive

    return brentq(excess, 1e-9 * scale, 2 * scale, xtol=1e-12 * scale)


def _bessel(x: float) -> tuple[float, float, float]:
    """(I1(x)/I0(x), I1'(x)/I0(x), I1'(x)/I1(x)), scaled so that large x does not overflow."""
    from scipy.special import ive

    i0, i1, i2 = (float(ive(n, x)) for n in range(3))
    slope = (i0 + i2) / 2
    return i1 / i0, slope / i0, slope / i1


REFERENCES = (levelling_rate, wave_frequency, wave_damping, overturn_rate, thread_rate)
