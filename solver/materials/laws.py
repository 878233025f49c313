"""Laws of a liquid as the kernels evaluate them: viscosity and surface tension (docs/physics.md).

A kernel takes a table `law` of reals: law[0..3] viscosity of temperature, law[4..7] viscosity of
the strain rate, from law[8] on (T_k, a_k) of the kinks of a viscosity table, then of a surface
tension table (kernels/rheology.h). Temperatures are less the reference temperature, the rest is in
lattice units.
"""

import math
from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from levitas.solver.input.kinds import kind_keys
from levitas.solver.input.section import Section, key

GAS_CONSTANT = 8.314462618  # J/mol/K
STEFAN_BOLTZMANN = 5.670374419e-8  # W/m2/K4

_LAWS = {"arrhenius": ("activation_energy",), "vft": ("b", "t0"), "table": ("points",)}
_RHEOLOGIES = {  # kind -> (keys it needs, keys it may have)
    "carreau": (("exponent", "relaxation_time"), ("infinite_viscosity",)),
    "power-law": (("consistency", "exponent", "min_viscosity", "max_viscosity"), ()),
    "bingham": (("yield_stress", "regularisation"), ()),
}


class ViscosityLaw(Section):
    """`viscosity_law` of a liquid: its viscosity over that at the reference temperature."""

    kind: Literal["arrhenius", "vft", "table"] = key(..., "exp(E/RT), exp(b/(T - t0)) or a table")
    activation_energy: float | None = key(None, "arrhenius: E", "J/mol", gt=0)
    b: float | None = key(None, "vft: b of exp(b/(T - t0))", "K", gt=0)
    t0: float | None = key(None, "vft: t0 of exp(b/(T - t0))", "K")
    points: list[list[float]] | None = key(
        None, "table: [[T, viscosity], ...], straight in the logarithm, constant beyond its ends"
    )

    @model_validator(mode="after")
    def _keys(self) -> Self:
        _of_kind(self, _LAWS[self.kind])
        if self.points is not None:
            ordered(self.points, "points", positive=True)
        return self


class Rheology(Section):
    """`rheology` of a liquid: its viscosity at a strain rate."""

    kind: Literal["carreau", "power-law", "bingham"] = key(
        ..., "Carreau; power law; yield stress regularised after Papanastasiou"
    )
    exponent: float | None = key(None, "carreau, power-law: n", "1", gt=0.1, le=2)
    relaxation_time: float | None = key(None, "carreau: time over which it thins", "s", gt=0)
    infinite_viscosity: float | None = key(
        None, "carreau: viscosity at large rates, 0 if absent", "Pa s", ge=0
    )
    consistency: float | None = key(None, "power-law: K of K rate^(n - 1), Pa s^n", gt=0)
    min_viscosity: float | None = key(None, "power-law: least viscosity", "Pa s", gt=0)
    max_viscosity: float | None = key(None, "power-law: largest viscosity", "Pa s", gt=0)
    yield_stress: float | None = key(None, "bingham: yield stress", "Pa", gt=0)
    regularisation: float | None = key(
        None, "bingham: m of yield_stress (1 - exp(-m rate))/rate", "s", gt=0
    )

    @model_validator(mode="after")
    def _keys(self) -> Self:
        _of_kind(self, *_RHEOLOGIES[self.kind])
        if self.kind == "power-law" and self.min_viscosity >= self.max_viscosity:
            raise ValueError("min_viscosity must be smaller than max_viscosity")
        return self


def _of_kind(section: Section, needed: tuple, optional: tuple = ()) -> None:
    """The keys of its kind, no others."""
    missing, foreign = kind_keys(section, needed, optional)
    if missing:
        raise ValueError(f"{section.kind} needs {next(n for n in needed if n in missing)}")
    if foreign:
        raise ValueError(f"{foreign[0]} does not belong to {section.kind}")


def ordered(points: list[list[float]], name: str, positive: bool = False) -> None:
    """Two pairs or more with rising temperatures; ValueError otherwise."""
    if len(points) < 2 or any(len(pair) != 2 for pair in points):
        raise ValueError(f"{name} needs two pairs [T, value] or more")
    if any(b[0] <= a[0] for a, b in zip(points, points[1:], strict=False)):
        raise ValueError(f"temperatures of {name} must increase")
    if positive and min(pair[1] for pair in points) <= 0:
        raise ValueError(f"values of {name} must be positive")


def hinges(temperatures: np.ndarray, values: np.ndarray) -> tuple[float, list[float]]:
    """A piecewise straight function, constant beyond its ends, as value + sum a_k max(0, T - T_k).

    (value before the first, [T_0, a_0, T_1, a_1, ...]).
    """
    slopes = np.concatenate([[0.0], np.diff(values) / np.diff(temperatures), [0.0]])
    pairs = np.stack([temperatures, np.diff(slopes)], axis=1)
    return float(values[0]), pairs.ravel().tolist()


def of_temperature(law: ViscosityLaw, reference: float) -> tuple[int, list[float], list[float]]:
    """(VISCOSITY, law[0..3], kinks): the viscosity over that at the reference temperature (K)."""
    if law.kind == "table":
        temperatures, values = np.array(law.points).T
        logs = np.log(values)
        first, kinks = hinges(temperatures - reference, logs)
        return 2, [first - float(np.interp(reference, temperatures, logs)), 0.0, 0.0, 0.0], kinks
    b, pole = (
        (law.activation_energy / GAS_CONSTANT, 0.0) if law.kind == "arrhenius" else (law.b, law.t0)
    )
    above = reference - pole
    return 1, [b, above, b / above, 0.0], []


def of_rate(rheology: Rheology, viscosity: float, scales) -> tuple[int, list[float]]:
    """(RHEOLOGY, law[4..7]); `viscosity` is the liquid's in lattice units (zero-shear, plastic)."""
    if rheology.kind == "power-law":
        n = rheology.exponent
        scale = scales.viscosity * scales.time ** (n - 1)
        bounds = [v / scales.viscosity for v in (rheology.min_viscosity, rheology.max_viscosity)]
        return 1, [math.log(rheology.consistency / scale), n, *bounds]
    if rheology.kind == "carreau":
        least = (rheology.infinite_viscosity or 0.0) / scales.viscosity
        time = rheology.relaxation_time / scales.time
        return 2, [least, viscosity - least, time**2, (rheology.exponent - 1) / 2]
    stress = rheology.yield_stress / scales.pressure
    return 3, [viscosity, stress, rheology.regularisation / scales.time, 0.0]


def thinning(law: ViscosityLaw, T: float, reference: float) -> float:
    """Viscosity at T over that at the reference (K), as in kernels/rheology.h; inf at a pole."""
    if law.kind == "table":
        temperatures, values = np.array(law.points).T
        logs = np.interp([T, reference], temperatures, np.log(values))
        return math.exp(logs[0] - logs[1])
    b, pole = law.b, law.t0
    if law.kind == "arrhenius":
        b, pole = law.activation_energy / GAS_CONSTANT, 0.0
    if min(T, reference) <= pole:
        return math.inf
    return math.exp(min(700.0, b / (T - pole) - b / (reference - pole)))


def tension(liquid: Any, reference: float, T: Any, c: Any) -> Any:
    """Surface tension (N/m) at temperatures (K) and concentrations; arrays broadcast."""
    warm = np.asarray(T, float) - reference
    if liquid.surface_tension_table:
        temperatures, values = np.array(liquid.surface_tension_table).T
        value = np.interp(T, temperatures, values)
    else:
        value = liquid.surface_tension + (liquid.surface_tension_slope or 0.0) * warm
        value = value + (liquid.surface_tension_curvature or 0.0) * warm**2 / 2
    return value + (liquid.surface_tension_solute_slope or 0.0) * np.asarray(c, float)


def tension_range(liquid: Any, spread: float) -> float:
    """Difference of the surface tension (N/m) over a difference of the temperature (K)."""
    if liquid.surface_tension_table:
        tensions = [pair[1] for pair in liquid.surface_tension_table]
        return max(tensions) - min(tensions)
    return abs(liquid.surface_tension_slope or 0.0) * spread
