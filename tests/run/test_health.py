"""A value that is not finite ends a run, whichever physics it belongs to."""

import json

import numpy as np
import pytest

from levitas.solver.backend.cpu import CpuBackend
from levitas.solver.case.case import Case
from levitas.solver.errors import Diverged
from levitas.solver.grid.comm import Serial
from levitas.solver.run.run import Options, Parts, run_case, standard_parts
from levitas.solver.run.simulation import PHYSICS, Simulation
from tests.support.case import simulate, warm_case
from tests.support.threads import on_ranks

CONDUCTION = """
[case]
units = "lattice"
end = { steps = 5 }
[grid]
cells = [8, 6, 1]
[materials]
liquid = { density = 1.0, conductivity = 0.1, heat_capacity = 1.0 }
[heat]
[[field]]
name = "T"
expression = "1 + 0.1*x"
[output]
snapshots = { steps = 4 }
pictures = []
"""


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("phi", "liquid fraction phi is nan"),
        ("T", "temperature T is nan"),
        ("c", "concentration c is nan"),
    ],
)
def test_a_value_that_is_not_finite_is_named(tmp_path, field, words):
    sim = simulate(warm_case(tmp_path), 2)
    sim.check_health()
    sim.fields[field].own[0, 4, 3, 2] = np.nan
    with pytest.raises(Diverged, match=rf"^step 2: {words} in cell \(2, 3, 4\); .* helps$"):
        sim.check_health()


def test_the_flow_is_asked_first(tmp_path):
    sim = simulate(warm_case(tmp_path), 1)
    sim.fields["T"].own[...] = np.inf
    sim.fields["u"].own[2, 4, 3, 2] = 0.5
    with pytest.raises(Diverged, match="velocity w is .*limit 0.4"):
        sim.check_health()


def test_every_physics_has_the_same_surface(tmp_path):
    sim = simulate(warm_case(tmp_path))
    assert set(sim.names()) == {"phi", "u", "v", "w", "p", "T", "c"}
    assert list(sim.physics) == [name for name in PHYSICS if name in sim.physics]
    for physics in sim.physics.values():
        assert physics.healthy() is None and physics.state() == {}
        for name in physics.fields:
            assert sim.read(name).shape == sim.block.shape[::-1]


def test_a_heat_only_run_with_a_bad_temperature_ends_diverged(tmp_path):
    """Exit code 4; the message names field, value, cell and step, and nothing bad is written."""
    path = tmp_path / "case.toml"
    path.write_text(CONDUCTION)

    class Bad(Simulation):
        def step(self):
            super().step()
            if self.steps == 3:
                self.fields["T"].own[0, 0, 2, 5] = np.nan

    options = Options(out=tmp_path / "run", threads=1)
    with pytest.raises(Diverged, match=r"temperature T is nan in cell \(.*\); .* helps") as error:
        run_case(Case.read(path), Serial(), options, Parts(Bad, standard_parts().measure))
    summary = json.loads((tmp_path / "run/summary.json").read_text())
    assert error.value.exit_code == 4 and summary["status"] == "diverged"
    assert summary["error"] == str(error.value)
    assert [p.name for p in (tmp_path / "run/snapshots").iterdir()] == ["snap_00000000.nc"]


def test_ranks_agree_on_the_first_bad_cell(tmp_path):
    case = warm_case(tmp_path)

    def work(comm):
        sim = Simulation(case, CpuBackend(case.model.case.precision, 1), comm, (2, 1, 1))
        sim.fields["T"].own[0, 3 - comm.rank, 2, 1] = np.nan
        with pytest.raises(Diverged) as error:
            sim.check_health()
        return str(error.value)

    first, second = on_ranks(2, work)
    assert first == second and "temperature T is nan" in first
    assert f"in cell ({case.model.grid.cells[0] // 2 + 1}, 2, 2)" in first
