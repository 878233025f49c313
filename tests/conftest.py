"""Fixtures of the tests of the command line, and how kernels are compiled for tests."""

import os
import sys

import pytest

from levitas.solver.cli import main as cli
from tests.support.small import DROP


def pytest_runtest_setup(item):
    """Compile kernels sooner where speed is not what counts: the bits are the same."""
    if item.get_closest_marker("validation"):
        os.environ.pop("LEVITAS_CXXFLAGS", None)
    else:
        os.environ["LEVITAS_CXXFLAGS"] = "-O1"


@pytest.fixture
def drop(tmp_path, monkeypatch):
    """A case folder `test/drop` in the working folder."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "test" / "drop"
    folder.mkdir(parents=True)
    (folder / "case.toml").write_text(DROP)
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
