"""What the physics of a simulation have in common: how each starts, steps, is read, and is kept."""

from collections.abc import Callable
from typing import ClassVar

import numpy as np

from levitas.solver.input.physics import Quantity


class PhysicsBase:
    """A physics at work in a simulation `sim`; methods that it does not define are
    those below.

    fields   the quantities that can be read of it, {name: Quantity} as its section.py declares
    remedy   what helps where a value of it is not finite

    State is fields that are `saved`; what is no field (a table, a list of events, an offset) goes
    through `state` and `restore`, see levitas.solver.output.state. It is the same on every rank.
    """

    fields: ClassVar[dict[str, Quantity]] = {}
    remedy = "a smaller time_step or a finer grid helps"

    def __init__(self, sim):
        self.sim, self.block = sim, sim.block

    def start(self, initial: dict) -> None:
        """The fields of the own cells at the start: initial is {name: values}, lattice units."""

    def restart(self) -> None:
        """Halos and whatever follows from the state; after `start` and after `restore`."""

    def step(self) -> None:
        """To the end of the step under way; leaves halos filled."""

    def read(self, name: str) -> np.ndarray:
        """One of `fields`, own cells (nz, ny, nx), on the host: SI, float64; labels as they are."""
        values = self.sim.backend.to_host(self.sim.fields[name].own)[0]
        return values.copy() if self.fields[name].kind == "label" else values.astype(float)

    def state(self) -> dict:
        """What a checkpoint keeps beside the saved fields."""
        return {}

    def restore(self, state: dict) -> None:
        """Continue as `state` says; its fields are there already."""

    def healthy(self) -> str | None:
        """What is wrong with its fields, the same on all ranks; None if nothing. Collective."""
        for name in self.fields:
            field = self.sim.fields.get(name)
            if field is None or field.dtype.kind != "f":
                continue
            bad = ~self.sim.backend.xp.isfinite(field.own[0])
            if message := first_bad(self.sim, bad, lambda at, name=name: self._words(name, at)):
                return message
        return None

    def _words(self, name: str, at: tuple[int, int, int]) -> tuple[str, str]:
        what = self.fields[name].about.partition(";")[0]
        return f"{what} {name} is {self.read(name)[at]:.4g}", self.remedy


def first_bad(sim, bad, words: Callable) -> str | None:
    """A message about the first bad cell of all ranks in z, y, x order; None if none is bad.

    bad: own cells (nz, ny, nx). words(place of a cell in it) -> (what is wrong, what helps).
    Collective: the same message on all ranks.
    """
    if not sim.comm.allreduce([int(bad.any())], "max")[0]:
        return None
    mine, bad = None, sim.backend.to_host(bad)
    if bad.any():
        at = np.unravel_index(int(np.argmax(bad)), bad.shape)
        cell = tuple(s + int(n) for s, n in zip(sim.block.start, at[::-1], strict=True))
        wrong, remedy = words(at)
        mine = cell[::-1], f"step {sim.steps}: {wrong} in cell {cell}; {remedy}"
    found = sim.comm.gather(mine)
    message = min(one for one in found if one)[1] if sim.comm.rank == 0 else None
    return sim.comm.bcast(message)
