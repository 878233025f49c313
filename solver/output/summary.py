"""summary.json as it is read back: whole, or a CorruptRun that names it."""

import json
from pathlib import Path
from typing import Any

from levitas.solver.errors import CorruptRun

REMEDY = "the command that made the run writes it again"
_HEAD = {"status": str, "case": str, "steps": int, "time": float, "wall_seconds": float}
_HEAD |= {"mlups": float}
_REST = {"metrics": dict, "checks": list, "labels": list, "provenance": dict}


def read(path: Path) -> dict[str, Any]:
    """The summary in a file. CorruptRun if it cannot be read or is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise CorruptRun(f"{path} is damaged: {error}; {REMEDY}") from None
    fault = _fault(found)
    if fault:
        raise CorruptRun(f"{path} is damaged: {fault}; {REMEDY}")
    return found


def _fault(found: Any) -> str | None:
    if not isinstance(found, dict):
        return "it is no table"
    for name, kind in _HEAD.items():
        if not isinstance(found.get(name), (int, float) if kind is float else kind):
            return f"no {name}"
    for name, kind in _REST.items():
        if not isinstance(found.get(name, kind()), kind):
            return f"{name} is no {kind.__name__}"
    checks, metrics = found.get("checks", []), found.get("metrics", {}).values()
    if not all(_has(c, "metric", "verdict", "value", "reference") for c in checks):
        return "a check is none"
    if not all(isinstance(c.get("tolerance"), dict) for c in checks):
        return "a check has no tolerance"
    return None if all(_has(m, "value", "unit") for m in metrics) else "a metric is none"


def _has(value: Any, *names: str) -> bool:
    return isinstance(value, dict) and set(names) <= value.keys()
