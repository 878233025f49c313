"""How soon the command answers: what it imports, and the CPU time until then."""

import resource
import subprocess
import sys

import pytest

#: A command in this process and then the modules it took.
MODULES = """
import sys
from levitas.solver.cli.main import main
try:
    main()
except SystemExit:
    print("modules:", *{name.partition(".")[0] for name in sys.modules})
"""
FIRST_STEP = """
import sys
from pathlib import Path
from levitas.solver.backend.cpu import CpuBackend
from levitas.solver.case.case import Case
from levitas.solver.grid.comm import Serial
from levitas.solver.run.simulation import Simulation
Simulation(Case.read(Path(sys.argv[1])), CpuBackend(threads=1), Serial()).step()
print("modules:", *{name.partition(".")[0] for name in sys.modules})
"""
DRAWING = {"matplotlib", "pyvista", "vtkmodules", "imageio", "cmcrameri"}
FILES = {"netCDF4", "xxhash", "filelock", "platformdirs", "tomlkit"}
ELSEWHERE = {"scipy", "mpi4py", "cupy", "rich", "pytest"}
READING = {"numpy", "pydantic", "pint", "tree_sitter", "tree_sitter_toml"}


def call(script, *words):
    """(modules that the script took, CPU seconds), for these words."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, words)], capture_output=True, text=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr
    taken = set(done.stdout.splitlines()[-1].split()[1:])
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return taken, spent


def test_help_imports_nothing_that_computes_reads_or_draws():
    taken, _ = call(MODULES, "--help")
    assert "typer" in taken
    assert not taken & (DRAWING | FILES | ELSEWHERE | READING)


def test_check_imports_what_reads_a_case_and_no_more(drop):
    taken, _ = call(MODULES, "check", drop)
    assert READING - taken == {"pint"}  # no value of this case has a unit
    assert not taken & (DRAWING | FILES | ELSEWHERE)


def test_a_first_step_needs_no_output_and_no_picture(drop):
    taken, _ = call(FIRST_STEP, drop / "case.toml")
    assert not taken & (DRAWING | ELSEWHERE | {"netCDF4"})


@pytest.mark.speed
@pytest.mark.parametrize(
    ("script", "words", "most"),
    [
        (MODULES, ["--help"], 1.5),
        (MODULES, ["check", "CASE"], 5.0),
        (FIRST_STEP, ["CASE/case.toml"], 6.0),
    ],
    ids=["help", "check", "first step"],
)
def test_cpu_seconds_until_the_answer(drop, script, words, most):
    """A third or less of these on an idle machine (0.3, 1 and 1.5): busy ones count more."""
    words = [word.replace("CASE", str(drop)) for word in words]
    call(script, *words)  # compiles kernels and Python files
    assert any(call(script, *words)[1] < most for _ in range(3))
