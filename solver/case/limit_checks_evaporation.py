"""Limits of evaporation: how fast a surface may recede."""

from typing import Any

from levitas.solver import limits
from levitas.solver.case.estimates import concentration_range
from levitas.solver.case.limit_check import Grade, graded


def grades(case: Any) -> list[Grade]:
    """One for the given rate, one for that of the vapour."""
    return [_one(case, *rate) for rate in _rates(case) if rate[0]]


def _rates(case: Any):
    """(largest speed of the surface in the units of the case, what makes it recede, its keys)."""
    if "interface.evaporation" in case.sampled:
        rate = max(map(abs, case.sampled["interface.evaporation"]))
        yield rate, "by evaporation", ("interface", "evaporation")
    exchange = case.model.solute.surface_exchange if case.has("solute") else None
    if case.has("interface") and exchange is not None and exchange.volume is not None:
        low, high = concentration_range(case.model, case.sampled)
        short = max(exchange.concentration - low, high - exchange.concentration)
        rate = exchange.volume * exchange.coefficient * short
        yield rate, "into dry gas", ("solute", "surface_exchange", "volume")


def _one(case: Any, rate: float, how: str, keys: tuple) -> Grade:
    name, cells = f"cells a step that the surface recedes {how}", rate / case.scales.velocity
    if case.model.case.precision == "float32" and cells < limits.RECEDE_GRAIN:
        told = f"below {limits.RECEDE_GRAIN:g}, where the grain of phi in float32 rounds it"
        return Grade(name, cells, "warn", told, 'set case.precision = "float64"', keys)
    return graded(
        name,
        cells,
        limits.RECEDE_WARN,
        limits.RECEDE_MAX,
        f"above {limits.RECEDE_WARN:g}; above {limits.RECEDE_MAX:g} the profile cannot follow",
        "lower it" if case.in_lattice_units else "lower it or grid.time_step",
        keys,
    )
