"""Refined grids in docs/validation.md: what `levitas converge` found on shipped cases."""

import json
import sys
from pathlib import Path

from ci.figures import page
from levitas.postprocess.results.convergence import Row, texts
from levitas.solver.grid.comm import Serial
from levitas.solver.run.run import Options
from levitas.solver.study.converge import RESULTS, Plan, converge

TITLE = "Refined grids"
STUDIES = (  # case, variant, settings
    ("coating/levelling", "1g", {}),
    ("coating/levelling", "0g", {}),
    # twice as long as the case: after 9000 steps the drop is still 1.2 % slower than in the end
    ("droplet/migration-2d", "r24", {"case.end.steps": 18000}),
    ("droplet/sessile", "bo05", {}),
    ("benchmark/lid-cavity", "re100", {}),
)
PLAN = Plan(levels=3, factor="sqrt2", start=0.7)  # 0.7, 1 and 1.4 times as fine as the case
ABOUT = """`levitas converge` runs one case on several grids: cells and steps change, physics stays,
the interface keeps its number of cells. "order" is the slope of the error against the cell in
logarithms; "limit" the value at cells of size 0, through three levels with the order of their
differences. Written by `python -m ci.figures convergence RUNS`; values in the units of the case."""


def main(runs: Path, threads: int | None) -> int:
    """Run every study in a folder of its own under `runs`, write the section; the exit code."""
    for name, variant, settings in STUDIES:
        folder = runs / f"converge-{name.replace('/', '-')}-{variant}"
        options = Options(folder, threads=threads, terminal=sys.stderr)
        if code := converge(name, variant, settings, Serial(), options, PLAN, say=print):
            return code
    print(page.section("validation.md", TITLE, section(runs)))
    return 0


def section(runs: Path) -> list[str]:
    """The section under its title: a table for every converge.json below `runs`."""
    found = [json.loads(path.read_text()) for path in sorted(runs.rglob(RESULTS[0]))]
    done = {(one["case"], one["variant"]) for one in found}
    missing = [f"{name} {variant}" for name, variant, _ in STUDIES if (name, variant) not in done]
    said = [f"Not run: {', '.join(missing)}."] if missing else []
    return [ABOUT, *said, *(text for one in found for text in _study(one))]


def _study(found: dict) -> list[str]:
    cells = [" x ".join(map(str, level["cells"])) for level in found["levels"]]
    head = ["metric", "reference", *cells, "order", "limit", "limit - reference", ""]
    rows = [texts(Row(**row)) for row in found["metrics"].values()]
    changed = [f"{key} = {value}" for key, value in found["settings"].items()]
    title = ", ".join(filter(None, [found["case"], found["variant"], *changed]))
    return [f"### {title}", page.table(head, rows), *(f"- {label}" for label in found["labels"])]
