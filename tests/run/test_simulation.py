"""Whole simulations: the same bits however they are run, and laws that hold to rounding."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from levitas.solver.errors import Diverged
from levitas.solver.physics.flow import pressure_reference
from tests.support.case import bits, drop_case, hot_case, open_case, simulate
from tests.support.case_moving import drying_case, turning_case
from tests.support.sim_worker import keep_states

HERE = Path(__file__).parents[1] / "support"


@pytest.mark.parametrize("cells", [(19, 17, 15), (19, 17, 1)])
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_restart_has_the_bits_of_a_run_that_never_stopped(tmp_path, cells, precision):
    case = drop_case(tmp_path, cells, precision=precision)
    whole, first = simulate(case, 30), simulate(case, 13)
    second = simulate(case)
    second.restore(*first.state())
    for _ in range(17):
        second.step()
    assert second.steps == whole.steps
    assert bits(second) == bits(whole)


def test_core_and_shell_have_the_bits_of_one_launch(tmp_path):
    case = drop_case(tmp_path)
    whole, parts = simulate(case, 25), simulate(case)
    block, flow, interface = parts.block, parts.physics["flow"], parts.physics["interface"]
    assert block.core.cells and block.shell
    # The wall kernel serves any cell, so it takes core and shell.
    wall_kernel = flow.boxes[-1][1]
    flow.boxes = [([block.core], wall_kernel), (block.shell, wall_kernel)]
    interface.boxes = [([block.core, *block.shell], interface.boxes[0][1])]
    for _ in range(25):
        parts.step()
    assert bits(parts) == bits(whole)


def test_threads_change_no_bit(tmp_path):
    case = drop_case(tmp_path, (24, 33, 37))
    assert bits(simulate(case, 10, threads=1)) == bits(simulate(case, 10, threads=2))


SPLITS = {
    2: [((2, 1, 1), drop_case)],
    3: [((3, 1, 1), drop_case), ((1, 3, 1), drop_case)],
    4: [
        ((1, 2, 2), drop_case),
        ((2, 2, 1), hot_case),
        ((2, 2, 1), open_case),
        ((2, 1, 2), drying_case),
        ((2, 1, 2), turning_case),
    ],
}


@pytest.mark.parametrize("ranks", SPLITS)
def test_ranks_change_no_bit(tmp_path, ranks):
    from tests.grid.test_mpi import LAUNCHER, MPIEXEC

    if not MPIEXEC:
        pytest.skip("needs mpiexec (levitas[mpi])")
    runs = []
    for n, (split, make) in enumerate(SPLITS[ranks]):
        folder = tmp_path / f"{n}-{make.__name__}"
        folder.mkdir()
        keep_states(make(folder), 24)
        runs.append([str(folder / "case.toml"), split])
    env = {k: v for k, v in os.environ.items() if not k.startswith(LAUNCHER)}
    path = os.pathsep.join(filter(None, [str(HERE.parents[1]), os.environ.get("PYTHONPATH")]))
    command = [MPIEXEC, "-n", str(ranks), sys.executable, str(HERE / "sim_worker.py")]
    done = subprocess.run(
        [*command, "24", json.dumps(runs)],
        env=env | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("same bits") == len(runs), done.stdout


def test_no_gravity_has_the_bits_of_gravity_off(tmp_path):
    case = drop_case(tmp_path, gravity=(0, 0, 0))
    text = (tmp_path / "case.toml").read_text()
    (tmp_path / "off.toml").write_text(text.replace("[gravity]\nvector = [0, 0, 0]\n", ""))
    off = type(case).read(tmp_path / "off.toml")
    assert bits(simulate(case, 15)) == bits(simulate(off, 15))


def test_liquid_is_conserved_to_the_last_bit(tmp_path):
    sim = simulate(drop_case(tmp_path))
    before = sim.read("phi").sum()
    for _ in range(200):
        sim.step()
    assert sim.read("phi").sum() == before
    assert np.abs(sim.read("u")).max() > 1e-3


def test_a_pressure_offset_is_gone_after_one_gauge(tmp_path):
    case = drop_case(tmp_path, gravity=(0, 0, 0))
    text = (tmp_path / "case.toml").read_text().replace("velocity = [0.01, 0.02, 0.0]", "")
    (tmp_path / "plain.toml").write_text(text)
    offset = text + '[[field]]\nname = "p"\nexpression = "1.6*5e-3/5"\n'
    (tmp_path / "offset.toml").write_text(offset)
    runs = [simulate(type(case).read(tmp_path / f"{n}.toml"), 60) for n in ("plain", "offset")]
    first, second = (r.read("p") for r in runs)
    assert abs(first - second).max() < 0.02 * np.ptp(first)
    assert pressure_reference.EVERY < 60


def test_a_run_away_cell_is_named(tmp_path):
    sim = simulate(drop_case(tmp_path), 3)
    sim.check_health()
    sim.fields["u"].own[1, 4, 3, 2] = np.nan
    with pytest.raises(Diverged, match=r"step 3: velocity v is nan .* cell \(2, 3, 4\)"):
        sim.check_health()


COUETTE = """
[case]
units = "lattice"
precision = "float64"
end = { steps = 10 }
[grid]
cells = [4, 12, 1]
[materials]
liquid = { density = 1.0, viscosity = 0.125 }
[flow]
reference_velocity = 0.02
[[boundary]]
face = "y-"
kind = "wall"
[[boundary]]
face = "y+"
kind = "wall"
velocity = [0.02, 0, 0]
"""


def test_couette_flow_is_exact(tmp_path):
    """A straight profile is a solution of the scheme, whatever the viscosity."""
    (tmp_path / "case.toml").write_text(COUETTE)
    from levitas.solver.case.case import Case

    sim = simulate(Case.read(tmp_path / "case.toml"), 6000)
    y = (np.arange(12) + 0.5) / 12
    assert np.abs(sim.read("u")[0, :, 1] - 0.02 * y).max() < 1e-12
