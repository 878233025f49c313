"""Faults of heat, solute, solids, gravity tables and faces: each told with its line and remedy."""

import time

import numpy as np
import pytest

from levitas.solver.case.case import Case
from levitas.solver.case.dimensionless import numbers
from levitas.solver.cli.check import as_text, report
from levitas.solver.errors import CaseError
from tests.case.test_bad_input import faults
from tests.support.case import hot_case, warm_case, write

SI = """\
[case]
end = { time = "10 ms" }
[grid]
cells = [40, 32, 32]
spacing = "0.1 mm"
origin = "corner"
[materials]
reference_temperature = 1728
solid = { density = 8000, conductivity = 20, heat_capacity = 500 }
wall = { density = 3000, conductivity = 2, heat_capacity = 900 }
[materials.liquid]
density = 7900
viscosity = 0.5
surface_tension = 1.7
surface_tension_slope = -4e-4
conductivity = 60
heat_capacity = 700
thermal_expansion = 1e-4
diffusivity = 1e-8
latent_heat = 3e5
[materials.gas]
density = 8
viscosity = 1e-2
conductivity = 0.1
heat_capacity = 520
[flow]
[interface]
[heat]
emissivity = 0.3
surroundings = 300
source = [{ kind = "laser", power = 10, radius = 1e-3, centre = [2e-3, 1.6e-3, 0] }]
[solute]
[gravity]
level = "1g"
[[shape]]
kind = "sphere"
centre = ["2 mm", "1.6 mm", "1.6 mm"]
radius = "1 mm"
temperature = 1750
[[shape]]
phase = "solid"
kind = "box"
centre = ["2 mm", 0, "1.6 mm"]
size = ["4 mm", "0.4 mm", "3.2 mm"]
velocity = [0.01, 0, 0]
contact_angle = 60
[[boundary]]
face = "y-"
kind = "wall"
temperature = "1700 + 10*t"
[[boundary]]
face = "y+"
kind = "wall"
radiation = { emissivity = 0.5, temperature = 300 }
[[boundary]]
face = "x-"
kind = "inflow"
velocity = [0.01, 0, 0]
phase = "gas"
temperature = 1728
concentration = 0
[[boundary]]
face = "x+"
kind = "outflow"
"""

TABLE = 'signal = { kind = "table", file = "g.csv", sign = "acceleration" }'
PLATE = '\n[[shape]]\nphase = "solid"\nkind = "box"\ncentre = ["2 mm", "0.2 mm", "1.6 mm"]\n'
PLATE += 'size = ["1 mm", "0.4 mm", "1 mm"]\ncontact_angle = 60\n'
MOVES = "velocity = [0.01, 0, 0]\n"

# (old, new, section and key, words of the message)
WRONG = [
    # solids
    ('["2 mm", 0, "1.6 mm"]\nsize', '["2 mm", "-1 mm", "1.6 mm"]\nsize', "[shape]", "no cell of"),
    ('["4 mm", "0.4 mm", "3.2 mm"]', '["4 mm", "8 mm", "9 mm"]', "[shape]", "fill the whole box"),
    ('["4 mm", "0.4 mm", "3.2 mm"]', '["4 mm", "6.2 mm", "9 mm"]', "[shape]", "inside solids"),
    ("[[boundary]]", PLATE + "[[boundary]]", "[shape]", "differs in velocity"),
    (
        "[[boundary]]",
        PLATE.replace("solid", "wall") + MOVES + "[[boundary]]",
        "[shape]",
        "differs in phase",
    ),
    (
        "[[boundary]]",
        PLATE.replace("60", "70") + MOVES + "temperature = 1\n[[boundary]]",
        "[shape]",
        "differs in temperature and contact_angle",
    ),
    ("contact_angle = 60", "isothermal = true", "[shape] temperature", "isothermal solid needs"),
    # gravity
    ('level = "1g"', TABLE, "[gravity] signal.file", "there is no file 'g.csv'; put it"),
    (
        'level = "1g"',
        TABLE.replace("g.csv", "../g.csv"),
        "[gravity] signal.file",
        "leaves the folder",
    ),
    (
        'level = "1g"',
        TABLE.replace("g.csv", "series.nc"),
        "[gravity] signal.file",
        "name that runs use",
    ),
    ('level = "1g"', TABLE.replace("g.csv", ""), "[gravity] signal.file", "no file of the case"),
    (
        'level = "1g"',
        'signal = { kind = "sine", amplitude = 1, frequency = 1e7 }',
        "[gravity] signal",
        "steps cannot follow it; lower grid.time_step",
    ),
    # materials
    ("solid = {", "# solid = {", "[shape] phase", "needs its material with [heat]"),
    ("conductivity = 20,", "", "[materials] solid.conductivity", "is missing"),
    ("conductivity = 60", "", "[materials] liquid.conductivity", "is missing"),
    ("heat_capacity = 520", "", "[materials] gas.heat_capacity", "is missing"),
    ("diffusivity = 1e-8", "", "[materials] liquid.diffusivity", "is missing"),
    # tension and viscosity over the temperatures
    (
        "surface_tension_slope = -4e-4",
        "surface_tension_slope = -0.1",
        "[materials] liquid.surface_tension_slope",
        "it reaches 0 at 1745 K",
    ),
    (
        "surface_tension_slope = -4e-4",
        "surface_tension_table = [[1700, 1.7], [1740, -1]]",
        "[materials] liquid.surface_tension_table",
        "it reaches 0 at 1725 K",
    ),
    (
        "surface_tension_slope = -4e-4",
        "surface_tension_curvature = -0.01",
        "[materials] liquid.surface_tension_curvature",
        "it reaches 0 at 17",
    ),
    (
        "surface_tension_slope = -4e-4",
        "surface_tension_solute_slope = -1\n[[field]]\nname = 'c'\nexpression = '2 + x'\n"
        "[materials.other]",
        "[materials] other",
        "unknown key",
    ),
    (
        "viscosity = 0.5",
        'viscosity = 0.5\nviscosity_law = { kind = "vft", b = 9000, t0 = 1690 }',
        "[materials] liquid.viscosity_law",
        "above 0.5, where walls slip",
    ),
    # what the surface takes
    ("surroundings = 300", "", "[heat] surroundings", "is missing; a radiating surface"),
    ("surroundings = 300", "surroundings = 1e9", "[heat] emissivity", "it is unstable"),
    ("emissivity = 0.3\n", "", "[heat] emissivity", "the surface radiates nothing"),
    ("power = 10", "power = 1e9", "[heat] source.0", "K a step); lower grid.time_step"),
    ("power = 10, ", "", "[heat] source.0.power", "a laser source needs its power"),
    ("radius = 1e-3, ", "", "[heat] source.0.radius", "is missing"),
    ("power = 10", "power = 10, skin_depth = 1", "[heat] source.0.skin_depth", "not belong to"),
    ("power = 10", "power = 10, stop = -1", "[heat] source.0.stop", "comes before the start"),
    ("power = 10", "power = 10, direction = [0, 0, 0]", "[heat] source.0.direction", "not be zero"),
    (
        '{ kind = "laser", power = 10, radius = 1e-3, centre = [2e-3, 1.6e-3, 0] }',
        '{ expression = "x*q" }',
        "[heat] source.0.expression",
        "unknown name 'q'",
    ),
    ("emissivity = 0.3", "emissivity = 0.3\nprescribed = 3", "[heat] emissivity", "has no effect"),
    ("surroundings = 300", "prescribed = 'sin(300'", "[heat] prescribed", "not an expression"),
    ("temperature = 1750", "temperature = 1e7", "[heat] emissivity", "it is unstable"),
    (
        "[solute]",
        "[solute]\nsurface_exchange = { coefficient = 1e3, concentration = 1 }",
        "[solute] surface_exchange",
        "it is unstable",
    ),
    ("conductivity = 0.1", "conductivity = 1e5", "[grid] time_step", "steps of conduction"),
    # faces
    ("1700 + 10*t", "1700 + 10*T", "[boundary] temperature", "unknown name 'T'"),
    ("1700 + 10*t", "1700 - 1e6*t", "[boundary] temperature", "falls to -8300 K; temperatures"),
    ("1700 + 10*t", "1/(t - 0.01)", "[boundary] temperature", "not finite"),
    ("temperature = 1728\nc", "c", "[boundary] temperature", "of what flows in (K)"),
    ("concentration = 0\n", "", "[boundary] concentration", "of what flows in"),
    ('kind = "outflow"', 'kind = "wall"', "[boundary] kind", "an inflow needs an outflow"),
    ('kind = "wall"\nr', 'kind = "symmetry"\nr', "[boundary] radiation", "belongs to a wall"),
]


@pytest.mark.parametrize(("old", "new", "where", "words"), WRONG, ids=[r[3] for r in WRONG])
def test_one_fault_is_told_with_its_line(tmp_path, old, new, where, words):
    assert old in SI
    told = faults(write(tmp_path, SI.replace(old, new, 1)))
    found = [line for line in told if f": {where}" in line and words in line]
    assert found, told
    assert all(line.startswith(f"{tmp_path}/case.toml:") and ";" in line for line in told), told


def test_the_case_itself_is_good_and_told_in_full(tmp_path):
    case = Case.read(write(tmp_path, SI))
    found = numbers(case)
    assert found["Pr"] == pytest.approx(0.5 / 7900 / (60 / 7900 / 700))
    assert found["Ma"] == pytest.approx(4e-4 * 1450 * 1e-3 / (0.5 * 60 / 7900 / 700))
    assert found["Sc"] == pytest.approx(0.5 / 7900 / 1e-8)
    assert found["Le"] == pytest.approx(60 / 7900 / 700 / 1e-8)
    assert found["Ste"] == pytest.approx(700 * 1450 / 3e5)
    assert found["Ra"] == pytest.approx(
        9.80665 * 1e-4 * 1450 * 1e-9 / (0.5 / 7900 * 60 / 7900 / 700)
    )
    text = as_text(report(case))
    for words in ("liquid diffusivity of heat", "steps of conduction in a time step", "Pe_c"):
        assert words in text


def test_all_faults_of_a_case_at_once(tmp_path):
    text = SI.replace("power = 10, ", "").replace("conductivity = 20,", "")
    text = text.replace("surroundings = 300", "").replace("concentration = 0\n", "")
    assert len(faults(write(tmp_path, text))) == 4


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"t,ax,ay,az\n0,0,0,1\n1,0,0,1\n", None),
        (b"", "is empty; give a smaller file with data"),
        (b"t,ax,ay,az\n0,0,0,1\n0.001,0,0,1\n", "it covers 0 to 0.001 s, the run needs 0 to"),
        (b"t,ax,ay,az\n0,0,0,1\n1,0,nan,1\n", "row 2 has a value that is not finite; fix"),
        (b"t,ax,ay,az\n0,0,0,1\n1,0,inf,1\n", "row 2 has a value that is not finite; fix"),
        (b"t,ax,ay,az\n1,0,0,1\n0,0,0,1\n", "sort the rows"),
        (b"t,ax,ay,az\n1,0,0,1\n", "needs two rows"),
        (b"t,ax,ay\n0,0,0\n1,0,0\n", "name them with columns"),
        (bytes(range(256)) * 20, "is not CSV text"),
        (b"\0" * 300, "; "),
    ],
)
@pytest.mark.parametrize("suffix", ["csv", "nc"])
def test_gravity_tables(tmp_path, content, words, suffix):
    (tmp_path / f"g.{suffix}").write_bytes(content)
    path = write(tmp_path, SI.replace('level = "1g"', TABLE.replace("csv", suffix)))
    if suffix == "csv" and words is None:
        assert Case.read(path).files == ["g.csv"]
        return
    told = faults(path)
    wanted = words if suffix == "csv" or not content else "is not a netCDF file"
    assert len(told) == 1 and "[gravity] signal.file: " in told[0], told
    assert wanted in told[0] and ";" in told[0]


def test_a_steady_end_asks_nothing_of_a_table(tmp_path):
    (tmp_path / "g.csv").write_text("0,0,0,1\n1e-9,0,0,1\n")
    text = SI.replace('level = "1g"', TABLE)
    assert "it covers" in faults(write(tmp_path, text))[0]
    Case.read(write(tmp_path, text.replace('{ time = "10 ms" }', "{ steady = {} }")))


def test_a_run_of_a_changed_table_is_another_run(tmp_path):
    (tmp_path / "g.csv").write_text("0,0,0,1\n1,0,0,1\n")
    path = write(tmp_path, SI.replace('level = "1g"', TABLE))
    before = Case.read(path).digest
    (tmp_path / "g.csv").write_text("0,0,0,1\n1,0,0,2.5\n")
    assert Case.read(path).digest != before


def test_solids_that_agree_may_share_cells(tmp_path):
    shape = '[[shape]]\nphase = "solid"\nkind = "film"\nsize = "0.3 mm"\naxis = [0, 1, 0]\n'
    shape += MOVES + "contact_angle = 60\n"
    Case.read(write(tmp_path, SI.replace("[[boundary]]", shape + "[[boundary]]", 1)))


def test_concentration_decides_the_tension_too(tmp_path):
    text = SI.replace("surface_tension_slope = -4e-4", "surface_tension_solute_slope = -1")
    text += '[[field]]\nname = "c"\nexpression = "2 + 0*x"\n'
    told = faults(write(tmp_path, text))
    assert "at concentration 2" in told[0], told


def test_huge_grids_with_solids_are_told_of_soon(tmp_path):
    begin = time.monotonic()
    for cells in ("[99999999999, 2, 9]", "[4096, 4096, 4096]"):
        told = faults(write(tmp_path, SI.replace("[40, 32, 32]", cells)))
        assert told
    assert time.monotonic() - begin < 20


def test_memory_counts_temperature_and_solute(tmp_path):
    whole = report(warm_case(tmp_path, cells=(64, 64, 64)))["memory_bytes"] / 64**3
    bare = report(hot_case(tmp_path, cells=(64, 64, 64)))["memory_bytes"] / 64**3
    assert 150 < whole < 185 and 125 < bare < 137  # 179 and 136 allocated


def test_a_whole_case_reads_again_as_the_same(tmp_path):
    case = Case.read(write(tmp_path, SI))
    case.write(tmp_path / "again.toml")
    assert Case.read(tmp_path / "again.toml").digest == case.digest
    assert np.isfinite(list(numbers(case).values())).all()


def test_no_traceback_without_a_phase(tmp_path):
    """One phase takes no surface keys."""
    text = SI.replace("[interface]\n", "").split("[[shape]]")[0]
    with pytest.raises(CaseError) as caught:
        Case.read(write(tmp_path, text))
    for words in ("[heat] emissivity: needs a surface", "[heat] source.0: needs a surface"):
        assert words in str(caught.value)


@pytest.mark.parametrize(("kind", "warned"), [("sphere", True), ("cylinder", False)])
def test_a_solid_that_moves_into_the_fluid_is_warned_of(tmp_path, kind, warned):
    """A solid keeps its place: a drawn thread is one thing, a ball that pushes another."""
    shape = f'[[shape]]\nphase = "solid"\nkind = "{kind}"\ncentre = ["2 mm", "2.6 mm", "1.6 mm"]\n'
    shape += 'radius = "0.4 mm"\nvelocity = [0.01, 0, 0]\n'
    shape += "axis = [1, 0, 0]\n" if kind == "cylinder" else ""
    text = SI.replace("[[boundary]]", shape + "[[boundary]]", 1).replace('"1 mm"', '"0.6 mm"')
    limits = Case.read(write(tmp_path, text)).limits()
    found = [one for one in limits if one.name.startswith("share of the surface of shape 2")]
    assert bool(found and found[0].verdict == "warn") is warned
