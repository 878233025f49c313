"""Rules between the keys of `[heat]` and the rest of a case."""

from typing import Any

from levitas.solver.geometry.cells import OBSTACLE_PHASES
from levitas.solver.geometry.faces import THERMAL
from levitas.solver.input.expression import check_syntax
from levitas.solver.input.faults import Faults, has, items
from levitas.solver.input.kinds import kind_keys

# kind of a source: what it needs, what more it may have
SOURCES = {
    "volume": ({"expression"}, {"phase"}),
    "laser": ({"power", "radius"}, {"centre", "direction", "absorptivity", "velocity"}),
    "induction": ({"power", "skin_depth"}, set()),
}


def check(sections: dict[str, Any], faults: Faults) -> None:
    """Note the faults of heat in the sections that could be read."""
    two_phase, heat = has(sections, "interface", faults), sections["heat"]
    _surface(heat, two_phase, faults)
    for i, source in enumerate(heat.source):
        _source(source, ("heat", "source", i), two_phase, faults)
    if heat.prescribed is not None:
        _prescribed(heat, sections, faults)
    else:
        _solids(sections, faults)


def _surface(heat: Any, two_phase: bool, faults: Faults) -> None:
    for name in ("emissivity", "surroundings", "surface_flux"):
        if getattr(heat, name) and not two_phase:
            faults.add(("heat", name), "needs a surface; add an [interface] section")
    if heat.emissivity and heat.surroundings is None:
        message = "is missing; a radiating surface needs the temperature it radiates to (K)"
        faults.add(("heat", "surroundings"), message)
    if heat.surroundings is not None and heat.emissivity is None:
        message = "is missing; without it the surface radiates nothing to the surroundings"
        faults.add(("heat", "emissivity"), message)


def _source(source: Any, keys: tuple, two_phase: bool, faults: Faults) -> None:
    """The keys of its kind; a laser needs a surface, a beam a direction, a source its time."""
    needed, more = SOURCES[source.kind]
    missing, foreign = kind_keys(source, needed, more, ("start", "stop"))
    for name in missing:
        about = type(source).model_fields[name].description
        message = f"is missing; a {source.kind} source needs its {name} ({about})"
        faults.add((*keys, name), message)
    for name in foreign:
        message = f"does not belong to {source.kind}; it has {', '.join(sorted(needed | more))}"
        faults.add((*keys, name), message)
    if not two_phase and (source.kind == "laser" or source.phase == "gas"):
        faults.add(keys, "needs a surface; add an [interface] section")
    if source.direction is not None and not any(source.direction):
        faults.add((*keys, "direction"), "must not be zero; leave it out for down")
    if source.stop is not None and source.stop <= source.start:
        faults.add(
            (*keys, "stop"), f"comes before the start at {source.start:g} s; give a later time"
        )
    if isinstance(source.expression, str):
        check_syntax(source.expression, (*keys, "expression"), faults)


def _prescribed(heat: Any, sections: dict[str, Any], faults: Faults) -> None:
    """A temperature that is imposed leaves nothing to give."""
    message = "has no effect, as heat.prescribed imposes the temperature; remove one of them"
    for name in ("emissivity", "surface_flux", "source"):
        if getattr(heat, name):
            faults.add(("heat", name), message)
    for i, boundary in items(sections, "boundary"):
        for name in THERMAL:
            if getattr(boundary, name) is not None:
                faults.add(("boundary", i, name), message)
    for i, shape in items(sections, "shape"):
        if shape.temperature is not None:
            faults.add(("shape", i, "temperature"), message)
    for i, field in items(sections, "field"):
        if field.name == "T":
            faults.add(("field", i, "name"), message)
    if isinstance(heat.prescribed, str):
        check_syntax(heat.prescribed, ("heat", "prescribed"), faults)


def _solids(sections: dict[str, Any], faults: Faults) -> None:
    """Heat goes through solids, so they are made of something."""
    made = sections.get("materials")
    for phase in OBSTACLE_PHASES:
        shapes = [i for i, s in items(sections, "shape") if s.phase == phase]
        known = made is None or getattr(made, phase) or faults.under("materials", phase)
        if shapes and not known:
            message = f"needs its material with [heat]; give materials.{phase}"
            faults.add(
                ("shape", shapes[0], "phase"), f"{message} (density, conductivity, heat_capacity)"
            )
