"""The pressure reference: the mean gas pressure is held at zero (docs/physics.md, section 1).

In the velocity form -p* cs2 grad rho magnifies a uniform gas pressure by the density ratio,
so the gas mean of p is taken off every cell, every `PRESSURE_STEPS` steps.
"""

import numpy as np

from levitas.solver.grid.grid import Box
from levitas.solver.physics.flow.moments import DEFINES


class PressureReference:
    """Subtracts the mean of p over the gas from `moments`; the same bits on any number of ranks."""

    def __init__(self, block, backend, fluid: dict):
        self.block, self.backend, self.fluid = block, backend, fluid
        nx, ny, nz = block.shape
        self.columns = backend.zeros((2, nz * nx), np.int64)
        self.box, self.rows = Box(0, nx, 0, 1, 0, nz), ny
        defines = block.defines | DEFINES
        self.sums = backend.kernel("pressure_reference.cu", "reference_columns", **defines)
        self.shift = backend.kernel("pressure_reference.cu", "reference_shift", **defines)

    def pin(self, moments, phi) -> None:
        """Take the gas mean off; nothing happens where there is no gas. Halos are left stale."""
        size = self.columns.shape[1]
        self.sums(
            self.box,
            m=moments,
            phi=phi,
            columns=self.columns,
            rows=self.rows,
            size=size,
            **self.fluid,
        )
        gas_mean = self._mean()
        if gas_mean:
            self.shift(self.block.own, m=moments, phi=phi, gas_mean=gas_mean, **self.fluid)

    def _mean(self) -> float:
        """Gas mean of p; high and low halves are added apart so that no integer overflows."""
        columns = self.columns
        halves = np.stack(
            [self.backend.to_host(part.sum(axis=1)) for part in (columns >> 24, columns & 0xFFFFFF)]
        )
        high, low = self.block.comm.allreduce(halves)
        pressure, weight = (int(h) * 2**24 + int(k) for h, k in zip(high, low, strict=True))
        return pressure / weight if weight else 0.0
