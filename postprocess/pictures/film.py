"""The thickness of a film along it at several times (a map in 3-D), drawn as the film lies."""

from typing import NamedTuple

import numpy as np

from levitas.postprocess.metrics.film import mirrors_across
from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.pictures import caption, overlays, solids
from levitas.postprocess.pictures import curves as theory
from levitas.postprocess.pictures.page import Page
from levitas.postprocess.pictures.style import (
    GREY,
    INK,
    LINES,
    WALL,
    bright_map,
    labelled,
    limits,
    shades,
)
from levitas.postprocess.results.read import Run, Snapshot
from levitas.solver.case.picture_section import PictureParams
from levitas.solver.geometry.cells import OBSTACLE_PHASES

FEW, MAPS = 5, 3  # times that are shown where the case names none
MENISCUS = 4.0  # times the thickness where it is thin, above which the axis ends
THIN = 8  # cells across, below which a film counts as two-dimensional


class Layer(NamedTuple):
    """How a film lies: thick along `axis` towards `sign`, drawn along `along` (None: a map).

    round   a thread, or a coat on a fibre: thickness from the section across `along`
    bath    it is drawn out of a bath, whose surface lies across it: the meniscus is cut off
    """

    axis: int
    sign: float
    along: int | None
    round: bool = False
    bath: bool = False


def layer_of(run: Run, normal: str | None = None, along: str | None = None) -> Layer:
    """The film of a case, or what `normal` and `along` say. NotMeasured if there is none."""
    from levitas.postprocess.results.scope import film_normal

    liquid = [s for s in run.case.model.shape if s.phase == "liquid"]
    flat = run.case.is_2d
    thread = next((s for s in liquid if s.kind == "cylinder"), None)
    film = next((s for s in liquid if s.kind in ("film", "plane")), None)
    if normal is None and film is None and thread is not None:
        axis = int(np.abs(thread.axis or (0, 0, 1)).argmax())
        if not (flat and axis == 2):
            return Layer(-1, 1.0, axis, round=True)
    if normal is None and film is None:
        raise NotMeasured("the case has no film, plane or thread of liquid; give normal and along")
    if normal is None:
        axis, sign = film_normal(film, flat)
    else:  # from the wall: its upper side unless only the other face of the box is one
        only_top = [run.faces.get(normal + side) == "wall" for side in "-+"] == [False, True]
        axis, sign = "xyz".index(normal), -1.0 if only_top else 1.0
    rest = [n for n in range(2 if flat else 3) if n != axis]
    wide = [n for n in rest if run.case.model.grid.cells[n] >= THIN] or rest[:1]
    drawn = "xyz".index(along) if along else wide[0] if len(wide) == 1 else None
    bath = normal is not None and (film is None or film_normal(film, flat)[0] != axis)
    return Layer(axis, sign, drawn, bath=bath)


def picture(run: Run, section: PictureParams) -> Page:
    """The picture that a case asks for."""
    layer = layer_of(run, section.normal, section.along)
    snapshots = run.snapshots_at(section.times, MAPS if layer.along is None else FEW)
    return draw(run, snapshots, layer, section.reference, section.reference_name)


def draw(run: Run, shots: list[Snapshot], layer: Layer, reference=None, name=None) -> Page:
    """The film at the times of `shots` as a Page; `reference` is an expression of t, x, y, z."""
    if layer.along is None:
        return _maps(run, shots, layer)
    return _curves(run, shots, layer, reference, name)


def thickness(run: Run, shot: Snapshot, layer: Layer) -> np.ndarray:
    """Thickness (metres) along the film, or over it [up, across] if it is a map."""
    phi = shot.read("phi")
    depth = solids.depth(run.case, shot.x, shot.y, shot.z)
    phi = phi if depth is None else np.where(depth > 0, 0.0, phi)
    if not layer.round:
        h = phi.sum(axis=2 - layer.axis) * shot.pitch
        left = [n for n in (2, 1, 0) if n != layer.axis]  # axes of h, in the order of the array
        if layer.along is None:
            return _whole(run, _whole(run, h, left[0], 0), left[1], 1)
        mean = h.mean(axis=left.index(next(n for n in left if n != layer.along)))
        return _whole(run, mean, layer.along, 0)
    across = tuple(a for a in range(3) if a != 2 - layer.along)
    cell = shot.pitch**2 * mirrors_across(phi.shape, run.faces, layer.along)
    core = 0.0 if depth is None else (depth > 0).sum(axis=across) * cell
    outer = phi.sum(axis=across) * cell + core
    return _whole(run, np.sqrt(outer / np.pi) - np.sqrt(core / np.pi), layer.along, 0)


def _whole(run: Run, values, n: int, axis: int):
    side = run.unfolded.get("xyz"[n])
    if side is None:
        return values
    pair = [np.flip(values, axis), values]
    return np.concatenate(pair if side == "-" else pair[::-1], axis=axis)


def _places(run: Run, shot: Snapshot, n: int) -> np.ndarray:
    line = getattr(shot, "xyz"[n])
    side, h = run.unfolded.get("xyz"[n]), shot.pitch
    if side == "-":
        return np.concatenate([line[0] - h - (line - line[0])[::-1], line])
    if side == "+":
        return np.concatenate([line, line[-1] + h + (line[-1] - line)[::-1]])
    return line


def _curves(run: Run, shots, layer: Layer, reference, name) -> Page:
    upright = layer.along == (1 if run.case.is_2d else 2)
    what = "radius of the thread" if layer.round and not _coated(run) else "film thickness"
    at, found = _places(run, shots[0], layer.along), [thickness(run, s, layer) for s in shots]
    width, height = (3.6, 5.4) if upright else (6.1, 3.4)
    shows = f"{what} along {'xyz'[layer.along]} at {len(shots)} times"
    page = Page(width + 2.75, height + 0.75, **caption.page_text(run, shows=shows))
    axes = page.axes(0.85, 0.6, width, height)
    long, metre = caption.lengths(run, at)
    top = _top(found, layer)
    thick, unit = caption.lengths(run, [top])

    def put(line, values, **look):
        pair = (values * thick, line * long) if upright else (line * long, values * thick)
        return axes.plot(*pair, **look)[0]

    for shot, h, colour in zip(shots, found, shades(len(shots)), strict=True):
        first = shot is shots[0] and len(shots) > 1
        look = {"color": GREY, "ls": (0, (4, 2))} if first else {"color": colour}
        put(at, h, label=caption.time_text(run, shot.time).strip(), **look)
        if reference is not None:
            theory_at = _theory(run, reference, shot, layer, at)
            label = (name or "reference") if shot is shots[-1] else None
            put(at, theory_at, color=INK, lw=0.9, ls=":", label=label)
    mean = float(found[-1].mean())
    if not layer.bath:
        mark = axes.axvline if upright else axes.axhline
        mark(mean * thick, color=GREY, lw=0.8, ls="-.", label="mean at the end")
    _frame(axes, found, top, thick, upright, layer, at, long)
    labels = (labelled("xyz"[layer.along], metre), labelled(what, unit))
    axes.set_xlabel(labels[upright])
    axes.set_ylabel(labels[not upright])
    axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1.0), borderaxespad=0)
    _weight(page, run, layer, upright, (width + 1.2, 0.6, 0.7, 0.7))
    return page


def _theory(run, text, shot, layer, at):
    places = {axis: np.zeros_like(at) for axis in "xyz"} | {"xyz"[layer.along]: at}
    return theory.curve(run.case, text, t=np.full_like(at, shot.time), **places)


def _coated(run: Run) -> bool:
    return any(shape.phase in OBSTACLE_PHASES for shape in run.case.model.shape)


def _top(found: list[np.ndarray], layer: Layer) -> float:
    """Largest thickness that is shown; a meniscus is cut off."""
    most, thin = max(float(h.max()) for h in found), float(np.percentile(found[-1], 20))
    return MENISCUS * thin if layer.bath and most > 1.5 * MENISCUS * thin > 0 else most


def _frame(axes, found, top: float, thick: float, upright: bool, layer: Layer, at, long) -> None:
    """Ends of the axes; the wall where the thickness axis begins at 0; the film as it lies."""
    low, most = min(float(h.min()) for h in found), max(float(h.max()) for h in found)
    from_zero = low < 0.6 * top
    room = 0.06 * (top - (0.0 if from_zero else low)) or 0.05 * top or 1.0
    cut = top < most
    ends = (0.0 if from_zero else low - room, top + (0 if cut else room))
    ends = ends if layer.sign > 0 else ends[::-1]
    along = axes.set_ylim if upright else axes.set_xlim
    across = axes.set_xlim if upright else axes.set_ylim
    along((at[0] - (at[1] - at[0]) / 2) * long, (at[-1] + (at[1] - at[0]) / 2) * long)
    across(ends[0] * thick, ends[1] * thick)
    side = ("left", "right") if upright else ("bottom", "top")
    spine = axes.spines[side[layer.sign < 0]]
    if from_zero and not layer.round:
        spine.set(visible=True, linewidth=3.5, color=WALL)
    line, last = at * long, found[-1] * thick
    fill = axes.fill_betweenx if upright else axes.fill_between
    fill(line, ends[layer.sign < 0] * thick, last, color=LINES[0], alpha=0.12, lw=0)


def _weight(page: Page, run: Run, layer: Layer, upright: bool, place) -> None:
    weight = caption.gravity(run)
    normal = 0.0 if layer.round else weight[layer.axis]
    pair = (normal, weight[layer.along]) if upright else (weight[layer.along], normal)
    overlays.gravity(page, place, pair, "g")


def _maps(run: Run, shots, layer: Layer) -> Page:
    """The thickness over the base at some times, one scale for all."""
    a, b = (n for n in range(3) if n != layer.axis)
    found = [thickness(run, s, layer) for s in shots]
    x, y = (_places(run, shots[0], n) for n in (a, b))
    half = shots[0].pitch / 2
    extent = np.array([x[0] - half, x[-1] + half, y[0] - half, y[-1] + half])
    tall = float(np.clip((extent[3] - extent[2]) / (extent[1] - extent[0]), 0.3, 2.5))
    width = {1: 4.6, 2: 3.4}.get(len(shots), 2.7)
    shows = f"film thickness over {'xyz'[a]} and {'xyz'[b]}"
    whole = len(shots) * (width + 0.25) + 2.2
    page = Page(whole, width * tall + 1.0, **caption.page_text(run, shows=shows))
    cmap, (low, high) = bright_map("film")[0], limits(np.stack(found), False)
    long, metre = caption.lengths(run, extent)
    thick, unit = caption.lengths(run, [high])
    for k, (shot, h) in enumerate(zip(shots, found, strict=True)):
        axes = page.axes(0.8 + k * (width + 0.25), 0.6, width, width * tall)
        look = {"vmin": low * thick, "vmax": high * thick, "cmap": cmap, "origin": "lower"}
        image = axes.imshow(h * thick, extent=extent * long, aspect="auto", **look)
        axes.grid(False)
        axes.set_title(caption.time_text(run, shot.time).strip(), fontsize=9, loc="left")
        axes.set_xlabel(labelled("xyz"[a], metre))
        if k:
            axes.tick_params(labelleft=False)
        else:
            axes.set_ylabel(labelled("xyz"[b], metre))
    left = 0.8 + len(shots) * (width + 0.25)
    bar = page.figure.colorbar(image, cax=page.axes(left, 0.6, 0.17, width * tall))
    bar.set_label(labelled("film thickness", unit))
    bar.outline.set_visible(False)
    return page
