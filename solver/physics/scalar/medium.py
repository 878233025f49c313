"""What a scalar spreads through, as numbers: capacities, conductivities, steps of conduction."""

import math
from dataclasses import dataclass

import numpy as np

from levitas.solver.grid.grid import FIRST_OBSTACLE
from levitas.solver.limits import CONDUCTION_SHARE


@dataclass(frozen=True)
class Medium:
    """Capacity and conductivity of gas and liquid (lattice units), and of solids by id.

    solids: {id: (conductivity, capacity)}, capacity infinite where the value is held.
    """

    gas: float
    liquid: float
    k_gas: float
    k_liquid: float
    least: float
    solids: dict[int, tuple[float, float]]

    def constants(self, share: float) -> dict[str, float]:
        """Arguments of the kernels; conductivities times a share of the step."""
        return {
            "gas": self.gas,
            "jump": self.liquid - self.gas,
            "least": self.least,
            "k_gas": self.k_gas * share,
            "k_jump": (self.k_liquid - self.k_gas) * share,
        }

    def rows(self, share: float) -> np.ndarray:
        """(k, 1/C) by id; those of ids that are no solids are not read."""
        table = np.zeros((max([FIRST_OBSTACLE, *self.solids]) + 1, 2))
        for k, (conductivity, capacity) in self.solids.items():
            table[k] = conductivity * share, 1 / capacity
        return table

    def stiffness(self, dimensions: int) -> float:
        """Largest sum over the faces of a cell of k_f/C: explicit steps must keep it below 1.

        Across an interface a cell has one steep side along each axis, where k_f is up to the
        harmonic mean with the best conductor; a cell at a solid may have two.
        """
        phi = np.unique(np.concatenate([np.linspace(0, 1, 101), np.geomspace(1e-5, 1, 101)]))
        k = self.k_gas + phi * (self.k_liquid - self.k_gas)
        capacity = np.maximum(self.gas + phi * (self.liquid - self.gas), self.least)
        found = (k + _series(k, k.max())) / capacity
        if self.solids:
            best = max(k.max(), *(row[0] for row in self.solids.values()))
            found = 2 * _series(k, best) / capacity
            solid = [2 * _series(row[0], best) / row[1] for row in self.solids.values()]
            found = np.append(found, solid)
        return dimensions * float(np.max(found))


def _series(a, b):
    """Harmonic mean, 0 where one is 0."""
    return 2 * a * b / (a + b + 1e-30)


def substeps(medium: Medium, dimensions: int) -> int:
    """Conduction steps in a time step."""
    return max(1, math.ceil(medium.stiffness(dimensions) / CONDUCTION_SHARE))
