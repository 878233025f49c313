"""Inflow and outflow: a channel with a stream, liquid that comes in, a drop that leaves."""

import numpy as np
import pytest

from tests.support.case import bits, channel_case, open_case, simulate

WALL = '[[boundary]]\nface = "{}"\nkind = "wall"\n'
MIRROR = '[[boundary]]\nface = "{}"\nkind = "symmetry"\n'


def test_a_plug_becomes_a_parabola(tmp_path):
    """What flows in flows out; profile, pressure gradient and pressure 0 at the outflow."""
    more, nu, height = WALL.format("y-") + WALL.format("y+"), 0.05, 16
    sim = simulate(channel_case(tmp_path, (56, height, 1), more, phase="liquid", nu=nu), 6000)
    u, p = sim.read("u")[0], sim.read("p")[0]
    mean = u.mean(axis=0)
    assert np.ptp(mean) < 1e-5 * mean[0]
    assert mean[0] == pytest.approx(0.02, rel=0.02)  # walls take a part of the corners
    y = (np.arange(height) + 0.5) / height
    exact = 6 * mean[0] * y * (1 - y)
    assert np.abs(u[:, -4] - exact).max() < 0.01 * exact.max()
    fall = 12 * nu * mean[0] / height**2
    assert (p[8, 36] - p[8, -1]) / 19 == pytest.approx(fall, rel=0.02)
    assert p[8, -1] == pytest.approx(fall / 2, rel=0.05)  # half a cell from the face


def test_liquid_that_flows_in_is_counted(tmp_path):
    """A liquid column pushes gas out: the liquid grows by what the inflow brings."""
    plane = '[interface]\n[[shape]]\nkind = "plane"\ncentre = [14, 0, 0]\naxis = [1, 0, 0]\n'
    plane += '[[field]]\nname = "u"\nexpression = "0.02"\n'
    more = MIRROR.format("y-") + MIRROR.format("y+") + plane
    sim = simulate(channel_case(tmp_path, (64, 8, 1), more, phase="liquid"))
    before = sim.read("phi").sum()
    for _ in range(1000):
        sim.step()
    assert sim.read("phi").sum() - before == pytest.approx(1000 * 0.02 * 8, rel=1e-5)
    assert np.abs(sim.read("u") - 0.02).max() < 1e-5 and np.abs(sim.read("v")).max() < 1e-9


def test_a_drop_leaves(tmp_path):
    """Through an outflow, gas following: nothing stays, nothing runs away.

    The last of it, a sliver of some two cells, is pulled in at its capillary speed sqrt(sigma/2).
    """
    more = MIRROR.format("y-") + MIRROR.format("y+") + "[interface]\n"
    more += '[[shape]]\nkind = "sphere"\ncentre = [24, 14, 0]\nradius = 7\n'
    more += '[[field]]\nname = "u"\nexpression = "0.02"\n'
    sim = simulate(channel_case(tmp_path, (44, 28, 1), more))
    before, fastest = sim.read("phi").sum(), 0
    for _ in range(2000):
        sim.step()
        if sim.steps % 100 == 0:
            fastest = max(fastest, np.abs(sim.read("u") - 0.02).max())
            sim.check_health()
    assert sim.read("phi").sum() < 2e-3 * before and fastest < 1.3 * (1e-3 / 2) ** 0.5
    assert np.abs(sim.read("v")).max() < 2e-3


@pytest.mark.parametrize(
    ("cells", "precision"), [((19, 17, 14), "float32"), ((20, 17, 1), "float64")]
)
def test_restart_and_boxes_change_no_bit(tmp_path, cells, precision):
    case = open_case(tmp_path, cells, precision)
    whole, first, parts = simulate(case, 23), simulate(case, 9), simulate(case)
    second = simulate(case)
    second.restore(*first.state())
    flow, block = parts.physics["flow"], parts.block
    flow.boxes = [([block.core], flow.boxes[-1][1]), (block.shell, flow.boxes[-1][1])]
    for sim, steps in ((second, 14), (parts, 23)):
        for _ in range(steps):
            sim.step()
    assert bits(second) == bits(whole) == bits(parts)
    assert np.abs(whole.read("u")).max() > 0.02


def test_one_phase_restarts_with_the_same_bits(tmp_path):
    case = channel_case(tmp_path, (18, 9, 5), WALL.format("y-") + WALL.format("y+"), "liquid")
    whole, first, second = simulate(case, 23), simulate(case, 9), simulate(case)
    second.restore(*first.state())
    for _ in range(14):
        second.step()
    assert bits(second) == bits(whole)
