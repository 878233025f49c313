"""The `pictures` of `[output]`: the keys of all kinds, and what each kind makes of them.

Which keys a kind takes stands in postprocess/kinds, a module a kind.
"""

from typing import Literal, Self

from pydantic import model_validator

from levitas.postprocess.kinds.table import DERIVED, KINDS, sentence
from levitas.solver.case.sections import fields
from levitas.solver.input.kinds import kind_keys
from levitas.solver.input.section import Section, key

#: fields that a picture can show, as their physics declare them
FIELDS = {name: quantity for name, (quantity, _) in fields().items()}


class PictureParams(Section):
    """A picture drawn at the end of a run, or by `levitas render`."""

    kind: Literal[*KINDS] = key(..., sentence())
    name: str | None = key(
        None, "name of the file; from the kind if absent", pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"
    )
    field: Literal[*FIELDS, *DERIVED] | None = key(
        None, "what a slice or line shows; speed if absent"
    )
    normal: Literal["x", "y", "z"] | None = key(
        None,
        "axis across a slice (y, in 2-D z, if absent), or that a film is thick along",
    )
    along: Literal["x", "y", "z"] | None = key(
        None, "line: its direction; film: the direction its thickness is drawn along"
    )
    at: float | list[float] | None = key(
        None,
        "place of a slice; of a line its two other coordinates in the order x, y, z (one in"
        " 2-D); the drop's centre if absent",
        "m",
        expects="a length or two lengths",
    )
    time: float | None = key(None, "time that is shown; the end if absent", "s", ge=0)
    times: list[float] | None = key(
        None, "times of a film or line; of a film five over the run if absent", "s", min_length=1
    )
    streamlines: bool = key(False, "slice: streamlines instead of arrows")
    frame: Literal["drop"] | None = key(
        None, "slice: velocities less the mean one of the drop (of the bubbles in a liquid)"
    )
    colour: Literal["deviation", "speed", "normal_velocity", "curvature"] | None = key(
        None, "what colours a surface; deviation from the mean radius if absent"
    )
    quantities: list[str] | None = key(None, "metrics of a series picture; all of the series")
    logarithmic: bool = key(False, "logarithmic axis of a series picture")
    reference: str | None = key(
        None,
        "theory drawn too: expression of case values and t (series: for the first of its"
        " quantities), of x, y, z and t (film, line)",
    )
    reference_name: str | None = key(None, "what the legend calls it", max_length=80)
    metric: str | None = key(None, "variants: the metric that is compared")
    x: str | None = key(None, "variants: expression of case values it is drawn against")
    x_name: str | None = key(None, "variants: text of that axis")
    relative: bool = key(False, "variants: show the error relative to the reference of the check")
    fit: Literal["line", "order"] | None = key(
        None, "variants: straight line with its limit at x = 0, or power law with its order"
    )
    group: str | None = key(None, "variants: expression; runs with equal values belong together")
    group_name: str | None = key(None, "variants: what that value is called")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        kind = KINDS[self.kind]
        missing, foreign = kind_keys(self, kind.needed, kind.keys, ("name",))
        if foreign:
            hint = f"it takes {', '.join(kind.keys)}" if kind.keys else "it takes only a name"
            a = "an" if self.kind[0] in "aeiou" else "a"
            raise ValueError(f"{foreign[0]} does not belong to {a} {self.kind} picture; {hint}")
        if missing:
            raise ValueError(f"{self.kind} needs {' and '.join(kind.needed)}")
        if self.time is not None and self.times is not None:
            raise ValueError("give time or times, not both")
        if self.reference_name is not None and self.reference is None:
            raise ValueError("reference_name names a reference; give reference too")
        if fault := kind.fault(self):
            raise ValueError(fault)
        if self.field in DERIVED and self.field not in kind.derived:
            raise ValueError(f"{self.field} is shown by slices only")
        if self.along is not None and self.along == self.normal:
            raise ValueError("along and normal must be different axes")
        return self
