"""Liquid-gas interface: conservative Allen-Cahn in finite volumes (docs/physics.md, section 2)."""

import math

import numpy as np

from levitas.solver.grid.launches import Launches
from levitas.solver.limits import (
    NORMAL_CALM,
    NORMAL_CAP,
    NORMAL_CAP_MIDDLE,
    NORMAL_FLAT,
    PHI_CLIP,
)
from levitas.solver.physics.base import PhysicsBase
from levitas.solver.physics.interface.contact_angle import Wetting
from levitas.solver.physics.interface.evaporation import EvaporationRate
from levitas.solver.physics.interface.section import SECTION, InterfaceParams
from levitas.solver.physics.interface.tension import along_factor, tension_factor


class Interface(PhysicsBase):
    """The liquid fraction phi and its distance d = (W/4) ln(phi/(1 - phi)), lattice units.

    kappa              3 W sigma/2, as the flow uses it; kappa_per_sigma: the same for sigma = 1
    marangoni_factor   from a gradient of kappa to the force along the interface
    """

    fields = SECTION.fields

    def __init__(self, sim):
        super().__init__(sim)
        lat = sim.case.lattice
        self.width = lat.width
        self.layers = sim.case.section(InterfaceParams).viscosity == "layers"
        factor = tension_factor(lat.width, lat.rho_l / lat.rho_g)
        self.kappa = 1.5 * (lat.sigma / factor) * lat.width
        self.kappa_per_sigma = 1.5 * lat.width / factor
        self.marangoni_factor = factor / along_factor()
        self.phi = sim.add_field("phi", about="liquid fraction")
        self.phi_next = sim.add_field("phi_next", saved=False)
        cells = {"saved": False, "unit": "cells", "depth": 2}
        self.d = sim.add_field("d", about="distance into the liquid", **cells)
        self.d_next = sim.add_field("d_next", **cells)
        quarter = lat.width / 4
        self.shape = {
            "quarter_width": quarter,
            "d_max": quarter * math.log((1 - PHI_CLIP) / PHI_CLIP),
        }
        self.constants = self.shape | {
            "mobility": lat.mobility,
            "cap_tail": NORMAL_CAP,
            "cap_drop": NORMAL_CAP_MIDDLE - NORMAL_CAP,
            "per_flat2": NORMAL_FLAT**-2,
            "calm": NORMAL_CALM,
            "outside": PHI_CLIP / 2,
        }
        kernel = sim.backend.kernel
        self.distance = kernel("interface.cu", "interface_distance", **self.block.defines)
        self.wetting = Wetting(sim.obstacles, self.phi, self.d, lat.width, self.shape["d_max"])
        self.fill_open_faces = sim.open_faces.phases(self.phi, self.d, self.shape["d_max"])
        self.evaporation = EvaporationRate(sim)
        self.advance = None  # made when all scalars that go along with phi are known

    def _boxes(self) -> list:
        """[(WALLS, boxes)]: walls matter where phi beyond them is not the mirror's."""
        obstacles = self.sim.obstacles
        if obstacles.here or self.wetting.mine:
            return [(0, obstacles.off), (1, obstacles.near)]
        return [(0, self.block.own)]

    def _arrange(self) -> None:
        """The kernels of a step, for the scalars that there are."""
        defines = dict(self.block.defines)
        if self.sim.scalars:
            conduct = int(all(one.fused for one in self.sim.scalars))
            defines |= {"SCALARS": len(self.sim.scalars), "CONDUCT": conduct}
        if self.evaporation.kind:
            defines["EVAPORATE"] = self.evaporation.kind
        if self.evaporation.kind > 1:
            defines["VAPOUR"] = [one.field.name for one in self.sim.scalars].index("c")
        kernel = self.sim.backend.kernel
        self.boxes = [
            (boxes, kernel("interface.cu", "interface_step", WALLS=walls, **defines))
            for walls, boxes in self._boxes()
        ]
        fields = (self.phi, self.d, *(one.field for one in self.sim.scalars))
        self.x_halo = self.block.x_halo(*fields)
        self.advance = Launches(fields, self._prepare)

    def start(self, initial: dict) -> None:
        """phi of the own cells, quantised as fluxes are, so that liquid is conserved exactly."""
        self._arrange()  # first: its kernels compile while the rest starts
        quantum = np.spacing(self.phi.dtype.type(1.5))
        self.phi.own[0] = self.sim.backend.upload(np.round(initial["phi"] / quantum) * quantum)

    def restart(self) -> None:
        """d follows from phi bit for bit; then halos."""
        self.distance(self.block.own, phi=self.phi, d=self.d, **self.shape)
        self.block.exchange(self.phi, self.d)
        self.fill_open_faces()
        self.wetting()

    def step(self) -> None:
        """phi and d to the next time with the velocity of this one; leaves halos filled."""
        self.advance(**self.evaporation.now())
        self.phi.swap(self.phi_next)
        self.d.swap(self.d_next)
        self.block.exchange(self.phi, self.d, x_done=True)
        self.fill_open_faces()
        self.wetting()

    def _prepare(self, **rates: float) -> list:
        """The kernel calls of a step; `rates` where the liquid evaporates."""
        new = {"phi_new": self.phi_next, "d_new": self.d_next} | self.x_halo
        old = {"phi": self.phi, "d": self.d, "u": self.sim.fields["u"]}
        old["walls"] = self.sim.obstacles.ids
        for n, one in enumerate(self.sim.scalars):
            old |= {f"t{n}": one.field} | {f"{k}{n}": v for k, v in one.numbers.items()}
            new[f"t{n}_new"] = one.next
            if rates:
                old |= {f"retained{n}": one.retained_capacity, f"uptake{n}": one.latent_uptake}
        numbers = self.constants | rates
        return [kernel.bind(boxes, **old, **new, **numbers) for boxes, kernel in self.boxes]
