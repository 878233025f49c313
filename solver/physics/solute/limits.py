"""Limits of the solute: diffusion, what its surface exchanges; its dimensionless numbers."""

from typing import Any

from levitas.solver.limits import Limit
from levitas.solver.physics.flow.limits import cells_of
from levitas.solver.physics.interface.limits import recession
from levitas.solver.physics.scalar import limits as scalar
from levitas.solver.physics.solute.medium import medium


def limits_of(case: Any) -> list[Limit]:
    """All of them that apply to a case."""
    spreads, result = medium(case), []
    exchange = case.model.solute.surface_exchange
    if exchange is not None:
        share = exchange.coefficient / case.scales.velocity * scalar.steepest(case, spreads)
        keys = ("solute", "surface_exchange")
        result.append(scalar.exchanged("the surface exchanges", share, keys))
        if exchange.volume is not None:
            keys = (*keys, "volume")
            result += recession(case, _vapour(case, exchange), "into dry gas", keys)
    return [
        scalar.conduction(case, spreads, "diffusion", "diffusivity"),
        scalar.rounding(case, spreads, "c", case.lattice.D_l),
        *result,
    ]


def _vapour(case: Any, exchange: Any) -> float:
    """Largest speed of a surface that gives off a vapour, in the units of the case."""
    low, high = case.range("c")
    short = max(exchange.concentration - low, high - exchange.concentration)
    return exchange.volume * exchange.coefficient * short


def numbers(case: Any) -> dict[str, float]:
    """Sc = nu/D, Pe_c = U L/D, with heat Le = alpha/D. None without a flow."""
    lattice = case.lattice
    d = lattice.D_l
    if not (d and case.has("flow")):
        return {}
    found = {"Sc": lattice.nu / d, "Pe_c": lattice.u_ref * cells_of(case) / d}
    return found | ({"Le": lattice.k_l / d} if lattice.k_l else {})


def rows(case: Any) -> list[tuple]:
    """Diffusivities of the solute in each fluid, for one of the liquid."""
    lattice = case.lattice
    if not lattice.D_l:
        return []
    return scalar.diffusivity_rows(case, "the solute", lattice.D_l, lattice.D_g)
