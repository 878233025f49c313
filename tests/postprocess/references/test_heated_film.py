"""Convection in a heated film: published onsets, closed forms, and rolls measured on made flows."""

import math

import numpy as np
import pytest

from levitas.postprocess.metrics import film
from levitas.postprocess.references import heated_film, waves


def test_onsets_of_pearson_and_of_rayleigh():
    assert heated_film.marangoni_onset(1.993) == pytest.approx(79.607, abs=1e-3)
    assert heated_film.rayleigh_onset(2.086) == pytest.approx(669.0, abs=0.01)
    for k in (1.6, 2.4):
        assert heated_film.marangoni_onset(k) > 79.607
        assert heated_film.rayleigh_onset(k) > 669.0


def test_tension_and_weight_together():
    """Both help each other: a little better than a straight line between them (Nield 1964)."""
    for rayleigh in (100, 300, 500):
        both = heated_film.marangoni_onset(1.993, rayleigh)
        assert 1 < both / 79.607 + rayleigh / 669.0 < 1.025
        assert abs(heated_film.film_growth_rate(1.993, both, rayleigh, 7.0)) < 1e-5


@pytest.mark.parametrize(("crispation", "bond"), [(0.0, 0.0), (1e-3, 0.5), (1e-2, 0.5)])
def test_onset_under_a_surface_that_deforms(crispation, bond):
    """Closed form of Takashima (1981) without buoyancy, insulated surface."""
    k, sinh, cosh = 1.8, math.sinh(1.8), math.cosh(1.8)
    pull = 8 * crispation * k**5 * cosh / (bond + k * k)
    exact = 8 * k * k * cosh * (k - sinh * cosh) / (k**3 * cosh - sinh**3 - pull)
    found = heated_film.marangoni_onset(k, 0.0, crispation, bond)
    assert found == pytest.approx(exact, rel=1e-7)


def test_a_cold_film_levels_as_orchard_has_it():
    k = 0.5
    rate = heated_film.film_growth_rate(k, 0.0, 0.0, 1e9, 1.0, 0.3)
    assert -rate == pytest.approx(waves.levelling_rate(2 * math.pi / k, 1, 1, 1, 0.3, 1), rel=1e-6)


def test_rates_without_flow_are_those_of_conduction():
    rate = heated_film.film_growth_rate(2.0, 0.0, prandtl=100.0)
    assert rate == pytest.approx(-(math.pi**2 / 4 + 4), rel=1e-7)


@pytest.mark.parametrize(("kind", "waves_"), [("symmetry", 1), ("periodic", 2)])
def test_rolls_are_measured_beside_a_uniform_flow(kind, waves_):
    x, y = np.arange(30) + 0.5, (np.arange(20) + 0.5)[:, None]
    v = 3e-3 * np.cos(waves_ * np.pi * x / 30) * np.sin(np.pi * y / 20) + 0.1
    found = film.roll_velocity(0 * v[None], v[None], 0 * v[None], 1, {"x-": kind})
    assert found == pytest.approx(3e-3 / math.sqrt(2), rel=1e-9)


def test_growth_of_rolls_is_read_off_late_records():
    time = np.linspace(0, 10, 41)
    rolls = 1e-4 * (np.exp(0.3 * time) + 5 * np.exp(-6 * time))
    assert film.roll_growth(time, rolls).value == pytest.approx(0.3, rel=1e-6)
