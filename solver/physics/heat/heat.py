"""Heat: the temperature field, prescribed or solved for (docs/physics.md, section 3)."""

import numpy as np

from levitas.solver.geometry.distance import Places
from levitas.solver.input.expression import Expression
from levitas.solver.materials.laws import STEFAN_BOLTZMANN
from levitas.solver.physics.heat.medium import medium
from levitas.solver.physics.heat.section import HeatParams
from levitas.solver.physics.scalar.sources import Sources
from levitas.solver.physics.scalar.transport import Carried, Faces, Imposed


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
    """The temperature less its reference, field `T` (K): prescribed, or carried and conducted."""

    Params = HeatParams

    def __init__(self, sim):
        self.sim, self.params = sim, sim.case.section(HeatParams)
        self.reference = sim.case.lattice.T_ref
        about = {"unit": "K", "about": "temperature less the reference"}
        self.law = self.carried = None
        if self.params.prescribed is not None:
            self.T = sim.add_field("T", saved=False, wall="leave", **about)
            self.law = Prescribed(sim, self.T, self.params.prescribed, self.reference)
            return
        liquid = sim.case.model.materials.liquid
        self.capacity = liquid.density * liquid.heat_capacity  # of a volume, units of the case
        self.flux = self.capacity * sim.scales.velocity  # of heat, for a kelvin
        faces = Faces.imposed(sim.case, self._rule)
        self.carried = Carried(sim, "T", medium(sim.case), faces, self._sources(), **about)
        self.carried.cold = (liquid.evaporation_heat or 0.0) / liquid.heat_capacity
        self.T = self.carried.field

    def _rule(self, b):
        """What a boundary imposes, for `Faces`."""
        case = self.sim.case
        if b.temperature is not None:
            kind = "INFLOW" if b.kind == "inflow" else "FIXED"
            return kind, Imposed(case, b.temperature, self.reference), 1.0, 0.0
        if b.heat_flux is not None:
            return "FLUX", Imposed(case, b.heat_flux), 1 / self.flux, 0.0
        if b.convection is not None:
            far = Imposed(case, b.convection.temperature, self.reference)
            return "CONVECTION", far, b.convection.coefficient / self.flux, 0.0
        if b.radiation is not None:
            strength = b.radiation.emissivity * STEFAN_BOLTZMANN / self.flux
            far = Imposed(case, b.radiation.temperature, self.reference)
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
        if self.carried:
            self.carried.start(initial["T"] - self.reference)

    def restart(self) -> None:
        """The temperature at this time, halos included."""
        self.carried.restart() if self.carried else self.law.set(self.sim.time)

    def step(self) -> None:
        """The temperature at the end of the step."""
        if self.carried:
            self.carried.step()
        elif self.law.changes:
            self.law.set(self.sim.next_time)

    def read(self) -> np.ndarray:
        """Temperature of the own cells in K, (nz, ny, nx), float64, on the host."""
        return self.sim.backend.to_host(self.T.own)[0].astype(float) + self.reference
