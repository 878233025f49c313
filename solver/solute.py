"""Solute: a concentration carried by the flow (docs/physics.md, section 3)."""

from typing import Literal

from levitas.solver.params import Section, key


class Exchange(Section):
    """Flux out of the liquid surface, coefficient (c - concentration)."""

    coefficient: float = key(..., "transfer velocity", "m/s", ge=0)
    concentration: float = key(..., "concentration at which nothing is exchanged")


class SoluteParams(Section):
    """The `[solute]` section of a case."""

    phase: Literal["liquid", "all"] | None = key(
        None, "where it can be: liquid (default with [interface]) or all"
    )
    surface_flux: float = key(
        0.0, "flux out of the liquid surface (evaporation > 0), concentration times m/s"
    )
    surface_exchange: Exchange | None = key(
        None,
        "{ coefficient, concentration }: flux out of the surface, coefficient times difference",
    )
