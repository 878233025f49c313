"""Solid shapes in the flow: drag, moving solids, bits."""

import numpy as np
import pytest

from levitas.solver.case.case import Case
from tests.support.case import bits, simulate

CASE = """
[case]
units = "lattice"
precision = "{precision}"
end = {{ steps = 10 }}
[grid]
cells = {cells}
[materials]
liquid = {{ density = 1.0, viscosity = {nu} }}
solid = {{ density = 1.0 }}
[flow]
reference_velocity = 0.02
"""
ROD = '[[shape]]\nphase = "solid"\nkind = "cylinder"\nradius = {radius}\n{more}\n'


def run(folder, cells, text, steps, nu=0.125, precision="float64"):
    path = folder / "case.toml"
    path.write_text(CASE.format(cells=list(cells), nu=nu, precision=precision) + text)
    return simulate(Case.read(path), steps)


@pytest.mark.parametrize(("share", "drag"), [(0.1, 24.83), (0.2, 51.53)])
def test_drag_of_a_square_array_of_cylinders(tmp_path, share, drag):
    """Stokes flow across it: F/(mu U) of Sangani and Acrivos, IJMF 8, 193, 1982."""
    side = 40
    text = f"pressure_gradient = [{-1e-6}, 0, 0]\n"
    text += ROD.format(radius=side * np.sqrt(share / np.pi), more="")
    sim = run(tmp_path, (side, side, 1), text, 4000)
    assert sim.obstacles.mask.mean() == pytest.approx(share, rel=0.03)
    assert 1e-6 * side**2 / (0.125 * sim.read("u").mean()) == pytest.approx(drag, rel=0.03)
    assert not sim.read("u")[sim.obstacles.mask].any()


def test_solid_cells_move_as_they_are_told(tmp_path):
    """A rod along the flow drags a shell of liquid: u = U ln(b/r)/ln(b/a) between round walls."""
    wall = '[[shape]]\nphase = "wall"\nkind = "expression"\nexpression = "hypot(x, y) - 17.6"\n'
    text = ROD.format(radius=6.3, more="velocity = [0, 0, 0.02]") + wall
    sim = run(tmp_path, (38, 38, 4), text, 2500)
    w, solid = sim.read("w")[1], sim.obstacles.mask[1]
    x = np.arange(38) - 18.5
    r = np.hypot(x[:, None], x[None, :])
    assert np.allclose(w[solid], np.where(r < 10, 0.02, 0)[solid], rtol=0, atol=1e-15)
    gap = (r > 7.5) & (r < 16.5)
    exact = 0.02 * np.log(17.6 / r) / np.log(17.6 / 6.3)
    assert np.abs(w - exact)[gap].max() < 0.03 * 0.02


def test_boxes_and_threads_change_no_bit(tmp_path):
    text = "pressure_gradient = [-1e-5, 0, 0]\n"
    text += ROD.format(radius=4.2, more="velocity = [0, 0, 0.02]")
    case = run(tmp_path, (17, 15, 9), text, 0, precision="float32").case
    whole, parts = simulate(case, 12), simulate(case, threads=2)
    flow, block = parts.physics["flow"], parts.block
    flow.boxes = [([block.core], flow.boxes[-1][1]), (block.shell, flow.boxes[-1][1])]
    for _ in range(12):
        parts.step()
    assert bits(parts) == bits(whole)
