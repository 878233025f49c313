"""Slices of made fields: streamlines, the frame of the drop, isotherms, solids, walls, gravity."""

import numpy as np
import pytest

from levitas.postprocess.pictures import overlays
from levitas.postprocess.pictures import slice as slices
from levitas.postprocess.pictures.page import overhang
from levitas.postprocess.pictures.plane import Plane, drop_velocity
from levitas.postprocess.pictures.unfold import Unfolding
from levitas.postprocess.results.read import Run
from tests.support.synthetic import centres, drop, run_folder

CASE = """
[case]
title = "A drop passes a post"
units = "lattice"
end = {{ steps = 400 }}
[grid]
cells = [40, 24, 1]
origin = "corner"
[materials]
liquid = {{ viscosity = 0.02, surface_tension = 2e-3, conductivity = 0.1, heat_capacity = 1 }}
gas = {{ density = 1e-2, viscosity = 2e-3, conductivity = 0.1, heat_capacity = 1 }}
solid = {{ density = 1, conductivity = 0.1, heat_capacity = 1 }}
[gravity]
vector = [0, -2e-6, 0]
[flow]
[heat]
[interface]
[[shape]]
kind = "sphere"
centre = [{x}, 0, 0]
radius = 8
[[shape]]
phase = "solid"
kind = "cylinder"
centre = [32, 12, 0]
radius = 4
[[boundary]]
face = "y-"
kind = "symmetry"
[[boundary]]
face = "y+"
kind = "wall"
"""
CELLS, SPEED = (40, 24, 1), 0.003


def _moving(x):
    def made(step):
        phi = drop(CELLS, (x, 0, 0), 8.0)
        at, up, _ = centres(CELLS)
        zero = np.zeros(phi.shape)
        fields = {"phi": phi, "u": SPEED + zero, "v": 1e-3 * np.sin(up / 8) + zero, "w": zero}
        return fields | {"p": zero, "T": 300.0 + 0.5 * at + zero}

    return made


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    path = tmp_path_factory.mktemp("post")
    return Run(run_folder(path, snapshots=2, case=CASE.format(x=14), made=_moving(14)))


def test_the_frame_of_the_drop_takes_its_velocity_off(run):
    shot = run.snapshots[-1]
    u, v, w = drop_velocity(run, shot)
    assert u == pytest.approx(SPEED) and (v, w) == (0.0, 0.0)  # a half drop: nothing across y = 0
    at_rest = Plane(run, shot, frame="drop")
    assert np.abs(at_rest.read("u")).max() < 1e-8
    across, up = at_rest.velocity()
    assert np.abs(across).max() < 1e-8 and np.abs(up).max() > 1e-4
    assert np.abs(Plane(run, shot).velocity()[0]).min() == pytest.approx(SPEED)


def test_streamlines_isotherms_solid_walls_and_gravity(run):
    look = slices.Look("T", streamlines=True, frame="drop")
    page = slices.draw(run, run.snapshots[-1], look)
    assert overhang(page.figure) < 0.01
    axes = page.figure.axes[0]
    said = " ".join(text.get_text() for text in axes.texts)
    assert "isotherms every" in said and "streamlines seen from the drop" in said
    assert axes.spines["top"].get_linewidth() > 3 and axes.spines["bottom"].get_linewidth() > 3
    assert axes.get_ylim() == (-24, 24)  # unfolded where the drop meets the mirror
    texts = " ".join(text.get_text() for text in page.figure.texts)
    assert "Temperature" in texts and "along \u2212y" in texts
    assert page.figure.axes[-1].get_ylabel().startswith("temperature (")
    assert any("g" == text.get_text() for a in page.figure.axes for text in a.texts)


def test_the_solid_is_masked_and_mirrored(run):
    plane = Plane(run, run.snapshots[-1])
    solid = plane.solid() > 0
    assert solid.sum() == pytest.approx(2 * np.pi * 16, rel=0.05)
    assert (solid == solid[::-1]).all()
    view = overlays.View.of(plane, 1.0, True)
    assert np.isnan(overlays._free(view, solid)[0]).sum() == solid.sum()


def test_a_slice_says_where_it_lies_in_3d(tmp_path):
    run = Run(run_folder(tmp_path, snapshots=2))
    page = slices.draw(run, run.snapshots[-1], slices.Look("p", "z", 8.4))
    said = "Pressure and the surface of the liquid in the plane z = 8.5"
    assert any(said in text.get_text() for text in page.figure.texts)
    page = slices.draw(run, run.snapshots[-1], slices.Look("p"))
    assert any("in the mirror plane across y" in t.get_text() for t in page.figure.texts)


def test_a_mirror_without_a_surface_is_not_unfolded(tmp_path):
    def layer(step):
        phi = np.zeros((20, 20, 20)) + (np.arange(20) < 8)[:, None, None]
        return {"phi": phi} | {c: 0 * phi for c in "uvwp"}

    run = Run(run_folder(tmp_path, snapshots=2, made=layer))
    assert run.unfolded == {"x": "-", "y": "-"}
    assert Plane(run, run.snapshots[0]).extent == (-20, 20, 0, 20)


def test_a_layer_that_goes_through_is_cut_in_the_middle(tmp_path):
    def layer(step):
        phi = np.zeros((20, 20, 20)) + (np.arange(20) < 8)[:, None, None]
        return {"phi": phi} | {c: 0 * phi for c in "uvwp"}

    run = Run(run_folder(tmp_path, snapshots=2, made=layer))
    run.__dict__["faces"] = dict.fromkeys(run.faces, "periodic")
    assert Plane(run, run.snapshots[0]).index == 10


ONE_PHASE = """
[case]
units = "lattice"
[grid]
cells = [20, 20, 20]
origin = "corner"
[materials]
liquid = { viscosity = 0.1 }
[flow]
"""
MIRROR = '[[boundary]]\nface = "{}"\nkind = "{}"\n'


def test_a_channel_between_two_mirrors_is_shown_once(tmp_path):
    def still(step):
        phi = np.zeros((20, 20, 20))
        return {"phi": phi} | {c: phi for c in "uvwp"}

    case = ONE_PHASE + MIRROR.format("y-", "symmetry") + MIRROR.format("y+", "symmetry")
    case += MIRROR.format("z-", "symmetry") + MIRROR.format("z+", "wall")
    run = Run(run_folder(tmp_path, snapshots=2, case=case, made=still))
    for shot in run.snapshots:
        shot.names = [name for name in shot.names if name != "phi"]
    assert run.unfolded == {"z": "-"}


def test_a_drop_at_the_ends_of_the_box_is_shown_whole(tmp_path):
    """Mirrors on both sides of an axis: the field repeats, and may begin where nothing is."""

    def two(step):
        phi = drop((20, 20, 20), (0, 0, 0), 7.0) + drop((20, 20, 20), (20, 0, 0), 4.0)
        return {"phi": phi} | {c: 0 * phi for c in "uvwp"}

    run = Run(run_folder(tmp_path, snapshots=2, made=two))
    plane = Plane(run, run.snapshots[0])
    phi = plane.read("phi")
    assert phi[:, 0].max() < 0.1 > phi[:, -1].max()
    x, z = plane.centres()
    share = phi > 0.5
    for centre, radius in ((0.0, 7.0), (20.0, 4.0), (-20.0, 4.0)):
        near = np.hypot(x - centre, z[:, None]) < radius - 0.5
        if plane.extent[0] < centre < plane.extent[1]:
            assert share[near].all() and near.sum() > 0.8 * np.pi * (radius - 0.5) ** 2
    assert plane.extent[1] - plane.extent[0] == 40


def test_longest_gap_closes_on_itself():
    from levitas.postprocess.pictures.unfold import _longest_gap

    empty = np.array([1, 1, 0, 0, 1, 0, 0, 0, 1, 1], bool)
    assert _longest_gap(empty) in (9, 0, 1)
    assert _longest_gap(np.array([0, 0, 1, 1, 1, 0], bool)) == 3


def test_a_wall_that_moves_has_an_arrow(tmp_path):
    case = CASE.format(x=14) + "velocity = [0.01, 0, 0]\n"
    run = Run(run_folder(tmp_path, snapshots=2, case=case, made=_moving(14)))
    axes = slices.draw(run, run.snapshots[-1], slices.Look("speed")).figure.axes[0]
    arrows = [text for text in axes.texts if not text.get_text() and text.arrow_patch]
    assert [(t.xy, t.xyann) for t in arrows] == [  # the wall and its image
        ((0.62, 0.03), (0.38, 0.03)),
        ((0.62, 0.97), (0.38, 0.97)),
    ]


def test_a_part_of_the_box_and_a_stride(tmp_path):
    """A snapshot of every second cell of a part is shown where it lies, without mirrors."""
    run = Run(run_folder(tmp_path, snapshots=2))
    shot = run.snapshots[0]
    assert run.unfolded == {"x": "-", "y": "-", "z": "-"} and shot.pitch == 1.0
    for snapshot in run.snapshots:
        snapshot.x, snapshot.pitch = snapshot.x[4:20:2], 2.0
    del run.__dict__["unfolded"]
    assert run.unfolded == {"y": "-", "z": "-"}
    assert Unfolding(run, shot).ends("x") == (3.5, 19.5)
