"""Films on plates and fibres drawn from a bath: the film equation against its asymptotic laws."""

import math

import pytest

from levitas.postprocess.references import drawn_film as drawn

OIL = (0.0672, 0.0208, 950.0, 9.80665)  # mu, sigma, rho, g


def laws(ca):
    given = (ca * OIL[1] / OIL[0], *OIL)
    return [law(*given) for law in (drawn.plate_film, drawn.landau_levich, drawn.wilson)]


def test_landau_and_levich_from_the_film_equation():
    """No coefficient of theirs is in it: the limit of Ca to 0 gives 0.9458."""
    equation, first, second = laws(1e-6)
    assert equation == pytest.approx(first, rel=2e-3)
    assert equation == pytest.approx(second, rel=4e-4)


@pytest.mark.parametrize("ca", [1e-5, 1e-4, 1e-3])
def test_the_second_term_of_wilson_from_the_film_equation(ca):
    """What is left is of the next order, Ca^(2/3) of the film."""
    equation, first, second = laws(ca)
    assert abs(equation / second - 1) < 1.7 * ca ** (2 / 3) + 2e-4
    assert abs(equation / second - 1) < abs(equation / first - 1) / 1.9


@pytest.mark.parametrize("ca", [0.01, 0.1, 0.3])
def test_weight_in_the_film_thins_it(ca):
    given = (ca * OIL[1] / OIL[0], *OIL)
    thin, equation = drawn.white_tallmadge(*given), drawn.plate_film(*given)
    assert thin < equation < 1.07 * thin and equation < drawn.wilson(*given)
    t = thin / math.sqrt(OIL[0] * given[0] / (OIL[2] * OIL[3]))
    assert t == pytest.approx(0.94581 * ca ** (1 / 6) * (1 - t * t) ** (2 / 3))


def test_units_do_not_matter():
    assert drawn.plate_film(0.05, 1, 1, 1, 1) * 3 == pytest.approx(
        drawn.plate_film(0.05, 2, 2, 2, 1 / 9), rel=1e-6
    )


def test_film_of_a_fibre():
    """1.34 r Ca^(2/3) where that is small; the curvature of its surface counts."""
    assert drawn.fibre_film(1e-6, 1, 1, 2) == pytest.approx(2 * 1.3376e-4, rel=1e-3)
    h = drawn.fibre_film(0.05, 1, 1, 2)
    assert h == pytest.approx(1.3376 * 0.05 ** (2 / 3) * (2 + h), rel=1e-4)


@pytest.mark.parametrize(("ca", "share"), [(1e-4, 0.998), (1e-3, 0.992), (0.1, 0.905)])
def test_the_law_of_fibres_from_the_film_equation_round_them(ca, share):
    """No coefficient of Landau and Levich is in it; the departure falls as Ca^(2/3)."""
    equation, law = drawn.fibre_coat(ca, 1, 1, 3), drawn.fibre_film(ca, 1, 1, 3)
    assert equation / law == pytest.approx(share, abs=2e-3)


def test_the_vessel_that_stands_in_for_a_wide_bath():
    """A catenoid for Ca to 0: its pull 2 pi (r + h) is the walls', 8 B cos(180 - angle)."""
    angle = drawn.vessel_angle(1e-4, 1, 1, 1.0, 5.0)
    coat = 1 + drawn.fibre_coat(1e-4, 1, 1, 1.0)
    assert math.cos(math.radians(angle)) == pytest.approx(-2 * math.pi * coat / 40, rel=0.01)
    assert 120 < drawn.vessel_angle(0.2168, 0.019, 0.0206, 19.8e-6, 68e-6) < 127
