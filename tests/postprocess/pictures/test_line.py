"""Line pictures: values between cells, mirrors, theory; and theory over a series."""

import numpy as np
import pytest

from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.pictures import caption, series
from levitas.postprocess.pictures import curves as theory
from levitas.postprocess.pictures import line as line_plot
from levitas.postprocess.pictures.page import overhang
from levitas.postprocess.results.read import Run
from tests.support.synthetic import run_folder


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return Run(run_folder(tmp_path_factory.mktemp("lattice")))


@pytest.fixture(scope="module")
def run_si(tmp_path_factory):
    return Run(run_folder(tmp_path_factory.mktemp("si"), "SI"))


def test_values_lie_between_cells_and_mirrors(run):
    shot = run.snapshots[1]  # u = rate x, v = rate y, w = -2 rate z
    u, v, w = (shot.read(c) for c in "uvw")
    line = line_plot.Line(run, shot, "x", [3.0, 7.25])
    assert line.values(shot, "u") == pytest.approx(u[0, 0])
    rate = u[0, 0, 0] / 0.5
    assert line.values(shot, "v") == pytest.approx(np.full(20, 3 * rate), rel=1e-5)
    assert line.values(shot, "w") == pytest.approx(np.full(20, -14.5 * rate), rel=1e-5)
    axis = line_plot.Line(run, shot, "x")  # through the drop's centre, in two mirrors
    assert axis.at == {"y": 0.0, "z": 0.0}
    assert axis.values(shot, "v") == pytest.approx(np.zeros(20), abs=1e-12)
    assert axis.values(shot, "speed") == pytest.approx(np.abs(u[0, 0]))


def test_a_line_beside_its_theory(run_si):
    shots = run_si.snapshots[1:4:2]
    line = line_plot.Line(run_si, shots[0], "x")
    page = line_plot.draw(run_si, shots, "u", line, "1000*x*sin(t)", "made up")
    assert overhang(page.figure) < 0.01
    axes = page.figure.axes[0]
    assert axes.get_xlabel() == "x (mm)" and axes.get_ylabel().startswith("velocity along x (")
    labels = axes.get_legend_handles_labels()[1]
    assert labels == ["t = 0.50 ms", "t = 1.50 ms", "made up", "interface"]
    texts = " ".join(text.get_text() for text in page.figure.texts)
    assert "Velocity along x on the line y = 0, z = 0" in texts


def test_theory_over_a_series(run):
    page = series.draw(
        run,
        ["mode_amplitude", "liquid_volume"],
        reference="shape.mode.amplitude*shape.radius*exp(-2e-3*t)",
        reference_name="envelope",
    )
    first, second = page.figure.axes
    lines = {line.get_label(): line for line in first.lines}
    assert lines["envelope"].get_ydata()[0] == pytest.approx(0.96)
    assert lines["envelope"].get_ydata()[-1] == pytest.approx(0.96 * np.exp(-0.8))
    assert "envelope" not in [line.get_label() for line in second.lines]
    assert overhang(page.figure) < 0.01


def test_quantities_of_one_unit_share_a_panel(run, monkeypatch):
    time = run.series["time"]
    more = {"extent_x": 24 + 0 * time, "extent_y": 23 + 0 * time, "phi_dip": 1e-3 + 0 * time}
    monkeypatch.setitem(run.__dict__, "series", run.series | more | {"sphericity": 1 + 0 * time})
    monkeypatch.setitem(run.__dict__, "series_units", run.series_units | dict.fromkeys(more, "1"))
    monkeypatch.setitem(run.series_units, "sphericity", "1")
    page = series.draw(run, ["extent_x", "extent_y", "phi_dip", "sphericity"])
    assert [len(axes.lines) for axes in page.figure.axes] == [2, 1, 1]
    assert page.figure.axes[0].get_ylabel() == "length (lattice units)"
    assert overhang(page.figure) < 0.01


def test_theory_has_values_where_it_can(run):
    t = np.array([-1.0, 0.0, 4.0])
    assert theory.curve(run.case, "sqrt(t) + shape.radius", t=t)[1:] == pytest.approx([12, 14])
    assert np.isnan(theory.curve(run.case, "sqrt(t)", t=t)[0])
    assert theory.curve(run.case, "grid.nx", t=t) == pytest.approx([20, 20, 20])
    with pytest.raises(NotMeasured, match="no value"):
        theory.curve(run.case, "log(-1 - t*t)", t=t)


EXACT = """[[exact]]
name = "{}"
expression = "{}"
region = [[0, 0, 0], [10, 20, 20]]
"""


def test_a_line_shows_the_exact_field_of_its_case(tmp_path):
    text = EXACT.format("u", "0.001*x*sin(t)") + EXACT.format("p", "shape.radius - 1e-6*x")
    run = Run(run_folder(tmp_path, output=text))
    line = line_plot.Line(run, run.snapshots[1], "x")
    page = line_plot.draw(run, run.snapshots[1:2], "u", line)
    drawn = {one.get_label(): one.get_ydata() for one in page.figure.axes[0].lines}
    assert np.isnan(drawn["exact"]).sum() == 10 and np.isfinite(drawn["exact"][:10]).all()
    page = line_plot.draw(run, run.snapshots[1:2], "p", line)
    drawn = {one.get_label(): one.get_ydata() for one in page.figure.axes[0].lines}
    off = drawn["simulated"][:10] - drawn["exact"][:10]  # pressure is known up to a constant
    assert off.mean() == pytest.approx(0, abs=1e-3 * abs(drawn["simulated"]).max())


def test_a_first_peak_does_not_flatten_the_rest(run, monkeypatch):
    time = run.series["time"]
    peak = np.where(time < 4, 60.0, 1.0 + 1e-3 * time)
    monkeypatch.setitem(run.__dict__, "series", run.series | {"sphericity": peak})
    monkeypatch.setitem(run.series_units, "sphericity", "1")
    axes = series.draw(run, ["sphericity"]).figure.axes[0]
    assert axes.get_ylim()[1] < 2 and axes.get_title(loc="left") == "begins at 60"


def test_references_of_one_metric_stand_together(run, monkeypatch):
    made = {"metric": "max_speed", "value": 2.0, "verdict": "passed", "tolerance": {}, "unit": "1"}
    checks = [
        made | {"reference": 2.5, "source": "Landau and Levich (1942)"},
        made | {"reference": 2.0, "source": "film equation", "required": True},
    ]
    monkeypatch.setitem(run.__dict__, "summary", run.summary | {"checks": checks})
    assert caption.figures(run) == ["max speed 2.00 (reference 2.00, 0 %; also 2.50)"]
    axes = series.draw(run, ["max_speed"]).figure.axes[0]
    assert axes.get_legend_handles_labels()[1] == ["Landau and Levich (1942)", "film equation"]
