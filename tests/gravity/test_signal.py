"""Gravity signals, and what a changing one costs and does."""

import numpy as np
import pytest
from pydantic import ValidationError

from levitas.solver.errors import CaseError
from levitas.solver.gravity import table as gravity_table
from levitas.solver.gravity.signal import G0, GravitySignal, build, peak, station_lines
from tests.support.case import bits, drop_case, simulate


def signal(**keys):
    return GravitySignal(**keys)


def test_a_sum_of_no_sines_is_refused():
    with pytest.raises(ValueError, match="sine needs terms"):
        GravitySignal(kind="sine", terms=[])


def test_sines_add(tmp_path):
    terms = [
        {"amplitude": 2.0, "frequency": 0.5, "direction": [3.0, 0.0, 4.0]},
        {"amplitude": 1.0, "frequency": 0.0, "phase": np.pi / 2},
    ]
    s = signal(kind="sine", terms=terms)
    assert build(s, tmp_path)(0.5) == pytest.approx([1.2, 0, 1.6 - 1])
    assert build(s, tmp_path, flat=True)(0.0) == pytest.approx([0, -1, 0])
    assert peak(s, tmp_path) == pytest.approx([1.2, 0, 2.6])
    one = signal(kind="sine", amplitude=2.0, frequency=0.5, phase=0.3)
    assert build(one, tmp_path)(0.1)[2] == pytest.approx(-2 * np.sin(0.1 * np.pi + 0.3))


def test_a_rotating_vector_keeps_its_size(tmp_path):
    s = signal(kind="rotating", magnitude=3.0, period=8.0, axis=[0.0, 0.0, 2.0],
               direction=[1.0, 0.0, 0.0])  # fmt: skip
    at = build(s, tmp_path)
    assert at(0.0) == pytest.approx([3, 0, 0]) and at(2.0) == pytest.approx([0, 3, 0])
    assert np.linalg.norm(at(1.234)) == pytest.approx(3)
    assert peak(s, tmp_path) == pytest.approx([3, 3, 0]) and peak(s, tmp_path)[2] == 0
    plane = build(signal(kind="rotating", magnitude=1.0, period=4.0), tmp_path, flat=True)
    assert plane(1.0) == pytest.approx([1, 0, 0])


def test_the_station(tmp_path):
    """Quasi-steady part of 1e-6 g; each third of an octave has the rms of the requirement."""
    slow = build(signal(kind="iss", vibration=0.0), tmp_path)
    for t in (0.0, 1000.0, 5560.0):
        assert np.linalg.norm(slow(t)) == pytest.approx(1e-6 * G0)
    assert slow(5560 / 2) == pytest.approx([0, 0, 1e-6 * G0], abs=1e-12)
    lines = dict(station_lines())
    assert min(lines) == pytest.approx(0.01) and 240 < max(lines) < 300
    assert lines[1.0] == pytest.approx(np.sqrt(2) * 16e-6 * G0)
    assert max(f for f, _ in station_lines(0.01)) <= 25

    s = signal(kind="iss", seed=4)
    fast, again = build(s, tmp_path, dt=0.5), build(s, tmp_path, seed=9, dt=0.5)
    assert fast(3.0).tolist() == again(3.0).tolist()
    other = build(signal(kind="iss"), tmp_path, seed=5, dt=0.5)
    assert fast(3.0).tolist() != other(3.0).tolist()
    times = np.arange(0.0, 4000.0, 0.5)
    rms2 = sum(a * a / 2 for _, a in station_lines(0.5))
    shake = np.array([fast(t) - slow(t) for t in times])
    assert (shake**2).sum(axis=1).mean() == pytest.approx(rms2, rel=0.05)


def test_a_parabola(tmp_path):
    at = build(signal(kind="parabola", magnitude=0.05, duration=20.0), tmp_path)
    levels = [-at(t)[2] for t in (0.0, 18.5, 20.0, 40.0, 41.5, 60.0)]
    middle = (1.8 * G0 + 0.05) / 2
    assert levels == pytest.approx([1.8 * G0, middle, 0.05, 0.05, middle, 1.8 * G0])


def write(folder, rows, head="t,ax,ay,az"):
    (folder / "g.csv").write_text("\n".join(["# a record", head, *rows]) + "\n")


def test_tables(tmp_path):
    write(tmp_path, ["1,0,0,2", "3,1,0,4"])
    s = signal(kind="table", file="g.csv", sign="acceleration")
    assert build(s, tmp_path)(1.0) == pytest.approx([0.5, 0, 3])  # from its first time on
    read = signal(kind="table", file="g.csv", sign="accelerometer", start=2.0, table_unit="ug0")
    assert build(read, tmp_path)(0.0) == pytest.approx(np.array([-0.5, 0, -3]) * 1e-6 * G0)
    assert peak(s, tmp_path).tolist() == [1, 0, 4]

    import netCDF4

    with netCDF4.Dataset(tmp_path / "g.nc", "w") as file:
        file.createDimension("n", 2)
        for name, values in zip("tabc", [[0, 1], [1, 2], [0, 0], [5, 5]], strict=True):
            file.createVariable(name, "f8", ("n",))[:] = values
    other = signal(kind="table", file="g.nc", sign="acceleration", columns=list("tabc"))
    assert build(other, tmp_path)(0.5).tolist() == [1.5, 0, 5]


@pytest.mark.parametrize(
    ("rows", "head", "words"),
    [
        (["0,0,0,1", "2,0,0,1", "1,0,0,1"], "t,ax,ay,az", "does not increase after row 2"),
        (["0,0,0,1", "0,0,0,1"], "t,ax,ay,az", "does not increase"),
        (["0,0,0,1", "1,0,0,1"], "t,x,y,z", "has no t, ax"),
        (["0,0,0,1", "1,0,0,one"], "t,ax,ay,az", "not a number"),
        (["0,0,0,1", "1,0,0"], "t,ax,ay,az", "not a number"),
        (["0,0,0,1"], "t,ax,ay,az", "two rows"),
        (["0,0,0,1", "1,0,0,1"], "t,ax,ay,az", "0 to 1 s, the run needs 0 to 5 s"),
    ],
)
def test_tables_that_cannot_be(tmp_path, rows, head, words):
    write(tmp_path, rows, head)
    s = signal(kind="table", file="g.csv", sign="acceleration")
    with pytest.raises(CaseError, match=words):
        gravity_table.read_table(s, tmp_path, end=5.0)


def test_no_table(tmp_path):
    s = signal(kind="table", file="none.csv", sign="acceleration")
    with pytest.raises(CaseError, match="none.csv"):
        build(s, tmp_path)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"kind": "rotating", "magnitude": 1.0}, "needs period"),
        ({"kind": "sine"}, "needs terms"),
        ({"kind": "sine", "amplitude": 1.0}, "needs frequency"),
        ({"kind": "iss", "amplitude": 1.0}, "amplitude does not belong"),
        ({"kind": "table", "file": "a"}, "needs sign"),
        ({"kind": "parabola", "direction": [0.0, 0.0, 0.0]}, "not be zero"),
    ],
)
def test_signals_that_cannot_be(keys, words):
    with pytest.raises(ValidationError, match=words):
        signal(**keys)


def waved(case, at):
    """A simulation whose gravity is `at` (time -> vector)."""
    sim = simulate(case)
    sim._signal = at
    return sim


def test_a_signal_of_a_constant_has_the_bits_of_the_constant(tmp_path):
    case = drop_case(tmp_path, gravity=(1e-5, 0, -2e-5))
    sim = waved(case, lambda t: np.array([1e-5, 0, -2e-5]))
    for _ in range(12):
        sim.step()
    assert bits(sim) == bits(simulate(case, 12))


def test_a_changing_vector_does_not_prepare_calls_anew(tmp_path, monkeypatch):
    sim = waved(drop_case(tmp_path), lambda t: np.array([1e-5 * t, 0.0, 0.0]))
    flow, made = sim.physics["flow"], []
    prepare = flow.advance._prepare
    monkeypatch.setattr(flow.advance, "_prepare", lambda **g: made.append(g) or prepare(**g))
    for _ in range(24):
        sim.step()
    assert len(made) <= 4


def test_a_step_takes_the_vector_at_its_end(tmp_path):
    times = []
    sim = waved(drop_case(tmp_path), lambda t: times.append(t) or np.zeros(3))
    for _ in range(3):
        sim.step()
    assert times == [1.0, 2.0, 3.0]
