"""Several ranks: halos, sums and gathers have the bits of one rank; a failing rank ends all."""

import json
import os
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

WORKER = Path(__file__).parents[1] / "support" / "mpi_worker.py"
MPIEXEC = Path(sys.executable).with_name("mpiexec")
MPIEXEC = str(MPIEXEC) if MPIEXEC.exists() else shutil.which("mpiexec")

pytestmark = pytest.mark.skipif(
    not (MPIEXEC and find_spec("mpi4py")), reason="needs mpi4py and mpiexec (levitas[mpi])"
)
LAUNCHER = ("PMI", "OMPI", "PALS", "SLURM", "MPI_")
PERIODIC, MIXED, CLOSED = ("pp", "pp", "pp"), ("ww", "sw", "pp"), ("ss", "ws", "ww")


def mpi(ranks, *arguments):
    """The worker on some ranks: (exit code, stdout, stderr, seconds)."""
    root = str(WORKER.parent.parent)
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    env = {k: v for k, v in os.environ.items() if not k.startswith(LAUNCHER)}
    begin = time.monotonic()
    done = subprocess.run(
        [MPIEXEC, "-n", str(ranks), sys.executable, str(WORKER), *arguments],
        env=env | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=100,
    )
    return done.returncode, done.stdout, done.stderr, time.monotonic() - begin


def same_as_one_rank(ranks, cases):
    code, out, err, _ = mpi(ranks, "compare", json.dumps(cases))
    assert code == 0 and f"compare done on {ranks}" in out, err


def test_two_ranks():
    same_as_one_rank(
        2,
        [
            [(8, 6, 5), PERIODIC, (2, 1, 1), "float32", False],
            [(7, 5, 6), MIXED, (2, 1, 1), "float32", False],
            [(5, 7, 6), MIXED, (1, 2, 1), "float32", True],
            [(5, 6, 7), CLOSED, (1, 1, 2), "float64", False],
            [(9, 6, 1), PERIODIC, (2, 1, 1), "float32", False],
            [(9, 6, 1), ("ss", "ww", "pp"), None, "float64", True],
            [(1, 3, 4), PERIODIC, None, "float32", False],
        ],
    )


def test_four_ranks():
    same_as_one_rank(
        4,
        [
            [(5, 6, 9), PERIODIC, (1, 2, 2), "float32", False],
            [(9, 8, 3), MIXED, (2, 2, 1), "float32", True],
            [(11, 4, 4), CLOSED, (4, 1, 1), "float64", False],
            [(7, 9, 1), ("ws", "pp", "pp"), (2, 2, 1), "float32", False],
            [(12, 13, 14), CLOSED, None, "float64", True],
        ],
    )


def test_three_uneven_ranks():
    same_as_one_rank(
        3,
        [
            [(7, 3, 4), PERIODIC, (3, 1, 1), "float32", False],
            [(4, 3, 8), MIXED, (1, 1, 3), "float32", False],
        ],
    )


@pytest.mark.parametrize("task", ["gather_slabs", "reductions", "bad_sum"])
def test_tasks(task):
    code, out, err, _ = mpi(2, task)
    assert code == 0 and f"{task} done" in out, err


def test_a_rank_that_fails_alone_ends_all():
    code, _, err, seconds = mpi(3, "alone")
    assert code == 3 and seconds < 15
    assert err.count("levitas: rank 1 of 3: only here") == 1
    assert "Traceback" not in err


def test_an_error_of_all_ranks_is_told_once():
    code, out, err, seconds = mpi(3, "alike")
    assert code == 3 and seconds < 15
    assert err.count("message: on all ranks") == 1 and "Abort" not in err


def test_an_error_that_nobody_catches_ends_all():
    code, _, err, seconds = mpi(2, "unguarded")
    assert code != 0 and seconds < 15 and "nobody catches this" in err


def test_too_many_ranks_are_one_clear_error():
    code, _, err, _ = mpi(3, "compare", json.dumps([[(2, 2, 2), PERIODIC, None, "float32", False]]))
    assert code == 2 and err.count("too many for 2 x 2 x 2 cells") == 1
