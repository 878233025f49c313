"""Checks of a case against its references, and the metrics of a finished run."""

import math
from pathlib import Path

from levitas.postprocess.metrics.scope import Scope
from levitas.postprocess.metrics.table import METRICS, Metric, asked_for, measure, series_quantities
from levitas.postprocess.metrics.value import NotMeasured, Quantity
from levitas.postprocess.results.read import Run

PASSED, FAILED, NOT_APPLICABLE = "passed", "failed", "not applicable"


def evaluate(case, folder: Path | str) -> tuple[list[dict], dict[str, dict]]:
    """(checks, metrics) of the run in a folder, as they stand in its summary.json."""
    run = Run(folder, case)
    names = dict.fromkeys([*asked_for(case), *_usual(case)])
    measured = measure_all(names, run.scope(), run.series)
    checks = [check_one(check, case, measured) for check in case.model.check]
    table = {
        name: {"value": q.value, "unit": q.unit, "note": q.note}
        for name, q in measured.items()
        if isinstance(q, Quantity)
    }
    return checks, table


def _usual(case) -> list[str]:
    """Metrics that every summary holds beside those that are checked."""
    return [*(["mass_drift"] if case.has("interface") else []), *series_quantities(case)]


def measure_all(names, scope: Scope, series: dict) -> dict[str, Quantity | str]:
    """Every metric by name, or the reason (text) why it could not be measured."""
    results: dict[str, Quantity | str] = {}
    for name in names:
        try:
            if name not in METRICS:
                raise NotMeasured(f"there is no metric '{name}' (levitas list metrics)")
            quantity = measure(name, scope, series)
            if not math.isfinite(quantity.value):
                raise NotMeasured("it is not finite")
            results[name] = quantity
        except NotMeasured as reason:
            results[name] = str(reason)
        except (ValueError, ArithmeticError) as error:  # a field far from what the metric is for
            results[name] = f"cannot be computed: {error}"
    return results


def check_one(check, case, measured: dict[str, Quantity | str]) -> dict:
    """One check with its verdict.

    "not applicable" where its condition does not hold, or where it measures what viscosity does and
    the viscosity was raised to the floor. What should apply but cannot be measured has failed.
    """
    tolerance = check.tolerance.model_dump(exclude_none=True)
    result = measured.get(check.metric, "not measured")
    quantity = result if isinstance(result, Quantity) else Quantity(None, "1", result)
    reference = _reference(check.reference, case)
    skip = _reason_to_skip(check, case, METRICS.get(check.metric))
    return {
        "metric": check.metric,
        "value": quantity.value,
        "unit": quantity.unit,
        "reference": reference,
        "tolerance": tolerance,
        "verdict": NOT_APPLICABLE if skip else verdict(quantity.value, reference, tolerance),
        "source": check.source,
        "required": check.required,
        "note": skip or quantity.note,
    }


def _reference(reference: float | str | None, case) -> float | None:
    from levitas.solver.case.values import value

    return value(reference, case.values) if isinstance(reference, str) else reference


def _reason_to_skip(check, case, metric: Metric | None) -> str:
    from levitas.solver.case.values import value

    if check.when and not value(check.when, case.values):
        return f"applies when {check.when}"
    if metric and metric.viscous and case.viscosity_raised:
        return "the viscosity was raised to the stable floor"
    return ""


def verdict(value: float | None, reference: float | None, tolerance: dict[str, float]) -> str:
    """Passed or failed; no value has failed."""
    if value is None:
        return FAILED
    good = tolerance.get("min", -math.inf) <= value <= tolerance.get("max", math.inf)
    if "relative" in tolerance:
        good = abs(value - reference) <= tolerance["relative"] * abs(reference)
    if "absolute" in tolerance:
        good = abs(value - reference) <= tolerance["absolute"]
    return PASSED if good else FAILED
