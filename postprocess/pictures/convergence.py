"""The picture of a convergence study: values and errors over the cell."""

import math

import numpy as np

from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.pictures import caption
from levitas.postprocess.pictures.page import Page
from levitas.postprocess.pictures.style import GREY, LINES, percent, plain_ticks
from levitas.postprocess.results.convergence import Levels, Row

MARKS = "osD^vP*X"


def draw(levels: Levels, found: list[Row]) -> Page:
    """Errors of the metrics against cells, both in logarithms, beside lines of order 1 and 2.

    Raises NotMeasured where no metric has errors to draw.
    """
    drawn = [row for row in found if row.errors and min(row.errors) > 0]
    if not drawn:
        raise NotMeasured("no metric has an error on every level")
    run = levels[-1][0]
    along = max(range(3), key=lambda n: run.case.model.grid.cells[n])
    cells = np.array([one.case.model.grid.cells[along] for one, _ in levels], float)
    labels = dict.fromkeys(f"Note: {label}" for one, _ in levels for label in one.labels)
    page = Page(
        *(7.6, 4.9, f"{caption.title(run)}: convergence", run.case.model.case.subtitle),
        parts=[_said(row) for row in drawn],
        caveats=labels,
        footer=caption.footer(run),
    )
    axes = page.axes(0.95, 0.7, 6.3, 4.0)
    for n, row in enumerate(drawn):
        look = {"marker": MARKS[n % len(MARKS)], "color": LINES[n % len(LINES)]}
        axes.loglog(cells, row.errors, ms=6, lw=1.2, label=_label(row), **look)
    _slopes(axes, cells, [e for row in drawn for e in row.errors])
    plain_ticks(axes.xaxis, cells)
    plain_ticks(axes.yaxis)
    axes.set_xlabel(f"cells along {'xyz'[along]}")
    axes.set_ylabel("error, relative to the reference where it has one")
    axes.legend(loc="best")
    return page


def _said(row: Row) -> str:
    order = "no order" if row.order is None else f"order {row.order:.2f}"
    text = f"{caption.name_of(row.metric)}: {order}"
    if row.distance is not None and row.references[-1]:
        return f"{text}, limit {percent(row.distance)} off"
    return text


def _label(row: Row) -> str:
    """The metric, and what its error is where it has no reference."""
    own = row.errors == [abs(v) for v in row.values]
    kind = "" if row.references[-1] is not None else " itself" if own else ", from its limit"
    return f"{caption.name_of(row.metric)}{kind}"


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
