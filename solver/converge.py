"""`levitas converge`: a case on several grids, and what its checks say about accuracy."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from levitas.solver import durable
from levitas.solver.case import Case
from levitas.solver.check import columns
from levitas.solver.errors import STOPPED, CaseError, UsageError
from levitas.solver.folder import plain
from levitas.solver.refine import LEAST_STEP, Ratio, refined
from levitas.solver.report import run_text
from levitas.solver.run import Options, Parts, default_folder, run_case

FACTORS = {"sqrt2": math.sqrt(2), "2": 2.0}


@dataclass(frozen=True)
class Plan:
    """Which grids: `levels` of them, each `factor` finer; the first `start` times that of the case.

    scaling      of the time step with the cell: "diffusive" (cell^2) or "acoustic" (cell)
    keep_width   the interface keeps its width in metres instead of in cells
    """

    levels: int = 3
    factor: str = "sqrt2"
    start: float = 1.0
    scaling: str = "diffusive"
    keep_width: bool = False


def converge(
    path,
    variant: str | None,
    settings: dict[str, Any],
    comm,
    options: Options,
    plan: Plan,
    parts: Parts | None = None,
) -> int:
    """Run a case on every grid of a plan, judge them together; the exit code. Collective.

    Every level is a run folder of its own, `level-1` (the coarsest) and so on in `options.out`, so
    a stop (exit code 75) loses nothing: the same command goes on. Writes converge.json and
    convergence.png beside them. Raises UsageError, CaseError before anything runs.
    """
    base, levels = _levels(path, variant, settings, plan)
    out = options.out or Path(f"{default_folder(base)}-converge")
    folders = [out / f"level-{n + 1}" for n in range(len(levels))]
    if comm.rank == 0:
        print(_plan_text(levels), flush=True)
    with options.signals:
        for (case, _), folder in zip(levels, folders, strict=True):
            summary = run_case(case, comm, replace(options, out=folder), parts)
            if comm.rank == 0:
                print(run_text(summary, folder), flush=True)
            if summary["status"] == "stopped":
                return STOPPED
    durable.on_first(comm, lambda: _judge(base, levels, folders, out, plan))
    return 0


def _levels(path, variant, settings, plan: Plan) -> tuple[Case, list[tuple[Case, Ratio]]]:
    """The case as it stands, and (case, ratio) of each level, coarse to fine."""
    if plan.levels < 2:
        raise UsageError(f"--levels {plan.levels}: convergence needs 2 levels or more")
    if plan.start <= 0:
        raise UsageError("--start must be larger than 0")
    base = Case.read(path, variant, settings)
    if not base.model.check:
        hint = f"; choose a variant: {', '.join(base.variants)}" if base.variants else ""
        raise CaseError(f"{base.path}: nothing to converge, no [[check]] applies{hint}")
    step = FACTORS[plan.factor]
    more = {"scaling": plan.scaling, "keep_width": plan.keep_width}
    levels = []
    for n in range(plan.levels):
        levels.append(refined(path, variant, settings, base, plan.start * step**n, **more))
        if n and levels[n][1].cells < LEAST_STEP * levels[n - 1][1].cells:
            cells = " x ".join(map(str, base.model.grid.cells))
            raise CaseError(
                f"{cells} cells have too small a common divisor for levels {plan.factor} apart: "
                "take --factor 2, or other grid.cells"
            )
    return base, levels


def _plan_text(levels: list[tuple[Case, Ratio]]) -> str:
    rows = [("level", "cells", "of the case's", "interface", "time step")]
    for n, (case, ratio) in enumerate(levels):
        width = f"{case.model.interface.width:g} cells" if case.has("interface") else "-"
        step = f"1/{ratio.steps:.4g}" if ratio.steps >= 1 else f"{1 / ratio.steps:.4g}"
        cells = " x ".join(map(str, case.model.grid.cells))
        rows.append((str(n + 1), cells, f"{ratio.cells:.4g}", width, f"{step} of the case's"))
    return "\n".join(columns(rows))


def _judge(base: Case, levels, folders: list[Path], out: Path, plan: Plan) -> None:
    """Table, converge.json, picture."""
    from levitas.postprocess import convergence
    from levitas.postprocess.read import Run

    runs = [
        convergence.Level(Run(folder, case), ratio.cells, _scale(base, ratio))
        for (case, ratio), folder in zip(levels, folders, strict=True)
    ]
    rows = convergence.rows(runs)
    print("\n".join(columns(convergence.table(runs, rows))), flush=True)
    facts = {
        "case": f"{base.family}/{base.name}",
        "variant": base.variant,
        "plan": vars(plan),
        "levels": [
            {
                "folder": folder.name,
                "cells": case.model.grid.cells,
                "ratio": ratio.cells,
                "steps_ratio": ratio.steps,
                "dx": case.scales.dx,
                "dt": case.scales.dt,
            }
            for (case, ratio), folder in zip(levels, folders, strict=True)
        ],  # fmt: skip
        "metrics": {row.metric: row._asdict() for row in rows},
        "labels": list(dict.fromkeys(label for case, _ in levels for label in case.labels)),
    }
    durable.write_text(out / "converge.json", json.dumps(plain(facts), indent=2) + "\n")
    _draw(convergence, runs, rows, out)


def _scale(base: Case, ratio: Ratio) -> Callable[[str], float]:
    """Factor of the numbers of a level over those of the case: 1 in SI."""
    return ratio.of if base.in_lattice_units else lambda unit: 1.0


def _draw(convergence, runs, rows, out: Path) -> None:
    try:
        path = convergence.draw(runs, rows).save(out / "convergence.png")
        print(f"  picture: {path}", flush=True)
    except Exception as reason:  # the results are whole without a picture
        print(f"warning: no picture of the convergence: {reason}", flush=True)
