"""Properties of the materials of a case: from their files, from the case, all that is needed."""

from pathlib import Path
from typing import Any

from levitas.solver.case.model import MaterialParams
from levitas.solver.case.sections import SECTIONS
from levitas.solver.errors import CaseError
from levitas.solver.input.faults import Faults, suggestion
from levitas.solver.materials import library as materials

MAY_BE_ZERO = ("surface_tension", "diffusivity")


def filled(sections: dict[str, Any], folder: Path, faults: Faults) -> Any:
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
                message = (
                    f"is {value:.4g} by the law of {material.name}; give reference_temperature"
                )
                faults.add(("materials", name, prop), f"{message} where it holds, or the value")
            if value is None:
                faults.add(
                    ("materials", name, prop),
                    f"is missing; give a {prop.replace('_', ' ')} ({materials.unit(prop)})",
                )
    if len(faults.keys) > before:
        return None
    if temperature is None and sections.get("heat"):
        temperature = 0.0 if lattice else materials.ROOM_TEMPERATURE
    update = result | {"reference_temperature": temperature}
    return section.model_copy(update=update)


def _needed(sections: dict[str, Any], phase: str) -> list[str]:
    """The properties that the physics of the case take of a phase."""
    needed = ["density"] if phase in ("liquid", "gas") else []
    for name, physics in SECTIONS.items():
        if sections.get(name) is not None:
            needed += physics.needs(sections, phase)
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
        values = materials.properties(path, temperature)
    except (CaseError, ValueError) as error:
        faults.add(keys, str(error))
        return None
    # a file of the case folder is not beside the resolved case: its values are
    name = None if material.name.endswith(".toml") else material.name
    return material.model_copy(update=values | given | {"name": name})
