"""The numbers of a case by dotted name, and expressions of them."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from pydantic import BaseModel

from levitas.solver.case.sections import SECTIONS
from levitas.solver.input.expression import (
    CONSTANTS,
    FUNCTIONS,
    Expression,
    ExpressionError,
    unknown_name,
)

_ARRAYS = ("shape", "boundary")


def values_of(model: Any) -> dict[str, float]:
    """Every number of a case: liquid.density, grid.spacing, shape.radius, shape.1.centre.0, ...

    `shape.radius` is the first shape's. Beside the keys of the file: grid.nx, ny, nz (cells),
    grid.lx, ly, lz (edges of the box), gravity.x, y, z and gravity.level (its size).
    """
    result: dict[str, float] = {}
    for name in ("case", "grid", "materials", *SECTIONS):
        section = getattr(model, name, None)
        if section is not None:
            _collect(section, "" if name == "materials" else f"{name}.", result)
    for name in _ARRAYS:
        items = getattr(model, name)
        for i, item in reversed(list(enumerate(items))):
            _collect(item, f"{name}.{i}.", result)
            if i == 0:
                _collect(item, f"{name}.", result)
    for axis, n in zip("xyz", model.grid.cells, strict=True):
        result[f"grid.n{axis}"] = float(n)
        result[f"grid.l{axis}"] = n * model.grid.spacing
    gravity = (model.gravity and model.gravity.vector) or [0.0, 0.0, 0.0]
    result |= {f"gravity.{axis}": g for axis, g in zip("xyz", gravity, strict=True)}
    result["gravity.level"] = sum(g * g for g in gravity) ** 0.5
    if model.gravity is not None and model.gravity.signal is not None:
        _collect(model.gravity.signal, "gravity.signal.", result)
    return result


def _collect(value: Any, prefix: str, result: dict[str, float]) -> None:
    """Add the numbers of a section, a list or a table under their names."""
    if isinstance(value, BaseModel):
        items: Any = ((name, getattr(value, name)) for name in type(value).model_fields)
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        return
    for name, item in items:
        if isinstance(item, int | float):  # true and false count as 1 and 0
            result[f"{prefix}{name}"] = float(item)
        elif isinstance(item, BaseModel | list):
            _collect(item, f"{prefix}{name}.", result)


def parsed(text: str) -> Expression:
    """An expression of case values and reference functions (levitas.postprocess).

    Raises ExpressionError if it is malformed or calls an unknown function.
    """
    return Expression(text, _references(text))


def value(text: str, values: Mapping[str, float]) -> float:
    """Value of an expression of case values. Raises ExpressionError if it has none."""
    return float(parsed(text)(values))


def check(text: str, values: Mapping[str, float]) -> None:
    """Raise ExpressionError if an expression has no value for this case.

    Reference solutions are not worked out here, as some take seconds: their names are checked.
    """
    expression = parsed(text)
    check_names(expression, values)
    if not expression.extra:
        expression(values)


def check_names(expression: Expression, known: Collection[str]) -> None:
    """Raise ExpressionError for a name that is not known."""
    for name in sorted(expression.names - set(CONSTANTS)):
        if name not in known:
            raise ExpressionError(unknown_name(name, known))


def _references(text: str) -> dict:
    """The reference functions, imported only where a call is none of the common ones."""
    called = set(re.findall(r"([A-Za-z_]\w*)\s*\(", text)) - set(FUNCTIONS)
    if not called:
        return {}
    from levitas.postprocess.references import table as references

    return dict(references.REFERENCES)
