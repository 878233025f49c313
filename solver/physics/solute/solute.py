"""Solute: a concentration carried by the flow (docs/physics.md, section 3)."""

import numpy as np

from levitas.solver.physics.scalar.sources import Sources
from levitas.solver.physics.scalar.transport import Carried, Faces, Imposed
from levitas.solver.physics.solute.medium import DUST, medium
from levitas.solver.physics.solute.section import SoluteParams


class Solute:
    """Concentration, field `c`: of the liquid only, the gas only, or of a species in all phases."""

    Params = SoluteParams

    def __init__(self, sim):
        self.sim, self.params = sim, sim.case.section(SoluteParams)
        two_phase = "interface" in sim.physics
        self.phase = (self.params.phase or "liquid") if two_phase else "all"
        faces = Faces.imposed(sim.case, self._rule)
        about = {"unit": "1", "about": "concentration"}
        self.carried = Carried(sim, "c", medium(sim.case), faces, self._sources(), **about)
        self.carried.stay = self.carried.numbers["jump"]  # what evaporates leaves it behind
        if self.params.surface_exchange and self.params.surface_exchange.volume:
            self.carried.cold = (
                -1 / self.params.surface_exchange.volume
            )  # vapour of what evaporates
        self.c = self.carried.field

    def _rule(self, boundary):
        """What a boundary imposes, for `Faces`."""
        if boundary.concentration is None:
            return None
        kind = "INFLOW" if boundary.kind == "inflow" else "FIXED"
        return kind, Imposed(self.sim.case, boundary.concentration), 1.0, 0.0

    def _sources(self) -> Sources | None:
        exchange, speed = self.params.surface_exchange, self.sim.scales.velocity
        if not (self.params.surface_flux or (exchange and not exchange.volume)):
            return None
        names = ("exchange", "level", "radiates", "reference", "surroundings4")
        surface = dict.fromkeys(names, 0.0)
        surface["flux"] = self.params.surface_flux / speed
        if exchange and not exchange.volume:
            surface |= {
                "exchange": exchange.coefficient / speed,
                "level": exchange.concentration,
            }
        return Sources(self.sim, [], surface, 1.0, speed)

    def start(self, initial: dict) -> None:
        """Concentration of the own cells."""
        self.carried.start(initial["c"])

    def restart(self) -> None:
        """Halos."""
        self.carried.restart()

    def step(self) -> None:
        """The concentration at the end of the step."""
        self.carried.step()

    def read(self) -> np.ndarray:
        """Concentration of the own cells; where it is one phase's, times the fraction of that.

        (nz, ny, nx), float64, on the host: its sum is the content either way.
        """
        c = self.sim.backend.to_host(self.c.own)[0].astype(float)
        if self.phase == "all":
            return c
        phi = self.sim.physics["interface"].read_phi()
        return c * np.maximum(phi if self.phase == "liquid" else 1 - phi, DUST)
