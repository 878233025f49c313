"""Every shipped case: it is complete, runs at a small size, and passes its required checks."""

import json
import os
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ci.figures import rows
from ci.figures.validation import MINUTE
from ci.figures.verdicts import missed, together
from levitas.solver.case.case import Case, shipped
from levitas.solver.cli.main import app

CASES = Path(__file__).parents[2] / "cases"
SHIPPED = shipped()
CORES = len(os.sched_getaffinity(0))


def levitas(*words):
    """The command with these words: (exit code, what it printed)."""
    done = CliRunner().invoke(app, [str(w) for w in words])
    return done.exit_code, done.output


@pytest.mark.parametrize("name", SHIPPED)
def test_a_case_says_what_it_asks(name):
    path = CASES / name / "case.toml"
    text = Case.read(path).model.case.text
    for word in ("Question:", "Failure it would catch:", "Picture:"):
        assert word in text, f"{name}: case.text lacks '{word}'"
    assert (CASES / name / "README.md").exists()
    assert any(c.get("required") for c in tomllib.loads(path.read_text())["check"])


@pytest.mark.case
@pytest.mark.parametrize("name", SHIPPED)
def test_every_variant_starts(name, tmp_path):
    """A few steps of each variant, pictures of the first; short runs may fail their checks."""
    for n, variant in enumerate(Case.read(CASES / name / "case.toml").variants):
        out = tmp_path / variant
        plain = ("--set", "output.pictures=[]") if n else ()
        words = ("--variant", variant, "--out", out, "--steps", 6, *plain)
        code, said = levitas("run", name, *words)
        assert code == 0, said
        assert json.loads((out / "summary.json").read_text())["status"] == "done"
        assert bool(list(out.glob("pictures/*.png"))) == (n == 0)


@pytest.mark.validation
@pytest.mark.parametrize("name", SHIPPED[::-1])  # drops first: the longest of them
def test_required_checks_pass(name, tmp_path, monkeypatch):
    """Of the variants that cost less than a minute, each alone and all together."""
    monkeypatch.chdir(tmp_path)
    threads = max(1, CORES // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", 1)))
    words = ("--strict", "--threads", threads, "--set", "output.pictures=[]")
    cheap = [row.variant for row in rows.read([name]) if row.seconds < MINUTE]
    codes = {}
    for variant in cheap:
        codes[variant] = levitas("run", name, "--variant", variant, "--out", variant, *words)
    assert not [said for code, said in codes.values() if code != 0]
    judged, _ = together(Case.read(name), {variant: Path(variant) for variant in cheap})
    wrong, known = missed(name, judged)
    assert not wrong
    if known:
        pytest.xfail("; ".join(known))
