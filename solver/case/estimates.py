"""What a case declares and what follows from it: velocities, temperatures, sizes."""

import math
from typing import Any

import numpy as np

from levitas.solver.physics.flow import rotating_frame as rotation


def speeds(model: Any, result: Any) -> dict[str, float]:
    """Velocities (m/s) that the run may reach, by where they come from.

    Declared ones (shapes, walls, fields) and estimates: capillary min(sqrt(sigma/(rho R)),
    sigma/mu), buoyant sqrt(g H drho/rho), driven min(sqrt(G H/rho), G H^2/(8 mu)).
    """
    found = {"declared velocities": _declared(model, result.sampled)}
    if model.flow is None:
        return found
    liquid = model.materials.liquid
    rho, mu = liquid.density, liquid.viscosity
    if model.interface is not None and liquid.surface_tension:
        sigma, size = liquid.surface_tension, feature_size(model)
        found["capillary wave velocity"] = min(math.sqrt(sigma / (rho * size)), sigma / mu)
    edges = [n * model.grid.spacing for n in model.grid.cells[: 2 if result.flat else 3]]
    g = largest_gravity(model, result)
    if model.interface is not None and g.any():
        excess = abs(rho - model.materials.gas.density) / rho
        fall = sum(float(a) * n for a, n in zip(g, edges, strict=False))
        found["buoyant velocity"] = math.sqrt(excess * fall)
    spread = temperature_range(model, result.sampled)
    if spread and liquid.thermal_expansion and g.any():
        warm = abs(liquid.thermal_expansion) * (spread[1] - spread[0])
        fall = sum(float(a) * n for a, n in zip(g, edges, strict=False))
        found["thermal convection velocity"] = math.sqrt(warm * fall)
    if spread and model.interface is not None:
        found["thermocapillary velocity"] = _thermocapillary(model, spread[1] - spread[0])
    if model.driven.rotation is not None and model.interface is not None:
        size = feature_size(model)
        found["centrifugal velocity"] = rotation.velocity(model, result.origin, size)
    push = float(np.linalg.norm(model.driven.pressure_gradient))
    if push:
        kinds = [result.faces[axis + "-"] for axis in "xyz"]
        walled = [n for n, kind in zip(edges, kinds, strict=False) if kind == "wall"]
        found["driven velocity"] = _driven(model, push, min(walled, default=max(edges)))
    return found


def largest_gravity(model: Any, result: Any) -> np.ndarray:
    """Largest size of each component of the acceleration over the run (m/s2)."""
    if model.gravity is None:
        return np.zeros(3)
    if model.gravity.signal is None:
        return np.abs(model.gravity.vector)
    from levitas.solver.gravity.signal import peak

    return np.abs(peak(model.gravity.signal, result.folder, model.case.seed, result.flat))


def temperature_range(
    model: Any, sampled: dict[str, tuple[float, float]], beyond: bool = True
) -> tuple[float, float] | None:
    """Lowest and highest temperature that the case declares (K), None without heat.

    `beyond`: with those beyond faces that convect and radiate, which the fluid never reaches.
    """
    heat = model.heat
    if heat is None:
        return None
    if heat.prescribed is not None:
        return sampled["heat.prescribed"]
    found = list(sampled.get("boundary.temperature", ()))
    found += sampled.get("T", (model.materials.reference_temperature,))
    found += [s.temperature for s in model.shape if s.temperature is not None]
    for b in model.boundary if beyond else ():
        found += [b.convection.temperature] if b.convection else []
        found += [b.radiation.temperature] if b.radiation else []
    return float(min(found)), float(max(found))


def concentration_range(
    model: Any, sampled: dict[str, tuple[float, float]]
) -> tuple[float, float] | None:
    """Lowest and highest concentration that the case declares, None without solute."""
    if model.solute is None:
        return None
    found = list(sampled.get("boundary.concentration", ())) + list(sampled.get("c", (0.0,)))
    found += [s.concentration for s in model.shape if s.concentration is not None]
    if model.solute.surface_exchange is not None:
        found.append(model.solute.surface_exchange.concentration)
    return float(min(found)), float(max(found))


def _thermocapillary(model: Any, spread: float) -> float:
    """Marangoni velocity: the smaller of |d sigma/dT| dT/mu and sqrt(|d sigma/dT| dT/(rho L))."""
    liquid, pull = model.materials.liquid, tension_range(model, spread)
    size = feature_size(model)
    return min(pull / liquid.viscosity, math.sqrt(pull / (liquid.density * size)))


def tension_range(model: Any, spread: float) -> float:
    """Difference of the surface tension (N/m) over a difference of the temperature (K)."""
    liquid = model.materials.liquid
    if liquid.surface_tension_table:
        tension = [pair[1] for pair in liquid.surface_tension_table]
        return max(tension) - min(tension)
    return abs(liquid.surface_tension_slope or 0.0) * spread


def _driven(model: Any, push: float, height: float) -> float:
    """The faster fluid's velocity under a pressure gradient between walls `height` apart."""
    fluids = [model.materials.liquid, *([model.materials.gas] if model.interface else [])]
    return max(
        min(math.sqrt(push / f.density * height), push * height**2 / (8 * f.viscosity))
        for f in fluids
    )


def _declared(model: Any, sampled: dict[str, tuple[float, float]]) -> float:
    items = [*model.shape, *model.boundary]
    each = [math.hypot(*item.velocity) for item in items if item.velocity is not None]
    field = math.hypot(*(max(map(abs, sampled.get(name, (0.0,)))) for name in "uvw"))
    return max([0.0, *each]) + field


def features(model: Any) -> list[float]:
    """Radii, wavelengths/2 pi, thicknesses of the fluid shapes; of solids where there are none."""
    from levitas.solver.geometry.extents import smallest

    flat, sizes = model.grid.cells[2] == 1, []
    fluid = [shape for shape in model.shape if shape.phase in ("liquid", "gas")]
    for shape in fluid or model.shape:
        if shape.wave is not None:
            sizes.append(shape.wave.wavelength / (2 * math.pi))
        if shape.kind == "film":
            sizes.append(shape.size)
        elif shape.kind not in ("plane", "expression", "stl", "file"):
            sizes.append(smallest(shape, flat))
    return sizes


def feature_size(model: Any) -> float:
    """The length of dimensionless numbers: the smallest feature, else the longest edge."""
    return min(features(model), default=max(model.grid.cells) * model.grid.spacing)
