"""One drop large, with scale bar and colour bar; under it, where there is one, a curve in time."""

import numpy as np

from levitas.postprocess import caption, tiles
from levitas.postprocess.metrics import METRICS
from levitas.postprocess.page import Page
from levitas.postprocess.read import Run
from levitas.postprocess.style import GREY, INK, LINES, PAPER, bright_map, labelled, scaled
from levitas.postprocess.surfaces import TITLES

SIDE = 5.0


def draw(run: Run, tile: tiles.Tile, what: str, ends=None, half=None, quantity=None) -> Page:
    """A tile as a Page; `ends` and `half` fix colours and scale, `quantity` adds its curve."""
    lattice = caption.in_lattice_units(run)
    ends = ends or tiles.common_ends([tile], what)
    half = half or tile.reach * tiles.ROOM
    curve = quantity is not None and quantity in run.series
    page = Page(
        SIDE + 1.9,
        SIDE * 1.12 + (2.1 if curve else 0),
        **caption.page_text(run, tile.snapshot.time),
    )
    bottom = 2.1 if curve else 0.0
    axes = page.axes(0.3, bottom, SIDE, SIDE * 1.11)
    tiles.show(axes, tile, what, ends, half, pixels=1100)
    tiles.scale_bar(axes, half, lattice, share=0.3)
    axes.set_ylim(-half * 1.17, half * 1.05)
    if ends is not None:
        _bar(page, what, ends, lattice, bottom)
    if curve:
        _curve(page, run, quantity, tile.snapshot.time, lattice)
    return page


def _bar(page: Page, what: str, ends, lattice: bool, bottom: float) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    name, unit = TITLES[what]
    factor, unit = scaled(ends, "1" if lattice else unit)
    norm = Normalize(ends[0] * factor, ends[1] * factor)
    axes = page.axes(SIDE + 0.75, bottom + 0.2 * SIDE, 0.17, 0.7 * SIDE)
    bar = page.figure.colorbar(ScalarMappable(norm, bright_map(what)[0]), cax=axes)
    bar.outline.set_visible(False)
    bar.set_label(labelled(name, f"{unit} lattice units".strip() if lattice else unit))


def _curve(page: Page, run: Run, quantity: str, now: float, lattice: bool) -> None:
    time, value = run.series["time"], run.series[quantity]
    slow, second = (1.0, "steps") if lattice else scaled(time, "s")
    factor, unit = scaled(value, "1" if lattice else METRICS[quantity].unit)
    axes = page.axes(0.95, 0.55, SIDE + 0.7, 1.4)
    axes.axhline(0, color=GREY, lw=0.6)
    axes.plot(time * slow, value * factor, color=LINES[0], alpha=0.35)
    past = time <= now * (1 + 1e-9)
    axes.plot(time[past] * slow, value[past] * factor, color=LINES[0])
    at = np.interp(now, time, value) * factor
    axes.plot([now * slow], [at], "o", ms=6, color=PAPER, mec=INK, mew=1.3)
    axes.set_xlim(time[0] * slow, time[-1] * slow)
    axes.set_xlabel(labelled("time", second))
    unit = f"{unit} cells".strip() if lattice and METRICS[quantity].unit == "m" else unit
    axes.set_ylabel(labelled(caption.name_of(quantity), unit), fontsize=8)
