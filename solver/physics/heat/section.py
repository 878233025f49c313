"""What a case may say of heat: the section `[heat]`, and what follows from it."""

import math
from typing import Any, Literal

from pydantic import create_model

from levitas.solver.geometry.features import edges, feature_size
from levitas.solver.input.physics import Physics, Quantity
from levitas.solver.input.section import Section, formula_key, key
from levitas.solver.limits import BYTES_FIELD, DIFFUSIVITY_TARGET
from levitas.solver.materials.laws import tension_range
from levitas.solver.physics.heat import limits
from levitas.solver.physics.heat.rules import check
from levitas.solver.physics.heat.source_kinds.kind import Switch
from levitas.solver.physics.heat.source_kinds.table import SOURCES
from levitas.solver.physics.scalar.initial import at_start


class _Kind(Section):
    kind: Literal[*SOURCES] = key("volume", "what heats")


HeatSource = create_model(
    "HeatSource",
    __doc__="One item of `heat.source`: the keys of all kinds.",
    __base__=(Switch, *(kind.keys for kind in SOURCES.values()), _Kind),
)


class HeatParams(Section):
    """The `[heat]` section of a case."""

    prescribed: str | float | None = formula_key(
        "temperature imposed every step, an expression of x, y, z, t; solved for if absent", "K"
    )
    emissivity: float | None = key(
        None, "emissivity of the liquid surface; it does not radiate if absent", "1", ge=0, le=1
    )
    surroundings: float | None = key(
        None, "temperature to which the liquid surface radiates", "K", ge=0
    )
    surface_flux: float = key(0.0, "heat flux out of the liquid surface", "W/m2")
    source: list[HeatSource] = key(list, "[{ kind, ... }]: what heats the inside or the surface")


def needs(sections: dict[str, Any], phase: str) -> list[str]:
    """What heat is solved for in: any phase, a gas with its interface."""
    if sections["heat"].prescribed is not None:
        return []
    if phase == "gas" and not sections.get("interface"):
        return []
    return ["density", "conductivity", "heat_capacity"]


def speeds(case: Any) -> dict[str, float]:
    """Thermal convection sqrt(g H beta dT), and what a tension that changes with T drives."""
    model, found = case.model, {}
    if model.flow is None:
        return found
    liquid, (low, high), g = model.materials.liquid, case.range("T"), case.largest_gravity
    if liquid.thermal_expansion and g.any():
        warm = abs(liquid.thermal_expansion) * (high - low)
        fall = sum(float(a) * n for a, n in zip(g, edges(model), strict=False))
        found["thermal convection velocity"] = math.sqrt(warm * fall)
    if model.interface is not None:
        found["thermocapillary velocity"] = _thermocapillary(model, high - low)
    return found


def _thermocapillary(model: Any, spread: float) -> float:
    """Marangoni velocity: the smaller of |d sigma/dT| dT/mu and sqrt(|d sigma/dT| dT/(rho L))."""
    liquid = model.materials.liquid
    pull, size = tension_range(liquid, spread), feature_size(model)
    return min(pull / liquid.viscosity, math.sqrt(pull / (liquid.density * size)))


def bounds(model: Any, fluids: dict) -> dict[str, float]:
    """The step of conduction, where no flow has a smaller one: heat takes substeps."""
    if model.flow is not None or model.heat.prescribed is not None:
        return {}
    liquid = fluids["liquid"]
    alpha = liquid.conductivity / (liquid.density * liquid.heat_capacity)
    return {"heat diffusivity": DIFFUSIVITY_TARGET * model.grid.spacing**2 / alpha}


def lattice(model: Any, fluids: dict, scales: Any) -> dict[str, float]:
    """k, conductivities over the liquid's heat capacity (k_l is its diffusivity), and C, heat
    capacities of a volume over the liquid's; of the gas as it is, not as it is run."""
    if model.heat.prescribed is not None:
        return {}
    liquid, gas = model.materials.liquid, model.materials.gas
    capacity = liquid.density * liquid.heat_capacity
    found = {"k_l": liquid.conductivity / capacity / scales.diffusivity}
    if model.interface is not None:
        found["k_g"] = gas.conductivity / capacity / scales.diffusivity
        found["C_g"] = gas.density * gas.heat_capacity / capacity
    return found


def ranges(model: Any, sampled: dict) -> dict[str, tuple[float, float]]:
    """T: temperatures (K) that the case declares; "T inside": those that the fluid may reach,
    without what is beyond faces that convect and radiate."""
    if model.heat.prescribed is not None:
        return dict.fromkeys(("T", "T inside"), sampled["heat.prescribed"])
    inside = list(sampled.get("boundary.temperature", ()))
    inside += sampled.get("T", (model.materials.reference_temperature,))
    inside += [s.temperature for s in model.shape if s.temperature is not None]
    beyond = [b.convection.temperature for b in model.boundary if b.convection]
    beyond += [b.radiation.temperature for b in model.boundary if b.radiation]
    both = {"T": inside + beyond, "T inside": inside}
    return {name: (float(min(each)), float(max(each))) for name, each in both.items()}


def start(case: Any, places: Any, shape: tuple) -> dict[str, Any]:
    """The temperature (K): the reference one where nothing is said."""
    return {"T": at_start(case, places, shape, "T", "temperature", case.lattice.T_ref)}


def cell_bytes(model: Any) -> float:
    """The temperature, twice where it is solved for; two fields of sources."""
    heat = model.heat
    count = 1 if heat.prescribed is not None else 2
    count += 2 if heat.source or heat.emissivity or heat.surface_flux else 0
    return BYTES_FIELD * count


SECTION = Physics(
    HeatParams,
    fields={"T": Quantity("K", "temperature")},
    check=check,
    needs=needs,
    speeds=speeds,
    bounds=bounds,
    lattice=lattice,
    absent={"k_l": 0.0, "k_g": 0.0, "C_l": 1.0, "C_g": 1.0},
    ranges=ranges,
    start=start,
    limits=limits.limits_of,
    numbers=limits.numbers,
    rows=limits.rows,
    cell_bytes=cell_bytes,
)
