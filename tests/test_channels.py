"""Exact flows of heated channels against published numbers, limits and series."""

import math

import pytest

from levitas.postprocess import channels

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
