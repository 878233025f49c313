"""A scalar at the start: fields, then what shapes bring along."""

from typing import Any

import numpy as np

from levitas.solver.geometry.cells import OBSTACLE_PHASES
from levitas.solver.geometry.distance import Points, coordinates, distance
from levitas.solver.input.expression import evaluate

TAIL = 2.0  # widths beyond the surface to which a solute of the liquid is known


def at_start(
    case: Any, points: Points, shape: tuple, name: str, key: str, start: float, sharp: bool = False
) -> np.ndarray:
    """Initial values of a scalar (SI) at the points, an array of the given shape.

    name, key   of its `[[field]]`s, whose sum it is (`start` without); of what a `[[shape]]` says
    sharp       the scalar of one phase: a shape gives it to all of its surface; else by its share
                of the heat capacity. A solid gives it to its cells either way
    """
    values = _fields(case, points, name)
    found = np.array(np.broadcast_to(start if values is None else values, shape))
    _shapes(case, points, found, key, sharp)
    return found


def _fields(case: Any, points: Points, name: str):
    """The sum of the fields of a name, None if there is none."""
    total = None
    for field in case.model.field:
        if field.name == name:
            values = case.values | coordinates(points)
            found = evaluate(str(field.expression), values)
            total = found if total is None else total + found
    return total


def _shapes(case: Any, points: Points, values: np.ndarray, key: str, sharp: bool) -> None:
    width = case.lattice.width * case.scales.dx
    for shape in case.model.shape:
        value = getattr(shape, key, None)
        if value is None:
            continue
        inside = np.broadcast_to(distance(shape, points, case.values), values.shape)
        if shape.phase in OBSTACLE_PHASES:
            fraction = inside > 1e-9 * case.scales.dx
        elif sharp:
            fraction = inside > (-TAIL * width if shape.phase == "liquid" else TAIL * width)
        else:
            fraction = 0.5 * (1 + np.tanh(2 * inside / width)) if width else inside > 0
            fraction = share(shape, fraction, case.lattice.C_l, case.lattice.C_g)
        values += (value - values) * fraction


def share(shape: Any, fraction: np.ndarray, liquid: float, gas: float) -> np.ndarray:
    """Share of a shape of liquid or gas in what its cells hold, `liquid` and `gas` in a full one.

    With it bodies start with the heat and the momentum of sharp ones: their diffuse surface is as
    warm and as fast as they are, as long as it is theirs rather than what lies around them.
    """
    own, other = (liquid, gas) if shape.phase == "liquid" else (gas, liquid)
    return own * fraction / (own * fraction + other * (1 - fraction))
