"""`levitas init` and `levitas list`: shipped cases, materials, keys and metrics."""

import json
import shutil
from pathlib import Path
from typing import Any

from levitas.solver.errors import CaseError, UsageError
from levitas.solver.input.faults import suggestion
from levitas.solver.run.result_text import columns

LISTS = ("cases", "materials", "keys", "metrics")


def init(name: str, target: Path | str) -> str:
    """Copy a shipped case (or any case folder) to a new folder; what to do next, as text.

    Raises CaseError if there is no such case, UsageError if the folder exists.
    """
    from levitas.solver.case.case import locate

    source, target = locate(name), Path(target)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target}: exists already; give a new folder")
    try:
        target.mkdir(parents=True, exist_ok=True)
        if source.name != "case.toml":
            shutil.copyfile(source, target / "case.toml")
        else:
            for path in sorted(source.parent.iterdir()):
                if path.is_file():
                    shutil.copyfile(path, target / path.name)
    except OSError as error:
        raise UsageError(f"{target}: cannot be written: {error.strerror}") from None
    return f"{target}/case.toml is yours; next: levitas check {target}, levitas run {target}"


def listing(kind: str, as_json: bool = False) -> str:
    """What there is of a kind: cases, materials, keys, metrics. Raises UsageError for others."""
    tables = {"cases": cases, "materials": materials, "keys": keys, "metrics": metrics}
    if kind not in tables:
        near = suggestion(kind, list(LISTS))
        hint = f"did you mean {near}?" if near else f"one of {', '.join(LISTS)}"
        raise UsageError(f"list {kind}: {hint}")
    rows = tables[kind]()
    if as_json:
        return json.dumps(rows, indent=2)
    if not rows:
        return f"no {kind}"
    return "\n".join(columns([tuple(str(v) for v in row.values()) for row in rows]))


def cases() -> list[dict[str, Any]]:
    """Shipped cases: name, title, variants."""
    from levitas.solver.case.case import locate, shipped
    from levitas.solver.input.source import read_toml

    rows = []
    for name in shipped():
        try:
            data = read_toml(locate(name)).data
        except CaseError as error:
            rows.append({"name": name, "title": str(error), "variants": ""})
            continue
        variants = [str(v.get("name")) for v in data.get("variant", [])]
        title = data.get("case", {}).get("title", "")
        rows.append({"name": name, "title": title, "variants": " ".join(variants)})
    return rows


def materials() -> list[dict[str, Any]]:
    """Shipped materials: name, title, main properties at their reference temperature."""
    from levitas.solver.materials import library as shipped

    rows = []
    for name in shipped.names():
        path = shipped.find(name, shipped.FOLDER)
        data, values = shipped.read(path).data, shipped.properties(path, None)
        main = ("density", "viscosity", "surface_tension")
        text = ", ".join(f"{p} {values[p]:.4g} {shipped.unit(p)}" for p in main if p in values)
        at = data.get("reference_temperature", shipped.ROOM_TEMPERATURE)
        rows.append(
            {"name": name, "title": data.get("title", ""), "at": f"{at:g} K", "properties": text}
        )
    return rows


def keys() -> list[dict[str, Any]]:
    """Every key of a case file: section, key, unit, default, what it is."""
    from levitas.solver.case.model import CaseModel

    rows: list[dict[str, Any]] = []
    _collect(CaseModel, "", rows)
    return rows


def _collect(model: Any, prefix: str, rows: list[dict[str, Any]]) -> None:
    from levitas.solver.input.section import nested_model, unit_of

    listed: dict[Any, str] = {}  # tables of the same keys are listed once
    for name, field in model.model_fields.items():
        inner = nested_model(field.annotation)
        if inner is not None and not prefix:
            many = "list" in str(field.annotation)
            _collect(inner, f"[[{name}]] " if many else f"[{name}] ", rows)
            continue
        default = field.get_default(call_default_factory=True)
        plain = isinstance(default, bool | int | float | str | list)
        rows.append(
            {
                "key": f"{prefix}{name}",
                "unit": unit_of(model, name) or "",
                "default": "needed"
                if field.is_required()
                else json.dumps(default)
                if plain
                else "-",
                "about": field.description or "",
            }
        )
        if inner in listed:
            rows[-1]["about"] += f"; keys as of {listed[inner]}"
        elif inner is not None:
            listed[inner] = name
            _collect(inner, f"{prefix}{name}.", rows)


def metrics() -> list[dict[str, Any]]:
    """What can be measured: name, unit, what it is."""
    from levitas.postprocess.metrics.table import METRICS

    return [{"name": n, "unit": m.unit, "about": m.text} for n, m in METRICS.items()]
