"""The time step and the lattice units it gives: which bound binds, floors and caps, labels."""

from dataclasses import replace
from typing import Any

from levitas.solver import limits
from levitas.solver.case.resolved import Lattice, Resolved
from levitas.solver.case.sections import SECTIONS
from levitas.solver.input.units import Scales
from levitas.solver.physics.flow.limits import nu_min


def settled(case: Resolved) -> Resolved:
    """The case with time step, scales, lattice numbers, labels; its model with their defaults."""
    model = case.model
    given = model.driven.reference_velocity
    u_ref = given if given is not None else max(case.speeds.values())
    case = _capped(replace(case, reference_given=given is not None))
    bounds = _bounds(case, u_ref)
    dt = model.grid.time_step or min(bounds.values())
    case = replace(
        case,
        bounds=bounds,
        binding_bound=_binding(model, bounds),
        scales=Scales(model.grid.spacing, dt, model.materials.liquid.density),
    )
    case = _completed(_floored(case), u_ref)
    velocity = case.scales.velocity
    return replace(
        case,
        lattice=Lattice(**_lattice(case, u_ref)),
        wall_velocity={
            b.face: tuple(v / velocity for v in b.velocity)
            for b in model.boundary
            if b.velocity is not None
        },
    )


def known_end(model: Any) -> float | None:
    """When the run ends (s), None where that is not known before the time step is."""
    end, step = model.case.end, model.grid.time_step
    return end.steps * step if end.steps is not None and step else end.time


def end_time(case: Resolved) -> float | None:
    """When the run ends (s), None where a steady state decides; once the time step is settled."""
    end = case.model.case.end
    return end.steps * case.scales.time if end.steps is not None else end.time


def as_run(case: Resolved) -> dict[str, float]:
    """Values that a floor, a cap or an estimate changed, by the names of expressions."""
    values = {}
    if case.has("flow"):
        values = {f"{name}.viscosity": fluid.viscosity for name, fluid in case.fluids.items()}
    if not case.reference_given:
        values["flow.reference_velocity"] = case.lattice.u_ref * case.scales.velocity
    if case.gas_density_raised:
        values["gas.density"] = case.lattice.rho_g * case.scales.rho
    return values


def _capped(case: Resolved) -> Resolved:
    """With the fluids, the density of the gas raised to the cap on the density ratio."""
    model = case.model
    liquid, gas, interface = model.materials.liquid, model.materials.gas, model.interface
    fluids = {"liquid": liquid} | ({"gas": gas} if gas is not None else {})
    case = replace(case, fluids=fluids)
    if interface is None or interface.density_ratio_cap is None:
        return case
    least = liquid.density / interface.density_ratio_cap
    if gas.density >= least:
        return case
    label = (
        f"density ratio capped: {liquid.density / gas.density:.4g} lowered to"
        f" {interface.density_ratio_cap:g} (gas density {gas.density:.4g} raised to"
        f" {least:.4g}{_in(model, 'kg/m3')})"
    )
    return replace(
        case,
        fluids=fluids | {"gas": gas.model_copy(update={"density": least})},
        gas_density_raised=True,
        labels=[*case.labels, label],
    )


def _bounds(case: Resolved, u_ref: float) -> dict[str, float]:
    """Largest time step that each bound allows, by name."""
    bounds = {}
    if u_ref > 0:
        source = max(case.speeds, key=case.speeds.get)
        name = "flow.reference_velocity" if case.reference_given else source
        bounds[name] = limits.U_TARGET * case.model.grid.spacing / u_ref
    for physics in case.physics:
        bounds |= physics.bounds(case.model, case.fluids)
    return bounds


def _binding(model: Any, bounds: dict[str, float]) -> str:
    """The name of what sets the time step."""
    if model.case.units == "lattice":
        return 'units = "lattice"'
    return "grid.time_step" if model.grid.time_step is not None else min(bounds, key=bounds.get)


def _in(model: Any, unit: str) -> str:
    """The unit after a number of a label; none for a case in lattice units."""
    return "" if model.case.units == "lattice" else f" {unit}"


def _floored(case: Resolved) -> Resolved:
    """With the viscosities as they are run; raised ones are labelled."""
    model, scales, two_phase = case.model, case.scales, case.has("interface")
    if not model.driven.viscosity_floor:
        return case
    fluids, labels = dict(case.fluids), []
    sigma = (model.materials.liquid.surface_tension or 0.0) / scales.tension
    for name, fluid in case.fluids.items() if two_phase else [("liquid", fluids["liquid"])]:
        least = nu_min(two_phase, name, sigma) * scales.diffusivity * fluid.density
        # a part in 1e12 is rounding: a value raised to the floor and read again is not below it
        if fluid.viscosity < least * (1 - 1e-12):
            fluids[name] = fluid.model_copy(update={"viscosity": least})
            labels.append(
                f"viscosity floor: {name} viscosity {fluid.viscosity:.4g} raised to"
                f" {least:.4g}{_in(model, 'Pa s')}"
            )
    labels = [*case.labels, *labels]
    return replace(case, fluids=fluids, viscosity_raised=fluids != case.fluids, labels=labels)


def _completed(case: Resolved, u_ref: float) -> Resolved:
    """With the time step, and what sections leave to it, in the model."""
    model, scales = case.model, case.scales
    sections = {"grid": model.grid.model_copy(update={"time_step": scales.dt})}
    for name, physics in SECTIONS.items():
        if case.has(name):
            sections[name] = physics.complete(getattr(model, name), u_ref, scales)
    return replace(case, model=model.model_copy(update=sections))


def _lattice(case: Resolved, u_ref: float) -> dict[str, Any]:
    """The numbers of the box and the liquid, then those of each physics."""
    model, scales = case.model, case.scales
    liquid = model.materials.liquid
    gravity = model.gravity.vector if model.gravity else None
    found: dict[str, Any] = {
        "gravity": tuple(g / scales.acceleration for g in gravity or (0.0, 0.0, 0.0)),
        "u_ref": u_ref / scales.velocity,
        "beta_T": liquid.thermal_expansion or 0.0,
        "beta_c": liquid.solutal_expansion or 0.0,
        "sigma_T": (liquid.surface_tension_slope or 0.0) / scales.tension,
        "sigma_TT": (liquid.surface_tension_curvature or 0.0) / scales.tension,
        "sigma_c": (liquid.surface_tension_solute_slope or 0.0) / scales.tension,
        "T_ref": model.materials.reference_temperature or 0.0,
        "dt": 1.0,
        "dx": 1.0,
    }
    for physics in SECTIONS.values():
        found |= physics.absent
    for physics in case.physics:
        found |= physics.lattice(model, case.fluids, scales)
    return found
