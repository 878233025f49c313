"""Many runs, one after the other: what variants, levels of a study and sweeps share."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from levitas.solver.case.case import Case
from levitas.solver.errors import STOPPED, LevitasError, VerificationFailed
from levitas.solver.run.finish import failed_checks
from levitas.solver.run.result_text import run_text
from levitas.solver.run.run import Options, Parts, default_folder, run_case


class StudyRun(NamedTuple):
    """A run of a study: its name there, how its case is read, its folder (the default one if None).

    A case is read when its turn comes, so that one that cannot be read is that run's error.
    """

    name: str
    read: Callable[[], Case]
    folder: Path | None = None


class Outcome(NamedTuple):
    """What came of a run: its summary and the failed checks that count, or the error that ended it.

    The folder is None for a case that could not be read, if it was to be the default one.
    """

    name: str
    folder: Path | None
    summary: dict
    failed: list[dict]
    error: LevitasError | None = None

    @property
    def status(self) -> str:
        """As the summary has it: "done", "stopped"; "failed" with an error."""
        return "failed" if self.error else self.summary["status"]

    @property
    def text(self) -> str:
        """A few lines for the terminal."""
        return f"{self.name}: {self.error}" if self.error else run_text(self.summary, self.folder)

    def code(self, strict: bool = False) -> int:
        """The exit code of a command that ran it; `strict`: failed checks count."""
        if self.error:
            return self.error.exit_code
        if self.status == "stopped":
            return STOPPED
        return VerificationFailed.exit_code if strict and self.failed else 0


def silent(*_) -> None:
    """Say nothing: what a study says to a caller that does not listen."""


def run_all(
    runs: Iterable[StudyRun],
    comm,
    options: Options,
    parts: Parts | None = None,
    done: Callable[[Outcome], None] = silent,
    keep_going: bool = False,
) -> list[Outcome]:
    """Run cases in turn; what came of each that was begun. Collective; prints nothing.

    done         told of each outcome as it comes, on rank 0
    keep_going   an error of all ranks together is the outcome of its run, not the end of the study
    A stop ends the sequence; the same call goes on where it was. Raises LevitasError.
    """
    outcomes: list[Outcome] = []
    with options.signals:
        for run in runs:
            outcomes.append(_outcome(run, comm, options, parts, keep_going))
            if comm.rank == 0:
                done(outcomes[-1])
            if outcomes[-1].status == "stopped":
                break
    return outcomes


def _outcome(run: StudyRun, comm, options: Options, parts, keep_going: bool) -> Outcome:
    folder = run.folder
    try:
        case = run.read()
        folder = folder or default_folder(case)
        summary = run_case(case, comm, replace(options, out=folder), parts)
        return Outcome(run.name, folder, summary, failed_checks(case, summary))
    except LevitasError as error:
        # Where this rank fails alone, the others wait for it somewhere in the run.
        if not keep_going or not comm.fail_together(error.exit_code):
            raise
        return Outcome(run.name, folder, {}, [], error)
