"""Exact flows in heated channels and slots: two thermocapillary layers, return flows.

SI or lattice units alike.
"""

import cmath
import math
from collections.abc import Callable

import numpy as np


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


def slot_flow(drive, height, nu) -> float:
    """Flow through half of a long closed slot heated from the side, per depth, at rest elsewhere.

    drive is g beta dT/dx (1/s2), the walls are `height` apart: the core u = drive/nu (h^2 y/24 -
    y^3/6) of Birikh (J. Appl. Mech. Tech. Phys. 7, 43, 1966), warm where x is small, from y = 0 to
    h/2: drive h^4/(384 nu).
    """
    return drive * height**4 / (384 * nu)


def _slot_response(drive, height, nu, frequency) -> complex:
    """Complex flow through half of the slot under a drive sin(2 pi f t): Im(Q exp(i w t)).

    i w u = drive y + nu u'', u(+-h/2) = 0: u = drive/(i w) [y - (h/2) sinh(q y)/sinh(q h/2)],
    q^2 = i w/nu, and its integral over half of the height.
    """
    w = 2 * math.pi * frequency
    q = cmath.sqrt(1j * w / nu)
    return drive / (1j * w) * (height**2 / 8 - height / (2 * q) * cmath.tanh(q * height / 4))


def slot_flow_amplitude(drive, height, nu, frequency) -> float:
    """Amplitude of the flow through half of a slot under a sinusoidal drive (`slot_flow`)."""
    return abs(_slot_response(drive, height, nu, frequency))


def slot_flow_lag(drive, height, nu, frequency) -> float:
    """How far that flow is behind the drive (degrees): 0 for a slow one, 90 for a fast one."""
    return -math.degrees(cmath.phase(_slot_response(drive, height, nu, frequency)))


def layered_poiseuille(
    y: np.ndarray, height: float, viscosity: Callable, force: Callable, points: int = 40001
) -> np.ndarray:
    """Velocity at `y` between walls at 0 and `height`: d/dy(mu du/dy) = -force, u = 0 on both.

    `viscosity(y)` and `force(y)` are the smeared profiles of an array of positions. Two
    quadratures: with S the integral of the force, mu u' = c - S, and c makes u(height) = 0.
    """
    from scipy.integrate import cumulative_simpson

    at = np.linspace(0.0, height, points)
    total = cumulative_simpson(force(at) * np.ones(points), x=at, initial=0)
    slip = 1 / viscosity(at)
    a = cumulative_simpson(slip, x=at, initial=0)
    b = cumulative_simpson(total * slip, x=at, initial=0)
    return np.interp(y, at, a * (b[-1] / a[-1]) - b)


REFERENCES = (heated_layers_speed, slot_flow, slot_flow_amplitude, slot_flow_lag)
