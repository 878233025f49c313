"""Reading a run folder: resolved case, summary, series, snapshots. It holds the whole truth."""

import os
from functools import cached_property
from pathlib import Path

import numpy as np

from levitas.postprocess.metrics.scope import Scope
from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.results.scope import scope
from levitas.solver.errors import CaseError, CorruptRun, UsageError
from levitas.solver.output import summary


class Snapshot:
    """Fields at one time. Attributes: path, time (s), step, names, units {name: unit}.

    x, y, z are the positions of cell centres; shape is (nz, ny, nx); spacing is the edge of a cell,
    pitch the distance of the cells that are stored (larger with a stride).
    """

    def __init__(self, path: Path):
        self.path = path
        with _open(path) as file:
            if not int(getattr(file, "levitas_complete", 0)):
                raise CorruptRun(f"{path}: the snapshot was not finished; {_REMEDY}")
            self.time, self.step = float(file["time"][0]), int(file.levitas_step)
            self.x, self.y, self.z = (np.array(file[axis][:]) for axis in "xyz")
            bounds = np.array(file["x_bnds"][0])
            self.spacing = float(bounds[1] - bounds[0])
            found = {n: v for n, v in file.variables.items() if v.dimensions[1:] == ("z", "y", "x")}
            self.names = list(found)
            self.units = {n: getattr(v, "units", "1") for n, v in found.items()}
            self.about = {n: getattr(v, "long_name", n) for n, v in found.items()}
        self.shape = (len(self.z), len(self.y), len(self.x))
        longest = max((self.x, self.y, self.z), key=len)
        self.pitch = float(longest[1] - longest[0]) if len(longest) > 1 else self.spacing

    def read(self, name: str) -> np.ndarray:
        """A field [z, y, x], float64. CorruptRun if it is not there or cannot be read."""
        with _open(self.path) as file:
            if name not in self.names:
                raise CorruptRun(f"{self.path}: no field '{name}'; it has {', '.join(self.names)}")
            return np.asarray(file[name][0], float)


def _open(path: Path):
    import netCDF4

    try:
        file = netCDF4.Dataset(path)
    except (OSError, RuntimeError) as error:
        raise CorruptRun(f"{path} cannot be read: {error}; {_REMEDY}") from None
    file.set_auto_mask(False)
    return _Guarded(file, path)


_DAMAGE = (OSError, RuntimeError, IndexError, AttributeError, KeyError, ValueError, TypeError)
_REMEDY = "remove it, or run again with --restart"


class _Guarded:
    """An open file whose failures name it."""

    def __init__(self, file, path):
        self.file, self.path = file, path

    def __enter__(self):
        return self.file

    def __exit__(self, kind, error, trace):
        self.file.close()
        if kind and issubclass(kind, _DAMAGE):
            raise CorruptRun(f"{self.path} is damaged: {error}; {_REMEDY}") from None


class Run:
    """A run folder. Raises UsageError if it is none, CorruptRun where its files are damaged."""

    def __init__(self, folder: Path | str, case=None):
        self.folder = Path(folder)
        if case is not None:
            self.case = case
        if not os.path.exists(self.folder / "case.toml"):  # False for a name that is too long
            what = "has no case.toml" if os.path.isdir(self.folder) else "does not exist"
            raise UsageError(f"{str(self.folder)[:200]} is no run folder: it {what}")

    @cached_property
    def case(self):
        """The resolved case, as `levitas.solver.case.case.Case`."""
        from levitas.solver.case.case import Case

        try:
            # limits may have moved since
            return Case.read(self.folder / "case.toml", within_limits=False)
        except CaseError as error:
            raise CorruptRun(f"{self.folder}: its case.toml is damaged: {error}") from None

    @cached_property
    def summary(self) -> dict:
        """summary.json; empty for a run that has not ended."""
        path = self.folder / "summary.json"
        if not path.exists():
            return {}
        return summary.read(path)

    @property
    def name(self) -> str:
        """family/case and the variant, as it is called on pictures."""
        case = self.summary.get("case") or self.folder.name
        variant = self.summary.get("variant")
        return f"{case}, {variant}" if variant else case

    @property
    def labels(self) -> list[str]:
        """Caveats that every result carries."""
        return list(self.summary.get("labels", []))

    @cached_property
    def series(self) -> dict[str, np.ndarray]:
        """Columns of the series over its "time"; empty if there is none."""
        path = self.folder / "series.nc"
        if not path.exists():
            return {}
        with _open(path) as file:
            if "time" not in file.variables:
                raise CorruptRun(f"{path} is damaged: it has no time; {_REMEDY}")
            return {name: np.array(v[:]) for name, v in file.variables.items()}

    @cached_property
    def series_units(self) -> dict[str, str]:
        """Unit of each column."""
        with _open(self.folder / "series.nc") as file:
            return {name: getattr(v, "units", "1") for name, v in file.variables.items()}

    @cached_property
    def snapshots(self) -> list[Snapshot]:
        """Finished snapshots in the order of time."""
        paths = sorted((self.folder / "snapshots").glob("snap_*.nc"))
        return [Snapshot(path) for path in paths]

    def snapshot_at(self, time: float | None) -> Snapshot:
        """The snapshot nearest to a time, the last one for None. NotMeasured without any."""
        if not self.snapshots:
            raise NotMeasured("the run has no snapshots")
        if time is None:
            return self.snapshots[-1]
        return min(self.snapshots, key=lambda s: abs(s.time - time))

    def snapshots_at(self, times: list[float | None] | None, count: int = 1) -> list[Snapshot]:
        """Those nearest to some times, or to so many over the run; each once, in order of time."""
        if times is None:
            first, last = self.snapshot_at(0.0).time, self.snapshot_at(None).time
            times = [first + (last - first) * n / max(count - 1, 1) for n in range(count)]
        nearest = {s.time: s for s in map(self.snapshot_at, times)}
        return [nearest[time] for time in sorted(nearest)]

    @cached_property
    def faces(self) -> dict[str, str]:
        """Kind of each face of the box."""
        return self.case.faces

    @cached_property
    def unfolded(self) -> dict[str, str]:
        """{axis: side} of the symmetry faces that pictures show both sides of.

        Those that the interface meets at the first or the last snapshot; in one phase all that
        face no other one. Beyond the others nothing is to be seen but the same once more.
        """
        shown = {}
        for axis in "xyz":
            sides = [s for s in "-+" if self.faces.get(axis + s) == "symmetry"]
            met = [s for s in sides if self._meets(axis, s)]
            if met:
                shown[axis] = met[0]
        return shown

    def _meets(self, axis: str, side: str) -> bool:
        for shot in {0, len(self.snapshots) - 1}:
            if not self.snapshots or not self.reaches(self.snapshots[shot], axis + side):
                return False
            if "phi" not in self.snapshots[shot].names:
                beyond = self.faces.get(axis + ("+" if side == "-" else "-"))
                return not self.case.has("interface") and beyond != "symmetry"
            phi = self.snapshots[shot].read("phi")
            layer = np.take(phi, 0 if side == "-" else -1, axis=2 - "xyz".index(axis))
            if layer.min() < 0.5 < layer.max():
                return True
        return False

    def reaches(self, snapshot: Snapshot, face: str) -> bool:
        """Whether a snapshot, which may hold a part of the box, goes as far as a face."""
        n, line = "xyz".index(face[0]), getattr(snapshot, face[0])
        low, long = self.case.origin[n], self.case.values[f"grid.l{face[0]}"]
        if face[1] == "-":
            return line[0] < low + snapshot.spacing
        return line[-1] + snapshot.pitch > low + long

    def scope(self, snapshot: Snapshot | None = None) -> Scope:
        """What metrics may ask for at a snapshot, the last one by default."""
        if snapshot is None and self.snapshots:
            snapshot = self.snapshots[-1]
        if snapshot is None:
            return scope(self.case, {}, float("nan"))
        from levitas.solver.case.sections import fields as of_physics

        known = of_physics()
        fields = {n: lambda n=n: _of_whole_grid(self, snapshot, n) for n in snapshot.names}
        return scope(self.case, {n: f for n, f in fields.items() if n in known}, snapshot.time)


def _of_whole_grid(run: Run, snapshot: Snapshot, name: str) -> np.ndarray:
    if snapshot.shape != tuple(run.case.model.grid.cells)[::-1]:
        raise NotMeasured("the snapshots hold a part of the grid only")
    return snapshot.read(name)
