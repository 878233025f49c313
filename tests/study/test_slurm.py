"""The batch template: stop before the time limit, back into the queue, on from the checkpoint."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.case_texts import RUN
from tests.support.command import series, summary

TEMPLATE = Path(__file__).resolve().parents[2] / "ci" / "levitas.sbatch"
STEPS = 400
ARGS = f"--threads 1 --set case.end.steps={STEPS} --set output.checkpoint.steps=100000"


@pytest.fixture
def place(tmp_path):
    """A folder with a case, and the environment of a job whose `levitas` is this one."""
    (tmp_path / "test/drop").mkdir(parents=True)
    (tmp_path / "test/drop/case.toml").write_text(RUN)
    tool = tmp_path / "bin/levitas"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m levitas "$@"\n')
    tool.chmod(0o755)
    root = str(TEMPLATE.parent.parent)
    path = f"{tool.parent}{os.pathsep}{os.environ['PATH']}"
    job = {"PATH": path, "PYTHONPATH": root, "CASE": "test/drop", "OUT": "out", "ARGS": ARGS}
    return tmp_path, os.environ | job


def wait_for(test, seconds=90):
    end = time.monotonic() + seconds
    while not test():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


def under_way(folder):
    return (folder / "out/snapshots/snap_00000020.nc").exists()


def stand_in(folder, name, text):
    """A program that takes the place of one of Slurm's."""
    (folder / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / "bin" / name).chmod(0o755)


def start(folder, environment, **more):
    with open(folder / "job.log", "a") as log:
        return subprocess.Popen(
            ["bash", TEMPLATE], cwd=folder, env=environment | more, stdout=log, stderr=log
        )


@pytest.fixture
def pretended(place):
    """The template under a `srun` that passes signals on and a `scontrol` that notes its words."""
    folder, environment = place
    stand_in(folder, "srun", 'shift; "$@" & p=$!; trap "kill -USR1 $p" USR1; wait $p; wait $p')
    stand_in(folder, "scontrol", f'echo "$@" >> {folder}/asked')
    return folder, environment | {"SLURM_JOB_ID": "17"}


def test_template_requeues_near_the_limit_and_finishes(pretended):
    folder, environment = pretended
    job = start(folder, environment)
    wait_for(lambda: under_way(folder))
    job.send_signal(signal.SIGUSR1)
    assert job.wait(60) == 75, (folder / "job.log").read_text()
    assert (folder / "asked").read_text() == "requeue 17\n"
    assert summary(folder / "out")["status"] == "stopped"
    assert start(folder, environment).wait(120) == 0
    assert summary(folder / "out")["status"] == "done"
    assert (folder / "asked").read_text() == "requeue 17\n"


def test_template_leaves_a_run_that_was_stopped_otherwise(pretended):
    folder, environment = pretended
    job = start(folder, environment, ARGS=ARGS + " --max-hours 0")
    assert job.wait(60) == 75 and not (folder / "asked").exists()


def test_template_passes_a_failure_on(pretended):
    folder, environment = pretended
    assert start(folder, environment, CASE="no/such-case").wait(60) == 3
    assert not (folder / "asked").exists()


@pytest.mark.skipif(
    os.environ.get("LEVITAS_TEST_SLURM") != "1",
    reason="submits a job: set LEVITAS_TEST_SLURM=1 beside a Slurm that runs it at once"
    " (ci/slurm-local.sh)",
)
def test_slurm_stops_requeues_and_finishes(place):
    folder, environment = place
    words = ["sbatch", "--parsable", "--ntasks=2", "--time=10", f"--chdir={folder}"]
    done = subprocess.run(
        [*words, f"--output={folder}/job.log", "--export=ALL", TEMPLATE],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    job = done.stdout.strip()
    wait_for(lambda: under_way(folder))
    # What Slurm itself sends at the time of --signal=B:USR1@120, to the batch script only.
    subprocess.run(["scancel", "--batch", "--signal=USR1", job], check=True)
    try:
        wait_for(lambda: "put back into the queue" in (folder / "job.log").read_text())
        stopped = summary(folder / "out")
        assert stopped["status"] == "stopped"
        # Slurm holds a job that was put back for two minutes.
        wait_for(lambda: summary(folder / "out")["status"] == "done", 300)
    finally:
        subprocess.run(["scancel", job])
    assert f"resumed at step {stopped['steps']}" in (folder / "job.log").read_text()
    assert summary(folder / "out")["provenance"]["ranks"] == 2
    assert series(folder / "out")["step"] == list(range(0, STEPS + 1, 5))
