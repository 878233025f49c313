"""Shapes from files: distances of surfaces and masks, solids and drops made of them, bad files."""

import netCDF4
import numpy as np
import pytest

from levitas.solver.case.case import Case
from levitas.solver.errors import CaseError
from levitas.solver.geometry.distance import Points, distance
from tests.support.case import bits, simulate

pyvista = pytest.importorskip("pyvista")

TEXT = """
[case]
end = {{ steps = 4 }}
[grid]
cells = [20, 24, 28]
spacing = "1 mm"
time_step = "1 ms"
[materials]
liquid = {{ density = 1000, viscosity = 0.1, surface_tension = 1e-3 }}
gas = {{ density = 10, viscosity = 1e-3 }}
[flow]
[interface]
[[shape]]
{shape}
"""
STL = 'kind = "stl"\nfile = "body.stl"\nscale = 1e-3\ncentre = [0, 1e-3, 0]\n'
MASK = 'kind = "file"\nfile = "mask.npy"\n'
CYLINDER = (
    '\n[[shape]]\nkind = "sphere"\nphase = "liquid"\ncentre = [0, 0, 8e-3]\nradius = "5 mm"\n'
)


def ball(folder, radius=6.0, **more):
    """An STL ball, in mm."""
    mesh = pyvista.Sphere(radius=radius, theta_resolution=90, phi_resolution=90, **more)
    mesh.triangulate().clean().save(folder / "body.stl")


def read(folder, shape):
    (folder / "case.toml").write_text(TEXT.format(shape=shape))
    return Case.read(folder)


def places(case, step=1):
    nx, ny, nz = case.model.grid.cells
    x, y, z = (np.arange(0, n, step) + 0.5 for n in (nx, ny, nz))
    return Points(case, x, y[:, None], z[:, None, None])


def test_distance_to_a_ball(tmp_path):
    ball(tmp_path)
    case = read(tmp_path, STL)
    at = places(case)
    exact = 6e-3 - np.sqrt(at.xyz[0] ** 2 + (at.xyz[1] - 1e-3) ** 2 + at.xyz[2] ** 2)
    found = distance(case.model.shape[0], at, case.values)
    near = np.abs(exact) < 5e-3
    assert np.abs(found - exact)[near].max() < 2e-5  # facets of 4 degrees
    assert (np.sign(found) == np.sign(exact))[np.abs(exact) > 1e-4].all()
    some = distance(case.model.shape[0], places(case, 3), case.values)
    assert (some == found[::3, ::3, ::3]).all()  # whatever else is asked for


def test_a_mask_covers_the_box(tmp_path):
    mask = np.zeros((28, 24, 20))
    mask[:, 4:14, :] = 1  # whole in x and z
    np.save(tmp_path / "mask.npy", mask)
    case = read(tmp_path, MASK)
    found = distance(case.model.shape[0], places(case), case.values)
    assert np.allclose(found[0, :, 0] / 1e-3, np.minimum(np.arange(24) - 3.5, 13.5 - np.arange(24)))
    with netCDF4.Dataset(tmp_path / "mask.nc", "w") as file:
        for name, n in zip("zyx", mask.shape, strict=True):
            file.createDimension(name, n)
        file.createVariable("grain", "f4", ("z", "y", "x"))[:] = mask
    other = read(tmp_path, MASK.replace("npy", "nc"))
    assert (distance(other.model.shape[0], places(other), other.values) == found).all()


@pytest.mark.parametrize("phase", ["liquid", "wall"])
def test_a_run_with_a_body(tmp_path, phase):
    ball(tmp_path)
    more = "" if phase == "liquid" else f"contact_angle = 60\n{CYLINDER}"
    case = read(tmp_path, STL + f'phase = "{phase}"\n' + more)
    sim = simulate(case, 3)
    cells = sim.read("phi").sum() if phase == "liquid" else sim.obstacles.mask.sum()
    smeared = np.pi**2 * 6 if phase == "liquid" else 0  # docs/numerics.md, W = 4
    assert cells == pytest.approx(4 / 3 * np.pi * (6**3 + smeared), rel=0.03)
    assert np.isfinite(sim.read("u")).all()
    assert bits(simulate(case, 3)) == bits(sim)


def test_a_run_goes_on_without_the_folder_of_the_case(tmp_path, levitas):
    ball(tmp_path)
    read(tmp_path, STL)
    out = tmp_path / "run"
    assert levitas("run", tmp_path, "--out", out, "--steps", 2)[0] == 0
    (tmp_path / "body.stl").unlink()
    code, _, said = levitas("run", out, "--out", out, "--steps", 4)
    assert code == 0, said


BAD = [
    (lambda f: ball(f, start_theta=0, end_theta=300), "is open"),
    (lambda f: (f / "body.stl").write_bytes(b"\x00\xff" * 500), "is not an STL file"),
    (lambda f: (f / "body.stl").write_text("solid a\nfacet\nendsolid a\n"), "no triangles"),
    (lambda f: (f / "body.stl").write_bytes(b""), "is empty"),
    (lambda f: None, "there is no file"),
    (lambda f: ball(f, radius=6e5), "set scale"),
    (lambda f: ball(f, radius=6e-4), "fills no cell"),
]


@pytest.mark.parametrize(("make", "said"), BAD)
def test_bad_surfaces_are_refused(tmp_path, make, said):
    make(tmp_path)
    with pytest.raises(CaseError, match=said) as caught:
        read(tmp_path, STL + 'phase = "wall"\n' + CYLINDER)
    assert "case.toml:" in str(caught.value)


def test_a_surface_in_words_is_the_same(tmp_path):
    ball(tmp_path)
    case = read(tmp_path, STL)
    found = distance(case.model.shape[0], places(case), case.values)
    mesh = pyvista.read(tmp_path / "body.stl")
    mesh.save(tmp_path / "body.stl", binary=False)
    assert (tmp_path / "body.stl").read_bytes().startswith(b"solid")
    other = read(tmp_path, STL)
    again = distance(other.model.shape[0], places(other), other.values)
    assert np.abs(again - found).max() < 1e-7
    whole = (tmp_path / "body.stl").read_text()
    for bad, said in (
        (whole[: len(whole) // 2], "a truncated one"),
        (whole.replace("vertex ", "vertex x"), "not numbers"),
    ):
        (tmp_path / "body.stl").write_text(bad)
        with pytest.raises(CaseError, match=said):
            read(tmp_path, STL)


@pytest.mark.parametrize("name", ["mask.npy", "mask.nc"])
def test_damaged_masks_are_refused(tmp_path, name):
    """Whatever byte is spoilt: a mask or a line that names the file, never anything else."""
    mask = np.zeros((28, 24, 20))
    mask[:, 4:14, :] = 1
    np.save(tmp_path / "mask.npy", mask)
    with netCDF4.Dataset(tmp_path / "mask.nc", "w") as file:
        for axis, n in zip("zyx", mask.shape, strict=True):
            file.createDimension(axis, n)
        file.createVariable("grain", "f4", ("z", "y", "x"), zlib=True)[:] = mask
    whole, random, told = (tmp_path / name).read_bytes(), np.random.default_rng(3), 0
    for _ in range(60):
        data = bytearray(whole)
        data[random.integers(min(len(data), 4000))] = random.integers(256)
        (tmp_path / name).write_bytes(data[: random.integers(len(data) // 2, len(data) + 1)])
        try:
            read(tmp_path, MASK.replace("mask.npy", name))
        except CaseError as error:
            assert name in str(error) and ";" in str(error)
            told += 1
    assert told > 30


def test_a_cut_surface_is_refused(tmp_path):
    ball(tmp_path)
    whole = (tmp_path / "body.stl").read_bytes()
    (tmp_path / "body.stl").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CaseError, match="a truncated one"):
        read(tmp_path, STL)


@pytest.mark.parametrize(
    "values", [np.zeros((28, 24, 20)), np.full((28, 24, 20), np.nan), np.ones(3), np.array(["a"])]
)
def test_bad_masks_are_refused(tmp_path, values):
    np.save(tmp_path / "mask.npy", values)
    with pytest.raises(CaseError, match="marks no cell|give one with axes|not finite"):
        read(tmp_path, MASK)
