"""Schedules, snapshots and the series of a run."""

import os
import resource
from types import SimpleNamespace

import netCDF4
import numpy as np
import pytest

from levitas import __version__
from levitas.solver.errors import CaseError, CorruptRun, ResourceError
from levitas.solver.output import snapshot_file
from levitas.solver.output.output import Snapshots, window_of
from levitas.solver.output.schedule import Schedule
from levitas.solver.output.series import Series
from tests.support.fake_simulation import CELLS, DT, SPACING, FakeSimulation, case, measure


def firings(schedule, steps, dt=0.3, first=0):
    sims = (SimpleNamespace(steps=n, time=n * dt, dt=dt) for n in range(first, steps))
    return [sim.steps for sim in sims if schedule.due(sim)]


def test_schedule_by_steps_fires_at_multiples():
    assert firings(Schedule(steps=4), 14) == [0, 4, 8, 12]


def test_schedule_by_time_fires_at_the_nearest_step():
    assert firings(Schedule(time=1.0), 12) == [0, 3, 7, 10]  # 0.9, 2.1, 3.0


def test_schedule_shorter_than_a_step_fires_at_every_step():
    assert firings(Schedule(time=0.01), 5) == [0, 1, 2, 3, 4]


def test_schedule_finer_than_the_clock_fires_at_every_step():
    assert firings(Schedule(time=1e-30), 5) == [0, 1, 2, 3, 4]


def test_schedule_by_time_never_drifts():
    times = [n * 1e-3 for n in firings(Schedule(time=7.3e-3), 100_000, dt=1e-3)]
    wanted = 7.3e-3 * np.arange(len(times))
    assert np.abs(times - wanted).max() <= 0.5e-3 + 1e-9 and len(times) == 13_699


def test_resumed_schedule_fires_when_the_first_would_have():
    whole, part = Schedule(time=1.0), Schedule(time=1.0)
    every = firings(whole, 30)
    before = firings(part, 12)
    again = Schedule(time=1.0)
    again.restore(part.state(), SimpleNamespace(steps=11, time=3.3, dt=0.3))
    assert before + firings(again, 30, first=12) == every


def test_schedule_changed_between_sessions_takes_the_new_one():
    again = Schedule(steps=5)
    again.restore(Schedule(time=1.0).state(), SimpleNamespace(steps=11, time=3.3, dt=0.3))
    assert firings(again, 30, first=12) == [15, 20, 25]


@pytest.mark.parametrize("wrong", [{}, {"steps": 1, "time": 1.0}, {"steps": 0}, {"time": -1.0}])
def test_schedule_refuses_nonsense(wrong):
    with pytest.raises(ValueError):
        Schedule(**wrong)


@pytest.fixture
def sim():
    sim = FakeSimulation(case())
    for _ in range(3):
        sim.step()
    return sim


def snapshot(sim, folder, **kinds):
    Snapshots(folder, Schedule(steps=1), **kinds)(sim)
    return folder / f"snap_{sim.steps:08d}.nc"


def test_snapshot_holds_fields_coordinates_and_attributes(sim, tmp_path):
    with netCDF4.Dataset(snapshot(sim, tmp_path)) as file:
        assert file["phi"].dimensions == ("time", "z", "y", "x")
        assert file["phi"].shape == (1, *CELLS[::-1]) and file["phi"].dtype == np.float32
        assert file["phi"].filters()["complevel"] == 1 and file["phi"].filters()["shuffle"]
        assert np.array_equal(file["u"][0], sim.fields["moments"].own[0])
        assert file["u"].units == "m s-1" and file["x"].units == "m" and file["time"].units == "s"
        assert np.allclose(file["x"][:], -1e-3 + SPACING * (np.arange(7) + 0.5), rtol=0, atol=1e-18)
        assert np.allclose(file["z_bnds"][:, 1] - file["z_bnds"][:, 0], SPACING)
        assert file["time"][0] == 3 * DT
        assert file.levitas_version == __version__ and file.levitas_case == sim.case.text
        assert file.levitas_step == 3 and file.levitas_complete == 1


@pytest.mark.parametrize("dtype", [np.uint16, np.int32, np.uint8])
def test_whole_numbers_stay_whole(sim, tmp_path, dtype):
    """Every value of them: none stands for "nothing here"."""
    grains = np.arange(np.prod(CELLS)).reshape(CELLS[::-1]).astype(dtype)
    grains[0, 0, :2] = np.iinfo(dtype).min, np.iinfo(dtype).max
    about, read = sim.names(), sim.read
    sim.names = lambda: about | {"grain": ("1", "number of the grain")}
    sim.read = lambda name: grains if name == "grain" else read(name)
    with netCDF4.Dataset(snapshot(sim, tmp_path)) as file:
        found = file["grain"]
        assert found.dtype == np.int32 and np.array_equal(found[0], grains)
        assert not np.ma.is_masked(found[0]) and file["phi"].dtype == np.float32
        assert found.units == "1" and found.long_name == "number of the grain"


def test_snapshot_opens_in_xarray_with_plain_times(sim, tmp_path):
    xarray = pytest.importorskip("xarray")
    with xarray.open_dataset(snapshot(sim, tmp_path)) as data:
        assert data.time.dtype == np.float64 and data.time.values[0] == 3 * DT
        assert (
            data.phi.sel(x=-0.75e-3, y=-1.25e-3, z=0.25e-3, method="nearest").values[0]
            == (sim.fields["phi"].own[0, 0, 0, 0])
        )
        assert data.x.attrs["bounds"] == "x_bnds" and data.x_bnds.shape == (7, 2)


def test_snapshot_opens_in_vtk_with_right_bounds_and_time(sim, tmp_path):
    vtk = pytest.importorskip("vtkmodules.vtkIONetCDF")
    reader = vtk.vtkNetCDFCFReader()
    reader.SetFileName(str(snapshot(sim, tmp_path)))
    reader.Update()
    grid = reader.GetOutput()
    first = np.array([-1e-3, -1.5e-3, 0.0]) + SPACING / 2  # values are points at cell centres
    last = first + SPACING * (np.array(CELLS) - 1)
    assert np.allclose(grid.GetBounds(), np.stack([first, last], 1).ravel(), atol=1e-12)
    key = vtk.vtkNetCDFCFReader.GetOutputInformation(reader, 0)
    from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline as pipeline

    assert key.Get(pipeline.TIME_STEPS()) == (3 * DT,)
    values = grid.GetPointData().GetArray("phi")
    assert values.GetValue(1) == sim.fields["phi"].own[0, 0, 0, 1]


def test_lattice_units_are_dimensionless(tmp_path):
    with netCDF4.Dataset(snapshot(FakeSimulation(case(units="lattice")), tmp_path)) as file:
        assert file["time"].units == "1" and file["x"].units == "1"


def test_snapshot_of_some_fields_a_region_and_every_second_cell(sim, tmp_path):
    window = window_of(sim.grid, [[-1e-3, -1.0e-3, 0.0], [1.6e-3, 1.5e-3, 1.1e-3]], 2)
    with netCDF4.Dataset(snapshot(sim, tmp_path, fields=["phi"], window=window)) as file:
        assert "u" not in file.variables
        assert np.allclose(file["x"][:], [-0.75e-3, 0.25e-3, 1.25e-3])
        assert np.allclose(file["y"][:], [-0.75e-3, 0.25e-3, 1.25e-3])
        assert np.allclose(file["z"][:], [0.25e-3])
        assert np.array_equal(file["phi"][0], sim.fields["phi"].own[0, 0:1, 1:6:2, 0:6:2])


def test_region_without_cells_is_a_case_error(sim):
    with pytest.raises(CaseError, match="no cells along y"):
        window_of(sim.grid, [[-1, 5, -1], [1, 6, 1]])


def test_float64_runs_write_float64(tmp_path):
    from levitas.solver.backend.cpu import CpuBackend

    with netCDF4.Dataset(
        snapshot(FakeSimulation(case(), CpuBackend("float64", 1)), tmp_path)
    ) as file:
        assert file["phi"].dtype == np.float64


def test_failed_snapshot_leaves_no_file_and_no_harm(sim, tmp_path, monkeypatch):
    first = snapshot(sim, tmp_path)
    sim.step()
    monkeypatch.setattr(snapshot_file, "_digest", lambda array: os.urandom(8))
    with pytest.raises(ResourceError, match="does not read back"):
        snapshot(sim, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [first.name]


def test_full_disk_spoils_no_earlier_snapshot(tmp_path):
    """A limit on the size of files stands for a full disk: the write fails in the same calls."""
    sim = FakeSimulation(case())
    sim.fields["phi"].own[...] = np.random.default_rng(1).random((1, *CELLS[::-1]), np.float32)
    first = snapshot(sim, tmp_path, fields=["phi"])
    before = first.read_bytes()
    sim.step()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, hard))
    try:
        with pytest.raises(ResourceError, match="cannot write .*snap_00000001.nc"):
            snapshot(sim, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [p.name for p in tmp_path.iterdir()] == [first.name]
    assert first.read_bytes() == before


def run_series(sim, path, records, state=None):
    series = Series(path, Schedule(steps=1), measure)
    if state:
        series.restore(state, sim)
    for _ in range(records):
        series(sim)
        sim.step()
    state = series.state()
    series.close()
    return state


def read_series(path):
    with netCDF4.Dataset(path) as file:
        return {name: file[name][:].tolist() for name in file.variables}


def test_series_appends_records_with_units(tmp_path):
    state = run_series(FakeSimulation(case()), tmp_path / "series.nc", 4)
    found = read_series(tmp_path / "series.nc")
    assert found["step"] == [0, 1, 2, 3] and found["time"] == [n * DT for n in range(4)]
    assert len(set(found["mean_phi"])) == 4 and state["records"] == 4
    with netCDF4.Dataset(tmp_path / "series.nc") as file:
        assert file["mean_phi"].units == "1" and file["mean_phi"].long_name == "mean of phi"


def test_every_record_can_be_read_at_once(tmp_path):
    sim, series = FakeSimulation(case()), Series(tmp_path / "series.nc", Schedule(steps=1), measure)
    for n in range(3):
        series(sim)
        sim.step()
        assert read_series(tmp_path / "series.nc")["step"] == list(range(n + 1))


def test_resumed_series_equals_an_uninterrupted_one(tmp_path):
    run_series(FakeSimulation(case()), tmp_path / "whole.nc", 6)
    sim = FakeSimulation(case())
    state = run_series(sim, tmp_path / "series.nc", 3)
    arrays, scalars = sim.state()
    run_series(sim, tmp_path / "series.nc", 2, state)  # lost: after the checkpoint
    sim.restore(arrays, scalars)
    run_series(sim, tmp_path / "series.nc", 3, state)
    assert (tmp_path / "series.nc").read_bytes() == (tmp_path / "whole.nc").read_bytes()


def test_series_shorter_than_its_checkpoint_says_is_corrupt(tmp_path):
    sim = FakeSimulation(case())
    state = run_series(sim, tmp_path / "series.nc", 3) | {"records": 5}
    with pytest.raises(CorruptRun, match="is truncated: the checkpoint counts 5 records"):
        run_series(sim, tmp_path / "series.nc", 1, state)


def test_full_disk_keeps_the_records_before_it(tmp_path):
    sim, path = FakeSimulation(case()), tmp_path / "series.nc"
    series = Series(path, Schedule(steps=1), measure)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    series(sim)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 100, hard))
    try:
        with pytest.raises(ResourceError, match="series.nc"):
            for _ in range(20):
                sim.step()
                series(sim)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    records = series.records
    found = read_series(path)
    assert 1 < records < 20 and found["step"][:records] == list(range(records))
