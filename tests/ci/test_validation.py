"""The rows of docs/validation.md: which are stale, what runs anew, what --strict says."""

import json

import pytest

from ci.figures import page, rows, validation, verdicts
from levitas.solver.case import case as cases
from levitas.solver.case.case import Case, shipped
from levitas.solver.errors import STOPPED
from tests.support.case_texts import RUN

PASSES = """
[[check]]
metric = "mass_drift"
tolerance = { max = 1e-3 }
source = "kept"
required = true
"""
ACROSS = """
[[check]]
metric = "mass_drift"
tolerance = { max = 1.0 }
variant = ["small", "slow"]
across = { fit = "difference" }
required = true
"""
TITLE = "mass_drift, small less slow"


@pytest.fixture
def drop(tmp_path, monkeypatch):
    """The case file of the only shipped case, test/drop; docs/ is an empty folder."""
    file = tmp_path / "cases/test/drop/case.toml"
    file.parent.mkdir(parents=True)
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(page, "DOCS", tmp_path / "docs")
    monkeypatch.setattr(cases, "SHIPPED", tmp_path / "cases")
    text = RUN.replace("steps = 60", "steps = 6") + PASSES + ACROSS
    file.write_text(text)
    return file


@pytest.fixture
def ran(monkeypatch):
    """The keys of the rows that run, in their order."""
    done, run = [], validation.run
    monkeypatch.setattr(validation, "run", lambda row, n: done.append(row.key) or run(row, n))
    return done


def edit(file, old, new):
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def stale():
    return {row.key: row.stale for row in rows.read() if row.stale}


def text():
    return (page.DOCS / "validation.md").read_text()


def test_stale_rows_run_once_and_the_page_says_what_they_found(drop, ran):
    assert stale() == {"test/drop:small": ["never run"], "test/drop:slow": ["never run"]}
    assert validation.main(strict=True, threads=1) == 0
    assert sorted(ran) == ["test/drop:slow", "test/drop:small"] and not stale()
    assert text().count("| passed, required | kept ") == 2 and TITLE in text()
    assert "Required checks that did not pass: none." in text()
    for row in rows.read():
        assert f"| `{row.digest}` " in text() and row.seconds > 0
    assert validation.main(strict=True) == 0 and len(ran) == 2
    assert validation.main(everything=True, threads=1) == 0 and len(ran) == 4


def test_what_changed_is_named(drop, capsys):
    validation.main(threads=1)
    edit(drop, "a small drop", "a drop")
    edit(drop, '"kept"', '"another source"')
    assert not stale()
    validation.main()
    assert text().count("| another source ") == 2
    edit(drop, "surface_tension = 1e-3", "surface_tension = 2e-3")
    assert stale() == {"test/drop:small": ["case"]}  # the other variant sets its own
    edit(drop, "surface_tension = 2e-3", "surface_tension = 1e-3")
    found = json.loads(rows.store().read_text())
    found["test/drop:slow"]["digests"] |= {"kernels": "0", "modules": "0"}
    rows.store().write_text(json.dumps(found))
    capsys.readouterr()
    assert validation.main(only_list=True) == 0
    said = capsys.readouterr().out
    assert "kernels, modules" in said and "test/drop:small" not in said
    assert "all rows: 2 for" in said and "stale: 1 for" in said


def test_a_stop_loses_the_run_under_way_only(drop, ran, monkeypatch):
    run = validation.run

    def stopped(row, threads):
        if ran:
            raise rows.Stopped(row.key)
        return run(row, threads)

    with monkeypatch.context() as patched:
        patched.setattr(validation, "run", stopped)
        assert validation.main(threads=1) == STOPPED
    assert len(ran) == 1 and len(stale()) == 1
    assert validation.main(strict=True, threads=1) == 0
    assert len(ran) == 2 and len(set(ran)) == 2


def test_the_cheapest_run_first_and_those_above_a_limit_do_not(drop, ran):
    edit(drop, '"liquid.surface_tension" = 5e-4', '"case.end.steps" = 3')
    limit = max(row.seconds for row in rows.read())
    assert validation.main(under=limit, strict=True, threads=1) == 7
    assert ran == ["test/drop:slow"] and list(stale()) == ["test/drop:small"]
    assert "small " in text() and "not run" in text()
    assert validation.main(strict=True, threads=1) == 0


def test_a_required_check_that_fails(drop, monkeypatch):
    edit(drop, "max = 1e-3", "min = 1.0")
    assert validation.main(threads=1) == 0
    assert validation.main(strict=True) == 7
    assert "did not pass: test/drop small mass_drift; test/drop slow mass_drift." in text()
    monkeypatch.setitem(verdicts.KNOWN, ("test/drop", "mass_drift"), "a reason")
    assert validation.main(strict=True) == 0
    assert "did not pass: none." in text() and "small mass_drift (a reason)" in text()


def test_a_check_over_variants_that_fails_or_passes_though_known(drop, monkeypatch):
    edit(drop, "max = 1.0", "min = 1.0")
    assert validation.main(strict=True, threads=1) == 7
    monkeypatch.setitem(verdicts.KNOWN, ("test/drop", TITLE), "a reason")
    assert validation.main(strict=True) == 0
    edit(drop, "min = 1.0", "max = 1.0")
    assert validation.main(strict=True) == 7
    assert f"{TITLE}, small, slow (now passes)" in text()


def test_a_run_that_breaks_is_stale_and_said(drop, ran, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(rows, "_levitas", lambda *_: (4, "step 4: too fast"))
        assert validation.main(strict=True) == 7
    assert stale() == {"test/drop:small": ["failed"], "test/drop:slow": ["failed"]}
    assert "test/drop small step 4: too fast" in text()
    assert validation.main(strict=True, threads=1) == 0 and len(ran) == 4


def test_the_section_of_refined_grids_stays(drop):
    (page.DOCS / "validation.md").write_text("# Old\n\n## Refined grids\n\nfound\n")
    validation.main(threads=1)
    assert text().endswith("\n\n## Refined grids\n\nfound\n") and "# Old" not in text()


def test_what_is_known_not_to_pass_is_a_required_check():
    for name, title in verdicts.KNOWN:
        judged, waiting = verdicts.together(Case.read(name), {})
        assert name in shipped() and title in waiting and not judged
