"""The benchmark's record, and the counted traffic that it rests on."""

import json

import pytest

from ci import count_traffic
from levitas.solver.backend.cpu import CpuBackend
from levitas.solver.cli import bench
from levitas.solver.cli.traffic import moved_bytes
from levitas.solver.errors import UsageError
from tests.support import nvrtc

KEYS = {
    *("suite", "size", "threads", "mlups", "bytes_moved", "bytes_held", "copy_gbs", "fraction"),
}


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(bench, "SECONDS", 0.01)
    monkeypatch.setattr(bench, "PROBE_BYTES", 1 << 20)


@pytest.mark.parametrize("suite", bench.SUITES)
def test_record_of_a_suite(quick, suite):
    found = json.loads(bench.bench_text(suite, 16, 1, "cpu", True))["results"]
    assert len(found) == 1 and set(found[0]) >= KEYS
    found = found[0]
    assert (found["suite"], found["size"], found["threads"]) == (suite, 16, 1)
    assert found["mlups"] > 0 and found["copy_gbs"] > 0
    rate = found["mlups"] * 1e6 * found["bytes_moved"]
    assert found["fraction"] == pytest.approx(rate / found["copy_gbs"] / 1e9, rel=1e-3)


def test_text_names_every_figure(quick):
    text = bench.bench_text("flow", 16, 1, "cpu", False)
    assert all(name in text for name in KEYS)


@pytest.mark.parametrize("suite, words", [("solid", "comes with its physics"), ("x", "no suite")])
def test_suites_that_there_are_not(suite, words):
    with pytest.raises(UsageError, match=words):
        bench.measure(suite, 16)


def test_held_bytes_are_those_of_the_arrays_that_stay():
    engine = CpuBackend("float32", 1)
    with bench.Held(engine) as held:
        kept = [engine.zeros(250_000)]
        lost = engine.zeros(1_000_000)
        del lost
    assert kept and 1_000_000 <= held.bytes < 1_010_000


def test_memory_a_cell_is_within_its_budget(tmp_path):
    """At 128^3; halos weigh more at 64^3, by (66 (64 + 8) 66)/64^3 with one layer."""
    for suite, layers, budget in (("two-phase", 1, 125), ("thermal", 2, 150)):
        _, held = bench.simulation(suite, 64, CpuBackend("float32", 1), tmp_path)
        halos = {n: (n + 2 * layers) ** 2 * (n + 8) / n**3 for n in (64, 128)}
        assert held / 64**3 / halos[64] * halos[128] <= budget, suite


@pytest.mark.skipif(not nvrtc.available(), reason="needs the NVRTC wheel (levitas[test])")
def test_traffic_table_is_what_the_kernels_move():
    counted = count_traffic.count()
    assert counted == json.loads(count_traffic.TABLE.read_text()), "run python -m ci.count_traffic"
    assert moved_bytes("flow") <= 90 and moved_bytes("two-phase") <= 130
    assert moved_bytes("thermal") <= 150 and moved_bytes("conduction") <= 20
