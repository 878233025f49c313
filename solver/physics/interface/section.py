"""What a case may say of the interface: the section `[interface]`, and what follows from it."""

import math
from typing import Any, Literal

from levitas.solver.geometry.features import edges, feature_size
from levitas.solver.input.expression import Expression, ExpressionError
from levitas.solver.input.faults import Faults
from levitas.solver.input.physics import Physics, Quantity
from levitas.solver.input.section import Section, formula_key, key
from levitas.solver.limits import (
    BYTES_SINGLE,
    BYTES_TWO_PHASE,
    CAPILLARY_VELOCITY_TARGET,
    DIFFUSIVITY_TARGET,
    SIGMA_TARGET,
)
from levitas.solver.physics.interface import limits


class InterfaceParams(Section):
    """The `[interface]` section of a case."""

    width: float = key(
        4.0, "interface width W in cells, phi = (1 + tanh(2 d/W))/2", "cells", ge=3, le=12
    )
    mobility: float | None = key(
        None, "interface mobility; default from the largest velocity and W", "m2/s", gt=0
    )
    evaporation: float | str | None = formula_key(
        "velocity at which the surface recedes into the liquid as that evaporates, a number or an "
        "expression of t; below 0 it condenses",
        "m/s",
        expects="a velocity or an expression of t in quotes",
    )
    viscosity: Literal["linear", "layers"] | None = key(
        None,
        "viscosity within the interface: linear in phi (the default), or for the shear across it "
        "that of layers in series, which suits two layers sheared by walls",
    )
    density_ratio_cap: float | None = key(
        None, "largest density ratio; the gas density is raised to meet it", "1", ge=1, le=1000
    )


def check(sections: dict[str, Any], faults: Faults) -> None:
    """Note a missing flow, and an evaporation that is not of time alone."""
    if sections.get("flow") is None and not faults.under("flow"):
        message = "without [flow] is not available in this version; add a [flow] section"
        faults.add(("interface",), message)
    rate, keys = sections["interface"].evaporation, ("interface", "evaporation")
    if not isinstance(rate, str):
        return
    try:
        places = sorted(Expression(rate).names & set("xyz"))
    except ExpressionError as error:
        faults.add(keys, error.fault)
        return
    if places:
        message = f"is the same everywhere, an expression of t; it may not name {places[0]}"
        faults.add(keys, message)


def needs(sections: dict[str, Any], phase: str) -> list[str]:
    """The liquid has a surface."""
    return ["surface_tension"] if phase == "liquid" else []


def complete(section: InterfaceParams, u_ref: float, scales: Any) -> InterfaceParams:
    """The section with its mobility: u W/4, as far as that is proven stable."""
    if section.mobility is not None:
        return section
    wanted = u_ref / scales.velocity * section.width / 4
    mobility = limits.within_mobilities(wanted, section.width) * scales.diffusivity
    return section.model_copy(update={"mobility": mobility})


def speeds(case: Any) -> dict[str, float]:
    """Capillary min(sqrt(sigma/(rho R)), sigma/mu), buoyant sqrt(g H drho/rho)."""
    model, found = case.model, {}
    liquid, gas = model.materials.liquid, model.materials.gas
    rho, sigma = liquid.density, liquid.surface_tension
    if sigma:
        wave = math.sqrt(sigma / (rho * feature_size(model)))
        found["capillary wave velocity"] = min(wave, sigma / liquid.viscosity)
    g = case.largest_gravity
    if g.any():
        excess = abs(rho - gas.density) / rho
        fall = sum(float(a) * n for a, n in zip(g, edges(model), strict=False))
        found["buoyant velocity"] = math.sqrt(excess * fall)
    return found


def bounds(model: Any, fluids: dict) -> dict[str, float]:
    """Steps that surface tension and the viscosity of the gas allow."""
    liquid, gas, dx = fluids["liquid"], fluids["gas"], model.grid.spacing
    sigma, found = liquid.surface_tension, {}
    if sigma:
        found["surface tension"] = math.sqrt(SIGMA_TARGET * liquid.density * dx**3 / sigma)
        if not model.driven.viscosity_floor:
            slowest = CAPILLARY_VELOCITY_TARGET * dx * liquid.viscosity
            found["viscous-capillary velocity"] = slowest / sigma
    found["gas viscosity"] = DIFFUSIVITY_TARGET * dx**2 * gas.density / gas.viscosity
    return found


def lattice(model: Any, fluids: dict, scales: Any) -> dict[str, float]:
    """The gas, the tension and the profile."""
    return {
        "rho_g": fluids["gas"].density / scales.rho,
        "mu_g": fluids["gas"].viscosity / scales.viscosity,
        "sigma": fluids["liquid"].surface_tension / scales.tension,
        "width": model.interface.width,
        "mobility": model.interface.mobility / scales.diffusivity,
    }


SECTION = Physics(
    InterfaceParams,
    fields={"phi": Quantity("1", "liquid fraction", exact=False)},
    check=check,
    needs=needs,
    complete=complete,
    speeds=speeds,
    bounds=bounds,
    lattice=lattice,
    absent={"sigma": 0.0, "width": 0.0, "mobility": 0.0},
    limits=limits.limits_of,
    numbers=limits.numbers,
    rows=limits.rows,
    cell_bytes=lambda model: BYTES_TWO_PHASE - BYTES_SINGLE,
)
