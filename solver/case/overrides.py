"""Variants and `--set`: values put in by dotted key before anything is checked."""

import copy
import tomllib
from typing import Any

from levitas.solver.case.model import CaseModel
from levitas.solver.case.sections import SECTIONS
from levitas.solver.errors import UsageError
from levitas.solver.input.faults import Faults, suggestion
from levitas.solver.input.messages import SURE_LIKENESS, describe, unknown_key
from levitas.solver.input.source import Keys, Source
from levitas.solver.materials.library import PHASES, MaterialParams

VARIANTS_CHECKED = 100
ALIASES = {name: ("materials", name) for name in PHASES}
ARRAYS = ("shape", "field", "boundary", "exact", "check", "variant")
_MAX_PARTS = 10


def parse(settings: list[str]) -> dict[str, Any]:
    """`key=value` texts of --set as {key: value}; values as in TOML, else text.

    Raises UsageError for a text without key or '='.
    """
    result = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"--set {setting}: must be key=value, such as --set grid.spacing=1e-5")
        result[name.strip()] = _value(text.strip())
    return result


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (tomllib.TOMLDecodeError, ValueError, RecursionError, KeyError):
        return text


def variant_names(source: Source, faults: Faults) -> list[str]:
    """Names of the variants; duplicates are faults."""
    items = source.data.get("variant", [])
    names: list[str] = []
    for i, item in enumerate(items if isinstance(items, list) else []):
        name = item.get("name") if isinstance(item, dict) else None
        if not isinstance(name, str):
            continue
        if name in names:
            faults.add(("variant", i, "name"), f"there is already a variant '{name}'")
        elif name == "all":
            faults.add(("variant", i, "name"), "'all' means every variant; take another name")
        else:
            names.append(name)
    return names


def applied(source: Source, variant: str | None, changes: dict[str, Any], faults: Faults) -> Source:
    """A copy of the source with the values of the variant, then those of --set."""
    data = copy.deepcopy(source.data)
    result = Source(source.name, source.folder, data, source.lines, {})
    for i, item in enumerate(source.data.get("variant", []) if variant else []):
        if isinstance(item, dict) and item.get("name") == variant:
            values = item.get("set", {})
            for name, value in _flat(values):
                where = ("variant", i, "set", name)
                problem = _put(result, name, value, source.place(where))
                if problem:
                    faults.add(where, problem)
    for name, value in changes.items():
        problem = _put(result, name, value, (0, f"--set {name}"))
        if problem:
            faults.messages[f"--set {name}: {problem}"] = (0, "")
    return result


def _flat(values: Any) -> list[tuple[str, Any]]:
    """Dotted keys and values; `liquid.viscosity = 1` without quotes is a table to TOML."""
    result = []
    for name, value in values.items() if isinstance(values, dict) else ():
        if "." not in name and isinstance(value, dict) and name not in ARRAYS:
            inner = [(f"{name}.{key}", item) for key, item in value.items()]
            nested = {k: v for k, v in inner if name == "materials" and isinstance(v, dict)}
            result += [(k, v) for k, v in inner if k not in nested]
            result += [(f"{k}.{n}", v) for k, item in nested.items() for n, v in item.items()]
        else:
            result.append((name, value))
    return result


def _put(source: Source, name: str, value: Any, place: tuple[int, str]) -> str | None:
    """Set one dotted key; a message if there is no such key."""
    keys = path_of(name)
    if not 1 < len(keys) <= _MAX_PARTS and keys[0] not in ARRAYS:
        return "is not section.key, such as liquid.viscosity or shape.0.radius"
    problem = _known(keys) or _set(source.data, keys, copy.deepcopy(value))
    if problem is None:
        source.origins[keys] = place
    return problem


def path_of(name: str) -> Keys:
    """`shape.radius` as ("shape", 0, "radius"), `liquid.viscosity` as ("materials", ...)."""
    parts: list[str | int] = [int(p) if p.isdigit() and len(p) < 6 else p for p in name.split(".")]
    if parts[0] in ALIASES and not _of_section(*parts[:2]):
        parts = [*ALIASES[parts[0]], *parts[1:]]
    if parts[0] in ARRAYS and len(parts) > 1 and not isinstance(parts[1], int):
        parts.insert(1, 0)
    return tuple(parts)


def _of_section(name: str, key: str | int | None = None) -> bool:
    """Whether `name.key` means the section of that name, not the material.

    It does where there is such a section, be it one to come, unless the key is a property of
    materials only, or nearly so written.
    """
    if name not in CaseModel.model_fields and name not in CaseModel.unavailable:
        return False
    own = SECTIONS[name].params.model_fields if name in SECTIONS else ()
    return key in own or not suggestion(str(key), list(MaterialParams.model_fields), SURE_LIKENESS)


def _known(keys: Keys) -> str | None:
    """Message if the section does not exist or may not be set; keys are checked on reading."""
    if keys[0] == "variant":
        return "a variant cannot change variants"
    if keys[0] not in CaseModel.model_fields and keys[0] not in CaseModel.unavailable:
        return unknown_key(CaseModel, str(keys[0]))
    return None


def _set(data: Any, keys: Keys, value: Any) -> str | None:
    """Put a value into nested tables and arrays; a message if the way is barred."""
    for key, following in zip(keys, keys[1:], strict=False):
        if isinstance(data, list):
            if not isinstance(key, int) or key >= len(data):
                return f"there is no item {key}; it has {len(data)}"
        elif isinstance(data, dict):
            if isinstance(key, int):
                return f"has no item {key}; give a key"
            if keys[0] == "materials" and isinstance(data.get(key), str):
                data[key] = {"name": data[key]}
            data.setdefault(key, [] if isinstance(following, int) else {})
        else:
            return f"cannot be set inside {describe(data)}"
        data = data[key]
    last = keys[-1]
    if isinstance(data, list):
        if not isinstance(last, int) or last >= len(data):
            return f"there is no item {last}; it has {len(data)}"
    elif not isinstance(data, dict):
        return f"cannot be set inside {describe(data)}"
    elif isinstance(last, int):
        return f"item {last} of a table; give a key"
    data[last] = value
    return None
