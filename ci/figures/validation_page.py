"""The page docs/validation.md, made of the rows in docs/validation.json."""

import math
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from ci.figures import convergence, page
from ci.figures.rows import PLAIN, Row
from ci.figures.verdicts import folders, missed, together
from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.results.read import Run
from levitas.postprocess.results.variants import line_through, order_of, points
from levitas.solver.case.case import Case
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
the others are shown for what they say. Lattice units unless a unit stands beside the value.
"seconds" are those of one processor core; "rests on" is a digest of the case, the kernels and the
modules of its physics that a run had. `python -m ci.figures validation --list` names the rows for
which these have changed since, `python -m ci.figures validation` runs them again."""


def written(rows: list[Row]) -> tuple[Path, list[str]]:
    """Write the page: (where, what does not stand as required)."""
    with TemporaryDirectory(prefix="levitas-") as scratch:
        runs = folders(rows, Path(scratch))
        wrong: list[str] = []
        known: list[str] = []
        parts = []
        for name in dict.fromkeys(row.name for row in rows):
            mine = [row for row in rows if row.name == name]
            parts += _case(name, mine, runs.get(name, {}), wrong, known)
        parts += ["## Convergence", CONVERGENCE, *(_study(runs.get(s[0], {}), *s) for s in STUDIES)]
    parts += [page.kept("validation.md", convergence.TITLE)]
    late = [row.key for row in rows if row.found and row.stale]
    head = [ABOUT, f"**{said('Required checks that did not pass', wrong)}**"]
    head += [said("Known not to pass", known)] if known else []
    head += [said("Older than what they rest on", late)] if late else []
    command = "python -m ci.figures validation"
    return page.write("validation.md", "Validation", command, [*head, *filter(None, parts)]), wrong


def said(what: str, names: list[str]) -> str:
    """A line that names some things, or none."""
    return f"{what}: {'; '.join(names) or 'none'}."


def _case(name: str, rows: list[Row], done: dict[str, Path], wrong: list, known: list) -> list[str]:
    case, lines, labels = Case.read(name, None, PLAIN), [], []
    for row in rows:
        variant, found = row.variant or "", row.found or {"error": "not run"}
        lines += [_line(variant, check) for check in row.checks]
        labels += [f"- {variant}: {label}" for label in found.get("labels", [])]
        failed, expected = missed(name, row.checks)
        failed += [found["error"]] if "error" in found else []
        wrong += [f"{name} {variant} {text}" for text in failed]
        known += [f"{name} {variant} {text}" for text in expected]
        lines += [[variant, "", "", "", "", found["error"], ""]] if "error" in found else []
    judged, waiting = together(case, done)
    lines += [_line("all together", check | {"metric": check["title"]}) for check in judged]
    failed, expected = missed(name, judged)
    wrong += [f"{name} {text}" for text in [*failed, *(f"{title} (not run)" for title in waiting)]]
    known += [f"{name} {text}" for text in expected]
    head = ["variant", "metric", "value", "reference", "tolerance", "verdict", "source"]
    parts = [f"## {name}", f"{case.model.case.title}.", page.table(head, lines)]
    parts += ["\n".join(labels)] if labels else []
    return [*parts, _costs(rows)]


def _line(variant: str, check: dict) -> list[str]:
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


def _costs(rows: list[Row]) -> str:
    lines = []
    for row in rows:
        if row.found is not None and "error" not in row.found:
            cells, steps = row.case.model.grid.cells, row.found["steps"]
            updates, size = math.prod(cells) * steps / 1e9, " x ".join(map(str, cells))
            cost = [f"{updates:.3g}", f"{row.seconds:.3g}"]
            lines.append([row.variant or "", size, steps, *cost, f"`{row.digest}`"])
    return page.table(["variant", "cells", "steps", "10^9 updates", "seconds", "rests on"], lines)


CONVERGENCE = """h is one cell over the length that is resolved. "order" is the slope of the error
against h in logarithms by least squares; "limit" the intercept at h = 0 of the value over its
reference as a straight line in h^2 through the runs (Richardson), with one standard deviation."""


def _study(
    done: dict[str, Path], name: str, metric: str, size: str, what: str, pattern: str
) -> str:
    chosen = [Run(path) for variant, path in done.items() if re.fullmatch(pattern, variant)]
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
