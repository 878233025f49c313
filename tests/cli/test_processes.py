"""`levitas run` as processes: signals, kills, time limits, several ranks."""

import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import netCDF4
import numpy as np
import pytest

from tests.support.case_texts import RUN
from tests.support.command import command, series, summary


def wait_for(path, process, seconds=60):
    end = time.monotonic() + seconds
    while not path.exists():
        assert process.poll() is None and time.monotonic() < end
        time.sleep(0.05)


def test_a_signal_stops_with_75_and_the_same_command_finishes(drop, tmp_path):
    words = command("run", drop, "--threads", 1, "--set", "case.end.steps=4000")
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(tmp_path / "runs/test-drop/snapshots/snap_00000020.nc", process)
    process.send_signal(signal.SIGUSR1)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 75 and "run the same command again to continue" in said
    found = summary("runs/test-drop")
    assert found["status"] == "stopped" and 20 <= found["steps"] < 4000
    last = found["steps"] + 10
    again = [*words, "--steps", str(last)]
    done = subprocess.run(again, capture_output=True, text=True)
    assert done.returncode == 0 and f"resumed at step {found['steps']}" in done.stderr
    assert subprocess.run([*again, "--out", "whole"], capture_output=True).returncode == 0
    assert series("runs/test-drop") == series("whole")


def test_time_limit_and_killed_runs_resume(drop, tmp_path):
    words = command("run", drop, "--threads", 1, "--set", "case.end.steps=4000")
    # All checkpoints are kept: on a fast machine the one waited for would soon be gone.
    words += ["--set", "output.checkpoint.steps=10", "--set", "output.checkpoint.keep=1000"]
    assert subprocess.run([*words, "--max-hours", "0"], capture_output=True).returncode == 75
    process = subprocess.Popen(words, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    wait_for(tmp_path / "runs/test-drop/checkpoints/ckpt_00000030", process)
    process.kill()  # no last words
    process.wait()
    done = subprocess.run([*words, "--steps", "80"], capture_output=True, text=True)
    assert done.returncode == 0 and "resumed at step" in done.stderr
    assert summary("runs/test-drop")["steps"] >= 80
    assert series("runs/test-drop")["step"][:17] == list(range(0, 81, 5))


def test_output_without_a_terminal_is_plain_lines(drop):
    done = subprocess.run(command("run", drop), capture_output=True, text=True, env=os.environ)
    assert done.returncode == 0 and "\x1b" not in done.stdout + done.stderr


MPIEXEC = Path(sys.executable).with_name("mpiexec")
needs_mpi = pytest.mark.skipif(
    not (MPIEXEC.exists() and find_spec("mpi4py")), reason="needs mpi4py and mpiexec (levitas[mpi])"
)


@needs_mpi
def test_four_ranks_give_the_files_of_one(levitas, drop):
    words = command("run", drop, "--threads", 1, "--steps", 20)
    done = subprocess.run(
        [MPIEXEC, "-n", "4", *words, "--out", "four"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("done at step 20") == 1
    assert levitas(*words[3:], "--out", "one")[0] == 0
    assert summary("four")["provenance"]["ranks"] == 4
    assert series("four") == series("one")
    for name in ("phi", "u", "p"):
        with (
            netCDF4.Dataset("four/snapshots/snap_00000020.nc") as a,
            netCDF4.Dataset("one/snapshots/snap_00000020.nc") as b,
        ):
            assert np.array_equal(a[name][:], b[name][:])
    assert levitas(*words[3:-1], 30, "--out", "four")[0] == 0  # goes on with one rank
    assert summary("four")["steps"] == 30


@needs_mpi
def test_a_signal_to_the_launcher_stops_all_ranks(drop, tmp_path):
    words = command("run", drop, "--threads", 1, "--set", "case.end.steps=100000")
    words = [MPIEXEC, "-n", "2", *words]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(tmp_path / "runs/test-drop/snapshots/snap_00000020.nc", process)
    process.send_signal(signal.SIGUSR1)
    _, said = process.communicate(timeout=60)
    assert summary("runs/test-drop")["status"] == "stopped", said
    assert process.returncode == 75


@needs_mpi
def test_a_faulty_case_ends_all_ranks_with_one_message(drop):
    (drop / "case.toml").write_text(RUN.replace("viscosity", "viscosty", 1))
    done = subprocess.run(
        [MPIEXEC, "-n", "3", *command("run", drop)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 3 and done.stderr.count("viscosty") == 1
