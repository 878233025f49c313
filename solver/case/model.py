"""The sections of a case file as typed records: unit, range, default and a line of text per key."""

import math
from typing import ClassVar, Literal, Self

from pydantic import BaseModel, create_model, field_validator, model_validator

from levitas.solver.case.check_section import CheckParams, VariantParams
from levitas.solver.case.field_section import ExactParams, FieldParams
from levitas.solver.case.output_section import OutputParams
from levitas.solver.case.sections import SECTIONS
from levitas.solver.geometry.section import BoundaryParams, ShapeParams
from levitas.solver.gravity.section import GravityParams
from levitas.solver.input.section import Section, key, one_of
from levitas.solver.input.section import vector as triple
from levitas.solver.materials.library import MaterialParams
from levitas.solver.physics.flow.section import FlowParams


class SteadyEnd(Section):
    """End when a metric no longer changes."""

    metric: str = key("kinetic_energy", "metric whose relative change per 100 steps is watched")
    tolerance: float = key(1e-6, "relative change that counts as steady", "1", gt=0, lt=1)


class End(Section):
    """When the run ends: one of time, steps, steady."""

    time: float | None = key(None, "simulated time", "s", gt=0)
    steps: int | None = key(None, "number of steps", gt=0, le=10**12)
    steady: SteadyEnd | None = key(None, "steady state: { metric, tolerance }")

    @model_validator(mode="after")
    def _one(self) -> Self:
        one_of(self, "time", "steps", "steady")
        return self

    def count(self, dt: float) -> int | None:
        """Steps of dt (s) to the end, None where a steady state decides."""
        if self.time is None:
            return self.steps
        return max(1, math.ceil(self.time / dt - 1e-6))


class CaseParams(Section):
    """The `[case]` section."""

    title: str = key("", "one line for pictures and reports", max_length=200)
    subtitle: str = key("", "second line; of a variant its title, or its name", max_length=200)
    text: str = key("", "what the case asks and shows", max_length=20000)
    references: list[str] = key(list, "papers the case rests on")
    units: Literal["SI", "lattice"] = key("SI", "units of every number in the file")
    precision: Literal["float32", "float64"] = key("float32", "arithmetic of the solver")
    seed: int = key(0, "seed of random numbers", ge=0, le=2**63 - 1)
    end: End = key(lambda: End(steps=1000), "{ time = ... } or { steps = ... } or { steady = ... }")


class Refinement(Section):
    """A case in lattice units on another grid than the one whose cells and steps are its units."""

    cells: float = key(..., "cells a unit of length", gt=0)
    steps: float = key(..., "steps a unit of time", gt=0)


class GridParams(Section):
    """The `[grid]` section: cubic cells."""

    cells: list[int] = triple(..., "numbers of cells [nx, ny, nz]; nz = 1 is 2-D")
    spacing: float | None = key(None, "edge of a cell", "m", gt=0)
    time_step: float | None = key(None, "time step; the largest safe one if absent", "s", gt=0)
    origin: Literal["centre", "corner"] | list[float] = key(
        "centre",
        "origin of coordinates: centre, corner, or [x, y, z] from the low corner",
        "m",
        words=("centre", "corner"),
        expects='"centre", "corner" or three numbers [x, y, z]',
    )
    refinement: Refinement | None = key(
        None, "{ cells, steps } a unit of length and time of a case in lattice units; 1 if absent"
    )

    @property
    def is_2d(self) -> bool:
        """One cell along z: nothing changes there."""
        return self.cells[2] == 1

    @property
    def unit_lengths(self) -> dict[str, float]:
        """Spacing and time step of a grid in lattice units, in those of the case."""
        fine = self.refinement
        return {
            "spacing": 1 / fine.cells if fine else 1.0,
            "time_step": 1 / fine.steps if fine else 1.0,
        }

    @field_validator("origin")
    @classmethod
    def _three(cls, value: str | list[float]) -> str | list[float]:
        if isinstance(value, list) and len(value) != 3:
            raise ValueError(f"needs 3 values, got {len(value)}")
        return value


class MaterialsParams(Section):
    """The `[materials]` section."""

    liquid: MaterialParams = key(..., "material name, or table of properties")
    gas: MaterialParams | None = key(None, "material name, or table of properties")
    solid: MaterialParams | None = key(None, "what shapes of phase solid are made of")
    wall: MaterialParams | None = key(None, "what shapes of phase wall are made of")
    reference_temperature: float | None = key(
        None, "temperature at which properties are taken; the liquid's own if absent", "K", ge=0
    )


class _Box(BaseModel):
    """The sections that stand before those of the physics."""

    case: CaseParams
    grid: GridParams
    materials: MaterialsParams
    gravity: GravityParams | None = None


_Physics = create_model(
    "_Physics",
    __base__=_Box,
    **{name: (physics.params | None, None) for name, physics in SECTIONS.items()},
)


class CaseModel(_Physics):
    """A whole case file: the box, a section for each of SECTIONS, and these."""

    unavailable: ClassVar[dict[str, str]] = {
        name: "this physics is not built yet" for name in ("solid", "nucleation")
    } | {"sweep": "use [[variant]]"}

    shape: list[ShapeParams] = []
    field: list[FieldParams] = []
    boundary: list[BoundaryParams] = []
    exact: list[ExactParams] = []
    output: OutputParams
    variant: list[VariantParams] = []
    check: list[CheckParams] = []

    @property
    def driven(self) -> FlowParams:
        """The [flow] section, without one that of a fluid that nothing drives."""
        return self.flow or FlowParams()
