"""What heats the fluid: power in its volume, beams on its surface, what the surface radiates."""

import math
from functools import cached_property

import numpy as np

from levitas.solver.geometry.distance import Points, distance
from levitas.solver.geometry.field_expression import FieldExpression
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
    items          the list of sources
    surface        {flux, exchange, level, radiates, reference, surroundings4}, lattice units
    """

    def __init__(self, sim, items: list, surface: dict, power: float, flux: float):
        self.sim, self.block, self.items = sim, sim.block, items
        self.two_phase = "interface" in sim.physics
        self.surface, self.power, self.flux = surface, power, flux
        self.heat = [
            Field(name, sim.block, sim.backend, saved=False) for name in ("source_l", "source_g")
        ]
        self.inside = [s for s in items if s.kind != "laser"]
        self.expressions = {
            id(s): FieldExpression(sim.case, s.expression)
            for s in self.inside
            if s.kind == "volume"
        }
        self.changes = any(e.changes for e in self.expressions.values())
        self.filled = None

    def __call__(self, scalar) -> None:
        """Add what a whole step brings to an AdvectedScalar."""
        time = self.sim.time
        on = tuple(_on(s, time) for s in self.inside)
        if self.changes or on != self.filled:
            self._fill(time)
            self.filled = on
        if not self.two_phase:
            scalar.add(*self.heat)
            return
        beams = [s for s in self.items if s.kind == "laser" and _on(s, time)]
        scalar.add(*self.heat, **self.surface, **(self._beam(beams[0], time) if beams else {}))
        for beam in beams[1:]:  # the rest acts once
            scalar.add(self._nothing, self._nothing, **self._beam(beam, time))

    @cached_property
    def _nothing(self) -> Field:
        return Field("nothing", self.block, self.sim.backend, saved=False)

    def _fill(self, time: float) -> None:
        points = Points(self.sim.case, *self.block.centres())
        total = [np.zeros(self.block.shape[::-1]) for _ in self.heat]
        for source in self.inside:
            if not _on(source, time):
                continue
            density = self._density(source, points, time) / self.power
            kinds = ("liquid", "gas") if source.phase == "all" else (source.phase,)
            if source.kind == "induction":
                kinds = ("liquid",)
            for n, kind in enumerate(("liquid", "gas")):
                if kind in kinds:
                    total[n] += density
        for field, values in zip(self.heat, total, strict=True):
            field.own[0] = self.sim.backend.upload(values)

    def _density(self, source, points: Points, time: float):
        if source.kind == "volume":
            return self.expressions[id(source)](points, time)
        return self._induction(source, points)

    def _induction(self, source, points: Points) -> np.ndarray:
        """power, falling as exp(-2 depth/skin_depth) below the surface of the liquid's start."""
        case, cell = self.sim.case, self.sim.case.scales.dx**self.sim.grid.dimensions
        liquid = [s for s in case.model.shape if s.phase == "liquid"]
        depth = np.full(self.block.shape[::-1], -np.inf if liquid else 0.0)
        for shape in liquid:
            depth = np.maximum(depth, distance(shape, points, case.values))
        profile = np.exp(-2 * np.maximum(depth, 0) / source.skin_depth)
        share = self.sim.phi_at_start()
        return source.power * profile / (self.block.sum(profile * share) * cell)

    def _beam(self, beam, time: float) -> dict:
        """Arguments of the kernel: a Gaussian beam, `power` through every cross-section."""
        names = ("peak", "decay", "px", "py", "pz", "nx", "ny", "nz")
        case, flat = self.sim.case, self.sim.case.is_2d
        dx = case.scales.dx
        centre = np.array(beam.centre or (0.0, 0.0, 0.0))
        centre = centre + np.array(beam.velocity or (0.0, 0.0, 0.0)) * time
        at = (centre - np.array(case.origin)) / dx
        way = np.array(beam.direction or ((0, -1, 0) if flat else (0, 0, -1)), float)
        way /= np.linalg.norm(way)
        if flat:
            at[2] = 0.5
            peak = math.sqrt(2 / math.pi) / beam.radius
        else:
            peak = 2 / (math.pi * beam.radius**2)
        intensity = beam.absorptivity * beam.power * peak / self.flux
        return dict(zip(names, (intensity, 2 * (dx / beam.radius) ** 2, *at, *way), strict=True))


def _on(source, time: float) -> bool:
    return source.start <= time and (source.stop is None or time < source.stop)
