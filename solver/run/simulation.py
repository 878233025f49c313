"""The simulation: fields and physics of one case on one rank, and the step that advances them."""

import numpy as np

from levitas.solver.case import initial as shapes
from levitas.solver.errors import Diverged
from levitas.solver.gravity import signal as gravity
from levitas.solver.grid.block import Block
from levitas.solver.grid.field import Field
from levitas.solver.grid.grid import Grid
from levitas.solver.physics.flow.flow import Flow
from levitas.solver.physics.flow.no_flow import Rest
from levitas.solver.physics.flow.open_faces import Openings
from levitas.solver.physics.heat.heat import Heat
from levitas.solver.physics.interface.interface import Interface
from levitas.solver.physics.obstacles import Solids
from levitas.solver.physics.scalar.transport import carried
from levitas.solver.physics.solute.solute import Solute

# The time step, in this order.
PHYSICS = {"interface": Interface, "heat": Heat, "solute": Solute, "flow": Flow}
MAX_SPEED = 0.4  # lattice units: beyond it the flow is not to be trusted, let alone stable

ABOUT = {
    "phi": ("1", "liquid fraction"),
    "u": ("m s-1", "velocity along x"),
    "v": ("m s-1", "velocity along y"),
    "w": ("m s-1", "velocity along z"),
    "p": ("Pa", "pressure, gas mean 0"),
    "T": ("K", "temperature"),
    "c": ("1", "concentration; where it is the liquid's, times the liquid fraction"),
}
OF = {"phi": "interface", "T": "heat", "c": "solute"}  # whose it is; the others are the flow's


class Simulation:
    """One case at work.

    case, backend, comm, grid, block, scales   what it is built of
    solids    walls and solid shapes; openings: inflow and outflow faces
    fields    name -> Field; the saved ones are the state
    physics   name -> physics, in the order of a step
    steps, time, dt   steps done; seconds (lattice steps for a case in lattice units)
    """

    def __init__(self, case, backend, comm, split=None):
        self.case, self.backend, self.comm, self.scales = case, backend, comm, case.scales
        model = case.model.grid
        self.grid = Grid(tuple(model.cells), model.spacing, case.origin, case.faces)
        depth = 2 if carried(case) or case.has("interface") else 1
        self.block = Block(self.grid, backend, comm, split, depth=depth)
        self.solids = Solids(case, self.block, backend)
        self.openings = Openings(self)
        self.fields, self.physics, self.steps = {}, {}, 0
        self._signal = self._gravity_signal()
        for name, kind in PHYSICS.items():
            if case.has(name):
                self.physics[name] = kind(self)
        if not case.has("flow"):
            self.physics["flow"] = Rest(self)
        self._start()

    @property
    def dt(self) -> float:
        """Seconds a step."""
        return self.scales.dt

    @property
    def time(self) -> float:
        """Seconds since the start."""
        return self.steps * self.scales.dt

    @property
    def next_time(self) -> float:
        """Seconds at the end of the step under way: `time` once it is done, to the last bit."""
        return (self.steps + 1) * self.scales.dt

    def add_field(self, name: str, **about) -> Field:
        """A new field of this simulation."""
        self.fields[name] = Field(name, self.block, self.backend, **about)
        return self.fields[name]

    def gravity(self) -> tuple[float, float, float]:
        """Acceleration at the end of the step under way, lattice units.

        Half of it acts before that time and half after, so a signal enters by the trapezoid rule.
        """
        if self._signal is None:
            return self.case.lattice.gravity
        return tuple((self._signal(self.next_time) / self.scales.acceleration).tolist())

    def falls(self) -> tuple[bool, bool, bool]:
        """Along which axes gravity ever acts."""
        if self._signal is None:
            return tuple(g != 0 for g in self.case.lattice.gravity)
        return tuple((gravity.peak(*self._source) > 0).tolist())

    def _gravity_signal(self):
        section = self.case.model.gravity
        signal = getattr(section, "signal", None)
        if signal is None:
            return None
        self._source = signal, self.case.folder, self.case.model.case.seed, self.case.flat
        return gravity.build(*self._source, dt=self.dt)

    def phi_at_start(self):
        """Liquid fraction of the own cells at the start, 1 in a single phase."""
        return shapes.initial(self.case, *self.block.centres()).get("phi", 1.0)

    def _start(self):
        initial = shapes.initial(self.case, *self.block.centres())
        self.solids.fill(initial)
        for physics in self.physics.values():
            physics.start(initial)
        self._restart()

    def _restart(self):
        for physics in self.physics.values():
            physics.restart()

    def step(self) -> None:
        """Advance by dt."""
        for physics in self.physics.values():
            physics.step()
        self.steps += 1

    def names(self) -> dict[str, tuple[str, str]]:
        """Readable quantities: {name: (unit, what it is)}."""
        return {k: v for k, v in ABOUT.items() if self.case.has(OF.get(k, "flow"))}

    def read(self, name: str) -> np.ndarray:
        """A quantity of the own cells in SI, float64 (nz, ny, nx), on the host."""
        flow = self.physics["flow"]
        if name == "phi":
            return self.physics["interface"].read_phi()
        if name in ("T", "c"):
            return self.physics[OF[name]].read()
        if name == "p":
            return flow.read_pressure() * self.scales.pressure
        return flow.read_velocity()["uvw".index(name)].astype(float) * self.scales.velocity

    def gather(self, name: str) -> np.ndarray | None:
        """A quantity of the whole grid on rank 0, None elsewhere."""
        return self.block.gather(self.read(name))

    def state(self) -> tuple[dict[str, np.ndarray], dict]:
        """(own cells of every saved field in its exact dtype, clock): what a checkpoint holds."""
        saved = {n: self.backend.to_host(f.own).copy() for n, f in self.fields.items() if f.saved}
        return saved, {"steps": self.steps}

    def restore(self, arrays: dict[str, np.ndarray], scalars: dict) -> None:
        """Continue from a state; the next steps have the bits of a run that never stopped."""
        for name, field in self.fields.items():
            if field.saved:
                field.own[...] = self.backend.upload(arrays[name], field.dtype)
        self.steps = scalars["steps"]
        self._restart()

    def check_health(self) -> None:
        """Raise Diverged, on all ranks alike, where a velocity is not finite or too fast."""
        u = self.physics["flow"].read_velocity()
        speed = np.sqrt((u.astype(float) ** 2).sum(axis=0))
        bad = ~(speed < MAX_SPEED)
        if not self.block.max(self.backend.upload(bad, self.backend.real)):
            return
        found = self.comm.gather(self._first(bad, u))
        message = None
        if self.comm.rank == 0:
            message = min(f for f in found if f)[1]
        raise Diverged(self.comm.bcast(message))

    def _first(self, bad, u):
        """(global cell in z, y, x order, message) of the first bad cell here, or None."""
        if not bad.any():
            return None
        z, y, x = np.unravel_index(int(np.argmax(bad)), bad.shape)
        n = int(np.argmax(~(np.abs(u[:, z, y, x]) < MAX_SPEED / 2)))
        i, j, k = (s + int(o) for s, o in zip(self.block.start, (x, y, z), strict=True))
        value = float(u[n, z, y, x])
        return (k, j, i), (
            f"step {self.steps}: velocity {'uvw'[n]} is {value * self.scales.velocity:.4g} "
            f"({value:.3g} in lattice units, limit {MAX_SPEED}) in cell ({i}, {j}, {k}); "
            "a smaller time_step, a finer grid or a larger viscosity helps"
        )
