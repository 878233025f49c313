"""Units: strings such as "60 um" to SI, and SI to lattice units. The only place that converts.

A small registry of our own keeps pint's start-up at milliseconds and the meaning of names plain:
`g` is a gram, `g0` the standard acceleration of gravity.
"""

import math
import re
from dataclasses import dataclass
from functools import cache

from levitas.solver.input.faults import shortened

_DEFINITIONS = """
yocto- = 1e-24 = y-
pico- = 1e-12 = p-
nano- = 1e-9 = n-
micro- = 1e-6 = u- = \u00b5- = \u03bc-
milli- = 1e-3 = m-
centi- = 1e-2 = c-
kilo- = 1e3 = k-
mega- = 1e6 = M-
giga- = 1e9 = G-
meter = [length] = m = metre
second = [time] = s = sec
gram = [mass] = g
kelvin = [temperature]; offset: 0 = K
degree_Celsius = kelvin; offset: 273.15 = degC = celsius
mole = [substance] = mol
radian = [] = rad
degree = 0.017453292519943295 * radian = deg
percent = 0.01 = pct
cell = [] = _ = cells
minute = 60 * second = min
hour = 60 * minute = h = hr
day = 24 * hour = d
micron = 1e-6 * meter
liter = 1e-3 * meter ** 3 = L = litre
newton = 1e3 * gram * meter / second ** 2 = N
pascal = newton / meter ** 2 = Pa
bar = 1e5 * pascal
atmosphere = 101325 * pascal = atm
joule = newton * meter = J
watt = joule / second = W
hertz = 1 / second = Hz
poise = 0.1 * pascal * second = P
stokes = 1e-4 * meter ** 2 / second = St
dyne = 1e-5 * newton = dyn
standard_gravity = 9.80665 * meter / second ** 2 = g0 = g_0
"""
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?"
_QUANTITY = re.compile(rf"\s*({_NUMBER})\s*(.*?)\s*", re.DOTALL)
_WORD = r"[A-Za-z_\u00b5\u03bc][A-Za-z_0]*"
_POWER = r"(?:\s*(?:\*\*|\^)\s*-?\d|-?\d)?"  # m2, s-1, m^2 and m**2
_UNIT = re.compile(rf"(?:1|{_WORD}{_POWER})(?:\s*[*/\u00b7]\s*{_WORD}{_POWER}|\s+{_WORD}{_POWER})*")


class UnitError(ValueError):
    """The text is not a number with a unit of the wanted dimension."""


@cache
def registry():
    """The pint registry of the units above (import on first use)."""
    import pint

    return pint.UnitRegistry(_DEFINITIONS.strip().splitlines(), cache_folder=None)


def to_si(text: str, unit: str) -> float:
    """Value of `text` ("2 us", "1e-6 g0") in the SI unit `unit` ("s", "m/s2", "1").

    Raises UnitError for anything else than one finite number and a unit of that dimension.
    """
    match = _QUANTITY.fullmatch(text) if len(text) <= 100 else None
    if not match:
        raise UnitError(
            f"'{shortened(text)}' is not a number with a unit, such as \"{example(unit)}\""
        )
    number, given = float(match[1]), match[2]
    if unit == "m/s2" and given == "g":
        given = "g0"  # an acceleration in "g" can only mean this
    value = _converted(number, given, unit)
    if not math.isfinite(value):
        raise UnitError(f"'{shortened(text)}' is not finite")
    return value


def is_quantity(text: str) -> bool:
    """Whether it reads as a number and a unit, and not as an expression."""
    match = _QUANTITY.fullmatch(text) if len(text) <= 100 else None
    return bool(match and _UNIT.fullmatch(match[2].replace("\u00b0C", "degC")))


def _converted(number: float, given: str, unit: str) -> float:
    import pint

    units = registry()
    remedy = f'give {unit_text(unit)}, such as "{example(unit)}"'
    if given.startswith(","):
        raise UnitError(f"it has a decimal comma; write a point ({remedy})")
    try:
        quantity = units.Quantity(number, _pint_unit(given))
        value = float(quantity.to(_pint_unit(unit)).magnitude)
        return float(f"{value:.15g}")  # "60 um" is 6e-05, not 5.9999999999999995e-05
    except UnitError as error:
        raise UnitError(f"{error}; {remedy}") from None
    except pint.DimensionalityError:
        what = f"'{given}' is" if given else "a bare number in quotes is"
        raise UnitError(f"{what} not a unit of {_dimension(unit)}; {remedy}") from None
    except (pint.UndefinedUnitError, pint.OffsetUnitCalculusError):
        raise UnitError(f"unknown unit '{shortened(given)}'; {remedy}") from None


def _pint_unit(text: str):
    """Our spelling ("kg/m3", "Pa s", "m^2/s") as a pint unit; the grammar is checked first."""
    if text in ("", "1"):
        return registry().dimensionless
    text = text.replace("%", "percent").replace("\u00b0C", "degC")
    if not _UNIT.fullmatch(text):
        raise UnitError(f"'{shortened(text)}' is not a unit")
    text = re.sub(r"(?<=[A-Za-z])(?<!g)(-?\d)", r"**\1", text)  # m2 -> m**2, but g0 stays
    text = re.sub(r"(?<=[A-Za-z_0])\s+(?=[A-Za-z])", "*", text.replace("\u00b7", "*"))
    return registry().parse_units(text.replace("^", "**"))


@cache
def powers(unit: str) -> tuple[float, float, float]:
    """(length, time, mass) powers of a unit: "N/m" is (0, -2, 1)."""
    dimensions = dict(registry().Quantity(1.0, _pint_unit(unit)).dimensionality)
    return tuple(float(dimensions.get(f"[{name}]", 0)) for name in ("length", "time", "mass"))


_EXAMPLES = {
    "m": ("a length", "60 um"),
    "s": ("a time", "2 us"),
    "K": ("a temperature", "1728 K"),
    "kg/m3": ("a density", "7900 kg/m3"),
    "Pa s": ("a dynamic viscosity", "5 mPa s"),
    "N/m": ("a surface tension", "72.8 mN/m"),
    "m/s": ("a velocity", "2 cm/s"),
    "m/s2": ("an acceleration", "1e-6 g0"),
    "m2/s": ("a diffusivity", "1e-6 m2/s"),
    "Pa": ("a pressure", "10 Pa"),
    "rad": ("an angle", "30 deg"),
    "cells": ("a number of cells", "4 cells"),
    "1": ("a plain number", "0.05"),
}


def _dimension(unit: str) -> str:
    return _EXAMPLES.get(unit, ("the wanted dimension",))[0]


def example(unit: str) -> str:
    """A quantity string of that unit, for messages."""
    return _EXAMPLES.get(unit, ("", f"1 {unit}"))[1]


def unit_text(unit: str) -> str:
    """The unit as messages name it."""
    return "a plain number" if unit == "1" else unit


@dataclass(frozen=True)
class Scales:
    """One lattice unit of each quantity in SI (all 1 for units = "lattice" with rho_liquid 1).

    `dx` m, `dt` s, `rho` kg/m3 (the liquid's density, 1 inside the program).
    SI value = lattice value * scale.
    """

    dx: float
    dt: float
    rho: float

    @property
    def length(self) -> float:
        """m"""
        return self.dx

    @property
    def time(self) -> float:
        """s"""
        return self.dt

    @property
    def mass(self) -> float:
        """kg"""
        return self.rho * self.dx**3

    @property
    def density(self) -> float:
        """kg/m3"""
        return self.rho

    @property
    def velocity(self) -> float:
        """m/s"""
        return self.dx / self.dt

    @property
    def acceleration(self) -> float:
        """m/s2"""
        return self.dx / self.dt**2

    @property
    def diffusivity(self) -> float:
        """m2/s: kinematic viscosity, mobility"""
        return self.dx**2 / self.dt

    @property
    def viscosity(self) -> float:
        """Pa s"""
        return self.rho * self.dx**2 / self.dt

    @property
    def pressure(self) -> float:
        """Pa"""
        return self.rho * (self.dx / self.dt) ** 2

    @property
    def tension(self) -> float:
        """N/m"""
        return self.rho * self.dx**3 / self.dt**2

    @property
    def pressure_gradient(self) -> float:
        """Pa/m"""
        return self.rho * self.dx / self.dt**2
