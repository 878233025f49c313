"""Checks: verdicts, references, what does not apply, and checks over variants."""

import json
from types import SimpleNamespace

import pytest

from levitas.postprocess.metrics.value import NotMeasured, Quantity
from levitas.postprocess.results import checks
from levitas.postprocess.results import variants as study
from levitas.postprocess.results.read import Run
from levitas.solver.case.check_section import CheckParams
from tests.support.synthetic import DECAY, PERIOD, run_folder


def _check(**given):
    given.setdefault("tolerance", {"relative": 0.1})
    given.setdefault("metric", "pressure_jump")
    return CheckParams.model_validate(given)


def _case(viscosity_raised=False, **values):
    return SimpleNamespace(values=values, viscosity_raised=viscosity_raised)


@pytest.mark.parametrize(
    ("value", "reference", "tolerance", "good"),
    [
        (1.09, 1.0, {"relative": 0.1}, True),
        (1.11, 1.0, {"relative": 0.1}, False),
        (-0.95, -1.0, {"relative": 0.1}, True),
        (0.5, 0.4, {"absolute": 0.11}, True),
        (0.5, 0.4, {"absolute": 0.09}, False),
        (2.0, None, {"min": 2.0}, True),
        (1.9, None, {"min": 2.0}, False),
        (3.0, None, {"min": 2.0, "max": 2.5}, False),
        (None, 1.0, {"relative": 0.1}, False),
    ],
)
def test_verdicts(value, reference, tolerance, good):
    assert checks.verdict(value, reference, tolerance) == ("passed" if good else "failed")


def test_reference_is_an_expression_of_case_values():
    case = _case(**{"liquid.surface_tension": 0.02, "shape.radius": 10.0})
    text = "laplace_jump(liquid.surface_tension, shape.radius)"
    found = checks.check_one(
        _check(reference=text, source="Young-Laplace", required=True),
        case,
        {"pressure_jump": Quantity(0.0041, "Pa", "note")},
    )
    assert found["reference"] == pytest.approx(0.004) and found["verdict"] == "passed"
    assert found["source"] == "Young-Laplace" and found["required"] and found["note"] == "note"
    assert found["tolerance"] == {"relative": 0.1} and found["unit"] == "Pa"


def test_condition_that_does_not_hold():
    given = _check(reference=1.0, when="grid.nx > 50")
    found = checks.check_one(given, _case(**{"grid.nx": 40.0}), {})
    assert found["verdict"] == "not applicable" and "grid.nx > 50" in found["note"]
    assert checks.check_one(given, _case(**{"grid.nx": 60.0}), {})["verdict"] == "failed"


def test_raised_viscosity_excuses_what_viscosity_does_and_nothing_else():
    measured = {"oscillation_damping": Quantity(9.0, "1/s"), "pressure_jump": Quantity(9.0, "Pa")}
    damping = _check(metric="oscillation_damping", reference=1.0)
    found = checks.check_one(damping, _case(viscosity_raised=True), measured)
    assert found["verdict"] == "not applicable" and found["value"] == 9.0
    assert "floor" in found["note"]
    jump = checks.check_one(_check(reference=1.0), _case(viscosity_raised=True), measured)
    assert jump["verdict"] == "failed"


def test_what_cannot_be_measured_has_failed_and_says_why():
    found = checks.check_one(_check(reference=1.0), _case(), {"pressure_jump": "there is no drop"})
    assert found["verdict"] == "failed" and found["value"] is None
    assert found["note"] == "there is no drop"


def test_checks_of_a_run_folder(tmp_path):
    run = Run(run_folder(tmp_path, "SI"))
    found, metrics = checks.evaluate(run.case, run.folder)
    by_name = {check["metric"]: check for check in found}
    frequency, damping = by_name["oscillation_frequency"], by_name["oscillation_damping"]
    assert frequency["verdict"] == "passed" and frequency["required"]
    assert frequency["value"] == pytest.approx(1e5 / PERIOD, rel=1e-4)
    assert damping["verdict"] == "failed" and damping["value"] == pytest.approx(
        1e5 * DECAY, rel=1e-3
    )
    assert metrics["mass_drift"] == {"value": 0.0, "unit": "1", "note": "0 in 400 steps"}
    assert metrics["oscillation_frequency"]["unit"] == "Hz"
    json.dumps([found, metrics])


def test_a_metric_that_fails_does_not_take_the_others_along(tmp_path):
    folder = run_folder(tmp_path, snapshots=2)
    (folder / "series.nc").unlink()
    run = Run(folder)
    found, metrics = checks.evaluate(run.case, folder)
    assert all(check["verdict"] == "failed" for check in found)
    assert "the series has no" in found[0]["note"]
    assert metrics["liquid_volume"]["value"] > 0


def test_line_and_order():
    line = study.line_through([1, 2, 3], [5, 7, 9])
    assert line.intercept == pytest.approx(3) and line.slope == pytest.approx(2)
    assert line.error == pytest.approx(0, abs=1e-9)
    assert study.order_of([0.1, 0.2, 0.4], [3e-4, 12e-4, 48e-4]) == pytest.approx(2)
    with pytest.raises(NotMeasured):
        study.line_through([1, 1], [2, 3])
    with pytest.raises(NotMeasured):
        study.order_of([1, 2], [0.0, 1.0])


def test_zero_of_a_line():
    assert study.zero_of([60, 90], [-1.0, 2.0]) == pytest.approx(70)
    with pytest.raises(NotMeasured, match="same sign"):
        study.zero_of([60, 90], [1.0, 2.0])


@pytest.fixture
def variants(tmp_path):
    """Three runs whose frequency is 1.002 + 0.1/nx^2 of the reference."""
    folders = {}
    for name, cells in (("a", 8), ("b", 16), ("c", 32)):
        folder = run_folder(tmp_path / name, snapshots=2)
        text = (folder / "case.toml").read_text().replace("[20, 20, 20]", f"[{cells}, 20, 20]")
        (folder / "case.toml").write_text(text.replace("radius = 12.0", "radius = 6.0"))
        summary = json.loads((folder / "summary.json").read_text())
        value = 0.01 * (1.002 + 0.1 / cells**2)
        summary["metrics"] = {"oscillation_frequency": {"value": value, "unit": "1", "note": ""}}
        (folder / "summary.json").write_text(json.dumps(summary))
        folders[name] = folder
    return folders


def _across(fit, tolerance, **more):
    given = {"metric": "oscillation_frequency", "across": {"x": "1/grid.nx**2", "fit": fit}}
    return _check(**given, tolerance=tolerance, **more)


def test_limit_over_variants(variants):
    given = _across("line", {"relative": 0.003}, reference="0.01*grid.ny/20", required=True)
    (found,) = study.judge(SimpleNamespace(checks_over_variants=[given]), variants)
    assert found["value"] == pytest.approx(1.002) and found["verdict"] == "passed"
    assert found["required"] and "limit" in found["title"]
    strict = given.model_copy(update={"tolerance": _check(tolerance={"relative": 0.001}).tolerance})
    (found,) = study.judge(SimpleNamespace(checks_over_variants=[strict]), variants)
    assert found["verdict"] == "failed"


def test_order_over_variants(variants):
    given = _across("order", {"min": 0.9}, reference=0.01002, variant=["a", "b", "c"])
    (found,) = study.judge(SimpleNamespace(checks_over_variants=[given]), variants)
    assert found["value"] == pytest.approx(1.0) and found["verdict"] == "passed"


@pytest.mark.parametrize(
    ("fit", "value", "tolerance"),
    [
        ("ratio", (1.002 + 0.1 / 64) / (1.002 + 0.1 / 1024), {"relative": 0.002}),
        ("difference", 1e-3 * (1 / 64 - 1 / 1024), {"max": 2e-5}),
    ],
)
def test_two_variants_beside_each_other(variants, fit, value, tolerance):
    given = {"across": {"fit": fit}, "variant": ["a", "c"], "tolerance": tolerance}
    given |= {"reference": "grid.ny/20"} if fit == "ratio" else {}
    check = _check(metric="oscillation_frequency", **given)
    (found,) = study.judge(SimpleNamespace(checks_over_variants=[check]), variants)
    assert found["value"] == pytest.approx(value) and found["verdict"] == "passed"
    assert found["title"].startswith("oscillation_frequency, a ")
    assert found["reference"] == (1 if fit == "ratio" else None)


@pytest.mark.parametrize("across", [{"fit": "line"}, {"fit": "ratio", "x": "grid.nx"}])
def test_what_a_fit_across_variants_takes(across):
    with pytest.raises(ValueError, match="x"):
        _check(across=across)


def test_variants_that_are_missing_fail_the_check(variants):
    del variants["c"]
    given = _across("order", {"min": 0.9}, reference=0.01, variant=["a", "b", "c"])
    (found,) = study.judge(SimpleNamespace(checks_over_variants=[given]), variants)
    assert found["verdict"] == "failed" and "not done: c" in found["note"]
