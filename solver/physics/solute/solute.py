"""Solute: a concentration carried by the flow (docs/physics.md, section 3)."""

import numpy as np

from levitas.solver.geometry.field_expression import FieldExpression
from levitas.solver.physics.base import PhysicsBase
from levitas.solver.physics.scalar.faces import ScalarFaces
from levitas.solver.physics.scalar.sources import Sources
from levitas.solver.physics.scalar.transport import AdvectedScalar
from levitas.solver.physics.solute.medium import EMPTY_PHI, medium
from levitas.solver.physics.solute.section import SECTION, SoluteParams


class Solute(PhysicsBase):
    """Concentration, field `c`: of the liquid only, the gas only, or of a species in all phases."""

    fields = SECTION.fields

    def __init__(self, sim):
        super().__init__(sim)
        self.params = sim.case.section(SoluteParams)
        two_phase = "interface" in sim.physics
        self.phase = (self.params.phase or "liquid") if two_phase else "all"
        faces = ScalarFaces.imposed(sim.case, self._rule)
        self.scalar = AdvectedScalar(
            sim,
            "c",
            medium(sim.case),
            faces,
            self._sources(),
            source="solute_source",
            **self._evaporation(),
            unit="1",
            about="concentration",
        )
        self.c = self.scalar.field

    def _evaporation(self) -> dict[str, float]:
        """What evaporates leaves the solute behind, or turns into it (a vapour)."""
        through, exchange = medium(self.sim.case), self.params.surface_exchange
        vapour = -1 / exchange.volume if exchange and exchange.volume else 0.0
        return {"retained_capacity": through.liquid - through.gas, "latent_uptake": vapour}

    def _rule(self, boundary):
        """What a boundary imposes, for `ScalarFaces`."""
        if boundary.concentration is None:
            return None
        kind = "INFLOW" if boundary.kind == "inflow" else "FIXED"
        return kind, FieldExpression(self.sim.case, boundary.concentration), 1.0, 0.0

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
        self.scalar.start(initial["c"])

    def restart(self) -> None:
        """Fill the halos of the concentration."""
        self.scalar.restart()

    def step(self) -> None:
        """The concentration at the end of the step."""
        self.scalar.step()

    def read(self, name: str) -> np.ndarray:
        """Concentration of the own cells; where it is one phase's, times the fraction of that.

        (nz, ny, nx), float64, on the host: its sum is the content either way.
        """
        c = super().read(name)
        if self.phase == "all":
            return c
        phi = self.sim.read("phi")
        return c * np.maximum(phi if self.phase == "liquid" else 1 - phi, EMPTY_PHI)
