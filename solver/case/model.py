"""The sections of a case file as typed records: unit, range, default and a line of text per key."""

from typing import ClassVar, Literal, Self

from pydantic import BaseModel, field_validator, model_validator

from levitas.solver.case.check_section import CheckParams, ExactParams, VariantParams
from levitas.solver.case.output_section import OutputParams
from levitas.solver.geometry.section import BoundaryParams, FieldParams, ShapeParams
from levitas.solver.gravity.signal import GravitySignal
from levitas.solver.input.section import Section, key, one_of
from levitas.solver.input.section import vector as triple
from levitas.solver.materials.library import MaterialParams
from levitas.solver.physics.flow.section import FlowParams
from levitas.solver.physics.heat.section import HeatParams
from levitas.solver.physics.interface.section import InterfaceParams
from levitas.solver.physics.solute.section import SoluteParams

LEVELS = {  # in units of g0
    "1g": 1.0,
    "lunar": 0.1654,
    "martian": 0.379,
    "parabolic": 1e-2,
    "rocket": 1e-4,
    "drop-tower": 1e-6,
    "orbit": 1e-6,
    "0g": 0.0,
}


class Steady(Section):
    """End when a metric no longer changes."""

    metric: str = key("kinetic_energy", "metric whose relative change per 100 steps is watched")
    tolerance: float = key(1e-6, "relative change that counts as steady", "1", gt=0, lt=1)


class End(Section):
    """When the run ends: one of time, steps, steady."""

    time: float | None = key(None, "simulated time", "s", gt=0)
    steps: int | None = key(None, "number of steps", gt=0, le=10**12)
    steady: Steady | None = key(None, "steady state: { metric, tolerance }")

    @model_validator(mode="after")
    def _one(self) -> Self:
        one_of(self, "time", "steps", "steady")
        return self


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


class GravityParams(Section):
    """The `[gravity]` section: one acceleration vector."""

    level: float | str | None = key(
        None,
        "magnitude: " + ", ".join(LEVELS) + " or an acceleration",
        "m/s2",
        words=tuple(LEVELS),
        expects="an acceleration or one of " + ", ".join(LEVELS),
    )
    vector: list[float] | None = triple(None, "acceleration [x, y, z]", "m/s2")
    direction: list[float] | None = triple(
        None, "where the level points: [x, y, z]; -z if absent, -y when nz = 1", "1"
    )
    signal: GravitySignal | None = key(
        None, "{ kind, ... }: an acceleration that changes with time"
    )

    @model_validator(mode="after")
    def _one(self) -> Self:
        one_of(self, "level", "vector", "signal")
        if self.level is None and self.direction is not None:
            raise ValueError("direction belongs to level; a vector or signal has its own")
        if self.direction is not None and not any(self.direction):
            raise ValueError("direction must not be zero")
        return self


class CaseModel(BaseModel):
    """A whole case file."""

    unavailable: ClassVar[dict[str, str]] = {
        name: "this physics is not built yet" for name in ("solid", "nucleation")
    } | {"sweep": "use [[variant]]"}

    case: CaseParams
    grid: GridParams
    materials: MaterialsParams
    gravity: GravityParams | None = None
    flow: FlowParams | None = None
    interface: InterfaceParams | None = None
    heat: HeatParams | None = None
    solute: SoluteParams | None = None
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
