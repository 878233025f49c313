"""A frame that turns: what it does to a fluid, exactly; the same bits however the box is cut."""

import numpy as np
import pytest

from levitas.solver.errors import CaseError
from tests.support.case import bits, simulate
from tests.support.case_moving import turning_case

RATE = 2e-3
WARM = {"drop": False, "precision": "float64", "beta": 0.01, "coriolis": "false"}


@pytest.mark.parametrize("cells", [(20, 18, 1), (12, 11, 10)])
def test_a_fluid_at_rest_stays_at_rest(tmp_path, cells):
    """Pressure w^2 r^2/2 carries the centrifugal force, also about a skew axis, to rounding."""
    axis = [0, 0, 1] if cells[2] == 1 else [0, 0.6, 0.8]
    away = "((x-7.1)**2 + (y-6.2)**2)"
    if cells[2] > 1:
        away = "((x-7.1)**2 + (0.8*(y-6.2) - 0.6*(z-3.3))**2)"
    more = f'[[field]]\nname = "p"\nexpression = "{RATE**2 / 2}*{away}"\n'
    given = {"drop": False, "axis": axis, "more": more, "precision": "float64"}
    sim = simulate(turning_case(tmp_path, cells, **given), 200)
    assert np.abs(sim.read("u")).max() < 1e-17 and np.ptp(sim.read("p")) > 1e-5


def test_what_moves_goes_round_in_circles(tmp_path):
    """Far from walls a uniform stream turns at -2 w: the Coriolis force, to fourth order in w."""
    more = '[[field]]\nname = "u"\nexpression = "0.01"\n[[field]]\nname = "p"\n'
    more += f'expression = "{RATE**2 / 2}*((x-7.1)**2 + (y-6.2)**2)"\n'
    given = {"drop": False, "more": more, "precision": "float64", "nu": 0.001}
    case = turning_case(tmp_path, (64, 64, 1), rate=RATE, **given)
    sim = simulate(case, 12)
    u, v = (sim.read(n)[0, 32, 32] for n in "uv")
    assert np.arctan2(v, u) == pytest.approx(-2 * RATE * 12, rel=2e-3)
    assert np.hypot(u, v) == pytest.approx(0.01, rel=1e-5)


def test_warm_fluid_feels_the_turn_as_weight(tmp_path):
    """Boussinesq, -beta T (g + w^2 r): far from the axis w^2 r is a gravity of its own."""
    g, heat = 1e-4, '[heat]\nprescribed = "300 + cos(pi*(y + 2.7)/17)"\n'
    still = '[[field]]\nname = "p"\nexpression = "1e-4*x"\n'
    weight = "[gravity]\nvector = [1e-4, 0, 0]\n"
    found = [
        simulate(turning_case(tmp_path, (40, 17, 1), **WARM, **given), 30).read("u")[0, :, 20]
        for given in (
            {"rate": 1e-7, "centre": [-g / 1e-14, 6.2, 0], "more": heat + still},
            {"rate": 0.0, "more": heat + weight},
        )
    ]
    assert np.abs(found[1]).max() > 1e-5
    assert found[0] == pytest.approx(found[1], rel=1e-5, abs=1e-10)


@pytest.mark.parametrize(
    ("cells", "precision"), [((17, 16, 13), "float32"), ((17, 16, 1), "float64")]
)
def test_restart_and_boxes_change_no_bit(tmp_path, cells, precision):
    case = turning_case(tmp_path, cells, precision)
    whole, first, parts = simulate(case, 14), simulate(case, 5), simulate(case)
    second = simulate(case)
    second.restore(*first.state())
    flow, block = parts.physics["flow"], parts.block
    flow.boxes = [([block.core], flow.boxes[-1][1]), (block.shell, flow.boxes[-1][1])]
    for sim, steps in ((second, 9), (parts, 14)):
        for _ in range(steps):
            sim.step()
    assert bits(second) == bits(whole) == bits(parts)
    assert np.abs(whole.read("u")).max() > 1e-3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"axis": [0, 0, 0]}, r"case.toml:\d+: \[flow\] rotation.axis: must not be zero"),
        ({"swap": ("wall", "periodic")}, r"pushes fluid along x, in which the box is periodic"),
        ({"swap": ("wall", "symmetry")}, r"rotation.coriolis: swirl has no mirror image"),
        ({"rate": '"5 m/s"'}, r"rotation.rate: .*give a number"),
    ],
)
def test_what_does_not_go_together_is_said(tmp_path, change, said):
    swap = change.pop("swap", ("", ""))
    with pytest.raises(CaseError, match=said) as error:
        turning_case(tmp_path, (20, 18, 1), swap=swap, **change)
    assert all("case.toml" in line for line in str(error.value).splitlines())


def test_mirrors_go_with_a_frame_without_swirl(tmp_path):
    case = turning_case(tmp_path, swap=("wall", "symmetry"), coriolis="false")
    assert simulate(case, 3).read("u").any()
    assert case.speeds["centrifugal velocity"] > 0
