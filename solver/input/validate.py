"""From the raw values of a case file to typed sections: units, keys, types, ranges; all faults."""

import math
import types
import typing
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from levitas.solver.input.faults import Faults, suggestion
from levitas.solver.input.key_places import places
from levitas.solver.input.messages import describe, message, unknown_key
from levitas.solver.input.section import extra_of, nested_model
from levitas.solver.input.source import Keys
from levitas.solver.input.units import UnitError, is_quantity, to_si
from levitas.solver.limits import CASE_TABLES, LARGEST, SMALLEST


@dataclass(frozen=True)
class _Reading:
    """What every table of a file is read with: the whole model, where faults go, its units."""

    model: type[BaseModel]
    faults: Faults
    lattice: bool


_DROP = object()  # a value already found faulty


def read_sections(
    model: type[BaseModel], data: dict, faults: Faults, lattice: bool
) -> dict[str, Any]:
    """Every section that is valid, by name; the faults of the others are noted.

    Sections are validated one by one (tables of an array too; None for a faulty one), so that one
    fault hides no other.
    """
    result: dict[str, Any] = {}
    reading = _Reading(model, faults, lattice)
    data = _known(model, data, (), reading)
    for name, field in model.model_fields.items():
        kind = nested_model(field.annotation)
        if name not in data:
            if field.is_required():
                value = _read(kind, {}, (name,), reading)
                if value is not None:
                    result[name] = value
            else:
                result[name] = field.get_default(call_default_factory=True)
            continue
        if not _is_list(field.annotation):
            result[name] = _read(kind, data[name], (name,), reading)
            continue
        items = data[name]
        if isinstance(items, dict) or not isinstance(items, list):
            faults.add((name,), f"must be an array of tables; write [[{name}]]")
            continue
        if len(items) > CASE_TABLES:
            faults.add((name,), f"has {len(items)} tables; at most {CASE_TABLES} are allowed")
            continue
        result[name] = [_read(kind, item, (name, i), reading) for i, item in enumerate(items)]
    return result


def _read(kind: type[BaseModel], raw: Any, keys: Keys, reading: _Reading) -> Any:
    """One section, or None with its faults noted."""
    faults = reading.faults
    if not isinstance(raw, dict):
        faults.add(keys, f"must be a table, not {describe(raw)}")
        return None
    before = len(faults.keys)
    data = _plain(kind, raw, keys, reading)
    try:
        value = kind.model_validate(data, strict=True)
    except ValidationError as error:
        _note(error, kind, data, keys, faults, before)
        return None
    return None if len(faults.keys) > before else value


def _plain(kind: type[BaseModel], raw: dict, keys: Keys, reading: _Reading) -> dict:
    """The table with unit strings turned into SI numbers, without what is already faulty."""
    data, faults = {}, reading.faults
    for name, value in _known(kind, raw, keys, reading).items():
        here = (*keys, name)
        field = kind.model_fields[name]
        extra, inner = extra_of(kind, name), nested_model(field.annotation)
        value = _whole(value) if _counts(field.annotation) else value
        if inner is not None:
            value = _inner(inner, value, here, reading, _is_list(field.annotation))
        elif isinstance(value, str) and _only_list(field.annotation) and not extra.get("words"):
            faults.add(here, f"must be a list in brackets, got {describe(value)}")
            value = _DROP
        elif "unit" in extra:
            value = _number(value, extra, here, reading)
        elif typing.get_origin(field.annotation) is not dict and field.annotation is not dict:
            value = _finite(value, here, faults)
        if value is not _DROP:
            data[name] = value
    return data


def _parts(annotation: Any) -> set[Any]:
    """The plain types in an annotation: {int, NoneType} of int | None, {float} of list[float]."""
    args = typing.get_args(annotation)
    return set().union(*map(_parts, args)) if args else {annotation}


def _counts(annotation: Any) -> bool:
    return int in _parts(annotation) and float not in _parts(annotation)


def _only_list(annotation: Any) -> bool:
    kinds = typing.get_args(annotation) if _is_union(annotation) else (annotation,)
    return all(k is types.NoneType or typing.get_origin(k) is list for k in kinds)


def _is_union(annotation: Any) -> bool:
    return typing.get_origin(annotation) in (typing.Union, types.UnionType)


def _whole(value: Any) -> Any:
    """1e3 counts as 1000 where numbers are whole."""
    if isinstance(value, list):
        return [_whole(v) for v in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _known(kind: type[BaseModel], raw: dict, keys: Keys, reading: _Reading) -> dict:
    """The known keys of a table; the others are faults, each with a suggestion."""
    data = {}
    for name, value in raw.items():
        if name in kind.model_fields:
            data[name] = value
        elif name in getattr(kind, "unavailable", {}):
            reason = kind.unavailable[name]
            text = f"not available in this version ({reason}); remove it"
            reading.faults.add((*keys, name), text)
        else:
            reading.faults.add((*keys, name), unknown_key(kind, name, places(reading.model)))
    return data


def _inner(kind: type[BaseModel], value: Any, keys: Keys, reading: _Reading, many: bool) -> Any:
    if many and isinstance(value, list):
        items = [_inner(kind, item, (*keys, i), reading, False) for i, item in enumerate(value)]
        return _DROP if any(item is _DROP for item in items) else items
    if isinstance(value, dict):
        read = _read(kind, value, keys, reading)
        return _DROP if read is None else read
    reading.faults.add(
        keys, f"must be a table such as {{ {', '.join(kind.model_fields)} }}, not {describe(value)}"
    )
    return _DROP


def _number(value: Any, extra: dict, keys: Keys, reading: _Reading) -> Any:
    """A number, a list of numbers, or an allowed word; unit strings become SI numbers."""
    faults, lattice = reading.faults, reading.lattice
    if isinstance(value, list):
        items = [_number(v, extra, (*keys, i), reading) for i, v in enumerate(value)]
        return _DROP if any(item is _DROP for item in items) else items
    if not isinstance(value, str):
        return _finite(value, keys, faults)
    if value in extra.get("words", ()):
        return value
    unit = extra["unit"]
    if extra.get("formula") and (lattice or not is_quantity(value)):
        return value
    if lattice:
        faults.add(keys, f'"{value[:40]}": units = "lattice" takes no unit strings; give a number')
        return _DROP
    try:
        return _finite(to_si(value, unit), keys, faults)
    except UnitError as error:
        words = extra.get("words")
        near = suggestion(value, words) if words else None
        hint = (
            f"; did you mean '{near}'?"
            if near
            else (f"; or one of {', '.join(words)}" if words else "")
        )
        faults.add(keys, f"{error}{hint}")
        return _DROP


def _finite(value: Any, keys: Keys, faults: Faults) -> Any:
    """Refuse numbers that are not finite, too large or too small to be meant."""
    items = value if isinstance(value, list) else [value]
    for i, item in enumerate(items):
        if isinstance(item, list):
            if _finite(item, (*keys, i), faults) is _DROP:
                return _DROP
            continue
        if isinstance(item, bool) or not isinstance(item, int | float):
            continue
        if isinstance(item, float) and not math.isfinite(item):
            faults.add((*keys, i) if items is value else keys, f"is {item}; give a finite number")
            return _DROP
        if item != 0 and not SMALLEST <= abs(item) <= LARGEST:
            what = "large" if abs(item) > 1 else "small"
            faults.add(
                (*keys, i) if items is value else keys, f"is too {what} a number; check its unit"
            )
            return _DROP
    return value


def _note(
    error: ValidationError,
    kind: type[BaseModel],
    data: dict,
    keys: Keys,
    faults: Faults,
    before: int,
) -> None:
    """Note every fault that pydantic found, one a key."""
    noted = set(faults.keys[before:])
    for entry in error.errors(include_url=False):
        name = entry["loc"][0] if entry["loc"] else None
        here = (*keys, *_real(entry["loc"], data))
        joint = entry["type"] in ("missing", "value_error")  # follows from faults inside
        if here in noted or (joint and any(k[: len(here)] == here for k in noted)):
            continue
        noted.add(here)
        faults.add(here, message(entry, kind, name))


def _real(loc: tuple, data: Any) -> Keys:
    """The part of a pydantic location that is a place in the file (unions add their own tags)."""
    keys: list = [loc[0]] if loc else []
    value = data.get(loc[0]) if loc else None
    for part in loc[1:]:
        if isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        elif isinstance(value, dict) and part in value:
            value = value[part]
        else:
            continue
        keys.append(part)
    return tuple(keys)


def _is_list(annotation: Any) -> bool:
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        return any(_is_list(arg) for arg in typing.get_args(annotation))
    return origin is list
