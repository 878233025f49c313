"""Bits of shipped cases are those of ci/golden.json; what a comparison says."""

import json

import pytest

from ci import golden
from levitas.solver.case.case import Case
from levitas.solver.cli.catalogue import cases

KNOWN = json.loads(golden.FILE.read_text())
SMALL = ("benchmark/taylor-green", "benchmark/conduction-contrast", "benchmark/accelerated-box")


@pytest.mark.parametrize("name", SMALL)
def test_bits_are_as_they_were(name):
    others = {key: both for key, both in KNOWN.items() if not key.startswith(f"{name}:")}
    found = dict(golden.measured([name], others))
    assert found.keys() == KNOWN.keys() - others.keys()
    told = golden.compared(found, KNOWN)
    assert not told["steps differ"] and not told["new"]
    if told["start differs"]:
        pytest.skip(f"NumPy rounds otherwise on this machine: {told['start differs']}")


def test_every_entry_is_of_a_shipped_case():
    names = {f"{r['name']}:{v}" for r in cases() for v in ("", *r["variants"].split())}
    assert KNOWN.keys() <= names


def test_what_a_comparison_says():
    known = {"a:": ["1", "2"], "b:": ["1", "2"], "c:": ["1", "2"]}
    found = {"a:": ["1", "2"], "b:": ["1", "3"], "c:": ["0", "3"], "d:": ["1", "2"]}
    said = {"same": ["a:"], "steps differ": ["b:"], "start differs": ["c:"], "new": ["d:"]}
    assert golden.compared(found, known) == said


@pytest.mark.parametrize("end, code", [("2", 0), ("3", 7)])
def test_the_command_goes_on_and_compares(end, code, tmp_path, monkeypatch, capsys):
    name, measured = "benchmark/taylor-green", []
    (tmp_path / "known.json").write_text(json.dumps({f"{name}:n16": ["1", "2"]}))
    (tmp_path / "out.json").write_text(json.dumps({f"{name}:": ["1", "2"]}))
    monkeypatch.setattr(
        golden, "_digests", lambda case: measured.append(case.variant) or ["1", end]
    )
    files = ["--against", str(tmp_path / "known.json"), "--out", str(tmp_path / "out.json")]
    monkeypatch.setattr("sys.argv", ["golden", *files, name])
    assert golden.main() == code
    assert measured == Case.read(name).variants
    assert len(json.loads((tmp_path / "out.json").read_text())) == 1 + len(measured)
    assert f"steps differ: {code // 7}" in capsys.readouterr().out
