"""A run folder of version 0.1 (commit 2badadb) is read, drawn and gone on with as a new one is.

tests/data/run-0.1 was written by `levitas run droplet/warmed --steps 20` of that commit: a drop in
a box with a warm and a cold wall, 20 x 20 cells, to go on to step 40. Its pictures were removed.
"""

import shutil
from pathlib import Path

import numpy as np
import pytest

from levitas.postprocess.results.read import Run
from levitas.solver.case.case import Case
from tests.support.command import series, summary

OLD = Path(__file__).parents[2] / "data" / "run-0.1"


@pytest.fixture
def old(tmp_path, monkeypatch):
    """A copy of the folder, in the working folder."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(OLD, "old")
    return Path("old")


def test_it_is_read():
    run = Run(OLD)
    assert run.name == "droplet/warmed" and run.case.model.case.title == "a drop that is warmed"
    assert [shot.step for shot in run.snapshots] == [0, 20]
    assert run.snapshots[1].names == ["phi", "T", "u", "v", "w"]
    assert run.snapshots[1].read("T").shape == (1, 20, 20)
    assert list(run.series["step"]) == [0, 5, 10, 15, 20]
    assert run.summary["metrics"]["max_speed"]["value"] == pytest.approx(2.3577e-4, rel=1e-4)


def test_its_case_has_the_same_digest():
    assert Case.read(OLD / "case.toml").digest == "dea804afd40eeab3bf3e213971c5469f"


def test_info_and_pictures(levitas, old):
    code, out, _ = levitas("info", old)
    assert code == 0 and "droplet/warmed: done at step 20" in out and "max_speed" in out
    assert "2 snapshots: snap_00000000.nc ... snap_00000020.nc" in out
    code, out, err = levitas("render", old)
    names = ["slice-T.png", "series-liquid_temperature.png", "line-T-x.png"]
    assert code == 0 and out.split() == [f"old/pictures/{name}" for name in names] and not err
    assert all(Path(path).stat().st_size > 10_000 for path in out.split())


def test_it_goes_on_to_the_state_of_a_run_from_the_start(levitas, old):
    """Not to its bits: the two-phase step of its first 20 steps was another one."""
    words = ("run", OLD / "case.toml", "--threads", 1, "--out")
    code, _, err = levitas(*words, old)
    assert code == 0 and "resumed at step 20" in err
    assert levitas(*words, "new")[0] == 0
    assert summary(old)["steps"] == summary("new")["steps"] == 40
    assert series(old).keys() == series("new").keys()
    mine, fresh = Run(old).snapshots[-1], Run("new").snapshots[-1]
    assert mine.step == fresh.step == 40 and mine.names == fresh.names
    for name in ("phi", "T"):
        found, expected = mine.read(name), fresh.read(name)
        assert np.abs(found - expected).max() < 0.01 * np.ptp(expected), name
    for name in "uvw":  # of a drop at rest
        assert np.abs(mine.read(name)).max() < 1e-3, name
