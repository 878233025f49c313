"""Fixtures of the tests of the command line."""

import sys

import pytest

from levitas.solver.cli import main as cli
from tests.support.small import DROP


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
