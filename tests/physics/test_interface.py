"""The interface: its discrete equilibrium, its tension, its transport."""

import numpy as np
import pytest

from levitas.solver.case.case import Case
from levitas.solver.physics.interface.tension import (
    along_factor,
    pressure_profile,
    spared,
    tension_factor,
)
from tests.support.case import simulate

FLAT = """
[case]
units = "lattice"
precision = "float64"
end = {{ steps = 10 }}
[grid]
cells = [{nx}, 4, 1]
origin = "corner"
[materials]
liquid = {{ density = 1.0, viscosity = 0.1, surface_tension = 1e-3 }}
gas = {{ density = {rho_g}, viscosity = 1e-3 }}
[flow]
reference_velocity = 0.02
[interface]
width = {width}
mobility = 0.05
[[shape]]
phase = "liquid"
kind = "plane"
axis = [1, 0, 0]
centre = [{place}, 0, 0]
[[boundary]]
face = "x-"
kind = "symmetry"
[[boundary]]
face = "x+"
kind = "symmetry"
"""


def flat(tmp_path, width=4.0, place=24.3, rho_g=1e-3, nx=48):
    path = tmp_path / "case.toml"
    path.write_text(FLAT.format(width=width, place=place, rho_g=rho_g, nx=nx))
    return simulate(Case.read(path))


@pytest.mark.parametrize("width", [3.0, 4.0, 5.5])
@pytest.mark.parametrize("place", [24.0, 24.3])
def test_tanh_is_the_discrete_equilibrium(tmp_path, width, place):
    sim = flat(tmp_path, width, place)
    before = sim.read("phi")
    for _ in range(600):
        sim.step()
    assert np.abs(sim.read("phi") - before).max() < 2e-4
    assert np.abs(sim.read("u")).max() < 1e-6


def test_d_is_the_distance(tmp_path):
    sim = flat(tmp_path)
    x = np.arange(48) + 0.5
    near = np.abs(x - 24.3) < 10
    assert np.allclose(sim.fields["d"].own[0, 0, 1][near], (24.3 - x)[near], atol=1e-6)


def test_the_factor_of_equal_densities_is_what_acts_outside_the_gas():
    for width in (3, 4, 6, 12):
        assert tension_factor(width, 1.0) == pytest.approx(along_factor(), abs=2e-5)


def test_the_factor_grows_with_the_density_ratio():
    factors = [tension_factor(4, ratio) for ratio in (1, 10, 100, 1000)]
    assert factors == sorted(factors)
    assert tension_factor(12, 1000) == pytest.approx(along_factor(), abs=0.01)


def test_the_pressure_of_the_start_is_the_integral_of_the_force():
    phi = np.linspace(0, 1, 20001)
    middle = (phi[1:] + phi[:-1]) / 2
    force = 6 * middle * (1 - middle) * spared(middle) / along_factor()
    assert np.allclose(pressure_profile(phi)[1:], np.cumsum(force) * 5e-5, atol=1e-8)


@pytest.mark.parametrize("ratio", [10, 1000])
def test_a_disc_carries_its_laplace_pressure(tmp_path, ratio):
    radius, sigma = 16, 1e-3
    text = FLAT.format(width=4.0, place=0, rho_g=1 / ratio, nx=32).replace("32, 4, 1", "32, 32, 1")
    text = text.replace('"plane"\naxis = [1, 0, 0]', f'"sphere"\nradius = {radius}')
    for face in ("y-", "y+"):
        text += f'[[boundary]]\nface = "{face}"\nkind = "symmetry"\n'
    (tmp_path / "case.toml").write_text(text)
    sim = simulate(Case.read(tmp_path / "case.toml"), 4000)
    p = sim.read("p")[0]
    r = np.hypot(*np.meshgrid(np.arange(32) + 0.5, np.arange(32) + 0.5))
    jump = p[r < 6].mean() - p[r > 26].mean()
    assert jump == pytest.approx(sigma / radius, rel=0.02)
