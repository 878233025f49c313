"""How fast a temperature gradient drives a drop: Young, Goldstein and Block, in a box.

Far from itself the drop is a dipole, of flow and of heat: u = (U R^3/2) grad grad (-1/r) . e and
T = B z/r^3, so neighbours act by lattice sums that are known without solving anything.
"""

import math

import numpy as np

EQUATOR = 9.03362  # sum of 1/r^3 over a square lattice of spacing 1, its origin left out
WAVES = np.stack(np.meshgrid(*[np.arange(-8, 9)] * 2), axis=-1).reshape(-1, 2)
NUMBERS = 2 * math.pi * np.sort(np.hypot(*WAVES.T))[1:]  # wave numbers of that lattice, not 0


def migration_speed(
    slope, gradient, radius, mu_in, mu_out, k_in=1.0, k_out=1.0, side=math.inf, length=math.inf
) -> float:
    """Speed of a drop in a temperature gradient, Re and Ma to 0 (Young, Goldstein, Block 1959).

    2 |slope| gradient R/[mu_out (2 + k_in/k_out) (2 + 3 mu_in/mu_out)], in a channel of square
    section `side` by `side` with frictionless, adiabatic sides (a square array of drops), midway
    between no-slip walls of fixed temperature `length` apart, gradient (T2 - T1)/length: leading
    order, (R/side)^3.
    """
    free = 2 * abs(slope) * gradient * radius / (mu_out * (2 + k_in / k_out))
    free /= 2 + 3 * mu_in / mu_out
    if math.isinf(side):
        return free
    return free * _warmth(radius, k_in / k_out, side, length) * _backflow(radius, side, length)


def _warmth(radius, ratio, side, length) -> float:
    """Gradient about the drop over the mean one. Walls mirror a heat dipole with its sign."""
    dipole = (1 - ratio) / (2 + ratio) * radius**3
    through = 4 * math.pi / (side**2 * length)  # a layer of dipoles bears a step in T
    along = np.arange(1, 9)[:, None] * length / side
    layers = 2 * 2 * math.pi / side**3 * (NUMBERS * np.exp(-NUMBERS * along)).sum()
    return 1 + dipole * (EQUATOR / side**3 - through - layers)


def _backflow(radius, side, length) -> float:
    """Speed over that of a lone drop: neighbours across, and what no-slip walls throw back."""
    wall = NUMBERS * length / (2 * side)  # wave number times distance
    thrown = (NUMBERS * (1 + 2 * wall) * np.exp(-2 * wall)).sum()
    return 1 - radius**3 / 2 * (EQUATOR + 2 * 2 * math.pi * thrown) / side**3


REFERENCES = (migration_speed,)
