"""Expressions of a case on some of its cells and times: their ranges, and faults of those without
a value."""

import numpy as np

from levitas.solver.case.resolved import Resolved
from levitas.solver.case.sections import SECTIONS, fields
from levitas.solver.geometry.faces import axis_of
from levitas.solver.geometry.placement import strides
from levitas.solver.input.expression import Expression, ExpressionError
from levitas.solver.input.faults import Faults
from levitas.solver.input.section import formulas
from levitas.solver.limits import SAMPLED_CELLS

Range = tuple[float, float]
TIMES = 9  # looked at, from the start of the run to its end


def ranges(case: Resolved, end: float | None, faults: Faults) -> dict[str, Range]:
    """{quantity: (lowest, highest value)} of what the case gives by number or expression.

    Quantities: names of `[[field]]`, `shape.expression`, `boundary.temperature` and the other
    formulas of faces, formulas of the physics such as `heat.prescribed`, `heat.source`,
    `interface.evaporation`. `end` is the time of the end (s), None if it is not known.
    """
    found: dict[str, Range] = {}
    axes = _axes(case)
    for keys, name, unit, text, face in _expressions(case.model):
        try:
            low, high = _range(text, case.values, _on(face, case, axes), end)
        except ExpressionError as error:
            faults.add(keys, error.fault)
            continue
        if unit == "K" and low < 0 and case.model.case.units == "SI":
            faults.add(keys, f"falls to {low:.4g} K; temperatures are 0 K and above")
        old = found.get(name, (low, high))
        found[name] = min(low, old[0]), max(high, old[1])
    return found


def _expressions(model):
    """(place in the file, quantity, unit, number or text, face of the box or None)."""
    for i, item in enumerate(model.field):
        unit = fields()[item.name][0].unit
        yield ("field", i, "expression"), item.name, unit, item.expression, None
    for i, item in enumerate(model.shape):
        if item.expression is not None:
            yield ("shape", i, "expression"), "shape.expression", "m", item.expression, None
    for i, item in enumerate(model.boundary):
        face = None if item.face == "all" else item.face
        for keys, unit, text in formulas(item, ("boundary", i)):
            yield keys, f"boundary.{keys[-1]}", unit, text, face
    for section in SECTIONS:
        for keys, unit, text in formulas(getattr(model, section), (section,)):
            words = [key for key in keys if isinstance(key, str)]
            name = ".".join(words).removesuffix(".expression")
            yield keys, name, unit, text, None


def _axes(case: Resolved) -> list[np.ndarray]:
    """Centres of the cells looked at, along x, y, z."""
    cells, dx = case.model.grid.cells, case.model.grid.spacing
    axes = []
    for k, (n, step) in enumerate(zip(cells, strides(cells, SAMPLED_CELLS), strict=True)):
        place = (np.arange(n // 2 % step, n, step) + 0.5) * dx + case.origin[k]
        axes.append(place.reshape([-1 if m == k else 1 for m in (2, 1, 0)]))
    return axes


def _on(face: str | None, case: Resolved, axes: list) -> list:
    """The axes, that across a face replaced by its position."""
    if face is None:
        return axes
    axis = axis_of(face)
    length = case.model.grid.cells[axis] * case.model.grid.spacing
    at = case.origin[axis] + (length if face[1] == "+" else 0.0)
    return [np.full((1, 1, 1), at) if k == axis else a for k, a in enumerate(axes)]


def _range(text, values: dict, axes: list, end: float | None) -> Range:
    if not isinstance(text, str):
        return float(text), float(text)
    expression = Expression(text)
    times = [0.0]
    if "t" in expression.names and end:
        times = np.linspace(0.0, end, TIMES)
    here = values | dict(zip("xyz", axes, strict=True))
    each = [expression(here | {"t": float(t)}) for t in times]
    return min(float(np.min(v)) for v in each), max(float(np.max(v)) for v in each)
