"""The table of what a metric may ask for names all of it, and nothing else."""

import re

from levitas.postprocess.metrics.table import METRICS
from levitas.postprocess.results import scope as scopes
from levitas.solver.case.case import Case
from levitas.solver.case.field_section import ExactParams
from levitas.solver.case.picture_section import FIELDS

CASES = (  # together they have everything
    *("droplet/oscillation", "coating/spin", "coating/dip", "coating/heated-film"),
    *("benchmark/capillary-wave", "benchmark/conduction-contrast", "benchmark/slot"),
)


def listed():
    """The names in the first column of the table."""
    cells = re.findall(r"^\| ([^|]+) \|", scopes.__doc__, re.MULTILINE)[1:]
    return [name for cell in cells for name in re.split(r"[ ,]+", cell) if name != "---"]


def test_the_table_of_the_scope_is_true():
    names = listed()
    exact = {f"exact_{field}" for field in ExactParams.model_fields["name"].annotation.__args__}
    known = {*FIELDS, *exact}
    for case in map(Case.read, CASES):
        scope = scopes.scope(case, {}, 0.0)
        known |= {*scope, *scope.later}
    assert len(names) == len(set(names)) and set(names) == known


def test_metrics_ask_for_what_is_in_the_table():
    for name, metric in METRICS.items():
        assert set(metric.takes) <= set(listed()), name
