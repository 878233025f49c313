"""What is said of a faulty value: what was wanted, what was found, what may have been meant."""

import typing
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from levitas.solver.input.faults import likeness, shortened, suggestion
from levitas.solver.input.section import extra_of
from levitas.solver.input.units import example

SURE_LIKENESS = 0.85  # how alike a key of another section must be to be suggested


def unknown_key(
    kind: type[BaseModel], name: str, elsewhere: Mapping[str, str] | None = None
) -> str:
    """Message for a key that a table does not have; `elsewhere` {key: place} in other sections."""
    what = "unknown key" if getattr(kind, "__name__", "") != "CaseModel" else "unknown section"
    near = suggestion(name, list(kind.model_fields))
    other = suggestion(name, list(elsewhere or ()), SURE_LIKENESS)
    if other and likeness(name, other) > (likeness(name, near) if near else 0):
        return f"{what}; did you mean {elsewhere[other]}?"
    if near:
        unit = extra_of(kind, near).get("unit")
        return f"{what}; did you mean '{near}'{f' ({unit})' if unit else ''}?"
    return f"{what}; known: {', '.join(kind.model_fields)}"


def message(entry: dict, kind: type[BaseModel], name: Any) -> str:
    extra = extra_of(kind, name) if isinstance(name, str) else {}
    unit, value, context = extra.get("unit"), entry["input"], entry.get("ctx", {})
    tail = (
        f" {unit}" if unit and unit not in ("1", "cells") else " cells" if unit == "cells" else ""
    )
    bounds = {
        "greater_than": ("larger than", "gt"),
        "greater_than_equal": ("at least", "ge"),
        "less_than": ("less than", "lt"),
        "less_than_equal": ("at most", "le"),
    }
    match entry["type"]:
        case "missing":
            about = kind.model_fields[name].description or "a value"
            return f"is missing; give {about}" + (f" ({unit})" if tail else "")
        case "value_error":
            return str(context["error"])
        case problem if problem in bounds:
            words, limit = bounds[problem]
            return f"must be {words} {context[limit]:g}{tail}, got {_shown(value)}"
        case "literal_error":
            near = suggestion(value, _choices(kind, name)) if isinstance(value, str) else None
            hint = f"; did you mean '{near}'?" if near else ""
            expected = extra.get("expects") or f"one of {context['expected']}"
            return f"must be {expected}, got {describe(value)}{hint}"
        case "too_short" | "too_long" if context.get("field_type") == "List":
            length = context.get("min_length", context.get("max_length"))
            return f"needs {length} values, got {context['actual_length']}"
        case "string_pattern_mismatch":
            about = kind.model_fields[name].description
            return f"{describe(value)} does not fit; give {about}"
        case "string_too_long":
            return f"is longer than {context['max_length']} characters"
    return f"must be {extra.get('expects') or _wanted(entry['type'], unit)}, got {describe(value)}"


def _wanted(problem: str, unit: str | None) -> str:
    expected = {
        "int": "a whole number",
        "float": "a number",
        "string": "text in quotes",
        "bool": "true or false",
        "list": "a list in brackets",
        "dict": "a table",
    }.get(problem.split("_")[0], "something else")
    if unit and expected == "a number":
        expected += f' such as "{example(unit)}"' if unit != "1" else ""
    return expected


def _choices(kind: type[BaseModel], name: str) -> list[str]:
    found: list[str] = []
    stack = [kind.model_fields[name].annotation]
    while stack:
        item = stack.pop()
        for arg in typing.get_args(item):
            found.append(arg) if isinstance(arg, str) else stack.append(arg)
    return found


def describe(value: Any) -> str:
    """A value of a case file in a few words."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'the text "{_shown(value)}"'
        case int() | float():
            return f"the number {_shown(value)}"
        case dict() | BaseModel():
            return "a table"
        case list():
            return "a list"
    return f"the {type(value).__name__} {_shown(value)}"


def _shown(value: Any) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return shortened(text)
