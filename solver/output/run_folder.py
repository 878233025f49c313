"""The folder of a run: its names, its lock, and what may be removed from it."""

import json
import os
import shutil
import socket
from pathlib import Path

from levitas.solver.errors import CorruptRun, ResourceError, UsageError
from levitas.solver.input.data_file import RESERVED_NAMES
from levitas.solver.output import atomic, summary


class RunFolder:
    """Paths inside a run folder; `lock` it before writing (rank 0)."""

    def __init__(self, path: Path):
        self.path = Path(path)
        self.case, self.series = self.path / "case.toml", self.path / "series.nc"
        self.snapshots, self.checkpoints = self.path / "snapshots", self.path / "checkpoints"
        self.summary, self.pictures = self.path / "summary.json", self.path / "pictures"
        self._lock = None

    def lock(self) -> None:
        """Make the folder and hold it until `release`. ResourceError if another run holds it."""
        from filelock import FileLock, Timeout

        with atomic.writing(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.path / ".lock", timeout=0)
            try:
                lock.acquire()
            except Timeout:
                holder = _read(self.path / ".holder").strip()
                raise ResourceError(
                    f"{self.path} is in use by another run ({holder or 'unknown'}); "
                    "wait for it, stop it, or choose another folder with --out"
                ) from None
            except NotImplementedError:
                return  # a file system without locks
            self._lock = lock
            (self.path / ".holder").write_text(f"process {os.getpid()} on {socket.gethostname()}\n")

    def release(self) -> None:
        """Let other runs use the folder."""
        if self._lock:
            (self.path / ".holder").unlink(missing_ok=True)
            self._lock.release()
            self._lock = None

    def prepare(self, restart: bool) -> None:
        """Empty the folder for a fresh start, or remove what interrupted writes left behind.

        Raises UsageError for a folder that holds such names but no run, and for results that a
        fresh start would write over: nothing is removed there.
        """
        if self.path.exists() and not self.path.is_dir():
            raise UsageError(f"{self.path} is a file, not a folder; choose another one with --out")
        if not (self.path / "log.jsonl").exists():
            taken = [
                name for name in RESERVED_NAMES if name != "stop" and (self.path / name).exists()
            ]
            if taken:
                raise UsageError(
                    f"{self.path} is no run folder but holds {', '.join(taken)}; "
                    "choose another one with --out"
                )
        if not restart and self._would_lose():
            raise UsageError(
                f"{self.path} holds results but no checkpoint to go on from; choose another folder "
                "with --out, or discard that run with --restart"
            )
        with atomic.writing(self.path):
            self._clear() if restart else self._tidy()
            (self.path / "log.jsonl").touch()

    def _would_lose(self) -> bool:
        """Whether there is the summary of a run that came to an end, and no checkpoint of it."""
        if not self.summary.exists() or any(self.checkpoints.glob("ckpt_*")):
            return False
        try:
            return summary.read(self.summary)["status"] in ("done", "stopped")
        except CorruptRun:
            return True

    def write_case(self, case) -> None:
        """Write the resolved case and the data files that it names."""
        for name in case.files:
            source, target = case.folder / name, self.path / name
            if source.resolve() != target.resolve():
                with atomic.writing(target):
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(source, atomic.temporary(target))
                    atomic.publish(atomic.temporary(target), target)
        partial = atomic.temporary(self.case)
        with atomic.writing(self.case):
            case.write(partial)
            atomic.sync(partial)
            atomic.publish(partial, self.case)

    def _clear(self):
        """Remove what runs write here, and nothing else."""
        for name in RESERVED_NAMES:
            path = self.path / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        for path in self.path.glob(".*.partial"):
            path.unlink(missing_ok=True)

    def _tidy(self):
        """Remove what interrupted writes left behind."""
        for path in [*self.path.glob(".*.partial"), *self.snapshots.glob(".*.partial")]:
            path.unlink(missing_ok=True)
        for path in self.checkpoints.glob(".*.partial"):
            shutil.rmtree(path, ignore_errors=True)

    def write_summary(self, summary: dict) -> None:
        """Write summary.json; numbers that JSON cannot hold become null."""
        atomic.write_text(self.summary, json.dumps(plain(summary), indent=2) + "\n")


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def plain(value):
    """A copy that any JSON reader takes: NumPy scalars to Python's, NaN and infinity to None."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not abs(value) < float("inf"):
        return None
    return value
