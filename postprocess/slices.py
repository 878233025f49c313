"""Slices: a field on a plane, the liquid's outline, velocity arrows."""

import numpy as np

from levitas.postprocess import caption
from levitas.postprocess.bodies import centroid, inner
from levitas.postprocess.page import Page
from levitas.postprocess.read import Run, Snapshot
from levitas.postprocess.style import INK, PAPER, in_units, labelled, map_and_ends, scaled

PARITY = {"u": "x", "v": "y", "w": "z"}
TITLES = {
    "phi": ("liquid fraction", "1"),
    "p": ("pressure", "Pa"),
    "u": ("velocity along x", "m/s"),
    "v": ("velocity along y", "m/s"),
    "w": ("velocity along z", "m/s"),
    "speed": ("speed", "m/s"),
    "velocity_error": ("|u \u2212 U| / |U|", "1"),
    "vorticity": ("vorticity", "1/s"),
}
ARROWS = 22  # along the longer edge


class Plane:
    """A cut through a snapshot, mirror images included, a drop that crosses periodic faces whole.

    normal   "x", "y" or "z"; across, up: the two axes of the picture (letters)
    extent   (left, right, bottom, top) in metres
    """

    def __init__(self, run: Run, snapshot: Snapshot, normal: str | None = None, at=None):
        self.run, self.snapshot = run, snapshot
        self.normal = "z" if snapshot.shape[0] == 1 else normal or "y"
        self.across, self.up = [axis for axis in "xyz" if axis != self.normal]
        self.shift = {axis: self._shift(axis) for axis in (self.across, self.up)}
        self.index = self._index(at)
        self.extent = (*self._ends(self.across), *self._ends(self.up))
        self.cache: dict[str, np.ndarray] = {}

    def _index(self, at) -> int:
        line = getattr(self.snapshot, self.normal)
        if at is None:
            n = "xyz".index(self.normal)
            if self.run.faces.get(f"{self.normal}-") == "symmetry":
                return 0
            if "phi" not in self.snapshot.names:
                return len(line) // 2
            place = centroid(inner(self.snapshot.read("phi")), self.run.faces)[n]
            return int(np.clip(place if np.isfinite(place) else 0, 0, len(line) - 1))
        return int(np.abs(line - at).argmin())

    def _shift(self, axis: str) -> int:
        """Cells to roll a periodic axis by, so that no drop is cut in two."""
        n = "xyz".index(axis)
        periodic = self.run.faces.get(f"{axis}-", "periodic") == "periodic"
        if not periodic or "phi" not in self.snapshot.names:
            return 0
        share = inner(self.snapshot.read("phi"))
        if np.take(share, (0, -1), axis=2 - n).max() < 0.5 or share.min(axis=2 - n).max() > 0.5:
            return 0  # nothing there, or a layer that goes through
        return share.shape[2 - n] // 2 - int(centroid(share, self.run.faces)[n])

    def _ends(self, axis: str) -> tuple[float, float]:
        line, h = getattr(self.snapshot, axis), self.snapshot.spacing
        moved = self.shift[axis] * h
        low, high = line[0] - h / 2 - moved, line[-1] + h / 2 - moved
        if self.run.faces.get(f"{axis}-") == "symmetry":
            return 2 * low - high, high
        if self.run.faces.get(f"{axis}+") == "symmetry":
            return low, 2 * high - low
        return low, high

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
        for n, letter in ((1, self.across), (0, self.up)):
            cut = np.roll(cut, self.shift[letter], axis=n)
            mirror = np.flip(cut, n) * (-1 if letter in PARITY.get(name, "") else 1)
            if self.run.faces.get(f"{letter}-") == "symmetry":
                cut = np.concatenate([mirror, cut], axis=n)
            elif self.run.faces.get(f"{letter}+") == "symmetry":
                cut = np.concatenate([cut, mirror], axis=n)
        return cut

    def _speed(self):
        return np.sqrt(sum(self.read(c) ** 2 for c in "uvw"))

    def _error(self):
        stream = self.run.scope(self.snapshot)["stream"]
        off = sum((self.read(c) - s) ** 2 for c, s in zip("uvw", stream, strict=True))
        return np.sqrt(off) / (np.linalg.norm(stream) or 1.0)

    def _vorticity(self):
        a, b = (self.read("uvw"["xyz".index(axis)]) for axis in (self.across, self.up))
        h = self.snapshot.spacing
        return np.gradient(b, h, axis=1) - np.gradient(a, h, axis=0)

    def arrows(self):
        """(across, up) velocity in the plane, less the stream that carries everything."""
        stream = self.run.scope(self.snapshot)["stream"]
        return [
            self.read("uvw"["xyz".index(axis)]) - stream["xyz".index(axis)]
            for axis in (self.across, self.up)
        ]


def draw(run: Run, snapshot: Snapshot, field: str = "speed", normal=None, at=None, shown=None):
    """A slice as a Page; `shown` fixes colour map and range (map_and_ends of style.py)."""
    plane = Plane(run, snapshot, normal, at)
    name, dimension = TITLES.get(
        field, (snapshot.about.get(field, field), snapshot.units.get(field, "1"))
    )
    values, lattice = plane.read(field), caption.in_lattice_units(run)
    left, right, bottom, top = plane.extent
    tall = min(max((top - bottom) / (right - left), 0.25), 2.0)
    width = 5.2 if tall > 0.6 else 7.0
    page = Page(width + 2.3, width * tall + 0.8, **caption.page_text(run, snapshot.time))
    axes = page.axes(0.85, 0.6, width, width * tall)
    long, metre = _length(plane.extent, lattice)
    cmap, (low, high) = shown or map_and_ends(field, values)
    factor, unit = scaled([low, high], "1" if lattice else dimension)
    image = axes.imshow(
        values * factor,
        origin="lower",
        extent=[e * long for e in plane.extent],
        cmap=cmap,
        vmin=low * factor,
        vmax=high * factor,
        interpolation="bilinear",
    )
    _outline(axes, plane, long)
    said = _arrows(axes, plane, long, lattice)
    axes.set_xlabel(labelled(plane.across, metre))
    axes.set_ylabel(labelled(plane.up, metre))
    axes.grid(False)
    bar = page.figure.colorbar(image, cax=page.axes(width + 1.05, 0.6, 0.18, width * tall))
    bar.set_label(labelled(name, in_units(unit, lattice and dimension != "1")))
    bar.outline.set_visible(False)
    if said:
        axes.text(1.0, 1.012, said, transform=axes.transAxes, ha="right", fontsize=8)
    return page


def _length(extent, lattice) -> tuple[float, str]:
    return (1.0, "cells") if lattice else scaled(extent, "m")


def _centres(plane, long):
    left, right, bottom, top = (e * long for e in plane.extent)
    rows, columns = plane.read("u").shape
    x = left + (np.arange(columns) + 0.5) * (right - left) / columns
    y = bottom + (np.arange(rows) + 0.5) * (top - bottom) / rows
    return x, y


def _outline(axes, plane, long) -> None:
    """The phi = 1/2 line."""
    if "phi" not in plane.snapshot.names:
        return
    phi = plane.read("phi")
    if phi.min() < 0.5 < phi.max():
        x, y = _centres(plane, long)
        axes.contour(x, y, phi, [0.5], colors=[PAPER], linewidths=3.0)
        axes.contour(x, y, phi, [0.5], colors=[INK], linewidths=1.4)


def _arrows(axes, plane, long, lattice) -> str:
    """Velocity arrows; what the longest of them means, in words."""
    a, b = plane.arrows()
    top = float(np.hypot(a, b).max())
    if not top > 0:
        return ""
    x, y = _centres(plane, long)
    step = max(1, round(max(a.shape) / ARROWS))
    part = slice(step // 2, None, step)
    apart = (x[1] - x[0]) * step
    axes.quiver(
        *np.meshgrid(x[part], y[part]),
        a[part, part] / top * apart * 1.6,
        b[part, part] / top * apart * 1.6,
        angles="xy",
        scale_units="xy",
        scale=1,
        width=0.0028,
        color=INK,
        alpha=0.8,
    )
    from levitas.postprocess.style import text_of

    relative = any(plane.run.scope(plane.snapshot)["stream"])
    what = "velocity less the stream" if relative else "velocity"
    unit = " (lattice units)" if lattice else ""
    return f"arrows: {what}, longest {text_of(top, '1' if lattice else 'm/s')}{unit}"
