"""Every fault of a case is told with its place and a remedy, and nothing else ever comes out."""

import os
import random

import numpy as np
import pytest

from levitas.solver.case import initial as shapes
from levitas.solver.case.case import Case
from levitas.solver.cli.check import as_text, report
from levitas.solver.errors import CaseError
from tests.support.case import write
from tests.support.case_texts import DROP, LATTICE, SINGLE


def faults(path, **how) -> list[str]:
    """The lines of the error that reading the case raises."""
    with pytest.raises(CaseError) as caught:
        Case.read(path, **how)
    assert caught.value.exit_code == 3
    return str(caught.value).splitlines()


GAS = "gas = { density = 1.5, viscosity = 5e-4 }"

# (text, old, new, section and key, words of the message)
WRONG = [
    (DROP, "spacing =", "spacng =", "[grid] spacng", "did you mean 'spacing' (m)?"),
    (DROP, "title =", "titel =", "[case] titel", "did you mean 'title'?"),
    (DROP, "[flow]", "[flwo]", "[flwo]", "did you mean 'flow'?"),
    (DROP, "[flow]", "[flow]\nxyzzy = 1", "[flow] xyzzy", "unknown key; known: reference_velocity"),
    (DROP, '"60 um"', '"2 us"', "[grid] spacing", "not a unit of a length; give m"),
    (DROP, '"60 um"', '"60"', "[grid] spacing", "not a unit of a length"),
    (DROP, '"60 um"', '"0,06 mm"', "[grid] spacing", "a decimal comma; write a point (give m"),
    (DROP, '"60 um"', '"60 *x"', "[grid] spacing", "'*x' is not a unit; give m, such as"),
    (DROP, "[48, 40, 44]", '"48x40x44"', "[grid] cells", "list in brackets, got the text"),
    (DROP, "[48, 40, 44]", "[48, 40.5, 44]", "[grid] cells.1", "whole number, got the number 40.5"),
    (DROP, "[output]", "[grid]\n[output]", "", "[grid] is given twice; put its keys under one"),
    (LATTICE, "vector = [0, -1e-6, 0]", 'vector = "1g"', "[gravity] vector", "list in brackets"),
    (DROP, '"60 um"', '"60 furlong"', "[grid] spacing", "unknown unit 'furlong'"),
    (DROP, '"60 um"', '"many um"', "[grid] spacing", "not a number with a unit"),
    (DROP, '"60 um"', "-6e-5", "[grid] spacing", "larger than 0 m, got -6e-05"),
    (DROP, '"60 um"', "0", "[grid] spacing", "larger than 0"),
    (DROP, '"60 um"', "nan", "[grid] spacing", "finite"),
    (DROP, '"60 um"', "inf", "[grid] spacing", "finite"),
    (DROP, '"60 um"', "1e999", "[grid] spacing", "finite"),
    (DROP, '"60 um"', "true", "[grid] spacing", "got true"),
    (DROP, '"60 um"', "[1, 2]", "[grid] spacing", "must be a number"),
    (DROP, '"60 um"', "1979-05-27", "[grid] spacing", "must be a number"),
    (DROP, 'spacing = "60 um"', "", "[grid] spacing", "is missing"),
    (DROP, "[48, 40, 44]", "[48, 40]", "[grid] cells", "needs 3 values, got 2"),
    (DROP, "[48, 40, 44]", "[48, -40, 44]", "[grid] cells.1", "positive"),
    (DROP, "[48, 40, 44]", "[48, 0, 44]", "[grid] cells.1", "positive"),
    (DROP, "[48, 40, 44]", "[48, 40.5, 44]", "[grid] cells", "whole number"),
    (DROP, "[48, 40, 44]", "[48, true, 44]", "[grid] cells", "whole number"),
    (DROP, "[48, 40, 44]", '"many"', "[grid] cells", "list"),
    (DROP, "[48, 40, 44]", "[480000, 40, 44000]", "[grid] cells", "memory in GiB"),
    (DROP, "[48, 40, 44]", "[9999999999999999999, 40, 44]", "[grid] cells", "memory"),
    (DROP, "cells =", "origin = [1, 2]\ncells =", "[grid] origin", "needs 3 values"),
    (DROP, "cells =", 'origin = "center"\ncells =', "[grid] origin", "did you mean 'centre'?"),
    (DROP, '{ time = "4 ms" }', '{ time = "4 ms", steps = 3 }', "[case] end", "exactly one of"),
    (DROP, '{ time = "4 ms" }', "{ time = -1 }", "[case] end.time", "larger than 0 s"),
    (DROP, '{ time = "4 ms" }', "12", "[case] end", "must be a table"),
    (
        DROP,
        "{ density = 1000,",
        "{ density = -1000,",
        "[materials] liquid.density",
        "larger than 0",
    ),
    (DROP, "{ density = 1.5,", "{", "[materials] gas.density", "is missing"),
    (DROP, ', surface_tension = "50 mN/m"', "", "[materials] liquid.surface_tension", "is missing"),
    (DROP, '"20 mPa s"', '"20 m2/s"', "[materials] liquid.viscosity", "dynamic viscosity"),
    (DROP, '"20 mPa s"', "1e-6", "[materials] liquid.viscosity", "smallest proven stable"),
    (DROP, "{ density = 1.5,", "{ density = 0.5,", "[materials] gas.density", "density_ratio_cap"),
    (
        DROP,
        'liquid = { density = 1000, viscosity = "20 mPa s", surface_tension = "50 mN/m" }',
        'liquid = "silicone-oil-10"\nreference_temperature = 1728',
        "[materials] liquid.surface_tension",
        "by the law of silicone-oil-10; give reference_temperature where it holds",
    ),
    (
        DROP,
        GAS,
        'gas = "argon"\nsolid = "nickel"\nreference_temperature = 0.5',
        "[materials] solid",
        "nickel.toml:10: viscosity at 0.5 K: ",
    ),
    (DROP, GAS, 'gas = "argn"', "[materials] gas", "did you mean 'argon'?"),
    (DROP, GAS, 'gas = "../x.toml"', "[materials] gas", "leaves the folder"),
    (DROP, GAS, 'gas = "x.toml"', "[materials] gas", "unknown material"),
    (DROP, "gas = {", "solid = {", "[materials] gas", "is missing"),
    (DROP, GAS, "", "[materials] gas", "is missing"),
    (DROP, "[interface]", "[interface]\nwidth = 2", "[interface] width", "at least 3 cells, got 2"),
    (DROP, "[interface]", "[interface]\nwidth = true", "[interface] width", "number"),
    (DROP, "[interface]", "[interface]\nmobility = 1", "[interface] mobility", "unstable"),
    (DROP, "[flow]", "[flow]\nviscosity_floor = 1", "[flow] viscosity_floor", "true or false"),
    (DROP, "[flow]", "", "[interface]", "add a [flow] section"),
    (DROP, "[interface]", "", "[shape]", "add an [interface] section"),
    (DROP, "[interface]", "[interface]\n[nucleation]", "[nucleation]", "not available in this"),
    (DROP, "[interface]", "[interface]\n[heat]", "[materials] gas.conductivity", "is missing"),
    (DROP, "[interface]", "[interface]\n[solute]", "[materials] liquid.diffusivity", "missing"),
    (DROP, "[interface]", "[interface]\n[sweep]", "[sweep]", "not available in this version"),
    (DROP, "[interface]", '[interface]\n[gravity]\nlevel = "1gg"', "[gravity] level", "'1g'"),
    (DROP, "[interface]", '[interface]\n[gravity]\nlevel = "1 m"', "[gravity] level", "acceler"),
    (DROP, "[interface]", "[interface]\n[gravity]\n", "[gravity]", "exactly one of level, vector"),
    (
        DROP,
        "[interface]",
        "[interface]\n[gravity]\nvector = [0, 1]",
        "[gravity] vector",
        "3 values",
    ),
    (
        DROP,
        "[interface]",
        '[interface]\n[gravity]\nsignal = { kind = "is" }',
        "[gravity] signal.kind",
        "did you mean 'iss'?",
    ),
    (DROP, '"sphere"', '"spere"', "[shape] kind", "did you mean 'sphere'?"),
    (DROP, '"sphere"', '"stl"', "[shape] file", "is missing; a stl needs its file"),
    (DROP, '"sphere"', '"sphere"\nphase = "solid"', "", "nothing says where the liquid is"),
    (DROP, '"sphere"', '"sphere"\ntemperature = 3', "[shape] temperature", "needs a [heat]"),
    (DROP, '"sphere"', '"sphere"\ncontact_angle = 60', "[shape] contact_angle", "to a solid"),
    (DROP, '"sphere"', '"box"', "[shape] size", "is missing; a box needs its size"),
    (DROP, '"sphere"', '"sphere"\nsize = 1e-3', "[shape] size", "does not belong to a sphere"),
    (DROP, '"0.72 mm"', "-1", "[shape] radius", "larger than 0"),
    (DROP, '"0.72 mm"', "[1e-3, 1e-3, 1e-3]", "[shape] radius", "one length"),
    (DROP, '"0.72 mm"', '"7 mm"', "[shape]", "wide along"),
    (DROP, '"0.72 mm"', '"0.1 mm"', "[shape] radius", "smaller than the interface"),
    (DROP, "[0, 0, 0]", "[0, 0, 1]", "[shape] centre", "outside the box"),
    (DROP, "[0, 0, 0]", '["0.8 mm", 0, 0]', "[shape] centre", "sticks out of the box"),
    (DROP, "[0, 0, 0]", "[0, 0]", "[shape] centre", "needs 3 values"),
    (DROP, "[0, 0, 0]", '[0, "1 us", 0]', "[shape] centre.1", "not a unit of a length"),
    (DROP, "n = 2,", "n = 1,", "[shape] mode.n", "at least 2"),
    (DROP, "n = 2,", "", "[shape] mode.n", "is missing"),
    (DROP, "{ n = 2, amplitude = 0.05 }", "3", "[shape] mode", "must be a table such as"),
    (
        DROP,
        "cells =",
        "time_step = 2e-5\ncells =",
        "[materials] liquid.surface_tension",
        "lower grid.time_step",
    ),
    (DROP, 'face = "x-"', 'face = "left"', "[boundary] face", "must be one of 'x-'"),
    (DROP, 'face = "x+"', 'face = "x-"', "[boundary] face", "given twice"),
    (DROP, 'face = "x+"', 'face = "y+"', "[boundary]", "periodic faces come in pairs"),
    (
        DROP,
        'face = "x+"\nkind = "wall"',
        'face = "x+"\nkind = "inflow"',
        "[boundary] velocity",
        "is missing; an inflow needs its velocity",
    ),
    (
        SINGLE,
        "[flow]",
        "[flow]\n[[boundary]]\nface = 'all'\nkind = 'inflow'\nvelocity = [0.01, 0, 0]",
        "[boundary] velocity",
        "give each inflow its own",
    ),
    (DROP, 'face = "x+"', 'face = "x+"\nvelocity = [1, 0, 0]', "[boundary] velocity", "must be 0"),
    (DROP, 'face = "x+"', 'face = "x+"\ncontact_angle = 6', "[boundary] contact_angle", "170"),
    (DROP, 'face = "x+"', 'face = "x+"\nheat_flux = 60', "[boundary] heat_flux", "a [heat]"),
    (DROP, '"0.1 ms"', '"0.1 mm"', "[output] series.every", "not a unit of a time"),
    (
        DROP,
        "[output]",
        '[output]\nsnapshots = { fields = ["T"] }',
        "[output] snapshots.fields.0",
        "known: u, v, w, p, phi",
    ),
    (DROP, 'name = "fine"', 'name = "a b"', "[variant] name", "does not fit"),
    (DROP, 'name = "fine"', 'name = "../fine"', "[variant] name", "does not fit"),
    (DROP, 'name = "fine"', 'name = "all"', "[variant] name", "take another name"),
    (DROP, '"grid.cells" =', '"grid.cels" =', "[grid] cels", "did you mean 'cells'? (variant"),
    (DROP, '"grid.cells" =', '"girdle.cells" =', "[variant] set.girdle.cells", "unknown section"),
    (DROP, '"grid.cells" =', '"shape.3.radius" =', "[variant] set.shape.3.radius", "no item 3"),
    (DROP, '"grid.spacing" = "45 um"', '"grid.spacing" = "10 um"', "[shape]", "(variant 'fine')"),
    (DROP, '"pressure_jump"', '"presure_jump"', "[check] metric", "did you mean 'pressure_jump'?"),
    (
        DROP,
        "surface_tension/",
        "surface_tensoin/",
        "[check] reference",
        "did you mean 'liquid.surface_tension'?",
    ),
    (DROP, '"2*liquid', '"2*)liquid', "[check] reference", "not an expression"),
    (DROP, '"2*liquid', '"1/0*liquid', "[check] reference", "not finite"),
    (DROP, "relative = 0.01", "relatve = 0.01", "[check] tolerance.relatve", "'relative'"),
    (DROP, "relative = 0.01", "max = 1, relative = 1", "[check] tolerance", "give relative"),
    (DROP, "[[check]]", '[[check]]\nvariant = "fein"', "[check] variant", "did you mean 'fine'?"),
    (
        DROP,
        'reference = "2*liquid.surface_tension/shape.radius"',
        "",
        "[check] reference",
        "is missing",
    ),
    (LATTICE, "radius = 6", 'radius = "6 um"', "[shape] radius", "takes no unit strings"),
    (
        LATTICE,
        "liquid = { density = 2,",
        'liquid = { name = "water",',
        "[materials] liquid.name",
        "no material",
    ),
    (LATTICE, "cells =", "spacing = 2\ncells =", "[grid] spacing", "is 1 with"),
    (LATTICE, "cells =", "time_step = 0.1\ncells =", "[grid] time_step", "is 1 with"),
    (
        LATTICE,
        "velocity = [0.01, 0, 0]",
        "velocity = [0.3, 0, 0]",
        "[shape] velocity",
        "Mach number",
    ),
    (LATTICE, "1e-3 }\ngas", "0.3 }\ngas", "[materials] liquid.surface_tension", "above 0.1"),
    (LATTICE, "viscosity = 0.1,", "viscosity = 1e-4,", "[materials] liquid.viscosity", "below"),
    (LATTICE, "size = 12", "size = 60", "[shape] size", "does not end inside the box"),
    (LATTICE, "amplitude = 1 }", "amplitude = 20 }", "[shape] wave.amplitude", "smaller than"),
    (LATTICE, 'name = "p"', 'name = "T"', "[field] name", "needs a [heat] section"),
    (LATTICE, 'name = "p"', 'name = "u"', "[field] name", "already"),
    (LATTICE, "x/grid.lx)", "x/grid.lxx)", "[field] expression", "unknown name 'grid.lxx'"),
    (LATTICE, "x/grid.lx)", "x/grid.lx)**-9999", "[field] expression", "exponent"),
    (LATTICE, "0.001*sin", "__import__", "[field] expression", "unknown function"),
    (LATTICE, "hypot(x - 30, y - 30)", "hypot(x - 30)", "[shape] expression", "takes 2"),
    (LATTICE, "3 - hypot(x", "-3 - hypot(x", "[shape]", "fills no cell of the box (-3 to 37,"),
    (LATTICE, "[20, 20, 1]]", "[20, 20, -0.9]]", "[output] snapshots.region", "no cell along z"),
    (LATTICE, "gravity.level > 0", "gravity.levle > 0", "[check] when", "gravity.level"),
    (SINGLE, "viscosity = 0.01", "viscosity = 1e-5", "[materials] liquid.viscosity", "below"),
    (SINGLE, "0.02*cos", "0.9*cos", "[field] expression", "Mach number"),
    (SINGLE, "[flow]", "", "", "no physics is switched on"),
]


@pytest.mark.parametrize(
    ("text", "old", "new", "where", "words"),
    WRONG,
    ids=[f"{row[3]} {row[4]}" for row in WRONG],
)
def test_one_fault_is_told_with_its_line(tmp_path, text, old, new, where, words):
    assert old in text
    changed = text.replace(old, new, 1)
    told = faults(write(tmp_path, changed))
    found = [line for line in told if f": {where}" in line and words in line]
    assert found, told
    file, line, _ = found[0].split(":", 2)
    assert file.endswith("case.toml")
    key = where.split("] ")[-1].split(".")[0] if "] " in where else where
    at = changed.splitlines()[int(line) - 1]
    missing = "is missing" in found[0] or "exactly one" in found[0]
    assert missing or not key or key.strip("[]") in at or "variant" in found[0], (found[0], at)


def test_all_faults_in_one_message(tmp_path):
    text = DROP.replace("spacing =", "spacng =").replace('"sphere"', '"spere"')
    text = text.replace("viscosity = 5e-4", "viscosity = -5e-4").replace("n = 2,", "n = 1.5,")
    told = faults(write(tmp_path, text))
    assert len(told) >= 4
    lines = [int(line.split(":")[1]) for line in told]
    assert lines == sorted(lines)
    for part in ("spacng", "spere", "gas.viscosity", "mode.n"):
        assert any(part in line for line in told), part


RAW = {
    "nothing": b"",
    "syntax": b"[case]\ntitle = \n",
    "unclosed": b'[case]\ntitle = "a',
    "twice": b"[case]\n[case]\n",
    "key twice": b"[grid]\ncells = 1\ncells = 2\n",
    "nul": b"[case]\ntitle = 'a\0b'\n",
    "utf16": "[case]".encode("utf-16"),
    "latin": b"[case]\ntitle = 'caf\xe9'\n",
    "junk": bytes(range(256)) * 8,
    "huge": b"# " + b"x" * 2_000_000,
    "deep list": b"a = " + b"[" * 5000 + b"]" * 5000,
    "deep table": b"a = " + b"{a = " * 50 + b"1" + b"}" * 50,
    "deep key": b"a." * 3000 + b"a = 1",
    "long number": b"a = " + b"9" * 5000,
    "section is a number": b"case = 3\ngrid = 4\nshape = 5\n",
    "section is a list": b"case = []\ngrid = [1]\nmaterials = [[]]\n",
    "table for array": b"[shape]\nkind = 'sphere'\n[variant]\nname = 'x'\n[check]\n",
    "list of numbers": b"shape = [1, 2]\nvariant = ['a']\nfield = [[]]\n",
    "many tables": b"[[shape]]\n" * 3000,
    "escape": b'"\\u001b[31mred" = 1\n',
}


@pytest.mark.parametrize("name", RAW)
def test_files_that_are_no_cases(tmp_path, name):
    told = faults(write(tmp_path, RAW[name]))
    assert told[0].startswith(f"{tmp_path}/case.toml")
    assert all(line.isprintable() for line in told)


def test_syntax_error_has_its_line(tmp_path):
    assert "case.toml:2: not valid TOML" in faults(write(tmp_path, b"[case]\ntitle = \n"))[0]
    assert "case.toml:2: holds NUL" in faults(write(tmp_path, RAW["nul"]))[0]
    assert "case.toml:2: is not UTF-8" in faults(write(tmp_path, RAW["latin"]))[0]


def test_paths_that_are_no_cases(tmp_path):
    assert "no such case" in faults(tmp_path / "none")[0]
    assert "no case.toml" in faults(tmp_path)[0]
    assert "did you mean" not in faults("")[0]
    (tmp_path / "case.toml").mkdir()
    assert "no case.toml" in faults(tmp_path / "case.toml")[0]
    assert "is a directory" in faults(tmp_path)[0]
    os.mkfifo(tmp_path / "pipe")
    assert "not a regular file" in faults(tmp_path / "pipe")[0]
    assert "not a regular file" in faults("/dev/zero")[0]
    assert faults("a\0b") and faults("x" * 5000)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_file_without_permission(tmp_path):
    path = write(tmp_path, DROP)
    path.chmod(0)
    assert "cannot be read" in faults(path)[0]


def test_unknown_variant_and_settings(tmp_path):
    path = write(tmp_path, DROP)
    assert "no variant 'x'; it has fine" in faults(path, variant="x")[0]
    told = faults(path, overrides={"case.end.0.wave": 1, "spacing.n": 2, "grid.0": 3, "": 4})
    assert all(line.startswith("--set ") for line in told) and len(told) >= 4
    told = faults(path, overrides={"grid.cels": 3, "nonsense": 1, "shape.7.radius": 1})
    assert any(line.startswith("--set grid.cels: [grid] cels: unknown key") for line in told)
    assert any(line.startswith("--set nonsense: ") for line in told)
    assert any(line.startswith("--set shape.7.radius: ") for line in told)


def test_limits_do_not_depend_on_memory_being_there(tmp_path):
    told = faults(write(tmp_path, DROP.replace("[48, 40, 44]", "[1000000, 1000000, 1000000]")))
    assert "memory" in told[0]


VALUES = (
    "nan inf -1 0 1e999 true {} [] [1,2] [[1]] 1979-05-27 -9223372036854775809 1e-320 [0,0,0] 3 1e9"
    " 1e-9 1.5 [0,1,0] [nan,0,0] [1e300,0,0] 0x10 99999999999999999999"
).split() + [
    '"x"',
    '"2 us"',
    '"1 m"',
    '"\\u0000"',
    '""',
    '"all"',
    '"../x.toml"',
    '"1/0"',
    '"z-"',
    "{ n = 2 }",
    "{ time = 1 }",
    '"film"',
    '"plane"',
    '"gas"',
    '"sin(x)"',
    '"symmetry"',
    "[1, '2 m', true]",
    "'''a\nb'''",
]
KEYS = (
    "case grid shape radius cells spacing x set mode wave size axis velocity kind expression liquid"
    " gas density viscosity width mobility vector level direction every steps region stride origin"
).split()


def mutated(random_: random.Random, text: str) -> bytes:
    """The text with a few lines lost, doubled, changed or spoilt."""
    lines = text.split("\n")
    for _ in range(random_.choice([1, 1, 1, 2, 4])):
        i = random_.randrange(len(lines))
        line, value, key = lines[i], random_.choice(VALUES), random_.choice(KEYS)
        match random_.randrange(8):
            case 0:
                lines[i] = ""
            case 1:
                lines.insert(i, random_.choice(lines))
            case 2 | 3 if "=" in line:
                lines[i] = f"{line.split('=')[0]} = {value}"
            case 4 if "=" in line:
                lines[i] = f"{key} = {line.split('=', 1)[1]}"
            case 5 if line:
                j = random_.randrange(len(line))
                lines[i] = line[:j] + random_.choice("[]{}=\"'#,.\n\0\x7f-0e9\xe9") + line[j + 1 :]
            case 6:
                lines.insert(i, f"{key} = {value}")
            case 7:
                lines.insert(i, random_.choice([f"[{key}]", f"[[{key}]]"]))
    raw = bytearray("\n".join(lines).encode())
    if random_.random() < 0.05:
        raw[random_.randrange(len(raw))] = random_.randrange(256)
    return bytes(raw)


def test_mutations_give_a_case_or_a_case_error(tmp_path):
    random_ = random.Random(20)
    good = 0
    for _ in range(300):
        path = write(tmp_path, mutated(random_, random_.choice([DROP, LATTICE, SINGLE])))
        try:
            case = Case.read(path)
        except CaseError as error:
            assert all(line.isprintable() for line in str(error).splitlines())
            continue
        good += 1
        case.write(tmp_path / "again.toml")
        again = Case.read(tmp_path / "again.toml")
        assert (again.digest, again.lattice) == (case.digest, case.lattice), path.read_text()
        assert as_text(report(case))
        x = np.arange(4) + 0.5
        start = shapes.initial(case, x, x[:3, None], x[:1, None, None])
        assert all(np.isfinite(a).all() and a.shape == (1, 3, 4) for a in start.values())
    assert good > 10
