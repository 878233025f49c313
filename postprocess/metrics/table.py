"""The table of everything that can be measured, by name: what the modules of this folder declare.

A metric is a pure function. Its arguments are filled in by name from the scope of a run (scope.py);
those named in `series` come first and are arrays over time. A module of measures ends with its own
`METRICS`, name -> Metric (metric.py), and is found by being here. `levitas list metrics` prints
the table.
"""

from collections.abc import Iterable, Mapping

from levitas.postprocess.metrics.metric import Metric
from levitas.postprocess.metrics.scope import Scope
from levitas.postprocess.metrics.value import Measured, NotMeasured, Quantity
from levitas.solver.registry import declared

METRICS: dict[str, Metric] = {
    name: metric
    for own in declared(__package__, "METRICS").values()
    for name, metric in own.items()
}


def measure(name: str, scope: Scope, series: Mapping | None = None) -> Quantity:
    """Value, unit and note of a metric. Raises NotMeasured with the reason if it cannot be had."""
    metric = METRICS[name]
    if metric.series and series is None:
        raise NotMeasured("it is measured over the series of a run")
    arrays = []
    for column in metric.series:
        if column not in series:
            raise NotMeasured(f"the series has no {column}")
        arrays.append(series[column])
    names = [n for n in metric.takes if n in metric.needs or scope.has(n)]
    result = metric.function(*arrays, **{n: scope[n] for n in names})
    value, note = result if isinstance(result, Measured) else (result, "")
    return Quantity(float(value), unit_of(name, scope), note)


def unit_of(name: str, scope: Scope) -> str:
    """The unit of a metric in a run; "1" where the case is in lattice units."""
    metric = METRICS[name]
    if scope["in_lattice_units"]:
        return "1"
    return metric.flat_unit if metric.flat_unit and scope["flat"] else metric.unit


def fields_of(names: Iterable[str], fields: Iterable[str]) -> list[str]:
    """Which of the fields of a run metrics need, in the order of the fields."""
    taken = {argument for name in names for argument in METRICS[name].takes}
    return [field for field in fields if field in taken]


def asked_for(case) -> list[str]:
    """The metrics that the checks and the pictures of a case need."""
    names = [check.metric for check in (*case.model.check, *case.checks_over_variants)]
    names += [picture.metric for picture in case.model.output.pictures or [] if picture.metric]
    return [name for name in dict.fromkeys(names) if name in METRICS]


def series_quantities(case) -> list[str]:
    """What the series of a run holds: what the case asks for, or what suits its physics.

    Whatever the end, the checks and the pictures of the case read from the series is always there.
    """
    names = list(case.model.output.series.quantities or _usual(case))
    if steady := case.model.case.end.steady:
        names.append(steady.metric)
    for picture in case.model.output.pictures or []:
        names += [n for n in picture.quantities or [] if METRICS[n].instant]
    for name in asked_for(case):
        names += [n for n in METRICS[name].series if n in METRICS]
    return list(dict.fromkeys(names))


def _usual(case) -> list[str]:
    names = ["kinetic_energy", "max_speed"] if case.has("flow") else []
    if case.has("heat") and case.section_named("heat").prescribed is None:
        names.append("heat_content")
    if not case.has("interface"):
        return names
    names.append("liquid_volume")
    if any(shape.kind in ("sphere", "ellipsoid", "cylinder") for shape in case.model.shape):
        names += ["centre_x", "centre_y", "centre_z"]
    if any(getattr(shape, "wave", None) for shape in case.model.shape):
        names.append("wave_amplitude")
    if any(getattr(shape, "mode", None) for shape in case.model.shape):
        names.append("mode_amplitude")
    return names
