"""Run folders that were spoilt: a line and an exit code, and nothing written before is lost."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from levitas.solver.cli.main import app
from tests.support.case_texts import RUN
from tests.support.command import summary


def spoil(folder, name, data):
    path = folder / name
    assert path.exists()
    path.write_bytes(data if isinstance(data, bytes) else data(path.read_bytes()))


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """A case with the folder of a run that ended in it, to be copied."""
    folder = tmp_path_factory.mktemp("whole")
    text = RUN.replace("pictures = []", 'pictures = [{ kind = "slice", field = "phi" }]')
    (folder / "case.toml").write_text(text)
    words = ["run", folder, "--out", folder / "run", "--threads", 1]
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture
def done(once, drop):
    """A run that ended."""
    shutil.copytree(once, drop, dirs_exist_ok=True)
    return drop / "run"


SUMMARIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"3",
    b'{"status": "done"}',
    b"\0\xff",
    b"[" * 100_000,
]


def changed(**keys):
    return lambda data: json.dumps(json.loads(data) | keys).encode()


@pytest.mark.parametrize(
    "data",
    [
        *SUMMARIES,
        changed(checks=[3]),
        changed(checks=[{"metric": "a", "verdict": "b", "value": 1, "reference": 2}]),
        changed(metrics={"a": 3}),
        changed(metrics=[]),
        changed(labels="x"),
        changed(provenance=None),
        changed(mlups="fast"),
    ],
)
def test_a_damaged_summary(done, levitas, data):
    spoil(done, "summary.json", data)
    for words in (("info", done), ("info", done, "--json"), ("render", done)):
        code, _, said = levitas(*words)
        assert code == 6 and "summary.json is damaged: " in said
        assert "run the command that wrote it again" in said
    code, _, said = levitas("run", done.parent, "--out", done)
    assert code == 0 and summary(done)["status"] == "done", said


def test_results_without_a_checkpoint_are_not_written_over(done, levitas):
    before = (done / "series.nc").read_bytes()
    shutil.rmtree(done / "checkpoints")
    for spoilt in (False, True):
        if spoilt:
            spoil(done, "summary.json", b"{")
        code, _, said = levitas("run", done.parent, "--out", done)
        assert code == 2 and "--restart" in said and "no checkpoint" in said
        assert (done / "series.nc").read_bytes() == before
    assert levitas("run", done.parent, "--out", done, "--restart")[0] == 0


@pytest.mark.parametrize("data", [b"", b"junk" * 500, lambda d: d[:-9], lambda d: b"XDF" + d[3:]])
def test_a_damaged_series_is_told_with_what_to_do(done, levitas, data):
    spoil(done, "series.nc", data)
    code, _, said = levitas("run", done.parent, "--out", done)
    assert code == 6 and "series.nc is " in said and "restore it from a copy" in said
    assert (done / "checkpoints" / "ckpt_00000060").exists()


def test_a_damaged_snapshot(done, levitas):
    spoil(done, "snapshots/snap_00000040.nc", lambda data: data[: len(data) // 2])
    code, _, said = levitas("render", done)
    assert code == 6 and "snap_00000040.nc" in said and "remove it" in said


def test_a_folder_where_a_picture_goes(done, levitas):
    (done / "pictures" / "slice-phi.png").unlink()
    (done / "pictures" / "slice-phi.png").mkdir()
    code, _, said = levitas("render", done)
    assert code == 5 and "slice-phi.png" in said


@pytest.mark.parametrize("name", ["x" * 400, "none", "/dev/null"])
def test_a_folder_that_is_none(levitas, name):
    assert levitas("info", name)[0] == 6
    assert levitas("render", name)[0] == 2
