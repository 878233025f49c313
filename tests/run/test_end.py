"""When runs end, which checks count, and what a summary holds."""

import numpy as np
import pytest

from levitas.postprocess.metrics.table import series_quantities
from levitas.postprocess.results.folder import summary_of
from levitas.solver.case.case import Case
from levitas.solver.errors import CaseError, CorruptRun
from levitas.solver.output.run_folder import RunFolder
from levitas.solver.run.end import SteadyWatch, last_step, schedule
from levitas.solver.run.finish import failed_checks
from tests.support.fake_simulation import case

HOT_SLAB = """
[case]
units = "lattice"
end = { steady = { metric = "nusselt", tolerance = 1e-6 } }
[grid]
cells = [16, 4, 1]
[materials]
liquid = { density = 1, viscosity = 0.1, conductivity = 0.1, heat_capacity = 1 }
reference_temperature = 300
[flow]
[heat]
"""


def test_ends_by_time_steps_and_steady_state():
    assert last_step(case(end={"time": 1.0}, dt=0.3)) == 4
    assert last_step(case(end={"time": 0.9}, dt=0.3)) == 3
    assert last_step(case(end={"steps": 12}, dt=0.3)) == 12
    assert last_step(case(end={"steps": 12}, dt=0.3), steps=5) == 5
    assert last_step(case(end={"steady": object()}, dt=0.3)) > 10**15


def test_schedules_that_the_case_does_not_give():
    class Empty:
        steps = every = None

    def every(times, **end):
        found = schedule(Empty, case(end=end).model.case.end, times)
        return found.by_steps, found.every

    assert every(10, steps=400) == (True, 40) and every(200, steps=40) == (True, 1)
    assert every(10, time=2.0) == (False, 0.2)
    assert every(200, steady=1) == (True, 100) and every(10, steady=1) == (True, 2000)


def test_steady_needs_three_still_looks_in_a_row():
    steady = SteadyWatch("energy", 1e-3)
    values = [1.0, 1.5, 1.5, 1.0, 1.0005, 1.0001, 1.0]
    reached = []
    for n, value in enumerate(values):
        steady.look(100 * n, {"energy": value})
        reached.append(steady.reached)
    assert reached == [False] * 6 + [True]
    again = SteadyWatch("energy", 1e-3)
    again.restore(steady.state(), None)
    assert again.reached
    with pytest.raises(CaseError, match="no metric 'energy'"):
        steady.look(700, {"max_speed": 0.0})


def test_what_a_steady_state_is_judged_by_is_in_the_series(tmp_path):
    path = tmp_path / "case.toml"
    path.write_text(HOT_SLAB)
    assert "nusselt" in series_quantities(Case.read(path))


def test_only_required_checks_count_where_some_are():
    def summary(*verdicts):
        return {"checks": [{"metric": m, "verdict": v, "required": r} for m, v, r in verdicts]}

    plain = case()
    assert failed_checks(plain, summary(("a", "failed", False)))
    assert not failed_checks(plain, summary(("a", "not applicable", False)))
    marked = case()
    marked.model.check = [type("Check", (), {"required": True, "metric": "b"})]
    assert not failed_checks(marked, summary(("a", "failed", False), ("b", "passed", True)))
    assert failed_checks(marked, summary(("b", "failed", True)))


def test_numbers_json_cannot_hold_become_null(tmp_path):
    folder = RunFolder(tmp_path)
    head = {"status": "done", "case": "a/b", "steps": 3, "time": 0.5}
    head |= {"wall_seconds": 1.0, "mlups": 2.0}
    folder.write_summary(
        head | {"a": float("nan"), "b": [np.float32(0.5), np.int64(3)], "c": 1e400}
    )
    assert summary_of(folder.path) == head | {"a": None, "b": [0.5, 3], "c": None}
    folder.summary.write_text("{")
    with pytest.raises(CorruptRun, match="damaged"):
        summary_of(folder.path)
    with pytest.raises(CorruptRun, match="is it a run folder"):
        summary_of(tmp_path / "nowhere")
