"""The conclusion of a case: one metric over its variants, with references, limit or order."""

import numpy as np

from levitas.postprocess.metrics.table import METRICS
from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.pictures import caption
from levitas.postprocess.pictures.page import Page
from levitas.postprocess.pictures.style import (
    GREY,
    INK,
    LINES,
    MINUS,
    labelled,
    percent,
    plain_ticks,
    scaled,
    text_of,
)
from levitas.postprocess.results.read import Run
from levitas.postprocess.results.variants import VARIANT, Point, line_through, order_of, points
from levitas.solver.case.picture_section import PictureParams

LEGEND = 4  # entries in a row
MARKS = "osD^vP*X"


def picture(runs: list[Run], section: PictureParams) -> Page:
    """The picture that a case asks for, over the run folders of its variants."""
    axis = {"x": section.x, "x_name": section.x_name or ""}
    group = {"group": section.group, "group_name": section.group_name or ""}
    shown = {"relative": section.relative, "fit": section.fit}
    return draw(runs, metric=section.metric, **axis, **shown, **group)


def draw(
    runs: list[Run],
    x: str,
    metric: str,
    x_name: str = "",
    relative: bool = False,
    fit: str | None = None,
    group: str | None = None,
    group_name: str = "",
) -> Page:
    """`metric` of each run against the case expression `x` ("variant": its name), as a Page.

    relative   show 100 (value/reference - 1) instead of the value
    fit        "line": straight line and its limit at x = 0; "order": power law, both axes in logs
    group      case expression; runs with equal values of it are joined
    """
    groups = _grouped(_comparable(points(runs, x, metric)), group)
    members = [p for own in groups.values() for p in own]
    if not members or (relative and any(p.reference is None for p in members)):
        raise NotMeasured(f"the runs have no {metric}" + (" and reference" if relative else ""))
    lattice = caption.in_lattice_units(members[0].run)
    factor, unit = _unit(members, metric, relative, lattice)
    curves = [
        (_label(key, group_name), *_sizes(own, relative, factor)) for key, own in groups.items()
    ]
    page = _page(members, curves, metric, fit, unit)
    axes = page.axes(0.95, 0.85, 6.3, 3.75)
    for n, (name, at, value) in enumerate(curves):
        look = {"marker": MARKS[n % len(MARKS)], "color": LINES[n % len(LINES)]}
        axes.plot(at, value, ls="", ms=6, label=name or "simulated", **look)
        _fitted(axes, at, value, fit, look["color"])
    _references(axes, groups, relative, factor, x == VARIANT)
    axes.set_xlabel((x_name or ("" if x == VARIANT else x)).replace("^2", "\u00b2"))
    axes.set_ylabel(_y_text(metric, relative, unit, lattice))
    if x == VARIANT:
        _name_variants(axes, members)
        if not relative:
            axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    _scale(axes, members, fit)
    handles, _ = axes.get_legend_handles_labels()
    if len(handles) > 1:
        # On the right: the power of ten of the axis stands on the left.
        above = {"loc": "lower right", "bbox_to_anchor": (1.0, 1.0), "borderaxespad": 0.2}
        axes.legend(ncols=LEGEND, columnspacing=1.2, **above)
    return page


def _page(members: list[Point], curves: list, metric: str, fit: str | None, unit: str) -> Page:
    """The page with its texts, room for the legend, and what the curves show in the first line."""
    conclusions = [c for name, at, y in curves for c in _conclusion(at, y, fit, name, unit)]
    text = _page_text(members)
    text["shows"] = f"{caption.name_of(metric)} over the variants of the case"
    text["parts"] = [*(conclusions or _worst(members)), *text["parts"]]
    rows = -(-(len(curves) + 3) // LEGEND)  # curves, reference, limits
    return Page(7.6, 4.75 + 0.18 * rows, **text)


def _scale(axes, members: list[Point], fit: str | None) -> None:
    """From 0 for a limit at 0; plain numbers on both axes, which are logarithmic, for an order."""
    if fit == "line":
        axes.set_xlim(left=0)
    if fit == "order":
        plain_ticks(axes.xaxis, [p.x for p in members])
        plain_ticks(axes.yaxis)


def _grouped(found: list[Point], group: str | None) -> dict:
    from levitas.solver.case.values import value

    groups: dict = {}
    for point in found:
        key = float(f"{value(group, point.run.case.values) + 0.0:.6g}") if group else None
        groups.setdefault(key, []).append(point)
    return dict(sorted(groups.items(), key=lambda item: item[0] or 0.0))


def _comparable(found: list[Point]) -> list[Point]:
    """Without the runs that have no reference where others have one: they show something else."""
    known = [point for point in found if point.reference is not None]
    return known or found


def _name_variants(axes, found: list[Point]) -> None:
    """The names of the variants instead of numbers."""
    names = [p.run.summary.get("variant") or "" for p in sorted(found, key=lambda p: p.x)]
    long = max(len(name) for name in names) * len(names) > 70
    slant = {"rotation": 20, "ha": "right", "rotation_mode": "anchor"} if long else {}
    axes.set_xticks(sorted(p.x for p in found), names, **slant)
    axes.set_xlim(min(p.x for p in found) - 0.5, max(p.x for p in found) + 0.5)


def _label(key: float | None, name: str) -> str:
    return "" if key is None else f"{name} {key:.4g}".strip()


def _unit(found, metric, relative, lattice) -> tuple[float, str]:
    if relative:
        return 1.0, "%"
    unit = "1" if lattice else METRICS[metric].unit
    values = [p.y for p in found] + [p.reference for p in found if p.reference is not None]
    return (1.0, "") if unit == "1" else scaled(values, unit)


def _sizes(members: list[Point], relative: bool, factor: float):
    at = np.array([p.x for p in members])
    if relative:
        return at, np.array([100 * (p.ratio - 1) for p in members])
    return at, np.array([p.y * factor for p in members])


def _page_text(found: list[Point]) -> dict:
    run = found[0].run
    labels = dict.fromkeys(f"Note: {label}" for p in found for label in p.run.labels)
    return {
        "title": run.case.model.case.title or run.name,
        "parts": [f"{len(found)} runs"],
        "caveats": labels,
        "footer": caption.footer(run).replace(run.name, run.summary.get("case", run.name)),
    }


def _conclusion(at, value, fit, label, unit) -> list[str]:
    label = f"{label}: " if label else ""
    try:
        if fit == "line":
            line = line_through(at, value)
            sure = f" \u00b1 {line.error:.1g}" if len(at) > 2 else ""
            text = f"{label}limit {line.intercept:+.2g}{sure} {unit}".strip()
            return [text.replace("-", MINUS)]
        if fit == "order":
            return [f"{label}order {abs(order_of(at, value)):.2f}"]
    except NotMeasured:
        pass
    return []


def _worst(found: list[Point]) -> list[str]:
    """How far the runs are from their references or limits at most."""
    known = [point for point in found if point.reference]
    if known:
        worst = max(known, key=lambda p: p.error)
        return [f"largest difference from the reference {percent(worst.ratio - 1)}{_of(worst)}"]
    bounds = {c["tolerance"].get("max") for p in found for c in _checks(p)} - {None}
    worst = max(found, key=lambda p: p.y)
    if not bounds:
        return []
    return [f"largest {text_of(worst.y)}{_of(worst)}, limit {max(bounds):g}"]


def _of(point: Point) -> str:
    variant = point.run.summary.get("variant")
    return f" ({variant})" if variant else ""


def _fitted(axes, at, value, fit, colour) -> None:
    try:
        if fit == "line":
            line = line_through(at, value)
            ends = np.array([0.0, at.max()])
            axes.plot(ends, line.intercept + line.slope * ends, color=colour, lw=1.0)
        elif fit == "order":
            power = order_of(at, value)
            level = np.exp(np.mean(np.log(np.abs(value)) - power * np.log(at)))
            ends = np.array([at.min(), at.max()])
            axes.loglog(ends, level * ends**power, color=colour, lw=1.0)
    except NotMeasured:
        pass


def _references(axes, groups: dict, relative: bool, factor: float, by_name: bool) -> None:
    """The reference of each group as a line, or the tolerance about it."""
    found = [p for members in groups.values() for p in members]
    if relative:
        axes.axhline(0, color=INK, lw=0.8)
        bounds = {c["tolerance"].get("relative") for p in found for c in _checks(p)} - {None}
        for bound in bounds:
            for side in (-100 * bound, 100 * bound):
                axes.axhline(side, color=GREY, lw=0.9, ls=":")
            place = {"xy": (1, 100 * bound), "xycoords": ("axes fraction", "data")}
            axes.annotate(f"tolerance {100 * bound:g} %", **place, ha="right", va="bottom",
                          fontsize=8, color=GREY)  # fmt: skip
    else:
        look = {"ls": "", "marker": "_", "ms": 22, "mew": 1.4} if by_name else {"lw": 1.0}
        known = [sorted((p.x, p.reference) for p in m if p.reference is not None)
                 for m in groups.values()]  # fmt: skip
        for n, pairs in enumerate(filter(None, known)):
            at, value = np.array(pairs).T
            name = "" if n else "reference"
            axes.plot(at, value * factor, color=INK, label=name, **look)
    for most in {c["tolerance"].get("max") for p in found for c in _checks(p)} - {None}:
        axes.axhline(most * factor, color=GREY, lw=1.0, ls=":", label=f"limit {most:g}")


def _checks(point: Point) -> list[dict]:
    return [c for c in point.run.summary.get("checks", []) if c["value"] == point.y]


def _y_text(metric, relative, unit, lattice) -> str:
    name = caption.name_of(metric)
    if relative:
        return f"error of the {name} (%)"
    return labelled(name, "lattice units" if lattice and METRICS[metric].unit != "1" else unit)
