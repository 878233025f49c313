"""A fluid at rest: what stands for the flow in a case without [flow]."""

import numpy as np


class Rest:
    """No velocity: heat and solute spread by conduction and diffusion alone.

    Field: `u`, the velocity that scalars are carried by, 0 everywhere.
    """

    def __init__(self, sim):
        self.u = sim.add_field(
            "u", components=3, unit="m/s", parity=("x", "y", "z"), saved=False, about="velocity"
        )
        self.backend = sim.backend

    def start(self, initial: dict) -> None:
        """Nothing moves."""

    def restart(self) -> None:
        """Nothing moves."""

    def step(self) -> None:
        """Nothing moves."""

    def read_velocity(self) -> np.ndarray:
        """u of the own cells, (3, nz, ny, nx), on the host."""
        return self.backend.to_host(self.u.own)
