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
    result = [_tension(case), _densities(case), _viscosities(case), _width(case), _mobility(case)]
    result += [*_feature(case), *_smallest_tension(case)]
    if "interface.evaporation" in case.sampled:
        rate = max(map(abs, case.sampled["interface.evaporation"]))
        result += recession(case, rate, "by evaporation", ("interface", "evaporation"))
    return result


def _tension(case: Any) -> Limit:
    sigma = case.lattice.sigma
    verdict = limits.verdict(sigma, limits.SIGMA_WARN, limits.SIGMA_MAX)
    return limits.judged(
        "sigma/rho in lattice units",
        sigma,
        verdict,
        f"above {limits.SIGMA_WARN if verdict == 'warn' else limits.SIGMA_MAX:g}",
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
        "set interface.density_ratio_cap = 1000 (labels every result) or take a denser gas",
        ("materials", "gas", "density"),
    )


def _viscosities(case: Any) -> Limit:
    lattice = case.lattice
    return limits.at_most(
        "viscosity ratio",
        max(lattice.mu_l / lattice.mu_g, lattice.mu_g / lattice.mu_l),
        limits.VISCOSITY_RATIO_WARN,
        math.inf,
        f"exceeds {limits.VISCOSITY_RATIO_WARN:g}, the largest validated",
        "treat results with caution",
        ("materials", "gas", "viscosity"),
    )


def _width(case: Any) -> Limit:
    width = case.lattice.width
    return limits.judged(
        "interface width in cells",
        width,
        "ok" if width >= limits.WIDTH_WARN else "warn",
        f"below {limits.WIDTH_WARN:g}, where grid effects grow",
        f"set interface.width = {limits.WIDTH_WARN:g}",
        ("interface", "width"),
    )


def within_mobilities(mobility: float, width: float) -> float:
    """The nearest mobility that is proven stable (lattice units); wide interfaces need more."""
    low, high = limits.MOBILITY_RANGE
    return min(max(mobility, low * max(width / 4, 1) ** 3), high)


def _mobility(case: Any) -> Limit:
    lattice, verdict = case.lattice, "ok"
    beyond, remedy = f"above {limits.MOBILITY_MAX:.3g}, where it is unstable", "lower it"
    least = within_mobilities(lattice.u_ref * lattice.width / 4, lattice.width)
    if lattice.mobility > limits.MOBILITY_MAX * (1 + 1e-9):
        verdict = "refuse"
    elif lattice.mobility < 0.999 * least:
        verdict, remedy = "warn", "raise it"
        beyond = f"below {least:.3g}, which is u W/4 within the validated range"
    keys = ("interface", "mobility")
    return limits.judged(
        "mobility in lattice units", lattice.mobility, verdict, beyond, remedy, keys
    )


def _feature(case: Any) -> list[Limit]:
    """Whether the smallest feature is wider than its surface."""
    sizes = features(case.model)
    if not sizes:
        return []
    widths = min(sizes) / case.scales.dx / case.lattice.width
    return [
        limits.judged(
            "smallest feature in interface widths",
            widths,
            "ok" if widths >= limits.RADIUS_WARN else "warn",
            f"below {limits.RADIUS_WARN:g}",
            _wide_enough(case, widths),
            ("grid", "spacing"),
        )
    ]


def _wide_enough(case: Any, widths: float) -> str:
    """What makes a feature of so many interface widths RADIUS_WARN of them wide."""
    if case.in_lattice_units:
        size = limits.RADIUS_WARN * case.lattice.width * case.scales.dx
        return f"enlarge the feature to {size:.3g}, or refine the grid with grid.refinement"
    spacing = case.scales.dx * widths / limits.RADIUS_WARN
    digit = 10.0 ** (math.floor(math.log10(spacing)) - 1)
    spacing = digit * math.floor(spacing / digit * (1 + 1e-9))  # two digits, rounded down
    return f"refine grid.spacing to {spacing:.2g} m, with more grid.cells for the same box"


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
    message = "not positive at any temperature" if warm else "not positive"
    message = message if zero is None else f"not positive: it reaches 0 at {kelvin(case, zero)}"
    message += f", at concentration {float(c[n, 0]):.4g}" if rich not in (None, (0.0, 0.0)) else ""
    message += f" (the case declares {kelvin(case, T[0])} to {kelvin(case, T[-1])})" if warm else ""
    remedy = "narrow that range, or give a surface tension that stays positive"
    return [Limit(name, least, "refuse", message, remedy, ("materials", "liquid", given[0]))]


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
        message = f"below {limits.RECEDE_GRAIN:g}, where float32 rounding of phi distorts it"
        return [Limit(name, cells, "warn", message, 'set case.precision = "float64"', keys)]
    return [
        limits.at_most(
            name,
            cells,
            limits.RECEDE_WARN,
            limits.RECEDE_MAX,
            f"above {limits.RECEDE_WARN:g}; above {limits.RECEDE_MAX:g} the profile cannot follow",
            "lower the rate" if case.in_lattice_units else "lower the rate or grid.time_step",
            keys,
        )
    ]


def numbers(case: Any) -> dict[str, float]:
    """Ratios; We = rho U2 L/sigma, Oh = mu/sqrt(rho sigma L), Bo = drho g L2/sigma,
    Ca = mu U/sigma, La = 1/Oh2 of the liquid."""
    lattice, length = case.lattice, cells_of(case)
    speed, sigma = lattice.u_ref, lattice.sigma
    result = {
        "density ratio": 1 / lattice.rho_g,
        "viscosity ratio": lattice.mu_l / lattice.mu_g,
    }
    if sigma > 0:
        result |= {
            "We": speed**2 * length / sigma,
            "Oh": lattice.mu_l / math.sqrt(sigma * length),
            "Bo": abs(1 - lattice.rho_g) * case.lattice_gravity * length**2 / sigma,
            "Ca": lattice.mu_l * speed / sigma,
            "La": sigma * length / lattice.mu_l**2,
        }
    return result


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
