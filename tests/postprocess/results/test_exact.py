"""Fields beside the exact ones that a case gives."""

import numpy as np
import pytest

from levitas.postprocess.metrics import table as metrics
from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.results.scope import scope
from levitas.solver.case.case import Case
from levitas.solver.errors import CaseError

BOX = """
[case]
units = "lattice"
end = { steps = 10 }
[grid]
cells = [16, 8, 1]
origin = "corner"
[materials]
liquid = { density = 1.0, viscosity = 0.1, conductivity = 0.1, heat_capacity = 1.0 }
[flow]
reference_velocity = 0.02
[heat]
"""
EXACT = '[[exact]]\nname = "T"\nexpression = "3 + sin(2*pi*x/grid.lx)*exp(-t/5)"\n'


def case(folder, text):
    path = folder / "case.toml"
    path.write_text(BOX + text)
    return Case.read(path)


def measured(made, name, time, **fields):
    return metrics.measure(
        f"{name}_error", scope(made, {k: lambda v=v: v for k, v in fields.items()}, time)
    ).value


def test_error_is_that_of_the_pattern(tmp_path):
    made = case(tmp_path, EXACT)
    x = np.broadcast_to(np.arange(16) + 0.5, (1, 8, 16))
    wave = np.sin(2 * np.pi * x / 16) * np.exp(-2)
    assert measured(made, "T", 10.0, T=3 + wave) == pytest.approx(0, abs=1e-12)
    assert measured(made, "T", 10.0, T=3 + 1.1 * wave) == pytest.approx(0.1)
    assert measured(made, "T", 10.0, T=3 + 0 * wave) == pytest.approx(1)


def test_pressure_is_known_up_to_a_constant(tmp_path):
    made = case(tmp_path, '[[exact]]\nname = "p"\nexpression = "x"\n')
    x = np.broadcast_to(np.arange(16) + 0.5, (1, 8, 16))
    assert measured(made, "p", 0.0, p=x + 7) == pytest.approx(0, abs=1e-12)
    assert measured(made, "p", 0.0, p=1.01 * x + 7) == pytest.approx(0.01)


def test_only_the_region_counts(tmp_path):
    made = case(tmp_path, EXACT + "region = [[4, 0, 0], [12, 4, 1]]\n")
    T = np.full((1, 8, 16), np.nan)
    x = np.arange(4, 12) + 0.5
    T[0, :4, 4:12] = 3 + np.sin(2 * np.pi * x / 16)
    assert measured(made, "T", 0.0, T=T) == pytest.approx(0, abs=1e-12)
    nowhere = case(tmp_path, EXACT + "region = [[40, 0, 0], [41, 4, 1]]\n")
    with pytest.raises(NotMeasured, match="no cells"):
        measured(nowhere, "T", 0.0, T=T)


def test_what_has_no_value_at_the_start_is_not_measured_then(tmp_path):
    made = case(tmp_path, EXACT.replace("exp(-t/5)", "erf((x - 8.5)/sqrt(t))"))
    T = np.ones((1, 8, 16))
    with pytest.raises(NotMeasured, match="t = 0: .* is not finite"):
        measured(made, "T", 0.0, T=T)
    assert measured(made, "T", 4.0, T=T) > 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (EXACT.replace("grid.lx", "grid.lenght"), "grid.lenght"),
        (EXACT.replace('"T"', '"c"'), "needs a [solute] section"),
        (EXACT.replace('"T"', '"q"'), "q"),
        (EXACT + EXACT, "has an expression already"),
        (EXACT.replace("exp(", "exo("), "exo"),
        (EXACT + "region = [[4, 0, 0], [2, 4, 1]]\n", "low one"),
    ],
)
def test_faults_are_named(tmp_path, text, said):
    with pytest.raises(CaseError, match="case.toml:") as caught:
        case(tmp_path, text)
    assert said in str(caught.value)


def test_it_does_not_decide_the_state(tmp_path):
    with_it = case(tmp_path, EXACT)
    assert with_it.digest == case(tmp_path, "").digest
    with_it.write(tmp_path / "again.toml")
    again = Case.read(tmp_path / "again.toml")
    assert again.model.exact == with_it.model.exact
