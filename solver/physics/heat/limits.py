"""Limits of heat: viscosity over its temperatures, conduction, surfaces, heating; its numbers."""

import math
from typing import Any

from levitas.solver import limits
from levitas.solver.limits import Limit
from levitas.solver.materials.laws import STEFAN_BOLTZMANN, tension_range, thinning
from levitas.solver.physics.flow.limits import cells_of, viscosity_of_law
from levitas.solver.physics.heat.medium import medium
from levitas.solver.physics.interface.limits import kelvin
from levitas.solver.physics.scalar import limits as scalar


def limits_of(case: Any) -> list[Limit]:
    """All of them that apply to a case."""
    result = _viscosity(case) if case.has("flow") else []
    if case.model.heat.prescribed is not None:
        return result
    conducts, near = medium(case), ", or a reference_temperature near the final temperatures"
    return [
        *result,
        scalar.conduction(case, conducts, "conduction", "conductivity/(density heat_capacity)"),
        scalar.rounding(case, conducts, "T", case.lattice.k_l, near),
        *_radiation(case, conducts),
        *_heating(case, conducts),
    ]


def _viscosity(case: Any) -> list[Limit]:
    """Kinematic viscosity of the liquid where it is coldest and warmest, by its law."""
    law, reference = case.model.materials.liquid.viscosity_law, case.lattice.T_ref
    if law is None:
        return []
    return [
        viscosity_of_law(
            case,
            case.lattice.nu * thinning(law, T, reference),
            f"at {kelvin(case, T)}",
            "viscosity_law",
        )
        for T in case.range("T inside")
    ]


def _flux_scale(case: Any) -> float:
    """What a heat flux (W/m2) divides by to be in lattice units, for a kelvin."""
    liquid = case.model.materials.liquid
    return liquid.density * liquid.heat_capacity * case.scales.velocity


def _hottest(case: Any) -> float:
    return max(map(abs, case.range("T")))


def _radiation(case: Any, conducts: Any) -> list[Limit]:
    """Share of a temperature difference that a radiating surface or face loses in a step."""
    heat, result = case.model.heat, []

    def share_at(T: float) -> float:
        return 4 * STEFAN_BOLTZMANN * T**3 / _flux_scale(case)

    if heat.emissivity:
        warmest = max(_hottest(case), heat.surroundings or 0.0)  # what the surface may come to
        share = share_at(warmest) * heat.emissivity * scalar.steepest(case, conducts)
        result.append(scalar.exchanged("the surface radiates", share, ("heat", "emissivity")))
    least = min(conducts.gas, conducts.liquid, *(c for _, c in conducts.solids.values()))
    for i, boundary in enumerate(case.model.boundary):
        if boundary.radiation is not None:
            share = share_at(_hottest(case)) * boundary.radiation.emissivity / least
            share /= scalar.steps(case, conducts)
            keys = ("boundary", i, "radiation")
            result.append(scalar.exchanged("the face radiates", share, keys))
    return result


def _heating(case: Any, conducts: Any) -> list[Limit]:
    """Largest change of the temperature by a source in a step, over the temperature.

    Only a warning in lattice units, whose temperatures may count from anywhere.
    """
    hot = _hottest(case)
    changes = [change for change in _changes(case, conducts) if change[0] > 0]
    if not changes or not hot:
        return []
    change, what, keys = max(changes)
    return [
        limits.at_most(
            f"heating by {what} in a step, over the temperature",
            change / hot,
            limits.HEATING_WARN,
            math.inf if case.in_lattice_units else limits.HEATING_MAX,
            f"above {limits.HEATING_WARN:g} ({change:.3g} K a step)",
            "lower grid.time_step or the power",
            keys,
        )
    ]


def _changes(case: Any, conducts: Any):
    """(kelvins in a step, what does it, its keys) of every flux and source; lasers at normal
    incidence."""
    heat, scale = case.model.heat, _flux_scale(case)
    if heat.surface_flux:
        flux = abs(heat.surface_flux) / scale * scalar.steepest(case, conducts)
        yield flux, "surface_flux", ("heat", "surface_flux")
    for i, source in enumerate(heat.source):
        keys = ("heat", "source", i)
        if source.kind == "laser" and source.power:
            peak = 2 / (math.pi * source.radius**2)
            if case.is_2d:
                peak = math.sqrt(2 / math.pi) / source.radius
            flux = source.absorptivity * source.power * peak / scale
            yield flux * scalar.steepest(case, conducts), "a laser", keys
    if "heat.source" in case.sampled:
        density = max(map(abs, case.sampled["heat.source"]))
        phases = {source.phase for source in heat.source}
        least = conducts.liquid
        if phases != {"liquid"}:
            least = min(conducts.gas, conducts.liquid)
        change = density * case.scales.time / (scale / case.scales.velocity * least)
        yield change, "a volume source", ("heat", "source")


def numbers(case: Any) -> dict[str, float]:
    """Pr = nu/alpha, Pe = U L/alpha; with dT what the case declares Ra = g beta dT L3/(nu alpha),
    Ma = |d sigma| L/(mu alpha), Ste = cp dT/latent heat. None without a flow or conduction."""
    lattice, liquid = case.lattice, case.model.materials.liquid
    alpha = lattice.k_l
    if not (alpha and case.has("flow")):
        return {}
    length, (low, high) = cells_of(case), case.range("T")
    warm = high - low
    rise = case.lattice_gravity * abs(lattice.beta_T) * warm
    more = {"Ra": rise * length**3 / (lattice.nu * alpha)}
    if case.has("interface"):
        pull = tension_range(liquid, warm) / case.scales.tension
        more["Ma"] = pull * length / (lattice.mu_l * alpha)
    if liquid.latent_heat:
        more["Ste"] = liquid.heat_capacity * warm / liquid.latent_heat
    result = {"Pr": lattice.nu / alpha, "Pe": lattice.u_ref * length / alpha}
    return result | {name: value for name, value in more.items() if value}


def rows(case: Any) -> list[tuple]:
    """Diffusivities of heat in each fluid."""
    lattice = case.lattice
    return scalar.diffusivity_rows(case, "heat", lattice.k_l, lattice.k_g / lattice.C_g)
