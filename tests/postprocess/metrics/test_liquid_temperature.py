"""Temperatures of a liquid and the flow along its surface, on made fields."""

import numpy as np
import pytest

from levitas.postprocess.metrics import liquid_temperature as hot_liquid
from levitas.postprocess.metrics.value import NotMeasured

X, Y, Z = (np.arange(n) + 0.5 for n in (40, 18, 18))
R = np.sqrt((X - 20) ** 2 + Y[:, None] ** 2 + Z[:, None, None] ** 2)
PHI = 0.5 * (1 + np.tanh((12 - R) / 2))


def test_mean_temperature_leaves_the_gas_out():
    T = 300 + 2 * (X - 20) + 500 * (R > 20) + np.zeros_like(R)
    assert hot_liquid.liquid_temperature(T, PHI) == pytest.approx(300, abs=0.6)
    assert hot_liquid.liquid_temperature_max(T, PHI) == pytest.approx(300 + 2 * 12, abs=1.1)


def test_surface_of_a_hill_vortex_runs_against_its_middle():
    """u = 1 - 2 r^2 + x^2 in radii: on the surface its mean is -2/3, inside 0."""
    x, r = (X - 20) / 12, R / 12
    u = 1 - 2 * r**2 + x**2 + 7.0
    assert hot_liquid.surface_drift_x(u, PHI) == pytest.approx(-2 / 3, rel=0.08)
    assert hot_liquid.surface_drift_x(-u, PHI) == pytest.approx(2 / 3, rel=0.08)


def test_change_is_that_from_start_to_end():
    found = hot_liquid.temperature_change(np.arange(3.0), np.array([300.0, 350.0, 290.0]))
    assert found.value == -10


def test_without_liquid_nothing_is_measured():
    none = np.zeros((1, 4, 4))
    for measure in (hot_liquid.liquid_temperature, hot_liquid.liquid_temperature_max):
        with pytest.raises(NotMeasured):
            measure(none, none)
    with pytest.raises(NotMeasured):
        hot_liquid.surface_drift_x(none, none)
