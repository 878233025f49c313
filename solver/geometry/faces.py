"""Which `[[boundary]]` a face of the box has."""

from typing import Any

from levitas.solver.grid.grid import AXES, FACES

THERMAL = ("temperature", "heat_flux", "convection", "radiation", "adiabatic")


def by_face(boundaries: list[Any], flat: bool) -> dict[str, Any]:
    """{face: its [[boundary]]}: its own entry, else that of "all".

    A face of the kind that "all" has takes from there the angle, the heat and the concentration
    that its own entry does not give.
    """
    own = {b.face: b for b in boundaries}
    everywhere = own.pop("all", None)
    if everywhere is None:
        return own
    result = {face: everywhere for face in FACES if not (flat and face[0] == "z")}
    return result | {face: _inheriting(b, everywhere) for face, b in own.items()}


def _inheriting(boundary: Any, everywhere: Any) -> Any:
    if boundary.kind != everywhere.kind:
        return boundary
    more = {}
    for group in (THERMAL, ("concentration",), ("contact_angle",)):
        if all(getattr(boundary, name) is None for name in group):
            more |= {name: getattr(everywhere, name) for name in group}
    return boundary.model_copy(update=more)


def kinds_of(boundaries: list[Any], flat: bool) -> dict[str, str]:
    """Kind of every face, periodic where nothing is said."""
    given = {face: boundary.kind for face, boundary in by_face(boundaries, flat).items()}
    return dict.fromkeys(FACES, "periodic") | given


def axis_of(face: str) -> int:
    """The axis across a face: 0, 1, 2 of x, y, z."""
    return AXES.index(face[0])
