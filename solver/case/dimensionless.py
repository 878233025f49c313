"""A case in numbers: its table from SI to lattice units, and what is dimensionless."""

import math

from levitas.solver import limits
from levitas.solver.case.case import Case
from levitas.solver.case.estimates import (
    feature_size,
    largest_gravity,
    temperature_range,
    tension_range,
)


def table(case: Case) -> list[tuple[str, float, str, float]]:
    """Rows (name, value in the units of the case, unit, value in lattice units)."""
    lattice, scales = case.lattice, case.scales
    rows = [
        ("grid spacing", scales.dx, "m", 1.0),
        ("time step", scales.dt, "s", 1.0),
        ("liquid density", lattice.rho_l * scales.density, "kg/m3", lattice.rho_l),
    ]
    if case.has("flow"):
        rows += [
            ("liquid viscosity", lattice.mu_l * scales.viscosity, "Pa s", lattice.mu_l),
            ("liquid kinematic viscosity", lattice.nu * scales.diffusivity, "m2/s", lattice.nu),
            ("liquid relaxation time tau", tau(lattice.nu), "1", tau(lattice.nu)),
        ]
    if case.has("interface"):
        nu = lattice.mu_g / lattice.rho_g
        rows += [
            ("gas density", lattice.rho_g * scales.density, "kg/m3", lattice.rho_g),
            ("gas viscosity", lattice.mu_g * scales.viscosity, "Pa s", lattice.mu_g),
            ("gas kinematic viscosity", nu * scales.diffusivity, "m2/s", nu),
            ("gas relaxation time tau", tau(nu), "1", tau(nu)),
            ("surface tension", lattice.sigma * scales.tension, "N/m", lattice.sigma),
            ("interface width", lattice.width * scales.dx, "m", lattice.width),
            ("mobility", lattice.mobility * scales.diffusivity, "m2/s", lattice.mobility),
        ]
    rows += _scalar_rows(case)
    g = _gravity(case)
    rows += [
        ("gravity", g * scales.acceleration, "m/s2", g),
        ("largest velocity expected", lattice.u_ref * scales.velocity, "m/s", lattice.u_ref),
    ]
    return [(n, v, "-", x) for n, v, _, x in rows] if case.in_lattice_units else rows


def _scalar_rows(case: Case) -> list[tuple[str, float, str, float]]:
    """Diffusivities of heat and solute, of each phase that has one."""
    lattice, two_phase, rows = case.lattice, case.has("interface"), []
    if lattice.k_l:
        rows.append(("liquid diffusivity of heat", lattice.k_l))
        rows += [("gas diffusivity of heat", lattice.k_g / lattice.C_g)] if two_phase else []
    if lattice.D_l:
        rows.append(("liquid diffusivity of the solute", lattice.D_l))
        rows += [("gas diffusivity of the solute", lattice.D_g)] if lattice.D_g else []
    return [(name, d * case.scales.diffusivity, "m2/s", d) for name, d in rows]


def _gravity(case: Case) -> float:
    """Size of the acceleration, of a signal its bound, in lattice units."""
    return math.hypot(*largest_gravity(case.model, case)) / case.scales.acceleration


def tau(nu: float) -> float:
    """Relaxation time in steps."""
    return 3 * nu + 0.5


def numbers(case: Case) -> dict[str, float]:
    """Dimensionless numbers, with L the smallest feature and U the largest velocity expected.

    Re = rho U L/mu, We = rho U2 L/sigma, Oh = mu/sqrt(rho sigma L), Bo = drho g L2/sigma,
    Ca = mu U/sigma, La = 1/Oh2, of the liquid; those of heat and solute see `_scalar_numbers`.
    None without a flow.
    """
    if not case.has("flow"):
        return {}
    lattice = case.lattice
    length, speed = feature_size(case.model) / case.scales.dx, lattice.u_ref
    found = {"Mach": speed / limits.CS, "Re": speed * length / lattice.nu}
    if case.has("interface"):
        found |= {
            "density ratio": 1 / lattice.rho_g,
            "viscosity ratio": lattice.mu_l / lattice.mu_g,
        }
    if case.has("interface") and lattice.sigma > 0:
        sigma = lattice.sigma
        found |= {
            "We": speed**2 * length / sigma,
            "Oh": lattice.mu_l / math.sqrt(sigma * length),
            "Bo": abs(1 - lattice.rho_g) * _gravity(case) * length**2 / sigma,
            "Ca": lattice.mu_l * speed / sigma,
            "La": sigma * length / lattice.mu_l**2,
        }
    return found | _scalar_numbers(case, length, speed)


def _scalar_numbers(case: Case, length: float, speed: float) -> dict[str, float]:
    """Pr = nu/alpha, Sc = nu/D, Le = alpha/D, Pe = U L/alpha (Pe_c over D); with dT what the case
    declares: Ra = g beta dT L3/(nu alpha), Ma = |d sigma| L/(mu alpha), Ste = cp dT/latent heat.
    """
    lattice, liquid, found = case.lattice, case.model.materials.liquid, {}
    alpha, d = lattice.k_l, lattice.D_l
    spread = temperature_range(case.model, case.sampled)
    warm = spread[1] - spread[0] if spread else 0.0
    if alpha:
        found |= {"Pr": lattice.nu / alpha, "Pe": speed * length / alpha}
        pull = tension_range(case.model, warm) / case.scales.tension
        rise = _gravity(case) * abs(lattice.beta_T) * warm
        more = {"Ra": rise * length**3 / (lattice.nu * alpha)}
        if case.has("interface"):
            more["Ma"] = pull * length / (lattice.mu_l * alpha)
        if liquid.latent_heat:
            more["Ste"] = liquid.heat_capacity * warm / liquid.latent_heat
        found |= {name: value for name, value in more.items() if value}
    if d:
        found |= {"Sc": lattice.nu / d, "Pe_c": speed * length / d}
        found |= {"Le": alpha / d} if alpha else {}
    return found
