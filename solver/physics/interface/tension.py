"""Constants of the surface tension: how much of it the differences of kernels/tension.h make."""

import math

import numpy as np

GAS_POWER = 16  # (1 - phi) to it is 1 in gas only: pure_gas of kernels/stencil.h


def spared(phi):
    """The share of the tension that acts at a liquid fraction phi: none in the thin tail."""
    return 1 - (1 - phi) ** GAS_POWER


def tension_factor(width: float, ratio: float, offsets: int = 8) -> float:
    """The share of sigma with which a tanh profile of `width` cells pulls, in the flat limit.

    Across an interface of small curvature 1/R the force is F = spared(phi) (3 W/2) a^2 / R,
    a = (4/W) phi (1 - phi), where the integral of a force 1/R is meant; at rest the lattice solves
        q_(j+1) - q_j = (a_j + a_(j+1))/2,  a = F/rho - 2 q tanh(l/2),  l = d ln rho/dx,  q = p/rho,
    from the gas (q = 0) to the liquid, where p R is this factor. A constant of the scheme
    (docs/numerics.md), the mean over `offsets` places of the profile between cells.
    """
    total = 0.0
    for offset in np.arange(offsets) / offsets:
        x = np.arange(-math.ceil(10 * width), math.ceil(10 * width) + 1) + offset
        phi = 0.5 * (1 + np.tanh(2 * x / width))
        rho = 1 / ratio + phi * (1 - 1 / ratio)
        half = np.tanh((1 - 1 / ratio) * phi * (1 - phi) * (2 / width) / rho)
        pull = spared(phi) * 24 / width * (phi * (1 - phi)) ** 2 / rho
        q = 0.0
        for j in range(len(x) - 1):
            q = (q * (1 - half[j]) + (pull[j] + pull[j + 1]) / 2) / (1 + half[j + 1])
        total += q * rho[-1]
    return total / offsets


def along_factor() -> float:
    """What spared(phi) (3 W/2) a^2 adds up to through a profile: the share of a force along it."""
    n = GAS_POWER
    return 1 - 6 / ((n + 2) * (n + 3))


def pressure_profile(phi: np.ndarray) -> np.ndarray:
    """The exact pressure through a tanh profile over its jump: phi^2 (3 - 2 phi) but for `spared`.

    The integral of 6 phi (1 - phi) spared(phi) over its value at phi = 1.
    """
    n, gas = GAS_POWER, 1 - phi
    tail = (1 - gas ** (n + 2)) / (n + 2) - (1 - gas ** (n + 3)) / (n + 3)
    return (phi**2 * (3 - 2 * phi) - 6 * tail) / along_factor()
