"""Slices: a field on a plane with interface, solids, isolines, and arrows or streamlines."""

import re

import numpy as np

from levitas.postprocess.pictures import caption, overlays
from levitas.postprocess.pictures.page import Page
from levitas.postprocess.pictures.plane import VELOCITIES, Plane
from levitas.postprocess.pictures.style import in_units, labelled, map_and_ends, scaled, text_of
from levitas.postprocess.results.read import Run, Snapshot
from levitas.solver.case.picture_section import FIELDS, PictureParams

#: what is shown -> (its name, its unit); of a field what its physics says, up to the first comma
TITLES = {n: (re.split("[,;]", q.about)[0], q.unit) for n, q in FIELDS.items()} | {
    "speed": ("speed", "m/s"),
    "velocity_error": ("|u \u2212 U| / |U|", "1"),
    "vorticity": ("vorticity", "1/s"),
}
ISOLINES = {"T": "isotherms", "c": "lines of equal concentration"}
BESIDE = 2.3  # inches beside the picture
HIGHEST, LOWEST, NARROW = 6.5, 1.7, 6.0  # inches: of the picture, of the bar, of the page


class Look:
    """How a slice is drawn: the keys of a picture that it takes, all optional."""

    def __init__(self, field=None, normal=None, at=None, frame=None, streamlines=False):
        self.field, self.normal, self.at = field or "speed", normal, at
        self.frame, self.streamlines = frame, bool(streamlines)

    @classmethod
    def of(cls, section: PictureParams) -> "Look":
        """As the case asks for it."""
        cut = (section.field, section.normal, section.at, section.frame, section.streamlines)
        return cls(*cut)

    def plane(self, run: Run, snapshot: Snapshot) -> Plane:
        """The plane through a snapshot."""
        return Plane(run, snapshot, self.normal, self.at, self.frame)


def picture(run: Run, section: PictureParams) -> Page:
    """The picture that a case asks for."""
    return draw(run, run.snapshot_at(section.time), Look.of(section))


def draw(run: Run, snapshot: Snapshot, look: Look, shown=None) -> Page:
    """A slice as a Page; `shown` fixes colour map and range (map_and_ends of style.py)."""
    plane, lattice = look.plane(run, snapshot), caption.in_lattice_units(run)
    values = plane.read(look.field)
    left, right, bottom, top = plane.extent
    tall = min(max((top - bottom) / (right - left), 0.05), 5.0)
    width = 7.0 if tall <= 0.6 else min(5.2, HIGHEST / tall)
    long, metre = caption.lengths(run, plane.extent)
    said = _words(plane, look, lattice)
    text = caption.page_text(run, snapshot.time, shows=said)
    high = max(width * tall, LOWEST)
    page = Page(max(width + BESIDE, NARROW), high + 0.85, **text)
    axes = page.axes(0.85, 0.6 + (high - width * tall) / 2, width, width * tall)
    cmap, ends = shown or map_and_ends(look.field, values)
    name, dimension = TITLES[look.field]
    factor, unit = scaled(ends, "1" if lattice else dimension)
    image = axes.imshow(
        values * factor,
        origin="lower",
        extent=[e * long for e in plane.extent],
        cmap=cmap,
        vmin=ends[0] * factor,
        vmax=ends[1] * factor,
        interpolation="bilinear",
        zorder=1,
    )
    axes.grid(False)
    notes = _over(axes, overlays.View.of(plane, long, lattice), look, values, ends, factor, unit)
    axes.set_xlim(left * long, right * long)
    axes.set_ylim(bottom * long, top * long)
    axes.set_xlabel(labelled(plane.across, metre))
    axes.set_ylabel(labelled(plane.up, metre))
    _say(axes, "; ".join(notes), width > 4.5)
    bar = labelled(name, in_units(unit, lattice and dimension != "1"))
    _beside(page, run, plane, image, bar, (width + 1.05, 0.6, high), values, ends)
    return page


def _say(axes, text: str, right: bool) -> None:
    """A line over the picture."""
    place = (1.0, "right") if right else (0.0, "left")
    look = {"xycoords": "axes fraction", "textcoords": "offset points", "fontsize": 8}
    axes.annotate(text, (place[0], 1.0), (0, 5), ha=place[1], va="bottom", **look)


def _words(plane: Plane, look: Look, lattice: bool) -> str:
    """What the slice shows, in a line."""
    name = TITLES[look.field][0]
    words = [name + (overlays.seen_from(plane) if look.field in VELOCITIES and plane.frame else "")]
    words += ["streamlines"] if look.streamlines else []
    if "phi" in plane.snapshot.names and look.field != "phi":
        phi = plane.read("phi")
        words += ["the surface of the liquid"] if phi.min() < 0.5 < phi.max() else []
    return caption.listed(words) + _place(plane, lattice)


def _place(plane: Plane, lattice: bool) -> str:
    """Where a slice lies, "" in 2-D."""
    if plane.run.case.is_2d:
        return ""
    if plane.normal in plane.run.unfolded and plane.index == 0:
        return f" in the mirror plane across {plane.normal}"
    unit = caption.lengths(plane.run, [1.0])[1]
    at = f"{plane.at:.4g} {unit}" if lattice else text_of(plane.at, "m")
    return f" in the plane {plane.normal} = {at}"


def _over(axes, view, look: Look, values, ends, factor: float, unit: str) -> list[str]:
    """Everything over the field; returns what needs words."""
    notes = []
    solid = overlays.solids(axes, view)
    if look.field in ISOLINES:
        step = overlays.isolines(axes, view, values, ends, factor)
        apart = f"{step:.3g} {unit}".strip() if step else ""
        notes += [f"{ISOLINES[look.field]} every {apart}"] if step else []
    overlays.interface(axes, view)
    overlays.walls(axes, view)
    if all(c in view.plane.snapshot.names for c in "uvw"):
        draw_flow = overlays.streamlines if look.streamlines else overlays.arrows
        notes.append(draw_flow(axes, view, solid))
    return [note for note in notes if note]


def _beside(page: Page, run: Run, plane: Plane, image, text: str, place, values, ends) -> None:
    """Colour bar and the arrow of gravity."""
    left, bottom, height = place
    weight = caption.gravity(run, plane.snapshot.time)
    down = [weight["xyz".index(axis)] for axis in (plane.across, plane.up)]
    room = 0.7 if np.hypot(*down) > 0 else 0.0
    if room:
        overlays.gravity(page, (left - 0.15, bottom + height - 0.6, 0.6, 0.6), down, "g")
    over = _beyond(values, ends)
    axes = page.axes(left, bottom, 0.18, height - room)
    bar = page.figure.colorbar(image, cax=axes, extend=over, extendfrac=0.03)
    bar.set_label(text)
    bar.outline.set_visible(False)


def _beyond(values: np.ndarray, ends) -> str:
    """Which ends of the colour bar values lie beyond, for its arrows."""
    finite = values[np.isfinite(values)]
    slack = 1e-6 * (ends[1] - ends[0])
    low, high = finite.min() < ends[0] - slack, finite.max() > ends[1] + slack
    return "both" if low and high else "min" if low else "max" if high else "neither"
