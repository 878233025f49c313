"""Closed formulas: the pressure in a drop at rest, the decay of vortices."""

import math


def laplace_jump(sigma: float, radius: float, dimensions: int = 3) -> float:
    """Young-Laplace pressure jump: 2 sigma/R, in 2-D sigma/R."""
    return (dimensions - 1) * sigma / radius


def taylor_green_rate(nu: float, length_x: float, length_y: float) -> float:
    """Decay rate (1/s) nu (kx^2 + ky^2) of the velocity of one vortex pair a box edge."""
    return nu * ((2 * math.pi / length_x) ** 2 + (2 * math.pi / length_y) ** 2)


REFERENCES = (laplace_jump, taylor_green_rate)
