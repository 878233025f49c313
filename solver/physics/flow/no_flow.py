"""A fluid at rest: what stands for the flow in a case without [flow]."""

import numpy as np

from levitas.solver.physics.base import PhysicsBase


class FluidAtRest(PhysicsBase):
    """No velocity: heat and solute spread by conduction and diffusion alone.

    Field: `u`, the velocity that scalars are carried by, 0 everywhere.
    """

    def __init__(self, sim):
        super().__init__(sim)
        self.u = sim.add_field(
            "u", components=3, unit="m/s", parity=("x", "y", "z"), saved=False, about="velocity"
        )

    def read_velocity(self) -> np.ndarray:
        """u of the own cells, (3, nz, ny, nx), on the host."""
        return self.sim.backend.to_host(self.u.own)
