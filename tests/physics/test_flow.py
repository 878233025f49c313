"""The flow: order in a periodic box, walls, mirrors."""

import numpy as np
import pytest

from levitas.solver.case.case import Case
from tests.support.case import simulate

WAVE = """
[case]
units = "lattice"
precision = "float64"
end = {{ steps = 10 }}
[grid]
cells = {cells}
origin = "corner"
[materials]
liquid = {{ density = 1.0, viscosity = {nu} }}
[flow]
reference_velocity = {speed}
pressure_gradient = {gradient}
{more}
"""
VORTICES = """
[[field]]
name = "u"
expression = "-flow.reference_velocity*cos(2*pi*{a}/grid.l{a})*sin(2*pi*{b}/grid.l{b})"
[[field]]
name = "{v}"
expression = "flow.reference_velocity*sin(2*pi*{a}/grid.l{a})*cos(2*pi*{b}/grid.l{b})"
"""


def flow(tmp_path, cells, nu=0.02, speed=0.02, gradient=(0, 0, 0), more=""):
    path = tmp_path / "case.toml"
    text = WAVE.format(cells=list(cells), nu=nu, speed=speed, gradient=list(gradient), more=more)
    path.write_text(text)
    return simulate(Case.read(path))


def decay(tmp_path, n):
    """Relative error of the decay rate of vortices, velocity falling with the grid."""
    nu, more = 0.05, VORTICES.format(a="x", b="y", v="v")
    sim = flow(tmp_path, (n, n, 1), nu, 0.32 / n, more=more)
    steps = 2 * n * n // 64

    def energy():
        return (sim.read("u") ** 2 + sim.read("v") ** 2).mean()

    for _ in range(steps // 4):
        sim.step()
    first = energy()
    for _ in range(steps):
        sim.step()
    return np.log(first / energy()) / (4 * nu * (2 * np.pi / n) ** 2 * steps) - 1


def test_second_order(tmp_path):
    coarse, fine = decay(tmp_path, 16), decay(tmp_path, 32)
    assert abs(fine) < 2e-3 and abs(coarse) > 2.5 * abs(fine)


@pytest.mark.parametrize("nu", [0.02, 0.125, 0.5])
def test_channel_has_the_slip_that_the_docs_state(tmp_path, nu):
    """Halfway bounce-back: (8 nu - 1)/H^2 of the largest velocity."""
    height, top = 16, 0.01
    gradient = -8 * nu * top / height**2
    walls = "".join(f'[[boundary]]\nface = "{f}"\nkind = "wall"\n' for f in ("y-", "y+"))
    sim = flow(tmp_path, (4, height, 1), nu, gradient=(gradient, 0, 0), more=walls)
    for _ in range(int(6 * height**2 / nu / 2)):
        sim.step()
    y = (np.arange(height) + 0.5) / height
    slip = (sim.read("u")[0, :, 1] / top - 4 * y * (1 - y)).mean()
    assert slip == pytest.approx((8 * nu - 1) / height**2, abs=2e-4)


def test_a_mirror_is_half_of_a_symmetric_flow(tmp_path):
    """Rolls that are even about y = 0 and y = 8: half of the box between mirrors has their bits."""
    rolls = """
[[field]]
name = "u"
expression = "0.02*sin(2*pi*x/16)*cos(2*pi*y/16)"
[[field]]
name = "v"
expression = "-0.02*cos(2*pi*x/16)*sin(2*pi*y/16)"
"""
    mirrors = "".join(f'[[boundary]]\nface = "{f}"\nkind = "symmetry"\n' for f in ("y-", "y+"))
    whole = flow(tmp_path, (16, 16, 1), more=rolls)
    half = flow(tmp_path, (16, 8, 1), more=rolls + mirrors)
    for _ in range(60):
        whole.step()
        half.step()
    for name in "uvp":
        assert np.abs(half.read(name) - whole.read(name)[:, :8]).max() < 1e-15
    assert np.abs(half.read("v")).max() > 1e-3


def test_a_closed_box_with_a_moving_lid_leaks_nothing(tmp_path):
    """Across the middle as much flows back as the lid takes along: the rest would be u/6 a step."""
    walls = "".join(f'[[boundary]]\nface = "{f}"\nkind = "wall"\n' for f in ("x-", "x+", "y-"))
    lid = '[[boundary]]\nface = "y+"\nkind = "wall"\nvelocity = [0.02, 0, 0]\n'
    sim = flow(tmp_path, (16, 16, 1), nu=0.1, more=walls + lid)
    for _ in range(3000):
        sim.step()
    u = sim.read("u")[0]
    through = (u[:, 7] + u[:, 8]).sum() / 2
    assert u[-1, 8] > 0.01 and abs(through) < 0.01 * 0.02
