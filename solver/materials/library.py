"""Materials: properties by name from cases/materials, each with its source and confidence."""

from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from pydantic import field_validator

from levitas.solver.errors import CaseError
from levitas.solver.input.expression import ExpressionError, evaluate
from levitas.solver.input.section import Section, key, unit_of
from levitas.solver.input.source import Source, read_toml
from levitas.solver.materials.laws import Rheology, ViscosityLaw, ordered

FOLDER = Path(__file__).resolve().parent.parent.parent / "cases" / "materials"
CONFIDENCE = ("measured", "handbook", "estimate", "surrogate")
ROOM_TEMPERATURE = 293.15  # K


class MaterialParams(Section):
    """A material in a case file: a name, properties, or a name and other values for some."""

    unavailable: ClassVar = {}

    name: str | None = key(None, "name of a shipped material, or a .toml file of the case folder")
    density: float | None = key(None, "density", "kg/m3", gt=0)
    viscosity: float | None = key(None, "dynamic viscosity", "Pa s", gt=0)
    surface_tension: float | None = key(None, "surface tension (liquid)", "N/m", ge=0)
    surface_tension_slope: float | None = key(None, "d sigma/dT", "N/m/K")
    surface_tension_curvature: float | None = key(None, "d2 sigma/dT2", "N/m/K2")
    surface_tension_solute_slope: float | None = key(
        None, "d sigma/dc, per unit of the concentration", "N/m"
    )
    surface_tension_table: list[list[float]] | None = key(
        None, "[[T, sigma], ...] in K and N/m instead of the slopes"
    )
    conductivity: float | None = key(None, "thermal conductivity", "W/m/K", gt=0)
    heat_capacity: float | None = key(None, "specific heat capacity", "J/kg/K", gt=0)
    thermal_expansion: float | None = key(None, "-(1/rho) d rho/dT", "1/K")
    solutal_expansion: float | None = key(
        None, "-(1/rho) d rho/dc, per unit of the concentration; negative where it is heavy", "1"
    )
    diffusivity: float | None = key(None, "diffusivity of the solute", "m2/s", ge=0)
    viscosity_law: ViscosityLaw | None = key(
        None, "{ kind, ... }: viscosity of temperature, times that at the reference temperature"
    )
    rheology: Rheology | None = key(None, "{ kind, ... }: viscosity of the strain rate")
    latent_heat: float | None = key(None, "latent heat of melting", "J/kg", gt=0)
    evaporation_heat: float | None = key(None, "latent heat of evaporation", "J/kg", gt=0)
    melting_temperature: float | None = key(None, "melting (liquidus) temperature", "K", gt=0)

    @field_validator("surface_tension_table")
    @classmethod
    def _rising(cls, value: list[list[float]] | None) -> list[list[float]] | None:
        if value is not None:
            ordered(value, "surface_tension_table")
        return value


_TABLES = ("name", "surface_tension_table", "viscosity_law", "rheology")
PROPERTIES = [name for name in MaterialParams.model_fields if name not in _TABLES]
PHASES = ("liquid", "gas", "solid", "wall")


def names() -> list[str]:
    """The shipped materials."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def as_tables(data: dict[str, Any]) -> dict[str, Any]:
    """The values of a case with every material given by name as a table { name = ... }."""
    section = data.get("materials")
    if not isinstance(section, dict):
        return data
    tables = {
        k: {"name": v} if isinstance(v, str) and k in PHASES else v for k, v in section.items()
    }
    return data | {"materials": tables}


def find(name: str, folder: Path) -> Path | None:
    """File of a shipped material, or of one in the case folder; None if there is none.

    Raises ValueError if the name leaves the case folder.
    """
    if not name.endswith(".toml"):
        return FOLDER / f"{name}.toml" if name in names() else None
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ValueError(f"'{name}' leaves the folder of the case; copy the file there")
    return path if path.exists() else None


@cache
def read(path: Path) -> Source:
    """A material file; raises CaseError if it is malformed.

    ```toml
    title = "Nickel, liquid"
    reference_temperature = 1728          # K, where laws are evaluated unless the case says
    [viscosity]                           # a property: value, or law of T in K
    law = "1e-3*10**(-0.5038 + 2029/T)"
    source = "..."
    confidence = "handbook"               # measured | handbook | estimate | surrogate
    ```
    """
    source = read_toml(path, "material file")
    for name, entry in source.data.items():
        fault = _entry_fault(name, entry)
        if fault:
            raise CaseError(f"{source.place((name,))[1]}: {name}: {fault}")
    return source


def _entry_fault(name: str, entry: Any) -> str | None:
    if name in ("title", "text"):
        return None if isinstance(entry, str) else "must be text"
    if name == "reference_temperature":
        return None if _positive(entry) else "must be a positive number (K)"
    if not isinstance(entry, dict):
        return "must be a table with value or law, source and confidence"
    unknown = set(entry) - {"value", "law", "source", "confidence", "low", "high", "range", "note"}
    if unknown:
        return f"unknown key '{min(unknown)}'"
    if ("value" in entry) == ("law" in entry):
        return "give either value or law"
    if "value" in entry and not isinstance(entry["value"], int | float):
        return "value must be a number"
    if "law" in entry and not isinstance(entry["law"], str):
        return "law must be an expression of T in quotes"
    if not isinstance(entry.get("source"), str) or entry.get("confidence") not in CONFIDENCE:
        return f"needs source, and confidence, one of {', '.join(CONFIDENCE)}"
    return None


def _positive(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def properties(path: Path, temperature: float | None) -> dict[str, float]:
    """Values of all properties of a material file at a temperature in K (its own if None).

    Raises CaseError if a law has no finite value there.
    """
    source = read(path)
    at = temperature or source.data.get("reference_temperature", ROOM_TEMPERATURE)
    result: dict[str, float] = {}
    for name, entry in source.data.items():
        if not isinstance(entry, dict) or name not in PROPERTIES:
            continue
        try:
            result[name] = float(evaluate(str(entry.get("law", entry.get("value"))), {"T": at}))
        except ExpressionError as error:
            message = f"{name} at {at:g} K: {error}; give a reference_temperature where it holds"
            raise CaseError(f"{source.place((name,))[1]}: {message}") from None
    return result


def unit(name: str) -> str:
    """SI unit of a property."""
    return unit_of(MaterialParams, name) or "1"
