"""What `levitas check` says of a case: units, numbers, limits, time step, cost."""

import json
import math
from typing import Any

from levitas.solver.case.case import Case
from levitas.solver.case.dimensionless import numbers, table
from levitas.solver.case.memory import held_bytes
from levitas.solver.errors import CaseError
from levitas.solver.input.faults import clean
from levitas.solver.run.log import duration
from levitas.solver.run.result_text import columns

MLUPS = {"two-phase": 95.0, "single": 230.0}  # of one thread, to estimate the cost


def check(
    path: str,
    variant: str | None = None,
    overrides: dict[str, Any] | None = None,
    as_json: bool = False,
    trial: bool = False,
) -> str:
    """The report on a case (all of them for variant "all"), as text or JSON.

    `trial` runs some steps. Raises CaseError for a faulty case; with what a limit refuses the
    error holds the report too.
    """
    try:
        cases, refused = _cases(path, variant, overrides, within_limits=True), None
    except CaseError as error:
        refused = error
    if refused:
        try:
            cases = _cases(path, variant, overrides, within_limits=False)
        except CaseError as error:
            raise _with_json(error, as_json) from None
    reports = [report(case) for case in cases]
    if refused:
        for one in reports:
            one["faults"] = str(refused).splitlines()
        text = _text(reports, as_json)
        raise CaseError(text if as_json else f"{text}\n\n{refused}")
    if trial:
        for case, one in zip(cases, reports, strict=True):
            one["trial"] = run_trial(case)
    return _text(reports, as_json)


def _cases(path: str, variant: str | None, overrides: Any, within_limits: bool) -> list[Case]:
    """The case, its variant, or with "all" every variant."""
    if variant != "all":
        return [Case.read(path, variant, overrides, within_limits)]
    names = Case.read(path, None, overrides, within_limits).variants
    return [Case.read(path, name, overrides, within_limits) for name in names]


def _text(reports: list[dict], as_json: bool) -> str:
    if as_json:
        return json.dumps(reports[0] if len(reports) == 1 else reports, indent=2)
    return "\n\n".join(as_text(one) for one in reports)


def _with_json(error: CaseError, as_json: bool) -> CaseError:
    if not as_json:
        return error
    return CaseError(json.dumps({"valid": False, "faults": str(error).splitlines()}, indent=2))


def report(case: Case) -> dict[str, Any]:
    """Everything that check says, as plain data."""
    limits = [
        {
            "name": one.name,
            "value": one.value,
            "verdict": one.verdict,
            "limit": one.limit,
            "remedy": one.remedy if one.verdict != "ok" else "",
        }
        for one in case.limits()
    ]
    steps = case.steps
    cells = math.prod(case.model.grid.cells)
    rate = MLUPS["two-phase" if case.has("interface") else "single"]
    return {
        "case": f"{case.family}/{case.name}",
        "variant": case.variant,
        "valid": all(one["verdict"] != "refuse" for one in limits),
        "title": case.model.case.title,
        "digest": case.digest,
        "variants": case.variants,
        "labels": case.labels,
        "table": [
            dict(zip(("name", "value", "unit", "lattice"), row, strict=True)) for row in table(case)
        ],
        "numbers": numbers(case),
        "limits": limits,
        "time_step": case.scales.dt,
        "bounds": case.bounds,
        "binding": case.binding_bound,
        "speeds": case.speeds,
        "cells": cells,
        "steps": steps,
        "memory_bytes": held_bytes(case),
        "cost_seconds": None if steps is None else steps * cells / rate / 1e6,
        "cost_mlups": rate,
    }


def as_text(report: dict[str, Any]) -> str:
    """The report for people."""
    head = report["case"] + (f" ({report['variant']})" if report["variant"] else "")
    lines = [f"{head}: {report['title']}" if report["title"] else head]
    lines += [f"  label: {label}" for label in report["labels"]]
    lines.append("")
    lines += columns(
        [("", "value", "unit", "lattice")]
        + [
            (r["name"], f"{r['value']:.5g}", r["unit"], f"{r['lattice']:.5g}")
            for r in report["table"]
        ]
    )
    lines.append("")
    lines.append("  " + "   ".join(f"{k} {v:.4g}" for k, v in report["numbers"].items()))
    lines.append("")
    lines += columns(
        [
            (
                one["verdict"],
                one["name"],
                f"{one['value']:.4g}",
                f"{one['limit']}; {one['remedy']}" if one["verdict"] != "ok" else "",
            )
            for one in report["limits"]
        ]
    )
    lines.append("")
    bounds = ", ".join(f"{k} {v:.3g}" for k, v in report["bounds"].items())
    lines.append(
        f"  time step {report['time_step']:.4g}, set by {report['binding']} (bounds: {bounds})"
    )
    lines.append(
        f"  {report['cells']:,} cells, {report['memory_bytes'] / 2**20:.4g} MiB of fields, "
        + _cost(report)
    )
    if "trial" in report:
        t = report["trial"]
        lines.append(
            f"  trial: {t['steps']} steps on {t['backend']} at {t['mlups']:.4g} MLUPS"
            + (
                f", the whole run about {duration(t['cost_seconds'])}"
                if t["cost_seconds"] is not None
                else ""
            )
        )
    if report["variants"]:
        lines.append(f"  variants: {', '.join(report['variants'])}")
    return "\n".join(clean(line) for line in lines)


def _cost(report: dict[str, Any]) -> str:
    if report["steps"] is None:
        return "steps until steady"
    return (
        f"{report['steps']:,} steps, about {duration(report['cost_seconds'])} at"
        f" {report['cost_mlups']:g} MLUPS"
    )


def run_trial(case: Case, seconds: float = 5.0, most: int = 50) -> dict[str, Any]:
    """Run some steps of the case and measure. Raises Diverged, ResourceError as a run would."""
    import time

    from levitas.solver.backend.backend import make_backend
    from levitas.solver.grid.comm import world
    from levitas.solver.run.simulation import Simulation

    backend = make_backend("auto", case.model.case.precision, None)
    simulation = Simulation(case, backend, world())
    simulation.step()  # compiles
    backend.wait()
    begin, steps = time.perf_counter(), 0
    while steps < most and time.perf_counter() - begin < seconds:
        simulation.step()
        backend.wait()
        steps += 1
    wall = time.perf_counter() - begin
    simulation.check_health()
    rate = steps * math.prod(case.model.grid.cells) / wall
    total = case.steps
    return {
        "steps": steps + 1,
        "backend": backend.name,
        "mlups": rate / 1e6,
        "cost_seconds": None if total is None else total * wall / steps,
    }
