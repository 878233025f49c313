"""Rules between the faces of the box."""

from typing import Any

from levitas.solver.faults import Faults
from levitas.solver.model import FACES

LATER = "not available in this version"


def items(sections: dict[str, Any], name: str) -> list[tuple[int, Any]]:
    """The valid tables of an array with their places in the file."""
    return [(i, item) for i, item in enumerate(sections.get(name) or []) if item is not None]


def faces(boundaries: list[Any], flat: bool) -> dict[str, str]:
    """Kind of every face: its own entry, else that of "all", else periodic."""
    kinds = dict.fromkeys(FACES, "periodic")
    for boundary in sorted(boundaries, key=lambda b: b.face != "all"):
        for face in FACES if boundary.face == "all" else (boundary.face,):
            if not (flat and boundary.face == "all" and face[0] == "z"):
                kinds[face] = boundary.kind
    return kinds


def check(sections: dict[str, Any], faults: Faults) -> None:
    grid = sections.get("grid")
    flat = grid is not None and grid.cells[2] == 1
    seen: set[str] = set()
    for i, boundary in items(sections, "boundary"):
        keys = ("boundary", i)
        if boundary.face in seen:
            faults.add((*keys, "face"), f'"{boundary.face}" is given twice')
        seen.add(boundary.face)
        if boundary.contact_angle is not None and boundary.kind != "wall":
            faults.add((*keys, "contact_angle"), f"belongs to a wall, not to a {boundary.kind}")
        if boundary.phase is not None and boundary.kind != "inflow":
            faults.add((*keys, "phase"), f"belongs to an inflow, not to a {boundary.kind} face")
        if boundary.kind == "inflow" and boundary.velocity is None:
            faults.add((*keys, "velocity"), "is missing; an inflow needs its velocity (m/s)")
        if boundary.velocity is not None:
            _velocity(boundary, keys, faults)
        _scalars(boundary, keys, sections, faults)
        if flat and boundary.face[0] == "z" and boundary.kind != "periodic":
            faults.add((*keys, "kind"), "nz = 1 is 2-D and periodic in z; remove the entry")
    if faults.under("boundary") or grid is None:
        return
    kinds = faces(sections.get("boundary") or [], flat)
    for axis in "xyz":
        pair = [kinds[axis + side] for side in "-+"]
        if pair.count("periodic") == 1:
            lone = axis + "-+"[pair.index("periodic")]
            faults.add(
                ("boundary",),
                f"{axis}- is {pair[0]} and {axis}+ is {pair[1]}; periodic"
                f" faces come in pairs, so say what {lone} is",
            )


THERMAL = ("temperature", "heat_flux", "convection", "radiation", "adiabatic")


def _scalars(boundary: Any, keys: tuple, sections: dict[str, Any], faults: Faults) -> None:
    """Thermal keys need [heat], concentrations [solute]; both a face that something passes."""
    for section, names in (("heat", THERMAL), ("solute", ("concentration",))):
        for name in names:
            if getattr(boundary, name) is None:
                continue
            if sections.get(section) is None and not faults.under(section):
                faults.add((*keys, name), f"needs a [{section}] section")
            elif boundary.kind in ("periodic", "symmetry"):
                faults.add((*keys, name), f"belongs to a wall or inflow, not to {boundary.kind}")
            elif boundary.kind == "inflow" and name not in ("temperature", "concentration"):
                faults.add((*keys, name), "of an inflow is its temperature; give that")
            elif boundary.kind == "outflow":
                faults.add((*keys, name), "of an outflow is that of what leaves; remove it")


def _velocity(boundary: Any, keys: tuple, faults: Faults) -> None:
    if boundary.kind == "inflow":
        axis, side = "xyz".index(boundary.face[0]), 1 if boundary.face[1] == "-" else -1
        if boundary.face != "all" and boundary.velocity[axis] * side <= 0:
            faults.add((*keys, "velocity"), "of an inflow points into the box")
    elif boundary.kind != "wall":
        faults.add((*keys, "velocity"), f"only a wall moves, not a {boundary.kind} face")
    elif boundary.face == "all":
        faults.add((*keys, "velocity"), "give the moving wall its own [[boundary]], not face all")
    elif boundary.velocity["xyz".index(boundary.face[0])] != 0:
        faults.add(
            (*keys, "velocity"),
            f"a wall moves along itself; its {boundary.face[0]} component must be 0",
        )
