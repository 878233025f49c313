"""A field along a line through the box, at one time or several, beside its theory."""

import numpy as np

from levitas.postprocess.metrics.bodies import centroid, inner
from levitas.postprocess.metrics.sampling import kinds, wrap
from levitas.postprocess.pictures import caption, solids
from levitas.postprocess.pictures import curves as theory
from levitas.postprocess.pictures.page import Page
from levitas.postprocess.pictures.plane import PARITY
from levitas.postprocess.pictures.slice import TITLES
from levitas.postprocess.pictures.style import (
    GREY,
    INK,
    SOLID,
    in_units,
    labelled,
    scaled,
    shades,
    text_of,
)
from levitas.postprocess.results.read import Run, Snapshot
from levitas.solver.case.picture_section import PictureParams

WIDTH, HEIGHT = 6.6, 3.8


class Line:
    """A line along an axis (letter) through `at`: {axis: position} of the two others, metres."""

    def __init__(self, run: Run, snapshot: Snapshot, along: str, at=None):
        self.run, self.along = run, along
        others = [axis for axis in "xyz" if axis != along]
        if run.case.is_2d and along != "z":
            others.remove("z")
        given = at if isinstance(at, list) else [at] * len(others) if at is not None else None
        self.at = dict(zip(others, given, strict=False)) if given else {}
        for axis in others[len(self.at) :]:
            self.at[axis] = _middle(run, snapshot, axis)

    def values(self, snapshot: Snapshot, name: str) -> np.ndarray:
        """A field along the line, linear between the cells around it."""
        if name == "speed":
            return np.sqrt(sum(self.values(snapshot, c) ** 2 for c in "uvw"))
        array = snapshot.read(name)
        for axis in sorted(self.at, reverse=True):  # z first, then y: the others keep their places
            array = self._between(array, snapshot, axis, name)
        return array.reshape(-1)

    def _between(self, array, snapshot: Snapshot, axis: str, name: str):
        n = "xyz".index(axis)
        line, cells = getattr(snapshot, axis), array.shape[2 - n]
        place = (self.at[axis] - line[0]) / snapshot.pitch
        low = int(np.floor(place))
        kind, mirrored = kinds(self.run.faces)[n], axis in PARITY.get(name, "")
        total = 0.0
        for cell, weight in ((low, low + 1 - place), (low + 1, place - low)):
            inside = int(wrap(np.array(cell), cells, kind))
            odd = mirrored and kind != "periodic" and not 0 <= cell < cells
            total = total + (-weight if odd else weight) * np.take(array, [inside], axis=2 - n)
        return total

    def solid(self, snapshot: Snapshot) -> np.ndarray | None:
        """Where the line lies in a solid shape."""
        lines = [
            getattr(snapshot, a) if a == self.along else np.array([self.at.get(a, 0.0)])
            for a in "xyz"
        ]
        depth = solids.depth(self.run.case, *lines)
        return None if depth is None else depth.reshape(-1) > 0


def _middle(run: Run, snapshot: Snapshot, axis: str) -> float:
    """The drop's centre, else the mirror plane or the middle of the box."""
    line, h = getattr(snapshot, axis), snapshot.pitch
    if "phi" in snapshot.names:
        centre = centroid(inner(snapshot.read("phi")), run.faces)["xyz".index(axis)]
        if np.isfinite(centre):
            return float(line[0] + (centre - 0.5) * h)
    if run.faces.get(f"{axis}-") == "symmetry":
        return float(line[0] - h / 2)
    return float((line[0] + line[-1]) / 2)


def picture(run: Run, section: PictureParams) -> Page:
    """The picture that a case asks for."""
    snapshots = run.snapshots_at(section.times or [section.time])
    line = Line(run, snapshots[-1], section.along, section.at)
    theory = (section.reference, section.reference_name)
    return draw(run, snapshots, section.field or "speed", line, *theory)


def draw(run: Run, shots: list[Snapshot], field: str, line: Line, reference=None, name=None):
    """The field along a line at the times of `shots` as a Page.

    reference   expression of case values and t, x, y, z; `name` is what the legend calls it
    """
    lattice, at = caption.in_lattice_units(run), getattr(shots[0], line.along)
    title, dimension = TITLES[field]
    found = [line.values(shot, field) for shot in shots]
    if reference is not None:
        curves = [_theory(run, reference, shot, line, at) for shot in shots]
    else:
        curves, name = _exact(run, field, shots, line, found), "exact"
    single = len(shots) == 1
    shows = f"{title} on the line{_where(line, lattice)}"
    text = caption.page_text(run, shots[-1].time if single else None, shows=shows)
    page = Page(WIDTH + 1.3, HEIGHT + 0.75, **text)
    axes = page.axes(0.95, 0.6, WIDTH, HEIGHT)
    long, metre = caption.lengths(run, at)
    factor, unit = scaled(np.concatenate([*found, *curves]), "1" if lattice else dimension)
    for k, (shot, values, colour) in enumerate(zip(shots, found, shades(len(shots)), strict=True)):
        when = "simulated" if single else caption.time_text(run, shot.time).strip()
        axes.plot(at * long, values * factor, color=colour, label=when)
        if curves:
            label = (name or "reference") if k == len(shots) - 1 else None
            dashes = {"color": INK, "lw": 1.1, "ls": (0, (4, 2)), "label": label}
            axes.plot(at * long, curves[k] * factor, **dashes)
    _marks(axes, run, line, shots[-1], at, long)
    axes.set_xlim((at[0] - shots[0].pitch / 2) * long, (at[-1] + shots[0].pitch / 2) * long)
    axes.set_xlabel(labelled(line.along, metre))
    axes.set_ylabel(labelled(title, in_units(unit, lattice and dimension != "1")))
    if not single or curves or axes.get_legend_handles_labels()[0][1:]:
        axes.legend(loc="best")
    return page


def _theory(run: Run, text: str, shot: Snapshot, line: Line, at) -> np.ndarray:
    places = {a: np.full_like(at, line.at.get(a, 0.0)) for a in "xyz"} | {line.along: at}
    return theory.curve(run.case, text, t=np.full_like(at, shot.time), **places)


def _exact(run: Run, field: str, shots, line: Line, found) -> list[np.ndarray]:
    """The [[exact]] field of the case along the line, NaN outside its region; [] if it has none."""
    exact = next((e for e in run.case.model.exact if e.name == field), None)
    if exact is None:
        return []
    at = getattr(shots[0], line.along)
    curves = [_theory(run, str(exact.expression), shot, line, at) for shot in shots]
    if exact.region is not None:
        places = {a: np.full_like(at, v) for a, v in line.at.items()} | {line.along: at}
        low, high = (dict(zip("xyz", corner, strict=True)) for corner in exact.region)
        inside = np.logical_and.reduce([(p >= low[a]) & (p <= high[a]) for a, p in places.items()])
        curves = [np.where(inside, curve, np.nan) for curve in curves]
    if field == "p":  # known up to a constant
        curves = [c + np.nanmean(v - c) for c, v in zip(curves, found, strict=True)]
    return [curve for curve in curves if np.isfinite(curve).any()]


def _where(line: Line, lattice: bool) -> str:
    words = [
        f"{a} = {f'{v:.4g}' if lattice or not v else text_of(v, 'm')}" for a, v in line.at.items()
    ]
    return f" {', '.join(words)}" if words else f" along {line.along}"


def _marks(axes, run: Run, line: Line, shot: Snapshot, at, long) -> None:
    """Where the line crosses the interface, and where it runs in a solid."""
    solid = line.solid(shot)
    if solid is not None and solid.any():
        look = {"color": SOLID, "lw": 0, "label": "solid", "zorder": 0}
        whole = axes.get_xaxis_transform()
        axes.fill_between(at * long, 0, 1, where=solid, step="mid", transform=whole, **look)
    if "phi" not in shot.names:
        return
    share = line.values(shot, "phi") - 0.5
    for n, i in enumerate(np.flatnonzero(share[:-1] * share[1:] < 0)):
        place = at[i] + (at[i + 1] - at[i]) * share[i] / (share[i] - share[i + 1])
        axes.axvline(place * long, color=GREY, lw=0.9, ls=":", label="_" if n else "interface")
