"""Drying films: the reference in its limits, and its measures on made films."""

import math

import numpy as np
import pytest

from levitas.postprocess.metrics import drying_film as drying
from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.references import drying_film as theory


@pytest.mark.parametrize("peclet", [0.1, 0.01])
def test_a_slow_film_is_even_but_for_a_parabola(peclet):
    """c = mean [1 + Pe' (s^2/2 - 1/6)] with Pe' = E h/D of the moment."""
    skin = theory.film_skin(0.5, 1.0, 1.0, 1 / peclet)
    assert skin - 1 == pytest.approx(peclet * 0.5 / 3, rel=2 * peclet + 0.002)


def test_what_is_dissolved_stays():
    z = np.linspace(0, 16, 4001)
    held = theory.film_concentration(z, 16.0, 32.0, 1.0, 10.0)
    assert np.trapezoid(held, z) == pytest.approx(32.0, rel=2e-4)


@pytest.mark.parametrize("z", [0.25, 1.0, 4.0, 9.0])
def test_a_fast_film_is_a_front_into_a_deep_liquid(z):
    """Smith, Tiller and Rutter (1955) for a solid that takes nothing up (k to 0)."""
    k, root = 1e-6, math.sqrt(z) / 2
    tail = (2 * k - 1) * math.exp(-k * (1 - k) * z) * math.erfc((2 * k - 1) * root)
    exact = (1 + math.erf(root) + tail) / (2 * k)
    assert theory.film_concentration(1 - z * 1e-3, z * 1e-3, 1.0, 1.0, 1e-3) == pytest.approx(
        exact, rel=5e-3
    )


def test_times_may_be_many_and_end_before_the_film():
    times = np.array([0.0, 3.0, 9.0])
    skins = theory.film_skin(times, 32.0, 1.0, 10.0)
    assert skins[0] == pytest.approx(1, abs=1e-3) and skins[1] < skins[2]
    assert skins[2] == theory.film_skin(9.0, 32.0, 1.0, 10.0)
    with pytest.raises(ValueError, match="gone"):
        theory.film_skin(31.9, 32.0, 1.0, 10.0)


def test_the_skin_of_a_made_film():
    y = np.arange(30) + 0.5
    phi = 0.5 * (1 + np.tanh((20.3 - y) / 2))
    phi, c = (np.broadcast_to(a[None, :, None], (1, 30, 5)) for a in (phi, phi * (1 + 0.05 * y)))
    found = drying.skin(phi, c, 1, 1.0)
    mean = c.sum() / phi.sum()
    assert found.value == pytest.approx((1 + 0.05 * 20.3) / mean, rel=1e-3)
    with pytest.raises(NotMeasured):
        drying.skin(np.ones_like(phi), c, 1, 1.0)


def test_content_and_its_drift():
    c = np.full((1, 4, 5), 0.3)
    assert drying.solute_content(c, 0.1) == pytest.approx(0.3 * 20 * 0.01)
    step = np.array([0, 10000, 20000])
    drift = drying.solute_drift(step * 0.1, step, np.array([1.0, 1.001, 1.002]))
    assert drift.value == pytest.approx(1e-3)
