"""Rules between the faces of the box."""

from typing import Any

from levitas.solver.geometry.faces import THERMAL, axis_of, kinds_of
from levitas.solver.input.faults import Faults, has, items


def check(sections: dict[str, Any], faults: Faults) -> None:
    grid = sections.get("grid")
    flat = grid is not None and grid.is_2d
    seen: set[str] = set()
    for i, boundary in items(sections, "boundary"):
        keys = ("boundary", i)
        if boundary.face in seen:
            faults.add((*keys, "face"), f'"{boundary.face}" is given twice; keep one')
        seen.add(boundary.face)
        _phases(boundary, keys, sections, faults)
        _moves(boundary, keys, sections, faults)
        if boundary.kind == "inflow" and boundary.velocity is None:
            faults.add((*keys, "velocity"), "is missing; an inflow needs its velocity (m/s)")
        if boundary.velocity is not None:
            _velocity(boundary, keys, faults)
        _scalars(boundary, keys, sections, faults)
        if flat and boundary.face[0] == "z" and boundary.kind != "periodic":
            faults.add(
                (*keys, "kind"), "a grid with nz = 1 is 2-D and periodic in z; remove the entry"
            )
    if faults.under("boundary") or grid is None:
        return
    kinds = kinds_of(sections.get("boundary") or [], flat)
    for axis in "xyz":
        pair = [kinds[axis + side] for side in "-+"]
        if pair.count("periodic") == 1:
            lone = axis + "-+"[pair.index("periodic")]
            faults.add(
                ("boundary",),
                f"{axis}- is {pair[0]} and {axis}+ is {pair[1]}; periodic"
                f" faces come in pairs, so say what {lone} is",
            )
    _open_faces(sections, kinds, faults)


def _moves(boundary: Any, keys: tuple, sections: dict[str, Any], faults: Faults) -> None:
    """Where nothing flows nothing flows through a face, and no wall drags."""
    message = "needs a [flow] section"
    if has(sections, "flow", faults):
        return
    if boundary.kind in ("inflow", "outflow"):
        faults.add((*keys, "kind"), message)
    elif boundary.velocity is not None:
        faults.add((*keys, "velocity"), message)


def _phases(boundary: Any, keys: tuple, sections: dict[str, Any], faults: Faults) -> None:
    """What only walls, only inflows, and only two phases have."""
    for name, kind in (("contact_angle", "wall"), ("phase", "inflow")):
        if getattr(boundary, name) is None:
            continue
        if boundary.kind != kind:
            article = "an" if kind == "inflow" else "a"
            message = f"belongs to {article} {kind}, not to {boundary.kind}; remove it"
            faults.add((*keys, name), message)
        elif boundary.phase != "liquid" and not has(sections, "interface", faults):
            message = "needs two phases; add an [interface] section or remove it"
            faults.add((*keys, name), message)


def _open_faces(sections: dict[str, Any], kinds: dict[str, str], faults: Faults) -> None:
    """What flows in must find a way out, and bring along what the scalars ask for."""
    inflows = [(i, b) for i, b in items(sections, "boundary") if b.kind == "inflow"]
    if inflows and "inflow" in kinds.values() and "outflow" not in kinds.values():
        message = (
            "an inflow needs an outflow: the fluid is incompressible; make another face an outflow"
        )
        faults.add(("boundary", inflows[0][0], "kind"), message)
    heat, solute = sections.get("heat"), sections.get("solute")
    for i, inflow in inflows:
        if heat is not None and heat.prescribed is None and inflow.temperature is None:
            message = "is missing; [heat] needs the temperature of what flows in (K)"
            faults.add(("boundary", i, "temperature"), message)
        if solute is not None and inflow.concentration is None:
            message = "is missing; [solute] needs the concentration of what flows in"
            faults.add(("boundary", i, "concentration"), message)


def _scalars(boundary: Any, keys: tuple, sections: dict[str, Any], faults: Faults) -> None:
    """Thermal keys need [heat], concentrations [solute]; both a face that something passes."""
    for section, names in (("heat", THERMAL), ("solute", ("concentration",))):
        for name in names:
            if getattr(boundary, name) is None:
                continue
            if not has(sections, section, faults):
                faults.add((*keys, name), f"needs a [{section}] section")
            elif boundary.kind in ("periodic", "symmetry"):
                faults.add(
                    (*keys, name), f"belongs to a wall or inflow, not to {boundary.kind}; remove it"
                )
            elif boundary.kind == "inflow" and name not in ("temperature", "concentration"):
                faults.add((*keys, name), f"an inflow has no {name}; give its temperature")
            elif boundary.kind == "outflow":
                message = f"an outflow has no {name}: what leaves keeps its own; remove it"
                faults.add((*keys, name), message)


def _velocity(boundary: Any, keys: tuple, faults: Faults) -> None:
    if boundary.face == "all":
        own = f"give each {boundary.kind} its own [[boundary]]"
        message = f"the velocity differs from face to face; {own}"
        faults.add((*keys, "velocity"), message)
    elif boundary.kind == "inflow":
        axis, side = axis_of(boundary.face), 1 if boundary.face[1] == "-" else -1
        if boundary.velocity[axis] * side <= 0:
            faults.add(
                (*keys, "velocity"), "the velocity of an inflow must point into the box; reverse it"
            )
    elif boundary.kind != "wall":
        faults.add((*keys, "velocity"), f"only a wall moves, not a {boundary.kind} face; remove it")
    elif boundary.velocity[axis_of(boundary.face)] != 0:
        faults.add(
            (*keys, "velocity"),
            f"a wall moves along itself; its {boundary.face[0]} component must be 0",
        )
