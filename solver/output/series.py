"""Scalars over time in one netCDF file."""

from collections.abc import Callable
from pathlib import Path

from levitas.solver.errors import CorruptRun
from levitas.solver.grid.comm import on_first
from levitas.solver.output import atomic, series_file
from levitas.solver.output.schedule import Schedule

#: name -> (value, unit, what it is)
Measures = dict[str, tuple[float, str, str]]


class Series:
    """Scalars over time in one netCDF file, a record a firing, each readable once it is written.

    measure    sim -> Measures on rank 0, None elsewhere (collective); the first record's names stay
    """

    def __init__(self, path: Path, schedule: Schedule, measure: Callable):
        self.path, self.schedule, self.measure = Path(path), schedule, measure
        self.records, self.last, self.newest = 0, None, {}
        self._layout = self._file = None

    def __call__(self, sim) -> None:
        """Append a record of now; collective. ResourceError if it cannot be written."""
        measures = self.measure(sim)
        on_first(sim.comm, lambda: self._append(sim, measures))
        self.records, self.last = self.records + 1, sim.steps
        self.newest = sim.comm.bcast({k: v[0] for k, v in (measures or {}).items()})

    def _append(self, sim, measures: Measures):
        with atomic.writing(self.path):
            if self._file is None:
                self._layout = series_file.create(self.path, measures, sim)
                self._file = series_file.Records(self.path, self._layout)
            values = {name: about[0] for name, about in measures.items()}
            self._file.put(self.records, {"time": sim.time, "step": sim.steps, **values})

    def state(self) -> dict:
        """What a checkpoint keeps; the records so far are on the disk when this returns."""
        if self._file:
            with atomic.writing(self.path):
                self._file.sync()
        return {
            "last": self.last,
            "records": self.records,
            "layout": self._layout,
            "schedule": self.schedule.state(),
        }

    def restore(self, state: dict, sim) -> None:
        """Continue as `state` says without the records after it. CorruptRun if some are missing."""
        self.records, self.last, self._layout = state["records"], state["last"], state["layout"]
        if self._layout:
            on_first(sim.comm, self._reopen)
        self.schedule.restore(state["schedule"], sim)

    def _reopen(self):
        try:
            self._file = series_file.Records(self.path, self._layout)
        except OSError as error:
            raise CorruptRun(
                f"{self.path}: {error.strerror}; restore it from a copy, or start again with "
                "--restart"
            ) from error
        with atomic.writing(self.path):
            self._file.truncate(self.records)

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()
            self._file = None
