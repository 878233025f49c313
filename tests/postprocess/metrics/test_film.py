"""Films, waves and threads: measures on made profiles, theory in its limits."""

import math

import numpy as np
import pytest

from levitas.postprocess.metrics import film
from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.references import waves

X, Y = np.arange(40) + 0.5, np.arange(30) + 0.5
FACES = {"y-": "wall", "y+": "wall"}


def layer(amplitude, width=4.0):
    height = 12.3 + amplitude * np.cos(2 * np.pi * X / 40)
    return 0.5 * (1 + np.tanh(2 * (height[None, :] - Y[:, None]) / width))[None]


def test_thickness_of_a_smeared_film_is_that_of_the_sharp_one():
    phi = layer(1.5)
    assert film.film_thickness(phi, 1, 0.5) == pytest.approx(12.3 * 0.5, rel=1e-3)
    assert film.film_thickness_max(phi, 1, 0.5) == pytest.approx(13.8 * 0.5, rel=3e-3)
    assert film.film_thickness_min(phi, 1, 0.5) == pytest.approx(10.8 * 0.5, rel=3e-3)
    assert film.film_nonuniformity(phi, 1, 0.5) == pytest.approx(1.5 / 12.3, rel=0.01)
    assert film.film_variation(phi, 1, 0.5) == pytest.approx(1.5 / 12.3 / math.sqrt(2), rel=0.01)


def test_thickness_near_the_axis_leaves_the_edge_out():
    """Within two mean thicknesses of the axis, in cells of 0.5: the step beyond does not count."""
    x, y, z = np.arange(30) + 0.5, np.arange(26)[:, None] + 0.5, np.arange(8)[:, None, None] + 0.5
    height = np.where(np.hypot(x - 2, y) < 20, 3.0, 5.0)
    phi = np.clip(height - z + 0.5, 0, 1)
    given = {"spacing": 0.5, "corner": (1.0, 2.0, 0.0), "turn_centre": (2.0, 2.0, 9.0)}
    assert film.film_thickness_axis(phi, 2, **given) == pytest.approx(1.5)
    flat = np.broadcast_to(np.clip(3.5 - np.arange(8)[:, None], 0, 1), (1, 8, 30))
    assert film.film_thickness_axis(flat, 1, **given) == pytest.approx(flat[0, :, 0].sum() / 2)
    with pytest.raises(NotMeasured, match="outside"):
        film.film_thickness_axis(flat, 1, 0.5, (1.0, 2.0, 0.0), (90.0, 0.0, 0.0))


@pytest.mark.parametrize("amplitude", [0.8, -0.8])
def test_amplitude_of_a_wave_has_a_sign(amplitude):
    wave = {"round": False, "normal": 1, "along": 0, "number": 2 * np.pi / 20, "phase": 0.0}
    found = film.wave_amplitude(layer(amplitude), wave | {"sign": 1.0}, 0.5, FACES, (0, 0, 0))
    assert found == pytest.approx(0.5 * amplitude, rel=1e-3)


def test_amplitude_of_a_wave_along_a_cylinder():
    z = np.arange(24) + 0.5
    radius = 6 + 0.5 * np.cos(2 * np.pi * z / 24)[:, None, None]
    r = np.hypot(X[None, None, :] - 20, (np.arange(40) + 0.5)[None, :, None] - 20)
    phi = 0.5 * (1 + np.tanh(2 * (radius - r) / 3))
    wave = {"round": True, "normal": -1, "along": 2, "number": 2 * np.pi / 24, "phase": 0.0}
    found = film.wave_amplitude(phi, wave | {"sign": 1.0}, 1.0, {}, (0, 0, 0))
    smeared = math.hypot(6, math.pi * 0.75 / math.sqrt(3))  # radius that the section counts as
    assert found == pytest.approx(0.5 * 6 / smeared, rel=2e-3)
    mirrors = dict.fromkeys(("x-", "x+", "y-", "y+", "z-", "z+"), "symmetry")
    eighth = film.wave_amplitude(phi[:12, 20:, 20:], wave | {"sign": 1.0}, 1.0, mirrors, (0, 0, 0))
    assert eighth == pytest.approx(found, rel=1e-6)


@pytest.mark.parametrize("moved", [-7.0, 0.0, 12.5])
def test_a_wave_that_moves_keeps_its_size(moved):
    height = 12 + 0.9 * np.cos(2 * np.pi * (X - moved) / 40)
    phi = 0.5 * (1 + np.tanh(height[None, :] - Y[:, None]))[None]
    wave = {"round": False, "normal": 1, "along": 0, "number": 2 * np.pi / 20, "phase": 0.0}
    given = (phi, wave | {"sign": 1.0}, 0.5, FACES, (0, 0, 0))
    assert film.wave_size(*given) == pytest.approx(0.45, rel=1e-3)
    assert film.wave_shift(*given) == pytest.approx(0.5 * moved, abs=1e-3)


def test_growth_rate_is_that_of_the_small_wave():
    time = np.linspace(0, 10, 101)
    assert film.growth_rate(time, np.exp(-0.3 * time)).value == pytest.approx(-0.3)
    from_rest = np.cosh(0.8 * time) / (1 + 1e-3 * np.exp(0.8 * time))
    assert film.growth_rate(time, from_rest).value == pytest.approx(0.8, rel=0.03)
    with pytest.raises(NotMeasured):
        film.growth_rate(time[:5], np.exp(time[:5]))


def test_threads_grow_as_rayleigh_and_as_stokes():
    from scipy.special import iv

    x = 0.7
    length, drive = 2 * math.pi / x, 1 - x * x
    inviscid = math.sqrt(x * iv(1, x) / iv(0, x) * drive)
    assert waves.thread_rate(length, 1, 1e-4, 1, 1) == pytest.approx(inviscid, rel=1e-3)
    slow = -drive / 20 / (1 + x * x * (1 - (iv(0, x) / iv(1, x)) ** 2))
    assert waves.thread_rate(length, 1, 10, 1, 1) == pytest.approx(slow, rel=1e-3)
    assert waves.thread_rate(6.0, 1, 1, 1, 1) == 0


def test_deep_waves_in_their_limits():
    length = 2 * math.pi
    assert waves.wave_frequency(length, 1e-6, 1, 1e-3, 1) == pytest.approx(
        math.sqrt(1 / 1.001) / length, rel=1e-3
    )
    assert waves.wave_damping(length, 1e-6, 1, 1e-9, 1) == pytest.approx(2e-6, rel=0.01)
    assert waves.overturn_rate(length, 1e-7, 3, 1, 0, 1) == pytest.approx(math.sqrt(0.5), rel=1e-3)


def test_levelling_has_the_thin_film_limit():
    k, h = 2 * math.pi / 100, 1.0
    lubrication = (2.0 * k**2 + 0.5) * k**2 * h**3 / (3 * 0.1)
    assert waves.levelling_rate(100, h, 0.1, 2.0, 1.0, 0.5) == pytest.approx(lubrication, rel=0.01)
    # at kh = 0.5 the film levels at 0.69 of the lubrication rate
    x = 0.5
    share = waves.levelling_rate(2 * math.pi / x, 1, 1, 1, 1) / (x**4 / 3)
    assert share == pytest.approx(0.69, abs=0.005)


def test_free_surface_follows_lamb():
    """(s + 2 nu k^2)^2 + w0^2 = 4 nu^2 k^3 m, m^2 = k^2 + s/nu, for a wave on one deep fluid."""
    nu, length = 0.05, 2 * math.pi
    rate = -waves.wave_damping(length, nu, 1, 1e-9, 1)
    s = complex(rate, 2 * math.pi * waves.wave_frequency(length, nu, 1, 1e-9, 1))
    m = np.sqrt(1 + s / nu)
    assert abs((s + 2 * nu) ** 2 + 1 - 4 * nu**2 * m) < 1e-6
