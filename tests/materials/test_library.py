"""Shipped materials, laws of temperature, files of a case folder."""

import math
import re
import tomllib

import pytest

from levitas.solver.case.case import Case
from levitas.solver.errors import CaseError
from levitas.solver.materials import library as materials
from levitas.solver.materials.laws import Rheology, ViscosityLaw, of_temperature
from tests.support.case import write
from tests.support.case_texts import DROP

FOLDER, NAMES = materials.FOLDER, materials.names()
GAS = "gas = { density = 1.5, viscosity = 5e-4 }"
LIQUID = 'liquid = { density = 1000, viscosity = "20 mPa s", surface_tension = "50 mN/m" }'
PROPERTY = 'source = "me"\nconfidence = "estimate"\n'
FILE = (
    f"[density]\nvalue = 1000\n{PROPERTY}[viscosity]\nlaw = '0.02*(T/300)'\n{PROPERTY}"
    f"[surface_tension]\nvalue = 0.05\n{PROPERTY}"
)


@pytest.mark.parametrize("name", materials.names())
def test_every_value_has_source_and_confidence(name):
    data = materials.read(materials.find(name, materials.FOLDER)).data
    entries = {k: v for k, v in data.items() if isinstance(v, dict)}
    assert {"density", "viscosity"} <= set(entries) <= set(materials.PROPERTIES)
    for entry in entries.values():
        assert entry["source"] and entry["confidence"] in materials.CONFIDENCE
    values = materials.properties(materials.find(name, materials.FOLDER), None)
    assert set(values) == set(entries)
    assert all(v > 0 for k, v in values.items() if not k.endswith("slope"))


def values(name, at=None):
    return materials.properties(materials.find(name, materials.FOLDER), at)


def test_a_shipped_material_takes_laws_of_the_case(tmp_path):
    law = 'viscosity_law = { kind = "arrhenius", activation_energy = 2e4 }'
    rheology = 'rheology = { kind = "carreau", exponent = 0.5, relaxation_time = 0.1 }'
    made = f'liquid = {{ name = "silicone-oil-100", {law}, {rheology} }}'
    path = tmp_path / "case.toml"
    path.write_text(
        f"[grid]\ncells = [4, 8, 8]\nspacing = 1e-4\n[materials]\n{made}\n[flow]\n[heat]\n"
    )
    liquid = Case.read(path).model.materials.liquid
    assert (liquid.viscosity_law.kind, liquid.rheology.kind) == ("arrhenius", "carreau")


def test_known_values():
    nickel = values("nickel")
    assert nickel["density"] == 7900 and nickel["surface_tension"] == pytest.approx(1.781)
    assert nickel["viscosity"] == pytest.approx(4.68e-3, rel=2e-3)
    assert values("nickel", 1628.0)["density"] == pytest.approx(8020)
    assert values("argon")["density"] == pytest.approx(1.661, rel=1e-3)
    assert values("argon", 1728.0)["density"] == pytest.approx(0.2817, rel=1e-3)
    assert values("water")["viscosity"] == pytest.approx(1.002e-3, rel=2e-3)
    assert values("water", 323.15)["viscosity"] == pytest.approx(0.547e-3, rel=1e-2)
    assert values("air", 300.0)["viscosity"] == pytest.approx(1.846e-5, rel=5e-3)


@pytest.mark.parametrize(
    ("name", "at", "density", "viscosity", "within"),
    [
        ("alginate-ink", 298.15, 1025, 102, 0.001),
        ("ethanol", 298.15, 785.13, 1.0824e-3, 0.001),  # reference correlations
        ("ethanol", 323.15, 763.19, 6.890e-4, 0.002),
        ("fc-72", 298.15, 1674.75, 6.41e-4, 0.001),  # data sheet
        ("glycerol", 298.15, 1258.0, 0.9057, 0.001),  # Cheng; Volk and Kaehler
        ("glycerol-water-50", 293.15, 1126.2, 6.002e-3, 0.001),
        ("glycerol-water-50", 303.15, 1121.2, 4.224e-3, 0.001),
        ("glycerol-water-80", 293.15, 1208.1, 6.086e-2, 0.002),
        ("glycerol-water-80", 303.15, 1202.1, 3.451e-2, 0.002),
        ("hexadecane", 298.15, 770.1, 3.032e-3, 0.001),
        ("mercury", 293.15, 13545.9, 1.567e-3, 0.001),
        ("mercury", 293.15, 13545.9, 1.554e-3, 0.01),  # handbook viscosity
        ("pla", 503.15, 1081.2, 2260, 0.001),
        ("steel-316l", 1708.0, 6974.6, 7.193e-3, 0.001),
        ("ti-6al-4v", 1973.0, 3886, 3.03e-3, 0.002),  # rows of the table of Mills
        ("ti-6al-4v", 2073.0, 3818, 2.66e-3, 0.002),
        ("tin", 573.15, 6934.6, 1.5529e-3, 0.001),
    ],
)
def test_densities_and_viscosities_are_those_of_the_sources(name, at, density, viscosity, within):
    found = values(name, at)
    assert found["density"] == pytest.approx(density, rel=within)
    assert found["viscosity"] == pytest.approx(viscosity, rel=within)


def advised(law):
    """Liquids whose note on viscosity advises a law for the case: [(name, the law), ...]."""
    entries = {n: materials.read(materials.find(n, FOLDER)).data["viscosity"] for n in NAMES}
    notes = {n: re.search(law + r" = \{.*?\}", e.get("note", "")) for n, e in entries.items()}
    return [(n, tomllib.loads(found[0])[law]) for n, found in notes.items() if found]


@pytest.mark.parametrize(("name", "table"), advised("viscosity_law"))
def test_a_law_that_a_note_advises_follows_the_law_of_the_file(name, table):
    at = materials.read(materials.find(name, FOLDER)).data["reference_temperature"]
    _, (b, above, shift, _), _ = of_temperature(ViscosityLaw(**table), at)
    for step in (0.01 * at, 0.02 * at):
        ratio = values(name, at + step)["viscosity"] / values(name)["viscosity"]
        assert math.exp(b / (above + step) - shift) == pytest.approx(ratio, rel=2e-3)


@pytest.mark.parametrize(("name", "table"), advised("rheology"))
def test_a_rheology_that_a_note_advises_thins_as_its_source(name, table):
    found = Rheology(**table)
    n, time, zero = found.exponent, found.relaxation_time, values(name)["viscosity"]
    at_100 = {"alginate-ink": 9.11, "pla": 1058}[name]  # Pa s at 100 1/s, of the published fits
    least = found.infinite_viscosity or 0.0
    thinned = least + (zero - least) * (1 + (100 * time) ** 2) ** ((n - 1) / 2)
    assert thinned == pytest.approx(at_100, rel=0.03)


def read(tmp_path, liquid, gas, more=""):
    return Case.read(write(tmp_path, DROP.replace(LIQUID, liquid).replace(GAS, gas + more)))


def test_gas_takes_the_temperature_of_the_liquid(tmp_path):
    cap = DROP.replace("[interface]", "[interface]\ndensity_ratio_cap = 1000")
    cap = cap.replace("[flow]", "[flow]\nviscosity_floor = true").replace('"4 ms"', '"1 ms"')
    text = cap.replace(LIQUID, 'liquid = "nickel"').replace(GAS, 'gas = "argon"')
    case = Case.read(write(tmp_path, text))
    assert case.model.materials.reference_temperature == 1728
    assert case.model.materials.gas.density == pytest.approx(0.2817, rel=1e-3)
    assert case.values["gas.density"] == pytest.approx(7.9)
    assert case.materials == {"liquid": "nickel", "gas": "argon"}
    cold = text.replace('"argon"', '"argon"\nreference_temperature = "1500 K"')
    case = Case.read(write(tmp_path, cold))
    assert case.model.materials.liquid.density == pytest.approx(7900 + 1.2 * 228)


def test_single_properties_can_be_overridden(tmp_path):
    case = read(tmp_path, 'liquid = { name = "silicone-oil-10", viscosity = 0.02 }', GAS)
    assert case.model.materials.liquid.density == 935
    assert case.model.materials.liquid.viscosity == 0.02
    path = write(tmp_path, DROP.replace(LIQUID, 'liquid = "silicone-oil-10"'))
    case = Case.read(path, overrides={"liquid.viscosity": 0.03})
    assert case.model.materials.liquid.density == 935
    assert case.model.materials.liquid.viscosity == 0.03


def test_file_of_the_case_folder(tmp_path):
    write(tmp_path, FILE, "mine.toml")
    case = read(tmp_path, 'liquid = "mine.toml"', GAS, "\nreference_temperature = 330\n")
    assert case.model.materials.liquid.viscosity == pytest.approx(0.022)
    write(tmp_path, case.text, "run/case.toml")
    assert Case.read(tmp_path / "run").digest == case.digest


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("density = 3", "must be a table"),
        ("[density]\nvalue = 1", "needs source"),
        (f"[density]\nvalue = 'x'\n{PROPERTY}", "must be a number"),
        (f"[density]\nvalue = 1\nlaw = 'T'\n{PROPERTY}", "either value or law"),
        (f"[density]\nvalue = 1\nvalu = 2\n{PROPERTY}", "unknown key 'valu'"),
        (FILE.replace("T/300", "1/(T-330)"), "not finite"),
        (FILE.replace("T/300", "t/300"), "unknown name 't'"),
        ("[density", "not valid TOML"),
        ("reference_temperature = -3", "positive"),
    ],
)
def test_faulty_files_are_told_with_their_line(tmp_path, text, words):
    write(tmp_path, text, "mine.toml")
    with pytest.raises(CaseError) as caught:
        read(tmp_path, 'liquid = "mine.toml"', GAS, "\nreference_temperature = 330\n")
    assert words in str(caught.value) and "mine.toml:" in str(caught.value)
    assert "case.toml:8: [materials] liquid" in str(caught.value)
