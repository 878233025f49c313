"""What is where in a case: shapes, the faces of the box."""

from typing import ClassVar, Literal, Self

from pydantic import field_validator, model_validator

from levitas.solver.grid.grid import FACE_KINDS
from levitas.solver.input.section import Section, formula_key, key, one_of
from levitas.solver.input.section import vector as triple

_SOLID = "needs [solid]"
ANGLES = (10.0, 170.0)  # degrees


def _wetting(angle: float | None) -> float | None:
    """A contact angle that the interface can form (degrees)."""
    if angle is not None and not ANGLES[0] <= angle <= ANGLES[1]:
        raise ValueError(f"must lie between {ANGLES[0]:g} and {ANGLES[1]:g} degrees, got {angle:g}")
    return angle


class ShapeMode(Section):
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
    mode: ShapeMode | None = key(None, "{ n, amplitude }: deformation of a sphere or cylinder")
    wave: Wave | None = key(None, "{ wavelength, amplitude }: on a plane, film or cylinder")
    expression: str | None = key(
        None, "distance to the surface, positive inside (kind expression)", formula=True
    )
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
    kind: Literal[*FACE_KINDS] = key(..., "kind of face")
    velocity: list[float] | None = triple(
        None, "velocity of a wall, along the face, or of what flows in", "m/s"
    )
    phase: Literal["liquid", "gas"] | None = key(None, "what flows in; liquid if absent")
    contact_angle: float | None = key(
        None, "contact angle of the liquid on a wall, degrees; 90 if absent", "deg"
    )
    temperature: float | str | None = formula_key(
        "temperature of the face, a number or an expression of x, y, z, t", "K", "a temperature"
    )
    heat_flux: float | str | None = formula_key(
        "heat flux into the box, a number or an expression", "W/m2", "a heat flux"
    )
    convection: Convection | None = key(None, "{ coefficient, temperature }: h (T - T_far) lost")
    radiation: Radiation | None = key(
        None, "{ emissivity, temperature }: emissivity sigma_SB (T^4 - T_far^4) lost"
    )
    adiabatic: bool | None = key(None, "no heat passes; so it is where nothing is said")
    concentration: float | str | None = formula_key(
        "concentration at the face; none passes if absent"
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
