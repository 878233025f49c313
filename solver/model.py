"""The sections of a case file as typed records: unit, range, default and a line of text per key."""

from typing import ClassVar, Literal, Self

from pydantic import BaseModel, field_validator, model_validator

from levitas.solver.flow import FlowParams
from levitas.solver.gravity import GravitySignal
from levitas.solver.heat import HeatParams
from levitas.solver.interface import InterfaceParams
from levitas.solver.materials import MaterialParams
from levitas.solver.output_params import OutputParams
from levitas.solver.params import Section, key
from levitas.solver.params import vector as triple
from levitas.solver.solute import SoluteParams

FACES = ("x-", "x+", "y-", "y+", "z-", "z+")
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
_SOLID = "needs [solid]"
ANGLES = (10.0, 170.0)  # degrees


def _wetting(angle: float | None) -> float | None:
    """A contact angle that the interface can form (degrees)."""
    if angle is not None and not ANGLES[0] <= angle <= ANGLES[1]:
        raise ValueError(f"must lie between {ANGLES[0]:g} and {ANGLES[1]:g} degrees, got {angle:g}")
    return angle


def one_of(model: BaseModel, *names: str, optional: bool = False) -> None:
    """Exactly one of the keys must be given (at most one if optional)."""
    given = [name for name in names if getattr(model, name) is not None]
    if len(given) > 1 or not (given or optional):
        raise ValueError(f"give {'at most' if optional else 'exactly'} one of {', '.join(names)}")


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


class Mode(Section):
    """Deformation of a sphere (Legendre) or circle, cylinder (cosine)."""

    n: int = key(..., "mode number", ge=2, le=32)
    amplitude: float = key(..., "amplitude over the radius", "1", ge=-0.5, le=0.5)


class Wave(Section):
    """Sinusoidal displacement of a plane, a film surface or a cylinder's radius."""

    wavelength: float = key(..., "wavelength", "m", gt=0)
    amplitude: float = key(..., "amplitude", "m")
    direction: list[float] | None = triple(
        None, "along the surface; an axis of the box if absent", "1"
    )
    phase: float = key(0.0, "phase: a cos(k s + phase), s from the centre", "rad")


class ShapeParams(Section):
    """A `[[shape]]`: where a phase is at the start."""

    unavailable: ClassVar = {"orientation": _SOLID}

    phase: Literal["liquid", "gas", "solid", "wall"] = key("liquid", "what fills the shape")
    kind: Literal[
        "sphere", "ellipsoid", "cylinder", "box", "film", "plane", "expression", "stl", "file"
    ] = key(..., "form")
    centre: list[float] | None = triple(None, "centre (film: base; plane: a point on it)", "m")
    radius: float | list[float] | None = key(
        None, "radius; three semi-axes of an ellipsoid", "m", expects="a length or three lengths"
    )
    size: float | list[float] | None = key(
        None,
        "edges of a box, diameters of an ellipsoid, length of a cylinder, height of a film",
        "m",
        expects="a length or three lengths",
    )
    axis: list[float] | None = triple(
        None, "axis of a cylinder or mode, normal of a plane or film (out of the phase)", "1"
    )
    mode: Mode | None = key(None, "{ n, amplitude }: deformation of a sphere or cylinder")
    wave: Wave | None = key(None, "{ wavelength, amplitude }: on a plane, film or cylinder")
    expression: str | None = key(None, "distance to the surface, positive inside (kind expression)")
    velocity: list[float] | None = triple(
        None, "velocity of what is inside; a solid keeps its place all the same", "m/s"
    )
    temperature: float | None = key(None, "temperature of what is inside", "K", ge=0)
    concentration: float | None = key(None, "concentration of the solute inside")
    contact_angle: float | None = key(
        None, "contact angle of the liquid on a solid, degrees; 90 if absent", "deg"
    )
    isothermal: bool | None = key(None, "hold a solid at its temperature")
    file: str | None = key(None, "STL surface, or netCDF or npy mask, in the case folder")
    scale: float = key(1.0, "metres per unit of length of the file", "m", gt=0)

    @field_validator("contact_angle")
    @classmethod
    def _angle(cls, value: float | None) -> float | None:
        return _wetting(value)

    @field_validator("radius", "size")
    @classmethod
    def _positive(cls, value: float | list[float] | None) -> float | list[float] | None:
        for v in value if isinstance(value, list) else [1.0 if value is None else value]:
            if v <= 0:
                raise ValueError(f"must be larger than 0, got {v:g}")
        return value


class FieldParams(Section):
    """A `[[field]]`: initial values, added to those of the shapes."""

    name: Literal["u", "v", "w", "p", "phi", "T", "c"] = key(..., "field")
    expression: str | float = key(
        ..., "of x, y, z and case values", expects="an expression in quotes, or a number"
    )


class Convection(Section):
    """Heat lost to a fluid beyond a face."""

    coefficient: float = key(..., "heat transfer coefficient", "W/m2/K", ge=0)
    temperature: float = key(..., "temperature of what is beyond", "K", ge=0)


class Radiation(Section):
    """Heat radiated from a face."""

    emissivity: float = key(..., "emissivity", "1", ge=0, le=1)
    temperature: float = key(..., "temperature of the surroundings", "K", ge=0)


class BoundaryParams(Section):
    """A `[[boundary]]`: what happens at a face of the box; periodic where nothing is said."""

    face: Literal["x-", "x+", "y-", "y+", "z-", "z+", "all"] = key(..., "face of the box, or all")
    kind: Literal["periodic", "wall", "symmetry", "inflow", "outflow"] = key(..., "kind of face")
    velocity: list[float] | None = triple(
        None, "velocity of a wall, along the face, or of what flows in", "m/s"
    )
    phase: Literal["liquid", "gas"] | None = key(None, "what flows in; liquid if absent")
    contact_angle: float | None = key(
        None, "contact angle of the liquid on a wall, degrees; 90 if absent", "deg"
    )
    temperature: float | str | None = key(
        None,
        "temperature of the face, a number or an expression of x, y, z, t",
        "K",
        formula=True,
        expects="a temperature or an expression in quotes",
    )
    heat_flux: float | str | None = key(
        None,
        "heat flux into the box, a number or an expression",
        "W/m2",
        formula=True,
        expects="a heat flux or an expression in quotes",
    )
    convection: Convection | None = key(None, "{ coefficient, temperature }: h (T - T_far) lost")
    radiation: Radiation | None = key(
        None, "{ emissivity, temperature }: emissivity sigma_SB (T^4 - T_far^4) lost"
    )
    adiabatic: bool | None = key(None, "no heat passes; so it is where nothing is said")
    concentration: float | str | None = key(
        None,
        "concentration at the face; none passes if absent",
        expects="a number or an expression in quotes",
    )

    @field_validator("contact_angle")
    @classmethod
    def _angle(cls, value: float | None) -> float | None:
        return _wetting(value)

    @model_validator(mode="after")
    def _one(self) -> Self:
        one_of(
            self, "temperature", "heat_flux", "convection", "radiation", "adiabatic", optional=True
        )
        return self


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


class ExactParams(Section):
    """An `[[exact]]`: what a field is by theory, for the metrics u_error, T_error, ..."""

    name: Literal["u", "v", "w", "p", "T", "c"] = key(..., "field")
    expression: str | float = key(
        ...,
        "of x, y, z, t, case values and reference solutions",
        expects="an expression in quotes, or a number",
    )
    region: list[list[float]] | None = key(
        None, "part of the box that is compared: [[x, y, z], [x, y, z]], low and high corner", "m"
    )


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
    reference: float | str | None = key(
        None, "number, or expression of case values", expects="a number or an expression in quotes"
    )
    tolerance: Tolerance = key(..., "{ relative }, { absolute }, { min } or { max }")
    source: str = key("", "where the reference comes from")
    variant: str | list[str] | None = key(
        None, "variants it applies to; all if absent", expects="a name or a list of names"
    )
    when: str | None = key(None, 'condition on case values, such as "gas.density < 2"')
    across: Across | None = key(
        None, "{ x, fit }: judged over the variants together, by run --variant all"
    )
    required: bool = key(False, "must pass")


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
