"""The time step and the lattice units it gives: which bound binds, floors and caps, labels."""

import math
from typing import Any

from levitas.solver import limits
from levitas.solver.input.units import Scales


def settle(result: Any) -> None:
    """Fill in the time step, scales, lattice numbers, labels; write the defaults into the model."""
    model = result.model
    liquid, dx = model.materials.liquid, model.grid.spacing
    gas = _capped(result)
    given = model.driven.reference_velocity
    result.given = given is not None
    u_ref = given if given is not None else max(result.speeds.values())
    result.bounds = _bounds(result, gas, u_ref, given is not None)
    dt = model.grid.time_step or min(result.bounds.values())
    result.binding = "grid.time_step"
    if model.case.units == "lattice":
        result.binding = 'units = "lattice"'
    elif model.grid.time_step is None:
        result.binding = min(result.bounds, key=result.bounds.get)
    scales = result.scales = Scales(dx, dt, liquid.density)
    _floors(result, gas)
    interface = model.interface
    if interface is not None:
        mobility = interface.mobility
        if mobility is None:
            wanted = u_ref / scales.velocity * interface.width / 4
            mobility = within_mobilities(wanted, interface.width)
            mobility *= scales.diffusivity
        interface = interface.model_copy(update={"mobility": mobility})
    result.model = model.model_copy(
        update={
            "grid": model.grid.model_copy(update={"time_step": dt}),
            "interface": interface,
        }
    )
    result.lattice = _lattice(result, gas, u_ref)
    result.wall_velocity = {
        b.face: tuple(v / scales.velocity for v in b.velocity)
        for b in model.boundary
        if b.velocity is not None
    }


def known_end(model: Any) -> float | None:
    """When the run ends (s), None where that is not known before the time step is."""
    end, step = model.case.end, model.grid.time_step
    return end.steps * step if end.steps is not None and step else end.time


def end_time(result: Any) -> float | None:
    """When the run ends (s), None where a steady state decides; once the time step is settled."""
    end = result.model.case.end
    return end.steps * result.scales.time if end.steps is not None else end.time


def within_mobilities(mobility: float, width: float) -> float:
    """The nearest mobility that is proven stable (lattice units); wide interfaces need more."""
    low, high = limits.MOBILITY_RANGE
    return min(max(mobility, low * max(width / 4, 1) ** 3), high)


def _capped(result: Any) -> Any:
    """The gas as it is run: its density raised to the cap on the density ratio."""
    model = result.model
    gas, interface = model.materials.gas, model.interface
    if interface is None or interface.density_ratio_cap is None:
        return gas
    least = model.materials.liquid.density / interface.density_ratio_cap
    if gas.density >= least:
        return gas
    result.capped = True
    ratio = model.materials.liquid.density / gas.density
    result.labels.append(
        f"density ratio capped: {ratio:.4g} lowered to {interface.density_ratio_cap:g} (gas density"
        f" {gas.density:.4g} raised to {least:.4g}{_in(model, 'kg/m3')})"
    )
    return gas.model_copy(update={"density": least})


def _bounds(result: Any, gas: Any, u_ref: float, given: bool) -> dict[str, float]:
    """Largest time step that each bound allows, by name."""
    model = result.model
    liquid, dx = model.materials.liquid, model.grid.spacing
    bounds = {}
    if u_ref > 0:
        source = "flow.reference_velocity" if given else max(result.speeds, key=result.speeds.get)
        bounds[source] = limits.U_TARGET * dx / u_ref
    fluids = {"liquid viscosity": liquid} if model.flow is not None else {}
    if model.flow is None and model.heat is not None:
        alpha = liquid.conductivity / (liquid.density * liquid.heat_capacity)
        bounds["heat diffusivity"] = limits.DIFFUSIVITY_TARGET * dx**2 / alpha
    if model.interface is not None:
        fluids["gas viscosity"] = gas
        if liquid.surface_tension:
            bounds["surface tension"] = math.sqrt(
                limits.SIGMA_TARGET * liquid.density * dx**3 / liquid.surface_tension
            )
            if not model.driven.viscosity_floor:
                slowest = limits.CAPILLARY_VELOCITY_TARGET * dx * liquid.viscosity
                bounds["viscous-capillary velocity"] = slowest / liquid.surface_tension
    if model.solute is not None:
        fastest = max(liquid.diffusivity or 0.0, (gas.diffusivity or 0.0) if gas else 0.0)
        if fastest:
            bounds["solute diffusivity"] = limits.DIFFUSIVITY_TARGET * dx**2 / fastest
    for name, fluid in fluids.items():
        bounds[name] = limits.DIFFUSIVITY_TARGET * dx**2 * fluid.density / fluid.viscosity
    return bounds


def nu_min(two_phase: bool, name: str, sigma: float) -> float:
    """The smallest lattice viscosity proven stable, of the liquid or the gas; sigma/rho_l too."""
    if not two_phase:
        return limits.NU_MIN_SINGLE
    least = limits.NU_MIN_LIQUID if name == "liquid" else limits.NU_MIN_GAS
    stiff = limits.STIFFNESS * sigma**2
    return max(least, sigma / limits.CAPILLARY_VELOCITY_MAX, stiff)


def _in(model: Any, unit: str) -> str:
    """The unit after a number of a label; none for a case in lattice units."""
    return "" if model.case.units == "lattice" else f" {unit}"


def _floors(result: Any, gas: Any) -> None:
    """Viscosities as they are run, in `result.viscosity` (Pa s); raised ones are labelled."""
    model, scales = result.model, result.scales
    two_phase = model.interface is not None
    result.viscosity = {}
    sigma = (model.materials.liquid.surface_tension or 0.0) / scales.tension
    for name, fluid in (("liquid", model.materials.liquid), ("gas", gas)):
        if fluid is None or model.flow is None:
            continue
        least = nu_min(two_phase, name, sigma) * scales.diffusivity * fluid.density
        result.viscosity[name] = fluid.viscosity
        # a part in 1e12 is rounding: a value raised to the floor and read again is not below it
        if model.driven.viscosity_floor and fluid.viscosity < least * (1 - 1e-12):
            if name == "gas" and not two_phase:
                continue
            result.viscosity[name] = least
            result.floored = True
            result.labels.append(
                f"viscosity floor: {name} viscosity {fluid.viscosity:.4g} raised to"
                f" {least:.4g}{_in(model, 'Pa s')}"
            )


def _lattice(result: Any, gas: Any, u_ref: float) -> dict[str, Any]:
    model, scales = result.model, result.scales
    two_phase = model.interface is not None
    nu = result.viscosity.get("liquid", 0.0) / scales.viscosity  # 0 where nothing flows
    gravity = model.gravity.vector if model.gravity else None
    gravity = gravity or (0.0, 0.0, 0.0)
    return _scalars(model, scales) | {
        "rho_l": 1.0,
        "rho_g": gas.density / scales.rho if two_phase else 1.0,
        "mu_l": nu,
        "mu_g": result.viscosity["gas"] / scales.viscosity if two_phase else nu,
        "sigma": model.materials.liquid.surface_tension / scales.tension if two_phase else 0.0,
        "width": model.interface.width if two_phase else 0.0,
        "mobility": result.model.interface.mobility / scales.diffusivity if two_phase else 0.0,
        "gravity": tuple(g / scales.acceleration for g in gravity),
        "u_ref": u_ref / scales.velocity,
    }


def _scalars(model: Any, scales: Scales) -> dict[str, float]:
    """What heat and solute need, in lattice units; heat capacities over that of the liquid."""
    liquid, gas = model.materials.liquid, model.materials.gas
    found = {
        "beta_T": liquid.thermal_expansion or 0.0,
        "beta_c": liquid.solutal_expansion or 0.0,
        "sigma_T": (liquid.surface_tension_slope or 0.0) / scales.tension,
        "sigma_TT": (liquid.surface_tension_curvature or 0.0) / scales.tension,
        "sigma_c": (liquid.surface_tension_solute_slope or 0.0) / scales.tension,
        "T_ref": model.materials.reference_temperature or 0.0,
    }
    if model.heat is not None and model.heat.prescribed is None:
        capacity = liquid.density * liquid.heat_capacity
        found["k_l"] = liquid.conductivity / capacity / scales.diffusivity
        if model.interface is not None:
            found["k_g"] = gas.conductivity / capacity / scales.diffusivity
            found["C_g"] = gas.density * gas.heat_capacity / capacity
    if model.solute is not None:
        found["D_l"] = (liquid.diffusivity or 0.0) / scales.diffusivity
        if model.interface is not None:
            found["D_g"] = (gas.diffusivity or 0.0) / scales.diffusivity
    return found


def as_run(result: Any) -> dict[str, float]:
    """Values that a floor, a cap or an estimate changed, by the names of expressions."""
    values = {f"{name}.viscosity": mu for name, mu in result.viscosity.items()}
    if not result.given:
        values["flow.reference_velocity"] = result.lattice["u_ref"] * result.scales.velocity
    if result.capped:
        values["gas.density"] = result.lattice["rho_g"] * result.scales.rho
    return values
