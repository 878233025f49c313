"""When output is due: every so many steps, or every so much time."""

import math


class Schedule:
    """Fires at the start and then every `steps` steps, or every `time` seconds (nearest step).

    The next firing is kept as an absolute time, so a resumed run fires when the first would have.
    """

    def __init__(self, steps: int | None = None, time: float | None = None):
        self.by_steps, self.next = steps is not None, 0.0
        self.every = steps if self.by_steps else time
        if (steps is None) == (time is None) or self.every <= 0:
            raise ValueError("a schedule needs a positive number of steps or a positive time")

    def due(self, sim) -> bool:
        """Whether to fire now; if so the next firing is set."""
        if self._now(sim) < self.next:
            return False
        self._aim(sim)
        return True

    def _now(self, sim) -> float:
        return sim.steps if self.by_steps else sim.time + sim.dt / 2

    def _aim(self, sim):
        """Set the first firing after now; every step if the schedule is finer than the steps."""
        now = self._now(sim)
        count = math.floor(now / self.every)
        while count * self.every <= now < now + self.every:
            count += 1
        self.next = max(count * self.every, math.nextafter(now, math.inf))

    def state(self) -> dict:
        """What a checkpoint keeps."""
        return {"by_steps": self.by_steps, "every": self.every, "next": self.next}

    def restore(self, state: dict | None, sim) -> None:
        """Continue as `state` says; if the case asks for another schedule now, with that one."""
        if state and (state["by_steps"], state["every"]) == (self.by_steps, self.every):
            self.next = state["next"]
        else:
            self._aim(sim)
