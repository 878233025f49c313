"""Waves of heat and solute, and the heat of a box, on made fields."""

import numpy as np
import pytest

from levitas.postprocess.metrics import scalar_waves as carried
from levitas.postprocess.metrics.value import NotMeasured
from tests.support.synthetic import PERIODIC, SYMMETRIC


def cosine(amplitude, place, cells=24):
    x = (np.arange(cells) + 0.5) / cells
    return np.broadcast_to(5 + amplitude * np.cos(2 * np.pi * (x - place)), (1, 3, cells))


def test_amplitude_and_place():
    field = cosine(0.7, 0.3) + cosine(0.1, 0.0, 24) * 0
    assert carried.wave_T(field) == pytest.approx(0.7)
    assert carried.wave_c_place(field) == pytest.approx(0.3)


def test_loss_is_the_mean_of_a_step():
    step = np.array([0, 10, 20])
    assert carried.wave_loss(step * 0.5, step, 3 * 0.999**step).value == pytest.approx(1e-3)
    with pytest.raises(NotMeasured):
        carried.wave_loss(step[:1], step[:1], np.ones(1))


def test_lead_over_the_stream():
    time = np.arange(0, 101, 10.0)
    place = (0.9 + 0.02 * time) % 1
    lead = carried.wave_lead(time, place, (0.19, 0, 0), (10.0, 1, 1))
    assert lead == pytest.approx(0.001 * 100)


def test_heat_of_liquid_gas_and_solid():
    T = np.full((1, 4, 6), 310.0)
    phi = np.zeros((1, 4, 6))
    phi[..., :2] = 1
    solid = np.full((1, 4, 6), np.nan)
    solid[..., 5] = 7.0
    found = carried.heat_content(T, 0.5, PERIODIC, 300.0, 4.0, 0.5, phi, solid)
    assert found == pytest.approx(10 * 0.25 * 4 * (2 * 4.0 + 3 * 0.5 + 7.0))
    mirrored = carried.heat_content(T, 0.5, SYMMETRIC, 300.0, 4.0)
    assert mirrored == pytest.approx(8 * 10 * 0.25 * 24 * 4.0)


def test_drift_of_heat():
    time, step = np.arange(3.0), np.array([0, 50, 100])
    assert carried.heat_drift(time, step, np.array([2.0, 2.0, 2.02])).value == pytest.approx(0.01)
    with pytest.raises(NotMeasured):
        carried.heat_drift(time, step, np.zeros(3))
