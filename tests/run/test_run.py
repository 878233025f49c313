"""The run loop: folder, resume, stops, endings, failures."""

import json
import os
import signal
import sys
from dataclasses import replace

import netCDF4
import pytest

from levitas.solver.errors import (
    CaseError,
    CorruptRun,
    Diverged,
    ResourceError,
    UsageError,
)
from levitas.solver.grid.comm import Serial
from levitas.solver.output import checkpoint
from levitas.solver.output.run_folder import RunFolder
from levitas.solver.run import stop
from levitas.solver.run.run import Options, Parts, run_case
from tests.support.fake_simulation import FakeSimulation, case, measure, same_state
from tests.support.threads import on_ranks

SUMMARY = {
    *("status", "case", "variant", "steps", "time", "wall_seconds", "mlups"),
    *("metrics", "checks", "labels", "provenance"),
}


def finish(case, folder, comm, log, summary):
    """The end of a run without metrics and pictures."""
    if comm.rank == 0:
        folder.write_summary(summary)
    return summary


class Runner:
    """Runs the stand-in in a folder; `last` is the newest simulation, `at` {step: action(sim)}."""

    def __init__(self, folder):
        self.folder, self.last, self.at = folder, None, {}

    def __call__(self, of=None, comm=None, **options):
        def simulation(case, backend, comm):
            self.last = sim = FakeSimulation(case, backend, comm)
            step = sim.step

            def stepped():
                step()
                if sim.steps in self.at:
                    self.at[sim.steps](sim)

            sim.step = stepped
            return sim

        chosen = Options(**{"out": self.folder, "threads": 1} | options)
        parts = Parts(simulation, measure, finish)
        return run_case(of or case(), comm or Serial(), chosen, parts)

    def summary(self):
        return json.loads((self.folder / "summary.json").read_text())

    def series(self):
        with netCDF4.Dataset(self.folder / "series.nc") as file:
            return {name: file[name][:].tolist() for name in file.variables}

    def names(self, inside):
        return sorted(p.name for p in (self.folder / inside).iterdir())


@pytest.fixture
def runner(tmp_path):
    return Runner(tmp_path / "run")


def test_a_run_leaves_the_files_of_the_contract(runner):
    summary = runner()
    assert set(summary) == SUMMARY == set(runner.summary())
    assert summary["status"] == "done" and summary["steps"] == 40
    assert summary["time"] == runner.last.time and summary["wall_seconds"] > 0
    assert summary["case"] == "test/standin" and summary["variant"] is None
    assert {p.name for p in runner.folder.iterdir() if p.name[0] != "."} == {
        *("case.toml", "log.txt", "log.jsonl", "series.nc", "summary.json"),
        *("snapshots", "checkpoints"),
    }
    assert runner.names("snapshots") == [f"snap_{n:08d}.nc" for n in range(0, 41, 4)]
    assert runner.names("checkpoints") == ["ckpt_00000040"]
    assert runner.series()["step"] == list(range(41))


def test_provenance_says_where_a_result_comes_from(runner):
    origin = runner()["provenance"]
    for name in ("version", "commit", "cpu", "compiler", "python", "numpy", "date", "command"):
        assert name in origin
    assert (origin["backend"], origin["ranks"], origin["threads"]) == ("cpu", 1, 1)
    assert origin["precision"] == "float32" and origin["version"] and origin["compiler"]


def test_last_record_and_snapshot_off_schedule_are_written(runner):
    output = {"series": {"steps": 15}, "snapshots": {"steps": 30}}
    runner(case(output=output))
    assert runner.series()["step"] == [0, 15, 30, 40]
    assert [n[-5:-3] for n in runner.names("snapshots")] == ["00", "30", "40"]


def test_steps_in_two_goes_equal_one_go(runner, tmp_path):
    output = {"series": {"steps": 3}, "snapshots": {"steps": 7}}
    whole = Runner(tmp_path / "whole")
    whole(case(output=output))
    assert runner(case(output=output), steps=17)["status"] == "done"
    assert runner.series()["step"][-1] == 17 and "snap_00000017.nc" in runner.names("snapshots")
    summary = runner(case(output=output))
    assert summary["steps"] == 40 and same_state(runner.last, whole.last)
    assert runner.series() == whole.series()
    assert runner.names("snapshots") == whole.names("snapshots")


def test_a_finished_run_is_finished_at_once(runner):
    runner()
    before = (runner.folder / "series.nc").read_bytes()
    runner.at = {n: pytest.fail for n in range(60)}
    assert runner()["status"] == "done" and runner.last.steps == 40
    assert (runner.folder / "series.nc").read_bytes() == before


@pytest.mark.parametrize("number", [signal.SIGUSR1, signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_at_the_next_step_and_the_same_command_goes_on(runner, tmp_path, number):
    handlers = [signal.getsignal(n) for n in stop.SIGNALS]
    runner.at = {13: lambda sim: os.kill(os.getpid(), number)}
    summary = runner()
    assert summary["status"] == "stopped" and summary["steps"] == 13 and set(summary) == SUMMARY
    assert runner.summary()["status"] == "stopped"
    assert runner.names("checkpoints") == ["ckpt_00000013"]
    assert [signal.getsignal(n) for n in stop.SIGNALS] == handlers
    runner.at = {}
    assert runner()["status"] == "done"
    whole = Runner(tmp_path / "whole")
    whole()
    assert same_state(runner.last, whole.last) and runner.series() == whole.series()
    assert runner.names("snapshots") == whole.names("snapshots")


def test_a_second_interrupt_ends_at_once(runner):
    def twice(sim):
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)

    runner.at = {13: twice}
    with pytest.raises(KeyboardInterrupt):
        runner()
    assert runner.summary()["status"] == "failed" and not (runner.folder / "checkpoints").exists()


def test_a_file_named_stop_stops_and_is_removed(runner, monkeypatch):
    monkeypatch.setattr(stop, "POLL_SECONDS", 0.0)
    runner.at = {5: lambda sim: (runner.folder / "stop").touch()}
    assert runner()["status"] == "stopped" and runner.last.steps == 5
    assert not (runner.folder / "stop").exists()
    assert runner()["status"] == "done"


def test_the_time_limit_stops(runner):
    assert runner(max_hours=0.0)["status"] == "stopped"
    assert runner.last.steps == 0 and runner(max_hours=1.0)["status"] == "done"


def test_hours_and_signals_count_over_a_sequence_of_runs(runner, tmp_path):
    options = Options(out=runner.folder, threads=1)
    parts = Parts(FakeSimulation, measure, finish)
    with options.signals:
        os.kill(os.getpid(), signal.SIGTERM)  # between two runs
        assert run_case(case(), Serial(), options, parts)["status"] == "stopped"
    later = replace(Options(max_hours=1.0, threads=1), out=tmp_path / "later")
    later.begin -= 3601
    assert run_case(case(), Serial(), later, parts)["status"] == "stopped"


def test_checkpoints_by_steps_and_by_the_clock(runner, monkeypatch):
    written = []
    write = checkpoint.write
    monkeypatch.setattr(checkpoint, "write", lambda *a: written.append(a[1].steps) or write(*a))
    runner(case(output={"checkpoint": {"steps": 15, "every": 600.0}}))
    assert written == [15, 30, 40]
    written.clear()
    runner(case(output={"checkpoint": {"every": 1e-9}}), restart=True, steps=5)
    assert written == [0, 1, 2, 3, 4, 5]


def test_another_case_in_the_folder_is_refused_unless_restarted(runner):
    runner()
    with pytest.raises(CaseError, match="another case.*--restart"):
        runner(case(digest="e" * 32))
    (runner.folder / "notes.md").write_text("mine")
    assert runner(case(digest="e" * 32), restart=True, steps=8)["steps"] == 8
    assert runner.names("snapshots") == ["snap_00000000.nc", "snap_00000004.nc", "snap_00000008.nc"]
    assert (runner.folder / "notes.md").read_text() == "mine"


@pytest.mark.parametrize("restart", [True, False])
def test_a_folder_that_is_no_run_folder_is_left_alone(runner, restart):
    runner.folder.mkdir()
    (runner.folder / "case.toml").write_text("mine")
    with pytest.raises(UsageError, match="no run folder but holds case.toml"):
        runner(restart=restart)
    assert (runner.folder / "case.toml").read_text() == "mine"
    assert [p.name for p in runner.folder.iterdir() if p.name[0] != "."] == ["case.toml"]


def test_two_runs_cannot_share_a_folder(runner):
    folder = RunFolder(runner.folder)
    folder.lock()
    with pytest.raises(ResourceError, match=rf"in use by another run \(process {os.getpid()} on"):
        runner()
    folder.release()
    assert runner()["status"] == "done"


def test_divergence_keeps_the_last_good_checkpoint(runner):
    runner.at = {18: lambda sim: setattr(sim, "bad_from", 18)}
    with pytest.raises(Diverged, match="velocity u is nan"):
        runner(case(output={"checkpoint": {"steps": 5}, "snapshots": {"steps": 6}}))
    summary = runner.summary()
    assert summary["status"] == "diverged" and "cell (1, 2, 3)" in summary["error"]
    assert summary["steps"] == 18 and SUMMARY < set(summary)
    assert runner.names("checkpoints") == ["ckpt_00000010", "ckpt_00000015"]
    assert runner.names("snapshots")[-1] == "snap_00000012.nc"


def test_damaged_checkpoints_fall_back_then_fail(runner, capsys):
    output = {"checkpoint": {"steps": 10}}
    runner(case(output=output), steps=35)
    whole = runner.last
    part = runner.folder / "checkpoints/ckpt_00000035/phi.00000.bin"
    part.write_bytes(part.read_bytes()[:-4])
    runner(case(output=output), steps=35, terminal=sys.stderr)
    assert "damaged checkpoint" in capsys.readouterr().err and same_state(runner.last, whole)
    assert runner.series()["step"] == list(range(36))
    for path in (runner.folder / "checkpoints").glob("*/manifest.json"):
        path.unlink()
    with pytest.raises(CorruptRun, match="no checkpoint is whole"):
        runner()
    assert runner(restart=True)["status"] == "done"


def test_a_fault_of_the_program_is_logged_with_its_traceback(runner):
    def fault(sim):
        raise ZeroDivisionError("oops")

    runner.at = {3: fault}
    with pytest.raises(ZeroDivisionError) as caught:
        runner()
    assert caught.value.logged == runner.folder / "log.txt"
    assert "Traceback" in caught.value.logged.read_text()
    assert runner.summary()["status"] == "failed"


def test_logs_are_text_and_json_lines(runner):
    runner(case(labels=["viscosity raised"]))
    lines = [json.loads(line) for line in (runner.folder / "log.jsonl").read_text().splitlines()]
    said = [(line["level"], line["text"]) for line in lines]
    assert ("warning", "viscosity raised") in said and "7 x 6 x 5 cells" in str(said)
    assert "viscosity raised" in (runner.folder / "log.txt").read_text()
    assert "viscosity raised" in runner.summary()["labels"]


@pytest.mark.parametrize("first, then", [(1, 3), (4, 1), (2, 4)])
def test_a_run_resumes_on_another_number_of_ranks(tmp_path, first, then):
    whole, runner = Runner(tmp_path / "whole"), Runner(tmp_path / "run")
    whole()

    def go(steps):
        chosen = Options(out=runner.folder, threads=1, steps=steps)
        parts = Parts(FakeSimulation, measure, finish)
        return lambda comm: run_case(case(), comm, chosen, parts)["status"]

    assert set(on_ranks(first, go(17))) == {"done"}
    assert set(on_ranks(then, go(40))) == {"done"}
    found = checkpoint.latest(runner.folder / "checkpoints", Serial())
    again = FakeSimulation(case())
    found.restore(again)
    assert same_state(again, whole.last) and runner.series() == whole.series()


def test_steady_run_ends(runner, monkeypatch):
    end = {"steady": type("End", (), {"metric": "mean_phi", "tolerance": 1.0})}
    summary = runner(case(end=end, output={"series": {"steps": 2}}))
    assert summary["status"] == "done" and summary["steps"] < 40
