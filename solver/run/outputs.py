"""What a run writes and watches: series, snapshots, its end, when to save."""

from dataclasses import dataclass

from levitas.solver.output.output import Snapshots, window_of
from levitas.solver.output.schedule import Schedule
from levitas.solver.output.series import Series
from levitas.solver.run.end import SteadyWatch, schedule

SNAPSHOTS, RECORDS = 10, 200  # a run, where the case does not say


@dataclass
class Outputs:
    """What a run writes and watches; a checkpoint keeps the `state` of each under its name."""

    series: Series
    snapshots: Snapshots
    steady: SteadyWatch | None = None  # ends the run
    saving: Schedule | None = None  # of checkpoints, where the case says so in steps

    @property
    def written(self) -> tuple:
        """Those that write files, in this order."""
        return self.series, self.snapshots

    def state(self) -> dict:
        """The state of each, None where there is none."""
        return {name: one.state() if one else None for name, one in vars(self).items()}

    def restore(self, state: dict, sim) -> None:
        """Continue as `state` says; what it does not hold begins now."""
        for name, one in vars(self).items():
            if one:
                one.restore(state.get(name), sim)

    def close(self) -> None:
        """Close the files."""
        for output in self.written:
            output.close()


def make_outputs(case, folder, grid, measure) -> Outputs:
    """What the case asks for, in a run folder; `measure` makes the numbers of the series."""
    head, output = case.model.case, case.model.output
    end, chosen, saving = head.end, output.snapshots, output.checkpoint.steps
    snapshots = Snapshots(
        folder.snapshots,
        schedule(chosen, end, SNAPSHOTS),
        chosen.fields,
        window_of(grid, chosen.region, chosen.stride),
        {"title": head.title, "levitas_labels": "\n".join(case.labels)},
    )
    return Outputs(
        Series(folder.series, schedule(output.series, end, RECORDS), measure),
        snapshots,
        SteadyWatch(end.steady.metric, end.steady.tolerance) if end.steady else None,
        Schedule(steps=saving) if saving else None,
    )
