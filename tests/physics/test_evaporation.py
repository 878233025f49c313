"""Evaporation: surfaces recede as said, what stays behind stays, vapour is what the liquid lost."""

import numpy as np
import pytest

from levitas.solver.case.case import Case
from levitas.solver.errors import CaseError
from tests.support.case import bits, simulate
from tests.support.case_moving import FILM, VAPOUR, drying_case, evaporating_case, octant


def run(folder, steps, *args, **more):
    return simulate(evaporating_case(folder, *args, **more), steps)


def content(sim):
    return float(sim.read("c").sum())


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_flat_film_recedes_as_said(tmp_path, precision):
    sim = run(tmp_path, 2000, "evaporation = 1e-3", precision=precision)
    assert sim.read("phi").sum() / 4 == pytest.approx(14 - 2.0, abs=2e-3)


def test_a_dip_of_the_bulk_is_left_alone(tmp_path):
    """Far from the surface it fares as without evaporation."""
    dip = '[[field]]\nname = "phi"\nexpression = "-0.001*exp(-(y - 5)**2/8)"\n'
    more, cells = FILM.replace("14", "50") + dip, (4, 60, 1)
    depths = [
        1 - run(tmp_path, 1500, f"evaporation = {rate}", more, cells).read("phi")[0, 2:7].min()
        for rate in (0, 1e-3)
    ]
    assert depths[1] == pytest.approx(depths[0], rel=0.05)


def test_a_rate_may_change_with_time_and_sign(tmp_path):
    sim = run(tmp_path, 1000, 'evaporation = "1e-3*cos(pi*t/1000)"')
    assert sim.read("phi").sum() / 4 == pytest.approx(14, abs=2e-3)
    assert sim.read("phi").max() < 1 + 1e-3 and sim.read("phi").min() > -1e-3


def half(volume, dimensions):
    """Radius of phi = 1/2 of an octant or a quarter of a drop that holds this volume, W = 4."""
    smear = np.pi**2
    if dimensions == 2:
        return np.sqrt(4 * volume / np.pi - smear / 3)
    cube = 6 * volume / np.pi
    radius = cube ** (1 / 3)
    for _ in range(20):
        radius = (cube - smear * radius) ** (1 / 3)
    return radius


@pytest.mark.parametrize(("cells", "radius"), [((18, 18, 18), 12), ((24, 24, 1), 18)])
def test_a_drop_shrinks_as_said(tmp_path, cells, radius):
    """Its surface phi = 1/2; the volume lags behind it by (W/R)^2/3."""
    dimensions = 2 if cells[2] == 1 else 3
    sim = run(tmp_path, 0, "evaporation = 1e-3", octant(radius), cells=cells)
    before = half(sim.read("phi").sum(), dimensions)
    for _ in range(2000):
        sim.step()
    assert before - half(sim.read("phi").sum(), dimensions) == pytest.approx(2.0, rel=0.01)


SALT = '[solute]\n[[field]]\nname = "c"\nexpression = "1 + 0.2*cos(pi*y/30)"\n'


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_what_does_not_evaporate_stays(tmp_path, precision):
    more = FILM + '[heat]\n[[field]]\nname = "u"\nexpression = "0.01"\n' + SALT
    sim = run(tmp_path, 0, "evaporation = 1e-3", more, precision=precision)
    before = content(sim)
    for _ in range(2000):
        sim.step()
    assert content(sim) == pytest.approx(before, rel=1e-12 if precision == "float64" else 1e-5)
    mean = content(sim) / sim.read("phi").sum()
    assert mean == pytest.approx(before / 4 / 12, rel=3e-3)


def test_temperature_does_not_feel_it_but_for_the_latent_heat(tmp_path):
    more = FILM + '[heat]\n[[field]]\nname = "T"\nexpression = "310"\n'
    sim = run(tmp_path, 500, "evaporation = 1e-3", more)
    assert np.abs(sim.read("T") - 310).max() < 1e-3
    path = tmp_path / "case.toml"
    latent = "heat_capacity = 2.0\nevaporation_heat = 4.0"
    text = path.read_text().replace("heat_capacity = 2.0", latent)
    path.write_text(text.replace("evaporation = 1e-3", "evaporation = 1e-4"))
    sim = simulate(Case.read(path), 300)
    phi, T = sim.read("phi"), sim.read("T") - 310
    lost = -((0.005 + phi * 0.995) * T).sum() / 4  # in K of liquid
    assert lost == pytest.approx(0.03 * 4.0 / 2.0, rel=0.01)


@pytest.mark.parametrize("phase", ["gas", "all"])
def test_the_vapour_is_the_liquid_that_was_lost(tmp_path, phase):
    sim = run(tmp_path, 0, "", FILM + VAPOUR.format(phase=phase))
    before, vapour = sim.read("phi").sum(), content(sim)
    for _ in range(1500):
        sim.step()
    lost = before - sim.read("phi").sum()
    assert 0.1 < lost / 4 < 1.0
    assert content(sim) - vapour == pytest.approx(lost / 0.05, rel=0.01)


def test_off_and_at_zero_it_changes_no_bit(tmp_path):
    more = octant(9) + '[heat]\n[[field]]\nname = "v"\nexpression = "0.02"\n' + SALT
    still = run(tmp_path, 20, "evaporation = 0", more, cells=(16, 15, 14), precision="float32")
    assert bits(still) == bits(run(tmp_path, 20, "", more, cells=(16, 15, 14), precision="float32"))


def test_it_goes_on_with_the_same_bits_in_any_boxes(tmp_path):
    made = drying_case(tmp_path)
    whole, first, second, parts = (simulate(made, n) for n in (12, 5, 0, 0))
    second.restore(*first.state())
    interface, block = parts.physics["interface"], parts.block
    ((_, kernel),) = interface.boxes
    interface.boxes = [(block.core, kernel), (block.shell, kernel)]
    for sim, steps in ((second, 7), (parts, 12)):
        for _ in range(steps):
            sim.step()
    assert bits(second) == bits(whole) == bits(parts)


@pytest.mark.parametrize(
    ("keys", "more", "told"),
    [
        ("evaporation = 0.5", "", "[interface] evaporation: cells a step that the surface"),
        ('evaporation = "1e-3*x"', "", "[interface] evaporation: is the same everywhere"),
        ('evaporation = "1e-3*("', "", "[interface] evaporation"),
        ('evaporation = "1e-3*rate"', "", "unknown name 'rate'"),
        ('evaporation = "1 K"', "", "[interface] evaporation"),
        ("", VAPOUR.format(phase="liquid"), "volume: belongs to a vapour"),
        ("", VAPOUR.format(phase="gas").replace("0.05", "-1"), "volume"),
        ("", VAPOUR.format(phase="gas").replace("0.05", "900"), "volume: cells a step"),
    ],
)
def test_bad_input_is_told(tmp_path, keys, more, told):
    with pytest.raises(CaseError) as error:
        evaporating_case(tmp_path, keys, FILM + more)
    assert told in str(error.value) and "case.toml:" in str(error.value)


def test_slow_evaporation_wants_float64(tmp_path):
    found = evaporating_case(tmp_path, "evaporation = 1e-6", precision="float32").limits()
    assert any(one.verdict == "warn" and "float64" in one.remedy for one in found)
