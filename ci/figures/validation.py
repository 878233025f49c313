"""docs/validation.md: what every run of a folder found, beside its references; convergence."""

import math
import re
from pathlib import Path

from ci.figures import convergence, page
from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.results.checks import evaluate
from levitas.postprocess.results.read import Run
from levitas.postprocess.results.variants import judge, line_through, order_of, points
from levitas.solver.case.case import Case, shipped
from levitas.solver.errors import LevitasError
from levitas.solver.run.result_text import tolerance_text

# case, metric, cells across what is resolved (an expression of case values), what that is, variants
STUDIES = (
    ("droplet/laplace", "pressure_jump", "shape.radius", "R", r"r\d+"),
    ("droplet/oscillation", "oscillation_frequency", "shape.radius", "R", r"oh02-r\d+"),
    ("droplet/oscillation", "oscillation_frequency", "shape.radius", "R", r"oh05-r\d+"),
    ("droplet/oscillation", "oscillation_damping", "shape.radius", "R", r"oh02-r\d+"),
    ("droplet/oscillation", "oscillation_damping", "shape.radius", "R", r"oh05-r\d+"),
    ("benchmark/poiseuille-layered", "layered_error", "grid.ny", "cells across", r"h\d+"),
    ("benchmark/taylor-green", "taylor_green_error", "grid.nx", "cells", r"n\d+"),
)
ABOUT = """Every check of every shipped case as its run found it. A required check must pass;
the others are shown for what they say. Lattice units unless a unit stands beside the value."""


def main(runs: Path) -> int:
    """Write the page from the run folders in `runs`; 7 if a required check is not passed."""
    found = {name: _runs(name, runs) for name in shipped()}
    missed: list[str] = []
    parts = [ABOUT]
    for name, table in found.items():
        parts += _case(name, table, missed)
    parts += ["## Convergence", CONVERGENCE, *(_study(found[s[0]], *s) for s in STUDIES)]
    parts += [f"## {convergence.TITLE}", *convergence.section(runs)]
    verdict = "No required check failed or is missing."
    if missed:
        verdict = "Required checks that did not pass: " + "; ".join(missed) + "."
    parts.insert(1, f"**{verdict}**")
    command = "python -m ci.figures validation RUNS"
    print(page.write("validation.md", "Validation", command, parts), verdict, sep="\n")
    return 7 if missed else 0


def _runs(name: str, folder: Path) -> dict[str, Run | None]:
    """Variant -> its run, None where there is no finished one, in the order of the case."""
    case = Case.read(name)
    table: dict[str, Run | None] = dict.fromkeys(case.variants or [""])
    for path in sorted(folder.rglob("summary.json")):
        if re.fullmatch(r"level-\d+", path.parent.name):
            continue  # of levitas converge: another grid
        try:
            run = Run(path.parent)
        except LevitasError:
            continue
        variant = run.summary.get("variant") or ""
        if run.summary.get("case") == name and variant in table:
            if run.summary["status"] == "done":
                table[variant] = run
    return table


def _case(name: str, table: dict[str, Run | None], missed: list[str]) -> list[str]:
    rows, labels = [], []
    for variant, run in table.items():
        if run is None:
            rows.append([variant, "", "", "", "", "not run", ""])
            missed.append(f"{name} {variant} (not run)")
            continue
        case = Case.read(name, variant or None)
        checks, _ = evaluate(case, run.folder)
        rows += [_row(variant, check) for check in checks]
        labels += [f"- {variant}: {label}" for label in run.labels]
        missed += [f"{name} {variant} {c['metric']}" for c in checks if _misses(c)]
    done = {variant: run.folder for variant, run in table.items() if run is not None}
    together = judge(Case.read(name), done)
    rows += [_row("all together", check | {"metric": check["title"]}) for check in together]
    missed += [f"{name} {c['title']}" for c in together if _misses(c)]
    head = ["variant", "metric", "value", "reference", "tolerance", "verdict", "source"]
    title = Case.read(name).model.case.title
    parts = [f"## {name}", f"{title}.", page.table(head, rows)]
    parts += ["\n".join(labels)] if labels else []
    return [*parts, _cost(table)]


def _misses(check: dict) -> bool:
    return bool(check["required"]) and check["verdict"] == "failed"


def _row(variant: str, check: dict) -> list[str]:
    unit = "" if check["unit"] == "1" else f" {check['unit']}"
    verdict = check["verdict"] + (", required" if check["required"] else "")
    value, reference = (page.number(check[k], 5) for k in ("value", "reference"))
    metric = check["metric"].replace("|", "\\|")
    if check["value"] is not None and check["reference"]:
        value += f"{unit} ({100 * (check['value'] / check['reference'] - 1):+.2f} %)"
    else:
        value += unit if check["value"] is not None else f" ({check['note']})"
    limits = tolerance_text(check["tolerance"])
    return [variant, metric, value, reference, limits, verdict, check["source"]]


def _cost(table: dict[str, Run | None]) -> str:
    texts = []
    for variant, run in table.items():
        if run is not None:
            cells, steps = run.case.model.grid.cells, run.summary["steps"]
            updates = math.prod(cells) * steps / 1e9
            size = " x ".join(str(n) for n in cells)
            texts.append(f"{variant} {size} cells, {steps} steps ({updates:.3g})")
    return f"Cost (10^9 cell updates): {'; '.join(texts) or 'not run'}."


CONVERGENCE = """h is one cell over the length that is resolved. "order" is the slope of the error
against h in logarithms by least squares; "limit" the intercept at h = 0 of the value over its
reference as a straight line in h^2 through the runs (Richardson), with one standard deviation."""


def _study(table, name: str, metric: str, size: str, what: str, pattern: str) -> str:
    chosen = [run for v, run in table.items() if run is not None and re.fullmatch(pattern, v)]
    found = sorted(points(chosen, size, metric), key=lambda point: point.x)
    head = [what, metric, "reference", "error"]
    rows = [
        [page.number(p.x), page.number(p.y, 5), page.number(p.reference, 5), _percent(p.error)]
        for p in found
    ]
    title = f"### {name}, {metric}" + (f" ({pattern[:4]})" if pattern.startswith("oh") else "")
    said = []
    try:
        said.append(f"order {order_of([1 / p.x for p in found], [p.error for p in found]):.2f}")
        if all(p.reference for p in found):
            line = line_through([p.x**-2.0 for p in found], [p.ratio for p in found])
            said.append(f"limit {_percent(line.intercept - 1, True)} +- {_percent(line.error)}")
    except NotMeasured as reason:
        said.append(f"no order: {reason}")
    return "\n\n".join([title, page.table(head, rows), f"{'; '.join(said)}."])


def _percent(value: float, signed: bool = False) -> str:
    return f"{100 * value:{'+' if signed else ''}.3g} %"
