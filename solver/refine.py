"""The same case on a finer or coarser grid, for `levitas converge`.

All physical numbers stay. In SI only the grid changes: cells times r, spacing over r, and the time
step over r^2 ("diffusive": viscosities in lattice units stay, velocities fall, so the error of
compressibility falls with that of the grid) or over r ("acoustic": velocities in lattice units
stay, and with them that error). A case in lattice units means another case at another size, so
every number is written in the new units: a quantity of dimension L^a T^b M^c is multiplied by
r^a q^b r^(3c), q = r^2 or r being the ratio of time steps (the density of the liquid is the unit).
Every dimensionless number is then kept; only dx, dt and the interface width in metres change, which
is a number of cells unless it is asked to stay.
"""

import math
import re
from dataclasses import dataclass
from typing import Any

from levitas.solver import overrides
from levitas.solver.case import Case, locate
from levitas.solver.errors import CaseError
from levitas.solver.expression import CONSTANTS
from levitas.solver.faults import Faults
from levitas.solver.model import CaseModel
from levitas.solver.params import extra_of
from levitas.solver.source import read_toml
from levitas.solver.units import powers
from levitas.solver.validate import nested_model

LEAST_CELLS = 4  # along an axis that is more than one cell deep
LEAST_STEP = 1.15  # between two levels: less shows no order
LEAST_FEATURE = 1.5  # smallest radius or thickness of a shape, in interface widths
FIELDS = {"u": "m/s", "v": "m/s", "w": "m/s", "p": "Pa", "phi": "1", "T": "K", "c": "1"}
# keys whose record names no unit, though they have one (here in lattice units)
TABLES = {"surface_tension_table": "N/m", "points": "Pa s"}
UNNAMED = {"emissivity": "W/m2", "solute.surface_flux": "m/s"}
_NAME = re.compile(r"(?<![\w.])[A-Za-z_][\w.]*(?!\s*\(|[\w.])")


@dataclass(frozen=True)
class Ratio:
    """A grid over that of the case: cells (and numbers of lengths) and steps (times)."""

    cells: float
    steps: float

    def of(self, unit: str) -> float:
        """Factor of a number of this unit in lattice units."""
        length, time, mass = powers(unit)
        return self.cells ** (length + 3 * mass) * self.steps**time


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

    plan    scaling "diffusive" or "acoustic"; keep_width: keep the interface width in metres
    Raises CaseError for grids too coarse, and for what cannot be scaled.
    """
    cells, ratio = counts(base.model.grid.cells, wanted)
    ratio = Ratio(ratio, ratio**2 if plan["scaling"] == "diffusive" else ratio)
    _fine_enough(base, cells, ratio, plan["keep_width"])
    changes = _grid(base, cells, ratio) | _given(path, variant, settings, base, ratio)
    if base.has("interface"):
        width = base.model.interface.width
        changes["interface.width"] = width * (ratio.cells if plan["keep_width"] else 1)
        scale = 1.0 if base.in_lattice_units else ratio.steps / ratio.cells**2
        changes["interface.mobility"] = base.model.interface.mobility * scale
    return Case.read(path, variant, settings | changes), ratio


def _fine_enough(base: Case, cells: list[int], ratio: Ratio, keep_width: bool) -> None:
    """Raise CaseError for a grid on which nothing can be seen."""
    from levitas.solver.timestep import features

    shown = " x ".join(map(str, cells))
    if min([n for n in cells if n > 1]) < LEAST_CELLS:
        raise CaseError(f"{shown} cells: too coarse; begin on a finer grid (--start)")
    if not base.has("interface"):
        return
    size = min(features(base.model), default=math.inf) / base.model.grid.spacing * ratio.cells
    width = base.model.interface.width * (ratio.cells if keep_width else 1)
    if width < 3:
        raise CaseError(
            f"{shown} cells: the interface is {width:.3g} cells wide, less than 3; begin on a "
            "finer grid (--start) or let its width stay a number of cells (without --keep-width)"
        )
    if size < LEAST_FEATURE * width:
        raise CaseError(
            f"{shown} cells: too coarse, the smallest shape is {size:.3g} cells and the interface "
            f"{width:g}; begin on a finer grid (--start)"
        )


def _grid(base: Case, cells: list[int], ratio: Ratio) -> dict[str, Any]:
    changes: dict[str, Any] = {"grid.cells": cells}
    if not base.in_lattice_units:
        changes["grid.spacing"] = base.scales.dx / ratio.cells
        changes["grid.time_step"] = base.scales.dt / ratio.steps
    return changes


def _given(path, variant, settings, base: Case, ratio: Ratio) -> dict[str, Any]:
    """What else changes of the values in the file: steps, and in lattice units every number."""
    source = read_toml(locate(path))
    data = overrides.applied(source, variant, settings, Faults(source)).data
    walk = _Walk(base, ratio, [item.get("metric", "") for item in data.get("check", [])])
    for name, section in data.items():
        if name not in ("grid", "variant") or (name == "grid" and base.in_lattice_units):
            walk.visit(CaseModel, {name: section}, "")
    return {key: value for key, value in walk.changes.items() if key != "grid.cells"}


class _Walk:
    """Goes through the values of a case file and notes the changed ones by dotted key.

    metrics    of the checks, in the order of the file
    """

    def __init__(self, base: Case, ratio: Ratio, metrics: list[str]):
        self.base, self.ratio, self.metrics, self.changes = base, ratio, metrics, {}

    def visit(self, model, table: dict, prefix: str) -> None:
        """Note what changes in a table that `model` describes."""
        for name, value in table.items():
            field, place = model.model_fields.get(name), f"{prefix}{name}"
            if field is None or place.startswith("output.checkpoint"):
                continue  # by the clock on the wall
            inner = nested_model(field.annotation)
            items = value if isinstance(value, list) else [value]
            if inner is not None and all(isinstance(item, dict) for item in items):
                for n, item in enumerate(items):
                    at = f"{place}.{n}." if isinstance(value, list) else f"{place}."
                    self.visit(inner, item, at)
            else:
                self._value(model, table, name, place, value)

    def _value(self, model, table, name, place, value) -> None:
        if name == "steps" and isinstance(value, int):
            self.changes[place] = max(1, round(value * self.ratio.steps))
        elif place.endswith("steady.tolerance"):  # of a change in 100 steps
            self.changes[place] = value / self.ratio.steps
        elif self.base.in_lattice_units:
            if place.endswith("gravity.level") and isinstance(value, str):
                raise CaseError(f"gravity.level {value} is no lattice number; give a vector")
            if name == "file" and "signal" in place:
                raise CaseError("a table of accelerations belongs to SI units")
            self._scaled(place, value, self._unit(model, table, name, place), name)

    def _unit(self, model, table, name, place) -> str | None:
        """Unit of a value; None where it is no quantity."""
        if place.startswith("check."):
            return self._unit_of_check(place, name)
        if place.startswith(("field.", "exact.")) and name == "expression":
            return FIELDS.get(table.get("name"), "1")
        if place.startswith("shape.") and name == "expression":
            return "m"
        if name == "consistency":
            return None  # Pa s^n, below
        given = extra_of(model, name).get("unit")
        if name == "concentration":
            return "1"
        return TABLES.get(name) or UNNAMED.get(place) or UNNAMED.get(name) or given

    def _unit_of_check(self, place: str, name: str) -> str | None:
        """References and limits have the unit of their metric."""
        if name not in ("reference", "absolute", "min", "max"):
            return None
        return unit_of_metric(self.metrics[int(place.split(".")[1])], self.base.flat)

    def _scaled(self, place, value, unit, name) -> None:
        if name == "consistency":
            power = self.base.model.materials.liquid.rheology.exponent
            factor = self.ratio.of("Pa") * self.ratio.steps**power
        elif unit is None:
            return
        else:
            factor = self.ratio.of(unit)
        if name in TABLES:
            self.changes[place] = [[t, v * factor] for t, v in value]
        elif isinstance(value, list) and all(isinstance(v, int | float) for v in value):
            if factor != 1:
                self.changes[place] = [v * factor for v in value]
        elif isinstance(value, bool):
            return
        elif isinstance(value, int | float):
            if factor != 1:
                self.changes[place] = value * factor
        elif isinstance(value, str) and not place.startswith("check."):
            if name in ("expression", "concentration") or self._formula(place):
                self.changes[place] = self._rewritten(value, factor)

    @staticmethod
    def _formula(place: str) -> bool:
        return place.rsplit(".", 1)[-1] in ("prescribed", "temperature", "heat_flux", "evaporation")

    def _rewritten(self, text: str, factor: float) -> str:
        """An expression with the numbers of the case as it stands, at places and times of its."""

        def changed(match) -> str:
            name = match[0]
            if name in CONSTANTS:
                return name
            if name in "xyz":
                return f"({name}/{self.ratio.cells!r})"
            if name == "t":
                return f"(t/{self.ratio.steps!r})"
            known = self.base.values.get(name)
            return name if known is None else f"({known!r})"

        return f"{factor!r}*({_NAME.sub(changed, text)})"


def unit_of_metric(name: str, flat: bool) -> str:
    """The SI unit of a metric, whatever the units of the case."""
    from levitas.postprocess.metrics import METRICS

    metric = METRICS.get(name)
    if metric is None:
        return "1"
    return metric.flat_unit if metric.flat_unit and flat else metric.unit
