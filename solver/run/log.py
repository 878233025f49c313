"""What a run says while it goes: the logs of its folder, and a bar or plain lines for the user."""

import json
import time
from datetime import datetime
from pathlib import Path
from typing import TextIO


class Log:
    """`log.txt` for people and `log.jsonl` for programs; messages also go to a terminal, if any.

    Only rank 0 has one that writes; elsewhere `folder` is None and nothing happens.
    """

    def __init__(self, folder: Path | None, terminal: TextIO | None = None):
        self.folder, self.terminal = folder, terminal if folder else None

    def info(self, text: str, **facts) -> None:
        """Something worth telling."""
        self._say("info", text, facts)

    def warning(self, text: str, **facts) -> None:
        """Something that the user should look at."""
        self._say("warning", text, facts)

    def note(self, text: str, **facts) -> None:
        """Into the files only."""
        self._write("info", text, facts)

    def error(self, text: str, **facts) -> None:
        """Into the files only: the command line prints errors itself."""
        self._write("error", text, facts)

    def _say(self, level: str, text: str, facts: dict):
        self._write(level, text, facts)
        if self.terminal:
            prefix = "warning: " if level == "warning" else ""
            self.terminal.write(f"{prefix}{text}\n")
            self.terminal.flush()

    def _write(self, level: str, text: str, facts: dict):
        if not self.folder:
            return
        now = datetime.now().astimezone()
        line = {"time": now.isoformat(timespec="milliseconds"), "level": level, "text": text}
        try:
            with open(self.folder / "log.txt", "a", encoding="utf-8") as file:
                file.write(f"{now:%Y-%m-%d %H:%M:%S} {level:7} {text}\n")
            with open(self.folder / "log.jsonl", "a", encoding="utf-8") as file:
                file.write(json.dumps(line | facts) + "\n")
        except OSError:
            pass  # a full disk is reported by what matters: series, snapshots, checkpoints


class Progress:
    """A bar on a terminal; elsewhere a line every 10 s or 10 %, whichever comes first.

    fraction    share of the run that is done, between 0 and 1 (0 where the end is not known)
    """

    SECONDS, SHARE = 10.0, 0.1

    def __init__(self, log: Log, cells: int, title: str):
        self.log, self.cells, self.title = log, cells, title
        self.begin = self.shown = time.monotonic()
        self.first_step = self.first_fraction = self.shown_fraction = None
        self.bar = self.task = None
        if log.terminal and log.terminal.isatty():
            self._open_bar(log.terminal)

    def _open_bar(self, terminal: TextIO):
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:3.0f} %  step {task.fields[step]}  {task.fields[rate]}"),
            TextColumn("left {task.fields[left]}"),
            console=Console(file=terminal),
        )
        self.task = self.bar.add_task(self.title, total=1.0, step=0, rate="", left="?")
        self.bar.start()

    def __call__(self, step: int, at: float, fraction: float | None) -> None:
        """Tell how far the run is: step, simulated time, fraction; cheap, call it at every step.

        The fraction is None where nobody knows when the run ends.
        """
        now, known = time.monotonic(), fraction is not None
        fraction = fraction if known else 0.0
        if self.first_step is None:
            self.first_step, self.first_fraction, self.shown_fraction = step, fraction, fraction
            self.begin = self.shown = now
            return
        if self.bar and (now - self.shown > 0.2 or fraction >= 1):
            rate, left = self._estimate(step, fraction, now)
            self.bar.update(self.task, completed=fraction, step=step, rate=rate, left=left)
            self.shown = now
        elif not self.bar and self._due(fraction, now):
            rate, left = self._estimate(step, fraction, now)
            text = f"step {step}  t = {at:.4g}  {rate}"
            text = f"{100 * fraction:3.0f} %  {text}  left {left}" if known else f"  {text}"
            self.log.info(text, step=step, fraction=fraction if known else None)
            self.shown, self.shown_fraction = now, fraction

    def _due(self, fraction: float, now: float) -> bool:
        since = now - self.shown
        return since > self.SECONDS or (fraction >= self.shown_fraction + self.SHARE and since > 1)

    def _estimate(self, step: int, fraction: float, now: float) -> tuple[str, str]:
        wall = max(now - self.begin, 1e-9)
        rate = f"{(step - self.first_step) * self.cells / wall / 1e6:.4g} MLUPS"
        done = fraction - self.first_fraction
        return rate, duration(wall * (1 - fraction) / done) if done > 0 else "?"

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self.bar:
            self.bar.stop()
            self.bar = None


def duration(seconds: float) -> str:
    """Seconds as people say them: "42 s", "3 min 20 s", "5 h 10 min", "3 days 4 h"."""
    if seconds < 0.95:
        return f"{seconds:.2g} s"
    seconds = int(seconds + 0.5)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} h {seconds % 3600 // 60} min"
    return f"{seconds // 86400} days {seconds % 86400 // 3600} h"
