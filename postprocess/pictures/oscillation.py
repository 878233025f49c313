"""The picture of an oscillating drop: its shapes over a period, above amplitude against time."""

import numpy as np

from levitas.postprocess.metrics.series_fits import Oscillation, fit_oscillation
from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.pictures import caption, tiles
from levitas.postprocess.pictures.page import Page
from levitas.postprocess.pictures.style import GREY, INK, LINES, PAPER, bright_map, labelled, scaled
from levitas.postprocess.results.read import Run, Snapshot
from levitas.solver.case.picture_section import PictureParams

WIDTH, TILES = 10.0, 7
COLOUR = "deviation"
SHOWS = "shapes over the first period, above the amplitude of the mode over time"


def picture(run: Run, section: PictureParams) -> Page:
    """The picture that a case asks for; its table holds nothing but a name."""
    return draw(run)


def draw(run: Run) -> Page:
    """Shapes and curve as a Page. NotMeasured if the run has no amplitude or no drop."""
    if "mode_amplitude" not in run.series or not run.snapshots:
        raise NotMeasured("the run has no mode amplitude or no snapshots")
    fit = _fit(run)
    shown = [tiles.prepare(run, s, COLOUR) for s in _moments(run, fit)]
    side = (WIDTH - 1.1) / TILES
    page = Page(WIDTH, side * 1.2 + 3.5, **caption.page_text(run, shows=SHOWS))
    _tiles(page, run, shown, side)
    _curve(page, run, fit, [tile.snapshot.time for tile in shown])
    return page


def _fit(run: Run) -> Oscillation | None:
    try:
        return fit_oscillation(run.series["time"], run.series["mode_amplitude"])
    except NotMeasured:
        return None


def _moments(run: Run, fit: Oscillation | None) -> list[Snapshot]:
    """Snapshots nearest to equal parts of the first period."""
    times = np.array([s.time for s in run.snapshots])
    period = 2 * np.pi / fit.frequency if fit else times[-1] - times[0]
    wanted = times[0] + period * np.arange(TILES) / (TILES - 1)
    nearest = {int(np.abs(times - t).argmin()): None for t in wanted}
    return [run.snapshots[i] for i in nearest]


def _tiles(page: Page, run: Run, shown: list[tiles.Tile], side: float) -> None:
    bottom, lattice = 3.4, caption.in_lattice_units(run)
    ends = tiles.common_ends(shown, COLOUR)
    half = max(tile.reach for tile in shown) * tiles.MARGIN
    gap = (WIDTH - 1.1 - side * len(shown)) / max(1, len(shown) - 1) if len(shown) > 1 else 0
    for n, tile in enumerate(shown):
        axes = page.axes(0.1 + n * (side + gap), bottom, side, side * 1.2)
        tiles.show(axes, tile, COLOUR, ends, tile.centred(half), pixels=600)
        if n == 0:
            tiles.scale_bar(axes, half, run)
        axes.set_ylim(-half * 1.22, half * 1.18)
        when = caption.time_text(run, tile.snapshot.time).rstrip(caption.FIGURE_SPACE)
        axes.text(0, half * 1.16, when, ha="center", va="top", fontsize=9, color=INK)
    if ends is None:
        return
    factor, unit = scaled(ends, "1" if lattice else "m")
    unit = f"{unit} {caption.lengths(run, ends)[1]}".strip() if lattice else unit
    _bar(page, ends, factor, unit, bottom + 0.35, side)


def _bar(page: Page, ends, factor: float, unit: str, bottom: float, side: float) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    axes = page.axes(WIDTH - 0.88, bottom, 0.13, side * 0.72)
    norm = Normalize(ends[0] * factor, ends[1] * factor)
    bar = page.figure.colorbar(ScalarMappable(norm, bright_map(COLOUR)[0]), cax=axes)
    bar.outline.set_visible(False)
    axes.set_title(labelled("r \u2212 R", unit), fontsize=8.5, loc="left", pad=6)
    axes.tick_params(labelsize=8)


def _curve(page: Page, run: Run, fit: Oscillation | None, moments: list[float]) -> None:
    time, value = run.series["time"], run.series["mode_amplitude"]
    long, length = caption.lengths(run, value)
    slow, second = caption.times(run, time)
    axes = page.axes(0.85, 0.55, WIDTH - 1.15, 2.45)
    axes.axhline(0, color=GREY, lw=0.6)
    axes.plot(time * slow, value * long, color=LINES[0], lw=2.0, label="simulated")
    if fit is not None:
        after = np.linspace(fit.start, time[-1], 800)
        dashes = {"color": LINES[1], "lw": 1.1, "ls": (0, (4, 2)), "label": "fitted"}
        axes.plot(after * slow, fit(after) * long, **dashes)
        for text, other in _references(run, fit):
            axes.plot(after * slow, other(after) * long, color=GREY, lw=1.0, ls=":", label=text)
    at = np.interp(moments, time, value)
    axes.plot(np.array(moments) * slow, at * long, "o", ms=5.5, color=PAPER, mec=INK, mew=1.2)
    n = run.scope().get("n", 2)
    axes.set_xlabel(labelled("time", second))
    axes.set_ylabel(labelled(f"amplitude $a_{n}$", length))
    axes.set_xlim(0, time[-1] * slow)
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=4, borderaxespad=0.2)


def _references(run: Run, fit: Oscillation):
    """(label, curve) of the normal mode that the checks refer to, from where the fit starts."""
    found = {c["metric"]: c for c in run.summary.get("checks", []) if c["reference"]}
    if "oscillation_frequency" not in found:
        return
    frequency, damping = 2 * np.pi * found["oscillation_frequency"]["reference"], fit.damping
    text = "frequency of the normal mode, damping as fitted"
    check = found.get("oscillation_damping")
    if check and check["verdict"] != "not applicable":
        damping, text = check["reference"], "viscous normal mode"
    yield text, fit._replace(frequency=frequency, damping=damping)
