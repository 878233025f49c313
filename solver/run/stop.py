"""Why a run stops early: a signal, its time limit, a file `stop`; all ranks agree on the step."""

import signal
import threading
import time
from pathlib import Path

SIGNALS = (signal.SIGUSR1, signal.SIGTERM, signal.SIGINT)
POLL_SECONDS = 1.0  # seconds between looks for the file `stop`
GO, SAVE, STOP = 0, 1, 2


class Signals:
    """Catches the signals that ask for a stop inside `with`, which may be nested.

    `caught` names the first one. After a SIGINT the next one interrupts at once.
    """

    def __init__(self):
        self.caught, self._depth, self._before = "", 0, {}

    def __enter__(self) -> "Signals":
        main = threading.current_thread() is threading.main_thread()
        if self._depth == 0 and main:  # Python allows handlers in the main thread only
            self._before = {number: signal.signal(number, self._catch) for number in SIGNALS}
        self._depth += 1
        return self

    def __exit__(self, *error) -> None:
        self._depth -= 1
        while self._depth == 0 and self._before:
            signal.signal(*self._before.popitem())

    def _catch(self, number, frame):
        self.caught = self.caught or f"signal {signal.Signals(number).name}"
        if number == signal.SIGINT:
            signal.signal(signal.SIGINT, signal.default_int_handler)


class StopRequests:
    """Asked at every step: GO on, SAVE a checkpoint and go on, or save and STOP.

    folder             of the run, where a file `stop` is looked for (rank 0)
    signals            whose `caught` asks for a stop
    limit              reading of `clock` at which to stop, None for no limit
    checkpoint_every   seconds of wall time between checkpoints, None for none
    """

    def __init__(
        self,
        comm,
        folder: Path,
        signals: Signals,
        limit: float | None = None,
        checkpoint_every: float | None = None,
        clock=time.monotonic,
    ):
        self.comm, self.signals, self.limit, self.clock = comm, signals, limit, clock
        self.file = Path(folder) / "stop"
        self.every, self.saved, self.polled = checkpoint_every, clock(), clock() - POLL_SECONDS
        self._reason = ""

    def poll(self) -> int:
        """GO, SAVE or STOP, the same on all ranks; call it on all of them."""
        return int(self.comm.allreduce(self._mine(), "max")[0])

    def _mine(self) -> int:
        self._reason = self._reason or self.signals.caught
        if self._reason:
            return STOP
        if self.comm.rank:
            return GO
        now = self.clock()
        if self.limit is not None and now >= self.limit:
            self._reason = "time limit"
            return STOP
        if now - self.polled >= POLL_SECONDS:
            self.polled = now
            if self.file.exists():
                self._reason = "file stop"
                return STOP
        return SAVE if self.every is not None and now - self.saved >= self.every else GO

    def reason(self) -> str:
        """The reason of a STOP in words, on rank 0 ("another rank" if it was told there)."""
        return self._reason or "a signal to another rank"

    def clear(self) -> None:
        """The stop has been honoured: the file must not stop the run that resumes."""
        if self.comm.rank == 0:
            self.file.unlink(missing_ok=True)

    def checkpoint_done(self) -> None:
        """Count the wall time to the next checkpoint from now."""
        self.saved = self.clock()
