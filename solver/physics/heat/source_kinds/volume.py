"""Power in the volume: an expression of place and time."""

from typing import Any, Literal

from levitas.solver.geometry.field_expression import FieldExpression
from levitas.solver.input.expression import Expression
from levitas.solver.input.section import Section, formula_key, key
from levitas.solver.physics.heat.source_kinds.kind import SourceKind


class Volume(Section):
    """The keys of a power density."""

    expression: str | float | None = formula_key(
        "power density of x, y, z, t (kind volume)", "W/m3"
    )
    phase: Literal["liquid", "gas", "all"] = key("all", "where a volume source acts")


def phases(source: Any) -> tuple[str, ...]:
    """The phases that it acts in."""
    return ("liquid", "gas") if source.phase == "all" else (source.phase,)


def density(source: Any, sim: Any, points: Any, time: float) -> Any:
    """The expression."""
    return FieldExpression(sim.case, source.expression)(points, time)


def changes(source: Any) -> bool:
    """It does where the expression names t."""
    return "t" in Expression(str(source.expression)).names


SOURCE = SourceKind(
    Volume, ("expression",), ("phase",), phases=phases, density=density, changes=changes
)
