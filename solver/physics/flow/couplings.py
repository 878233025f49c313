"""What temperature, solute and the liquid's laws do to the flow (docs/physics.md, section 6)."""

import numpy as np

from levitas.solver.materials import laws


class Couplings:
    """Switches, fields and numbers that the flow kernel takes beside the plain ones.

    defines   the switches of kernels/flow.cu that are on
    fields    {kernel argument: Field}: temperature, solute
    numbers   {kernel argument: number or array}

    `kappa` is 3 W sigma/2 as the flow uses it, `tension` that over the lattice sigma (0 without an
    interface), `marangoni` the factor from kappa to the force along the interface.
    """

    def __init__(self, sim, tension: float = 0.0, marangoni: float = 1.0):
        self.sim, self.lattice = sim, sim.case.lattice
        self.tension, self.two_phase = tension, tension > 0
        self.T, self.c = sim.fields.get("T"), sim.fields.get("c")
        self.defines, self.numbers, self.fields = {}, {}, {}
        self._head, self._kinks, self._hinges = [0.0] * 8, [], []
        self._buoyancy()
        self._tension(marangoni)
        self._viscosity()
        self._law()

    def _use(self, hot: bool, rich: bool) -> None:
        for used, define, name, field in (
            (hot, "HEAT", "temperature", self.T),
            (rich, "SOLUTE", "solute", self.c),
        ):
            if used:
                self.defines[define], self.fields[name] = 1, field

    def _buoyancy(self) -> None:
        """Weight of warm or rich fluid; nothing where neither gravity nor a turn acts."""
        hot = self.T is not None and self.lattice.beta_T != 0
        rich = self.c is not None and self.lattice.beta_c != 0
        turning = self.sim.case.model.driven.rotation is not None
        self.buoyant = (hot or rich) and (turning or any(self.sim.falls()))
        if self.buoyant:
            self._use(hot, rich)
            self.defines["BUOYANT"] = 1
            self.numbers |= {
                "beta_t": self.lattice.beta_T,
                "beta_c": self.lattice.beta_c,
            }

    def _tension(self, marangoni: float) -> None:
        """kappa(T, c) where there is an interface and a slope."""
        lat, liquid = self.lattice, self.sim.case.model.materials.liquid
        table = liquid.surface_tension_table
        hot = self.T is not None and bool(lat.sigma_T or lat.sigma_TT or table)
        rich = self.c is not None and lat.sigma_c != 0
        if not (self.two_phase and (hot or rich)):
            return
        self._use(hot, rich)
        self.defines["TENSION"] = 1
        slopes = {
            "kappa_t": lat.sigma_T,
            "kappa_tt": lat.sigma_TT / 2,
            "kappa_c": lat.sigma_c,
        }
        if hot and table:
            temperatures, values = np.array(table).T
            values = values / self.sim.scales.tension * self.tension
            _, self._hinges = laws.hinges(temperatures - lat.T_ref, values)
            self.defines["HINGES"] = len(temperatures)
            slopes |= {"kappa_t": 0.0, "kappa_tt": 0.0}
        self.numbers |= {name: self.tension * slope for name, slope in slopes.items()}
        self.numbers["marangoni"] = marangoni

    def kappa(self, kappa: float) -> float:
        """kappa that the kernel starts from: at T_ref and c = 0, or below a table's first hinge."""
        if "HINGES" not in self.defines:
            return kappa
        table = np.array(self.sim.case.model.materials.liquid.surface_tension_table)
        return table[0, 1] / self.sim.scales.tension * self.tension

    def _viscosity(self) -> None:
        liquid, scales = self.sim.case.model.materials.liquid, self.sim.scales
        if liquid.viscosity_law is not None and self.T is not None:
            kind, numbers, self._kinks = laws.of_temperature(
                liquid.viscosity_law, self.lattice.T_ref
            )
            self._use(True, False)
            self.defines["VISCOSITY"], self._head[:4] = kind, numbers
            if self._kinks:
                self.defines["KINKS"] = len(self._kinks) // 2
        if liquid.rheology is not None:
            kind, numbers = laws.of_rate(liquid.rheology, self.lattice.mu_l, scales)
            self.defines["RHEOLOGY"], self._head[4:] = kind, numbers

    def _law(self) -> None:
        if self.defines.keys() & {"VISCOSITY", "RHEOLOGY", "HINGES"}:
            table = [*self._head, *self._kinks, *self._hinges]
            self.numbers["law"] = self.sim.backend.upload(np.array(table))
