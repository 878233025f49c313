"""What temperature and the liquid's laws do to the flow, against exact solutions."""

import numpy as np
import pytest

from levitas.solver.case.case import Case
from levitas.solver.materials import laws
from levitas.solver.physics.interface.tension import along_factor, tension_factor
from levitas.solver.run.simulation import Simulation
from tests.support.case import bits, hot_case, simulate

CASE = """
[case]
units = "lattice"
precision = "float64"
end = {{ steps = 10 }}
[grid]
cells = {cells}
origin = "corner"
[materials]
reference_temperature = 300
liquid = {{ density = 1.0, viscosity = {nu}, conductivity = 0.02, heat_capacity = 1.0{more} }}
[flow]
reference_velocity = 0.02
"""
WALL = '[[boundary]]\nface = "{}"\nkind = "wall"\n'
CHANNEL = WALL.format("y-") + WALL.format("y+")


def run(folder, steps, text, **fill):
    path = folder / "case.toml"
    fill["more"] = ", " + fill["more"] if "more" in fill else ""
    path.write_text(CASE.format(**{"nu": 0.05, "cells": [4, 24, 1]} | fill) + text)
    return simulate(Case.read(path), steps)


def profile(viscosity, gradient, height):
    """Velocity at cell centres of a channel whose viscosity is a function of the strain rate."""
    fine = 40
    y = (np.arange(height * fine) + 0.5) / fine
    stress, low, high = gradient * np.abs(height / 2 - y), np.full(y.shape, 1e-14), 10.0
    high = np.full(y.shape, high)
    for _ in range(80):
        middle = np.sqrt(low * high)
        less = viscosity(middle) * middle < stress
        low, high = np.where(less, middle, low), np.where(less, high, middle)
    rate = low * np.sign(height / 2 - y)
    u = (np.cumsum(rate) - rate / 2) / fine
    return u.reshape(height, fine)[:, fine // 2 - 1 : fine // 2 + 1].mean(axis=1)


RATE = 0.03 / 12 * 3  # strain rate at the wall, about
RHEOLOGIES = {
    "power-law": (
        f'kind = "power-law", consistency = {0.06 * RATE**0.5}, exponent = 0.5, '
        "min_viscosity = 1e-3, max_viscosity = 1.0",
        lambda g: np.clip(0.06 * (g / RATE) ** -0.5, 1e-3, 1.0),
    ),
    "carreau": (
        f'kind = "carreau", exponent = 0.4, relaxation_time = {3 / RATE}, '
        "infinite_viscosity = 0.005",
        lambda g: 0.005 + 0.195 * (1 + (3 * g / RATE) ** 2) ** -0.3,
    ),
    "bingham": (
        f'kind = "bingham", yield_stress = {0.1 * RATE}, regularisation = {20 / RATE}',
        lambda g: 0.2 + 0.1 * RATE * -np.expm1(-20 * g / RATE) / g,
    ),
}


@pytest.mark.parametrize("kind", RHEOLOGIES)
def test_channel_flow_of_a_liquid_with_a_law(tmp_path, kind):
    keys, viscosity = RHEOLOGIES[kind]
    gradient = viscosity(RATE) * RATE / 12
    drive = f"pressure_gradient = [{-gradient}, 0, 0]\n" + CHANNEL
    sim = run(tmp_path, 9000, drive, nu=0.2, more=f"rheology = {{ {keys} }}")
    exact = profile(viscosity, gradient, 24)
    assert np.abs(sim.read("u")[0, :, 1] - exact).max() < 0.006 * exact.max()


LAWS = {
    'kind = "arrhenius", activation_energy = 20000': lambda t: np.exp(
        20000 / laws.GAS_CONSTANT * (1 / t - 1 / 300)
    ),
    'kind = "vft", b = 500, t0 = 150': lambda t: np.exp(500 / (t - 150) - 500 / 150),
    'kind = "table", points = [[290, 2.0], [305, 1.0], [330, 0.25]]': lambda t: np.exp(
        np.interp(t, [290, 305, 330], np.log([2, 1, 0.25]))
        - np.interp(300, [290, 305, 330], np.log([2, 1, 0.25]))
    ),
}


@pytest.mark.parametrize("law", LAWS)
def test_shear_of_a_liquid_with_a_temperature(tmp_path, law):
    """Between moving walls mu(T) du/dy is the same everywhere."""
    heat = 'velocity = [0.02, 0, 0]\n[heat]\nprescribed = "288 + 2*y"\n'
    sim = run(tmp_path, 9000, CHANNEL + heat, nu=0.1, more=f"viscosity_law = {{ {law} }}")
    fine = (np.arange(24 * 50) + 0.5) / 50
    u = np.cumsum(1 / LAWS[law](288 + 2 * fine))
    exact = 0.02 * (u / u[-1]).reshape(24, 50)[:, 24:26].mean(axis=1)
    assert np.abs(sim.read("u")[0, :, 1] - exact).max() < 0.003 * 0.02


def test_warm_fluid_rises_in_step_with_a_shaken_box(tmp_path):
    """nu v'' - g(t) beta T0 cos kx: amplitude and phase of the answer to a sine."""
    nu, k, turn, g, beta = 0.05, 2 * np.pi / 24, 2 * np.pi / 200, 1e-4, 0.01
    text = '[heat]\nprescribed = "300 + 2*cos(2*pi*x/24)"\n[gravity]\nsignal = { kind = "sine", '
    text += "amplitude = 1e-4, frequency = 0.005 }\n"
    sim = run(tmp_path, 2800, text, cells=[24, 4, 1], nu=nu, more=f"thermal_expansion = {beta}")
    x, exact = np.arange(24) + 0.5, g * beta * 2 / (nu * k**2 + 1j * turn)
    for _ in range(37):
        sim.step()
    wave = np.imag(exact * np.exp(1j * turn * sim.time)) * np.cos(k * x)
    assert np.abs(sim.read("v")[0, 1] - wave).max() < 0.02 * abs(exact)


def test_without_gravity_warmth_has_the_bits_of_no_expansion(tmp_path):
    text = '[heat]\nprescribed = "300 + y"\n[gravity]\nvector = [0, 0, 0]\n'
    text += '[[field]]\nname = "u"\nexpression = "0.02*sin(2*pi*y/24)"\n'
    with_it = run(tmp_path, 20, text, more="thermal_expansion = 0.01")
    assert bits(with_it) == bits(run(tmp_path, 20, text))


def test_equal_and_opposite_buoyancies_leave_nothing(tmp_path):
    text = "[heat]\n[solute]\n[gravity]\nlevel = 0.1\n" + WALL.format("all")
    text += '[[field]]\nname = "T"\nexpression = "300 + y/16"\n'
    text += '[[field]]\nname = "c"\nexpression = "y/16"\n'
    more = "diffusivity = 0.02, thermal_expansion = 1.1e-3, solutal_expansion = -1.1e-3"
    sim = run(tmp_path, 20, text, more=more)
    assert np.array_equal(sim.fields["T"].own, sim.fields["c"].own)
    assert not np.abs([sim.read(n) for n in "uvw"]).any()


LAYERS = """
[interface]
[materials.gas]
density = {density}
viscosity = 0.05
conductivity = 0.02
heat_capacity = 1.0
[[shape]]
kind = "film"
size = 16
[heat]
prescribed = "300 + x"
"""


def test_tension_drags_two_layers(tmp_path):
    """A uniform slope of sigma along a flat film shears both fluids: (mu(y) u')' = -pull."""
    slope = 0.1 * 0.01 / 16
    more = f"surface_tension = 0.01, surface_tension_slope = {slope}"
    text = CHANNEL + LAYERS.format(density=1.0)
    sim = run(tmp_path, 0, text, cells=[4, 32, 1], nu=0.1, more=more)
    warm = sim.fields["T"].data
    warm[...] = np.arange(warm.shape[-1])  # straight on through the periodic faces
    for _ in range(16000):
        sim.step()
    y = (np.arange(32 * 100) + 0.5) / 100
    phi = 0.5 * (1 + np.tanh(2 * (16 - y) / 4))
    mu, pull = 0.05 * (1 + phi), np.cumsum(slope * 6 * (phi * (1 - phi)) ** 2) / 100
    u = np.cumsum((np.sum(pull / mu) / np.sum(1 / mu) - pull) / mu) / 100
    exact = u.reshape(32, 100)[:, 49:51].mean(axis=1)
    assert np.abs(sim.read("u")[0, :, 1] - exact).max() < 0.01 * exact.max()


def test_the_pull_of_equal_fluids_is_their_tension():
    for width in (3, 4, 6):
        assert along_factor() == pytest.approx(tension_factor(width, 1.000001), rel=1e-5)


def test_a_table_of_a_straight_law_is_the_law(tmp_path):
    text = CHANNEL + LAYERS.format(density=0.1)
    one = "surface_tension = 0.01, surface_tension_slope = -5e-5"
    other = "surface_tension = 0.01, surface_tension_table = [[290, 0.0105], [310, 0.0095]]"
    fill = {"cells": [8, 32, 1], "nu": 0.1}
    first, second = (run(tmp_path, 50, text, more=m, **fill) for m in (one, other))
    assert np.abs(first.read("u") - second.read("u")).max() < 1e-12
    assert np.abs(first.read("u")).max() > 1e-5


def test_a_drop_in_a_gradient_feels_no_net_force(tmp_path):
    """Tension along and across the surface of a drop cancel: momentum stays."""
    more = "surface_tension = 0.02, surface_tension_slope = -1e-4"
    text = """
[interface]
[materials.gas]
density = 1.0
viscosity = 0.1
conductivity = 0.02
heat_capacity = 1.0
[[shape]]
kind = "sphere"
centre = [24, 24, 0]
radius = 12
[heat]
prescribed = "300 + x - 24"
"""
    sim = run(tmp_path, 200, text, cells=[48, 48, 1], nu=0.1, more=more)
    assert abs(sim.read("u").sum() / 200) < 0.005 * 1e-4 * np.pi * 12
    assert sim.read("u")[0, 24, 24] > 1e-4  # towards the warm side


@pytest.mark.parametrize(
    ("cells", "precision"), [((17, 16, 13), "float32"), ((17, 16, 1), "float64")]
)
def test_restart_and_boxes_change_no_bit(tmp_path, cells, precision):
    case = hot_case(tmp_path, cells, precision)
    whole, first, parts = simulate(case, 14), simulate(case, 5), simulate(case)
    second = simulate(case)
    second.restore(*first.state())
    flow, block = parts.physics["flow"], parts.block
    flow.boxes = [([block.core], flow.boxes[-1][1]), (block.shell, flow.boxes[-1][1])]
    for sim, steps in ((second, 9), (parts, 14)):
        for _ in range(steps):
            sim.step()
    assert bits(second) == bits(whole) == bits(parts)
    assert isinstance(whole, Simulation) and np.abs(whole.read("u")).max() > 1e-4
