"""When a run ends, and how often it writes where the case does not say."""

from levitas.solver.errors import CaseError
from levitas.solver.output.schedule import Schedule

NO_LAST_STEP = 2**62  # the last step of a run that ends by itself
STEADY_STEPS = 100  # a steady state is judged by the relative change in so many steps
ASSUMED_LENGTH = 200  # times STEADY_STEPS: such a run is taken for so long to space its outputs
STEADY_TIMES = 3  # records in a row that must be steady: turning points are not


def last_step(case, steps: int | None = None) -> int:
    """The step at which a run is done; `steps` (from the command line) stands above the case."""
    wanted = case.steps if steps is None else steps
    return NO_LAST_STEP if wanted is None else wanted


def schedule(chosen, end, times: int) -> Schedule:
    """The schedule that a section chose (`every` or `steps`), else `times` firings a run."""
    if chosen.steps:
        return Schedule(steps=chosen.steps)
    if chosen.every:
        return Schedule(time=chosen.every)
    if end.steps:
        return Schedule(steps=max(1, end.steps // times))
    if end.time:
        return Schedule(time=end.time / times)
    return Schedule(steps=STEADY_STEPS * max(1, ASSUMED_LENGTH // times))


class SteadyWatch:
    """Watches one measure of the series: `reached` once it changes no more.

    The measure counts as still when its relative change in 100 steps is below `tolerance`, in
    three records in a row.
    """

    def __init__(self, metric: str, tolerance: float):
        self.metric, self.tolerance = metric, tolerance
        self.step, self.value, self.still = None, 0.0, 0

    @property
    def reached(self) -> bool:
        """Whether the state is steady."""
        return self.still >= STEADY_TIMES

    def look(self, step: int, newest: dict[str, float]) -> None:
        """Take a record of the series into account. CaseError if the measure is not in it."""
        if self.metric not in newest:
            raise CaseError(
                f"[case] end: no metric {self.metric!r} in the series; "
                f"there are {', '.join(newest)}"
            )
        value = newest[self.metric]
        if self.step is not None and step > self.step:
            change = abs(value - self.value) * STEADY_STEPS / (step - self.step)
            self.still = self.still + 1 if change <= self.tolerance * abs(value) else 0
        self.step, self.value = step, value

    def state(self) -> dict:
        """What a checkpoint keeps."""
        return {"step": self.step, "value": self.value, "still": self.still}

    def restore(self, state: dict | None, sim) -> None:
        """Continue as `state` says; None if the run did not look before."""
        if state:
            self.step, self.value, self.still = state["step"], state["value"], state["still"]
