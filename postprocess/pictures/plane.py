"""A plane through a snapshot: fields on it as a picture shows them, whole and in one piece."""

import numpy as np

from levitas.postprocess.metrics.bodies import centroid, inner
from levitas.postprocess.pictures import solids
from levitas.postprocess.pictures.unfold import Unfolding
from levitas.postprocess.results.read import Run, Snapshot

PARITY = {"u": "x", "v": "y", "w": "z"}
VELOCITIES = ("u", "v", "w", "speed")


class Plane:
    """A cut through a snapshot, mirror images included, a drop that crosses periodic faces whole.

    normal   "x", "y" or "z"; across, up: the two axes of the picture (letters)
    at       position of the plane, metres
    extent   (left, right, bottom, top) in metres
    frame    "drop": velocities are those seen from the drop (the bubbles in a liquid); drift is
             its mean velocity (u, v, w), else (0, 0, 0)
    """

    def __init__(
        self, run: Run, snapshot: Snapshot, normal: str | None = None, at=None, frame=None
    ):
        self.run, self.snapshot, self.frame = run, snapshot, frame
        self.normal = "z" if snapshot.shape[0] == 1 else normal or "y"
        self.across, self.up = [axis for axis in "xyz" if axis != self.normal]
        self.unfolding = Unfolding(run, snapshot)
        self.index = self._index(at)
        self.at = float(getattr(snapshot, self.normal)[self.index])
        self.extent = (*self.unfolding.ends(self.across), *self.unfolding.ends(self.up))
        self.drift = drop_velocity(run, snapshot) if frame == "drop" else (0.0, 0.0, 0.0)
        self.cache: dict[str, np.ndarray] = {}

    def _index(self, at) -> int:
        line = getattr(self.snapshot, self.normal)
        if at is None:
            n = "xyz".index(self.normal)
            if self.run.faces.get(f"{self.normal}-") == "symmetry":
                return 0
            if "phi" not in self.snapshot.names:
                return len(line) // 2
            share = inner(self.snapshot.read("phi"))
            section = share.sum(axis=tuple(a for a in range(3) if a != 2 - n))
            if section.min() > 0.5 * section.max():  # a film or layer: no place along it is its own
                return len(line) // 2
            place = centroid(share, self.run.faces)[n]
            return int(np.clip(place if np.isfinite(place) else 0, 0, len(line) - 1))
        return int(np.abs(line - at).argmin())

    def centres(self) -> tuple[np.ndarray, np.ndarray]:
        """Positions of the cells of the picture along its two axes, metres."""
        left, right, bottom, top = self.extent
        rows, columns = self.read(self.snapshot.names[0]).shape
        x = left + (np.arange(columns) + 0.5) * (right - left) / columns
        y = bottom + (np.arange(rows) + 0.5) * (top - bottom) / rows
        return x, y

    def read(self, name: str) -> np.ndarray:
        """Values [up, across] of a field, or of speed, velocity_error, vorticity."""
        if name not in self.cache:
            derived = {"speed": self._speed, "velocity_error": self._error}
            derived["vorticity"] = self._vorticity
            self.cache[name] = derived[name]() if name in derived else self._field(name)
        return self.cache[name]

    def _field(self, name):
        axis = 2 - "xyz".index(self.normal)
        cut = np.take(self.snapshot.read(name), self.index, axis=axis)
        cut = self._whole(cut, PARITY.get(name, ""))
        return cut - self.drift["uvw".index(name)] if name in PARITY else cut

    def _whole(self, cut, parity=""):
        return self.unfolding.whole(cut, self.across + self.up, parity)

    def solid(self) -> np.ndarray | None:
        """Depth inside the solid shapes [up, across], positive inside; None without any."""
        lines = {axis: getattr(self.snapshot, axis) for axis in "xyz"}
        lines[self.normal] = lines[self.normal][[self.index]]
        depth = solids.depth(self.run.case, *(lines[axis] for axis in "xyz"))
        if depth is None:
            return None
        return self._whole(np.take(depth, 0, axis=2 - "xyz".index(self.normal)))

    def _speed(self):
        return np.sqrt(sum(self.read(c) ** 2 for c in "uvw"))

    def _error(self):
        stream = self.run.scope(self.snapshot)["stream"]
        off = sum((self.read(c) - s) ** 2 for c, s in zip("uvw", stream, strict=True))
        return np.sqrt(off) / (np.linalg.norm(stream) or 1.0)

    def _vorticity(self):
        a, b = (self.read("uvw"["xyz".index(axis)]) for axis in (self.across, self.up))
        h = self.snapshot.pitch
        return np.gradient(b, h, axis=1) - np.gradient(a, h, axis=0)

    def velocity(self) -> list[np.ndarray]:
        """(across, up) velocity in the plane, less the stream that carries everything."""
        off = (0.0, 0.0, 0.0) if self.frame else self.run.scope(self.snapshot)["stream"]
        axes = ["xyz".index(axis) for axis in (self.across, self.up)]
        return [self.read("uvw"[n]) - off[n] for n in axes]


def drop_velocity(run: Run, snapshot: Snapshot) -> tuple[float, float, float]:
    """Mean velocity of the drop (of the bubbles in a liquid), (u, v, w); 0 across a mirror."""
    share = inner(snapshot.read("phi"))
    mean = [float((snapshot.read(c) * share).sum() / share.sum()) for c in "uvw"]
    return tuple(0.0 if a in run.unfolded else m for a, m in zip("xyz", mean, strict=True))
