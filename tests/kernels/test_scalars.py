"""The interface carries any number of scalars: each gets the bits that it has alone."""

import numpy as np
import pytest

from levitas.solver.backend.cpu import CpuBackend
from levitas.solver.backend.cuda import CudaBackend
from levitas.solver.grid.block import Block
from levitas.solver.grid.comm import Serial
from levitas.solver.grid.field import Field
from levitas.solver.grid.grid import Grid
from tests.support import cupy_double

#: gas, jump, least, k_gas, k_jump, what evaporation leaves behind, what it takes up
NAMES = ("gas", "jump", "least", "k_gas", "k_jump", "retained", "uptake")
SCALARS = [
    (0.01, 0.99, 2e-3, 0.002, 0.1, 0.0, 5.0),
    (0.0, 1.0, 1e-5, 0.0, 0.05, 1.0, 0.0),
    (1.0, -1.0, 1e-5, 0.08, -0.08, -1.0, -20.0),
    (1.0, 0.0, 0.25, 0.06, -0.02, 0.0, 0.0),
]
PLAIN = {"mobility": 0.03, "quarter_width": 1.0, "d_max": 11.5, "cap_tail": 0.9, "cap_drop": -0.6}
PLAIN |= {"per_flat2": 4.0, "calm": 0.6, "outside": 5e-6, "recession": 2e-3}


class Fields:
    """A block with phi, d, u and four scalars of random values."""

    def __init__(self, backend):
        faces = dict.fromkeys(("x-", "x+", "y-", "y+", "z-", "z+"), "periodic")
        grid = Grid((19, 6, 5), 1.0, (0.0, 0.0, 0.0), faces)
        self.block, self.backend = Block(grid, backend, Serial(), depth=2), backend
        self.random = np.random.default_rng(3)
        d = self.random.uniform(-15, 15, (5, 6, 19))
        self.d = self.field("d", np.clip(d, -11.5, 11.5), 2)
        self.phi = self.field("phi", (1 + np.tanh(d / 2)) / 2)
        self.u = self.field("u", self.random.uniform(-0.05, 0.05, (3, 5, 6, 19)))
        self.t = [self.field(f"t{n}", self.random.uniform(0, 1, (5, 6, 19)), 2) for n in range(4)]

    def field(self, name, values, depth=1):
        made = Field(name, self.block, self.backend, 3 if name == "u" else 1, depth=depth)
        made.own[...] = self.backend.upload(values)
        self.block.exchange(made)
        return made

    def step(self, which):
        """phi and the scalars `which` after a step, halos included, all in one launch."""
        new = [Field("new", self.block, self.backend, depth=2) for _ in which]
        phi_new = Field("phi_new", self.block, self.backend)
        d_new = Field("d_new", self.block, self.backend, depth=2)
        defines = {"WALLS": 0, "SCALARS": len(which), "CONDUCT": 1, "EVAPORATE": 1}
        kernel = self.backend.kernel(
            "interface.cu", "interface_step", **defines, **self.block.defines
        )
        given = self.block.x_halo(phi_new, d_new, *new) | PLAIN
        given |= {"phi": self.phi, "d": self.d, "u": self.u, "phi_new": phi_new, "d_new": d_new}
        for n, k in enumerate(which):
            given |= {f"t{n}": self.t[k], f"t{n}_new": new[n]}
            given |= {f"{name}{n}": v for name, v in zip(NAMES, SCALARS[k], strict=True)}
        kernel(self.block.own, walls=self.backend.zeros((1,), np.uint8), **given)
        return [self.backend.to_host(f.data).tobytes() for f in (phi_new, *new)]


@pytest.mark.parametrize("machine", ["cpu", "emulated"])
def test_each_of_three_scalars_has_the_bits_that_it_has_alone(machine, monkeypatch):
    if machine == "emulated":
        cupy_double.install(monkeypatch)
    fields = Fields(CpuBackend("float32", 1) if machine == "cpu" else CudaBackend("float32"))
    alone = [fields.step([k]) for k in range(4)]
    for which in ([2, 0, 1], [3, 1, 2]):
        phi, *together = fields.step(which)
        assert phi == alone[0][0]
        assert together == [alone[k][1] for k in which]
