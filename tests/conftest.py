"""Fixtures of the tests of the command line, and how kernels are compiled for tests."""

import os
import sys
from pathlib import Path

import pytest

from levitas.solver.cli import main as cli
from levitas.solver.grid.block import Block
from tests.support.case_texts import RUN

#: Files, or tests in them, of the daily run: `pytest -m quick`.
TESTS = Path(__file__).parent
QUICK = set((TESTS / "quick.txt").read_text().split())
#: Folders whose simulations may have wider rows than those of users.
PADDED = ("case", "geometry", "output", "physics", "postprocess", "study")


def pytest_collection_modifyitems(items):
    """Mark as quick what quick.txt names."""
    for item in items:
        test = item.nodeid.partition("[")[0].removeprefix("tests/")
        if {test, test.partition("::")[0]} & QUICK:
            item.add_marker("quick")


def pytest_runtest_setup(item):
    """Compile kernels sooner where speed is not what counts: the bits are the same."""
    if item.get_closest_marker("validation"):
        os.environ.pop("LEVITAS_CXXFLAGS", None)
    else:
        os.environ["LEVITAS_CXXFLAGS"] = "-O1"


@pytest.fixture(autouse=True)
def shared_kernels(request, monkeypatch):
    """Pad rows and planes so that small grids of many sizes share their kernels.

    The bits are the same; tests of memory, of kernels and of commands keep the layout of users.
    """
    folder = request.path.relative_to(TESTS).parts[0]
    if folder in PADDED and not request.node.get_closest_marker("validation"):
        monkeypatch.setattr(Block, "row_bytes", 512)
        monkeypatch.setattr(Block, "plane_rows", 64)


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
