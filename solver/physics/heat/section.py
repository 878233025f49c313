"""What a case may say of heat: the section `[heat]`."""

from typing import Literal

from levitas.solver.input.physics import Physics, Quantity
from levitas.solver.input.section import Section, key
from levitas.solver.input.section import vector as triple


class HeatSource(Section):
    """One item of `heat.source`."""

    kind: Literal["volume", "laser", "induction"] = key("volume", "what heats")
    expression: str | float | None = key(
        None,
        "power density of x, y, z, t (kind volume)",
        "W/m3",
        formula=True,
        expects="an expression in quotes, or a number",
    )
    phase: Literal["liquid", "gas", "all"] = key("all", "where a volume source acts")
    power: float | None = key(None, "power of a laser, or taken up by induction", "W", ge=0)
    radius: float | None = key(None, "radius of the beam, at 1/e2 of its centre", "m", gt=0)
    centre: list[float] | None = triple(None, "a point on the axis of the beam at the start", "m")
    direction: list[float] | None = triple(None, "where the beam goes", "1")
    absorptivity: float = key(1.0, "share of the beam that the surface absorbs", "1", ge=0, le=1)
    velocity: list[float] | None = triple(None, "velocity of the beam", "m/s")
    skin_depth: float | None = key(None, "depth at which induction falls to 1/e", "m", gt=0)
    start: float = key(0.0, "when it is switched on", "s")
    stop: float | None = key(None, "when it is switched off; never if absent", "s")


class HeatParams(Section):
    """The `[heat]` section of a case."""

    prescribed: str | float | None = key(
        None,
        "temperature imposed every step, an expression of x, y, z, t; solved for if absent",
        "K",
        formula=True,
        expects="an expression in quotes, or a number",
    )
    emissivity: float | None = key(
        None, "emissivity of the liquid surface; it does not radiate if absent", "1", ge=0, le=1
    )
    surroundings: float | None = key(
        None, "temperature to which the liquid surface radiates", "K", ge=0
    )
    surface_flux: float = key(0.0, "heat flux out of the liquid surface", "W/m2")
    source: list[HeatSource] = key(list, "[{ kind, ... }]: what heats the inside or the surface")


SECTION = Physics(HeatParams, fields={"T": Quantity("K", "temperature")})
