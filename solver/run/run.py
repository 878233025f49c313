"""One run: its folder, the loop, and why it ends."""

import math
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from levitas.solver.errors import CaseError, Diverged, LevitasError
from levitas.solver.grid.comm import on_first
from levitas.solver.output import checkpoint
from levitas.solver.output.run_folder import RunFolder
from levitas.solver.run.end import NO_LAST_STEP, last_step
from levitas.solver.run.finish import finish
from levitas.solver.run.log import Log, Progress
from levitas.solver.run.outputs import make_outputs
from levitas.solver.run.provenance import provenance
from levitas.solver.run.stop import SAVE, STOP, Signals, StopRequests

HEALTH_STEPS = 100  # steps between looks for values that are not finite


@dataclass
class Options:
    """How to run a case; none of it changes a result.

    `max_hours` count from `begin`, and `signals` stop the run: runs in a sequence share both.
    Messages and progress go to `terminal`; without one nothing is said but in the log files.
    """

    out: Path | None = None
    steps: int | None = None
    threads: int | None = None
    backend: str = "auto"
    max_hours: float | None = None
    restart: bool = False
    terminal: TextIO | None = None
    begin: float = field(default_factory=time.monotonic)
    signals: Signals = field(default_factory=Signals)

    @property
    def limit(self) -> float | None:
        """Reading of the monotonic clock at which `max_hours` are over."""
        return None if self.max_hours is None else self.begin + 3600 * self.max_hours


def default_folder(case) -> Path:
    """`runs/<family>-<case>[-variant]` in the working folder."""
    names = (case.family, case.name, case.variant)
    return Path("runs") / "-".join(name for name in names if name)


@dataclass
class Parts:
    """What a run is made of: the simulation, the measures of its series, its end."""

    simulation: Callable  # (case, backend, comm) -> Simulation
    measure: Callable  # (sim) -> Measures on rank 0
    finish: Callable = finish  # (case, folder, comm, log, summary) -> summary


def standard_parts() -> Parts:
    """The parts of a real run."""
    from levitas.postprocess.results.series import measure
    from levitas.solver.run.simulation import Simulation

    return Parts(Simulation, measure)


def run_case(case, comm, options: Options, parts: Parts | None = None) -> dict:
    """Run a case in its folder and return the summary; collective.

    Raises LevitasError, after the summary says what happened; what was written until then stays.
    """
    folder = RunFolder(options.out or default_folder(case))
    on_first(comm, folder.lock)
    try:
        with options.signals:
            return ActiveRun(case, folder, comm, options, parts or standard_parts())()
    finally:
        folder.release()


class ActiveRun:
    """A run under way: `ActiveRun(...)()` gives its summary."""

    def __init__(self, case, folder: RunFolder, comm, options: Options, parts: Parts):
        self.case, self.folder, self.comm = case, folder, comm
        self.options, self.parts = options, parts
        self.log = Log(None)  # until the folder is known to be a run's
        self.name = f"{case.family}/{case.name}".strip("/")
        self.title = f"{self.name} ({case.variant})" if case.variant else self.name
        self.clock = {"wall_seconds": 0.0, "steps": 0}  # of all sessions of this run
        self.begin = self.counted = None  # reading of the clock and step of the last count
        self.saved = None  # step of the newest checkpoint
        self.sim = self.outputs = self.last = None  # made by `_open`; the step at which it ends
        self.origin = {}  # where the results come from
        every = case.model.output.checkpoint.every
        self.stops = StopRequests(comm, folder.path, options.signals, options.limit, every)

    def __call__(self) -> dict:
        try:
            self._open()
            if self._loop():
                done = self._facts("done")
                return self.parts.finish(self.case, self.folder, self.comm, self.log, done)
            return self._stopped()
        except BaseException as error:
            self._failed(error)
            raise
        finally:
            if self.outputs:
                self.outputs.close()

    def _open(self):
        """Folder, backend, simulation, outputs; go on from a checkpoint if there is one."""
        from levitas.solver.backend.backend import make_backend

        precision = self.case.model.case.precision
        on_first(self.comm, lambda: self.folder.prepare(self.options.restart))
        self.log = Log(self.folder.path if self.comm.rank == 0 else None, self.options.terminal)
        found = checkpoint.latest(self.folder.checkpoints, self.comm, self.log.warning)
        if found and found.manifest["case"] != self.case.digest:
            raise CaseError(
                f"{self.folder.path} holds a run of another case (compare the case.toml there): "
                "choose another folder with --out, or discard that run with --restart"
            )
        backend = make_backend(self.options.backend, precision, self.options.threads)
        self.origin = provenance(backend, self.comm, precision)
        self.sim = self.parts.simulation(self.case, backend, self.comm)
        self.last = last_step(self.case, self.options.steps)
        self.outputs = make_outputs(self.case, self.folder, self.sim.grid, self.parts.measure)
        if found:
            self._resume(found)
        on_first(self.comm, lambda: self.folder.write_case(self.case))
        self._tell()
        for label in self.case.labels:
            self.log.warning(label)

    def _tell(self):
        """What is about to run, in one line."""
        sim, engine = self.sim, self.sim.backend
        cells = " x ".join(map(str, sim.grid.cells))
        end = "until steady" if self.last == NO_LAST_STEP else f"to step {self.last}"
        where = f"{engine.name}, ranks {self.comm.size}, threads {engine.threads}"
        self.log.info(f"{self.title}: {cells} cells, {end}; {where}; in {self.folder.path}")

    def _resume(self, found):
        state = found.restore(self.sim)
        self.clock, self.saved = state["clock"], self.sim.steps
        self.outputs.restore(state, self.sim)
        self.log.info(f"resumed at step {self.sim.steps}")

    def _loop(self) -> bool:
        """Step until the end (True) or an early stop (False); either way save."""
        sim, cells, outputs = self.sim, math.prod(self.sim.grid.cells), self.outputs
        self.begin, self.counted = time.monotonic(), sim.steps
        progress = Progress(self.log, cells, self.title)
        try:
            self._write_due()
            while sim.steps < self.last and not (outputs.steady and outputs.steady.reached):
                due = outputs.saving and outputs.saving.due(sim) and sim.steps > 0
                request = self.stops.poll()
                if request == STOP or request == SAVE or due:
                    self._save()
                if request == STOP:
                    return False
                sim.step()
                if sim.steps % HEALTH_STEPS == 0:
                    sim.check_health()
                self._write_due()
                endless = self.last == NO_LAST_STEP
                progress(sim.steps, sim.time, None if endless else sim.steps / self.last)
            self._save()
        finally:
            progress.close()
        self._write_last()
        return True

    def _write_due(self):
        outputs = self.outputs
        for output in outputs.written:
            if output.schedule.due(self.sim):
                self.sim.check_health()
                output(self.sim)
                if outputs.steady and output is outputs.series:
                    outputs.steady.look(self.sim.steps, output.newest)

    def _write_last(self):
        """The last record and snapshot, off schedule: after the checkpoint, which forgets them."""
        for output in self.outputs.written:
            if output.last != self.sim.steps:
                output(self.sim)

    def _save(self):
        """A checkpoint of now, unless there is one."""
        self.sim.backend.wait()
        self._count()
        if self.saved == self.sim.steps:
            return
        self.sim.check_health()
        state = self.outputs.state() | {"clock": dict(self.clock)}
        keep = self.case.model.output.checkpoint.keep
        checkpoint.write(self.folder.checkpoints, self.sim, state, keep)
        self.saved = self.sim.steps
        self.stops.checkpoint_done()
        self.log.note(f"checkpoint at step {self.saved}", step=self.saved)

    def _count(self):
        """Add steps and wall time since the last count to those of the run."""
        now, steps = time.monotonic(), self.sim.steps
        self.clock["wall_seconds"] += now - self.begin
        self.clock["steps"] += steps - self.counted
        self.begin, self.counted = now, steps

    def _stopped(self) -> dict:
        summary = self._facts("stopped")
        reason = self.stops.reason()
        self.log.info(
            f"stopped at step {self.sim.steps} ({reason}); run the same command again to continue"
        )
        on_first(self.comm, lambda: self.folder.write_summary(summary))
        self.stops.clear()
        return summary

    def _facts(self, status: str) -> dict:
        sim, wall = self.sim, self.clock["wall_seconds"]
        updates = math.prod(sim.grid.cells) * self.clock["steps"]
        return {
            "status": status,
            "case": self.name,
            "variant": self.case.variant,
            "steps": sim.steps,
            "time": sim.time,
            "wall_seconds": round(wall, 3),
            "mlups": round(updates / wall / 1e6, 3) if wall else 0.0,
            "metrics": {},
            "checks": [],
            "labels": list(self.case.labels),
            "provenance": self.origin,
        }

    def _failed(self, error: BaseException):
        """Say in log and summary what happened to a run that had begun."""
        status = "diverged" if isinstance(error, Diverged) else "failed"
        self.log.error(f"{status}: {error or type(error).__name__}")
        if isinstance(error, Exception) and not isinstance(error, LevitasError):
            self.log.error(traceback.format_exc())
            error.logged = self.folder.path / "log.txt"
        if self.sim is None or self.comm.rank:
            return
        try:
            if self.begin is not None:
                self._count()
            why = str(error) if isinstance(error, LevitasError) else type(error).__name__
            self.folder.write_summary(self._facts(status) | {"error": why})
        except LevitasError:
            pass  # the disk is full: the error that is on its way says so
