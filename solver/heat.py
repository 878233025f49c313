"""Heat: the temperature field, prescribed or solved for (docs/physics.md, section 3)."""

from typing import Literal

import numpy as np

from levitas.solver.distance import Places
from levitas.solver.expression import Expression
from levitas.solver.params import Section, key
from levitas.solver.params import vector as triple


class HeatSource(Section):
    """One item of `heat.source`."""

    kind: Literal["volume", "laser", "induction"] = key("volume", "what heats")
    expression: str | float | None = key(
        None,
        "power density of x, y, z, t (kind volume)",
        "W/m3",
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


class Prescribed:
    """Values on a field and its halo from an expression of x, y, z, t in the units of the case."""

    def __init__(self, sim, field, text: str | float, offset: float):
        self.sim, self.field, self.offset = sim, field, offset
        self.expression = Expression(str(text))
        self.changes = "t" in self.expression.names

    def set(self, time: float) -> None:
        """Fill the field with expression - offset at a time; halos beyond walls too."""
        places = Places(self.sim.case, *self.field.centres())
        values = self.sim.case.values | dict(zip("xyz", places.xyz, strict=True)) | {"t": time}
        found = np.broadcast_to(self.expression(values) - self.offset, self.field.data.shape[1:])
        self.field.data[0] = self.sim.backend.upload(found)
        self.field.block.exchange(self.field)


class Heat:
    """The temperature less its reference, field `T` (K)."""

    Params = HeatParams

    def __init__(self, sim):
        self.sim, self.params = sim, sim.case.section(HeatParams)
        self.reference = sim.case.lattice.T_ref
        self.T = sim.add_field(
            "T", unit="K", saved=False, wall="leave", about="temperature less the reference"
        )
        self.law = Prescribed(sim, self.T, self.params.prescribed, self.reference)

    def start(self, initial: dict) -> None:
        """Nothing: `restart` evaluates the expression."""

    def restart(self) -> None:
        """The temperature at this time."""
        self.law.set(self.sim.time)

    def step(self) -> None:
        """The temperature at the end of the step."""
        if self.law.changes:
            self.law.set(self.sim.time + self.sim.dt)

    def read(self) -> np.ndarray:
        """Temperature of the own cells in K, (nz, ny, nx), float64, on the host."""
        return self.sim.backend.to_host(self.T.own)[0].astype(float) + self.reference
