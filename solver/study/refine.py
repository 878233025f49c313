"""The same case on a finer or coarser grid, for `levitas converge`.

Every number of the case stays as it is, in metres or in the lattice units of its own grid: only the
grid changes. Cells times r, spacing over r, and the time step over q: r^2 ("diffusive": viscosities
in lattice units stay and velocities fall, so the error of compressibility falls as that of the
grid) or r ("acoustic": velocities in lattice units stay, and with them that error). So every
dimensionless number stays but the interface width over lengths, a number of cells unless it is
asked to stay. What counts steps is multiplied by q.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from levitas.solver.case.case import Case
from levitas.solver.errors import CaseError
from levitas.solver.input.section import formulas

LEAST_CELLS = 4  # along an axis that is more than one cell deep
_COUNTED = re.compile(r"\b(grid\.n[xyz]|interface\.width)\b")


@dataclass(frozen=True)
class Ratio:
    """A grid over that of the case: cells an edge, and steps."""

    cells: float
    steps: float


def counts(cells: list[int], wanted: float) -> tuple[list[int], float]:
    """(cells, ratio) of the grid nearest to `wanted` times as fine whose edges are the same.

    All numbers of cells are multiplied by k/g, g their common divisor. k is as even or odd as g
    where that is near enough, so that a centre in a cell (or between two) stays in one.
    """
    deep = [n for n in cells if n > 1]
    divisor = math.gcd(*deep)
    near = max(1, round(divisor * wanted))
    same = [k for k in (near - 1, near, near + 1) if k > 0 and (k - divisor) % 2 == 0]
    best = min(same, key=lambda k: abs(k - divisor * wanted), default=near)
    k = best if abs(best / (divisor * wanted) - 1) < 0.1 else near
    return [n if n == 1 else n * k // divisor for n in cells], k / divisor


def refined(
    path, variant: str | None, settings: dict[str, Any], base: Case, wanted: float, **plan
) -> tuple[Case, Ratio]:
    """The case at `wanted` times the fineness of its own grid, and what that came to.

    base    the case as it stands: `Case.read(path, variant, settings)`
    plan    scaling "diffusive" or "acoustic"; keep_width: keep the interface width in metres
    Raises CaseError for grids that the case does not allow, and for what has no finer grid.
    """
    _comparable(base)
    cells, fine = counts(base.model.grid.cells, wanted)
    shown = " x ".join(map(str, cells))
    deep = [n for n, own in zip(cells, base.model.grid.cells, strict=True) if own > 1]
    if fine < 1 and min(deep) < LEAST_CELLS:
        raise CaseError(f"{shown} cells are too few; begin on a finer grid (--start)")
    if fine == 1:
        return base, Ratio(1.0, 1.0)
    ratio = Ratio(fine, fine**2 if plan["scaling"] == "diffusive" else fine)
    changes = _grid(base, cells, ratio) | _steps(base, ratio.steps)
    if base.has("interface"):
        changes |= _interface(base, ratio, plan["keep_width"])
    kept = {key: value for key, value in settings.items() if key not in changes}
    try:
        return Case.read(path, variant, kept | changes), ratio
    except CaseError as error:
        raise CaseError(
            f"{error}\nso the grid of {shown} cells cannot be run; choose other grids with --start,"
            " --levels, --factor, or --scaling"
        ) from None


def _comparable(base: Case) -> None:
    """Raise CaseError for a case that says nothing of other grids."""
    if max(base.model.grid.cells) == 1:
        raise CaseError("a grid of one cell cannot be refined")
    if base.in_lattice_units:
        _in_lengths(base)


def _in_lengths(base: Case) -> None:
    """A case in lattice units may take numbers of cells for lengths; on other grids they are not.

    CaseError where it does.
    """
    for name, text in _formulas(base.model):
        found = _COUNTED.search(text)
        if found and "grid.spacing" not in text:
            counted = found[0]
            length = f"{counted}*grid.spacing" if "width" in counted else f"grid.l{counted[-1]}"
            raise CaseError(
                f"{name} {text[:80]!r}: {counted} is a length on the case's own grid only; "
                f"write {length}"
            )


def _formulas(model: Any) -> Iterator[tuple[str, str]]:
    """(key, text) of every expression of a case."""
    for section in type(model).model_fields:
        for keys, _, text in formulas(getattr(model, section), (section,)):
            if isinstance(text, str):
                yield keys[-1], text


def _grid(base: Case, cells: list[int], ratio: Ratio) -> dict[str, Any]:
    if not base.in_lattice_units:
        return {
            "grid.cells": cells,
            "grid.spacing": base.scales.dx / ratio.cells,
            "grid.time_step": base.scales.dt / ratio.steps,
        }
    fine = {"cells": ratio.cells / base.scales.dx, "steps": ratio.steps / base.scales.dt}
    return {
        "grid.cells": cells,
        "grid.refinement": fine,
        "grid.spacing": 1 / fine["cells"],
        "grid.time_step": 1 / fine["steps"],
    }


def _steps(base: Case, ratio: float) -> dict[str, Any]:
    """What counts steps, so that the same times come out."""
    end, output = base.model.case.end, base.model.output
    counted = {
        "case.end.steps": end.steps,
        "output.snapshots.steps": output.snapshots.steps,
        "output.series.steps": output.series.steps,
    }
    changes = {key: max(1, round(n * ratio)) for key, n in counted.items() if n is not None}
    if end.steady is not None:  # a change in so many steps
        changes["case.end.steady.tolerance"] = end.steady.tolerance / ratio
    return changes


def _interface(base: Case, ratio: Ratio, keep_width: bool) -> dict[str, Any]:
    """Width and mobility as numbers of the lattice; or, kept, of the fluid."""
    section = base.model.interface
    if keep_width:
        return {
            "interface.width": section.width * ratio.cells,
            "interface.mobility": section.mobility,
        }
    return {"interface.mobility": section.mobility * ratio.steps / ratio.cells**2}
