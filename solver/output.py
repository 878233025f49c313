"""What a run writes while it goes: when (`Schedule`), fields (`Snapshots`), scalars (`Series`)."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np

from levitas.solver import durable, netcdf, records
from levitas.solver.errors import CaseError, CorruptRun, LevitasError

#: name -> (value, unit, what it is)
Measures = dict[str, tuple[float, str, str]]


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
        """Set the first firing after now; every step where the rhythm is finer than the clock."""
        now = self._now(sim)
        count = math.floor(now / self.every)
        while count * self.every <= now < now + self.every:
            count += 1
        self.next = max(count * self.every, math.nextafter(now, math.inf))

    def state(self) -> dict:
        """What a checkpoint keeps."""
        return {"by_steps": self.by_steps, "every": self.every, "next": self.next}

    def restore(self, state: dict | None, sim) -> None:
        """Continue as `state` says; if the case asks for another rhythm now, with that one."""
        if state and (state["by_steps"], state["every"]) == (self.by_steps, self.every):
            self.next = state["next"]
        else:
            self._aim(sim)


class Snapshots:
    """One CF netCDF file a firing, `snap_<step>.nc`: fields (time, z, y, x) in SI.

    fields    names as in `sim.names()`, all by default
    window    slices (z, y, x) of the cells to write, all by default
    """

    def __init__(
        self,
        folder: Path,
        schedule: Schedule,
        fields: list[str] | None = None,
        window: tuple[slice, slice, slice] = (slice(None),) * 3,
        attributes: dict | None = None,
    ):
        self.folder, self.schedule, self.fields = Path(folder), schedule, fields
        self.window, self.attributes = window, attributes or {}
        self.last = None  # the step of the newest one

    def __call__(self, sim) -> None:
        """Write a snapshot of now; collective. ResourceError if it cannot be written."""
        path = self.folder / f"snap_{sim.steps:08d}.nc"
        failed, file = None, None
        for name in self.fields or sim.names():
            whole = sim.gather(name)
            if sim.comm.rank or failed:
                continue  # the others still wait for rank 0 to take their parts
            try:
                with durable.writing(path):
                    file = file or netcdf.SnapshotFile(path, sim, self.window, self.attributes)
                    file.add(name, *sim.names()[name], whole)
            except LevitasError as error:
                failed = error
        if file:
            try:
                with durable.writing(path):
                    file.discard() if failed else file.finish()
            except LevitasError as error:
                failed = failed or error
        durable.agree(sim.comm, failed)
        self.last = sim.steps

    def state(self) -> dict:
        """What a checkpoint keeps."""
        return {"last": self.last, "schedule": self.schedule.state()}

    def restore(self, state: dict, sim) -> None:
        """Continue as `state` says; files of later steps are removed and written again."""
        self.last = state["last"]
        durable.on_first(sim.comm, self._forget_later)
        self.schedule.restore(state["schedule"], sim)

    def _forget_later(self):
        for path in self.folder.glob("snap_*.nc"):
            if self.last is None or int(path.stem[5:]) > self.last:
                path.unlink()

    def close(self) -> None:
        """Nothing is open between firings."""


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
        found = self.measure(sim)
        durable.on_first(sim.comm, lambda: self._append(sim, found))
        self.records, self.last = self.records + 1, sim.steps
        self.newest = sim.comm.bcast({k: v[0] for k, v in (found or {}).items()})

    def _append(self, sim, found: Measures):
        with durable.writing(self.path):
            if self._file is None:
                self._layout = records.create(self.path, found, sim)
                self._file = records.Records(self.path, self._layout)
            values = {name: about[0] for name, about in found.items()}
            self._file.put(self.records, {"time": sim.time, "step": sim.steps, **values})

    def state(self) -> dict:
        """What a checkpoint keeps; the records so far are on the disk when this returns."""
        if self._file:
            with durable.writing(self.path):
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
            durable.on_first(sim.comm, self._reopen)
        self.schedule.restore(state["schedule"], sim)

    def _reopen(self):
        try:
            self._file = records.Records(self.path, self._layout)
        except OSError as error:
            raise CorruptRun(
                f"{self.path}: {error.strerror}; put a copy of it there, or start again with "
                "--restart"
            ) from error
        with durable.writing(self.path):
            self._file.truncate(self.records)

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()
            self._file = None


def window_of(grid, region=None, stride: int = 1) -> tuple[slice, slice, slice]:
    """Slices (z, y, x) of the cells whose centres lie in `region`, every `stride`-th of them.

    `region` is [low corner, high corner], each [x, y, z] in metres from the origin; None is all.
    Raises CaseError for a region without cells.
    """
    slices = []
    for n, axis in enumerate("xyz"):
        at = netcdf.centres(grid, n)
        low, high = (region[0][n], region[1][n]) if region else (at[0], at[-1])
        inside = np.flatnonzero((at >= low) & (at <= high))
        if not inside.size:
            raise CaseError(f"[output] snapshots: the region has no cells along {axis}")
        slices.append(slice(int(inside[0]), int(inside[-1]) + 1, stride))
    return tuple(slices[::-1])
