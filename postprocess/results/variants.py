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
    fit, *_ = np.linalg.lstsq(columns, y, rcond=None)
    rest = ((columns @ fit - y) ** 2).sum() / max(len(x) - 2, 1)
    spread = rest * np.linalg.inv(columns.T @ columns)[0, 0]
    return Line(float(fit[0]), float(fit[1]), float(np.sqrt(spread)))


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

    measured = []
    for run in runs:
        entry = run.summary.get("metrics", {}).get(metric)
        if entry and entry["value"] is not None:
            near = value(reference, run.case.values) if isinstance(reference, str) else reference
            near = _checked(run, metric) if near is None else near
            place = float(len(measured)) if x == VARIANT else value(x, run.case.values)
            measured.append(Point(run, place, entry["value"], near))
    return sorted(measured, key=lambda point: point.x)


def _checked(run: Run, metric: str) -> float | None:
    references = [c["reference"] for c in run.summary.get("checks", []) if c["metric"] == metric]
    return next((reference for reference in references if reference is not None), None)


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


class _Found(NamedTuple):
    """What variants say together: value, its note; unit and reference where they are the metric's.

    The value is None where it cannot be had; the note says why.
    """

    value: float | None
    note: str
    unit: str = "1"
    reference: float | None = None


def _judge_one(check, folders: Mapping[str, Path]) -> dict:
    chosen = check.variant if isinstance(check.variant, list) else [check.variant]
    names = list(folders) if check.variant is None else chosen
    fit, tolerance = check.across.fit, check.tolerance.model_dump(exclude_none=True)
    try:
        found = _found(check, names, folders)
    except NotMeasured as reason:
        found = _Found(None, str(reason))
    to_one = fit in ("line", "zero") and check.reference is not None
    reference = 1.0 if to_one else found.reference
    return {
        "metric": check.metric,
        "across": check.across.model_dump(exclude_none=True),
        "title": f"{check.metric}, {_TITLES[fit].format(x=check.across.x, names=names)}",
        "value": found.value,
        "unit": found.unit,
        "reference": reference,
        "tolerance": tolerance,
        "verdict": verdict(found.value, reference, tolerance),
        "source": check.source,
        "required": check.required,
        "note": found.note,
    }


def _found(check, names: list[str], folders: Mapping[str, Path]) -> _Found:
    """What the variants of these names say together. NotMeasured where one of them says nothing."""
    if missing := [name for name in names if name not in folders]:
        raise NotMeasured(f"not done: {', '.join(missing)}")
    runs, fit = [Run(folders[name]) for name in names], check.across.fit
    found = points(runs, check.across.x or VARIANT, check.metric, check.reference)
    if len(found) < len(runs):
        raise NotMeasured(f"some variants have no {check.metric}")
    x, y, note = [p.x for p in found], [p.y for p in found], f"variants {', '.join(names)}"
    if fit == "order":
        return _Found(abs(order_of(x, [p.error for p in found])), note)
    if fit == "zero":
        return _Found(zero_of(x, y) / (found[0].reference or 1.0), note)
    if fit == "line":
        line = line_through(x, [p.ratio for p in found])
        return _Found(line.intercept, f"+- {line.error:.2g}; {note}")
    unit = runs[0].summary["metrics"][check.metric]["unit"] if fit == "difference" else "1"
    reference = found[0].reference if check.reference is not None else None
    return _Found(_compared(fit, y[0], y[1]), note, unit, reference)
