"""What the physics declare reaches every part of a case; a new one is one line in SECTIONS."""

import json
import subprocess
import sys

import pytest

from levitas.solver.case.case import Case
from levitas.solver.case.field_section import ExactParams, FieldParams
from levitas.solver.case.model import CaseModel
from levitas.solver.case.overrides import path_of
from levitas.solver.case.sections import SECTIONS, fields, section_of
from levitas.solver.errors import CaseError
from tests.support.case import write
from tests.support.case_texts import DROP, SINGLE

NEW = """
import json, sys
from levitas.solver.case import sections
from levitas.solver.input.physics import Physics, Quantity
from levitas.solver.input.section import Section, formula_key, key
from levitas.solver.limits import at_most

class GlowParams(Section):
    strength: float = key(1.0, "how it glows", "1/s")
    law: float | str | None = formula_key("of t", "K")

def check(found, faults):
    if found["glow"].strength == 13:
        faults.add(("glow", "strength"), "brings bad luck; take another")

sections.SECTIONS["glow"] = Physics(
    GlowParams,
    fields={"g": Quantity("1", "glow")},
    check=check,
    needs=lambda found, phase: ["latent_heat"] if phase == "liquid" else [],
    complete=lambda section, u, scales: section.model_copy(update={"law": section.law or u}),
    speeds=lambda case: {"glowing velocity": 1e-9},
    bounds=lambda model, fluids: {"glow": 0.5 / model.glow.strength},
    lattice=lambda model, fluids, scales: {"glow": model.glow.strength * scales.time},
    ranges=lambda model, sampled: {"g": sampled["glow.law"]},
    start=lambda case, places, shape: {"g": 0.0},
    limits=lambda case: [
        at_most("glow", case.lattice.glow, 1, 2, "above 1", "less", ("glow", "strength"))
    ],
    numbers=lambda case: {"Gl": case.range("g")[1]},
    rows=lambda case: [("glow", 1.0, "1/s", 2.0)],
    cell_bytes=lambda model: 4.0,
)

from levitas.solver.case.case import Case
from levitas.solver.case.dimensionless import numbers, table
from levitas.solver.case.initial import initial
from levitas.solver.case.memory import held_bytes
from levitas.solver.errors import CaseError

folder = sys.argv[1]
found = {"digest": Case.read("droplet/laplace").digest}
for name in ("plain", "glow", "bad"):
    try:
        case = Case.read(f"{folder}/{name}.toml")
    except CaseError as error:
        found[name] = str(error)
        continue
    found[name] = {
        "lattice": sorted(vars(case.lattice)),
        "values": case.values.get("glow.strength"),
        "bounds": case.bounds.get("glow"),
        "speeds": list(case.speeds),
        "limits": [one.name for one in case.limits()],
        "numbers": numbers(case),
        "rows": [row[0] for row in table(case)],
        "bytes": held_bytes(case),
        "text": case.text,
        "start": sorted(initial(case, 0.5, 0.5, 0.5)),
    }
print(json.dumps(found))
"""


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("droplet/laplace", "00afae32de57ac1abfd67bdf7d8d2bc2"),
        ("benchmark/heated-cavity", "244d885678c8cd3db3e12ce51e435259"),
        ("droplet/evaporating", "979bf5b0436e8c13cc52ebe5a7dcab2b"),
    ],
)
def test_runs_of_before_can_be_resumed(name, digest):
    """The digests that run folders of the first release hold."""
    assert Case.read(name).digest == digest


def test_all_lists_of_fields_are_one():
    assert list(fields()) == ["u", "v", "w", "p", "phi", "T", "c"]
    assert section_of("T") == "heat" and section_of("speed") is None
    assert "phi" in str(FieldParams.model_fields["name"].annotation)
    assert "phi" not in str(ExactParams.model_fields["name"].annotation)  # no phi_error
    names = list(CaseModel.model_fields)
    assert names[4 : 4 + len(SECTIONS)] == list(SECTIONS)


def test_a_new_physics_is_one_line(tmp_path):
    """Its keys, fields, rules, limits, numbers arrive; cases without it stay what they are."""
    latent = SINGLE.replace("viscosity =", "latent_heat = 2, viscosity =", 1)
    write(tmp_path, SINGLE, "plain.toml")
    glow = '[glow]\nstrength = 1.5\nlaw = "3 + t"\n[[field]]\nname = "g"\nexpression = 1\n'
    write(tmp_path, latent + glow, "glow.toml")
    bad = '[glow]\nstrength = 13\nlaw = "3 +"\n[[field]]\nname = "T"\nexpression = 1\n'
    write(tmp_path, SINGLE + bad, "bad.toml")
    run = [sys.executable, "-c", NEW, str(tmp_path)]
    found = json.loads(subprocess.run(run, check=True, capture_output=True).stdout)
    assert found["digest"] == Case.read("droplet/laplace").digest
    plain, new = found["plain"], found["glow"]
    assert set(new["lattice"]) - set(plain["lattice"]) == {"glow"}
    assert new["values"] == 1.5 and plain["values"] is None and new["bounds"] == 0.5 / 1.5
    assert new["numbers"]["Gl"] == pytest.approx(13) and "Gl" not in plain["numbers"]
    for name, more in (("limits", "glow"), ("rows", "glow"), ("speeds", "glowing velocity")):
        assert set(new[name]) - set(plain[name]) == {more}
    assert set(new["start"]) - set(plain["start"]) == {"g"} and new["bytes"] > plain["bytes"]
    assert "[glow]" in new["text"]
    assert "brings bad luck" in found["bad"] and '"T" needs a [heat] section' in found["bad"]


def test_a_section_stands_before_a_material_of_its_name(tmp_path):
    assert path_of("solid.width") == ("solid", "width")
    assert path_of("solid.density") == ("materials", "solid", "density")
    assert path_of("solid.densty") == ("materials", "solid", "densty")
    assert path_of("materials.solid.density") == ("materials", "solid", "density")
    assert path_of("liquid.anything") == ("materials", "liquid", "anything")
    path = write(tmp_path, DROP)
    with pytest.raises(CaseError, match=r"\[solid\]: not available in this version"):
        Case.read(path, overrides={"solid.anisotropy": 0.02})
    with pytest.raises(CaseError, match=r"\[nucleation\]: not available in this version"):
        Case.read(path, overrides={"nucleation.density": 1e9})
    case = Case.read(path, overrides={"solid.density": 2000.0})
    assert case.model.materials.solid.density == 2000.0


@pytest.mark.parametrize(
    ("section", "key", "told"),
    [
        ("[flow]", "diffusivty = 1e-9", "did you mean materials.liquid.diffusivity?"),
        ("[flow]", "mobility = 1e-9", "did you mean interface.mobility?"),
        ("[flow]", "viscosity_flor = true", "did you mean 'viscosity_floor'?"),
        ("[flow]", "name = 1", "unknown key; known: reference_velocity"),  # several have a name
    ],
)
def test_keys_of_other_sections_are_suggested(tmp_path, section, key, told):
    with pytest.raises(CaseError) as caught:
        Case.read(write(tmp_path, DROP.replace(section, f"{section}\n{key}", 1)))
    assert told in str(caught.value)


def test_of_many_metrics_the_nearest_are_named(tmp_path):
    text = DROP.replace('metric = "pressure_jump"', 'metric = "osc_freq"', 1)
    with pytest.raises(CaseError) as caught:
        Case.read(write(tmp_path, text))
    line = next(line for line in str(caught.value).splitlines() if "osc_freq" in line)
    assert "nearest: oscillation_frequency, " in line and line.count(",") == 4


def test_what_a_case_is_does_not_change():
    case = Case.read("droplet/laplace")
    with pytest.raises(AttributeError):
        case.is_2d = True
    with pytest.raises(AttributeError):
        case.lattice.sigma = 1.0
