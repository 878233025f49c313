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
        if boundary.kind in ("inflow", "outflow"):
            faults.add(
                (*keys, "kind"), f'"{boundary.kind}" is {LATER}; use periodic, wall or symmetry'
            )
        if boundary.contact_angle != 90:
            faults.add((*keys, "contact_angle"), f"other than 90 degrees is {LATER}; remove it")
        if boundary.velocity is not None:
            _wall_velocity(boundary, keys, faults)
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


def _wall_velocity(boundary: Any, keys: tuple, faults: Faults) -> None:
    if boundary.kind != "wall":
        faults.add((*keys, "velocity"), f"only a wall moves, not a {boundary.kind} face")
    elif boundary.face == "all":
        faults.add((*keys, "velocity"), "give the moving wall its own [[boundary]], not face all")
    elif boundary.velocity["xyz".index(boundary.face[0])] != 0:
        faults.add(
            (*keys, "velocity"),
            f"a wall moves along itself; its {boundary.face[0]} component must be 0",
        )
