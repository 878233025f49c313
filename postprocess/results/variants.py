"""What the variants of a case say together: order of convergence, limits, one line through them."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.results.checks import verdict
from levitas.postprocess.results.read import Run

VARIANT = "variant"  # as x: the runs side by side, by name


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


def zero_of(x, y) -> float:
    """Where the straight line through points is 0. Raises NotMeasured where it lies beyond them."""
    line = line_through(x, y)
    if not min(y) <= 0 <= max(y):
        raise NotMeasured("all values have the same sign; one on either side is needed")
    return -line.intercept / line.slope


class Point(NamedTuple):
    """A run in a study: its x, the value of the metric, the reference of its check."""

    run: Run
    x: float
    y: float
    reference: float | None

    @property
    def ratio(self) -> float:
        """The value over its reference, the value itself where there is none."""
        return self.y / self.reference if self.reference else self.y

    @property
    def error(self) -> float:
        """How far the value is from its reference; the value where that is an error already."""
        return abs(self.ratio - 1) if self.reference else abs(self.y)


def points(runs: list[Run], x: str, metric: str, reference=None) -> list[Point]:
    """The runs that hold a metric, in the order of x (an expression of case values).

    `reference` is a number or an expression; without it that of the run's own check stands.
    """
    from levitas.solver.case.values import value

    found = []
    for run in runs:
        entry = run.summary.get("metrics", {}).get(metric)
        if entry and entry["value"] is not None:
            near = value(reference, run.case.values) if isinstance(reference, str) else reference
            near = _checked(run, metric) if near is None else near
            place = float(len(found)) if x == VARIANT else value(x, run.case.values)
            found.append(Point(run, place, entry["value"], near))
    return sorted(found, key=lambda point: point.x)


def _checked(run: Run, metric: str) -> float | None:
    given = [c["reference"] for c in run.summary.get("checks", []) if c["metric"] == metric]
    return next((reference for reference in given if reference is not None), None)


_TITLES = {
    "order": "order in {x}",
    "line": "limit over {x}",
    "zero": "zero over {x}",
    "ratio": "{names[0]} over {names[1]}",
    "difference": "{names[0]} less {names[1]}",
}


def _compared(fit: str, first: float, second: float) -> float:
    """Ratio or difference of the first value to the second."""
    if fit == "difference":
        return first - second
    if not second:
        raise NotMeasured("a ratio to 0 says nothing")
    return first / second


def judge(case, folders: Mapping[str, Path]) -> list[dict]:
    """Verdicts of the checks that a case makes over its variants together, as in summary.json.

    folders    name of a variant -> its run folder, for the variants that are done
    """
    return [_judge_one(check, folders) for check in case.checks_over_variants]


def _judge_one(check, folders: Mapping[str, Path]) -> dict:
    wanted = check.variant if isinstance(check.variant, list) else [check.variant]
    names = list(folders) if check.variant is None else wanted
    value, note, fit = None, f"variants {', '.join(names)}", check.across.fit
    reference, unit = None, "1"
    missing = [name for name in names if name not in folders]
    try:
        if missing:
            raise NotMeasured(f"not done: {', '.join(missing)}")
        runs = [Run(folders[name]) for name in names]
        found = points(runs, check.across.x or VARIANT, check.metric, check.reference)
        if len(found) < len(runs):
            raise NotMeasured(f"some variants have no {check.metric}")
        if fit == "order":
            value = abs(order_of([p.x for p in found], [p.error for p in found]))
        elif fit == "zero":
            value = zero_of([p.x for p in found], [p.y for p in found])
            value /= found[0].reference or 1.0
        elif fit == "line":
            line = line_through([p.x for p in found], [p.ratio for p in found])
            value, note = line.intercept, f"+- {line.error:.2g}; {note}"
        else:
            value = _compared(fit, found[0].y, found[1].y)
            unit = found[0].run.summary["metrics"][check.metric]["unit"]
            reference = found[0].reference if check.reference is not None else None
    except NotMeasured as reason:
        note = str(reason)
    if fit in ("line", "zero") and check.reference is not None:
        reference = 1.0
    tolerance = check.tolerance.model_dump(exclude_none=True)
    return {
        "metric": check.metric,
        "across": check.across.model_dump(exclude_none=True),
        "title": f"{check.metric}, {_TITLES[fit].format(x=check.across.x, names=names)}",
        "value": value,
        "unit": unit if fit == "difference" else "1",
        "reference": reference,
        "tolerance": tolerance,
        "verdict": verdict(value, reference, tolerance),
        "source": check.source,
        "required": check.required,
        "note": note,
    }
