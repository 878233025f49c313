"""Flow: regularised D3Q19 lattice Boltzmann in moment form (docs/physics.md, section 1)."""

import numpy as np

from levitas.solver.grid.launches import Launches
from levitas.solver.limits import MAX_SPEED, PRESSURE_STEPS
from levitas.solver.physics.base import PhysicsBase, first_bad
from levitas.solver.physics.flow import pressure_reference
from levitas.solver.physics.flow.couplings import Couplings
from levitas.solver.physics.flow.moments import BX, BY, BZ, DEFINES, JX, PARITY, QXY, REST
from levitas.solver.physics.flow.rotating_frame import push, turn
from levitas.solver.physics.flow.section import SECTION, FlowParams
from levitas.solver.physics.interface.tension import GAS_POWER


class Flow(PhysicsBase):
    """Velocity and pressure: ten moments a cell, streamed and collided in one kernel a step.

    Fields: `moments` (a, 3 j, B, 9 Pi: see moments.py), `u` the velocity, lattice units.
    """

    fields = SECTION.fields
    remedy = "a smaller time_step, a finer grid or a larger viscosity helps"

    def __init__(self, sim):
        super().__init__(sim)
        self.two_phase = "interface" in sim.physics
        self.interface = sim.physics.get("interface")
        self.pinned = self.two_phase and not sim.open_faces.outlet  # an outflow sets the level
        # A scalar that is carried needs the velocity of every step.
        scalars = {"heat", "solute"} & sim.physics.keys()
        self.turning = sim.case.section(FlowParams).rotation
        self.stores = self.two_phase or bool(scalars or self.turning) or sim.open_faces.any
        self.walls = sim.obstacles
        parity = tuple(PARITY.values())
        self.moments = sim.add_field(
            "moments", components=10, parity=parity, wall="leave", about="post-collision moments"
        )
        self.next = sim.add_field(
            "moments_next", components=10, parity=parity, wall="leave", saved=False
        )
        self.u = sim.add_field(
            "u",
            components=3,
            unit="m/s",
            parity=("x", "y", "z"),
            wall="reverse",
            wall_velocity=self.walls.velocity,
            saved=self.stores,
            about="velocity",
        )
        self._kernels()
        self.moving = (self.moments, self.u) if self.stores else (self.moments,)
        self.x_halo = self.block.x_halo(*self.moving)
        swapped = (self.interface.phi, self.interface.d) if self.two_phase else ()
        scalars = self.couplings.fields.values()
        self.advance = Launches((self.moments, *swapped, *scalars), self._prepare)
        self.fill_open_faces = sim.open_faces.fills(self.moments, self.u)

    def _kernels(self):
        kernel, lat, sim = self.sim.backend.kernel, self.sim.case.lattice, self.sim
        face = self.interface
        forces = (face.kappa_per_sigma, face.marangoni_factor) if self.two_phase else (0.0, 1.0)
        self.couplings = Couplings(sim, *forces)
        self.weighs = self.two_phase or self.couplings.buoyant
        defines = self.block.defines | DEFINES | {"TWO_PHASE": int(self.two_phase)}
        defines |= self.couplings.defines
        if self.two_phase and self.interface.layers:
            defines["LAYERS"] = 1
        if self.stores and not self.two_phase:
            defines["STORE_U"] = 1
        if self.turning:
            defines["ROTATING"] = 1
        name = "flow_two_phase" if self.two_phase else "flow_single"
        self.boxes = [(self.walls.off, kernel("flow.cu", name, WALLS=0, **defines))]
        if self.walls.near:
            self.boxes.append((self.walls.near, kernel("flow.cu", name, WALLS=1, **defines)))
        force = -np.array(sim.case.section(FlowParams).pressure_gradient)
        force = dict(zip(("fx", "fy", "fz"), force / sim.scales.pressure_gradient, strict=True))
        more = self.couplings.numbers | (turn(sim, self.turning) if self.turning else {})
        if not self.two_phase:
            self.constants = {"omega": 1 / (3 * lat.nu + 0.5), **force, **more}
            if "law" in self.constants:
                self.constants["nu"] = lat.nu
            plain = self.block.defines | DEFINES | {"TWO_PHASE": 0, "WALLS": 0}
            self.velocity = kernel("flow.cu", "flow_velocity", **plain)
            self.force = force
            return
        self.fluid = {"rho_g": lat.rho_g, "drho": lat.rho_l - lat.rho_g}
        self.constants = self.fluid | {
            "mu_g": lat.mu_g,
            "dmu": lat.mu_l - lat.mu_g,
            "kappa": self.couplings.kappa(self.interface.kappa),
            "bend": np.tanh(2 / lat.width) ** 2,
            "slope": 2 / lat.width,
            "d_max": self.interface.shape["d_max"],
            "mean_rho": 0.0,
            **force,
            **more,
        }
        self.pressure_reference = pressure_reference.PressureReference(
            self.block, sim.backend, self.fluid
        )

    def start(self, initial: dict) -> None:
        """Moments of the initial phi, velocity and pressure (own cells, lattice units)."""
        u = [np.broadcast_to(initial[k], self.block.shape[::-1]) for k in "uvw"]
        rho, p = self._density(initial.get("phi")), self._pinned(initial)
        out = push(self.sim, self.turning, u) if self.turning else (0.0, 0.0, 0.0)
        square = u[0] ** 2 + u[1] ** 2 + u[2] ** 2
        a = 3 * p / rho - 1.5 * square
        upload = self.sim.backend.upload
        self.moments.own[REST] = upload(a)
        for n in range(3):
            self.moments.own[JX + n] = upload(3 * u[n] + 1.5 * out[n])  # j = u + F/(2 rho)
            self.moments.own[BX + n] = upload(a + 4.5 * (square - u[n] ** 2))
            self.u.own[n] = upload(u[n])
        for n, (k, m) in enumerate(((0, 1), (0, 2), (1, 2))):
            self.moments.own[QXY + n] = upload(9 * u[k] * u[m])

    def _pinned(self, initial: dict) -> np.ndarray:
        """The initial pressure less its gas mean, as the pressure reference has it from then on."""
        if not self.two_phase or self.sim.open_faces.outlet:
            return initial["p"]
        gas = (1 - np.clip(initial["phi"], 0, 1)) ** GAS_POWER  # as the kernel weighs
        total = self.block.sum(gas)
        return initial["p"] - (self.block.sum(gas * initial["p"]) / total if total else 0.0)

    def restart(self) -> None:
        """Halos and constants that follow from the fields; after `start` and after a restore."""
        if self.two_phase:
            self.constants["mean_rho"] = self._borne_density()
            self.advance.forget()
        self.block.exchange(self.moments, self.u)
        self.fill_open_faces()

    def step(self) -> None:
        """One step with phi and d of the new time; leaves halos filled."""
        gravity = self.sim.gravity() if self.weighs else ()
        self.advance(**dict(zip(("gx", "gy", "gz"), gravity, strict=False)))
        self.moments.swap(self.next)
        pinned = self.pinned and self.sim.steps % PRESSURE_STEPS == 0
        if pinned:
            self.pressure_reference.pin(self.moments, self.interface.phi)
        self.block.exchange(*self.moving, x_done=not pinned)
        self.fill_open_faces()

    def _prepare(self, **gravity: float) -> list:
        """The kernel calls of a step; `gravity` where the fluid has weight."""
        more = self.constants | gravity | self.couplings.fields
        if self.two_phase:
            more |= {"phi": self.interface.phi, "d": self.interface.d}
        if self.stores:
            more["u"] = self.u
        table = {"walls": self.walls.ids, "speeds": self.walls.speeds} | self.x_halo
        return [
            kernel.bind(boxes, m=self.moments, m_new=self.next, **table, **more)
            for boxes, kernel in self.boxes
        ]

    def read(self, name: str) -> np.ndarray:
        """Velocity u, v, w or pressure p of the own cells, SI, (nz, ny, nx), on the host."""
        if name == "p":
            return self.read_pressure() * self.sim.scales.pressure
        return self.read_velocity()["uvw".index(name)].astype(float) * self.sim.scales.velocity

    def healthy(self) -> str | None:
        """The first cell with a velocity that is not finite or too large, in words."""
        u = self.read_velocity()
        speed = np.sqrt((u.astype(float) ** 2).sum(axis=0))
        return first_bad(self.sim, ~(speed < MAX_SPEED), lambda at: self._runaway(u[:, *at]))

    def _runaway(self, u: np.ndarray) -> tuple[str, str]:
        n = int(np.argmax(~(np.abs(u) < MAX_SPEED / 2)))
        value = float(u[n])
        return (
            f"velocity {'uvw'[n]} is {value * self.sim.scales.velocity:.4g} "
            f"({value:.3g} in lattice units, limit {MAX_SPEED})"
        ), self.remedy

    def read_velocity(self) -> np.ndarray:
        """u of the own cells, (3, nz, ny, nx), lattice units, on the host."""
        if self.stores:
            return self.sim.backend.to_host(self.u.own)
        self.velocity(self.block.own, m=self.moments, u=self.u, **self.force)
        u = self.sim.backend.to_host(self.u.own)
        for n, force in enumerate(self.force.values()):
            u[n][self.walls.mask] += u.dtype.type(force) / 2  # no force acts on solids
        return u

    def read_pressure(self) -> np.ndarray:
        """p = rho p*/3 of the own cells, (nz, ny, nx), lattice units, on the host."""
        m = self.sim.backend.to_host(self.moments.own).astype(float)
        p_star = (m[BX] + m[BY] + m[BZ] + 3 * m[REST]) / 6
        phi = self.interface.read("phi") if self.two_phase else None
        return p_star * self._density(phi) / 3

    def _density(self, phi):
        lat = self.sim.case.lattice
        if not self.two_phase:
            return lat.rho_l
        return lat.rho_g + np.clip(phi, 0, 1) * (lat.rho_l - lat.rho_g)

    def _borne_density(self) -> float:
        """The density whose weight something else bears: 0 unless the box is periodic along gravity.

        There the gas rests in its own weight if walls or solids hold the box; without any the whole
        would fall, and the mean weight is left out. That is of the sum of phi, which is conserved
        exactly: the same bits after a restart.
        """
        falls, grid = self.sim.falls(), self.block.grid
        if not any(falls) or not all(grid.periodic(n) for n in range(3) if falls[n]):
            return 0.0
        if "wall" in grid.faces.values() or self.sim.obstacles.shapes:
            return self.sim.case.lattice.rho_g
        mean = self.block.sum(self.interface.read("phi")) / np.prod(self.block.grid.cells)
        return self.sim.case.lattice.rho_g + mean * self.fluid["drho"]
