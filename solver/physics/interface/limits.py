"""Limits of the interface: tension, ratios, profile, evaporation; its numbers and table."""

import math
from typing import Any

import numpy as np

from levitas.solver import limits
from levitas.solver.geometry.features import features
from levitas.solver.limits import Limit
from levitas.solver.materials.laws import tension
from levitas.solver.physics.flow.limits import cells_of, fluid_rows


def limits_of(case: Any) -> list[Limit]:
    """All of them that apply to a case."""
    found = [_tension(case), _densities(case), _viscosities(case), _width(case), _mobility(case)]
    found += [*_feature(case), *_smallest_tension(case)]
    if "interface.evaporation" in case.sampled:
        rate = max(map(abs, case.sampled["interface.evaporation"]))
        found += recession(case, rate, "by evaporation", ("interface", "evaporation"))
    return found


def _tension(case: Any) -> Limit:
    sigma = case.lattice.sigma
    found = limits.verdict(sigma, limits.SIGMA_WARN, limits.SIGMA_MAX)
    return limits.judged(
        "sigma/rho in lattice units",
        sigma,
        found,
        f"above {limits.SIGMA_WARN if found == 'warn' else limits.SIGMA_MAX:g}",
        "lower the surface tension" if case.in_lattice_units else "lower grid.time_step",
        ("materials", "liquid", "surface_tension"),
    )


def _densities(case: Any) -> Limit:
    lattice, stop = case.lattice, limits.DENSITY_RATIO_MAX
    return limits.at_most(
        "density ratio",
        max(lattice.rho_l / lattice.rho_g, lattice.rho_g / lattice.rho_l),
        stop,
        stop,
        f"above {stop:g}",
        "set interface.density_ratio_cap = 1000 (labelled) or take a denser gas",
        ("materials", "gas", "density"),
    )


def _viscosities(case: Any) -> Limit:
    lattice = case.lattice
    return limits.at_most(
        "viscosity ratio",
        max(lattice.mu_l / lattice.mu_g, lattice.mu_g / lattice.mu_l),
        limits.VISCOSITY_RATIO_WARN,
        math.inf,
        f"above {limits.VISCOSITY_RATIO_WARN:g}, beyond what is proven",
        "take its results with care",
        ("materials", "gas", "viscosity"),
    )


def _width(case: Any) -> Limit:
    width = case.lattice.width
    return limits.judged(
        "interface width in cells",
        width,
        "ok" if width >= limits.WIDTH_WARN else "warn",
        "thin: grid effects grow",
        f"take {limits.WIDTH_WARN:g} cells",
        ("interface", "width"),
    )


def within_mobilities(mobility: float, width: float) -> float:
    """The nearest mobility that is proven stable (lattice units); wide interfaces need more."""
    low, high = limits.MOBILITY_RANGE
    return min(max(mobility, low * max(width / 4, 1) ** 3), high)


def _mobility(case: Any) -> Limit:
    lattice, found = case.lattice, "ok"
    beyond, remedy = f"above {limits.MOBILITY_MAX:.3g}, where it is unstable", "lower it"
    least = within_mobilities(lattice.u_ref * lattice.width / 4, lattice.width)
    if lattice.mobility > limits.MOBILITY_MAX * (1 + 1e-9):
        found = "refuse"
    elif lattice.mobility < 0.999 * least:
        found, remedy = "warn", "raise it"
        beyond = f"below {least:.3g}: u W/4, and what is proven stable"
    keys = ("interface", "mobility")
    return limits.judged("mobility in lattice units", lattice.mobility, found, beyond, remedy, keys)


def _feature(case: Any) -> list[Limit]:
    """Whether the smallest feature is wider than its surface."""
    sizes = features(case.model)
    if not sizes:
        return []
    cells = min(sizes) / case.scales.dx / case.lattice.width
    return [
        limits.judged(
            "smallest feature in interface widths",
            cells,
            "ok" if cells >= limits.RADIUS_WARN else "warn",
            f"below {limits.RADIUS_WARN:g}",
            "refine the grid",
            ("grid", "spacing"),
        )
    ]


def _smallest_tension(case: Any) -> list[Limit]:
    """It is positive for all temperatures and concentrations that the case declares."""
    liquid, reference = case.model.materials.liquid, case.lattice.T_ref
    names = [f"surface_tension_{n}" for n in ("slope", "curvature", "table", "solute_slope")]
    given = [name for name in names if getattr(liquid, name)]
    warm, rich = case.range("T"), case.range("c")
    if not given or not (warm or rich):
        return []
    T = np.linspace(*(warm or (reference, reference)), 2001)
    c = np.array(rich or (0.0, 0.0))[:, None]
    values = tension(liquid, reference, T, c)
    name, least = "smallest surface tension, N/m", float(values.min())
    if least > 0:
        return [Limit(name, least, "ok")]
    n = int(np.argmin(values.min(axis=1)))
    zero = _zero(T, values[n], reference)
    told = "not positive at any temperature" if warm else "not positive"
    told = told if zero is None else f"not positive: it reaches 0 at {kelvin(case, zero)}"
    told += f", at concentration {float(c[n, 0]):.4g}" if rich not in (None, (0.0, 0.0)) else ""
    told += f" (the case declares {kelvin(case, T[0])} to {kelvin(case, T[-1])})" if warm else ""
    remedy = "narrow what it declares, or give a surface tension that stays positive"
    return [Limit(name, least, "refuse", told, remedy, ("materials", "liquid", given[0]))]


def _zero(T: np.ndarray, values: np.ndarray, reference: float) -> float | None:
    """The temperature nearest to the reference at which the values change sign; None if none."""
    low, high = values[:-1], values[1:]
    k = np.flatnonzero((low > 0) != (high > 0))
    if not len(k):
        return None
    zeros = T[k] + (T[k + 1] - T[k]) * low[k] / (low[k] - high[k])
    return float(zeros[np.argmin(np.abs(zeros - reference))])


def kelvin(case: Any, T: float) -> str:
    """A temperature as messages say it."""
    return f"{T:.4g}" if case.in_lattice_units else f"{T:.4g} K"


def recession(case: Any, rate: float, how: str, keys: tuple) -> list[Limit]:
    """The limit of the largest speed of the surface (units of the case); none where it is 0."""
    if not rate:
        return []
    name, cells = f"cells a step that the surface recedes {how}", rate / case.scales.velocity
    if case.model.case.precision == "float32" and cells < limits.RECEDE_GRAIN:
        told = f"below {limits.RECEDE_GRAIN:g}, where the grain of phi in float32 rounds it"
        return [Limit(name, cells, "warn", told, 'set case.precision = "float64"', keys)]
    return [
        limits.at_most(
            name,
            cells,
            limits.RECEDE_WARN,
            limits.RECEDE_MAX,
            f"above {limits.RECEDE_WARN:g}; above {limits.RECEDE_MAX:g} the profile cannot follow",
            "lower it" if case.in_lattice_units else "lower it or grid.time_step",
            keys,
        )
    ]


def numbers(case: Any) -> dict[str, float]:
    """Ratios; We = rho U2 L/sigma, Oh = mu/sqrt(rho sigma L), Bo = drho g L2/sigma,
    Ca = mu U/sigma, La = 1/Oh2 of the liquid."""
    lattice, length = case.lattice, cells_of(case)
    speed, sigma = lattice.u_ref, lattice.sigma
    found = {
        "density ratio": 1 / lattice.rho_g,
        "viscosity ratio": lattice.mu_l / lattice.mu_g,
    }
    if sigma > 0:
        found |= {
            "We": speed**2 * length / sigma,
            "Oh": lattice.mu_l / math.sqrt(sigma * length),
            "Bo": abs(1 - lattice.rho_g) * case.lattice_gravity * length**2 / sigma,
            "Ca": lattice.mu_l * speed / sigma,
            "La": sigma * length / lattice.mu_l**2,
        }
    return found


def rows(case: Any) -> list[tuple]:
    """The gas, the tension, the profile."""
    lattice, scales = case.lattice, case.scales
    nu = lattice.mu_g / lattice.rho_g
    return [
        ("gas density", lattice.rho_g * scales.density, "kg/m3", lattice.rho_g),
        *fluid_rows("gas", lattice.mu_g, nu, scales),
        ("surface tension", lattice.sigma * scales.tension, "N/m", lattice.sigma),
        ("interface width", lattice.width * scales.dx, "m", lattice.width),
        ("mobility", lattice.mobility * scales.diffusivity, "m2/s", lattice.mobility),
    ]
