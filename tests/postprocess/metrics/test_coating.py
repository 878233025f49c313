"""The coat on plates and fibres drawn from a bath: its thickness, and what a case says is drawn."""

import numpy as np
import pytest

from levitas.postprocess.metrics import coating as coat
from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.results import scope
from levitas.solver.case.case import Case
from levitas.solver.geometry.cells import solid_cells
from tests.support.case import write

FIBRE = """
[case]
units = "lattice"
end = { steps = 1 }
[grid]
cells = [24, 24, 40]
origin = "corner"
[materials]
liquid = { viscosity = 0.1, surface_tension = 1e-3 }
gas = { density = 1e-2, viscosity = 1e-3 }
solid = { density = 2 }
[flow]
reference_velocity = 0.02
[interface]
[[shape]]
kind = "plane"
centre = [0, 0, 8]
[[shape]]
kind = "cylinder"
centre = [0, 0, 0]
radius = 12
[[shape]]
phase = "solid"
kind = "cylinder"
centre = [0, 0, 0]
radius = 6.2
velocity = [0, 0, 0.01]
[[boundary]]
face = "all"
kind = "symmetry"
[[boundary]]
face = "z-"
kind = "inflow"
velocity = [0, 0, 1e-3]
[[boundary]]
face = "z+"
kind = "outflow"
"""


def plate(thin, far=0.0, rows=64):
    """phi of a film that falls from the bath's width to `thin`, and on by `far` at the top."""
    y = np.arange(rows) + 0.5
    film = thin + far * y / rows + 30 * np.exp(-(y - 12) / 4)
    x = np.arange(50) + 0.5
    return 0.5 * (1 + np.tanh(film[:, None] - x))[None]


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_coat_of_a_plate_is_taken_where_it_is_even(sign):
    drawn = {"along": 1, "normal": 0, "sign": sign}
    phi = plate(7.0) if sign > 0 else plate(7.0)[:, ::-1]
    found = coat.coat_thickness(phi, drawn, 0.5, {})
    assert found.value == pytest.approx(3.5, rel=0.02) and "even within" in found.note
    falling = coat.coat_thickness(plate(7.0, far=-6.0), drawn | {"sign": 1.0}, 0.5, {})
    assert falling.value < 3.5
    with pytest.raises(NotMeasured):
        coat.coat_thickness(np.ones((1, 64, 50)), drawn, 0.5, {})


def test_coat_of_a_fibre_counts_its_liquid_only(tmp_path):
    case = Case.read(write(tmp_path, FIBRE))
    solid, drawn = solid_cells(case), scope.drawn(case)
    assert drawn == {"along": 2, "normal": None, "sign": 1.0}
    core = 2 * np.sqrt(solid[0].sum() / np.pi)
    r = np.hypot(np.arange(24) + 0.5, (np.arange(24) + 0.5)[:, None])
    phi = np.where(np.arange(40)[:, None, None] < 8, 1.0, 0.5 * (1 + np.tanh(12 - r)))
    phi[:, r < 5] = 0.3  # whatever a solid cell holds
    found = coat.coat_thickness(phi, drawn, 1.0, case.faces, solid).value
    assert found == pytest.approx(12 - core, rel=0.01)


def test_a_solid_has_no_liquid_fraction_of_its_own(tmp_path):
    """What lies around it wets it: no gas between film and fibre at the start."""
    from tests.support.case import simulate

    sim = simulate(Case.read(write(tmp_path, FIBRE)))
    phi, solid = sim.read("phi"), solid_cells(sim.case)
    assert np.array_equal(solid, sim.obstacles.mask)
    x = np.arange(24) + 0.5
    near = (np.hypot(x, x[:, None]) < 8) & ~solid
    assert phi[near].min() > 0.95
