"""The command line: exit codes, messages, start-up time, whole small runs."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from levitas import __version__
from levitas.solver.case import overrides
from levitas.solver.errors import (
    CaseError,
    CorruptRun,
    Diverged,
    ResourceError,
    UsageError,
    VerificationFailed,
)
from levitas.solver.study.variants import worst
from tests.support.case_texts import RUN
from tests.support.command import command, series, summary

CHECK = """
[[check]]
metric = "max_speed"
tolerance = { max = %s }
required = true
"""


def test_help_starts_fast_and_imports_nothing_heavy():
    heavy = ("numpy", "scipy", "netCDF4", "pydantic", "pint", "pyvista", "matplotlib", "mpi4py")
    code = (
        "import sys; import levitas.solver.cli.main as c; sys.argv = ['levitas', '--help']\n"
        "try: c.main()\nexcept SystemExit: pass\n"
        f"print([n for n in {heavy} if n in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip().endswith("[]")
    for name in ("run", "converge", "check", "init", "list", "info", "render", "bench", "doctor"):
        assert re.search(rf"^  {name} ", said.stdout, re.MULTILINE)
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        subprocess.run(command("--help"), capture_output=True, check=True)
        times.append(time.perf_counter() - begin)
    assert min(times) < 1.0  # 0.2 s on a machine that does nothing else


def test_version(levitas):
    assert levitas("--version") == (0, f"levitas {__version__}\n", "")


@pytest.mark.parametrize(
    "words",
    [
        ("run",),
        ("fly",),
        ("run", "x", "--steps", "many"),
        ("run", "x", "--backend", "abacus"),
        ("run", "x", "--threads", "0"),
    ],
)
def test_wrong_usage_exits_2(levitas, words):
    code, _, said = levitas(*words)
    assert code == 2 and said


@pytest.mark.parametrize(
    "error, code",
    [(UsageError, 2), (CaseError, 3), (Diverged, 4), (ResourceError, 5), (CorruptRun, 6)],
)
def test_errors_become_a_message_and_their_exit_code(levitas, monkeypatch, error, code):
    def fail(*_):
        raise error("what happened")

    monkeypatch.setattr(overrides, "parse", fail)
    got, out, said = levitas("run", "anything")
    assert got == code == error.exit_code and said.endswith("what happened\n") and not out


def test_an_internal_error_is_one_line_and_a_traceback_in_a_file(levitas, monkeypatch, tmp_path):
    def fail(*_):
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(overrides, "parse", fail)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    code, _, said = levitas("run", "anything")
    assert code == 1 and said.count("\n") == 1 and "internal error (ZeroDivisionError)" in said
    log = Path(said.split("see ")[1].strip())
    assert log.is_relative_to(tmp_path) and "oops" in log.read_text()


def test_exit_code_of_a_sequence():
    failed = VerificationFailed.exit_code
    assert worst([0, failed, 0]) == 7 and worst([7, 4, 0]) == 4 and worst([4, 75]) == 75
    assert worst([5, 1]) == 1 and worst([99, 1]) == 99


def test_run_check_info_of_a_small_case(levitas, drop):
    code, out, _ = levitas("check", drop)
    assert code == 0 and "drop" in out
    code, out, _ = levitas("run", drop, "--threads", 1)
    assert code == 0 and "test/drop: done at step 60" in out
    folder = Path("runs/test-drop")
    found = summary(folder)
    assert found["status"] == "done" and found["mlups"] > 0 and found["variant"] is None
    assert found["metrics"]["liquid_volume"]["value"] == pytest.approx(381.7, rel=0.02)
    assert series(folder)["step"] == list(range(0, 61, 5))
    assert (folder / "snapshots/snap_00000060.nc").exists()
    assert levitas("check", folder)[0] == 0  # the resolved case is a case
    code, out, _ = levitas("info", folder)
    assert code == 0 and "done at step 60" in out and "4 snapshots" in out
    code, out, _ = levitas("info", folder, "--json")
    assert code == 0 and json.loads(out) == found


def test_strict_turns_a_failed_check_into_7(levitas, drop):
    (drop / "case.toml").write_text(RUN + CHECK % 1.0)
    code, out, _ = levitas("run", drop, "--strict", "--steps", 10)
    assert code == 0 and "passed         max_speed" in out
    (drop / "case.toml").write_text(RUN + CHECK % 1e-12)
    code, out, _ = levitas("run", drop, "--steps", 10)
    assert code == 0 and "failed         max_speed" in out
    check = summary("runs/test-drop")["checks"][0]
    assert check["verdict"] == "failed" and check["tolerance"] == {"max": 1e-12}
    assert {"metric", "value", "reference", "tolerance", "verdict", "source"} <= set(check)
    assert levitas("run", drop, "--steps", 10, "--strict")[0] == 7


def test_all_variants_run_in_their_own_folders_and_one_failure_stops_none(levitas, drop):
    (drop / "case.toml").write_text(
        RUN + '[[variant]]\nname = "fast"\n[variant.set]\n"grid.cells" = [9, 8, 8]\n'
    )
    code, out, err = levitas("run", drop, "--variant", "all", "--steps", 5)
    assert code == 3 and "fast" in err  # faults are found before anything runs
    assert not Path("runs").exists()
    (drop / "case.toml").write_text(RUN)
    Path("runs").mkdir()
    Path("runs/test-drop-small").write_text("in the way")
    code, out, _ = levitas("run", drop, "--variant", "all", "--steps", 5)
    assert code == 5 and "cannot write runs/test-drop-small" in out
    assert summary("runs/test-drop-slow")["variant"] == "slow"
    assert not Path("runs/test-drop").exists()
    table = out.splitlines()[-3:]
    assert table[0].split()[:3] == ["variant", "status", "steps"]
    assert table[2].split()[:3] == ["slow", "done", "5"]
    code, out, _ = levitas("run", drop, "--variant", "all", "--steps", 5, "--out", "here")
    assert code == 0 and summary("here/small")["variant"] == "small"


def test_variant_by_name_and_settings(levitas, drop):
    assert levitas("run", drop, "--variant", "small", "--steps", 3)[0] == 0
    assert summary("runs/test-drop-small")["steps"] == 3
    code, _, said = levitas("run", drop, "--variant", "none")
    assert code == 3 and "small" in said
    code, _, said = levitas("run", drop, "--set", "shape.radius=4.2", "--steps", 3)
    assert code == 0 and "radius = 4.2" in Path("runs/test-drop/case.toml").read_text()
    code, _, said = levitas("run", drop, "--set", "shape.radius=4.3", "--steps", 4)
    assert code == 3 and "another case" in said
    assert levitas("run", drop, "--set", "shape.radius=4.3", "--steps", 4, "--restart")[0] == 0


def test_all_of_no_variants_is_a_usage_error(levitas, drop):
    (drop / "case.toml").write_text(RUN.split("[[variant]]")[0])
    code, _, said = levitas("run", drop, "--variant", "all")
    assert code == 2 and "has no variants" in said


def test_faulty_cases_exit_3_without_a_run_folder(levitas, drop):
    (drop / "case.toml").write_text(RUN.replace("viscosity", "viscosty", 1))
    code, _, said = levitas("run", drop)
    assert code == 3 and re.search(r"case.toml:\d+: ", said) and not Path("runs").exists()
    assert levitas("run", "no/such-case")[0] == 3
    code, out, _ = levitas("check", drop, "--json")
    assert code == 3 and json.loads(out)["valid"] is False


def test_info_of_something_else_exits_6(levitas, tmp_path):
    code, _, said = levitas("info", tmp_path)
    assert code == 6 and "is it a run folder" in said


def test_init_copies_a_case(levitas, drop):
    assert levitas("init", drop, "mine")[0] == 0
    assert Path("mine/case.toml").read_text() == RUN
    assert levitas("init", drop, "mine")[0] == 2


@pytest.mark.parametrize("kind", ["cases", "materials", "keys", "metrics"])
def test_lists(levitas, kind):
    code, out, _ = levitas("list", kind, "--json")
    assert code == 0 and isinstance(json.loads(out), list)


def test_doctor_says_what_there_is(levitas):
    code, out, _ = levitas("doctor")
    names = [line.split()[1] for line in out.splitlines()]
    assert names == ["levitas", "compiler", "GPU", "MPI", "pictures", "memory", "disk"]
    assert code == (5 if "FAILED" in out else 0)


RUNAWAY = """
[case]
units = "lattice"
end = { steps = 4000 }
[grid]
cells = [16, 16, 4]
[materials]
liquid = { density = 1.0, viscosity = 0.1 }
[flow]
reference_velocity = 0.05
pressure_gradient = [-1e-3, 0, 0]
[output]
checkpoint = { steps = 100 }
"""


def test_a_run_that_diverges_exits_4_and_keeps_its_checkpoint(levitas, drop):
    (drop / "case.toml").write_text(RUNAWAY)
    code, _, said = levitas("run", drop)
    assert code == 4 and "velocity u is 0.4" in said and "in cell (0, 0, 0)" in said
    found = summary("runs/test-drop")
    assert found["status"] == "diverged" and found["error"] in said
    assert found["steps"] > 400 and Path("runs/test-drop/checkpoints/ckpt_00000400").exists()
    assert levitas("run", drop)[0] == 4  # from the checkpoint, to the same end
