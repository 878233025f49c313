"""What a case says on finer and finer grids: order of accuracy and limit of each checked metric."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.results.checks import NOT_APPLICABLE
from levitas.postprocess.results.read import Run
from levitas.postprocess.results.variants import line_through, order_of

ORDERS = (0.5, 8.0)  # of the differences between levels, within which a limit is extrapolated

Levels = Sequence[tuple[Run, float]]  # coarse to fine: the run, its cell over that of the case


class Limit(NamedTuple):
    """Value at cells of size 0 and order of the differences, None where there is none; how."""

    value: float | None
    order: float | None
    note: str


class Row(NamedTuple):
    """A metric over the levels, in the units of the case.

    values       one for each level, None where it could not be measured
    references   one for each level, None where it has none
    errors       distances from the reference, relative to it unless it is 0; without a reference
                 the values of what measures an error, else distances from the limit; or empty
    order        p of error = C h^p by least squares over all levels, None if there is none
    limit        value at h = 0
    distance     of the limit from the reference, relative to it unless it is 0
    """

    metric: str
    unit: str
    values: list[float | None]
    references: list[float | None]
    errors: list[float]
    order: float | None
    limit: float | None
    distance: float | None
    note: str


def rows(levels: Levels) -> list[Row]:
    """One row for each metric that the checks of the finest run name."""
    checks = levels[-1][0].summary.get("checks", [])
    return [_row(levels, metric) for metric in dict.fromkeys(c["metric"] for c in checks)]


def _row(levels: Levels, metric: str) -> Row:
    checks = [_check(run, metric) for run, _ in levels]
    values = [check["value"] for check in checks]
    references = [check["reference"] for check in checks]
    unit = checks[-1]["unit"]
    if None in values:
        missing = ", ".join(str(n + 1) for n, v in enumerate(values) if v is None)
        note = f"not measured on level {missing}"
        return Row(metric, unit, values, references, [], None, None, None, note)
    h, relative = [size for _, size in levels], all(references)
    shown = [v / r for v, r in zip(values, references, strict=True)] if relative else values
    limit = limit_of(h, shown)
    if None not in references:
        near = [1.0] * len(h) if relative else references
        errors = [abs(s - r) for s, r in zip(shown, near, strict=True)]
    elif "max" in checks[-1]["tolerance"]:
        errors = [abs(v) for v in values]
    else:
        errors = [abs(v - limit.value) for v in values] if limit.order else []
    try:
        order, note = order_of(h, errors) if errors else None, limit.note
    except NotMeasured:
        order, note = None, "an error is 0"
    value, distance = limit.value, None
    if value is not None and references[-1] is not None:
        distance = value - 1 if relative else value - references[-1]
        value = value * references[-1] if relative else value
    return Row(metric, unit, values, references, errors, order, value, distance, note)


def _check(run: Run, metric: str) -> dict:
    """The check of a metric that applies and has a reference, else the first; without a reference
    where it does not apply."""
    found = [c for c in run.summary.get("checks", []) if c["metric"] == metric]
    applies = [c for c in found if c["verdict"] != NOT_APPLICABLE]
    if not applies:
        return found[0] | {"reference": None, "tolerance": {}}
    return next((c for c in applies if c["reference"] is not None), applies[0])


def limit_of(h: Sequence[float], q: Sequence[float]) -> Limit:
    """Limit of values q at cells h, coarse to fine: q = L + C h^p through the last three levels.

    A straight line in h^2 where there are two levels, or where the differences change sign or
    shrink faster than any order; no limit where they shrink too slowly, or not at all.
    """
    if len(h) < 3:
        return _line(h, q, "line in h^2 through two levels")
    first, last = q[-3] - q[-2], q[-2] - q[-1]
    if first == last == 0:
        return Limit(q[-1], None, "the same on the last three levels")
    if first * last <= 0:
        return _line(h, q, "not monotonic; line in h^2")
    share = [math.log((h[-3] ** p - h[-2] ** p) / (h[-2] ** p - h[-1] ** p)) for p in ORDERS]
    found = math.log(first / last)
    if found <= share[0]:
        return Limit(None, None, "the differences hardly shrink: no limit")
    if found >= share[1]:
        return _line(h, q, "the differences vanish; line in h^2")
    p = _power(h[-3:], found)
    value = q[-1] - last * h[-1] ** p / (h[-2] ** p - h[-1] ** p)
    return Limit(value, p, f"differences of order {p:.2f}")


def _power(h: Sequence[float], found: float) -> float:
    """p for which the logarithm of (h1^p - h2^p)/(h2^p - h3^p) is `found`."""
    from scipy.optimize import brentq

    return brentq(
        lambda p: math.log((h[0] ** p - h[1] ** p) / (h[1] ** p - h[2] ** p)) - found, *ORDERS
    )


def _line(h: Sequence[float], q: Sequence[float], how: str) -> Limit:
    line = line_through([step**2 for step in h], q)
    sure = f", +- {line.error:.2g}" if len(h) > 2 else ""
    return Limit(line.intercept, None, how + sure)


def table(levels: Levels, found: list[Row]) -> list[tuple[str, ...]]:
    """The rows as text: head line, then a line a metric."""
    cells = [" x ".join(map(str, run.case.model.grid.cells)) for run, _ in levels]
    head = ("metric", "reference", *cells, "order", "limit", "limit - reference", "")
    return [head, *(texts(row) for row in found)]


def texts(row: Row) -> tuple[str, ...]:
    """Metric, reference, value on each level, order, limit, its distance, note."""
    order = "-" if row.order is None else f"{row.order:.2f}"
    distance = "-"
    if row.distance is not None:
        distance = f"{row.distance:+.3%}" if row.references[-1] else f"{row.distance:+.3g}"
    values = map(_number, row.values)
    reference = _number(row.references[-1])
    return (row.metric, reference, *values, order, _number(row.limit), distance, row.note)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.5g}"
