"""Reference solutions that checks compare with; all solved here, none typed in.

`REFERENCES` are the functions that the reference expression of a check may call with numbers of its
case, "laplace_jump(liquid.surface_tension, shape.radius)"; SI or lattice units alike.
"""

import math
from collections.abc import Callable

import numpy as np

from levitas.postprocess.references import channels, heated_film, waves
from levitas.postprocess.references import drawn_film as drawn
from levitas.postprocess.references import drying_film as drying
from levitas.postprocess.references import evaporating_drop as evaporating
from levitas.postprocess.references.diffuse_drop import drop_frequency_diffuse
from levitas.postprocess.references.drop_modes import drop_mode, inviscid_frequency, lamb_damping
from levitas.postprocess.references.fibre_film import annular_rate
from levitas.postprocess.references.migration import migration_speed
from levitas.postprocess.references.neck import hopper_neck
from levitas.postprocess.references.settling import settling_speed


def laplace_jump(sigma: float, radius: float, dimensions: int = 3) -> float:
    """Young-Laplace pressure jump: 2 sigma/R, in 2-D sigma/R."""
    return (dimensions - 1) * sigma / radius


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


def taylor_green_rate(nu: float, length_x: float, length_y: float) -> float:
    """Decay rate (1/s) nu (kx^2 + ky^2) of the velocity of one vortex pair a box edge."""
    return nu * ((2 * math.pi / length_x) ** 2 + (2 * math.pi / length_y) ** 2)


REFERENCES: dict[str, Callable] = {
    function.__name__: function
    for function in (
        laplace_jump,
        drop_frequency,
        drop_damping,
        drop_frequency_inviscid,
        drop_frequency_diffuse,
        drop_damping_lamb,
        taylor_green_rate,
        settling_speed,
        migration_speed,
        hopper_neck,
        waves.levelling_rate,
        waves.wave_frequency,
        waves.wave_damping,
        waves.overturn_rate,
        waves.thread_rate,
        channels.heated_layers_speed,
        drying.film_concentration,
        drying.film_skin,
        evaporating.evaporating_radius,
        evaporating.square_rate,
        heated_film.film_growth_rate,
        heated_film.marangoni_onset,
        heated_film.rayleigh_onset,
        channels.slot_flow,
        channels.slot_flow_amplitude,
        channels.slot_flow_lag,
        annular_rate,
        drawn.landau_levich,
        drawn.wilson,
        drawn.white_tallmadge,
        drawn.plate_film,
        drawn.fibre_film,
        drawn.fibre_coat,
    )
}


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
