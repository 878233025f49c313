"""A small simulation with the surface of `Simulation`, for tests of files."""

from types import SimpleNamespace

import numpy as np

from levitas.solver.backend.cpu import CpuBackend
from levitas.solver.case.model import End
from levitas.solver.case.output_section import OutputParams
from levitas.solver.errors import Diverged
from levitas.solver.grid.block import Block
from levitas.solver.grid.comm import Serial
from levitas.solver.grid.field import Field
from levitas.solver.grid.grid import Grid

CELLS, SPACING, DT = (7, 6, 5), 0.5e-3, 0.25e-3


def case(**changes):
    """A case of 40 steps, not read from a file; changes: end, dt, output, digest, units, ..."""
    end = End.model_construct(**changes.get("end", {"steps": 40}))
    head = {"title": "stand-in", "units": changes.get("units", "SI"), "precision": "float32"}
    sections = SimpleNamespace(
        case=SimpleNamespace(**head, end=end),
        output=OutputParams(**changes.get("output", {})),
        check=[],
    )
    text = '[case]\ntitle = "stand-in"\n'
    return SimpleNamespace(
        model=sections,
        steps=end.count(changes.get("dt", DT)),
        digest=changes.get("digest", "d" * 32),
        labels=changes.get("labels", []),
        family="test",
        name="standin",
        variant=changes.get("variant"),
        text=text,
        files=[],
        write=lambda path: path.write_text(text),
    )


class FakeSimulation:
    """Two fields that change at every step by cell-wise float32 arithmetic."""

    def __init__(self, case, backend=None, comm=None, split=None):
        self.case, self.comm = case, comm or Serial()
        self.backend = backend or CpuBackend(threads=1)
        self.grid = Grid(CELLS, SPACING, (-1e-3, -1.5e-3, 0.0))
        self.block = Block(self.grid, self.backend, self.comm, split)
        self.steps, self.fields, self.dt = 0, {}, DT
        for name, components in (("phi", 1), ("moments", 3)):
            self.fields[name] = Field(name, self.block, self.backend, components)
        self.fields["scratch"] = Field("scratch", self.block, self.backend, saved=False)
        x, y, z = self.block.centres()
        for n in range(3):
            self.fields["moments"].own[n] = 0.1 * n + 0.01 * x + 0.02 * y - 0.03 * z
        self.fields["phi"].own[0] = 1 / (1 + x + y * z)
        self.bad_from = None  # a step from which the health check fails

    @property
    def time(self):
        return self.steps * self.dt

    def step(self):
        phi, moments = self.fields["phi"].own, self.fields["moments"].own
        moments += np.float32(0.1) * (phi - moments) * np.float32(1 + self.steps % 3)
        phi -= np.float32(0.01) * (phi - moments[1:2])
        self.steps += 1

    def names(self):
        return {"phi": ("1", "liquid fraction"), "u": ("m s-1", "velocity along x")}

    def read(self, name):
        field = self.fields["phi" if name == "phi" else "moments"]
        return field.own[0].astype(float)

    def gather(self, name):
        return self.block.gather(self.read(name))

    def state(self):
        saved = {n: f.own.copy() for n, f in self.fields.items() if f.saved}
        return saved, {"steps": self.steps}

    def restore(self, arrays, scalars):
        for name, array in arrays.items():
            self.fields[name].own[...] = array
        self.steps = scalars["steps"]

    def check_health(self):
        if self.bad_from is not None and self.steps >= self.bad_from:
            raise Diverged(f"step {self.steps}: velocity u is nan in cell (1, 2, 3)")


def measure(sim):
    """A series of the stand-in: the mean of phi."""
    phi = sim.gather("phi")
    return None if phi is None else {"mean_phi": (float(phi.mean()), "1", "mean of phi")}


def same_state(a, b) -> bool:
    """Whether two simulations have the same bits (one rank)."""
    (x, s), (y, t) = a.state(), b.state()
    return s == t and all(np.array_equal(x[n], y[n]) for n in x)
