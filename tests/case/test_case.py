"""Case files: what is read, resolved, written back; units, variants, settings, limits."""

import json
import re
import resource
import subprocess
import sys
import tomllib

import pytest

from levitas.solver import limits
from levitas.solver.case.case import Case, shipped
from levitas.solver.case.overrides import parse
from levitas.solver.case.values import value
from levitas.solver.cli.catalogue import init, listing
from levitas.solver.cli.check import check
from levitas.solver.errors import CaseError, UsageError
from levitas.solver.input.source import read_toml
from levitas.solver.physics.flow.section import FlowParams
from levitas.solver.physics.interface.section import InterfaceParams
from tests.support.case import write
from tests.support.case_texts import DROP, LATTICE, SINGLE


def read(tmp_path, text=DROP, **how) -> Case:
    return Case.read(write(tmp_path / "family" / "name", text), **how)


def test_whole_numbers_may_be_written_as_powers_of_ten(tmp_path):
    path = write(tmp_path, LATTICE.replace("steps = 100", "steps = 1e3"))
    assert Case.read(path).model.case.end.steps == 1000


def test_names_and_sections(tmp_path):
    case = read(tmp_path)
    assert (case.family, case.name, case.variant) == ("family", "name", None)
    assert case.variants == ["fine"] and case.has("interface") and not case.has("gravity")
    assert case.section(InterfaceParams).width == 4
    assert case.section(FlowParams).laplace_start is True
    assert Case.read(tmp_path / "family" / "name").digest == case.digest
    other = Case.read(write(tmp_path / "family", DROP, "my drop.toml"))
    assert (other.family, other.name) == ("family", "my_drop")


def test_si_becomes_lattice(tmp_path):
    case = read(tmp_path)
    lattice, scales = case.lattice, case.scales
    assert scales.dx == 6e-5 and scales.rho == 1000
    assert lattice.rho_l == 1 and lattice.rho_g == pytest.approx(1.5e-3)
    assert lattice.mu_l * scales.viscosity == pytest.approx(0.02)
    assert lattice.mu_g * scales.viscosity == pytest.approx(5e-4)
    assert lattice.sigma * scales.tension == pytest.approx(0.05)
    assert lattice.nu == lattice.mu_l
    assert case.origin == pytest.approx((-24 * 6e-5, -20 * 6e-5, -22 * 6e-5))
    assert case.faces["x-"] == "wall" and case.faces["z+"] == "periodic"


def test_largest_safe_time_step(tmp_path):
    case = read(tmp_path)
    assert case.scales.dt == min(case.bounds.values()) == case.bounds[case.binding_bound]
    assert case.bounds["surface tension"] == pytest.approx((0.02 * 1000 * 6e-5**3 / 0.05) ** 0.5)
    assert case.bounds["gas viscosity"] == pytest.approx(6e-5**2 / 6 / (5e-4 / 1.5))
    u = (0.05 / (1000 * 0.72e-3)) ** 0.5
    assert case.bounds["capillary wave velocity"] == pytest.approx(0.05 * 6e-5 / u)
    assert case.lattice.sigma <= limits.SIGMA_TARGET * 1.001
    given = read(tmp_path, DROP.replace("[flow]", '[flow]\nreference_velocity = "3 m/s"'))
    assert given.binding_bound == "flow.reference_velocity"
    assert given.lattice.u_ref == pytest.approx(limits.U_TARGET)
    fixed = read(tmp_path, DROP.replace("spacing =", 'time_step = "1 us"\nspacing ='))
    assert fixed.scales.dt == 1e-6 and fixed.binding_bound == "grid.time_step"


def test_lattice_units(tmp_path):
    case = read(tmp_path, LATTICE)
    assert (case.scales.dx, case.scales.dt, case.scales.rho) == (1, 1, 2)
    lattice = case.lattice
    assert lattice.rho_g == 0.005 and lattice.mu_l == 0.05 and lattice.sigma == 5e-4
    assert lattice.gravity == (0, -1e-6, 0) and lattice.mobility == 0.03
    assert case.origin == (-3, -4.5, 0) and case.is_2d
    assert case.wall_velocity == {"y+": (0.01, 0, 0)}
    assert case.model.case.precision == "float64"


def test_single_phase(tmp_path):
    case = read(tmp_path, SINGLE)
    assert not case.has("interface")
    assert case.lattice.nu == 0.01 and case.lattice.rho_l == 1 and case.lattice.sigma == 0
    assert case.lattice.u_ref == pytest.approx(0.02, rel=0.05)


@pytest.mark.parametrize(
    ("level", "size"),
    [
        ('"1g"', 9.80665),
        ('"lunar"', 0.1654 * 9.80665),
        ('"parabolic"', 0.0980665),
        ('"drop-tower"', 9.80665e-6),
        ('"0g"', 0),
        ('"1e-3 g0"', 9.80665e-3),
        ('"1e-3 g"', 9.80665e-3),
        ("1.62", 1.62),
        ('"1.62 m/s2"', 1.62),
    ],
)
def test_gravity_levels(tmp_path, level, size):
    case = read(tmp_path, DROP + f"[gravity]\nlevel = {level}\n")
    assert case.model.gravity.vector == pytest.approx([0, 0, -size])
    assert case.values["gravity.level"] == pytest.approx(size)
    assert case.lattice.gravity[2] * case.scales.acceleration == pytest.approx(-size)


def test_gravity_direction(tmp_path):
    case = read(tmp_path, DROP + '[gravity]\nlevel = "1g"\ndirection = [3, 0, 4]\n')
    assert case.model.gravity.vector == pytest.approx([0.6 * 9.80665, 0, 0.8 * 9.80665])
    flat = DROP.replace("[48, 40, 44]", "[48, 40, 1]").replace("[64, 64, 64]", "[64, 64, 1]")
    case = read(tmp_path, flat + '[gravity]\nlevel = "1g"\n')
    assert case.model.gravity.vector == pytest.approx([0, -9.80665, 0])


def _feature(case: Case) -> limits.Limit:
    return next(one for one in case.limits() if one.name.startswith("smallest feature"))


def test_the_spacing_that_a_limit_names_is_fine_enough(tmp_path):
    small = DROP.replace('"0.72 mm"', '"0.5 mm"')
    warned = _feature(read(tmp_path, small))
    spacing = re.search(r"grid.spacing to (\S+) m", warned.remedy)[1]
    assert warned.verdict == "warn" and float(spacing) == pytest.approx(4.1e-5)
    finer = small.replace('"60 um"', spacing).replace("[48, 40, 44]", "[72, 60, 66]")
    assert _feature(read(tmp_path, finer)).verdict == "ok"


def test_floor_and_cap_are_labelled(tmp_path):
    thin = DROP.replace('"20 mPa s"', "1e-5").replace("density = 1.5", "density = 0.2")
    with pytest.raises(CaseError, match="smallest proven stable"):
        read(tmp_path, thin)
    text = thin.replace("[interface]", "[interface]\ndensity_ratio_cap = 1000")
    case = read(tmp_path, text.replace("[flow]", "[flow]\nviscosity_floor = true"))
    assert case.viscosity_raised and case.gas_density_raised and len(case.labels) == 2
    assert case.labels[0].startswith("density ratio capped: 5000 lowered to 1000")
    assert case.labels[1].startswith("viscosity floor: liquid viscosity 1e-05 raised to")
    assert case.lattice.nu == pytest.approx(limits.NU_MIN_LIQUID)
    assert case.lattice.rho_g == pytest.approx(1e-3)
    assert case.values["gas.density"] == pytest.approx(1)
    assert case.values["liquid.viscosity"] == pytest.approx(case.lattice.nu * case.scales.viscosity)
    assert case.model.materials.liquid.viscosity == 1e-5
    again = Case.read(write(tmp_path, case.text))
    assert again.labels == case.labels and again.digest == case.digest
    plain = read(tmp_path, DROP.replace("[flow]", "[flow]\nviscosity_floor = true"))
    assert not plain.labels and not plain.viscosity_raised


def test_default_mobility(tmp_path):
    for u, mobility in ((0.001, 0.02), (0.03, 0.03), (0.09, 0.05)):
        text = LATTICE.replace("mobility = 0.03", "").replace("= 0.02\n", f"= {u}\n")
        assert read(tmp_path, text).lattice.mobility == pytest.approx(mobility)


@pytest.mark.parametrize("text", [DROP, LATTICE, SINGLE])
def test_resolved_case_gives_the_same_run(tmp_path, text):
    case = read(tmp_path, text)
    case.write(tmp_path / "again.toml")
    again = Case.read(tmp_path / "again.toml")
    assert again.digest == case.digest and again.lattice == case.lattice
    assert (
        again.scales == case.scales and again.text.split("\n", 1)[1] == case.text.split("\n", 1)[1]
    )
    data = tomllib.loads(case.text)
    assert data["grid"]["time_step"] == case.scales.dt and "variant" not in data
    assert data["flow"]["viscosity_floor"] is False and data["output"]["checkpoint"]["keep"] >= 2


def test_awkward_text_survives_writing(tmp_path):
    title = 'tab\\t quote \\" back \\\\ bell \\u0007 del \\u007f \u00e9 \\U0001F4A7'
    case = read(tmp_path, DROP.replace('"a drop"', f'"{title}"'))
    again = Case.read(write(tmp_path, case.text))
    assert again.model.case.title == case.model.case.title
    assert "\x07" in case.model.case.title and "\U0001f4a7" in case.model.case.title


def test_digest_is_of_what_decides_the_state(tmp_path):
    digest = read(tmp_path).digest
    same = [
        ("a drop", "another title"),
        ("4 ms", "5 ms"),
        ("0.1 ms", "0.2 ms"),
        ("relative = 0.01", "relative = 0.02"),
        ("60 um", "0.06 mm"),
        ("fine", "finer"),
    ]
    other = [
        ("60 um", "61 um"),
        ("0.05 }", "0.04 }"),
        ("[48, 40, 44]", "[48, 40, 48]"),
        ("20 mPa s", "21 mPa s"),
        ("[flow]", "[flow]\nlaplace_start = false"),
        ("[output]", '[[field]]\nname = "p"\nexpression = 1\n[output]'),
        ("[case]", '[case]\nprecision = "float64"'),
        ("[case]", "[case]\nseed = 3"),
        ("[flow]", '[gravity]\nlevel = "1g"\n[flow]'),
    ]
    for old, new in same:
        assert read(tmp_path, DROP.replace(old, new)).digest == digest, new
    for old, new in other:
        assert read(tmp_path, DROP.replace(old, new, 1)).digest != digest, new


def test_variants(tmp_path):
    case = read(tmp_path, variant="fine")
    assert case.variant == "fine" and case.model.grid.cells == [64, 64, 64]
    assert case.model.grid.spacing == 4.5e-5 and case.variants == ["fine"]
    assert "variant fine" in case.text.splitlines()[0]
    both = read(tmp_path, variant="fine", overrides={"grid.cells": [72, 72, 72]})
    assert both.model.grid.cells == [72, 72, 72] and both.model.grid.spacing == 4.5e-5


@pytest.mark.parametrize(
    "spelling",
    [
        'set = { "liquid.viscosity" = 0.03 }',
        "set = { liquid.viscosity = 0.03 }",
        'set = { "materials.liquid.viscosity" = 0.03 }',
        "set = { materials.liquid.viscosity = 0.03 }",
        "[variant.set]\nliquid.viscosity = 0.03",
        '[variant.set]\n"liquid.viscosity" = "30 mPa s"',
    ],
)
def test_spellings_of_a_variant(tmp_path, spelling):
    text = DROP + f'[[variant]]\nname = "thick"\n{spelling}\n'
    case = read(tmp_path, text, variant="thick")
    assert case.model.materials.liquid.viscosity == 0.03
    assert case.model.materials.liquid.density == 1000


def test_variant_may_replace_lists_and_tables(tmp_path):
    more = """
[[variant]]
name = "two"
[variant.set]
"case.end" = { steps = 5 }
"grid.cells" = [96, 40, 44]
"shape" = [
  { kind = "sphere", centre = ["-1 mm", 0, 0], radius = "0.72 mm" },
  { kind = "sphere", centre = ["1 mm", 0, 0], radius = "0.6 mm" },
]
"field" = [{ name = "p", expression = "1.6*liquid.surface_tension/shape.1.radius" }]
"""
    case = read(tmp_path, DROP + more, variant="two")
    assert [s.radius for s in case.model.shape] == [0.72e-3, 0.6e-3]
    assert case.model.case.end.steps == 5 and case.model.case.end.time is None


def test_variant_may_leave_lattice_units(tmp_path):
    more = """
[[variant]]
name = "real"
[variant.set]
"case.units" = "SI"
"grid.spacing" = "60 um"
"liquid" = "silicone-oil-10"
"gas" = { density = 1.2, viscosity = 2e-5 }
"interface.mobility" = 1e-5
"flow.reference_velocity" = "5 cm/s"
"gravity.vector" = [0, 0, 0]
"shape" = [{ kind = "sphere", centre = [0, 0, 0], radius = "0.72 mm" }]
"field" = []
"boundary" = []
"grid.origin" = "centre"
"output.snapshots" = { every = "1 ms" }
"flow.viscosity_floor" = true
"""
    text = (LATTICE + more).replace('when = "gravity.level > 0"', 'variant = "big"')
    case = read(tmp_path, text, variant="real")
    assert case.model.materials.liquid.density == 935 and case.scales.dx == 6e-5


def test_checks_of_a_variant(tmp_path):
    assert [c.metric for c in read(tmp_path, LATTICE).model.check] == ["max_speed"]
    case = read(tmp_path, LATTICE, variant="big")
    assert [c.metric for c in case.model.check] == ["mass_drift", "max_speed"]
    assert case.model.check[0].required and not case.model.check[1].required
    reference = value(case.model.check[1].reference, case.values)
    assert reference == pytest.approx(2e-3 / 7)


def test_settings_of_the_command_line(tmp_path):
    settings = parse(
        [
            "shape.radius=0.6 mm",
            "grid.cells=[50, 40, 44]",
            "case.seed = 7",
            "shape.0.mode.amplitude=0.1",
            "output.series.every='1 ms'",
        ]
    )
    case = read(tmp_path, overrides=settings)
    assert case.model.shape[0].radius == 6e-4 and case.model.grid.cells == [50, 40, 44]
    assert case.model.case.seed == 7 and case.model.shape[0].mode.amplitude == 0.1
    assert case.model.output.series.every == 1e-3
    for wrong in ("novalue", "=3"):
        with pytest.raises(UsageError):
            parse([wrong])


def test_case_values_for_expressions(tmp_path):
    values = read(tmp_path).values
    assert values["shape.radius"] == values["shape.0.radius"] == 0.72e-3
    assert values["grid.nx"] == 48 and values["grid.lz"] == pytest.approx(44 * 6e-5)
    assert values["liquid.surface_tension"] == 0.05 and values["interface.width"] == 4
    assert values["gravity.level"] == 0 and values["case.end.time"] == 4e-3
    assert value("2*liquid.surface_tension/shape.radius", values) == pytest.approx(138.889)


def test_faces_by_all_and_by_name(tmp_path):
    text = SINGLE + '[[boundary]]\nface = "all"\nkind = "wall"\n'
    moving = '[[boundary]]\nface = "y+"\nkind = "wall"\nvelocity = [0.05, 0, 0]\n'
    case = read(tmp_path, text + moving)
    assert case.faces["x-"] == "wall" and case.faces["z-"] == "periodic"
    assert case.wall_velocity == {"y+": (0.05, 0, 0)} and case.lattice.u_ref >= 0.05


def test_lines_of_keys(tmp_path):
    text = (
        "# c\n[case]\ntitle = 'a'\nend = { time = 1 }\n[[shape]]\nkind = 1\nmode = { n = 2 }\n"
        "a.b.c = [1,\n 2]\n[shape.wave]\nx = 1\n[[shape]]\ny = 2\n[materials.liquid]\n'q r' = 1\n"
    )
    lines = read_toml(write(tmp_path, text)).lines
    expected = {
        ("case", "title"): 3, ("case", "end", "time"): 4, ("shape",): 5, ("shape", 0): 5,
        ("shape", 0, "mode", "n"): 7, ("shape", 0, "a", "b", "c", 1): 9,
        ("shape", 0, "wave", "x"): 11, ("shape", 1): 12, ("shape", 1, "y"): 13,
        ("materials", "liquid"): 14, ("materials", "liquid", "q r"): 15,
    }  # fmt: skip
    assert {k: lines[k] for k in expected} == expected


def test_windows_line_ends_and_byte_order_mark(tmp_path):
    raw = b"\xef\xbb\xbf" + DROP.replace("\n", "\r\n").encode()
    assert read(tmp_path, raw).digest == read(tmp_path).digest


def test_check_report(tmp_path):
    path = write(tmp_path, DROP)
    text = check(path)
    for part in ("time step", "gas relaxation time tau", "Oh ", "Bo 0", "set by", "variants: fine"):
        assert part in text, part
    found = json.loads(check(path, as_json=True))
    assert found["valid"] and found["cells"] == 48 * 40 * 44
    assert found["numbers"]["Oh"] == pytest.approx(0.02 / (1000 * 0.05 * 0.72e-3) ** 0.5)
    assert found["numbers"]["La"] == pytest.approx(found["numbers"]["Oh"] ** -2)
    assert {g["verdict"] for g in found["limits"]} <= {"ok", "warn"}
    assert found["steps"] * found["time_step"] == pytest.approx(4e-3, rel=1e-2)
    both = json.loads(check(path, "all", as_json=True))
    assert both["variant"] == "fine" and both["table"][0]["value"] == 4.5e-5


def test_check_shows_what_it_refuses(tmp_path):
    path = write(tmp_path, DROP.replace('"20 mPa s"', "1e-6"))
    with pytest.raises(CaseError) as caught:
        check(path)
    assert "refuse" in str(caught.value) and "[materials] liquid.viscosity" in str(caught.value)
    with pytest.raises(CaseError) as caught:
        check(path, as_json=True)
    found = json.loads(str(caught.value))
    assert not found["valid"] and "[materials] liquid.viscosity" in found["faults"][0]
    with pytest.raises(CaseError) as caught:
        check(write(tmp_path, DROP.replace("cells =", "cels =")), as_json=True)
    assert "cels" in " ".join(json.loads(str(caught.value))["faults"])


def test_reading_is_quick(tmp_path):
    path = write(tmp_path, DROP)
    program = f"from levitas.solver.cli.check import check; check({str(path)!r})"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # processor time: the wall clock of a busy machine says nothing
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1.5
    heavy = "import sys; import levitas.solver.case.case; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", heavy], check=True, capture_output=True)
    assert not {"scipy", "netCDF4", "pyvista", "pint", "matplotlib"} & set(
        loaded.stdout.decode().split()
    )


def test_listings():
    keys = listing("keys")
    for part in ("[grid] spacing", "[[shape]] mode.n", "[flow] viscosity_floor", "m2/s"):
        assert part in keys
    assert "nickel" in listing("materials") and "mass_drift" in listing("metrics")
    rows = json.loads(listing("materials", as_json=True))
    assert {"name", "title", "at", "properties"} == set(rows[0])
    assert isinstance(listing("cases"), str)
    with pytest.raises(UsageError, match="did you mean metrics"):
        listing("metric")


def test_init_copies_a_case(tmp_path):
    write(tmp_path / "a", DROP)
    write(tmp_path / "a", "about", "README.md")
    assert "levitas run" in init(str(tmp_path / "a"), tmp_path / "b")
    assert Case.read(tmp_path / "b").digest == Case.read(tmp_path / "a").digest
    assert (tmp_path / "b" / "README.md").exists()
    with pytest.raises(UsageError, match="exists already"):
        init(str(tmp_path / "a"), tmp_path / "b")
    with pytest.raises(CaseError, match="no such case"):
        init("droplet/nothing", tmp_path / "c")


@pytest.mark.parametrize("name", shipped())
def test_shipped_cases_and_their_variants_are_valid(name):
    case = Case.read(name)
    assert f"{case.family}/{case.name}" == name
    assert case.model.case.title and case.model.case.text
