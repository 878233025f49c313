"""`levitas converge`: orders and limits of numbers, whole small studies, stops, bad input."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest

from ci.figures import convergence as figures
from ci.figures import page
from levitas.postprocess.pictures import style
from levitas.postprocess.pictures.convergence import draw
from levitas.postprocess.pictures.page import overhang
from levitas.postprocess.results.convergence import limit_of, rows, table
from levitas.solver.errors import CaseError, Diverged
from levitas.solver.grid.comm import Serial
from levitas.solver.run.run import Options
from levitas.solver.study.converge import Plan, converge
from tests.run.test_run import finish
from tests.support.command import command, summary

H = (1.0, 0.7, 0.5)
VORTICES = """
[case]
title = "small vortices"
units = "lattice"
precision = "float64"
end = { steps = 80 }
[grid]
cells = [16, 16, 1]
origin = "corner"
[materials]
liquid = { viscosity = 0.05 }
[flow]
reference_velocity = 0.04
[[field]]
name = "u"
expression = "-flow.reference_velocity*cos(2*pi*x/grid.lx)*sin(2*pi*y/grid.ly)"
[[field]]
name = "v"
expression = "flow.reference_velocity*sin(2*pi*x/grid.lx)*cos(2*pi*y/grid.ly)"
[[field]]
name = "p"
expression = "-flow.reference_velocity**2/4*(cos(4*pi*x/grid.lx) + cos(4*pi*y/grid.ly))"
[output]
series = { steps = 4 }
snapshots = { steps = 20 }
pictures = []
[[check]]
metric = "decay_rate"
reference = "taylor_green_rate(liquid.viscosity/liquid.density, grid.lx, grid.ly)"
tolerance = { relative = 0.05 }
[[check]]
metric = "taylor_green_error"
tolerance = { max = 0.1 }
[[variant]]
name = "fast"
set = { "flow.reference_velocity" = 0.05 }
"""


@pytest.fixture
def vortices(tmp_path, monkeypatch):
    """A case folder `test/vortices` in the working folder."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "test" / "vortices"
    folder.mkdir(parents=True)
    (folder / "case.toml").write_text(VORTICES)
    return folder


def results(folder):
    return json.loads((Path(folder) / "converge.json").read_text())


@pytest.mark.parametrize("power", [0.7, 1.0, 2.0, 3.3])
def test_the_limit_of_a_power_law_is_exact(power):
    found = limit_of(H, [4.0 - 0.3 * h**power for h in H])
    assert found.value == pytest.approx(4.0, rel=1e-9)
    assert found.order == pytest.approx(power, rel=1e-6)
    more = limit_of((1.4, *H), [9.0, *(4.0 + 0.3 * h**power for h in H)])  # the last three count
    assert more.value == pytest.approx(4.0, rel=1e-9)


@pytest.mark.parametrize(
    ("values", "limit", "said"),
    [
        ([4 - h**2 for h in H[:2]], 4.0, "two levels"),
        ([1.0, 2.0, 1.5], None, "not monotonic; line"),
        ([1.0, 2.0, 3.5], "none", "hardly shrink"),
        ([1.0, 1.1, 1.199], "none", "hardly shrink"),
        ([1.0, 2.0, 2.0 + 1e-9], None, "vanish; line"),
        ([1.0, 3.0, 3.0], None, "not monotonic; line"),
        ([3.0, 3.0, 3.0], 3.0, "the same"),
    ],
)
def test_limits_of_other_sequences(values, limit, said):
    found = limit_of(H[: len(values)], values)
    assert said in found.note and found.order is None
    if limit == "none":
        assert found.value is None
    elif limit is not None:
        assert found.value == pytest.approx(limit, rel=1e-12)
    else:
        assert min(values) < found.value < 2 * max(values)


def levels(*checks):
    """Runs on three grids; each check: (metric, values, reference, tolerance)."""
    made = []
    for n, h in enumerate(H):
        found = [
            {
                "metric": metric,
                "value": values[n],
                "reference": reference,
                "unit": "m",
                "tolerance": tolerance,
                "verdict": verdict,
            }
            for metric, values, reference, tolerance, verdict in checks
        ]
        cells = SimpleNamespace(grid=SimpleNamespace(cells=[round(16 / h), 16, 1]))
        made.append(
            (SimpleNamespace(summary={"checks": found}, case=SimpleNamespace(model=cells)), h)
        )
    return made


def row(values, reference=None, tolerance=None, verdict="passed"):
    (found,) = rows(levels(("max_speed", values, reference, tolerance or {}, verdict)))
    return found


def test_order_and_limit_beside_a_reference():
    found = row([-2 * (1 - 0.1 * h) for h in H], -2.0)
    assert found.errors == pytest.approx([0.1 * h for h in H])
    assert found.order == pytest.approx(1.0) and found.limit == pytest.approx(-2.0)
    assert found.distance == pytest.approx(0.0, abs=1e-9)
    short = row([2.1 - 0.2 * h**2 for h in H], 2.0)  # it does not go to its reference
    assert short.distance == pytest.approx(0.05) and short.note == "differences of order 2.00"
    nothing = row([1e-3 * h**2 for h in H], 0.0)  # nothing to be relative to
    assert nothing.order == pytest.approx(2.0) and nothing.distance == pytest.approx(0, abs=1e-12)


def test_order_without_a_reference():
    error = row([0.3 * h**2 for h in H], None, {"max": 1.0})
    assert error.order == pytest.approx(2.0) and error.distance is None
    free = row([5 + 0.3 * h**2 for h in H], None, {"min": 1.0})
    assert free.order == pytest.approx(2.0) and free.limit == pytest.approx(5.0)
    assert free.errors == pytest.approx([0.3 * h**2 for h in H], rel=1e-6)
    wild = row([1.0, 2.0, 1.0], None, {"min": 0.1})
    assert wild.order is None and wild.errors == []
    exact = row([0.0, 0.0, 0.0], None, {"max": 1.0})
    assert exact.order is None and exact.note == "an error is 0"


def test_what_does_not_apply_or_was_not_measured():
    apart = row([1 - 0.1 * h for h in H], 2.0, {"relative": 0.1}, "not applicable")
    assert apart.references == [None] * 3 and apart.order == pytest.approx(1.0)
    missing = row([1.0, None, None], 2.0)
    assert missing.note == "not measured on level 2, 3" and missing.limit is None
    assert table(levels(("a", [1.0, None, 2.0], 2.0, {}, "failed")), [missing])[1][3] == "-"


def test_the_check_with_a_reference_counts():
    both = levels(
        ("max_speed", [2.0] * 3, None, {"max": 9.0}, "passed"),
        ("max_speed", [2.0] * 3, 2.5, {"relative": 0.1}, "failed"),
    )
    (found,) = rows(both)
    assert found.references == [2.5] * 3


def test_a_study_finds_second_order(levitas, vortices):
    words = ("converge", vortices, "--threads", 1, "--factor", 2, "--levels", 2, "--out", "study")
    code, out, _ = levitas(*words)
    assert code == 0 and "fineness" in out and "limit - reference" in out
    found = results("study")
    assert found["case"] == "test/vortices" and found["plan"]["factor"] == "2"
    assert [level["cells"] for level in found["levels"]] == [[16, 16, 1], [32, 32, 1]]
    assert [level["spacing"] for level in found["levels"]] == [1.0, 0.5]
    assert summary("study/level-2")["time"] == summary("study/level-1")["time"] == 80
    for metric in ("decay_rate", "taylor_green_error"):
        assert found["metrics"][metric]["order"] == pytest.approx(2.0, abs=0.15)
    rate = found["metrics"]["decay_rate"]
    assert rate["references"] == pytest.approx([rate["references"][0]] * 2, rel=1e-12)
    assert abs(rate["distance"]) < 1e-4 < min(rate["errors"])
    assert Path("study/convergence.png").stat().st_size > 10_000
    # one level more: those that are there stay
    before = summary("study/level-1")["wall_seconds"]
    code, out, _ = levitas(*words, "--levels", 3)
    assert code == 0 and len(results("study")["levels"]) == 3
    assert summary("study/level-1")["wall_seconds"] == pytest.approx(before, abs=0.01)


def test_the_default_folder_and_another_variant(levitas, vortices):
    words = ("converge", vortices, "--levels", 2, "--start", 0.5, "--threads", 1)
    assert levitas(*words)[0] == 0
    assert levitas(*words, "--variant", "fast", "--scaling", "acoustic")[0] == 0
    found = results("runs/test-vortices-fast-converge")
    assert found["variant"] == "fast" and [n["cells"][0] for n in found["levels"]] == [8, 12]
    assert results("runs/test-vortices-converge")["plan"]["start"] == 0.5
    code, _, said = levitas(*words, "--start", 1)
    assert code == 3 and "level-1 holds a run of another case" in said
    assert levitas(*words, "--start", 1, "--restart")[0] == 0
    assert results("runs/test-vortices-converge")["levels"][0]["cells"] == [16, 16, 1]


def test_a_stop_is_75_and_the_same_command_goes_on(levitas, vortices):
    words = ("converge", vortices, "--levels", 2, "--threads", 1)
    assert levitas(*words, "--out", "whole")[0] == 0
    assert levitas(*words, "--out", "parts", "--max-hours", 0)[0] == 75
    assert not Path("parts/converge.json").exists() and not Path("parts/level-2").exists()
    Path("parts/level-2").mkdir()
    Path("parts/level-2/stop").touch()  # the first level ends, the second does not
    assert levitas(*words, "--out", "parts")[0] == 75
    assert summary("parts/level-1")["status"] == "done"
    assert summary("parts/level-2")["status"] == "stopped"
    assert levitas(*words, "--out", "parts")[0] == 0
    assert results("parts") == results("whole")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--variant", "all"], 2, "one variant at a time; this case has fast"),
        (["--variant", "slow"], 3, "no variant 'slow'"),
        (["--levels", 1], 2, "--levels"),
        (["--start", 0], 2, "--start 0: must lie between"),
        (["--start", "nan"], 2, "--start nan"),
        (["--factor", 3], 2, "--factor"),
        (["--scaling", "odd"], 2, "--scaling"),
        (["--set", "grid.cells=[17, 13, 1]"], 3, "too small a common divisor"),
        (["--start", 0.01], 3, "are too few"),
        (["--start", 900], 3, "cannot be run; choose other grids"),
        (["--set", "check=[]"], 3, "nothing to converge"),
        (["--set", "liquid.viscosity=-1"], 3, "larger than 0"),
    ],
)
def test_bad_input_is_a_line_before_anything_runs(levitas, vortices, words, code, said):
    got, _, text = levitas("converge", vortices, *words)
    assert got == code and said in text and not Path("runs").exists()


def test_a_level_that_diverges_ends_the_study(vortices):
    class Wild:
        def __init__(self, case, backend, comm):
            raise Diverged("u is not finite")

    parts = SimpleNamespace(simulation=Wild, measure=None, finish=finish)
    with pytest.raises(Diverged, match="not finite"):
        converge(vortices, None, {}, Serial(), Options(Path("x")), Plan(), parts)
    assert not Path("x/converge.json").exists()


def test_without_a_check_nothing_converges(vortices):
    text = VORTICES.split("[[check]]")[0]
    (vortices / "case.toml").write_text(text)
    with pytest.raises(CaseError, match=r"no \[\[check\]\] applies; add one"):
        converge(vortices, None, {}, Serial(), Options(), Plan())


def test_no_text_of_the_picture_is_cut(levitas, vortices, monkeypatch):
    monkeypatch.setattr(style, "DPI", 150)
    assert levitas("converge", vortices, "--levels", 2, "--threads", 1, "--out", "study")[0] == 0
    from levitas.postprocess.results.read import Run

    runs = [(Run(f"study/level-{n}"), h) for n, h in ((1, 1.0), (2, 0.7))]
    drawn = draw(runs, rows(runs))
    assert overhang(drawn.figure) == 0
    assert runs[1][0].case.scales.dx == 16 / 22


def test_the_section_of_the_validation_page(levitas, vortices, monkeypatch):
    assert levitas("converge", vortices, "--levels", 2, "--threads", 1, "--out", "study")[0] == 0
    text = "\n\n".join(figures.section(Path()))
    assert "### test/vortices\n" in text and "| decay_rate " in text and "16 x 16 x 1" in text
    assert "Not run: coating/levelling 1g" in text
    monkeypatch.setattr(page, "DOCS", Path())
    Path("a.md").write_text("# A\n\nhead\n\n## B\n\nold\n\n## C\n\nlast\n")
    page.section("a.md", "B", ["new"])
    page.section("a.md", "D", ["end", "more"])
    said = Path("a.md").read_text()
    assert said == "# A\n\nhead\n\n## B\n\nnew\n\n## C\n\nlast\n\n## D\n\nend\n\nmore\n"


MPIEXEC = Path(sys.executable).with_name("mpiexec")


@pytest.mark.skipif(
    not (MPIEXEC.exists() and find_spec("mpi4py")), reason="needs mpi4py and mpiexec (levitas[mpi])"
)
def test_two_ranks_find_the_same(levitas, vortices):
    words = command("converge", vortices, "--levels", 2, "--threads", 1)
    words = [MPIEXEC, "-n", "2", *words, "--out"]
    done = subprocess.run([*words, "two"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("limit - reference") == 1
    assert levitas(*words[6:], "one")[0] == 0
    assert results("two") == results("one")
    stopped = subprocess.run([*words, "three", "--max-hours", "0"], capture_output=True)
    assert stopped.returncode == 75
    bad = subprocess.run([*words, "four", "--start", "0.01"], capture_output=True, text=True)
    assert bad.returncode == 3 and bad.stderr.count("are too few") == 1
