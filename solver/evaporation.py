"""Evaporation: liquid that leaves at the surface, which recedes (docs/physics.md, section 2)."""

from levitas.solver.expression import Expression


class Loss:
    """How fast the surface of the liquid recedes, for the kernel of the interface.

    kind   0: it does not; 1: as `[interface] evaporation` says; 2: also as the vapour around it,
           the solute, is short of saturation (`volume` of `[solute] surface_exchange`)
    """

    def __init__(self, sim):
        self.sim = sim
        given = sim.case.model.interface.evaporation
        self.rate = None if given is None else Expression(str(given))
        self.numbers = self._vapour(sim.case)
        self.kind = 2 if self.numbers else 1 if self.rate else 0

    @staticmethod
    def _vapour(case) -> dict[str, float]:
        exchange = case.model.solute.surface_exchange if case.has("solute") else None
        if exchange is None or exchange.volume is None:
            return {}
        speed = exchange.volume * exchange.coefficient
        return {"draw": speed / case.scales.velocity, "level": exchange.concentration}

    def now(self) -> dict[str, float]:
        """Arguments of the kernel for the step under way."""
        if not self.kind:
            return {}
        speed = 0.0
        if self.rate is not None:
            speed = float(self.rate(self.sim.case.values | {"t": self.sim.time}))
        return self.numbers | {"recede": speed / self.sim.scales.velocity}
