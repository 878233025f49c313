"""What the box holds at the start: phi, velocity and pressure of shapes and fields."""

import math

import numpy as np

from levitas.solver.geometry.distance import Points, coordinates, distance, half_axes
from levitas.solver.input.expression import evaluate
from levitas.solver.physics.interface.tension import pressure_profile
from levitas.solver.physics.scalar.initial import share


def initial(case, x, y, z) -> dict[str, np.ndarray]:
    """Initial phi, u, v, w, p in lattice units (and T in K, c) at cells with centres x, y, z.

    x, y, z: arrays that broadcast against each other, in cells from the corner of the grid (the
    first cell is at 0.5). Returns float64 arrays of the broadcast shape; phi only if the case has
    an interface, T with heat, c with solute (`start` of their SECTION). phi =
    (1 + tanh(2 d/W))/2 with d the signed distance into the liquid.
    """
    points = Points(case, x, y, z)
    shape = np.broadcast_shapes(*(np.shape(n) for n in (x, y, z)))
    fields = {name: np.zeros(shape) for name in "uvwp"}
    if case.has("interface"):
        fields["phi"] = _phases(case, points, fields)
    for field in (f for f in case.model.field if f.name in fields):
        fields[field.name] = fields[field.name] + _expression_field(case, points, field)
    if "phi" in fields:
        fields["phi"] = np.clip(fields["phi"], 0, 1)
    for name in "uvw":
        fields[name] /= case.scales.velocity
    fields["p"] /= case.scales.pressure
    for physics in case.physics:
        fields |= physics.start(case, points, shape)
    return fields


def _phases(case, points: Points, fields: dict) -> np.ndarray:
    """phi of all shapes; adds their velocities and pressure jumps to `fields`."""
    width = case.lattice.width * case.scales.dx
    shape_of = fields["p"].shape
    depth = np.full(shape_of, -np.inf if starts_with_gas(case) else np.inf)
    for shape in fluid(case):
        inside = np.broadcast_to(distance(shape, points, case.values), shape_of)
        inside = inside - tail_depth(shape, width, points.is_2d)
        fraction = profile(inside, width)
        depth = np.maximum(depth, inside) if shape.phase == "liquid" else np.minimum(depth, -inside)
        if shape.velocity is not None:
            own = share(shape, fraction, case.lattice.rho_l, case.lattice.rho_g)  # in the momentum
            for name, value in zip("uvw", shape.velocity, strict=True):
                fields[name] += (value - fields[name]) * own
        jump = laplace_jump(case, shape)
        if jump and shape.phase == "liquid":
            fields["p"] += jump * pressure_profile(fraction)
        elif jump:
            fields["p"] += jump * (1 - pressure_profile(1 - fraction))
    fields["p"] -= gas_mean(case)
    return profile(depth, width)


def tail_depth(shape, width: float, flat: bool) -> float:
    """How far phi = 1/2 lies inside a round shape, so that it holds its sharp volume.

    The tanh profile of width W around phi = 1/2 at R' has the volume 4/3 pi (R'^3 + pi^2 a^2 R') in
    3-D and pi (R'^2 + pi^2 a^2/3) a length in 2-D, a = W/4 (integrals of the Fermi function); this
    is R - R' to leading order, as a drop's mass is what an experiment fixes. An ellipsoid counts as
    the sphere of its volume; 0 for other shapes.
    """
    match shape.kind:
        case "sphere" | "cylinder":
            radius = shape.radius
        case "ellipsoid":
            axes = half_axes(shape)[: 2 if flat else 3]
            radius = math.prod(axes) ** (1 / len(axes))
        case _:
            return 0.0
    share = 6 if flat or shape.kind == "cylinder" else 3
    return (math.pi * width / 4) ** 2 / (share * radius)


def starts_with_gas(case) -> bool:
    """Shapes are put into the other phase: gas, unless the first shape is gas."""
    return not fluid(case) or fluid(case)[0].phase == "liquid"


def fluid(case) -> list:
    """The shapes of liquid and gas. A solid has no phi of its own: what lies around it wets it."""
    return [shape for shape in case.model.shape if shape.phase in ("liquid", "gas")]


def profile(distance: np.ndarray, width: float) -> np.ndarray:
    """phi = (1 + tanh(2 d/W))/2."""
    return 0.5 * (1 + np.tanh(2 * distance / width))


def laplace_jump(case, shape) -> float:
    """Inner less outer pressure of a sphere (2 sigma/R) or cylinder (sigma/R); 0 for others."""
    if not case.section_named("flow").laplace_start or shape.kind not in ("sphere", "cylinder"):
        return 0.0
    curvatures = 2 if shape.kind == "sphere" and not case.is_2d else 1
    return curvatures * case.values["liquid.surface_tension"] / shape.radius


def gas_mean(case) -> float:
    """Mean pressure of bubbles in liquid, which gauge 0 subtracts; 0 where gas is around."""
    if starts_with_gas(case):
        return 0.0
    bubbles = [s for s in fluid(case) if s.kind in ("sphere", "cylinder")]
    volumes = [s.radius ** (3 if s.kind == "sphere" and not case.is_2d else 2) for s in bubbles]
    jumps = [laplace_jump(case, s) * v for s, v in zip(bubbles, volumes, strict=True)]
    return sum(jumps) / sum(volumes) if bubbles else 0.0


def _expression_field(case, points: Points, field):
    if not isinstance(field.expression, str):
        return field.expression
    return evaluate(field.expression, case.values | coordinates(points))
