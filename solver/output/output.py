"""What a run writes while it goes: when (`Schedule`), fields (`Snapshots`), scalars (`Series`)."""

from pathlib import Path

import numpy as np

from levitas.solver.errors import CaseError, LevitasError
from levitas.solver.grid.comm import agree, on_first
from levitas.solver.output import atomic, snapshot_file
from levitas.solver.output.schedule import Schedule


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
                with atomic.writing(path):
                    file = file or snapshot_file.SnapshotFile(
                        path, sim, self.window, self.attributes
                    )
                    file.add(name, *sim.names()[name], whole)
            except LevitasError as error:
                failed = error
        if file:
            try:
                with atomic.writing(path):
                    file.discard() if failed else file.finish()
            except LevitasError as error:
                failed = failed or error
        agree(sim.comm, failed)
        self.last = sim.steps

    def state(self) -> dict:
        """What a checkpoint keeps."""
        return {"last": self.last, "schedule": self.schedule.state()}

    def restore(self, state: dict, sim) -> None:
        """Continue as `state` says; files of later steps are removed and written again."""
        self.last = state["last"]
        on_first(sim.comm, self._forget_later)
        self.schedule.restore(state["schedule"], sim)

    def _forget_later(self):
        for path in self.folder.glob("snap_*.nc"):
            if self.last is None or int(path.stem[5:]) > self.last:
                path.unlink()

    def close(self) -> None:
        """Do nothing: no file is open between firings."""


def window_of(grid, region=None, stride: int = 1) -> tuple[slice, slice, slice]:
    """Slices (z, y, x) of the cells whose centres lie in `region`, every `stride`-th of them.

    `region` is [low corner, high corner], each [x, y, z] in metres from the origin; None is all.
    Raises CaseError for a region without cells.
    """
    slices = []
    for n, axis in enumerate("xyz"):
        at = snapshot_file.centres(grid, n)
        low, high = (region[0][n], region[1][n]) if region else (at[0], at[-1])
        inside = np.flatnonzero((at >= low) & (at <= high))
        if not inside.size:
            raise CaseError(f"[output] snapshots: the region has no cells along {axis}")
        slices.append(slice(int(inside[0]), int(inside[-1]) + 1, stride))
    return tuple(slices[::-1])
