"""Limits of gravity: what it acts on, the weight of its column, steps in a period of a signal."""

import math
from typing import Any

from levitas.solver import limits
from levitas.solver.limits import Limit


def limits_of(case: Any) -> list[Limit]:
    """Those that apply to a case."""
    result = [_acts(case, case.largest_gravity), *_column(case, case.largest_gravity)]
    if case.is_2d and case.largest_gravity[2]:
        beyond = "along z, out of the plane of nz = 1"
        result.append(_idle(case, beyond, "point it along y, or take more cells along z"))
    result.append(_followed(case))
    return [limit for limit in result if limit is not None]


def _idle(case: Any, beyond: str, remedy: str) -> Limit:
    size = max(case.largest_gravity)
    return Limit("gravity, m/s2", size, "warn", beyond, remedy, ("gravity",))


def _acts(case: Any, g: Any) -> Limit | None:
    """A warning where gravity moves nothing."""
    lattice = case.lattice
    warm, rich = case.has("heat") and lattice.beta_T, case.has("solute") and lattice.beta_c
    if not max(g):
        return None
    if not case.has("flow"):
        beyond = "nothing moves without [flow]"
        return _idle(case, beyond, "add a [flow] section or remove [gravity]")
    if not (case.has("interface") or warm or rich):
        remedy = "give thermal_expansion with [heat] or solutal_expansion, or remove [gravity]"
        return _idle(case, "balanced by pressure: one phase of one density", remedy)
    return None


def _column(case: Any, g: Any) -> list[Limit]:
    """Weight of the column over the pressure of sound, 3 g H: it swells what moves through it."""
    if not case.has("interface"):
        return []
    g = g / case.scales.acceleration
    closed = [case.faces[axis + "-"] != "periodic" for axis in "xyz"]
    value = 3 * sum(a * n for a, n, c in zip(g, case.model.grid.cells, closed, strict=True) if c)
    if not value:
        return []
    step = case.scales.dt * math.sqrt(limits.COLUMN_WARN / value)
    lower = "g" if case.in_lattice_units else f"grid.time_step to {step:.2g} s"
    beyond = f"above {limits.COLUMN_WARN:g}: gas that rises or falls through it swells"
    name, stop = "weight of the column in lattice units, 3 g H", math.inf
    return [
        limits.at_most(
            name, value, limits.COLUMN_WARN, stop, beyond, f"lower {lower}", ("gravity",)
        )
    ]


def _followed(case: Any) -> Limit | None:
    """Steps in the shortest period of a signal that is made of turns."""
    fast = _fastest(getattr(case.model.gravity, "signal", None))
    if not fast:
        return None
    steps = 1 / (fast * case.scales.time)
    return limits.judged(
        "steps in the shortest period of gravity",
        steps,
        limits.verdict(1 / steps, 1 / limits.SIGNAL_WARN, 1 / limits.SIGNAL_MIN),
        f"below {limits.SIGNAL_WARN}: steps cannot follow it",
        f"lower grid.time_step to {1 / (fast * limits.SIGNAL_WARN):.3g} s",
        ("gravity", "signal"),
    )


def _fastest(signal: Any) -> float:
    """Highest frequency of a signal that is made of turns (1/s), 0 for others."""
    if signal is None:
        return 0.0
    terms = [t.frequency for t in signal.terms or []]
    turn = 1 / signal.period if signal.kind == "rotating" else 0.0
    return max([signal.frequency or 0.0, turn, *terms])
