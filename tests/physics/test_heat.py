"""Heat and solute: exact decays and profiles, conservation, faces, sources."""

import numpy as np
import pytest
from scipy.optimize import brentq

from levitas.solver.case.case import Case
from levitas.solver.physics.scalar.medium import Medium, substeps
from tests.support.case import bits, simulate
from tests.support.threads import on_ranks

BOX = """
[case]
units = "lattice"
precision = "{precision}"
end = {{ steps = 10 }}
[grid]
cells = {cells}
origin = "corner"
[flow]
reference_velocity = 0.02
[materials]
"""
ONE = "liquid = { density = 1.0, viscosity = 0.1, conductivity = 0.1, heat_capacity = 1.0 }\n"
DROP = """
liquid = { density = 1.0, viscosity = 0.05, surface_tension = 1e-3, conductivity = 0.3, \
heat_capacity = 1.0, diffusivity = 0.02 }
gas = { density = 1e-2, viscosity = 5e-3, conductivity = 1e-3, heat_capacity = 0.5, \
diffusivity = 0.05 }
[interface]
[heat]
[solute]
[[field]]
name = "u"
expression = "0.02"
[[field]]
name = "v"
expression = "0.01"
[[shape]]
phase = "liquid"
kind = "sphere"
centre = [15, 14, 0]
radius = 7
temperature = 1.0
concentration = 1.0
"""


def run(folder, text, steps=0, cells=(32, 4, 1), precision="float64"):
    """A simulation of the text on the box, some steps on."""
    path = folder / "case.toml"
    path.write_text(BOX.format(cells=list(cells), precision=precision) + text)
    return simulate(Case.read(path), steps)


def face(name, kind="wall", **keys):
    lines = "".join(f"{k} = {v}\n" for k, v in keys.items())
    return f'[[boundary]]\nface = "{name}"\nkind = "{kind}"\n{lines}'


def content(sim, name):
    """Sum of capacity times value."""
    scalar = sim.physics[name].scalar
    medium = scalar.medium
    phi = sim.read("phi")
    capacity = np.maximum(medium.gas + phi * (medium.liquid - medium.gas), medium.least)
    return (capacity * scalar.field.own[0].astype(float)).sum()


def wave(field, modes=1):
    """Complex amplitude of the wave along x."""
    n = field.shape[-1]
    return (field * np.exp(-2j * np.pi * modes * (np.arange(n) + 0.5) / n)).mean()


def test_a_wave_decays_as_euler_has_it(tmp_path):
    text = ONE + '[heat]\n[[field]]\nname = "T"\nexpression = "1 + cos(2*pi*x/64)"\n'
    sim = run(tmp_path, text, cells=(64, 3, 1))
    z = 2 * 0.1 * (1 - np.cos(2 * np.pi / 64))
    for _ in range(5):
        before = wave(sim.fields["T"].own)
        sim.step()
        factor = (wave(sim.fields["T"].own) / before).real
        assert 1 - factor == pytest.approx(z, rel=1e-6)


@pytest.mark.parametrize("direction", ["x", "y"])
def test_a_wave_is_carried(tmp_path, direction):
    """Third order: the phase of a wave of 32 cells is right within 2e-3 of a turn after a turn."""
    velocity, name = {"x": ("u", "x"), "y": ("v", "y")}[direction]
    text = ONE.replace("0.1, heat", "1e-3, heat") + "[heat]\n"
    text += f'[[field]]\nname = "T"\nexpression = "cos(2*pi*{name}/32)"\n'
    text += f'[[field]]\nname = "{velocity}"\nexpression = "0.1"\n'
    cells = (32, 4, 1) if direction == "x" else (4, 32, 1)
    sim = run(tmp_path, text, cells=cells)
    values = sim.fields["T"].own[0, 0]
    line = (
        (lambda: sim.fields["T"].own[0, 0][0])
        if direction == "x"
        else (lambda: sim.fields["T"].own[0, 0][:, 0])
    )
    assert np.abs(values).max() <= 1
    before = wave(line())
    for _ in range(320):
        sim.step()
    turned = wave(line()) / before
    assert abs(np.angle(turned)) < 2e-3 * 2 * np.pi
    assert abs(turned) == pytest.approx(np.exp(-1e-3 * (2 * np.pi / 32) ** 2 * 320), rel=0.02)
    assert np.abs(line()).max() < 1


def test_conduction_through_solids_of_contrast(tmp_path):
    """Three layers in series, conductivities 1 : 1000 : 1 of capacity 1: steady flux exact."""
    text = (
        "liquid = { density = 1, viscosity = 0.1, conductivity = 1e-3, heat_capacity = 0.01 }\n"
        "solid = { density = 1, conductivity = 1.0, heat_capacity = 10.0 }\n[heat]\n"
        '[[shape]]\nphase = "solid"\nkind = "box"\ncentre = [8, 2, 0]\nsize = [6, 99, 9]\n'
        + face("x-", temperature=1.0)
        + face("x+", temperature=0.0)
        + '[[field]]\nname = "T"\nexpression = "0.5"\n'
    )
    sim = run(tmp_path, text, 3000, cells=(16, 4, 1))
    T = sim.read("T")[0, 0]
    k = np.where(np.abs(np.arange(16) + 0.5 - 8) < 3, 1.0, 1e-3)
    resistance = np.concatenate([[0.5 / k[0]], 0.5 / k[1:] + 0.5 / k[:-1]]).cumsum()
    total = resistance[-1] + 0.5 / k[-1]
    assert np.allclose(T, 1 - resistance / total, atol=1e-9)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"heat_flux": 0.02}, lambda k: 0.02),
        ({"convection": "{ coefficient = 0.05, temperature = 2.0 }"}, lambda k: 2 / (8 / k + 20)),
    ],
)
def test_flux_through_a_face(tmp_path, keys, expected):
    text = ONE + "[heat]\n" + face("x-", **keys) + face("x+", temperature=0.0)
    sim = run(tmp_path, text, 4000, cells=(8, 2, 1))
    T = sim.read("T")[0, 0]
    flux = expected(0.1)
    assert np.allclose(T, flux / 0.1 * (7.5 - np.arange(8)), rtol=1e-6)


def test_heat_alone_needs_no_flow_and_no_viscosity(tmp_path):
    slab = face("x-", temperature=0.0) + face("x+", temperature=1.0)
    start = '[[field]]\nname = "T"\nexpression = "x/8 + sin(pi*x/8)"\n'
    with_it = run(tmp_path, ONE + "[heat]\n" + slab + start, 50, cells=(8, 4, 3))
    text = BOX.format(cells=[8, 4, 3], precision="float64").replace("[flow]", "")
    text = text.replace("reference_velocity = 0.02", "")
    made = "liquid = { conductivity = 0.1, heat_capacity = 1.0 }\n[heat]\n"
    (tmp_path / "case.toml").write_text(text + made + slab + start)
    rest = simulate(Case.read(tmp_path / "case.toml"), 50)
    assert set(rest.names()) == {"T"}
    assert np.array_equal(rest.read("T"), with_it.read("T"))


@pytest.mark.parametrize(("precision", "told"), [("float32", "warn"), ("float64", "ok")])
def test_slow_conduction_that_rounding_stops_is_told(tmp_path, precision, told):
    text = BOX.format(cells=[1000, 4, 1], precision=precision).replace("10 }", "1000000 }")
    (tmp_path / "case.toml").write_text(text + ONE + "[heat]\n")
    found = [one for one in Case.read(tmp_path / "case.toml").limits() if "rounding" in one.name]
    assert [one.verdict for one in found] == [told]


def test_a_face_that_swings(tmp_path):
    """Behind a wall of temperature cos(w t) a heat wave exp(-x/d) cos(w t - x/d) comes to stand."""
    w = 2 * np.pi / 2000
    text = ONE + "[heat]\n" + face("x-", temperature='"cos(2*pi*t/2000)"')
    sim = run(tmp_path, text + face("x+", temperature=0.0), 6300, cells=(64, 2, 1))
    depth = (np.arange(64) + 0.5) * np.sqrt(w / 2 / 0.1)
    exact = np.exp(-depth) * np.cos(w * 6300 - depth)
    assert np.abs(sim.read("T")[0, 0] - exact).max() < 4e-3  # 8 cells to the wave


def test_a_face_radiates_at_its_own_temperature(tmp_path):
    """Half a cell of conductivity 0.1 lies between the face and the centre at 300 K."""
    text = ONE + "[heat]\n" + face("x-", radiation="{ emissivity = 0.01, temperature = 0.0 }")
    text += face("x+") + '[[field]]\nname = "T"\nexpression = "300"\n'
    sim = run(tmp_path, text, cells=(8, 3, 1))
    before = sim.read("T").sum()
    sim.step()
    skin = brentq(lambda T: 0.2 * (300 - T) - 0.01 * 5.670374419e-8 * T**4, 0, 300, xtol=1e-12)
    assert skin < 290
    assert before - sim.read("T").sum() == pytest.approx(3 * 0.2 * (300 - skin), rel=1e-9)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("name", ["heat", "solute"])
def test_a_carried_drop_keeps_its_heat_and_solute(tmp_path, name, precision):
    sim = run(tmp_path, DROP, cells=(30, 28, 1), precision=precision)
    before = content(sim, name)
    for _ in range(60):
        sim.step()
    limit = 1e-13 if precision == "float64" else 1e-6
    assert content(sim, name) == pytest.approx(before, rel=limit)


def test_a_warm_drop_starts_with_the_heat_of_a_sharp_one(tmp_path):
    sim = run(tmp_path, DROP, cells=(30, 28, 1))
    liquid = np.pi * 7**2
    assert content(sim, "heat") == pytest.approx(liquid, rel=5e-3)
    assert sim.read("T")[0, 14, 22] > 0.9  # at the edge: all but the gas's little share


def test_uniform_values_stay(tmp_path):
    """Uniform c stays but for the thinnest tail; uniform T - T_ref changes as p* does, no more."""
    text = DROP.replace("temperature = 1.0\nconcentration = 1.0\n", "")
    for field in "Tc":
        text += f'[[field]]\nname = "{field}"\nexpression = "1"\n'
    sim = run(tmp_path, text, cells=(30, 28, 1))
    worst, pressures = 0.0, []
    for _ in range(80):
        m = sim.fields["moments"].own
        pressures.append((m[4] + m[5] + m[6] + 3 * m[0]) / 6)
        sim.step()
    change = np.ptp(pressures, axis=0).max()
    worst = np.abs(sim.fields["T"].own - 1).max()
    assert 0 < worst < 2 * change and change < 0.02
    full = sim.read("phi") > 1e-3
    assert np.abs(sim.fields["c"].own[0] - 1)[full].max() < 1e-4


def test_values_stay_between_those_of_the_start(tmp_path):
    sim = run(tmp_path, DROP, 100, cells=(30, 28, 1))
    T = sim.read("T")
    assert T.min() > -1e-3 and T.max() < 1 + 5e-3


def test_the_surface_takes_what_is_radiated_on_it(tmp_path):
    """A flux out of the surface of a drop: phi = 1/2 at R - (pi W/4)^2/(6 R) around, times it."""
    text = DROP.replace("0.02", "0.0").replace("0.01", "0.0")
    text = text.replace("[heat]", "[heat]\nsurface_flux = 1e-4")
    text = text.replace("[solute]", "[solute]\nsurface_flux = 1e-4")
    sim = run(tmp_path, text.replace("density = 0.0", "density = 0.01"), cells=(30, 28, 1))
    before = content(sim, "heat"), content(sim, "solute")
    sim.step()
    for name, value in zip(("heat", "solute"), before, strict=True):
        lost = value - content(sim, name)
        assert lost == pytest.approx(2 * np.pi * 6.765 * 1e-4, rel=0.01), name


def test_a_laser_brings_its_power(tmp_path):
    text = DROP.replace(
        "[heat]",
        """[heat]
source = [{ kind = "laser", power = 0.01, radius = 3.0, centre = [15, 0, 0], \
absorptivity = 0.5 }]""",
    )
    sim = run(tmp_path, text, cells=(30, 28, 1))
    before = content(sim, "heat")
    sim.step()
    assert content(sim, "heat") - before == pytest.approx(0.005, rel=0.01)


def test_a_beam_has_the_same_bits_on_every_split(tmp_path):
    """Its axis is off the cells: counted from a block its place would be rounded otherwise."""
    beam = 'kind = "laser", power = 0.01, radius = 2.7, centre = [15.13, 0, 8.7]'
    more = f"[heat]\nsource = [{{ {beam}, direction = [0.1, -1, 0.2], velocity = [0.01, 0, 0] }}]"
    text = DROP.replace("centre = [15, 14, 0]", "centre = [15, 14, 8]")
    deep = {"cells": (30, 28, 16), "precision": "float32"}
    whole = run(tmp_path, text.replace("[heat]", more), 3, **deep)
    case = Case.read(tmp_path / "case.toml")

    def part(comm):
        sim = simulate(case, 3, comm, (2, 2, 1))
        return sim.block.gather(sim.fields["T"])

    gathered = on_ranks(4, part)[0]
    assert gathered.tobytes() == np.ascontiguousarray(whole.fields["T"].own).tobytes()


def test_volume_sources_and_induction_bring_their_power(tmp_path):
    text = DROP.replace(
        "[heat]",
        """[heat]
source = [{ expression = "1e-3*(t > 0.5)", phase = "gas" }, { kind = "induction", power = 0.02, \
skin_depth = 3.0, start = 0.5 }]""",
    )
    sim = run(tmp_path, text, cells=(30, 28, 1))
    before = content(sim, "heat")
    sim.step()
    assert content(sim, "heat") == pytest.approx(before, rel=1e-12)
    sim.step()
    gas = (1 - np.clip(sim.read("phi"), 0, 1)).sum()
    assert content(sim, "heat") - before == pytest.approx(1e-3 * gas + 0.02, rel=1e-3)


def test_steps_of_conduction_follow_the_bound():
    good = Medium(1e-3, 1.0, 1e-4, 0.1, 2.5e-4, {})
    assert good.stiffness(3) == pytest.approx(0.9, rel=0.01)
    assert substeps(good, 3) == 1
    assert substeps(Medium(1.0, 1.0, 1.0, 1.0, 0.25, {}), 2) == 5
    with_solid = Medium(1.0, 1.0, 1e-3, 1e-3, 0.25, {7: (1.0, 1.0)})
    assert with_solid.stiffness(2) == pytest.approx(4.0)


def test_a_run_goes_on_with_the_same_bits(tmp_path):
    sim = run(tmp_path, DROP, 6, cells=(17, 15, 16), precision="float32")
    half = run(tmp_path, DROP, 3, cells=(17, 15, 16), precision="float32")
    again = run(tmp_path, DROP, 0, cells=(17, 15, 16), precision="float32")
    again.restore(*half.state())
    for _ in range(3):
        again.step()
    assert bits(again) == bits(sim)
