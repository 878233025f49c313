"""Rise velocity and roundness on made fields with known answers."""

import math

import numpy as np
import pytest

from levitas.postprocess.metrics import rise
from levitas.postprocess.metrics.value import NotMeasured
from tests.support.synthetic import PERIODIC, centres, drop

WALLS = PERIODIC | {"y-": "wall", "y+": "wall"}


def test_a_bubble_rises_against_gravity_and_a_drop_sinks_with_it():
    liquid = drop((48, 60, 1), (20.0, 25.0, 0.5), 9.0)
    still, carried = np.zeros(liquid.shape), 0.02 * liquid
    flux = carried.mean(dtype=float)
    share = (liquid * carried).sum(dtype=float) / liquid.sum(dtype=float)
    down = (0.0, -9.81, 0.0)
    rising = rise.rise_velocity(1 - liquid, still, carried, still, down)
    assert rising == pytest.approx(share - flux, rel=1e-6)
    sinking = rise.rise_velocity(liquid, still, -carried, still, down)
    assert sinking == pytest.approx(-rising, rel=1e-6)


def test_rise_velocity_is_that_at_zero_flux_whatever_carries_the_box():
    phi = drop((24, 26, 28), (12.0, 12.5, 13.0), 7.0)
    still = np.zeros(phi.shape)
    for stream in (0.0, 0.3):
        found = rise.rise_velocity(phi, still, still, 0.01 * phi + stream, (0, 0, -1.6))
        assert found == pytest.approx(rise.rise_velocity(phi, still, still, 0.01 * phi, (0, 0, 0)))


def test_upwards():
    assert rise.upwards((0, 0, 0), flat=True) == pytest.approx([0, 1, 0])
    assert rise.upwards((0, 0, 0), flat=False) == pytest.approx([0, 0, 1])
    assert rise.upwards((3, 0, -4), flat=False) == pytest.approx([-0.6, 0, 0.8])


def test_circularity_is_a_ratio_of_lengths():
    x, y, _ = centres((120, 60, 1))
    ellipse = 0.5 * (1 + np.tanh(15 - np.hypot((x - 60) / 3, y - 30)))[None]
    a, b = 45, 15
    around = math.pi * (3 * (a + b) - math.sqrt((3 * a + b) * (a + 3 * b)))
    exact = 2 * math.pi * math.sqrt(a * b) / around
    assert rise.circularity(ellipse, PERIODIC) == pytest.approx(exact, rel=2e-3)
    with pytest.raises(NotMeasured, match="sphericity"):
        rise.circularity(drop((20, 20, 20), (10, 10, 10), 6.0), PERIODIC)


def test_extremes_lie_between_the_records():
    time = np.arange(0.0, 3.0, 0.1)
    speed = 0.24 - 0.1 * (time - 0.93) ** 2
    speed[-1] = np.nan
    found = rise.rise_velocity_max(time, speed)
    assert found.value == pytest.approx(0.24, abs=1e-9)
    assert "0.93" in found.note
    assert rise.circularity_min(time, 1 - speed).value == pytest.approx(0.76, abs=1e-9)
    assert rise.rise_velocity_max(time, time).value == pytest.approx(2.9)
    with pytest.raises(NotMeasured):
        rise.circularity_min(time, np.full(len(time), np.nan))
