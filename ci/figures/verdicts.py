"""Verdicts on the rows of docs/validation.md: each run's own, and those over variants together."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from ci.figures.rows import Row
from levitas.postprocess.results.variants import judge
from levitas.solver.case.case import Case
from levitas.solver.input.source import read_toml
from levitas.solver.output.run_folder import RunFolder

#: (case, title of a required check) that does not pass -> where its reason stands
KNOWN = {
    (
        "droplet/oscillation",
        "oscillation_frequency, order in interface.width*grid.spacing/shape.radius",
    ): "study in docs/validation.md, its reading in docs/numerics.md (Frequency and Damping of a "
    "ringing drop)"
}


def folders(rows: Iterable[Row], where: Path) -> dict[str, dict[str, Path]]:
    """Case -> variant -> a run folder below `where` with summary and case, for rows that ran."""
    made: dict[str, dict[str, Path]] = {}
    for row in rows:
        if row.found is None or "error" in row.found:
            continue
        folder = RunFolder(where / row.name / (row.variant or "-"))
        folder.path.mkdir(parents=True)
        folder.write_case(row.case)
        head = {"status": "done", "case": row.name, "variant": row.variant, "time": 0.0}
        head |= {"wall_seconds": row.found["seconds"], "mlups": 0.0}
        folder.write_summary(head | row.found)
        made.setdefault(row.name, {})[row.variant or ""] = folder.path
    return made


def together(case: Case, done: Mapping[str, Path]) -> tuple[list[dict], list[str]]:
    """What a case judges over its variants together: (checks, titles of those that wait for runs).

    done    variant -> its run folder
    """
    judged, waiting = [], []
    asked = [one for one in read_toml(case.path).data["check"] if "across" in one]
    for one, check in zip(asked, judge(case, done), strict=True):
        variants = one.get("variant", case.variants)
        check["variants"] = variants if "variant" in one else []
        if set(variants) <= done.keys():
            judged.append(check)
        else:
            waiting.append(check["title"])
    return judged, waiting


def missed(name: str, checks: Iterable[dict]) -> tuple[list[str], list[str]]:
    """(required checks that do not stand as they should, those known not to pass) of a case.

    One that is known not to pass and now does is among the first: its entry has to go.
    """
    wrong, known = [], []
    for check in checks:
        title, failed = check.get("title", check["metric"]), check["verdict"] == "failed"
        text = ", ".join([title, *check.get("variants", [])])
        if (name, title) in KNOWN:
            reason = KNOWN[name, title]
            (known if failed else wrong).append(f"{text} ({reason if failed else 'now passes'})")
        elif failed and check["required"]:
            wrong.append(text)
    return wrong, known
