"""Ranks: the serial stand-in, what launchers say, and exit codes. With MPI: test_mpi.py."""

import os
import subprocess
import sys

import numpy as np
import pytest

from levitas.solver.errors import CaseError, Diverged, UsageError
from levitas.solver.grid import comm

LAUNCHER = ("PMI", "OMPI", "PALS", "SLURM", "MPI_", "MV2")


def bare_environment(**more):
    """The environment without a launcher."""
    return {k: v for k, v in os.environ.items() if not k.startswith(LAUNCHER)} | more


def test_serial_reductions():
    serial = comm.Serial()
    assert serial.allreduce([1, -2]).tolist() == [1, -2]
    assert serial.allreduce([True], "max").dtype == np.int64
    assert serial.allreduce(2.5, "max").tolist() == [2.5]
    assert serial.bcast("a") == "a" and serial.gather("a") == ["a"]
    serial.barrier()
    with pytest.raises(ValueError):
        serial.send(np.zeros(1), 0)


def test_float_sums_are_refused():
    with pytest.raises(TypeError, match="order of ranks"):
        comm.Serial().allreduce([1.0])
    with pytest.raises(ValueError, match="sum or max"):
        comm.Serial().allreduce([1], "min")


@pytest.mark.parametrize(
    "environment, size",
    [
        ({}, None),
        ({"SLURM_NTASKS": "4"}, 4),
        ({"SLURM_NTASKS": "4", "SLURM_STEP_NUM_TASKS": "1"}, 1),  # srun -n 1 in an allocation of 4
        ({"SLURM_NTASKS": "4", "PMI_SIZE": "2"}, 2),  # mpiexec -n 2 in it
        ({"OMPI_COMM_WORLD_SIZE": "8"}, 8),
        ({"PALS_SIZE": "3"}, 3),
        ({"PMI_SIZE": "many"}, None),
    ],
)
def test_launchers_say_how_many_tasks_they_start(environment, size):
    assert comm.expected_size(environment) == size


def test_singletons_are_refused_with_a_remedy():
    with pytest.raises(UsageError, match="started 4 tasks.*srun --mpi=pmi2"):
        comm.check_size(1, {"SLURM_NTASKS": "4"})
    comm.check_size(4, {"SLURM_NTASKS": "4"})
    comm.check_size(1, {"SLURM_NTASKS": "1"})
    comm.check_size(1, {})


def test_a_wrong_launcher_is_refused():
    code = "from levitas.solver.grid.comm import world; world()"
    wrong = bare_environment(OMPI_COMM_WORLD_SIZE="4", OMPI_COMM_WORLD_RANK="0")
    done = subprocess.run(
        [sys.executable, "-c", code], env=wrong, capture_output=True, text=True, timeout=60
    )
    assert done.returncode != 0
    assert "UsageError: " in done.stderr and "4 tasks" in done.stderr


def test_no_launcher_no_mpi():
    code = (
        "import sys; import levitas.solver.grid.grid; from levitas.solver.grid.comm import world\n"
        "assert world().size == 1 and world() is world() and 'mpi4py' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], env=bare_environment(), check=True, timeout=60)


def test_exit_codes():
    assert comm.exit_code(CaseError("x")) == 3 and comm.exit_code(Diverged("x")) == 4
    assert comm.exit_code(ValueError("x")) == 1
    assert comm.exit_code(SystemExit(75)) == 75 and comm.exit_code(SystemExit()) == 0
    assert comm.exit_code(SystemExit("words")) == 1


def test_guard_of_one_rank_passes_errors_on():
    with pytest.raises(CaseError, match="bad"), comm.guard(comm.Serial()):
        raise CaseError("bad")
    with comm.guard(comm.Serial()):
        pass
