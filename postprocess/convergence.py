"""What a case says on finer and finer grids: order of accuracy and limit of each checked metric."""

import math
from typing import NamedTuple

import numpy as np

from levitas.postprocess import caption
from levitas.postprocess.page import Page
from levitas.postprocess.read import Run
from levitas.postprocess.study import line_through, order_of
from levitas.postprocess.style import GREY, LINES, plain_ticks
from levitas.postprocess.value import NotMeasured

MARKS = "osD^vP*X"
ORDERS = (0.3, 8.0)  # between which an order is looked for


class Level(NamedTuple):
    """A run and its grid over that of the case; `scale` (unit) -> factor of its numbers."""

    run: Run
    ratio: float
    scale: object


class Row(NamedTuple):
    """A metric over the levels, in the units of the case as it stands.

    values, references   one for each level
    errors               distances from the reference relative to it, where there is one; from the
                         limit where there is none; the value itself where that is an error
    order                slope of the errors against the cell in logarithms, None if there is none
    limit                value at cells of size 0 (Richardson), None if there is none
    off                  distance of the limit from the reference, relative if it is not 0
    """

    metric: str
    unit: str
    values: list[float]
    references: list[float | None]
    errors: list[float]
    order: float | None
    limit: float | None
    off: float | None
    note: str


def rows(levels: list[Level]) -> list[Row]:
    """One row for each metric that the checks of the runs measure on every level."""
    found = []
    for check in levels[-1].run.summary.get("checks", []):
        if check["metric"] in [row.metric for row in found]:
            continue
        try:
            found.append(_row(levels, check))
        except NotMeasured:
            continue
    return found


def _row(levels: list[Level], check: dict) -> Row:
    from levitas.solver.refine import unit_of_metric

    metric, flat = check["metric"], levels[0].run.case.flat
    values, references = [], []
    for level in levels:
        entry = level.run.summary.get("metrics", {}).get(metric)
        if not entry or entry["value"] is None:
            raise NotMeasured(f"no {metric}")
        factor = level.scale(unit_of_metric(metric, flat))
        values.append(entry["value"] / factor)
        near = [c["reference"] for c in level.run.summary["checks"] if c["metric"] == metric]
        near = next((r for r in near if r is not None), None)
        references.append(None if near is None else near / factor)
    h = [1 / level.ratio for level in levels]
    whole = all(r for r in references)
    shown = [v / r for v, r in zip(values, references, strict=True)] if whole else values
    limit, note = _limit(h, shown)
    errors = _errors(shown, references, whole, check["tolerance"], limit)
    order, off = None, None
    try:
        order = order_of(h, errors)
    except NotMeasured:
        note = "; ".join(filter(None, [note, "no order: an error is 0"]))
    if limit is not None:
        known = references[-1] is not None
        off = limit - 1 if whole else limit - references[-1] if known else None
        limit = limit * references[-1] if whole else limit
    return Row(metric, check["unit"], values, references, errors, order, limit, off, note)


def _errors(shown, references, whole, tolerance, limit) -> list[float]:
    if whole:
        return [abs(s - 1) for s in shown]
    if None not in references:
        return [abs(s - r) for s, r in zip(shown, references, strict=True)]
    if "max" in tolerance:  # it measures an error
        return [abs(s) for s in shown]
    return [abs(s - limit) for s in shown] if limit is not None else [0.0 for _ in shown]


def _limit(h: list[float], q: list[float]) -> tuple[float | None, str]:
    """(value at h = 0, how it was found): q = L + C h^p through the last three levels.

    Of two levels, or where differences do not shrink as a power, a straight line in h^2.
    """
    if len(h) > 2:
        try:
            return _richardson(h[-3:], q[-3:])
        except NotMeasured as reason:
            why = f"{reason}; "
    else:
        why = ""
    line = line_through([step**2 for step in h], q)
    sure = f" +- {line.error:.2g}" if len(h) > 2 else ""
    return line.intercept, f"{why}limit of a line in h^2{sure}"


def _richardson(h: list[float], q: list[float]) -> tuple[float, str]:
    from scipy.optimize import brentq

    first, last = q[0] - q[1], q[1] - q[2]
    if first * last <= 0:
        raise NotMeasured("the values are not monotonic")

    def excess(p: float) -> float:
        return math.log(first / last) - math.log((h[0] ** p - h[1] ** p) / (h[1] ** p - h[2] ** p))

    if excess(ORDERS[0]) * excess(ORDERS[1]) > 0:
        raise NotMeasured("the differences do not shrink as a power of the cell")
    p = brentq(excess, *ORDERS)
    return q[2] - last * h[2] ** p / (h[1] ** p - h[2] ** p), f"differences of order {p:.2f}"


def table(levels: list[Level], found: list[Row]) -> list[tuple[str, ...]]:
    """The rows as text: head line, then a line a metric."""
    cells = [" x ".join(map(str, level.run.case.model.grid.cells)) for level in levels]
    head = ("metric", "reference", *cells, "order", "limit", "limit - reference", "")
    lines = [head]
    for row in found:
        relative = bool(row.references[-1])
        lines.append(
            (
                row.metric,
                _text(row.references[-1]),
                *(_text(value) for value in row.values),
                "-" if row.order is None else f"{row.order:.2f}",
                _text(row.limit),
                "-" if row.off is None else f"{row.off:+.3%}" if relative else f"{row.off:+.3g}",
                row.note,
            )
        )
    return lines


def _text(value: float | None) -> str:
    return "-" if value is None else f"{value:.5g}"


def draw(levels: list[Level], found: list[Row]) -> Page:
    """Errors of the metrics against cells, both in logarithms, beside lines of order 1 and 2.

    Raises NotMeasured where no metric has errors to draw.
    """
    drawn = [row for row in found if min(row.errors) > 0]
    if not drawn:
        raise NotMeasured("no metric has an error on every level")
    run = levels[-1].run
    along = max(range(3), key=lambda n: run.case.model.grid.cells[n])
    cells = np.array([level.run.case.model.grid.cells[along] for level in levels], float)
    said = [_said(row) for row in drawn]
    labels = dict.fromkeys(f"Note: {label}" for level in levels for label in level.run.labels)
    text = {"title": f"{caption.title(run)}: convergence", "parts": said, "caveats": labels}
    page = Page(7.6, 4.9, footer=caption.footer(run), **text)
    axes = page.axes(0.95, 0.7, 6.3, 4.0)
    for n, row in enumerate(drawn):
        look = {"marker": MARKS[n % len(MARKS)], "color": LINES[n % len(LINES)]}
        axes.loglog(cells, row.errors, ms=6, lw=1.2, label=_label(row), **look)
    _slopes(axes, cells, [e for row in drawn for e in row.errors])
    plain_ticks(axes.xaxis, cells)
    axes.set_xlabel(f"cells along {'xyz'[along]}")
    axes.set_ylabel("error, relative to the reference where it has one")
    axes.legend(loc="best")
    return page


def _said(row: Row) -> str:
    order = "no order" if row.order is None else f"order {row.order:.2f}"
    return f"{caption.name_of(row.metric)}: {order}"


def _label(row: Row) -> str:
    return caption.name_of(row.metric) + ("" if row.references[-1] else " (itself)")


def _slopes(axes, cells, errors) -> None:
    """Lines of order 1 and 2 through the middle of what is drawn."""
    middle = math.exp(np.mean(np.log(errors)))
    at = math.sqrt(cells[0] * cells[-1])
    ends = np.array([cells[0], cells[-1]])
    for order, style in ((1, (0, (1, 2))), (2, (0, (5, 3)))):
        axes.loglog(
            ends, middle * (ends / at) ** -order, color=GREY, lw=1.0, ls=style,
            label=f"order {order}",
        )  # fmt: skip
