"""Pictures of a made run: they are drawn, nothing is cut off, and without VTK they still are."""

import json
import subprocess
import sys

import numpy as np
import pytest

from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.pictures import (
    caption,
    movie,
    offscreen,
    oscillation,
    render,
    scene,
    series,
    style,
    surface,
    tiles,
)
from levitas.postprocess.pictures import slice as slices
from levitas.postprocess.pictures import variants as comparison
from levitas.postprocess.pictures.page import overhang
from levitas.postprocess.pictures.plane import Plane
from levitas.postprocess.results.read import Run
from levitas.solver.case.case import Case
from levitas.solver.errors import UsageError
from tests.support.case import write
from tests.support.case_texts import LATTICE, SINGLE
from tests.support.synthetic import run_folder

HEATED = SINGLE.replace(
    "viscosity = 0.01", "viscosity = 0.01, conductivity = 0.1, heat_capacity = 1"
).replace("[flow]", "[flow]\n[heat]")
ENDS = np.array([0.0, 0.04])
PICTURES = """pictures = [
  { kind = "oscillation" },
  { kind = "slice", field = "velocity_error", normal = "z", at = 2.0 },
  { kind = "surface", colour = "speed" },
  { kind = "series", quantities = ["kinetic_energy", "max_speed"], logarithmic = true },
  { kind = "profile", name = "no-channel" },
  { kind = "variants", metric = "oscillation_frequency", x = "1/grid.nx", relative = true },
]"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = run_folder(tmp_path_factory.mktemp("lattice"), output=PICTURES)
    _judged(folder)
    return Run(folder)


@pytest.fixture(scope="module")
def run_si(tmp_path_factory):
    folder = run_folder(tmp_path_factory.mktemp("si"), "SI")
    labels = [
        "viscosity floor: liquid viscosity 0.0047 raised to 0.4 Pa s, and so on and so on " * 3
    ]
    _judged(folder, labels=labels, variant="with a name that is rather long for a variant")
    return Run(folder)


@pytest.fixture
def outlines(monkeypatch):
    """A machine on which VTK cannot draw."""
    monkeypatch.setattr(offscreen, "available", lambda: False)


def _judged(folder, **more):
    from levitas.postprocess.results.checks import evaluate

    run = Run(folder)
    checks, metrics = evaluate(run.case, folder)
    summary = run.summary | {"checks": checks, "metrics": metrics} | more
    (folder / "summary.json").write_text(json.dumps(summary))


def test_slice_shows_the_whole_drop_in_si(run_si):
    shot = run_si.snapshots[1]
    page = slices.draw(run_si, shot, slices.Look("speed"))
    assert overhang(page.figure) < 0.01
    axes = page.figure.axes[0]
    assert axes.get_xlabel() == "x (mm)" and axes.get_ylabel() == "z (mm)"
    assert axes.get_xlim() == pytest.approx((-5, 5))  # the octant of 5 mm, unfolded
    texts = " ".join(text.get_text() for text in page.figure.texts)
    assert "viscosity floor" in texts and "t = 0.50 ms" in texts
    assert "frequency 1.00 kHz (reference 1.00 kHz, 0 %)" in texts


def test_slice_mirrors_components_with_their_sign(run):
    plane = Plane(run, run.snapshots[1])
    u, w = plane.read("u"), plane.read("w")
    assert u.shape == (40, 40)
    assert u == pytest.approx(-u[:, ::-1]) and u == pytest.approx(u[::-1])
    assert w == pytest.approx(-w[::-1]) and w == pytest.approx(w[:, ::-1])


def test_slice_of_a_flow_at_rest_has_no_arrows(run):
    page = slices.draw(run, run.snapshots[0], slices.Look("p"))
    assert overhang(page.figure) < 0.01
    assert not any("arrows" in text.get_text() for text in page.figure.axes[0].texts)


def test_oscillation_as_outlines(run_si, outlines):
    page = oscillation.draw(run_si)
    assert overhang(page.figure) < 0.01
    labels = page.figure.axes[-1].get_legend_handles_labels()[1]
    assert labels == ["simulated", "fitted", "viscous normal mode"]


def test_oscillation_needs_an_amplitude(run_si, monkeypatch):
    monkeypatch.setitem(run_si.__dict__, "series", {"time": np.arange(3.0)})
    with pytest.raises(NotMeasured, match="no mode amplitude"):
        oscillation.draw(run_si)


def test_series_panels_with_limits(run):
    page = series.draw(run, ["kinetic_energy", "mode_amplitude"])
    assert overhang(page.figure) < 0.01 and len(page.figure.axes) == 2
    with pytest.raises(NotMeasured):
        series.draw(run, ["nothing"])


def test_surface_mesh_is_the_whole_drop(run):
    pytest.importorskip("pyvista")
    frame = scene.unfolded(run, run.snapshots[0])
    mesh = scene.mesh_of(frame, 12.0)
    assert mesh.n_points > 5000
    assert frame.centre == pytest.approx([0, 0, 0])
    far = scene.colour(mesh, frame, "deviation", 12.0)
    assert far.max() == pytest.approx(0.96, abs=0.02)
    assert far.min() == pytest.approx(-0.48, abs=0.02)
    assert np.asarray(mesh.points).min(axis=0) == pytest.approx([-11.52, -11.52, -12.96], abs=0.03)
    moving = scene.unfolded(run, run.snapshots[3])
    outwards = scene.colour(scene.mesh_of(moving, 12.0), moving, "normal_velocity", 12.0)
    assert outwards.max() > 0 > outwards.min()


def test_surface_in_3d(run):
    if not offscreen.available():
        pytest.skip("VTK cannot draw on this machine: neither EGL nor OSMesa")
    tile = tiles.prepare(run, run.snapshots[0], "deviation")
    page = surface.draw(run, tile, "deviation", quantity="mode_amplitude")
    assert overhang(page.figure) < 0.01
    image = page.image()
    drop = image[
        image.shape[0] // 5 : image.shape[0] // 2, image.shape[1] // 4 : image.shape[1] // 2
    ]
    assert drop.std() > 10  # shaded, not blank


def test_render_draws_what_the_case_asks_for(run, outlines):
    warnings = []
    paths = render.render(run.folder, warn=warnings.append)
    names = [path.name for path in paths]
    assert names == [
        "oscillation.png",
        "slice-velocity_error.png",
        "surface-speed.png",
        "series-kinetic_energy.png",
    ]
    assert all(path.stat().st_size > 10_000 for path in paths)
    assert any("libegl1" in text for text in warnings)
    assert any("no-channel" in text for text in warnings)
    assert not list((run.folder / "pictures").glob(".*"))


def test_without_matplotlib_it_is_said_how_to_get_it(run, monkeypatch):
    monkeypatch.setattr(render, "find_spec", lambda name: None)
    warnings = []
    assert render.render(run.folder, warn=warnings.append) == []
    assert "pip install 'levitas[viz]'" in warnings[0]


def test_no_pictures_if_none_are_asked_for(tmp_path):
    assert render.render(run_folder(tmp_path, snapshots=1, output="pictures = []")) == []


def test_usual_pictures(run_si, outlines):
    names = [path.name for path in render.render(run_si.folder)]
    assert names == ["oscillation.png", "slice-speed.png"]


def test_usual_pictures_follow_the_physics(tmp_path):
    found = {}
    for name, text in {
        "heat": HEATED,
        "film": LATTICE.replace("mode = { n = 3, amplitude = 0.1 }", ""),
        "mode": LATTICE,
        "plain": SINGLE,
    }.items():
        case = Case.read(write(tmp_path / name, text))
        found[name] = [[p.kind, p.field] for p in render.usual(case)]
    assert found["heat"][0] == ["slice", "T"]
    assert found["film"][0] == ["film", None]
    assert found["mode"][0] == ["oscillation", None]
    assert found["plain"] == [["slice", "speed"], ["series", None]]


def test_pictures_over_variants(run, tmp_path):
    runs = []
    for cells in (10, 20, 40):
        folder = run_folder(tmp_path / f"n{cells}", snapshots=1, output=PICTURES)
        text = (folder / "case.toml").read_text()
        text = text.replace("[20, 20, 20]", f"[{cells}, 20, 20]").replace("12.0", "6.0")
        (folder / "case.toml").write_text(text)
        off = {"value": 0.01 * (1 + 1 / cells**2), "unit": "1", "note": ""}
        check = run.summary["checks"][0] | {"value": off["value"]}
        summary = run.summary | {"metrics": {"oscillation_frequency": off}, "checks": [check]}
        (folder / "summary.json").write_text(json.dumps(summary))
        runs.append(folder)
    paths = render.render_variants(runs)
    assert [path.parent.name for path in paths] == ["droplet-made-variants"]
    found = [Run(folder) for folder in runs]
    for more in ({"fit": "line", "relative": True}, {"fit": "order"}, {"group": "grid.ny"}):
        page = comparison.draw(found, "1/grid.nx", "oscillation_frequency", **more)
        assert overhang(page.figure) < 0.01
    with pytest.raises(NotMeasured):
        comparison.draw(found, "grid.nx", "sphericity")
    with pytest.raises(UsageError, match="no.* finished run|none of these"):
        render.render_variants([])


def test_movie(run, outlines, tmp_path):
    import imageio_ffmpeg

    shots = run.snapshots[:3]
    pages = [
        lambda s=s: slices.draw(run, s, slices.Look("speed"), style.map_and_ends("speed", ENDS))
        for s in shots
    ]
    path = movie.write(tmp_path / "movie.mp4", pages)
    frames, seconds = imageio_ffmpeg.count_frames_and_secs(str(path))
    assert frames == 3 and seconds == pytest.approx(0.6, abs=0.1)
    assert [p.name for p in tmp_path.iterdir()] == ["movie.mp4"]


def test_probe_of_vtk_survives_a_crash(monkeypatch, tmp_path):
    """A machine where VTK ends the process: the answer is no, and this process lives on."""
    monkeypatch.setattr(offscreen, "_PROBE", "import os; os.abort()")
    monkeypatch.setattr(offscreen, "_note", lambda: tmp_path / "note")
    assert offscreen.available.__wrapped__() is False
    monkeypatch.setattr(offscreen, "_PROBE", "import sys; sys.exit(0)")
    monkeypatch.setenv(offscreen.VARIABLE, "vtkEGLRenderWindow")
    assert offscreen.available.__wrapped__() is True
    assert (tmp_path / "note").read_text() == "vtkEGLRenderWindow"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (3.25e-3, "m", "3.25 mm"),
        (36.43, "Hz", "36.4 Hz"),
        (1096.0, "Pa", "1.10 kPa"),
        (2.5e-7, "1", "2.50 \u00d7 10\u207b\u2077"),
        (-0.5, "1", "\u22120.500"),
        (6e-6, "s", "6.00 \u00b5s"),
        (0.0, "m", "0.00 m"),
    ],
)
def test_numbers_for_people(value, unit, text):
    assert style.text_of(value, unit) == text


def test_scales_bars_and_limits():
    assert style.scaled([0.002, -0.05], "m") == (1000.0, "mm")
    assert style.scaled([3e-4], "1")[1] == "10\u207b\u2074"
    assert style.round_below(0.0034) == pytest.approx(0.002)
    assert style.round_below(10.0) == pytest.approx(10.0)
    assert style.limits(np.array([-1.0, 3.0]), True) == (-3.0, 3.0)
    assert style.limits(np.array([2.0, 2.0]), False) == (2.0, 4.0)
    rising = style.map_and_ends("p", np.array([-0.01, 3.0]))
    assert rising[1] == (-0.01, 3.0) and style.map_and_ends("p", -ENDS)[1] == (-0.04, 0.0)
    assert style.map_and_ends("p", np.array([-1.0, 3.0]))[1] == (-3.0, 3.0)
    assert caption.name_of("max_speed") == "max speed"


def test_drawing_is_imported_late():
    """Measures, checks and the command line need neither Matplotlib nor VTK to be imported."""
    code = (
        "import sys, levitas.postprocess.results.checks, levitas.postprocess.results.series;"
        "import levitas.solver.cli.main;"
        "sys.exit(any(m in sys.modules for m in ('matplotlib', 'pyvista', 'vtkmodules', 'scipy')))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
