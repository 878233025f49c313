"""What a case may say of the solute: the section `[solute]`."""

from typing import Literal

from levitas.solver.input.physics import Physics, Quantity
from levitas.solver.input.section import Section, key


class Exchange(Section):
    """Flux out of the liquid surface, coefficient (c - concentration)."""

    coefficient: float = key(..., "transfer velocity", "m/s", ge=0)
    concentration: float = key(..., "concentration at which nothing is exchanged")
    volume: float | None = key(
        None,
        "volume of liquid that a unit of what the surface gives off was (a vapour: phase gas or "
        "all); the liquid does not shrink if absent",
        "1",
        gt=0,
    )


class SoluteParams(Section):
    """The `[solute]` section of a case."""

    phase: Literal["liquid", "gas", "all"] | None = key(
        None, "where it can be: liquid (default with [interface]), gas or all"
    )
    surface_flux: float = key(
        0.0, "flux out of the liquid surface (evaporation > 0), concentration times m/s"
    )
    surface_exchange: Exchange | None = key(
        None,
        "{ coefficient, concentration }: flux out of the surface, coefficient times difference",
    )


SECTION = Physics(
    SoluteParams,
    fields={
        "c": Quantity("1", "concentration; where it is the liquid's, times the liquid fraction")
    },
)
