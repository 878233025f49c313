"""Exact flows of heated channels against published numbers, limits and series."""

import math

import numpy as np
import pytest

from levitas.postprocess.references import channels

PAPER = (-5e-4, 4, 512, 128, 128, 0.2, 0.2)


@pytest.mark.parametrize(
    ("lower", "upper", "speed"),
    [(0.2, 0.2, 3.352e-4), (0.2, 0.04, 5.587e-4), (0.04, 0.2, 1.117e-4)],
)
def test_two_layers_of_pendse_and_esmaeeli(lower, upper, speed):
    assert channels.heated_layers_speed(*PAPER, lower, upper) == pytest.approx(speed, abs=1e-7)


def test_deep_layers():
    """Far from the walls tau = 2 k (mu + mu') u; the wave of temperature falls as exp(-k h)."""
    k, h = 2 * math.pi / 512, 900
    found = channels.heated_layers_speed(-5e-4, 4, 512, h, h, 0.2, 0.3, 1.0, 3.0)
    felt = 4 * 2 * math.exp(-k * h) * 1.0 / (1.0 + 3.0)
    assert found == pytest.approx(5e-4 * felt / (2 * 0.5), rel=1e-6)


def test_shallow_layers_are_return_flows():
    """Each carries tau h/(4 mu) at its surface: no net flow in a film much longer than deep."""
    found = channels.heated_layers_speed(-1e-3, 2, 1e5, 10, 10, 0.1, 0.1, 1.0, 1.0)
    assert found == pytest.approx(1e-3 * 2 * math.pi / 1e5 * 1.0 * 10 / (4 * 0.2), rel=1e-5)


def test_a_slow_slot_follows_and_a_fast_one_stays_behind():
    drive, h, nu = 3.0, 0.7, 0.2
    y = np.linspace(0, h / 2, 2001)
    steady = np.trapezoid(drive / nu * (h * h * y / 24 - y**3 / 6), y)
    assert channels.slot_flow(drive, h, nu) == pytest.approx(steady, rel=1e-6)
    assert channels.slot_flow_amplitude(drive, h, nu, 1e-4) == pytest.approx(steady, rel=1e-6)
    assert channels.slot_flow_lag(drive, h, nu, 1e-4) == pytest.approx(0, abs=0.02)
    fast = 1e6  # without viscosity du/dt = drive y
    inviscid = drive * h * h / 8 / (2 * math.pi * fast)
    assert channels.slot_flow_amplitude(drive, h, nu, fast) == pytest.approx(inviscid, rel=2e-3)
    assert channels.slot_flow_lag(drive, h, nu, fast) == pytest.approx(90, abs=0.1)


def test_the_slot_against_a_series_of_sines():
    """u = sum b_n sin(2 pi n y/h): each mode is a first-order lag with its own rate."""
    drive, h, nu, f = 3.0, 0.7, 0.2, 0.8
    n = np.arange(1, 20001)
    b = drive * h / (math.pi * n) * (-1.0) ** (n + 1)  # of drive y
    mode = b / (2j * math.pi * f + nu * (2 * math.pi * n / h) ** 2)
    flow = (mode * (1 - (-1.0) ** n) * h / (2 * math.pi * n)).sum()
    assert channels.slot_flow_amplitude(drive, h, nu, f) == pytest.approx(abs(flow), rel=1e-6)
    lag = -math.degrees(np.angle(flow))
    assert channels.slot_flow_lag(drive, h, nu, f) == pytest.approx(lag, abs=1e-4)
