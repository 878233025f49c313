"""What the box holds at the start: distances, volumes, pressure jumps, velocities."""

import math

import numpy as np
import pytest

from levitas.solver.case import initial as shapes
from levitas.solver.case.case import Case
from levitas.solver.geometry import distance
from tests.support.case import write

HEAD = """\
[case]
units = "lattice"
end = {{ steps = 1 }}
[grid]
cells = {cells}
origin = "{origin}"
[materials]
liquid = {{ viscosity = 0.1, surface_tension = 1e-3 }}
gas = {{ density = 1e-2, viscosity = 1e-3 }}
[flow]
reference_velocity = 0.02
[interface]
"""


def read(tmp_path, body, cells="[48, 44, 40]", origin="centre") -> Case:
    return Case.read(write(tmp_path, HEAD.format(cells=cells, origin=origin) + body))


def centres(case):
    nx, ny, nz = case.model.grid.cells
    x, y, z = (np.arange(n) + 0.5 for n in (nx, ny, nz))
    return x, y[:, None], z[:, None, None]


def start(case) -> dict:
    return shapes.initial(case, *centres(case))


def shape(kind: str, more: str, phase="liquid") -> str:
    return f'[[shape]]\nphase = "{phase}"\nkind = "{kind}"\n{more}\n'


BALL = "centre = [0, 0, 0]\nradius = 12"


def at(field, case, x, y, z=None):
    """Value at the cell that holds a position."""
    corner = case.origin
    i = int(math.floor(x - corner[0]))
    j = int(math.floor(y - corner[1]))
    k = 0 if z is None else int(math.floor(z - corner[2]))
    return field[k, j, i]


def test_sphere_holds_its_volume_and_pressure(tmp_path):
    case = read(tmp_path, shape("sphere", BALL))
    first = start(case)
    assert first["phi"].shape == (40, 44, 48)
    assert first["phi"].sum() == pytest.approx(4 / 3 * math.pi * 12**3, rel=1e-3)
    assert at(first["p"], case, 0.5, 0.5, 0.5) == pytest.approx(2e-3 / 12, rel=1e-3)
    assert abs(first["p"][0, 0, 0]) < 1e-12
    assert not first["u"].any() and not first["v"].any() and not first["w"].any()


def test_shapes_are_at_the_origin_unless_they_say_where(tmp_path):
    here = start(read(tmp_path, shape("sphere", "radius = 12")))
    assert np.array_equal(here["phi"], start(read(tmp_path, shape("sphere", BALL)))["phi"])


def test_circle_in_2d_ignores_z(tmp_path):
    case = read(tmp_path, shape("sphere", "centre = [1, -2, 5]\nradius = 10"), "[48, 40, 1]")
    first = start(case)
    assert first["phi"].sum() == pytest.approx(math.pi * 100, rel=1e-3)
    assert at(first["p"], case, 1.5, -1.5) == pytest.approx(1e-4, rel=1e-3)


@pytest.mark.parametrize("n", [2, 3, 4])
@pytest.mark.parametrize("axis", ["[0, 0, 1]", "[1, 1, 0]"])
def test_mode_keeps_the_volume_to_second_order(tmp_path, n, axis):
    mode = f"{BALL}\naxis = {axis}\nmode = {{ n = {n}, amplitude = 0.1 }}"
    first = start(read(tmp_path, shape("sphere", mode)))
    assert first["phi"].sum() == pytest.approx(4 / 3 * math.pi * 12**3, rel=3e-3)


def test_mode_follows_the_legendre_polynomial(tmp_path):
    case = read(tmp_path, shape("sphere", BALL + "\nmode = { n = 2, amplitude = 0.1 }"))
    item = case.model.shape[0]
    mean = 12 * (1 - 0.1**2 / 5)
    for place, radius in (((0, 0, 1), mean + 1.2), ((1, 0, 0), mean - 0.6)):
        cells = [r * p - c for r, p, c in zip([radius] * 3, place, case.origin, strict=True)]
        places = distance.Points(case, *cells)
        assert float(distance.distance(item, places, {})) == pytest.approx(0, abs=1e-9)


def test_circle_mode_is_a_cosine(tmp_path):
    body = shape("sphere", BALL + "\nmode = { n = 3, amplitude = 0.1 }")
    case = read(tmp_path, body, "[48, 48, 1]")
    assert start(case)["phi"].sum() == pytest.approx(math.pi * 144, rel=2e-3)
    mean = 12 * (1 - 0.01 / 4)
    for angle, radius in ((0, mean + 1.2), (math.pi / 3, mean - 1.2)):
        x, y = (
            r - c
            for r, c in zip(
                (radius * math.cos(angle), radius * math.sin(angle)), case.origin, strict=False
            )
        )
        found = distance.distance(case.model.shape[0], distance.Points(case, x, y, 0.5), {})
        assert float(found) == pytest.approx(0, abs=1e-9)


def test_legendre():
    x = np.linspace(-1, 1, 9)
    value, slope = distance.legendre(4, x)
    assert np.allclose(value, (35 * x**4 - 30 * x**2 + 3) / 8)
    assert np.allclose(slope, (140 * x**3 - 60 * x) / 8)


def test_octant_with_symmetry_faces(tmp_path):
    body = shape("sphere", BALL) + '[[boundary]]\nface = "all"\nkind = "symmetry"\n'
    case = read(tmp_path, body, "[24, 24, 24]", "corner")
    assert 8 * start(case)["phi"].sum() == pytest.approx(4 / 3 * math.pi * 12**3, rel=1e-3)


def test_drop_across_a_periodic_face(tmp_path):
    whole = start(read(tmp_path, shape("sphere", BALL)))["phi"]
    moved = start(read(tmp_path, shape("sphere", "centre = [20, 0, 0]\nradius = 12")))["phi"]
    assert np.allclose(np.roll(whole, 20, axis=2), moved, atol=1e-12)


def test_ellipsoid_by_radius_and_by_size(tmp_path):
    a = start(read(tmp_path, shape("ellipsoid", "centre = [0,0,0]\nradius = [14, 10, 8]")))
    b = start(read(tmp_path, shape("ellipsoid", "centre = [0,0,0]\nsize = [28, 20, 16]")))
    assert np.array_equal(a["phi"], b["phi"])
    assert a["phi"].sum() == pytest.approx(4 / 3 * math.pi * 14 * 10 * 8, rel=0.02)
    assert np.isfinite(a["phi"]).all()


def test_box_and_capped_cylinder(tmp_path):
    first = start(read(tmp_path, shape("box", "centre = [0,0,0]\nsize = [20, 16, 12]")))
    assert (first["phi"] > 0.5).sum() == 20 * 16 * 12
    rod = "centre = [0,0,0]\nradius = 9\nsize = 20\naxis = [1, 0, 0]"
    first = start(read(tmp_path, shape("cylinder", rod)))
    assert (first["phi"] > 0.5).sum() == pytest.approx(math.pi * 81 * 20, rel=0.05)


def test_cylinder_with_a_wave_keeps_its_volume(tmp_path):
    rod = (
        "centre = [0,0,0]\nradius = 10\naxis = [1, 0, 0]\nwave = { wavelength = 48, amplitude = 2 }"
    )
    case = read(tmp_path, shape("cylinder", rod))
    first = start(case)
    assert first["phi"].sum() == pytest.approx(math.pi * 100 * 48, rel=3e-3)
    assert at(first["p"], case, 0.5, 0.5, 0.5) == pytest.approx(1e-4, rel=1e-3)
    across = first["phi"].sum(axis=(0, 1))
    assert across.argmax() in (23, 24) and across.argmin() in (0, 47)


WALLS = '[[boundary]]\nface = "y-"\nkind = "wall"\n[[boundary]]\nface = "y+"\nkind = "wall"\n'


def test_film_on_a_wall_with_a_wave(tmp_path):
    film = "size = 12\naxis = [0, 1, 0]\nwave = { wavelength = 48, amplitude = 3 }"
    case = read(tmp_path, shape("film", film) + WALLS, "[48, 40, 1]")
    first = start(case)
    height = first["phi"].sum(axis=1)[0]
    x = np.arange(48) + 0.5 - 24
    assert np.allclose(height, 12 + 3 * np.cos(2 * math.pi * x / 48), atol=0.15)
    assert first["phi"][0, 0].min() > 0.99
    assert not first["p"].any()


def test_free_film_in_a_periodic_box(tmp_path):
    for base in (-6, 14):  # the second one crosses the face
        film = f"centre = [0, {base}, 0]\nsize = 12\naxis = [0, 1, 0]"
        first = start(read(tmp_path, shape("film", film), "[8, 40, 1]"))
        assert first["phi"].sum() / 8 == pytest.approx(12, rel=2e-3)


def test_plane_fills_the_side_behind_its_normal(tmp_path):
    plane = "centre = [0, 2, 0]\naxis = [0, 1, 0]"
    case = read(tmp_path, shape("plane", plane) + WALLS, "[8, 40, 1]")
    first = start(case)
    assert first["phi"].sum() / 8 == pytest.approx(22, rel=1e-3)
    assert at(first["phi"], case, 0, 10.5) < 0.01 < 0.99 < at(first["phi"], case, 0, -10.5)


def test_expression_is_a_distance(tmp_path):
    text = 'expression = "9 - sqrt(x**2 + y**2 + z**2)"'
    case = read(tmp_path, shape("expression", text))
    x, y, z = (n + c for n, c in zip(centres(case), case.origin, strict=True))
    depth = 9 - np.sqrt(x**2 + y**2 + z**2)
    assert np.allclose(start(case)["phi"], (1 + np.tanh(depth / 2)) / 2, atol=1e-12)


def test_bubbles_in_liquid_have_gas_mean_pressure_0(tmp_path):
    bubbles = shape("sphere", "centre = [-12, 0, 0]\nradius = 9", "gas")
    bubbles += shape("sphere", "centre = [11, 0, 0]\nradius = 12", "gas")
    case = read(tmp_path, bubbles)
    first = start(case)
    inside = [at(first["p"], case, -11.5, 0.5, 0.5), at(first["p"], case, 11.5, 0.5, 0.5)]
    liquid = first["p"][0, 0, 0]
    assert inside[0] - liquid == pytest.approx(2e-3 / 9, rel=1e-3)
    assert inside[1] - liquid == pytest.approx(2e-3 / 12, rel=1e-3)
    assert inside[0] * 9**3 + inside[1] * 12**3 == pytest.approx(0, abs=1e-4)
    assert first["phi"][0, 0, 0] > 0.99


def test_drop_and_gas_core(tmp_path):
    shell = shape("sphere", "centre = [0,0,0]\nradius = 17")
    shell += shape("sphere", "centre = [0,0,0]\nradius = 8", "gas")
    case = read(tmp_path, shell)
    first = start(case)
    volume = 4 / 3 * math.pi * (17**3 - 8**3)
    assert first["phi"].sum() == pytest.approx(volume, rel=5e-3)
    assert at(first["phi"], case, 0.5, 0.5, 0.5) < 0.01
    core = at(first["p"], case, 0.5, 0.5, 0.5)
    assert core == pytest.approx(2e-3 / 17 + 2e-3 / 8, rel=1e-2)


def test_velocity_of_shapes_and_fields_add_up(tmp_path):
    body = shape("sphere", BALL + "\nvelocity = [0.01, 0, -0.02]")
    body += '[[field]]\nname = "u"\nexpression = 0.005\n'
    body += '[[field]]\nname = "v"\nexpression = "1e-3*sin(2*pi*x/grid.lx)"\n'
    case = read(tmp_path, body)
    first = start(case)
    assert at(first["u"], case, 0.5, 0.5, 0.5) == pytest.approx(0.015, rel=1e-3)
    assert first["u"][0, 0, 0] == pytest.approx(0.005, rel=1e-3)
    assert at(first["w"], case, 0.5, 0.5, 0.5) == pytest.approx(-0.02, rel=1e-3)
    x = np.arange(48) + 0.5 - 24
    assert np.allclose(first["v"][3, 5], 1e-3 * np.sin(2 * np.pi * x / 48), atol=1e-15)


def test_a_body_starts_with_the_momentum_of_a_sharp_one(tmp_path):
    case = read(tmp_path, shape("sphere", BALL + "\nvelocity = [0.01, 0, 0]"))
    first, lattice = start(case), case.lattice
    rho = lattice.rho_g + (lattice.rho_l - lattice.rho_g) * first["phi"]
    assert (rho * first["u"]).sum() == pytest.approx(0.01 * first["phi"].sum(), rel=1e-9)


def test_pressure_offset_on_top_and_flat_start(tmp_path):
    body = shape("sphere", BALL)
    offset = body + '[[field]]\nname = "p"\nexpression = 1e-4\n'
    plain, raised = start(read(tmp_path, body)), start(read(tmp_path, offset))
    assert np.allclose(raised["p"] - plain["p"], 1e-4, atol=1e-15)
    case = Case.read(
        write(tmp_path, (tmp_path / "case.toml").read_text()),
        overrides={"flow.laplace_start": False, "field.expression": 0},
    )
    assert not start(case)["p"].any()


def test_field_phi_alone(tmp_path):
    body = '[[field]]\nname = "phi"\nexpression = "0.5 + 0.5*tanh(x/2)"\n'
    first = start(read(tmp_path, body))
    assert first["phi"].min() >= 0 and first["phi"].max() <= 1
    assert first["phi"][0, 0, 40] > 0.99


def test_si_and_lattice_cases_start_alike(tmp_path):
    lattice = start(read(tmp_path, shape("sphere", BALL + "\nvelocity = [0.01, 0, 0]")))
    text = """\
[case]
[grid]
cells = [48, 44, 40]
spacing = "10 um"
time_step = "1 us"
[materials]
liquid = { density = 1000, viscosity = 0.01, surface_tension = 1e-3 }
gas = { density = 10, viscosity = 1e-4 }
[flow]
[interface]
[[shape]]
kind = "sphere"
centre = [0, 0, 0]
radius = "120 um"
velocity = ["10 cm/s", 0, 0]
"""
    case = Case.read(write(tmp_path, text))
    assert case.lattice.mu_l == pytest.approx(0.1)
    assert case.lattice.sigma == pytest.approx(1e-3)
    si = start(case)
    for name in ("phi", "u", "p"):
        assert np.allclose(si[name], lattice[name], rtol=1e-9, atol=1e-12), name


def test_parts_of_the_box_give_the_same_bits(tmp_path):
    case = read(tmp_path, shape("sphere", BALL + "\nmode = { n = 2, amplitude = 0.1 }"))
    x, y, z = centres(case)
    whole, part = start(case), shapes.initial(case, x[7:19], y[3:], z[5:30])
    for name in whole:
        assert np.array_equal(part[name], whole[name][5:30, 3:, 7:19]), name
