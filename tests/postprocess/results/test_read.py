"""Run folders are read, and say what is wrong with them."""

import numpy as np
import pytest

from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.results.read import Run
from levitas.solver.errors import CorruptRun, UsageError
from tests.support.synthetic import run_folder


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return Run(run_folder(tmp_path_factory.mktemp("run")))


def test_snapshots_in_the_order_of_time(run):
    assert [s.step for s in run.snapshots] == [0, 50, 100, 150, 200, 250, 300, 350, 400]
    first = run.snapshots[0]
    assert first.shape == (20, 20, 20) and first.spacing == 1.0 and first.time == 0.0
    assert first.names == ["phi", "u", "v", "w", "p"] and first.units["u"] == "m s-1"
    phi = first.read("phi")
    assert phi.dtype == float and phi[0, 0, 0] > 0.99 and phi[-1, -1, -1] < 1e-3


def test_series_summary_case(run):
    assert set(run.series) >= {"time", "step", "mode_amplitude"}
    assert run.series_units["mode_amplitude"] == "m"
    assert run.summary["status"] == "done" and run.name == "droplet/made"
    assert run.faces["x+"] == "symmetry" and run.case.model.interface.width == 4


def test_scope_offers_constants_and_fields(run):
    scope = run.scope()
    assert scope["sigma"] == pytest.approx(2e-3) and scope["width"] == 4 and scope["n"] == 2
    assert scope["phi"].shape == (20, 20, 20) and scope["end_time"] == 400
    assert scope["start_u"].shape == (20, 20, 20) and not scope["start_u"].any()
    with pytest.raises(NotMeasured, match="the run has no T"):
        scope["T"]


def test_scope_in_si_is_the_simulated_fluid(tmp_path):
    scope = Run(run_folder(tmp_path, "SI", snapshots=2)).scope()
    assert scope["rho_l"] == pytest.approx(7900) and scope["mu_g"] == pytest.approx(4e-3)
    assert scope["sigma"] == pytest.approx(1.78) and scope["width"] == pytest.approx(1e-3)


def test_no_run_folder(tmp_path):
    with pytest.raises(UsageError, match="has no case.toml"):
        Run(tmp_path)
    with pytest.raises(UsageError, match="does not exist"):
        Run(tmp_path / "nowhere")


def test_a_run_that_has_not_ended(tmp_path):
    folder = run_folder(tmp_path, snapshots=2)
    (folder / "summary.json").unlink()
    (folder / "series.nc").unlink()
    run = Run(folder)
    assert run.summary == {} and run.series == {} and run.labels == []
    assert run.name == folder.name


def test_damaged_files_are_named(tmp_path):
    folder = run_folder(tmp_path, snapshots=2)
    (folder / "summary.json").write_text("{")
    with pytest.raises(CorruptRun, match="summary.json is damaged"):
        Run(folder).summary  # noqa: B018
    (folder / "series.nc").write_bytes(b"CDF\x02 nothing")
    with pytest.raises(CorruptRun, match="series.nc"):
        Run(folder).series  # noqa: B018
    shot = folder / "snapshots" / "snap_00000400.nc"
    shot.write_bytes(shot.read_bytes()[:2000])
    with pytest.raises(CorruptRun, match="snap_00000400.nc"):
        Run(folder).snapshots  # noqa: B018
    (folder / "case.toml").write_text("[case]\nunits = 3\n")
    with pytest.raises(CorruptRun, match="case.toml is damaged"):
        Run(folder).case  # noqa: B018


def test_unfinished_snapshot_and_unknown_field(tmp_path):
    import netCDF4

    folder = run_folder(tmp_path, snapshots=2)
    with pytest.raises(CorruptRun, match="no field 'T'"):
        Run(folder).snapshots[0].read("T")
    with netCDF4.Dataset(folder / "snapshots" / "snap_00000000.nc", "a") as file:
        file.levitas_complete = np.int32(0)
    with pytest.raises(CorruptRun, match="not finished"):
        Run(folder).snapshots  # noqa: B018


def test_part_of_the_grid_is_not_measured(tmp_path):
    folder = run_folder(tmp_path, snapshots=2)
    text = (folder / "case.toml").read_text()
    (folder / "case.toml").write_text(text.replace("[20, 20, 20]", "[20, 20, 24]"))
    with pytest.raises(NotMeasured, match="a part of the grid"):
        Run(folder).scope()["phi"]
