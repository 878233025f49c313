"""Expressions of a case on some of its cells and times: their ranges, and faults of those without
a value."""

import numpy as np

from levitas.solver.geometry.placement import strides
from levitas.solver.input.expression import Expression, ExpressionError
from levitas.solver.input.faults import Faults
from levitas.solver.limits import SAMPLED_CELLS

Range = tuple[float, float]
TEMPERATURES = ("T", "boundary.temperature", "heat.prescribed")
TIMES = 9  # looked at, from the start of the run to its end


def ranges(result, end: float | None, faults: Faults) -> dict[str, Range]:
    """{quantity: (lowest, highest value)} of what the case gives by number or expression.

    Quantities: names of `[[field]]`, and `boundary.temperature`, `boundary.heat_flux`,
    `boundary.concentration`, `heat.prescribed`, `heat.source`,
    `interface.evaporation`. `end` is the time of the end (s), None if it is not known.
    """
    found: dict[str, Range] = {}
    axes = _axes(result)
    for keys, name, text, face in _expressions(result.model):
        try:
            low, high = _range(text, result.values, _on(face, result, axes), end)
        except ExpressionError as error:
            faults.add(keys, error.fault)
            continue
        if name in TEMPERATURES and low < 0 and result.model.case.units == "SI":
            faults.add(keys, f"falls to {low:.4g} K; temperatures are 0 K and above")
        old = found.get(name, (low, high))
        found[name] = min(low, old[0]), max(high, old[1])
    return found


def _expressions(model):
    """(place in the file, quantity, number or text, face of the box or None)."""
    for i, item in enumerate(model.field):
        yield ("field", i, "expression"), item.name, item.expression, None
    for i, item in enumerate(model.shape):
        if item.expression is not None:
            yield ("shape", i, "expression"), "shape.expression", item.expression, None
    for i, item in enumerate(model.boundary):
        for name in ("temperature", "heat_flux", "concentration"):
            if getattr(item, name) is not None:
                face = None if item.face == "all" else item.face
                yield ("boundary", i, name), f"boundary.{name}", getattr(item, name), face
    if model.interface is not None and model.interface.evaporation is not None:
        rate = model.interface.evaporation
        yield ("interface", "evaporation"), "interface.evaporation", rate, None
    if model.heat is not None:
        if model.heat.prescribed is not None:
            yield ("heat", "prescribed"), "heat.prescribed", model.heat.prescribed, None
        for i, item in enumerate(model.heat.source):
            if item.expression is not None:
                yield ("heat", "source", i, "expression"), "heat.source", item.expression, None


def _axes(result) -> list[np.ndarray]:
    """Centres of the cells looked at, along x, y, z."""
    cells, dx = result.model.grid.cells, result.model.grid.spacing
    axes = []
    for k, (n, step) in enumerate(zip(cells, strides(cells, SAMPLED_CELLS), strict=True)):
        place = (np.arange(n // 2 % step, n, step) + 0.5) * dx + result.origin[k]
        axes.append(place.reshape([-1 if m == k else 1 for m in (2, 1, 0)]))
    return axes


def _on(face: str | None, result, axes: list) -> list:
    """The axes, that across a face replaced by its position."""
    if face is None:
        return axes
    axis = "xyz".index(face[0])
    length = result.model.grid.cells[axis] * result.model.grid.spacing
    at = result.origin[axis] + (length if face[1] == "+" else 0.0)
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
