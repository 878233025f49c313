"""Fixtures of the tests of the command line, and how kernels are compiled for tests."""

import os
import sys
from pathlib import Path

import pytest

from levitas.postprocess.pictures import style
from levitas.solver.cli import main as cli
from tests.support.case_texts import RUN

#: Files, or tests in them, of the daily run: `pytest -m quick`.
TESTS = Path(__file__).parent
QUICK = set((TESTS / "quick.txt").read_text().split())


def pytest_collection_modifyitems(items):
    """Mark as quick what quick.txt names."""
    for item in items:
        test = item.nodeid.partition("[")[0].removeprefix("tests/")
        if {test, test.partition("::")[0]} & QUICK:
            item.add_marker("quick")


def pytest_runtest_setup(item):
    """Compile kernels sooner where speed is not what counts: the bits are the same."""
    few_runs = item.path.parent.name in ("kernels", "backend")
    for name, value, on in (
        ("LEVITAS_QUICK_BUILD", "1", few_runs or not item.get_closest_marker("validation")),
        ("LEVITAS_CXXFLAGS", "-O0", few_runs),
    ):
        os.environ.pop(name, None)
        if on:
            os.environ[name] = value


@pytest.fixture(autouse=True)
def coarse_pictures(request, monkeypatch):
    """Pictures that nobody measures are quick to write, with all that is in them."""
    if request.path.parent.name != "pictures":
        monkeypatch.setattr(style, "DPI", 40)


@pytest.fixture
def drop(tmp_path, monkeypatch):
    """A case folder `test/drop` in the working folder."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "test" / "drop"
    folder.mkdir(parents=True)
    (folder / "case.toml").write_text(RUN)
    return folder


@pytest.fixture
def levitas(monkeypatch, capsys):
    """`levitas(*words)` in this process: (exit code, stdout, stderr)."""

    def call(*words):
        monkeypatch.setattr(sys, "argv", ["levitas", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return ended.value.code or 0, said.out, said.err

    return call
