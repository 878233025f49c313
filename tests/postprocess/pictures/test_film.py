"""Film pictures: the thickness of films, threads and coats, and how they are drawn."""

import numpy as np
import pytest

from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.pictures import film as film_plot
from levitas.postprocess.pictures import render
from levitas.postprocess.pictures.page import overhang
from levitas.postprocess.results.read import Run
from tests.support.synthetic import centres, run_folder

CASE = """
[case]
title = "A film"
units = "{units}"
end = {{ steps = 400 }}
[grid]
cells = {cells}
origin = "corner"
{spacing}
[materials]
liquid = {{ density = 1000, viscosity = {viscosity}, surface_tension = {tension} }}
gas = {{ density = 10, viscosity = {viscosity} }}
[flow]
reference_velocity = {speed}
[interface]
{shapes}
[[boundary]]
face = "y-"
kind = "wall"
[[boundary]]
face = "y+"
kind = "wall"
"""
LATTICE = {"units": "lattice", "spacing": "", "viscosity": 50, "tension": 1.0, "speed": 0.02}
SI = {"units": "SI", "spacing": "spacing = 2.5e-4\ntime_step = 1e-5", "viscosity": 0.1}
SI |= {"tension": 0.01, "speed": 0.5}
FILM = '[[shape]]\nkind = "film"\nsize = {}\naxis = {}'
FIBRE = """[[shape]]
kind = "cylinder"
axis = [1, 0, 0]
centre = [0, 10, 10]
radius = 9
[[shape]]
phase = "wall"
kind = "cylinder"
axis = [1, 0, 0]
centre = [0, 10, 10]
radius = 5
"""


def _folder(path, cells, phi, text, units=LATTICE):
    def made(step):
        share = np.clip(phi(step, *centres(cells)), 0, 1)
        share = np.broadcast_to(share, cells[::-1])
        return {"phi": share} | {c: 0 * share for c in "uvwp"}

    case = CASE.format(cells=list(cells), shapes=text, **units)
    return Run(run_folder(path, units["units"], snapshots=5, case=case, made=made))


def _ripple(step, x, y, z):
    height = 8 + 2 * (1 - step / 400) * np.cos(2 * np.pi * x / 32) + 0 * z
    return height - y + 0.5


def test_thickness_of_a_film_on_the_floor_beside_its_theory(tmp_path):
    run = _folder(tmp_path, (32, 20, 1), _ripple, FILM.format(8, [0, 1, 0]))
    layer = film_plot.layer_of(run)
    assert layer == film_plot.Layer(1, 1.0, 0)
    found = film_plot.thickness(run, run.snapshots[0], layer)
    exact = 8 + 2 * np.cos(2 * np.pi * (np.arange(32) + 0.5) / 32)
    assert found == pytest.approx(exact, abs=1e-5)
    theory = "shape.size + 2*(1 - t/400)*cos(2*pi*x/32)"
    page = film_plot.draw(run, run.snapshots, layer, theory, "exact")
    assert overhang(page.figure) < 0.01
    axes = page.figure.axes[0]
    assert axes.get_ylabel() == "film thickness (cells)" and axes.get_xlabel() == "x (cells)"
    drawn = {line.get_label(): line for line in axes.lines}
    assert {"t = 0 steps", "t = 400 steps", "exact"} < set(drawn)
    assert drawn["exact"].get_ydata() == pytest.approx(8 + 0 * exact)


def test_a_film_that_hangs_is_drawn_hanging_in_si(tmp_path):
    text = FILM.format("2e-3", [0, -1, 0])
    run = _folder(tmp_path, (32, 20, 1), lambda s, x, y, z: y - 12 + 0.5 + 0 * x, text, SI)
    layer = film_plot.layer_of(run)
    assert layer.sign == -1.0
    page = film_plot.draw(run, run.snapshots[:1], layer)
    axes = page.figure.axes[0]
    assert axes.get_ylabel() == "film thickness (mm)" and axes.yaxis_inverted()
    assert film_plot.thickness(run, run.snapshots[0], layer) == pytest.approx(8 * 2.5e-4)


def test_a_film_on_an_upright_wall_stands(tmp_path):
    def drained(step, x, y, z):
        return np.where(y < 3, 1.0, 4 - x + 0.5)  # a bath at the foot

    bath = FILM.format(4, [0, 1, 0])
    run = _folder(tmp_path, (60, 40, 1), drained, bath)
    layer = film_plot.layer_of(run, "x", "y")
    assert layer == film_plot.Layer(0, 1.0, 1, bath=True)
    page = film_plot.draw(run, run.snapshots, layer)
    axes = page.figure.axes[0]
    assert axes.get_ylabel() == "y (cells)" and axes.get_xlabel() == "film thickness (cells)"
    assert axes.get_xlim() == (0, pytest.approx(16))  # the bath is cut off
    assert overhang(page.figure) < 0.01


def test_a_coat_on_a_fibre_counts_from_the_fibre(tmp_path):
    def coat(step, x, y, z):
        return 9 - np.hypot(y - 10, z - 10) + 0.5 + 0 * x

    run = _folder(tmp_path, (24, 20, 20), coat, FIBRE)
    layer = film_plot.layer_of(run)
    assert layer.round and layer.along == 0
    found = film_plot.thickness(run, run.snapshots[0], layer)
    assert found == pytest.approx(np.full(24, 4.0), abs=0.06)
    page = film_plot.draw(run, run.snapshots, layer)
    assert page.figure.axes[0].get_ylabel() == "film thickness (cells)"


def test_a_film_in_3d_is_a_map_unless_drawn_along(tmp_path):
    run = _folder(tmp_path, (32, 20, 16), _ripple, FILM.format(8, [0, 1, 0]))
    layer = film_plot.layer_of(run)
    assert layer.along is None
    assert film_plot.thickness(run, run.snapshots[0], layer).shape == (16, 32)
    page = film_plot.draw(run, run.snapshots[::2], layer)
    assert overhang(page.figure) < 0.01 and len(page.figure.axes) == 4
    assert page.figure.axes[-1].get_ylabel() == "film thickness (cells)"
    mean = film_plot.thickness(run, run.snapshots[0], film_plot.layer_of(run, along="x"))
    assert mean.shape == (32,)


def test_a_drop_is_no_film(tmp_path):
    run = Run(run_folder(tmp_path, snapshots=2))
    with pytest.raises(NotMeasured, match="normal and along"):
        film_plot.layer_of(run)


def test_film_pictures_from_the_case(tmp_path):
    text = '[output]\npictures = [{ kind = "film", reference = "8 + 0*x" },'
    text += ' { kind = "line", field = "phi", along = "y", times = [0, 400] }]\n'
    run = _folder(tmp_path, (32, 20, 1), _ripple, text + FILM.format(8, [0, 1, 0]))
    assert [p.name for p in render.render(run.folder)] == ["film.png", "line-phi-y.png"]
