"""Rows of docs/validation.md, one a variant of a shipped case, and docs/validation.json of them."""

import json
import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from typer.testing import CliRunner

from ci.figures import page
from ci.figures.digest import digests, short
from levitas.postprocess.metrics.table import asked_for
from levitas.solver.case.case import Case, shipped
from levitas.solver.cli.main import app
from levitas.solver.errors import STOPPED
from levitas.solver.output import atomic
from levitas.solver.run.end import NO_LAST_STEP, last_step

PLAIN = {"output.pictures": []}  # what the runs change in a case
RATE, STEP = 5e7, 1e-4  # cell updates a second, seconds a step: guesses for what has not run yet
STEADY = 30000  # steps until a steady state, a guess too


class Stopped(Exception):
    """A signal stopped the run of a row."""


@dataclass(frozen=True)
class Row:
    """A variant of a case (None for a case without any), and what its last run found, if it ran."""

    name: str
    variant: str | None
    found: dict | None

    @property
    def key(self) -> str:
        """Its name in docs/validation.json."""
        return f"{self.name}:{self.variant or ''}"

    @cached_property
    def case(self) -> Case:
        """The case as it runs: without pictures."""
        return Case.read(self.name, self.variant, PLAIN)

    @cached_property
    def digests(self) -> dict[str, str]:
        """What it rests on now."""
        return digests(self.case)

    @property
    def stale(self) -> list[str]:
        """What changed since it ran, of "case", "kernels", "modules"; or that there is no run."""
        if self.found is None or "error" in self.found:
            return ["failed" if self.found else "never run"]
        return [part for part, now in self.digests.items() if self.found["digests"][part] != now]

    @property
    def checks(self) -> list[dict]:
        """What its run was judged by; the sources as the case words them now, if it is the same."""
        checks = self.found["checks"] if self.found else []
        if not self.found or "case" in self.stale or "error" in self.found:
            return checks
        asked = zip(self.case.model.check, checks, strict=True)
        return [check | {"source": now.source} for now, check in asked]

    @property
    def digest(self) -> str:
        """The digest of what its run rested on."""
        return short(self.found["digests"].values())

    @property
    def seconds(self) -> float:
        """What it costs: processor seconds of its run, or a guess from its size."""
        if self.found is not None and "seconds" in self.found:
            return self.found["seconds"]
        steps = last_step(self.case)
        cells = math.prod(self.case.model.grid.cells)
        return (STEADY if steps == NO_LAST_STEP else steps) * (STEP + cells / RATE)


def store() -> Path:
    """The file of what the rows found."""
    return page.DOCS / "validation.json"


def read(names: Iterable[str] | None = None) -> list[Row]:
    """The rows of the shipped cases, or of some of them, in their order."""
    found = json.loads(store().read_text()) if store().exists() else {}
    return [
        Row(name, variant, found.get(f"{name}:{variant or ''}"))
        for name in names or shipped()
        for variant in Case.read(name, None, PLAIN).variants or [None]
    ]


def write(rows: Iterable[Row]) -> None:
    """Store what the rows found, a line for every entry of a row and for every check."""
    texts = [f'"{row.key}": {_text(row.found)}' for row in rows if row.found is not None]
    atomic.write_text(store(), "{\n" + ",\n".join(texts) + "\n}\n")


def _text(found: dict) -> str:
    entries = {key: json.dumps(value) for key, value in found.items() if key != "checks"}
    checks = ",\n  ".join(json.dumps(check) for check in found["checks"])
    entries["checks"] = f"[\n  {checks}\n ]" if checks else "[]"
    return "{\n" + ",\n".join(f' "{key}": {text}' for key, text in entries.items()) + "\n}"


def run(row: Row, threads: int | None = None) -> Row:
    """The row after a run of it in a folder that is then removed. Raises Stopped."""
    found: dict = {"digests": row.digests}
    with TemporaryDirectory(prefix="levitas-") as scratch:
        folder, begin = Path(scratch, "run"), time.process_time()
        code, said = _levitas(row, folder, threads)
        if code == STOPPED:
            raise Stopped(row.key)
        if code:
            return Row(row.name, row.variant, found | {"error": said, "checks": []})
        found["seconds"] = round(time.process_time() - begin, 2)  # of all threads
        summary = json.loads((folder / "summary.json").read_text())
    found |= {name: summary[name] for name in ("steps", "labels", "checks")}
    wanted = asked_for(row.case)
    metrics = {n: m for n, m in summary["metrics"].items() if n in wanted}
    found["metrics"] = {n: {k: m[k] for k in ("value", "unit")} for n, m in metrics.items()}
    return Row(row.name, row.variant, found)


def _levitas(row: Row, folder: Path, threads: int | None) -> tuple[int, str]:
    """`levitas run` of a row: (exit code, the last line that it printed)."""
    words = ["run", str(row.case.path), "--out", str(folder), "--set", "output.pictures=[]"]
    words += ["--variant", row.variant] if row.variant else []
    words += ["--threads", str(threads)] if threads else []
    done = CliRunner().invoke(app, words)
    return done.exit_code, (done.output.strip().splitlines() or [""])[-1]
