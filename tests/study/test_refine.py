"""The same case on other grids: what stays, what changes, what cannot be refined."""

import numpy as np
import pytest

from levitas.solver.case.case import Case
from levitas.solver.case.dimensionless import numbers
from levitas.solver.errors import CaseError
from levitas.solver.study.refine import Ratio, counts, refined
from tests.support import case_texts
from tests.support.case import hot_case, simulate, warm_case, write

# Other numbers for the same fluid, heat and solute in cells half as large, steps a quarter as long:
# lengths times 2, times 4, density 1; so velocities/2, viscosities 1, tensions/2, accelerations/8,
# conductivities and specific heats/4, fluxes and coefficients of heat/8, power/2, its density/16.
HOT = {
    "end = { steps = 40 }": "end = { steps = 160 }",
    "[17, 16, 13]": "[34, 32, 26]",
    "surface_tension = 5e-3": "surface_tension = 2.5e-3",
    "[[280, 6e-3], [295, 5.5e-3], [330, 4e-3]]": "[[280, 3e-3], [295, 2.75e-3], [330, 2e-3]]",
    "conductivity = 0.02": "conductivity = 0.005",
    "conductivity = 0.002": "conductivity = 0.0005",
    "heat_capacity = 1.0": "heat_capacity = 0.25",
    "relaxation_time = 100": "relaxation_time = 400",
    "amplitude = 2e-5": "amplitude = 2.5e-6",
    "frequency = 0.01": "frequency = 0.0025",
    "reference_velocity = 0.02": "reference_velocity = 0.01",
    '"300 + 0.7*x - 0.5*y + 0.3*z + t*0.01"': '"300 + 0.35*x - 0.25*y + 0.15*z + t*0.0025"',
    "width = 3.0": "width = 3.0\nmobility = {mobility}",
    "[8.3, 7.1, 6.2]": "[16.6, 14.2, 12.4]",
    "radius = 5": "radius = 10",
    "velocity = [0.01, 0, 0]": "velocity = [0.005, 0, 0]",
}
WARM = {
    "[17, 18, 13]": "[34, 36, 26]",
    "reference_velocity = 0.02": "reference_velocity = 0.01",
    "conductivity = 0.4, heat_capacity = 0.5": "conductivity = 0.1, heat_capacity = 0.125",
    '"300 + 0.3*x"': '"300 + 0.15*x"',
    '"1 + 0.1*y"': '"1 + 0.05*y"',
    '"310 + 0.1*x + t"': '"310 + 0.05*x + t/4"',
    "coefficient = 0.05": "coefficient = 0.00625",
    "velocity = [0, 0.02, 0]": "velocity = [0, 0.01, 0]",
    "heat_flux = 0.01": "heat_flux = 0.00125",
    "surface_tension = 5e-3": "surface_tension = 2.5e-3",
    "conductivity = 0.3": "conductivity = 0.075",
    "conductivity = 3e-3": "conductivity = 7.5e-4",
    "heat_capacity = 1.0": "heat_capacity = 0.25",
    "width = 3.0": "width = 3.0\nmobility = {mobility}",
    "emissivity = 0.05": "emissivity = 0.00625",
    "power = 0.1, radius = 3": "power = 0.05, radius = 6",
    "[8.3, 10.1, 6.2]": "[16.6, 20.2, 12.4]",
    "velocity = [0.01, 0, 0]": "velocity = [0.005, 0, 0]",
    '"1e-3*t"': '"1e-3*t/64"',
    "radius = 5": "radius = 10",
    "velocity = [0.01, 0.02, 0.0]": "velocity = [0.005, 0.01, 0.0]",
    "centre = [8.0, 1.5, 6.0]": "centre = [16.0, 3.0, 12.0]",
    "size = [10, 3, 10]": "size = [20, 6, 20]",
}


def at(base, wanted, scaling="diffusive", keep_width=False, settings=None):
    """(case, ratio) at another fineness."""
    plan = {"scaling": scaling, "keep_width": keep_width}
    return refined(base.path, base.variant, settings or {}, base, wanted, **plan)


def same_physics(one, other):
    """Are all numbers of the physics the same in lattice units?"""
    pairs = [(getattr(one.lattice, name), value) for name, value in vars(other.lattice).items()]
    return all(a == pytest.approx(b, rel=1e-12, abs=1e-30) for a, b in pairs)


def written(folder, text, **settings):
    """A case from a text, as it stands with some settings."""
    return Case.read(write(folder, text), None, settings)


@pytest.mark.parametrize(
    ("cells", "wanted", "found"),
    [
        ([64, 64, 1], 2**0.5, ([90, 90, 1], 90 / 64)),
        ([125, 50, 1], 2**0.5, ([175, 70, 1], 1.4)),
        ([80, 56, 1], 0.7, ([60, 42, 1], 0.75)),
        ([16, 24, 32], 0.5, ([8, 12, 16], 0.5)),
        ([15, 15, 15], 1.4, ([21, 21, 21], 1.4)),
        ([7, 5, 1], 2.0, ([14, 10, 1], 2.0)),
        ([7, 5, 1], 1.2, ([7, 5, 1], 1.0)),
    ],
)
def test_the_box_keeps_its_form_and_its_middle(cells, wanted, found):
    assert counts(cells, wanted) == found


@pytest.mark.parametrize("kind", ["hot", "warm"])
def test_lattice_units_stay_those_of_the_own_grid(tmp_path, kind):
    """A refined case in lattice units runs as one whose numbers are written for the finer grid."""
    make, other = (hot_case, HOT) if kind == "hot" else (warm_case, WARM)
    (tmp_path / "other").mkdir()
    base = make(tmp_path, precision="float64")
    fine, ratio = at(base, 2.0)
    assert ratio == Ratio(2.0, 4.0)
    text = base.path.read_text()
    for old, new in other.items():
        assert old in text or kind == "hot" and old.startswith("end"), old
        text = text.replace(old, new.replace("{mobility}", repr(base.lattice.mobility)))
    hand = Case.read(write(tmp_path / "other", text))
    assert same_physics(fine, hand)
    one, two = simulate(fine, 12), simulate(hand, 12)
    assert two.fields["u"].own.any()
    for name, field in one.fields.items():
        if field.saved or name == "T":
            expected = two.fields[name].own
            scale = np.abs(expected).max()
            assert np.allclose(field.own, expected, rtol=0, atol=1e-11 * scale), name


@pytest.mark.parametrize(("scaling", "steps"), [("diffusive", 4.0), ("acoustic", 2.0)])
def test_si_cases_change_their_grid_only(tmp_path, scaling, steps):
    base = written(tmp_path, case_texts.DROP)
    fine, ratio = at(base, 2.0, scaling)
    assert ratio == Ratio(2.0, steps)
    assert fine.model.grid.cells == [96, 80, 88] and fine.scales.dx == base.scales.dx / 2
    assert fine.scales.dt == pytest.approx(base.scales.dt / steps, rel=1e-14)
    change = ("grid", "interface", "case")
    assert fine.model.model_dump(exclude=change) == base.model.model_dump(exclude=change)
    assert fine.lattice.mobility == pytest.approx(base.lattice.mobility, rel=1e-12)
    assert fine.lattice.width == base.lattice.width
    same = numbers(base)
    for name in {"Re", "We", "Oh", "Bo", "Ca", "La", "density ratio"} & same.keys():
        assert numbers(fine)[name] == pytest.approx(same[name], rel=1e-9), name
    speed = numbers(fine)["Mach"] / same["Mach"]
    assert speed == pytest.approx(2 / steps)
    assert fine.values["shape.radius"] == base.values["shape.radius"]


def test_what_counts_steps_follows(tmp_path):
    base = written(tmp_path, case_texts.LATTICE)
    fine, _ = at(base, 1.5)  # cells [60, 72, 1]
    assert fine.model.grid.cells == [60, 72, 1] and fine.model.case.end.steps == 225
    assert fine.model.output.snapshots.steps == round(50 * 2.25)
    assert fine.model.output.checkpoint.steps == 10  # by work, not by time
    steady = case_texts.LATTICE.replace("{ steps = 100 }", "{ steady = { tolerance = 1e-4 } }")
    fine, _ = at(written(tmp_path, steady), 2.0)
    assert fine.model.case.end.steady.tolerance == 1e-4 / 4
    assert Case.read(fine.path).model.case.end.steady.tolerance == 1e-4


def test_the_grid_of_the_case_is_the_case(tmp_path):
    base = written(tmp_path, case_texts.LATTICE)
    assert at(base, 1.0) == (base, Ratio(1.0, 1.0))


def test_a_refined_case_can_be_read_and_refined_again(tmp_path):
    base = written(tmp_path, case_texts.LATTICE)
    fine, _ = at(base, 1.5)
    (tmp_path / "level-1").mkdir()
    fine.write(tmp_path / "level-1/case.toml")
    again = Case.read(tmp_path / "level-1")
    assert again.digest == fine.digest and again.scales.dx == 1 / 1.5
    twice, _ = at(again, 2.0)
    direct, _ = at(base, 3.0)
    assert same_physics(twice, direct)
    assert (twice.scales.dx, twice.scales.dt) == pytest.approx((1 / 3, 1 / 9))


def test_settings_and_variants_are_kept(tmp_path):
    settings = {"grid.cells": [44, 44, 1], "liquid.viscosity": 0.2, "shape.2.radius": 7}
    path = write(tmp_path, case_texts.LATTICE)
    base = Case.read(path, "big", settings)
    fine, _ = at(base, 2.0, settings=settings)
    assert fine.variant == "big" and fine.model.grid.cells == [88, 88, 1]
    assert fine.values["liquid.viscosity"] == 0.2 and fine.values["shape.2.radius"] == 7


def test_a_kept_width_keeps_its_mobility_too(tmp_path):
    base = written(tmp_path, case_texts.DROP)
    for scaling in ("diffusive", "acoustic"):
        fine, _ = at(base, 1.5, scaling, keep_width=True)
        assert fine.lattice.width == 6.0
        assert fine.model.interface.mobility == base.model.interface.mobility
    with pytest.raises(CaseError, match=r"at least 3 cells, got 2(.|\n)*24 x 20 x 22 cells"):
        at(base, 0.5, keep_width=True)


@pytest.mark.parametrize(
    ("change", "wanted", "said"),
    [
        ({"grid.cells": [1, 1, 1]}, 2.0, "one cell"),
        ({}, 0.01, "5 x 6 x 1 cells cannot be run; choose other grids with --start"),
        ({"grid.cells": [12, 16, 1]}, 0.25, "are too few; begin on a finer grid"),
        ({"field.0.expression": "0.01*sin(2*pi*x/grid.nx)"}, 2.0, "grid.nx .* write grid.lx"),
        (
            {"check.1.reference": "interface.width/shape.2.radius"},
            2.0,
            r"write interface.width\*grid.spacing",
        ),
    ],
)
def test_what_cannot_be_refined(tmp_path, change, wanted, said):
    text = case_texts.LATTICE
    if "grid.cells" in change:
        text = case_texts.SINGLE.split("[[field]]")[0]
    base = written(tmp_path, text, **change)
    with pytest.raises(CaseError, match=said):
        at(base, wanted, settings=change)


def test_lengths_in_cells_times_the_spacing_can(tmp_path):
    change = {"field.0.expression": "0.001*sin(2*pi*x/(grid.nx*grid.spacing))"}
    base = written(tmp_path, case_texts.LATTICE, **change)
    assert at(base, 2.0, settings=change)[1].cells == 2


def test_refinement_is_for_lattice_units(tmp_path):
    fine = {"grid.refinement": {"cells": 2, "steps": 4}}
    case = written(tmp_path, case_texts.SINGLE, **fine)
    assert (case.scales.dx, case.scales.dt) == (0.5, 0.25)
    same = {"grid.spacing": 0.5, "grid.time_step": 0.25}
    assert written(tmp_path, case_texts.SINGLE, **fine, **same).digest == case.digest
    with pytest.raises(CaseError, match=r"spacing: is 0.5 with units = .lattice."):
        written(tmp_path, case_texts.SINGLE, **fine, **{"grid.spacing": 1.0})
    with pytest.raises(CaseError, match=r"refinement: belongs to units = .lattice."):
        written(tmp_path, case_texts.DROP, **fine)
