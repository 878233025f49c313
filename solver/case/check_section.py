"""Variants of a case, and the checks that its runs are held against."""

from typing import Literal, Self

from pydantic import model_validator

from levitas.solver.input.section import Section, formula_key, key, one_of


class VariantParams(Section):
    """A `[[variant]]`: a named run of the same case with other values.

    A list replaces the whole list; a section given as a table changes the keys that it names.
    """

    name: str = key(
        ..., "letters, digits and - _ . +", pattern=r"^[A-Za-z0-9][A-Za-z0-9_.+-]*$", max_length=64
    )
    title: str = key("", "one line", max_length=200)
    set: dict = key(dict, 'other values: { "liquid.viscosity" = 2e-3 }')


class Tolerance(Section):
    """How near a metric must come to its reference."""

    relative: float | None = key(None, "of the reference", "1", gt=0)
    absolute: float | None = key(None, "in the unit of the metric", gt=0)
    min: float | None = key(None, "least value of the metric")
    max: float | None = key(None, "largest value of the metric")

    @model_validator(mode="after")
    def _some(self) -> Self:
        one_of(self, "relative", "absolute", optional=True)
        bounds = self.min is not None or self.max is not None
        near = self.relative is not None or self.absolute is not None
        if bounds == near:
            raise ValueError("give relative or absolute, or min, max or both")
        if None not in (self.min, self.max) and self.min > self.max:
            raise ValueError("min is larger than max")
        return self


class Across(Section):
    """What a check reads off its variants together."""

    x: str | None = key(
        None, 'expression of case values, such as "(interface.width/shape.radius)**2"'
    )
    fit: Literal["line", "order", "zero", "ratio", "difference"] = key(
        "line",
        "line: the limit at x = 0, over the reference; order: the power of x of the error; zero: "
        "the x at which the metric is 0, over the reference; ratio, difference: of the first of "
        "two variants to the second",
    )

    @model_validator(mode="after")
    def _x(self) -> Self:
        compares = self.fit in ("ratio", "difference")
        if compares and self.x is not None:
            raise ValueError(f"{self.fit} compares two variants; it takes no x")
        if not compares and self.x is None:
            raise ValueError(f"{self.fit} needs x")
        return self


class CheckParams(Section):
    """A `[[check]]`: what the run must show."""

    metric: str = key(..., "name of a metric (levitas list metrics)")
    reference: float | str | None = formula_key("number, or expression of case values")
    tolerance: Tolerance = key(..., "{ relative }, { absolute }, { min } or { max }")
    source: str = key("", "where the reference comes from")
    variant: str | list[str] | None = key(
        None, "variants it applies to; all if absent", expects="a name or a list of names"
    )
    when: str | None = key(
        None, 'condition on case values, such as "gas.density < 2"', formula=True
    )
    across: Across | None = key(
        None, "{ x, fit }: judged over the variants together, by run --variant all"
    )
    required: bool = key(False, "must pass")
