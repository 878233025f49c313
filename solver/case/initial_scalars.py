"""Temperature and concentration at the start: fields, then what shapes bring along."""

import numpy as np

from levitas.solver.geometry.distance import Places, coordinates, distance
from levitas.solver.input.expression import evaluate

TAIL = 2.0  # widths beyond the surface to which a solute of the liquid is known


def scalars(case, places: Places, shape: tuple[int, ...]) -> dict[str, np.ndarray]:
    """Initial T (K) and c at the places, of those that the case has.

    `[[field]]` gives the values, the reference temperature (or 0) without; a shape with its own
    replaces them by its share of the heat capacity, a solid one and the concentration of liquid at
    its surface.
    """
    found = {}
    for name, physics, key, start in (
        ("T", "heat", "temperature", case.lattice.T_ref if case.has("heat") else 0.0),
        ("c", "solute", "concentration", 0.0),
    ):
        if case.has(physics):
            values = _fields(case, places, name)
            found[name] = np.array(np.broadcast_to(start if values is None else values, shape))
            _shapes(case, places, found[name], key, sharp=name == "c")
    return found


def _fields(case, places: Places, name: str):
    """The sum of the fields of a name, None if there is none."""
    total = None
    for field in case.model.field:
        if field.name == name:
            values = case.values | coordinates(places)
            found = evaluate(str(field.expression), values)
            total = found if total is None else total + found
    return total


def _shapes(case, places: Places, values: np.ndarray, key: str, sharp: bool) -> None:
    width = case.lattice.width * case.scales.dx
    for shape in case.model.shape:
        value = getattr(shape, key, None)
        if value is None:
            continue
        inside = np.broadcast_to(distance(shape, places, case.values), values.shape)
        if shape.phase in ("solid", "wall"):
            fraction = inside > 1e-9 * case.scales.dx
        elif sharp:
            fraction = inside > (-TAIL * width if shape.phase == "liquid" else TAIL * width)
        else:
            fraction = 0.5 * (1 + np.tanh(2 * inside / width)) if width else inside > 0
            fraction = share(shape, fraction, case.lattice.C_l, case.lattice.C_g)
        values += (value - values) * fraction


def share(shape, fraction: np.ndarray, liquid: float, gas: float) -> np.ndarray:
    """Share of a shape of liquid or gas in what its cells hold, `liquid` and `gas` in a full one.

    With it bodies start with the heat and the momentum of sharp ones: their diffuse surface is as
    warm and as fast as they are, as long as it is theirs rather than what lies around them.
    """
    own, other = (liquid, gas) if shape.phase == "liquid" else (gas, liquid)
    return own * fraction / (own * fraction + other * (1 - fraction))
