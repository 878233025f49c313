"""From valid sections to the numbers of a run: material values, box, time step, lattice units."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

from levitas.solver.case import formulas, properties, ranges, time_step
from levitas.solver.case.model import CaseModel
from levitas.solver.case.resolved import Resolved
from levitas.solver.case.sections import SECTIONS
from levitas.solver.case.values import values_of
from levitas.solver.errors import CaseError
from levitas.solver.geometry import extents, placement, shape_file
from levitas.solver.geometry.faces import kinds_of
from levitas.solver.gravity import section as gravity
from levitas.solver.gravity.table import read_table
from levitas.solver.input.faults import Faults
from levitas.solver.materials import library as materials

_NEEDED = (
    *("case", "grid", "materials", "gravity", *SECTIONS),
    *("shape", "field", "boundary", "exact", "output"),
)


def resolve(
    sections: dict[str, Any], folder: Path, variants: list[str], variant: str | None, faults: Faults
) -> Resolved | None:
    """The case in numbers; None, with faults noted, where a section does not allow them."""
    if any(faults.under(name) for name in _NEEDED) or () in faults.keys:
        if sections.get("materials") is not None and sections.get("case") is not None:
            properties.filled(sections, folder, faults)
        return None
    checks = _checks(sections, variant)
    across = [check for check in sections.get("check") or [] if check and check.across]
    sections = (
        sections
        | {"check": [item for _, item in checks], "variant": []}
        | _named(sections, variant)
    )
    model = CaseModel.model_construct(**sections)
    found = properties.filled(sections, folder, faults)
    if found is None:
        return None
    grid = model.grid
    if model.case.units == "lattice":
        grid = grid.model_copy(update=grid.unit_lengths)
    update = {
        "materials": found,
        "grid": grid,
        "gravity": gravity.written_out(model.gravity, grid.is_2d),
        "shape": [_centred(shape) for shape in model.shape],
    }
    given = {name: getattr(model.materials, name) for name in materials.PHASES}
    case = Resolved(
        model=model.model_copy(update=update),
        folder=folder,
        variants=variants,
        materials={name: made.name or name for name, made in given.items() if made},
        origin=_corner(grid),
        faces=kinds_of(model.boundary, grid.is_2d),
        is_2d=grid.is_2d,
        checks_over_variants=across,
    )
    case = _numbers(case, faults)
    if case is not None:
        formulas.check(case.model, case.values, checks, faults)
    return case


def _numbers(case: Resolved, faults: Faults) -> Resolved | None:
    """With what depends on several sections at once; None, faults noted, where they have any.

    The order counts: values for expressions, their ranges, velocities, the time step, and again
    the ranges, up to the end, and the values as they are run.
    """
    model, before = case.model, len(faults.keys)
    _inside(case, faults)
    case = replace(case, values=values_of(model))
    _gravity_table(case, None, faults)
    _bodies(case, faults)
    sampled = ranges.ranges(case, time_step.known_end(model), faults)
    if len(faults.keys) > before:
        return None
    case = replace(case, sampled=sampled, pushing=placement.check(model, case, faults))
    case = time_step.settled(replace(case, speeds=_speeds(case)))
    end = time_step.end_time(case)
    case = replace(case, sampled=ranges.ranges(case, end, faults))
    _gravity_table(case, end, faults)
    values = values_of(case.model) | time_step.as_run(case)
    return replace(case, values=values) if len(faults.keys) == before else None


def _lengths(case: Resolved) -> list[float]:
    return [n * case.model.grid.spacing for n in case.model.grid.cells]


def _inside(case: Resolved, faults: Faults) -> None:
    """Note shapes, and a region of snapshots, that do not lie in the box."""
    model, lengths = case.model, _lengths(case)
    spacing, width = model.grid.spacing, model.interface.width if model.interface else 0.0
    extents.check(model.shape, case.origin, lengths, case.faces, spacing, width, faults)
    region = model.output.snapshots.region
    extents.check_region(region, case.origin, lengths, spacing, faults)


def _speeds(case: Resolved) -> dict[str, float]:
    """Velocities (m/s) that the run may reach, by where they come from: declared ones (shapes,
    walls, fields), and estimates of each physics."""
    items = [*case.model.shape, *case.model.boundary]
    each = [math.hypot(*item.velocity) for item in items if item.velocity is not None]
    field = math.hypot(*(max(map(abs, case.sampled.get(name, (0.0,)))) for name in "uvw"))
    speeds = {"declared velocities": max([0.0, *each]) + field}
    for physics in case.physics:
        speeds |= physics.speeds(case)
    return speeds


def _bodies(case: Resolved, faults: Faults) -> None:
    """Note the files of shapes that cannot be used."""
    for i, shape in enumerate(case.model.shape):
        if shape.file is None:
            continue
        try:
            shape_file.check(shape, case.folder, case.model.grid.spacing, _lengths(case))
        except CaseError as error:
            faults.add(("shape", i, "file"), f"{shape.kind} {Path(shape.file).name}: {error}")


def _gravity_table(case: Resolved, end: float | None, faults: Faults) -> None:
    """Note a file of a gravity signal that cannot be used until the run ends."""
    signal = getattr(case.model.gravity, "signal", None)
    if signal is None or signal.kind != "table":
        return
    try:
        read_table(signal, case.folder, end)
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
        variants = getattr(item, "variant", [])
        if (
            item is not None
            and item.across is None
            and (variants is None or variant in (variants, *_listed(variants)))
        ):
            kept.append((i, item.model_copy(update={"variant": None})))
    return kept


def _listed(value: Any) -> list:
    return value if isinstance(value, list) else []


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
