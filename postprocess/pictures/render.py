"""Pictures of run folders: which ones, and where they are written."""

from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path

from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.pictures import film as film_plot
from levitas.postprocess.pictures import line as line_plot
from levitas.postprocess.pictures import offscreen, oscillation, plots, portrait, slices, tiles
from levitas.postprocess.pictures import variants as comparison
from levitas.postprocess.pictures.page import Page
from levitas.postprocess.pictures.style import map_and_ends
from levitas.postprocess.results.read import Run, Snapshot
from levitas.solver.errors import UsageError

CARRIED = {"T": "heat", "c": "solute"}  # field -> the physics that it needs
MOVING = ("speed", "normal_velocity")  # colours of a surface that an outline has no room for


class Wish:
    """A picture that a case asks for: `wish.key` is the value of that key or None."""

    def __init__(self, given):
        self.given = dict(given) if isinstance(given, dict) else given.model_dump()

    def __getattr__(self, name: str):
        return self.given.get(name)

    @property
    def name(self) -> str:
        """File name without its ending."""
        more = self.field or self.colour or (self.quantities or [None])[0] or self.metric
        words = (self.kind, more, self.streamlines and "streamlines", self.along)
        return self.given.get("name") or "-".join(word for word in words if word)


def render(folder: Path | str, case=None, warn: Callable[[str], None] | None = None) -> list[Path]:
    """Draw the pictures of a run folder into it; returns their paths.

    What cannot be drawn (no snapshot, no VTK) is told to `warn` and left out or drawn in 2-D.
    """
    run, warn = Run(folder, case), warn or (lambda text: None)
    if not _can_draw(warn):
        return []
    asked = run.case.model.output.pictures
    wishes = [Wish(w) for w in (usual(run.case) if asked is None else asked)]
    drawn = []
    if any(w.kind in ("surface", "oscillation", "movie") for w in wishes) and not run.case.flat:
        if not offscreen.available():
            warn(f"drops are drawn as outlines and slices. {offscreen.HOW}")
    for wish in wishes:
        if wish.kind == "variants":
            continue  # over several run folders: render_study
        try:
            drawn.append(_draw(run, wish))
        except NotMeasured as reason:
            warn(f"no picture '{wish.name}': {reason}")
    return drawn


def _can_draw(warn: Callable[[str], None]) -> bool:
    """Are Matplotlib and its colour maps installed? If not, say how to get them."""
    missing = [name for name in ("matplotlib", "cmcrameri") if not find_spec(name)]
    if missing:
        warn(f"no pictures: {' and '.join(missing)} not installed; pip install 'levitas[viz]'")
    return not missing


def usual(case) -> list[dict]:
    """The pictures of a case that asks for none."""
    carried = [field for field, physics in CARRIED.items() if case.has(physics)]
    flows = ["speed"] if case.has("flow") else []
    cuts = [{"kind": "slice", "field": field} for field in (*carried, *flows)]
    if not case.has("interface"):
        return [*cuts, {"kind": "series"}]
    liquid = [shape for shape in case.model.shape if shape.phase == "liquid"]
    walls = list(case.faces.values()).count("wall")
    if any(shape.mode for shape in liquid):
        return [{"kind": "oscillation"}, *cuts]
    if walls == 2 and any(case.model.driven.pressure_gradient):
        return [{"kind": "profile"}, {"kind": "series"}]
    if any(shape.kind == "film" or shape.wave for shape in liquid):
        return [{"kind": "film"}, *cuts, {"kind": "series"}]
    return [*cuts, {"kind": "slice", "field": "p"}, {"kind": "series"}]


def _draw(run: Run, wish: Wish) -> Path:
    path = run.folder / "pictures" / f"{wish.name}.png"
    if wish.kind == "movie":
        return _movie(run, wish, run.folder / "movie.mp4")
    return _page(run, wish).save(path)


def _page(run: Run, wish: Wish) -> Page:
    theory = {"reference": wish.reference, "name": wish.reference_name}
    match wish.kind:
        case "slice":
            return slices.draw(run, _snapshot(run, wish.time), _look(wish))
        case "surface":
            what = wish.colour or "deviation"
            if what in MOVING and (run.case.flat or not offscreen.available()):
                return slices.draw(run, _snapshot(run, wish.time), slices.Look("speed"))
            return portrait.draw(run, tiles.prepare(run, _snapshot(run, wish.time), what), what)
        case "oscillation":
            return oscillation.draw(run)
        case "profile":
            return plots.profile(run)
        case "film":
            layer = film_plot.layer_of(run, wish.normal, wish.along)
            count = film_plot.MAPS if layer.along is None else film_plot.FEW
            return film_plot.draw(run, _snapshots(run, wish.times, count), layer, **theory)
        case "line":
            shots = _snapshots(run, wish.times) if wish.times else [_snapshot(run, wish.time)]
            line = line_plot.Line(run, shots[-1], wish.along, wish.at)
            return line_plot.draw(run, shots, wish.field or "speed", line, **theory)
    theory = {"reference": wish.reference, "reference_name": wish.reference_name}
    return plots.series(run, wish.quantities, bool(wish.logarithmic), **theory)


def _look(wish: Wish) -> slices.Look:
    return slices.Look(wish.field, wish.normal, wish.at, wish.frame, wish.streamlines)


def _snapshots(run: Run, times: list[float] | None, count: int = 1) -> list[Snapshot]:
    """The snapshots nearest to some times, or so many over the run; each once, in order."""
    _snapshot(run, None)  # there is one
    if times is None:
        ends = run.snapshots[0].time, run.snapshots[-1].time
        times = [ends[0] + (ends[1] - ends[0]) * n / max(count - 1, 1) for n in range(count)]
    found = {_snapshot(run, time).time: _snapshot(run, time) for time in sorted(times)}
    return list(found.values())


def _snapshot(run: Run, time: float | None) -> Snapshot:
    if not run.snapshots:
        raise NotMeasured("the run has no snapshots")
    if time is None:
        return run.snapshots[-1]
    return min(run.snapshots, key=lambda s: abs(s.time - time))


def _movie(run: Run, wish: Wish, path: Path) -> Path:
    from levitas.postprocess.pictures import movie

    if len(run.snapshots) < 2:
        raise NotMeasured("a movie needs two snapshots")
    if not find_spec("imageio_ffmpeg"):
        raise NotMeasured("imageio-ffmpeg is not installed; pip install 'levitas[viz]'")
    three = run.case.has("interface") and not run.case.flat
    pages = _drops(run, wish) if three and not wish.field else _cuts(run, _look(wish))
    return movie.write(path, pages)


def _drops(run: Run, wish: Wish):
    what = wish.colour or "deviation"
    shown = [tiles.prepare(run, shot, what) for shot in run.snapshots]
    ends = tiles.common_ends(shown, what)
    quantity = (wish.quantities or ["mode_amplitude"])[0]
    cameras = tiles.cameras(shown)
    return [
        lambda t=t, c=c: portrait.draw(run, t, what, ends, c, quantity)
        for t, c in zip(shown, cameras, strict=True)
    ]


def _cuts(run: Run, look: slices.Look):
    import numpy as np

    values = [look.plane(run, shot).read(look.field).ravel() for shot in run.snapshots]
    shown = map_and_ends(look.field, np.concatenate(values))
    return [lambda s=s: slices.draw(run, s, look, shown) for s in run.snapshots]


def render_study(
    folders: Iterable[Path], out: Path | None = None, warn: Callable[[str], None] | None = None
) -> list[Path]:
    """Draw the "variants" pictures of a case over the run folders of its variants.

    They go to `out`, by default the folder `<family>-<case>-variants` beside the run folders.
    """
    warn = warn or (lambda text: None)
    if not _can_draw(warn):
        return []
    runs = [Run(folder) for folder in folders]
    runs = [run for run in runs if run.summary.get("status") == "done"]
    names = sorted({run.summary["case"] for run in runs})
    if len(names) != 1:
        raise UsageError(
            f"these run folders hold several cases: {', '.join(names)}"
            if names
            else "none of these folders holds a finished run"
        )
    out = out or runs[0].folder.resolve().parent / f"{names[0].replace('/', '-')}-variants"
    drawn = []
    for wish in _variant_wishes(runs):
        asked = ("x", "metric", "x_name", "relative", "fit", "group", "group_name")
        given = {key: wish.given[key] for key in asked if wish.given.get(key) is not None}
        try:
            page = comparison.draw(runs, **given)
        except NotMeasured as reason:
            warn(f"no picture '{wish.name}': {reason}")
            continue
        drawn.append(page.save(out / f"{wish.name}.png"))
    return drawn


def _variant_wishes(runs: list[Run]) -> list[Wish]:
    """The pictures over variants that any of the runs asks for, each once."""
    found = {}
    for run in runs:
        for wish in (Wish(w) for w in run.case.model.output.pictures or []):
            if wish.kind == "variants":
                found.setdefault(wish.name, wish)
    return list(found.values())
