"""Limits of what temperature and solute do: tension, viscosity, conduction, surfaces, heating."""

import math
from typing import Any

import numpy as np

from levitas.solver import limits
from levitas.solver.case.estimates import concentration_range, temperature_range
from levitas.solver.case.limit_check import Grade, graded
from levitas.solver.case.time_step import nu_min
from levitas.solver.materials.laws import GAS_CONSTANT
from levitas.solver.physics.scalar.sources import STEFAN_BOLTZMANN


def grades(case: Any) -> list[Grade]:
    """All of them that apply to a case."""
    found = [*_tension(case), *(_viscosity(case) if case.has("flow") else [])]
    heat, solute = case.model.heat, case.model.solute
    if heat is not None and heat.prescribed is None:
        found += [*_conduction(case, "heat"), *_radiation(case), *_heating(case)]
    if solute is not None:
        found += [*_conduction(case, "solute"), *_exchange(case)]
    return found


# Tension and viscosity over the temperatures of the case.


def tension(liquid: Any, reference: float, T: Any, c: Any) -> Any:
    """Surface tension (N/m) at temperatures (K) and concentrations; arrays broadcast."""
    warm = np.asarray(T, float) - reference
    if liquid.surface_tension_table:
        temperatures, values = np.array(liquid.surface_tension_table).T
        value = np.interp(T, temperatures, values)
    else:
        value = liquid.surface_tension + (liquid.surface_tension_slope or 0.0) * warm
        value = value + (liquid.surface_tension_curvature or 0.0) * warm**2 / 2
    return value + (liquid.surface_tension_solute_slope or 0.0) * np.asarray(c, float)


def _tension(case: Any) -> list[Grade]:
    """Is it positive for all temperatures and concentrations that the case declares?"""
    liquid, model = case.model.materials.liquid, case.model
    names = [f"surface_tension_{n}" for n in ("slope", "curvature", "table", "solute_slope")]
    given = [name for name in names if getattr(liquid, name)]
    reference = case.lattice.T_ref
    warm = temperature_range(model, case.sampled)
    rich = concentration_range(model, case.sampled) or (0.0, 0.0)
    if not (case.has("interface") and given and (warm or model.solute is not None)):
        return []
    T = np.linspace(*(warm or (reference, reference)), 2001)
    c = np.array(rich)[:, None]
    values = tension(liquid, reference, T, c)
    least = float(values.min())
    if least > 0:
        return [Grade("smallest surface tension, N/m", least, "ok", "")]
    n = int(np.argmin(values.min(axis=1)))
    zero = _zero(T, values[n], reference)
    told = "not positive at any temperature" if warm else "not positive"
    told = told if zero is None else f"not positive: it reaches 0 at {_kelvin(case, zero)}"
    told += f", at concentration {float(c[n, 0]):.4g}" if rich != (0.0, 0.0) else ""
    told += f" (the case declares {_kelvin(case, T[0])} to {_kelvin(case, T[-1])})" if warm else ""
    remedy = "narrow what it declares, or give a surface tension that stays positive"
    keys = ("materials", "liquid", given[0])
    return [Grade("smallest surface tension, N/m", least, "refuse", told, remedy, keys)]


def _zero(T: np.ndarray, values: np.ndarray, reference: float) -> float | None:
    """The temperature nearest to the reference at which the values change sign; None if none."""
    low, high = values[:-1], values[1:]
    k = np.flatnonzero((low > 0) != (high > 0))
    if not len(k):
        return None
    zeros = T[k] + (T[k + 1] - T[k]) * low[k] / (low[k] - high[k])
    return float(zeros[np.argmin(np.abs(zeros - reference))])


def _kelvin(case: Any, T: float) -> str:
    return f"{T:.4g}" if case.in_lattice_units else f"{T:.4g} K"


def _viscosity(case: Any) -> list[Grade]:
    """Kinematic viscosity of the liquid where its laws make it least and most."""
    liquid, nu = case.model.materials.liquid, case.lattice.nu
    found = []
    spread = temperature_range(case.model, case.sampled, beyond=False)
    if liquid.viscosity_law is not None and spread:
        factors = [thinning(liquid.viscosity_law, T, case.lattice.T_ref) for T in spread]
        for T, factor in zip(spread, factors, strict=True):
            found.append(_one(case, nu * factor, f"at {_kelvin(case, T)}", "viscosity_law"))
    if liquid.rheology is not None and liquid.rheology.kind == "power-law":
        for name in ("min_viscosity", "max_viscosity"):
            value = getattr(liquid.rheology, name) / case.scales.viscosity
            found.append(_one(case, value, f"of {name}", "rheology"))
    return found


def _one(case: Any, nu: float, where: str, key: str) -> Grade:
    least = nu_min(case.has("interface"), "liquid", case.lattice.sigma)
    name, keys = f"liquid kinematic viscosity {where}", ("materials", "liquid", key)
    if nu < least * (1 - 1e-9):
        verdict = "warn" if case.model.driven.viscosity_floor else "refuse"
        told = f"below {least:g}, the smallest proven stable"
        return Grade(name, nu, verdict, told, "mend the law, or narrow what the case holds", keys)
    told = f"above {limits.NU_WARN:g}, where walls slip and accuracy falls"
    remedy = "take a smaller time step, mend the law, or narrow what the case holds"
    return graded(name, nu, limits.NU_WARN, limits.NU_MAX, told, remedy, keys)


def thinning(law: Any, T: float, reference: float) -> float:
    """Viscosity at T over that at the reference (K), as in kernels/rheology.h; inf at a pole."""
    if law.kind == "table":
        temperatures, values = np.array(law.points).T
        logs = np.interp([T, reference], temperatures, np.log(values))
        return math.exp(logs[0] - logs[1])
    b, pole = law.b, law.t0
    if law.kind == "arrhenius":
        b, pole = law.activation_energy / GAS_CONSTANT, 0.0
    if min(T, reference) <= pole:
        return math.inf
    return math.exp(min(700.0, b / (T - pole) - b / (reference - pole)))


# Conduction, and what surfaces take or give in a step.


def _medium(case: Any, name: str) -> Any:
    from levitas.solver.physics.heat import heat
    from levitas.solver.physics.solute import solute

    return {"heat": heat, "solute": solute}[name].medium(case)


def _substeps(case: Any, name: str) -> int:
    from levitas.solver.physics.scalar.transport import substeps

    return substeps(_medium(case, name), 2 if case.flat else 3)


def _conduction(case: Any, name: str) -> list[Grade]:
    return [
        graded(
            f"steps of {'conduction' if name == 'heat' else 'diffusion'} in a time step",
            _substeps(case, name),
            limits.SUBSTEPS_WARN,
            limits.SUBSTEPS_MAX,
            f"above {limits.SUBSTEPS_WARN}, which costs more than the flow does",
            "lower grid.time_step, take a coarser grid.spacing, or a smaller"
            f" {'conductivity/(density heat_capacity)' if name == 'heat' else 'diffusivity'}",
            ("grid", "time_step"),
        ),
        _rounding(case, name),
    ]


def _rounding(case: Any, name: str) -> Grade:
    """Share of a slow change that is lost: what a step adds must be more than half a last digit.

    The slowest change is conduction over the longest edge, or takes as long as the run.
    """
    precision, end = case.model.case.precision, case.model.case.end
    spread = case.lattice.k_l if name == "heat" else case.lattice.D_l
    slow = max(case.model.grid.cells) ** 2 / (2.5 * spread) if spread else 0.0
    steps = end.steps or (end.time / case.scales.dt if end.time else slow)
    digit = 2.0**-24 if precision == "float32" else 2.0**-53
    return graded(
        f"share of a slow change of {'T' if name == 'heat' else 'c'} lost to rounding",
        min(slow, steps) * _substeps(case, name) * digit,
        limits.ROUNDING_WARN,
        math.inf,
        f"above {limits.ROUNDING_WARN:g}",
        'set case.precision = "float64", or a reference_temperature near those that stay'
        if name == "heat"
        else 'set case.precision = "float64"',
        ("case", "precision"),
    )


def steepest(case: Any, name: str) -> float:
    """Largest |grad phi| over the capacity of a cell, through a tanh profile."""
    medium, width = _medium(case, name), case.lattice.width
    phi = np.concatenate([np.geomspace(1e-5, 0.5, 200), 1 - np.geomspace(1e-5, 0.5, 200)])
    holds = np.maximum(medium.gas + phi * (medium.liquid - medium.gas), medium.least)
    return float(np.max(4 / width * phi * (1 - phi) / holds))


def _heat_scale(case: Any) -> float:
    """What a heat flux (W/m2) divides by to be in lattice units, for a kelvin."""
    liquid = case.model.materials.liquid
    return liquid.density * liquid.heat_capacity * case.scales.velocity


def _radiation(case: Any) -> list[Grade]:
    """Share of a temperature difference that a radiating surface or face loses in a step."""
    heat, found = case.model.heat, []
    hot = max(map(abs, temperature_range(case.model, case.sampled)))

    def share_at(T: float) -> float:
        return 4 * STEFAN_BOLTZMANN * T**3 / _heat_scale(case)

    if heat.emissivity:
        warmest = max(hot, heat.surroundings or 0.0)  # what the surface may come to
        share = share_at(warmest) * heat.emissivity * steepest(case, "heat")
        found.append(_share("the surface radiates", share, ("heat", "emissivity")))
    least = _medium(case, "heat")
    least = min(least.gas, least.liquid, *(c for _, c in least.solids.values()))
    for i, boundary in enumerate(case.model.boundary):
        if boundary.radiation is not None:
            share = share_at(hot) * boundary.radiation.emissivity / least / _substeps(case, "heat")
            found.append(_share("the face radiates", share, ("boundary", i, "radiation")))
    return found


def _exchange(case: Any) -> list[Grade]:
    exchange = case.model.solute.surface_exchange
    if exchange is None:
        return []
    share = exchange.coefficient / case.scales.velocity * steepest(case, "solute")
    return [_share("the surface exchanges", share, ("solute", "surface_exchange"))]


def _share(what: str, share: float, keys: tuple) -> Grade:
    return graded(
        f"share of a difference that {what} in a step",
        share,
        limits.EXCHANGE_WARN,
        limits.EXCHANGE_MAX,
        f"above {limits.EXCHANGE_WARN:g}; above {limits.EXCHANGE_MAX:g} it is unstable",
        "lower grid.time_step or what is exchanged",
        keys,
    )


def _heating(case: Any) -> list[Grade]:
    """Largest change of the temperature by a source in a step, over the temperature.

    Only a warning in lattice units, whose temperatures may count from anywhere.
    """
    hot = max(map(abs, temperature_range(case.model, case.sampled)))
    changes = [change for change in _changes(case) if change[0] > 0]
    if not changes or not hot:
        return []
    change, what, keys = max(changes)
    return [
        graded(
            f"heating by {what} in a step, over the temperature",
            change / hot,
            limits.HEATING_WARN,
            math.inf if case.in_lattice_units else limits.HEATING_MAX,
            f"above {limits.HEATING_WARN:g} ({change:.3g} K a step)",
            "lower grid.time_step or the power",
            keys,
        )
    ]


def _changes(case: Any):
    """(kelvins in a step, what does it, its keys) of every flux and source; lasers at normal
    incidence."""
    heat, scale = case.model.heat, _heat_scale(case)
    if heat.surface_flux:
        flux = abs(heat.surface_flux) / scale * steepest(case, "heat")
        yield flux, "surface_flux", ("heat", "surface_flux")
    for i, source in enumerate(heat.source):
        keys = ("heat", "source", i)
        if source.kind == "laser" and source.power:
            peak = 2 / (math.pi * source.radius**2)
            if case.flat:
                peak = math.sqrt(2 / math.pi) / source.radius
            flux = source.absorptivity * source.power * peak / scale
            yield flux * steepest(case, "heat"), "a laser", keys
    if "heat.source" in case.sampled:
        density = max(map(abs, case.sampled["heat.source"]))
        medium, phases = _medium(case, "heat"), {source.phase for source in heat.source}
        least = medium.liquid if phases == {"liquid"} else min(medium.gas, medium.liquid)
        change = density * case.scales.time / (scale / case.scales.velocity * least)
        yield change, "a volume source", ("heat", "source")
