"""What a running simulation writes into its series."""

from levitas.postprocess.metrics import table as metrics
from levitas.postprocess.metrics.scope import Scope
from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.results.scope import scope


def measure(sim) -> dict[str, tuple[float, str, str]]:
    """{name: (value, unit, what it is)} of the series quantities now; collective, {} off rank 0.

    A quantity that cannot be measured at this time (a drop that has gone) is NaN.
    """
    names = metrics.series_quantities(sim.case)
    fields = {f: sim.gather(f) for f in metrics.fields_of(names, sim.names())}
    if sim.comm.rank:
        return {}
    now = scope(sim.case, {f: lambda a=a: a for f, a in fields.items()}, sim.time)
    return {
        name: (_value(name, now), metrics.unit_of(name, now), metrics.METRICS[name].text)
        for name in names
    }


def _value(name: str, now: Scope) -> float:
    try:
        return metrics.measure(name, now).value
    except NotMeasured:
        return float("nan")
