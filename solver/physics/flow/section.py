"""What a case may say of the flow: the section `[flow]`, and what follows from it."""

import math
from typing import Any

import numpy as np

from levitas.solver.geometry.faces import kinds_of
from levitas.solver.geometry.features import edges, feature_size
from levitas.solver.input.faults import Faults
from levitas.solver.input.physics import Physics, Quantity
from levitas.solver.input.section import Section, key, vector
from levitas.solver.limits import DIFFUSIVITY_TARGET
from levitas.solver.physics.flow import limits


class RotationParams(Section):
    """`rotation` of `[flow]`: the box turns about an axis; velocities are those in the box."""

    rate: float = key(..., "angular velocity", "rad/s")
    axis: list[float] = vector(lambda: [0.0, 0.0, 1.0], "direction of the axis", "1")
    centre: list[float] = vector(lambda: [0.0, 0.0, 0.0], "a point of the axis", "m")
    coriolis: bool = key(True, "the Coriolis force; without it there is no swirl")

    def vector(self) -> np.ndarray:
        """Angular velocity as a vector, rad/s."""
        return self.rate * np.array(self.axis) / np.linalg.norm(self.axis)


class FlowParams(Section):
    """The `[flow]` section of a case."""

    reference_velocity: float | None = key(
        None, "velocity that sets the time step; estimated if absent", "m/s", gt=0
    )
    viscosity_floor: bool = key(
        False, "raise a viscosity too small for the grid to the smallest stable one"
    )
    pressure_gradient: list[float] = vector(
        lambda: [0.0, 0.0, 0.0], "imposed pressure gradient; it drives the fluid by -grad p", "Pa/m"
    )
    rotation: RotationParams | None = key(None, "{ rate, axis, centre, coriolis }: the frame turns")
    laplace_start: bool = key(True, "start drops and bubbles with their Laplace pressure jump")


def check(sections: dict[str, Any], faults: Faults) -> None:
    """Note the faces that a turning frame does not go with."""
    grid, rotation = sections.get("grid"), sections["flow"].rotation
    if rotation is None or grid is None or faults.under("boundary"):
        return
    keys = ("flow", "rotation")
    if not any(rotation.axis):
        faults.add((*keys, "axis"), "must not be zero")
        return
    kinds = kinds_of(sections.get("boundary") or [], grid.is_2d)
    for n, name in enumerate("xy" if grid.is_2d else "xyz"):
        if all(rotation.axis[m] == 0 for m in range(3) if m != n):
            continue
        pair = [kinds[name + side] for side in "-+"]
        if "periodic" in pair:
            faults.add(
                keys,
                f"pushes fluid along {name}, in which the box is periodic; give {name}- and"
                f" {name}+ a [[boundary]]",
            )
        if "symmetry" in pair and rotation.coriolis:
            faults.add(
                (*keys, "coriolis"),
                f"swirl has no mirror image at the symmetry face across {name};"
                " set coriolis = false, or give the whole box",
            )


def needs(sections: dict[str, Any], phase: str) -> list[str]:
    """Every fluid has a viscosity."""
    return ["viscosity"] if phase in ("liquid", "gas") else []


def speeds(case: Any) -> dict[str, float]:
    """Centrifugal and driven velocity: min(sqrt(G H/rho), G H^2/(8 mu))."""
    model, found = case.model, {}
    if model.flow.rotation is not None and model.interface is not None:
        found["centrifugal velocity"] = _turned(model, case.origin, feature_size(model))
    push = float(np.linalg.norm(model.flow.pressure_gradient))
    if push:
        kinds = [case.faces[axis + "-"] for axis in "xyz"]
        box = edges(model)
        walled = [n for n, kind in zip(box, kinds, strict=False) if kind == "wall"]
        found["driven velocity"] = _driven(model, push, min(walled, default=max(box)))
    return found


def _turned(model: Any, origin: tuple, size: float) -> float:
    """What a turning frame drives: the smaller of w r and w^2 r d^2/(2 nu).

    r is how far the box reaches from the axis, d = `size` the thickness of the liquid (SI).
    """
    rotation = model.flow.rotation
    w, flat = rotation.vector(), model.grid.is_2d
    box = np.array(model.grid.cells) * model.grid.spacing
    box[2] *= not flat
    low = np.array(origin) - np.array(rotation.centre)
    corners = low + box * np.stack(np.meshgrid(*[(0, 1)] * 3), axis=-1).reshape(-1, 3)
    if flat:
        corners[:, 2] = 0
    fastest = float(np.linalg.norm(np.cross(w, corners), axis=1).max())
    liquid = model.materials.liquid
    viscous = fastest * np.linalg.norm(w) * size**2 * liquid.density / (2 * liquid.viscosity)
    return min(fastest, float(viscous))


def _driven(model: Any, push: float, height: float) -> float:
    """The faster fluid's velocity under a pressure gradient between walls `height` apart."""
    fluids = [model.materials.liquid, *([model.materials.gas] if model.interface else [])]
    return max(
        min(math.sqrt(push / f.density * height), push * height**2 / (8 * f.viscosity))
        for f in fluids
    )


def bounds(model: Any, fluids: dict) -> dict[str, float]:
    """The step at which the liquid's viscosity is accurate."""
    liquid, square = fluids["liquid"], model.grid.spacing**2
    return {"liquid viscosity": DIFFUSIVITY_TARGET * square * liquid.density / liquid.viscosity}


def lattice(model: Any, fluids: dict, scales: Any) -> dict[str, float]:
    """One fluid: a gas of its own is the interface's."""
    nu = fluids["liquid"].viscosity / scales.viscosity
    return {"mu_l": nu, "mu_g": nu}


SECTION = Physics(
    FlowParams,
    fields={
        "u": Quantity("m s-1", "velocity along x"),
        "v": Quantity("m s-1", "velocity along y"),
        "w": Quantity("m s-1", "velocity along z"),
        "p": Quantity("Pa", "pressure, gas mean 0"),
    },
    check=check,
    needs=needs,
    speeds=speeds,
    bounds=bounds,
    lattice=lattice,
    absent={"rho_l": 1.0, "rho_g": 1.0, "mu_l": 0.0, "mu_g": 0.0},
    limits=limits.limits_of,
    numbers=limits.numbers,
    rows=limits.rows,
)
