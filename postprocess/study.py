"""What the variants of a case say together: order of convergence, limits, one line through them."""

from typing import NamedTuple

import numpy as np

from levitas.postprocess.read import Run
from levitas.postprocess.value import NotMeasured


class Line(NamedTuple):
    """y = intercept + slope x by least squares; `error` of the intercept: one standard deviation.

    With two points the error is 0.
    """

    intercept: float
    slope: float
    error: float


def line_through(x, y) -> Line:
    """Straight line through points; its intercept is the limit at x = 0."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    if len(np.unique(x)) < 2:
        raise NotMeasured("a line needs two different values of x")
    columns = np.stack([np.ones_like(x), x], axis=1)
    found, *_ = np.linalg.lstsq(columns, y, rcond=None)
    rest = ((columns @ found - y) ** 2).sum() / max(len(x) - 2, 1)
    spread = rest * np.linalg.inv(columns.T @ columns)[0, 0]
    return Line(float(found[0]), float(found[1]), float(np.sqrt(spread)))


def order_of(size, error) -> float:
    """Order p of error = C size^p by least squares in logarithms."""
    size, error = np.asarray(size, float), np.abs(np.asarray(error, float))
    if len(np.unique(size)) < 2 or not (error > 0).all():
        raise NotMeasured("an order needs errors at two different sizes")
    return float(np.polyfit(np.log(size), np.log(error), 1)[0])


class Point(NamedTuple):
    """A run in a study: its x, the value of the metric, the reference of its check."""

    run: Run
    x: float
    y: float
    reference: float | None


def points(runs: list[Run], x: str, metric: str) -> list[Point]:
    """The runs that hold a metric, in the order of x (an expression of case values)."""
    from levitas.solver.names import value

    found = []
    for run in runs:
        entry = run.summary.get("metrics", {}).get(metric)
        if entry and entry["value"] is not None:
            checks = run.summary.get("checks", [])
            given = [c["reference"] for c in checks if c["metric"] == metric]
            reference = next((r for r in given if r is not None), None)
            found.append(Point(run, value(x, run.case.values), entry["value"], reference))
    return sorted(found, key=lambda point: point.x)
