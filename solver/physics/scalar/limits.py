"""Limits that heat and solute share: conduction in a step, rounding, what surfaces exchange."""

import math
from typing import Any

import numpy as np

from levitas.solver import limits
from levitas.solver.limits import Limit
from levitas.solver.physics.scalar.medium import Medium, substeps


def steps(case: Any, medium: Medium) -> int:
    """Steps of conduction in a time step."""
    return substeps(medium, 2 if case.is_2d else 3)


def conduction(case: Any, medium: Medium, what: str, smaller: str) -> Limit:
    """Steps of conduction (`what`) in a time step; `smaller` is what would make them fewer."""
    return limits.at_most(
        f"steps of {what} in a time step",
        steps(case, medium),
        limits.SUBSTEPS_WARN,
        limits.SUBSTEPS_MAX,
        f"above {limits.SUBSTEPS_WARN}, which costs more than the flow does",
        f"lower grid.time_step, take a coarser grid.spacing, or a smaller {smaller}",
        ("grid", "time_step"),
    )


def rounding(case: Any, medium: Medium, name: str, diffusivity: float, more: str = "") -> Limit:
    """Share of a slow change that is lost: what a step adds must be more than half a last digit.

    The slowest change is conduction over the longest edge, or takes as long as the run.
    """
    precision, end = case.model.case.precision, case.model.case.end
    slow = max(case.model.grid.cells) ** 2 / (2.5 * diffusivity) if diffusivity else 0.0
    count = end.steps or (end.time / case.scales.dt if end.time else slow)
    digit = 2.0**-24 if precision == "float32" else 2.0**-53
    return limits.at_most(
        f"share of a slow change of {name} lost to rounding",
        min(slow, count) * steps(case, medium) * digit,
        limits.ROUNDING_WARN,
        math.inf,
        f"above {limits.ROUNDING_WARN:g}",
        f'set case.precision = "float64"{more}',
        ("case", "precision"),
    )


def steepest(case: Any, medium: Medium) -> float:
    """Largest |grad phi| over the capacity of a cell, through a tanh profile."""
    phi = np.concatenate([np.geomspace(1e-5, 0.5, 200), 1 - np.geomspace(1e-5, 0.5, 200)])
    holds = np.maximum(medium.gas + phi * (medium.liquid - medium.gas), medium.least)
    return float(np.max(4 / case.lattice.width * phi * (1 - phi) / holds))


def exchanged(what: str, share: float, keys: tuple) -> Limit:
    """Share of a difference that a surface or face loses in a step."""
    return limits.at_most(
        f"share of a difference that {what} in a step",
        share,
        limits.EXCHANGE_WARN,
        limits.EXCHANGE_MAX,
        f"above {limits.EXCHANGE_WARN:g}; above {limits.EXCHANGE_MAX:g} it is unstable",
        "lower grid.time_step or what is exchanged",
        keys,
    )


def diffusivity_rows(case: Any, of: str, liquid: float, gas: float) -> list[tuple]:
    """Diffusivities (lattice units) of each phase that has one."""
    pairs = [("liquid", liquid), ("gas", gas)]
    scale = case.scales.diffusivity
    return [(f"{name} diffusivity of {of}", d * scale, "m2/s", d) for name, d in pairs if d]
