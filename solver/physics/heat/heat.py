"""Heat: the temperature field, prescribed or solved for (docs/physics.md, section 3)."""

import numpy as np

from levitas.solver.geometry.distance import Points
from levitas.solver.geometry.field_expression import FieldExpression
from levitas.solver.materials.laws import STEFAN_BOLTZMANN
from levitas.solver.physics.base import PhysicsBase
from levitas.solver.physics.heat.medium import medium
from levitas.solver.physics.heat.section import SECTION, HeatParams
from levitas.solver.physics.scalar.faces import ScalarFaces
from levitas.solver.physics.scalar.sources import Sources
from levitas.solver.physics.scalar.transport import AdvectedScalar


class Heat(PhysicsBase):
    """The temperature less its reference, field `T` (K): prescribed, or carried and conducted."""

    fields = SECTION.fields

    def __init__(self, sim):
        super().__init__(sim)
        self.params = sim.case.section(HeatParams)
        self.reference = sim.case.lattice.T_ref
        about = {"unit": "K", "about": "temperature less the reference"}
        self.law = self.scalar = None
        if self.params.prescribed is not None:
            self.T = sim.add_field("T", saved=False, wall="leave", **about)
            self.law = FieldExpression(sim.case, self.params.prescribed, self.reference)
            return
        liquid = sim.case.model.materials.liquid
        self.capacity = liquid.density * liquid.heat_capacity  # of a volume, units of the case
        self.flux = self.capacity * sim.scales.velocity  # of heat, for a kelvin
        faces = ScalarFaces.imposed(sim.case, self._rule)
        self.scalar = AdvectedScalar(
            sim,
            "T",
            medium(sim.case),
            faces,
            self._sources(),
            source="heat_source",
            latent_uptake=(liquid.evaporation_heat or 0.0) / liquid.heat_capacity,
            **about,
        )
        self.T = self.scalar.field

    def _rule(self, b):
        """What a boundary imposes, for `ScalarFaces`."""
        case = self.sim.case
        if b.temperature is not None:
            kind = "INFLOW" if b.kind == "inflow" else "FIXED"
            return kind, FieldExpression(case, b.temperature, self.reference), 1.0, 0.0
        if b.heat_flux is not None:
            return "FLUX", FieldExpression(case, b.heat_flux), 1 / self.flux, 0.0
        if b.convection is not None:
            far = FieldExpression(case, b.convection.temperature, self.reference)
            return "CONVECTION", far, b.convection.coefficient / self.flux, 0.0
        if b.radiation is not None:
            strength = b.radiation.emissivity * STEFAN_BOLTZMANN / self.flux
            far = FieldExpression(case, b.radiation.temperature, self.reference)
            return "RADIATION", far, strength, self.reference
        return None

    def _sources(self) -> Sources | None:
        params = self.params
        if not (params.source or params.emissivity or params.surface_flux):
            return None
        surface = {
            "flux": params.surface_flux / self.flux,
            "exchange": 0.0,
            "level": 0.0,
            "radiates": (params.emissivity or 0.0) * STEFAN_BOLTZMANN / self.flux,
            "reference": self.reference,
            "surroundings4": (params.surroundings or 0.0) ** 4,
        }
        power = self.capacity / self.sim.scales.time
        return Sources(self.sim, params.source, surface, power, self.flux)

    def start(self, initial: dict) -> None:
        """Temperature of the own cells, in K."""
        if self.scalar:
            self.scalar.start(initial["T"] - self.reference)

    def restart(self) -> None:
        """The temperature at this time, halos included."""
        self.scalar.restart() if self.scalar else self._prescribe(self.sim.time)

    def step(self) -> None:
        """The temperature at the end of the step."""
        if self.scalar:
            self.scalar.step()
        elif self.law.changes:
            self._prescribe(self.sim.next_time)

    def _prescribe(self, time: float) -> None:
        """Fill the field and its halo, beyond walls too, with what the case says of a time."""
        values = self.law(Points(self.sim.case, *self.T.centres()), time)
        self.T.data[0] = self.sim.backend.upload(np.broadcast_to(values, self.T.data.shape[1:]))
        self.block.exchange(self.T)

    def read(self, name: str) -> np.ndarray:
        """Temperature of the own cells in K, (nz, ny, nx), float64, on the host."""
        return super().read(name) + self.reference
