"""One drop large, with scale bar and colour bar; under it, where there is one, a curve in time."""

import numpy as np

from levitas.postprocess.metrics.table import METRICS
from levitas.postprocess.pictures import caption, offscreen, tiles
from levitas.postprocess.pictures import slice as slices
from levitas.postprocess.pictures.page import Page
from levitas.postprocess.pictures.scene import TITLES, Camera
from levitas.postprocess.pictures.style import GREY, INK, LINES, PAPER, bright_map, labelled, scaled
from levitas.postprocess.results.read import Run
from levitas.solver.case.picture_section import PictureParams

SIDE, FOOT = 5.0, 0.75
MOVING = ("speed", "normal_velocity")  # colours that an outline has no room for


def picture(run: Run, section: PictureParams) -> Page:
    """The picture that a case asks for; a slice of the speed where an outline would not show it."""
    what, snapshot = section.colour or "deviation", run.snapshot_at(section.time)
    if what in MOVING and (run.case.is_2d or not offscreen.available()):
        return slices.draw(run, snapshot, slices.Look("speed"))
    return draw(run, tiles.prepare(run, snapshot, what), what)


def draw(run: Run, tile: tiles.Tile, what: str, ends=None, camera=None, quantity=None) -> Page:
    """A tile as a Page; `ends` and `camera` fix colours and view, `quantity` adds its curve."""
    lattice = caption.in_lattice_units(run)
    ends = ends or tiles.common_ends([tile], what)
    camera = framed(camera or tile.camera or tile.centred(tile.reach))
    across, up = camera.half
    high, foot = SIDE * up / across, FOOT * 2 * across / SIDE
    curve = quantity is not None and quantity in run.series
    text = caption.page_text(run, tile.snapshot.time, shows=_words(tile, what))
    page = Page(SIDE + 1.9, high + FOOT + 0.1 + (2.1 if curve else 0), **text)
    bottom = 2.1 if curve else 0.0
    axes = page.axes(0.3, bottom, SIDE, high + FOOT)
    tiles.show(axes, tile, what, ends, camera, pixels=1100)
    tiles.scale_bar(axes, across, run, 0.3, -up - 0.3 * foot)
    axes.set(xlim=(-across, across), ylim=(-up - foot, up))
    if ends is not None:
        _bar(page, what, ends, lattice, bottom + FOOT, high)
        _axes_of(page, run, camera, tile.snapshot.time, (0.1, bottom, 0.95, 0.95))
    if curve:
        _curve(page, run, quantity, tile.snapshot.time, lattice)
    return page


def _words(tile: tiles.Tile, what: str) -> str:
    if tile.plane is not None:
        return "outline of the drop"
    phase = "gas" if tile.snapshot.read("phi").mean() > 0.5 else "liquid"
    return f"surface of the {phase}, coloured by the {TITLES[what][0]}"


def framed(camera: Camera) -> Camera:
    """A camera with some room around what it sees, in a picture neither too wide nor too high."""
    across, up = (h * tiles.MARGIN for h in camera.half)
    up = max(up, 0.35 * across)
    return camera._replace(half=(max(across, up / 1.15), up))


def _axes_of(page: Page, run: Run, camera: Camera, time: float, place) -> None:
    """The directions of x, y and z in the picture, and that of gravity."""
    axes = page.axes(*place)
    axes.set(xlim=(-1.5, 1.5), ylim=(-1.5, 1.5), aspect="equal")
    axes.set_axis_off()
    weight = caption.gravity(run, time)
    found = [(name, unit, INK) for name, unit in zip("xyz", np.eye(3), strict=True)]
    if weight.any():
        found.append(("g", 1.35 * weight / np.linalg.norm(weight), LINES[1]))
    look = {"arrowstyle": "-|>", "lw": 1.2, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 8}
    for name, direction, colour in found:
        end = 0.8 * camera.screen() @ direction
        axes.annotate("", end, (0, 0), arrowprops=look | {"color": colour})
        axes.text(
            *(end + 0.28 * end / max(np.hypot(*end), 0.3)),
            name,
            ha="center",
            va="center",
            fontsize=8,
            color=colour,
        )


def _bar(page: Page, what: str, ends, lattice: bool, bottom: float, high: float) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    name, unit = TITLES[what]
    factor, unit = scaled(ends, "1" if lattice else unit)
    norm = Normalize(ends[0] * factor, ends[1] * factor)
    axes = page.axes(SIDE + 0.75, bottom + 0.05 * high, 0.17, 0.9 * high)
    bar = page.figure.colorbar(ScalarMappable(norm, bright_map(what)[0]), cax=axes)
    bar.outline.set_visible(False)
    bar.set_label(labelled(name, f"{unit} lattice units".strip() if lattice else unit))


def _curve(page: Page, run: Run, quantity: str, now: float, lattice: bool) -> None:
    time, value = run.series["time"], run.series[quantity]
    slow, second = caption.times(run, time)
    factor, unit = scaled(value, "1" if lattice else METRICS[quantity].unit)
    axes = page.axes(0.95, 0.55, SIDE + 0.7, 1.4)
    axes.axhline(0, color=GREY, lw=0.6)
    axes.plot(time * slow, value * factor, color=LINES[0], alpha=0.35)
    past = time <= now * (1 + 1e-9)
    axes.plot(time[past] * slow, value[past] * factor, color=LINES[0])
    at = np.interp(now, time, value) * factor
    axes.plot([now * slow], [at], "o", ms=6, color=PAPER, mec=INK, mew=1.3, clip_on=False)
    axes.set_xlim(time[0] * slow, time[-1] * slow)
    axes.set_xlabel(labelled("time", second))
    long = caption.lengths(run, value)[1]
    unit = f"{unit} {long}".strip() if lattice and METRICS[quantity].unit == "m" else unit
    axes.set_ylabel(labelled(caption.name_of(quantity), unit), fontsize=8)
