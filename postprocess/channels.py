"""Exact flows in heated channels and slots: two thermocapillary layers, return flows.

SI or lattice units alike.
"""

import math


def heated_layers_speed(
    slope, amplitude, wavelength, lower, upper, mu_lower, mu_upper, k_lower, k_upper
) -> float:
    """Largest speed of two layers whose interface is pulled by a wave of temperature.

    The wall below the layer of depth `lower` is at T + amplitude cos(2 pi x/wavelength), the wall
    above that of depth `upper` at a constant temperature; Stokes flow, conduction alone, a flat
    interface of tension falling by `slope` a kelvin (Pendse and Esmaeeli, Int. J. Therm. Sci. 49,
    1147, 2010). It is that of the interface, where the wave has its flanks.
    """
    k = 2 * math.pi / wavelength
    through = k_lower * math.cosh(k * lower)
    through += k_upper * math.sinh(k * lower) / math.tanh(k * upper)
    felt = amplitude * k_lower / through
    drag = mu_lower * _drag(k * lower) + mu_upper * _drag(k * upper)
    return abs(slope) * felt / (2 * drag)


def _drag(x: float) -> float:
    """Shear stress of a layer of depth x/k under a surface that moves as U sin(k s), over 2 k mu U.

    No slip on the wall below, no flow through the surface: psi = y-polynomials times sinh, cosh.
    """
    s, c = math.sinh(x), math.cosh(x)
    return (s * c - x) / (s * s - x * x)
