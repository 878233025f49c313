"""Limits of what moves by itself: solids that push, gravity that acts and changes."""

import math
from typing import Any

from levitas.solver import limits
from levitas.solver.case.estimates import largest_gravity
from levitas.solver.case.limit_check import Grade, graded
from levitas.solver.case.limit_check import verdict as verdict_of


def grades(case: Any) -> list[Grade]:
    """Those of moving solids, those of gravity."""
    return [*_pushing(case), *_gravity(case)]


def _pushing(case: Any) -> list[Grade]:
    """Solids keep their place: one that moves into the fluid lets it pass through its surface."""
    told = (
        f"above {limits.PUSHING_WARN:g}: a solid keeps its place, so fluid passes its surface there"
    )
    return [
        graded(
            f"share of the surface of shape {i} that moves into the fluid",
            share,
            limits.PUSHING_WARN,
            math.inf,
            told,
            "let it move along its surface, or remove its velocity",
            ("shape", i, "velocity"),
        )
        for i, share in case.pushing.items()
    ]


def _gravity(case: Any) -> list[Grade]:
    """Does gravity act on anything? Can a step follow it?"""
    lattice, section = case.lattice, case.model.gravity
    found = []
    size = max(largest_gravity(case.model, case))
    warm, rich = case.has("heat") and lattice.beta_T, case.has("solute") and lattice.beta_c
    if size and not case.has("flow"):
        told, remedy = "nothing moves without [flow]", "add a [flow] section or remove [gravity]"
        found.append(Grade("gravity, m/s2", size, "warn", told, remedy, ("gravity",)))
    elif size and not (case.has("interface") or warm or rich):
        told = "balanced by pressure: one phase of one density"
        remedy = "give thermal_expansion with [heat] or solutal_expansion, or remove [gravity]"
        found.append(Grade("gravity, m/s2", size, "warn", told, remedy, ("gravity",)))
    if case.has("interface"):
        found += _column(case)
    if case.flat and largest_gravity(case.model, case)[2]:
        told = "along z, out of the plane of nz = 1"
        remedy = "point it along y, or take more cells along z"
        found.append(Grade("gravity, m/s2", size, "warn", told, remedy, ("gravity",)))
    if fast := _fastest(getattr(section, "signal", None)):
        steps = 1 / (fast * case.scales.time)
        verdict = verdict_of(1 / steps, 1 / limits.SIGNAL_WARN, 1 / limits.SIGNAL_MIN)
        told = "" if verdict == "ok" else f"below {limits.SIGNAL_WARN}: steps cannot follow it"
        keys = ("gravity", "signal")
        remedy = f"lower grid.time_step to {1 / (fast * limits.SIGNAL_WARN):.3g} s"
        name = "steps in the shortest period of gravity"
        found.append(Grade(name, steps, verdict, told, remedy, keys))
    return found


def _column(case: Any) -> list[Grade]:
    """Weight of the column over the pressure of sound, 3 g H: it swells what moves through it."""
    g = largest_gravity(case.model, case) / case.scales.acceleration
    closed = [case.faces[axis + "-"] != "periodic" for axis in "xyz"]
    value = 3 * sum(a * n for a, n, c in zip(g, case.model.grid.cells, closed, strict=True) if c)
    if not value:
        return []
    step = case.scales.dt * math.sqrt(limits.COLUMN_WARN / value)
    lower = "g" if case.in_lattice_units else f"grid.time_step to {step:.2g} s"
    told = f"above {limits.COLUMN_WARN:g}: gas that rises or falls through it swells"
    name, stop = "weight of the column in lattice units, 3 g H", math.inf
    return [graded(name, value, limits.COLUMN_WARN, stop, told, f"lower {lower}", ("gravity",))]


def _fastest(signal: Any) -> float:
    """Highest frequency of a signal that is made of turns (1/s), 0 for others."""
    if signal is None:
        return 0.0
    terms = [t.frequency for t in signal.terms or []]
    turn = 1 / signal.period if signal.kind == "rotating" else 0.0
    return max([signal.frequency or 0.0, turn, *terms])
