"""From valid sections to the numbers of a run: material values, box, time step, lattice units."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from levitas.solver.case import estimates, formulas
from levitas.solver.case import ranges as sampled
from levitas.solver.case import time_step as timestep
from levitas.solver.case.model import LEVELS, CaseModel, GravityParams, MaterialParams
from levitas.solver.case.rules import units_of
from levitas.solver.case.values import values_of
from levitas.solver.errors import CaseError
from levitas.solver.geometry import extents as geometry
from levitas.solver.geometry import placement
from levitas.solver.geometry import shape_file as surface_file
from levitas.solver.geometry.faces import kinds_of
from levitas.solver.gravity.table import read_table
from levitas.solver.input.faults import Faults, suggestion
from levitas.solver.input.units import Scales
from levitas.solver.materials import library as materials

G0 = 9.80665  # m/s2
MAY_BE_ZERO = ("surface_tension", "diffusivity")
_NEEDED = (
    "case",
    "grid",
    "materials",
    "gravity",
    "flow",
    "interface",
    "heat",
    "solute",
    "shape",
    "field",
    "boundary",
    "exact",
    "output",
)


@dataclass
class Resolved:
    """What `Case` is built of; see there."""

    model: CaseModel
    variants: list[str]
    materials: dict[str, str]
    origin: tuple[float, float, float]
    faces: dict[str, str]
    flat: bool
    across: list[Any]  # checks over all variants together
    folder: Path
    values: dict[str, float] = field(default_factory=dict)
    scales: Scales = field(default_factory=lambda: Scales(1.0, 1.0, 1.0))
    lattice: dict[str, Any] = field(default_factory=dict)
    wall_velocity: dict[str, tuple] = field(default_factory=dict)
    bounds: dict[str, float] = field(default_factory=dict)
    binding: str = ""
    speeds: dict[str, float] = field(default_factory=dict)
    sampled: dict[str, tuple] = field(default_factory=dict)  # {quantity: (low, high)}
    pushing: dict[int, float] = field(default_factory=dict)  # solids that move into the fluid
    labels: list[str] = field(default_factory=list)
    floored: bool = False
    capped: bool = False
    given: bool = False  # is flow.reference_velocity in the file?
    viscosity: dict[str, float] = field(default_factory=dict)  # as run, Pa s


def resolve(
    sections: dict[str, Any], folder: Path, variants: list[str], variant: str | None, faults: Faults
) -> Resolved | None:
    """The numbers of a run; None, with faults noted, where a section does not allow them."""
    if any(faults.under(name) for name in _NEEDED) or () in faults.keys:
        if sections.get("materials") is not None and sections.get("case") is not None:
            _materials(sections, folder, faults)
        return None
    checks = _checks(sections, variant)
    across = [check for check in sections.get("check") or [] if check and check.across]
    sections = (
        sections
        | {"check": [item for _, item in checks], "variant": []}
        | _named(sections, variant)
    )
    model = CaseModel.model_construct(**sections)
    found = _materials(sections, folder, faults)
    if found is None:
        return None
    grid = model.grid
    if model.case.units == "lattice":
        grid = grid.model_copy(update=units_of(grid))
    gravity = _gravity(model.gravity, grid.cells[2] == 1)
    shapes = [_centred(shape) for shape in model.shape]
    result = Resolved(
        model.model_copy(
            update={"materials": found, "grid": grid, "gravity": gravity, "shape": shapes}
        ),
        variants,
        {
            n: getattr(model.materials, n).name or n
            for n in materials.PHASES
            if getattr(model.materials, n)
        },
        _corner(grid),
        kinds_of(model.boundary, grid.cells[2] == 1),
        grid.cells[2] == 1,
        across,
        folder,
    )
    if not _numbers(result, faults):
        return None
    formulas.check(result.model, result.values, checks, faults)
    return result


def _numbers(result: Resolved, faults: Faults) -> bool:
    """Fill in what depends on several sections at once; False if that has faults."""
    model, before = result.model, len(faults.keys)
    lengths = [n * model.grid.spacing for n in model.grid.cells]
    width = model.interface.width if model.interface else 0.0
    geometry.check(
        model.shape, result.origin, lengths, result.faces, model.grid.spacing, width, faults
    )
    region = model.output.snapshots.region
    geometry.check_region(region, result.origin, lengths, model.grid.spacing, faults)
    result.values = values_of(model)
    _gravity_table(result, None, faults)
    _bodies(result, lengths, faults)
    result.sampled = sampled.ranges(result, timestep.known_end(model), faults)
    if len(faults.keys) > before:
        return False
    placement.check(model, result, faults)
    result.speeds = estimates.speeds(model, result)
    timestep.settle(result)
    end = timestep.end_time(result)
    result.sampled = sampled.ranges(result, end, faults)
    _gravity_table(result, end, faults)
    result.values = values_of(result.model) | timestep.as_run(result)
    return len(faults.keys) == before


def _bodies(result: Resolved, lengths: list[float], faults: Faults) -> None:
    """Can the files of shapes be used?"""
    for i, shape in enumerate(result.model.shape):
        if shape.file is None:
            continue
        try:
            surface_file.check(shape, result.folder, result.model.grid.spacing, lengths)
        except CaseError as error:
            faults.add(("shape", i, "file"), f"{shape.kind} {Path(shape.file).name}: {error}")


def _gravity_table(result: Resolved, end: float | None, faults: Faults) -> None:
    """Can the file of a gravity signal be used, until the run ends?"""
    signal = getattr(result.model.gravity, "signal", None)
    if signal is None or signal.kind != "table":
        return
    try:
        read_table(signal, result.folder, end)
    except CaseError as error:
        faults.add(("gravity", "signal", "file"), str(error))


def _named(sections: dict[str, Any], variant: str | None) -> dict[str, Any]:
    """The case section with the title of the variant."""
    if variant is None:
        return {}
    titles = {v.name: v.title for v in sections.get("variant") or [] if v is not None}
    subtitle = titles.get(variant) or variant
    return {"case": sections["case"].model_copy(update={"subtitle": subtitle})}


def _checks(sections: dict[str, Any], variant: str | None) -> list[tuple[int, Any]]:
    """The checks that apply to this variant, with their places in the file."""
    kept = []
    for i, item in enumerate(sections.get("check") or []):
        wanted = getattr(item, "variant", [])
        if (
            item is not None
            and item.across is None
            and (wanted is None or variant in (wanted, *_listed(wanted)))
        ):
            kept.append((i, item.model_copy(update={"variant": None})))
    return kept


def _listed(value: Any) -> list:
    return value if isinstance(value, list) else []


def _materials(sections: dict[str, Any], folder: Path, faults: Faults) -> Any:
    """The section with every property filled in from the material files, or None."""
    section, lattice = sections["materials"], sections["case"].units == "lattice"
    temperature, result, before = section.reference_temperature, {}, len(faults.keys)
    for name in materials.PHASES:
        material = getattr(section, name)
        if material is None:
            continue
        filled = _filled(material, ("materials", name), folder, temperature, faults)
        if name == "liquid" and material.name is not None and temperature is None and filled:
            temperature = _own_temperature(material.name, folder)
        result[name] = filled
        if filled is None:
            continue
        if lattice and name == "liquid" and filled.density is None:
            filled.density = 1.0
        for prop in _needed(sections, name):
            value = getattr(filled, prop)
            if value is not None and (value < 0 or (value == 0 and prop not in MAY_BE_ZERO)):
                told = f"is {value:.4g} by the law of {material.name}; give reference_temperature"
                faults.add(("materials", name, prop), f"{told} where it holds, or the value")
            if value is None:
                faults.add(
                    ("materials", name, prop),
                    f"is missing; give a {prop.replace('_', ' ')} ({materials.unit(prop)})",
                )
    if len(faults.keys) > before:
        return None
    if temperature is None and sections.get("heat"):
        temperature = 0.0 if lattice else materials.ROOM
    update = result | {"reference_temperature": temperature}
    return section.model_copy(update=update)


def _needed(sections: dict[str, Any], phase: str) -> list[str]:
    """The properties that the physics of the case take of a phase."""
    fluid, heat, solute = phase in ("liquid", "gas"), sections.get("heat"), sections.get("solute")
    needed = ["density"] if fluid else []
    needed += ["viscosity"] if fluid and sections.get("flow") else []
    if phase == "liquid" and sections.get("interface"):
        needed.append("surface_tension")
    if heat and heat.prescribed is None and (phase != "gas" or sections.get("interface")):
        needed += ["density", "conductivity", "heat_capacity"]
    where = (solute.phase if solute and sections.get("interface") else None) or "liquid"
    if solute and (phase == where or (where == "all" and fluid)):
        needed.append("diffusivity")
    return list(dict.fromkeys(needed))


def _own_temperature(name: str, folder: Path) -> float | None:
    path = materials.find(name, folder)
    own = materials.read(path).data.get("reference_temperature") if path else None
    return None if own is None else float(own)


def _filled(material: MaterialParams, keys, folder, temperature, faults) -> MaterialParams | None:
    given = {n: v for n, v in material if v is not None}
    if material.name is None:
        return material.model_copy()
    try:
        path = materials.find(material.name, folder)
        if path is None:
            near = suggestion(material.name, materials.names())
            hint = f"; did you mean '{near}'?" if near else "; see levitas list materials"
            faults.add(keys, f"unknown material '{material.name[:60]}'{hint}")
            return None
        found = materials.properties(path, temperature)
    except (CaseError, ValueError) as error:
        faults.add(keys, str(error))
        return None
    # a file of the case folder is not beside the resolved case: its values are
    name = None if material.name.endswith(".toml") else material.name
    return material.model_copy(update=found | given | {"name": name})


def _gravity(section: GravityParams | None, flat: bool) -> GravityParams | None:
    """The section with its vector written out."""
    if section is None or section.level is None:
        return section
    level = section.level
    size = LEVELS[level] * G0 if isinstance(level, str) else level
    down = np.array(section.direction or ([0, -1, 0] if flat else [0, 0, -1]), dtype=float)
    vector = [float(v) + 0.0 for v in size * down / np.linalg.norm(down)]
    return GravityParams.model_construct(vector=vector, level=None, direction=None)


def _centred(shape: Any) -> Any:
    """The shape, at the origin unless it says where; a film begins at the face of the box."""
    if shape.centre is not None or shape.kind in ("film", "expression", "file"):
        return shape
    return shape.model_copy(update={"centre": [0.0, 0.0, 0.0]})


def _corner(grid: Any) -> tuple[float, float, float]:
    """Position of the low corner of cell (0, 0, 0)."""
    if grid.origin == "corner":
        return (0.0, 0.0, 0.0)
    if grid.origin == "centre":
        return tuple(-n * grid.spacing / 2 for n in grid.cells)
    return tuple(-float(x) for x in grid.origin)
