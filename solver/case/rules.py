"""Rules between the keys of a case that need no numbers of the physics."""

from typing import Any

from levitas.solver.case import output_rules
from levitas.solver.case.sections import SECTIONS, section_of
from levitas.solver.case.values import parsed
from levitas.solver.geometry import boundary_rules
from levitas.solver.geometry import rules as shape_rules
from levitas.solver.input.data_file import RESERVED_NAMES
from levitas.solver.input.expression import ExpressionError
from levitas.solver.input.faults import Faults, has, items, suggestion
from levitas.solver.input.section import formulas
from levitas.solver.materials.library import PHASES


def in_lattice_units(data: dict[str, Any]) -> bool:
    """Whether the raw case says units = "lattice"."""
    case = data.get("case")
    return isinstance(case, dict) and case.get("units") == "lattice"


def check(sections: dict[str, Any], faults: Faults) -> None:
    """Note the faults of the sections that could be read."""
    known, lattice = sections.get("case") is not None, False
    if known:
        lattice = sections["case"].units == "lattice"
        _grid(sections.get("grid"), lattice, faults)
    _refinement(sections, faults)
    _physics(sections, faults)
    _materials(sections, lattice, faults)
    _shapes(sections, faults)
    _fields(sections, faults)
    _exact(sections, faults)
    boundary_rules.check(sections, faults)
    for name, physics in SECTIONS.items():
        if sections.get(name) is not None:
            physics.check(sections, faults)
    _names(sections, faults)
    _files(sections, faults)
    _expressions(sections, faults)
    output_rules.check(sections, faults)


def _expressions(sections: dict[str, Any], faults: Faults) -> None:
    """Their syntax; names and values are checked once the case is resolved."""
    for section in ("shape", "field", "boundary", "exact", "check"):
        for i, item in items(sections, section):
            for keys, _, text in formulas(item, (section, i)):
                _syntax(text, keys, faults)


def _syntax(text: Any, keys: tuple, faults: Faults) -> None:
    if isinstance(text, str):
        try:
            parsed(text)
        except ExpressionError as error:
            faults.add(keys, error.fault)


def _grid(grid: Any, lattice: bool, faults: Faults) -> None:
    if grid is None:
        return
    for i, n in enumerate(grid.cells):
        if n < 1:
            faults.add(("grid", "cells", i), f"is {n}; give a positive number of cells")
    if lattice:
        for name, size in grid.unit_lengths.items():
            if getattr(grid, name) not in (None, size):
                faults.add(("grid", name), f'is {size:g} with units = "lattice"; leave it out')
        return
    if grid.spacing is None:
        faults.add(("grid", "spacing"), "is missing; give the edge of a cell (m)")


def _refinement(sections: dict[str, Any], faults: Faults) -> None:
    case, grid = sections.get("case"), sections.get("grid")
    if case and grid and case.units == "SI" and grid.refinement is not None:
        faults.add(("grid", "refinement"), 'belongs to units = "lattice"; give another spacing')


def _physics(sections: dict[str, Any], faults: Faults) -> None:
    """Something must happen: a temperature that is imposed does not alone."""
    switched_on = [name for name in SECTIONS if has(sections, name, faults)]
    heat = sections.get("heat")
    if not switched_on or (
        switched_on == ["heat"] and heat is not None and heat.prescribed is not None
    ):
        faults.add((), "no physics is switched on; add a [flow] section")


def _materials(sections: dict[str, Any], lattice: bool, faults: Faults) -> None:
    section = sections.get("materials")
    if section is None:
        return
    if sections.get("interface") is not None and section.gas is None:
        if not faults.under("materials", "gas"):
            faults.add(("materials", "gas"), "is missing; [interface] needs a gas")
    for name in PHASES:
        material = getattr(section, name)
        if material is None:
            continue
        if lattice and material.name is not None:
            faults.add(
                ("materials", name, "name"),
                'units = "lattice" takes no material names; give density, viscosity',
            )


def _shapes(sections: dict[str, Any], faults: Faults) -> None:
    two_phase = has(sections, "interface", faults)
    for i, shape in items(sections, "shape"):
        keys = ("shape", i)
        if not two_phase and shape.phase in ("liquid", "gas"):
            faults.add(keys, "a shape needs two phases; add an [interface] section")
            continue
        for name, section in (("temperature", "heat"), ("concentration", "solute")):
            if getattr(shape, name) is not None and not has(sections, section, faults):
                faults.add((*keys, name), f"needs a [{section}] section")
        if shape.contact_angle is not None and not two_phase:
            message = "needs two phases; add an [interface] section or remove it"
            faults.add((*keys, "contact_angle"), message)
        shape_rules.check(shape, keys, faults)
    fluid = [s for _, s in items(sections, "shape") if s.phase in ("liquid", "gas")]
    if two_phase and not fluid and not faults.under("shape"):
        if not any(field.name == "phi" for _, field in items(sections, "field")):
            faults.add((), 'nothing says where the liquid is; add a [[shape]] (or [[field]] "phi")')


def _fields(sections: dict[str, Any], faults: Faults) -> None:
    seen: set[str] = set()
    for i, field in items(sections, "field"):
        keys = ("field", i, "name")
        needed = section_of(field.name)
        if needed and not has(sections, needed, faults):
            article = "an" if needed == "interface" else "a"
            faults.add(keys, f'"{field.name}" needs {article} [{needed}] section')
        if field.name in seen:
            faults.add(keys, f'"{field.name}" has an expression already; combine them in one')
        seen.add(field.name)


def _exact(sections: dict[str, Any], faults: Faults) -> None:
    """Exact fields: of physics that is there, each once."""
    seen: set[str] = set()
    for i, exact in items(sections, "exact"):
        needed = section_of(exact.name)
        if needed and not has(sections, needed, faults):
            faults.add(("exact", i, "name"), f'"{exact.name}" needs a [{needed}] section')
        if exact.name in seen:
            faults.add(
                ("exact", i, "name"),
                f'"{exact.name}" has an expression already; remove one of them',
            )
        seen.add(exact.name)
        if exact.region is not None:
            output_rules.check_region(exact.region, ("exact", i, "region"), faults)


def _files(sections: dict[str, Any], faults: Faults) -> None:
    """A run folder keeps copies of data files: they may not be called as what runs write."""
    signal = getattr(sections.get("gravity"), "signal", None)
    files = [(("gravity", "signal", "file"), getattr(signal, "file", None))]
    files += [(("shape", i, "file"), shape.file) for i, shape in items(sections, "shape")]
    for keys, name in files:
        first = (name or "").removeprefix("./").split("/")[0]
        if first in RESERVED_NAMES or (first.startswith(".") and first != ".."):
            faults.add(keys, f"'{first[:60]}' is a name that runs use; rename the file")


def _names(sections: dict[str, Any], faults: Faults) -> None:
    """Names that checks use must be those of variants."""
    variants = [variant.name for _, variant in items(sections, "variant")]
    if faults.under("variant"):
        return
    for i, check in items(sections, "check"):
        asked_for = check.variant if isinstance(check.variant, list) else [check.variant]
        for name in asked_for:
            if name is not None and name not in variants:
                near = suggestion(name, variants)
                known = f"it has {', '.join(variants)[:200]}" if variants else "it has none"
                hint = f"did you mean '{near}'?" if near else known
                faults.add(("check", i, "variant"), f"no variant '{name[:60]}'; {hint}")
        if check.across and not check.across.x and len(set(asked_for)) != 2:
            faults.add(("check", i, "variant"), f"a {check.across.fit} takes two variants")
        near_reference = check.tolerance.relative or check.tolerance.absolute
        if near_reference and check.reference is None:
            faults.add(
                ("check", i, "reference"), "is missing; a relative or absolute tolerance needs it"
            )
