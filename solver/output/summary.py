"""summary.json as it is read back: whole, or a CorruptRun that names it."""

import json
from pathlib import Path
from typing import Any

from levitas.solver.errors import CorruptRun

REMEDY = "run the command that wrote it again"
_HEAD = {"status": str, "case": str, "steps": int, "time": float, "wall_seconds": float}
_HEAD |= {"mlups": float}
_REST = {"metrics": dict, "checks": list, "labels": list, "provenance": dict}


def read(path: Path) -> dict[str, Any]:
    """The summary in a file. CorruptRun if it cannot be read or is none."""
    try:
        summary = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise CorruptRun(f"{path} is damaged: {error}; {REMEDY}") from None
    fault = _fault(summary)
    if fault:
        raise CorruptRun(f"{path} is damaged: {fault}; {REMEDY}")
    return summary


def _fault(summary: Any) -> str | None:
    if not isinstance(summary, dict):
        return "it is not a JSON object"
    for name, kind in _HEAD.items():
        if not isinstance(summary.get(name), (int, float) if kind is float else kind):
            return f"no {name}"
    for name, kind in _REST.items():
        if not isinstance(summary.get(name, kind()), kind):
            return f"{name} is not a {kind.__name__}"
    checks, metrics = summary.get("checks", []), summary.get("metrics", {}).values()
    if not all(_has(c, "metric", "verdict", "value", "reference") for c in checks):
        return "a check lacks metric, verdict, value or reference"
    if not all(isinstance(c.get("tolerance"), dict) for c in checks):
        return "a check has no tolerance"
    return (
        None if all(_has(m, "value", "unit") for m in metrics) else "a metric lacks value or unit"
    )


def _has(value: Any, *names: str) -> bool:
    return isinstance(value, dict) and set(names) <= value.keys()
