"""Logs, and what a run says while it goes."""

import json
import sys

import pytest

from levitas.solver.run import log as progress
from levitas.solver.run.log import Log, Progress, duration


@pytest.mark.parametrize(
    "seconds, words",
    [
        *[(0, "0 s"), (0.4, "0.4 s"), (59.4, "59 s"), (60, "1 min 0 s"), (3599, "59 min 59 s")],
        *[(18_600, "5 h 10 min"), (273_600, "3 days 4 h")],
    ],
)
def test_durations_as_people_say_them(seconds, words):
    assert duration(seconds) == words


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test sets: clock.now."""

    class Clock:
        now = 100.0

        def monotonic(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    return clock


def said(folder):
    return [json.loads(line)["text"] for line in (folder / "log.jsonl").read_text().splitlines()]


def test_lines_every_tenth_or_ten_seconds_with_speed_and_time_left(clock, tmp_path, capsys):
    tell = Progress(Log(tmp_path, sys.stderr), cells=2_000_000, title="drop")
    for step in range(0, 31):  # 3 s and 1 % a step
        tell(step, 0.5 * step, step / 100)
        clock.now += 3
    tell.close()
    lines = said(tmp_path)
    assert [int(line.split("step")[1].split()[0]) for line in lines[:3]] == [4, 8, 12]
    assert lines[0] == "  4 %  step 4  t = 2  0.6667 MLUPS  left 4 min 48 s"
    assert capsys.readouterr().err.splitlines() == lines
    clock.now += 2
    tell(60, 30.0, 0.6)  # a jump of more than 10 %
    assert len(said(tmp_path)) == len(lines) + 1


def test_a_run_without_a_known_end_does_not_guess_it(clock, tmp_path):
    tell = Progress(Log(tmp_path, sys.stderr), cells=2_000_000, title="drop")
    for step in range(8):
        tell(step, 0.5 * step, None)
        clock.now += 3
    assert said(tmp_path)[0] == "  step 4  t = 2  0.6667 MLUPS"


def test_ranks_without_a_folder_say_nothing(clock, tmp_path, capsys):
    tell = Progress(Log(None, sys.stderr), cells=10, title="drop")
    for step in range(5):
        tell(step, 0.0, step / 5)
        clock.now += 30
    log = Log(None, sys.stderr)
    log.info("a"), log.warning("b"), log.error("c"), log.note("d")
    assert capsys.readouterr() == ("", "") and not list(tmp_path.iterdir())


def test_log_levels(tmp_path, capsys):
    log = Log(tmp_path, sys.stderr)
    log.info("to all"), log.warning("look"), log.error("in files"), log.note("in files", step=3)
    assert capsys.readouterr().err == "to all\nwarning: look\n"
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["level"] for line in lines] == ["info", "warning", "error", "info"]
    assert lines[3]["step"] == 3 and len((tmp_path / "log.txt").read_text().splitlines()) == 4


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path, capsys):
    Log(tmp_path / "nowhere", sys.stderr).info("still said")
    assert capsys.readouterr().err == "still said\n"
