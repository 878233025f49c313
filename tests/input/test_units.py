"""Unit strings and lattice units."""

import math

import pytest

from levitas.solver.input.units import Scales, UnitError, to_si


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("60 um", "m", 6e-5),
        ("60um", "m", 6e-5),
        ("60 \u00b5m", "m", 6e-5),
        ("60 \u03bcm", "m", 6e-5),
        ("-1.5e-3 mm", "m", -1.5e-6),
        ("2 us", "s", 2e-6),
        ("10 min", "s", 600),
        ("1e-6 g0", "m/s2", 9.80665e-6),
        ("1e-6 g", "m/s2", 9.80665e-6),
        ("9.81 m/s^2", "m/s2", 9.81),
        ("9.81 m s-2", "m/s2", 9.81),
        ("7.9 g/cm3", "kg/m3", 7900),
        ("1 kg m-3", "kg/m3", 1),
        ("5 mPa s", "Pa s", 5e-3),
        ("5 mPa*s", "Pa s", 5e-3),
        ("5 mPa\u00b7s", "Pa s", 5e-3),
        ("1 cP", "Pa s", 1e-3),
        ("72.8 mN/m", "N/m", 0.0728),
        ("72.8 dyn/cm", "N/m", 0.0728),
        ("10 cSt", "m2/s", 1e-5),
        ("1 mm**2/s", "m2/s", 1e-6),
        ("20 degC", "K", 293.15),
        ("20 \u00b0C", "K", 293.15),
        ("1728 K", "K", 1728),
        ("4 cells", "cells", 4),
        ("5 %", "1", 0.05),
        ("0.05", "1", 0.05),
        ("90 deg", "rad", math.pi / 2),
        ("1 bar", "Pa", 1e5),
    ],
)
def test_strings_with_units(text, unit, value):
    assert to_si(text, unit) == pytest.approx(value, rel=1e-14)


def test_no_rounding_noise():
    assert repr(to_si("60 um", "m")) == "6e-05"
    assert repr(to_si("0.72 mm", "m")) == "0.00072"


@pytest.mark.parametrize(
    ("text", "unit", "words"),
    [
        ("2 us", "m", "'us' is not a unit of a length; give m"),
        ("5", "m", "bare number"),
        ("5 parsnip", "m", "unknown unit 'parsnip'"),
        ("um", "m", "not a number with a unit"),
        ("", "m", "not a number with a unit"),
        ("1 2 m", "m", "not a unit"),
        ("10**10 m", "m", "not a unit"),
        ("5 m99", "m", "not a unit"),
        ("5 m^(1/2)", "m", "not a unit"),
        ("1e400 m", "m", "not finite"),
        ("nan m", "m", "not a number"),
        ("5 m; 3", "m", "not a unit"),
        ("1 " + "m*" * 100 + "m", "m", "not a number with a unit"),
        ("5 g", "m", "not a unit of a length"),
    ],
)
def test_refused(text, unit, words):
    with pytest.raises(UnitError) as caught:
        to_si(text, unit)
    assert words in str(caught.value)


def test_scales_agree_with_each_other():
    s = Scales(6e-5, 2e-6, 7900.0)
    assert s.length == 6e-5 and s.time == 2e-6 and s.density == 7900
    assert s.pressure == pytest.approx(s.density * s.velocity**2)
    assert s.tension == pytest.approx(s.pressure * s.length)
    assert s.viscosity == pytest.approx(s.pressure * s.time)
    assert s.diffusivity == pytest.approx(s.viscosity / s.density)
    assert s.acceleration == pytest.approx(s.velocity / s.time)
    assert s.mass == pytest.approx(s.density * s.length**3)
    assert s.pressure_gradient == pytest.approx(s.pressure / s.length)
    assert vars(Scales(1.0, 1.0, 1.0)) == {"dx": 1, "dt": 1, "rho": 1}
