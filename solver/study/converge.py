"""`levitas converge`: a case on several grids, and what its checks say about accuracy."""

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from levitas.solver.case.case import Case
from levitas.solver.errors import STOPPED, CaseError, UsageError
from levitas.solver.grid.comm import on_first
from levitas.solver.output import atomic
from levitas.solver.output.run_folder import plain
from levitas.solver.run.result_text import columns
from levitas.solver.run.run import Options, Parts, default_folder
from levitas.solver.study.refine import Ratio, refined
from levitas.solver.study.runs import StudyRun, run_all, silent

FACTORS = {"sqrt2": math.sqrt(2), "2": 2.0}
LEAST_STEP = 1.15  # between two levels: less shows no order
START = (1e-3, 1e3)  # fineness of the first level over that of the case
RESULTS = ("converge.json", "convergence.png")


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


@dataclass(frozen=True)
class Level:
    """One grid of a plan: the case on it, how it compares with the case's own, its run folder."""

    case: Case
    ratio: Ratio
    folder: Path


def converge(
    path,
    variant: str | None,
    settings: dict[str, Any],
    comm,
    options: Options,
    plan: Plan,
    parts: Parts | None = None,
    say: Callable[[str], None] = silent,
) -> int:
    """Run a case on every grid of a plan, judge them together; the exit code. Collective.

    Every level is a run folder of its own, `level-1` (the coarsest) and so on in `options.out`, so
    a stop (exit code 75) loses nothing: the same command goes on. Writes converge.json and
    convergence.png beside them. Raises UsageError, CaseError before anything runs. What is worth
    telling goes to `say` as text, on rank 0.
    """
    base = _base(path, variant, settings, plan)
    out = options.out or Path(f"{default_folder(base)}-converge")
    levels = _levels(path, variant, settings, base, plan, out)
    if comm.rank == 0:
        say(_plan_text(levels))
    if options.restart:
        on_first(comm, lambda: _forget(out))
    runs = [StudyRun(n.folder.name, lambda n=n: n.case, n.folder) for n in levels]
    outcomes = run_all(runs, comm, options, parts, lambda outcome: say(outcome.text))
    if outcomes[-1].status == "stopped":
        return STOPPED
    asked = {"variant": base.variant, "settings": settings, "plan": asdict(plan)}
    on_first(comm, lambda: _judge(base, levels, out, asked, say))
    return 0


def _forget(out: Path) -> None:
    """Remove what an earlier study of this folder concluded."""
    with atomic.writing(out):
        for name in RESULTS:
            (out / name).unlink(missing_ok=True)


def _base(path, variant, settings, plan: Plan) -> Case:
    """The case on its own grid."""
    if plan.levels < 2:
        raise UsageError(f"--levels {plan.levels}: convergence needs 2 levels or more")
    if not START[0] <= plan.start <= START[1]:
        raise UsageError(f"--start {plan.start:g}: must lie between {START[0]:g} and {START[1]:g}")
    base = Case.read(path, None if variant == "all" else variant, settings)
    names = ", ".join(base.variants)
    if variant == "all":
        raise UsageError(f"--variant all: one variant at a time; this case has {names or 'none'}")
    if not base.model.check:
        hint = f"; choose a --variant: {names}" if names and variant is None else "; add one"
        raise CaseError(f"{base.path}: nothing to converge, no [[check]] applies{hint}")
    return base


def _levels(path, variant, settings, base: Case, plan: Plan, out: Path) -> list[Level]:
    """Every level, coarse to fine."""
    how = {"scaling": plan.scaling, "keep_width": plan.keep_width}
    levels: list[Level] = []
    for n in range(plan.levels):
        fineness = plan.start * FACTORS[plan.factor] ** n
        case, ratio = refined(path, variant, settings, base, fineness, **how)
        if levels and ratio.cells < LEAST_STEP * levels[-1].ratio.cells:
            cells = " x ".join(map(str, base.model.grid.cells))
            raise CaseError(
                f"{cells} cells have too small a common divisor for levels {plan.factor} apart; "
                "take --factor 2, a larger --start, or other grid.cells"
            )
        levels.append(Level(case, ratio, out / f"level-{n + 1}"))
    return levels


def _plan_text(levels: list[Level]) -> str:
    rows = [("level", "cells", "fineness", "interface", "time step", "10^9 cell updates")]
    for n, level in enumerate(levels):
        case, steps = level.case, level.ratio.steps
        width = f"{case.model.interface.width:.3g} cells" if case.has("interface") else "-"
        step = f"1/{steps:.4g}" if steps > 1 else f"{1 / steps:.4g}"
        total = case.steps
        cost = "-" if total is None else f"{math.prod(case.model.grid.cells) * total / 1e9:.3g}"
        cells = " x ".join(map(str, case.model.grid.cells))
        name = str(n + 1)
        rows.append((name, cells, f"{level.ratio.cells:.4g}", width, step, cost))
    about = "fineness and time step over those of the case; files in "
    return "\n".join([*columns(rows), f"  {about}{levels[0].folder.parent}"])


def _judge(base: Case, levels: list[Level], out: Path, asked: dict, say) -> None:
    """Table, converge.json with what was asked for, picture."""
    from levitas.postprocess.pictures.convergence import draw
    from levitas.postprocess.results import convergence
    from levitas.postprocess.results.read import Run

    runs = [(Run(level.folder, level.case), 1 / level.ratio.cells) for level in levels]
    rows = convergence.rows(runs)
    say("\n".join(columns(convergence.table(runs, rows))))
    facts = {
        "case": f"{base.family}/{base.name}",
        **asked,
        "levels": [_facts(level) for level in levels],
        "metrics": {row.metric: row._asdict() for row in rows},
        "labels": list(dict.fromkeys(label for level in levels for label in level.case.labels)),
    }
    atomic.write_text(out / RESULTS[0], json.dumps(plain(facts), indent=2) + "\n")
    try:
        say(f"  picture: {draw(runs, rows).save(out / RESULTS[1])}")
    except Exception as reason:  # the results are whole without a picture
        say(f"warning: no picture of the convergence: {reason}")


def _facts(level: Level) -> dict:
    case = level.case
    return {
        "folder": level.folder.name,
        "cells": case.model.grid.cells,
        "ratio": level.ratio.cells,
        "steps_ratio": level.ratio.steps,
        "spacing": case.scales.dx,
        "time_step": case.scales.dt,
    }
