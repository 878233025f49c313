"""What heats the fluid: power in its volume, beams on its surface, what the surface radiates."""

from functools import cached_property

import numpy as np

from levitas.solver.geometry.distance import Points
from levitas.solver.grid.field import Field
from levitas.solver.physics.scalar.faces import DEFINES


class SourceCall:
    """Kernel `scalar_source` for a scalar: what a step adds to it, in place.

    Called with the fields that the liquid and the gas get a cell (content over the capacity of the
    liquid) and, with an interface, with numbers for its surface and a beam; those left out are 0.
    """

    def __init__(self, scalar):
        sim, two_phase = scalar.sim, scalar.interface is not None
        self.own = sim.block.own
        defines = {"TWO_PHASE": int(two_phase), "WALLS": 0, **DEFINES, **sim.block.defines}
        self.kernel = sim.backend.kernel("scalar.cu", "scalar_source", **defines)
        names = [p.name for p in self.kernel.parameters if p.kind == "scalar"]
        first = zip(("start_x", "start_y", "start_z"), map(int, sim.block.start), strict=True)
        known = dict.fromkeys(names, 0.0) | dict(first)
        known |= {k: v for k, v in scalar.numbers.items() if two_phase and k in names}
        self.arguments = known | {"t": scalar.field}
        if two_phase:
            self.arguments["phi"] = scalar.interface.phi

    def __call__(self, liquid: Field, gas: Field, **numbers: float) -> None:
        self.kernel(self.own, source_l=liquid, source_g=gas, **(self.arguments | numbers))


class Sources:
    """The sources of `[heat]`, or of another scalar with the same keys, as kernel calls.

    power, flux    divide a power density and a flux in the units of the case by these
    items          [(kind of the source, the source)], see levitas.solver.physics.heat.source_kinds
    surface        {flux, exchange, level, radiates, reference, surroundings4}, lattice units
    """

    def __init__(self, sim, items: list, surface: dict, power: float, flux: float):
        self.sim, self.block = sim, sim.block
        self.two_phase = "interface" in sim.physics
        self.surface, self.power, self.flux = surface, power, flux
        self.heat = [
            Field(name, sim.block, sim.backend, saved=False) for name in ("source_l", "source_g")
        ]
        self.inside = [(kind, source) for kind, source in items if kind.density]
        self.beams = [(kind, source) for kind, source in items if kind.beam]
        self.changes = any(kind.changes(source) for kind, source in self.inside)
        self.filled = None

    def __call__(self, scalar) -> None:
        """Add what a whole step brings to an AdvectedScalar."""
        time = self.sim.time
        on = tuple(source.is_on(time) for _, source in self.inside)
        if self.changes or on != self.filled:
            self._fill(time)
            self.filled = on
        if not self.two_phase:
            scalar.add(*self.heat)
            return
        beams = [self._beam(*one, time) for one in self.beams if one[1].is_on(time)]
        scalar.add(*self.heat, **self.surface, **(beams[0] if beams else {}))
        for beam in beams[1:]:  # the rest acts once
            scalar.add(self._nothing, self._nothing, **beam)

    @cached_property
    def _nothing(self) -> Field:
        return Field("nothing", self.block, self.sim.backend, saved=False)

    def _fill(self, time: float) -> None:
        points = Points(self.sim.case, *self.block.centres())
        total = [np.zeros(self.block.shape[::-1]) for _ in self.heat]
        for kind, source in self.inside:
            if not source.is_on(time):
                continue
            density = kind.density(source, self.sim, points, time) / self.power
            for n, phase in enumerate(("liquid", "gas")):
                if phase in kind.phases(source):
                    total[n] += density
        for field, values in zip(self.heat, total, strict=True):
            field.own[0] = self.sim.backend.upload(values)

    def _beam(self, kind, source, time: float) -> dict[str, float]:
        """Arguments of the kernel for a beam, its intensity in lattice units."""
        found = kind.beam(source, self.sim.case, time)
        return found | {"peak": found["peak"] / self.flux}
