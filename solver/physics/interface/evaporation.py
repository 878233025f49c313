"""Evaporation: liquid that leaves at the surface, which recedes (docs/physics.md, section 2)."""

import math

import numpy as np

from levitas.solver.input.expression import Expression


def sink_factor(width: float, offsets: int = 8) -> float:
    """What 6 phi (1 - phi) |grad phi| adds up to through a tanh profile, by central differences.

    About 1 - 0.52/W^2 for a profile of `width` cells; the mean over places of it between cells.
    """
    x = np.arange(-math.ceil(10 * width), math.ceil(10 * width) + 1)[:, None]
    x = x + np.arange(offsets) / offsets
    left, phi, right = (0.5 * (1 + np.tanh(2 * (x + k) / width)) for k in (-1, 0, 1))
    return float((3 * phi * (1 - phi) * (right - left)).sum() / offsets)


class EvaporationRate:
    """How fast the surface of the liquid recedes, for the kernel of the interface.

    kind   0: it does not; 1: as `[interface] evaporation` says; 2: also as the vapour around it,
           the solute, is short of saturation (`volume` of `[solute] surface_exchange`)
    """

    def __init__(self, sim):
        self.sim = sim
        given = sim.case.model.interface.evaporation
        self.rate = None if given is None else Expression(str(given))
        self.scale = 6 / sink_factor(sim.case.lattice.width) / sim.scales.velocity
        self.numbers = self._vapour(sim.case)
        self.kind = 2 if self.numbers else 1 if self.rate else 0

    def _vapour(self, case) -> dict[str, float]:
        exchange = case.model.solute.surface_exchange if case.has("solute") else None
        if exchange is None or exchange.volume is None:
            return {}
        speed = exchange.volume * exchange.coefficient
        return {"vapour_factor": speed * self.scale, "saturation": exchange.concentration}

    def now(self) -> dict[str, float]:
        """Arguments of the kernel for the step under way."""
        if not self.kind:
            return {}
        speed = 0.0
        if self.rate is not None:
            speed = float(self.rate(self.sim.case.values | {"t": self.sim.time}))
        return self.numbers | {"recession": speed * self.scale}
