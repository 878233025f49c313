"""Many runs from Python: outcomes instead of text, nothing printed, errors and stops in order."""

import re
from functools import partial
from pathlib import Path

import pytest

from levitas.solver.case.case import Case
from levitas.solver.errors import STOPPED, CaseError, Diverged
from levitas.solver.grid.comm import Serial
from levitas.solver.run.run import Options, default_folder
from levitas.solver.study.runs import StudyRun, run_all
from levitas.solver.study.variants import run_named

VARIANTS = ("small", "slow")


def runs(case, **overrides):
    return [StudyRun(n, partial(Case.read, case, n, overrides), Path("out") / n) for n in VARIANTS]


def short(**more):
    return Options(steps=4, threads=1, **more)


def test_a_call_from_python_prints_nothing(drop, capfd):
    told = []
    outcomes = run_all(runs(drop), Serial(), short(), done=told.append)
    assert capfd.readouterr() == ("", "")
    assert outcomes == told and [one.name for one in outcomes] == list(VARIANTS)
    assert all(one.status == "done" and one.summary["steps"] == 4 for one in outcomes)
    assert [one.folder for one in outcomes] == [Path("out/small"), Path("out/slow")]
    assert outcomes[0].text.startswith("test/drop (small): done at step 4")
    assert [one.code(strict=True) for one in outcomes] == [0, 0]


def test_all_variants_print_nothing_either_and_say_what_the_terminal_shows(drop, capfd):
    said = []
    words = (drop, "all", {}, Serial(), short(out=Path("out")))
    assert run_named(*words, say=said.append) == 0
    assert run_named(*words) == 0 and capfd.readouterr() == ("", "")
    assert [text.split(":")[0] for text in said[:2]] == ["test/drop (small)", "test/drop (slow)"]
    assert said[2].splitlines()[0].split()[:3] == ["variant", "status", "steps"]


def test_an_error_ends_the_study_or_is_the_outcome_of_its_run(drop):
    bad = [StudyRun("bad", partial(Case.read, drop, "none", {})), *runs(drop)]
    with pytest.raises(CaseError, match="no variant 'none'"):
        run_all(bad, Serial(), short())
    assert not Path("out").exists()
    first, *others = run_all(bad, Serial(), short(), keep_going=True)
    assert first.status == "failed" and first.folder is None and first.code() == 3
    assert first.text.startswith("bad: ") and [one.status for one in others] == ["done", "done"]


def test_a_stop_ends_the_sequence(drop):
    outcomes = run_all(runs(drop), Serial(), short(max_hours=0.0), keep_going=True)
    assert [one.status for one in outcomes] == ["stopped"] and outcomes[0].code() == STOPPED
    again = run_all(runs(drop), Serial(), short())
    assert [one.status for one in again] == ["done", "done"]


def test_without_a_folder_it_is_the_default_one(drop):
    run = StudyRun("small", partial(Case.read, drop, "small", {}))
    (outcome,) = run_all([run], Serial(), short())
    assert outcome.folder == default_folder(Case.read(drop, "small"))
    assert (outcome.folder / "summary.json").exists()


def test_what_is_no_error_of_the_case_is_raised(drop):
    def read():
        raise Diverged("at once")

    with pytest.raises(Diverged):
        run_all([StudyRun("x", read)], Serial(), short())


def test_the_example_of_the_documentation_runs(drop, capfd):
    page = (Path(__file__).parents[2] / "docs/running.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    drop.rename("mine")
    exec(text.replace("(1e-3, 2e-3)", "(4.0, 4.5)").replace("Options()", "Options(steps=4)"), {})
    out, err = capfd.readouterr()
    assert [line.split()[:2] for line in out.splitlines()] == [["r4", "done"], ["r4.5", "done"]]
    assert "max_speed" in out and not err
