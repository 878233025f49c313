"""The simulation: fields and physics of one case on one rank, and the step that advances them."""

import numpy as np

from levitas.solver.case import initial as shapes
from levitas.solver.errors import Diverged
from levitas.solver.gravity import signal as gravity
from levitas.solver.grid.block import Block
from levitas.solver.grid.field import Field
from levitas.solver.grid.grid import Grid
from levitas.solver.physics.flow.flow import Flow
from levitas.solver.physics.flow.no_flow import FluidAtRest
from levitas.solver.physics.flow.open_faces import OpenFaces
from levitas.solver.physics.heat.heat import Heat
from levitas.solver.physics.interface.interface import Interface
from levitas.solver.physics.obstacles import Obstacles
from levitas.solver.physics.scalar.transport import advected_names
from levitas.solver.physics.solute.solute import Solute

# Every physics by the section that asks for it, in the order of a time step.
PHYSICS = {
    "interface": Interface,
    "heat": Heat,
    "solute": Solute,
    "flow": Flow,
}
FIRST_READ = ("interface", "flow")  # their quantities stand first in files, then what they carry


class Simulation:
    """One case at work.

    case, backend, comm, grid, block, scales   what it is built of
    obstacles       walls and solid shapes; open_faces: inflow and outflow
    fields          name -> Field; the saved ones are the state
    sources         name -> Field that physics add to, see `source_field`
    scalars         what is carried along with phi, in the order of a step
    physics         name -> physics, in the order of a step
    steps, time, dt   steps done; seconds (lattice steps for a case in lattice units)
    """

    def __init__(self, case, backend, comm, split=None):
        self.case, self.backend, self.comm, self.scales = case, backend, comm, case.scales
        model = case.model.grid
        self.grid = Grid(tuple(model.cells), model.spacing, case.origin, case.faces)
        depth = 2 if advected_names(case) or case.has("interface") else 1
        self.block = Block(self.grid, backend, comm, split, depth=depth)
        self.obstacles = Obstacles(case, self.block, backend)
        self.open_faces = OpenFaces(self)
        self.fields, self.sources, self.scalars = {}, {}, []
        self.physics, self.steps = {}, 0
        self._signal = self._gravity_signal()
        for name, kind in PHYSICS.items():
            if case.has(name):
                self.physics[name] = kind(self)
        if not case.has("flow"):
            self.physics["flow"] = FluidAtRest(self)
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

    def source_field(self, name: str) -> Field:
        """The named source, made at the first call: what a step adds to a quantity, cell by cell.

        It is 0 when a step begins. Any physics may add to it before the one that takes it steps:
        `heat_source` is heat over the heat capacity of the liquid (K), `solute_source` content.
        """
        if name not in self.sources:
            self.sources[name] = Field(name, self.block, self.backend, saved=False)
        return self.sources[name]

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
        self._source = signal, self.case.folder, self.case.model.case.seed, self.case.is_2d
        return gravity.build(*self._source, dt=self.dt)

    def phi_at_start(self):
        """Liquid fraction of the own cells at the start, 1 in a single phase."""
        return shapes.initial(self.case, *self.block.centres()).get("phi", 1.0)

    def _start(self):
        initial = shapes.initial(self.case, *self.block.centres())
        self.obstacles.fill(initial)
        for physics in self.physics.values():
            physics.start(initial)
        self._restart()

    def _restart(self):
        for physics in self.physics.values():
            physics.restart()

    def step(self) -> None:
        """Advance by dt."""
        for source in self.sources.values():
            source.own[...] = 0
        for physics in self.physics.values():
            physics.step()
        self.steps += 1

    def names(self) -> dict[str, tuple[str, str]]:
        """Readable quantities: {name: (unit, what it is)}."""
        order = sorted(self.physics, key=lambda name: name not in FIRST_READ)
        known = [quantity for name in order for quantity in self.physics[name].fields.items()]
        return {name: (quantity.unit, quantity.about) for name, quantity in known}

    def read(self, name: str) -> np.ndarray:
        """A quantity of the own cells in SI, float64 (nz, ny, nx), on the host; labels as ints."""
        owner = next(physics for physics in self.physics.values() if name in physics.fields)
        return owner.read(name)

    def gather(self, name: str) -> np.ndarray | None:
        """A quantity of the whole grid on rank 0, None elsewhere."""
        return self.block.gather(self.read(name))

    def state(self) -> tuple[dict[str, np.ndarray], dict]:
        """(own cells of every saved field in its exact dtype, the rest): what a checkpoint holds.

        The rest is the clock and, where there is any, {"physics": {name: its state}}; its values
        are those of levitas.solver.output.state, the same on every rank.
        """
        saved = {n: self.backend.to_host(f.own).copy() for n, f in self.fields.items() if f.saved}
        beside = {name: kept for name, one in self.physics.items() if (kept := one.state())}
        return saved, {"steps": self.steps} | ({"physics": beside} if beside else {})

    def restore(self, arrays: dict[str, np.ndarray], rest: dict) -> None:
        """Continue from a state; the next steps have the bits of a run that never stopped."""
        for name, field in self.fields.items():
            if field.saved:
                field.own[...] = self.backend.upload(arrays[name], field.dtype)
        self.steps = rest["steps"]
        for name, kept in rest.get("physics", {}).items():
            self.physics[name].restore(kept)
        self._restart()

    def check_health(self) -> None:
        """Raise Diverged, on all ranks alike, where a value is not finite or a velocity too large.

        The flow is asked first: what runs away there has soon spoilt the rest.
        """
        for physics in reversed(self.physics.values()):
            if message := physics.healthy():
                raise Diverged(message)
