"""Which keys belong to which kind of shape."""

from typing import Any

from levitas.solver.geometry.cells import OBSTACLE_PHASES
from levitas.solver.input.faults import Faults
from levitas.solver.input.kinds import given_keys, kind_keys

SHAPE_KEYS = {
    "sphere": ({"radius"}, {"centre", "axis", "mode"}),
    "ellipsoid": (set(), {"centre", "radius", "size"}),
    "cylinder": ({"radius"}, {"centre", "size", "axis", "mode", "wave"}),
    "box": ({"size"}, {"centre"}),
    "film": ({"size"}, {"centre", "axis", "wave"}),
    "plane": (set(), {"centre", "axis", "wave"}),
    "expression": ({"expression"}, set()),
    "stl": ({"file"}, {"centre", "scale"}),
    "file": ({"file"}, set()),
}
_ALWAYS = {"phase", "velocity", "temperature", "concentration"}
_SOLID = {"contact_angle", "isothermal"}


def check(shape: Any, keys: tuple, faults: Faults) -> None:
    """Keys and forms of numbers that belong to the kind."""
    needed, more = SHAPE_KEYS[shape.kind]
    missing, foreign = kind_keys(shape, needed, more, _ALWAYS | _SOLID)
    for name in missing:
        about = type(shape).model_fields[name].description
        faults.add((*keys, name), f"is missing; a {shape.kind} needs its {name} ({about})")
    solid = shape.phase in OBSTACLE_PHASES
    for name in sorted(given_keys(shape) & _SOLID) if not solid else ():
        faults.add((*keys, name), f"belongs to a solid, not to {shape.phase}; remove it")
    if shape.isothermal and shape.temperature is None:
        faults.add((*keys, "temperature"), "is missing; an isothermal solid needs it")
    for name in foreign:
        faults.add(
            (*keys, name),
            f"does not belong to a {shape.kind}; it has {', '.join(sorted(needed | more))}",
        )
    if shape.kind == "ellipsoid" and (shape.radius is None) == (shape.size is None):
        faults.add(
            keys, "an ellipsoid has one size; give either radius (semi-axes) or size (diameters)"
        )
    if shape.mode is not None and shape.wave is not None:
        faults.add((*keys, "wave"), "a shape has a mode or a wave, not both; remove one of them")
    _lengths(shape, keys, faults)
    if shape.axis is not None and not any(shape.axis):
        faults.add((*keys, "axis"), "must not be zero; give a direction")
    wave = shape.wave
    if wave is not None and wave.direction is not None and not any(wave.direction):
        faults.add((*keys, "wave", "direction"), "must not be zero; give a direction")


_TRIPLES = {("ellipsoid", "radius"), ("ellipsoid", "size"), ("box", "size")}


def _lengths(shape: Any, keys: tuple, faults: Faults) -> None:
    for name in ("radius", "size"):
        value = getattr(shape, name)
        if value is None:
            continue
        values = value if isinstance(value, list) else [value]
        if (shape.kind, name) in _TRIPLES:
            if len(values) != 3:
                faults.add((*keys, name), "is one length; give three, [x, y, z]")
        elif isinstance(value, list):
            faults.add((*keys, name), f"must be one length for a {shape.kind}; give a number")
