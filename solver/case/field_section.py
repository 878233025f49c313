"""Fields given by expressions: `[[field]]` at the start, `[[exact]]` by theory."""

from typing import Literal

from levitas.solver.case.sections import fields
from levitas.solver.input.section import Section, key

NAMES = tuple(fields())
EXACT = tuple(name for name, (quantity, _) in fields().items() if quantity.exact)


class FieldParams(Section):
    """A `[[field]]`: initial values, added to those of the shapes."""

    name: Literal[NAMES] = key(..., "field")
    expression: str | float = key(
        ...,
        "of x, y, z and case values",
        formula=True,
        expects="an expression in quotes, or a number",
    )


class ExactParams(Section):
    """An `[[exact]]`: what a field is by theory, for the metrics u_error, T_error, ..."""

    name: Literal[EXACT] = key(..., "field")
    expression: str | float = key(
        ...,
        "of x, y, z, t, case values and reference solutions",
        formula=True,
        expects="an expression in quotes, or a number",
    )
    region: list[list[float]] | None = key(
        None, "part of the box that is compared: [[x, y, z], [x, y, z]], low and high corner", "m"
    )
