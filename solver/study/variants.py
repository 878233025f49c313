"""Runs as the command line asks for them: one case, or all its variants in turn."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from levitas.solver.case.case import Case
from levitas.solver.errors import STOPPED, LevitasError, UsageError, VerificationFailed
from levitas.solver.run.finish import failed_checks
from levitas.solver.run.result_text import check_text, table
from levitas.solver.run.run import Options, Parts
from levitas.solver.study.runs import Outcome, StudyRun, run_all, silent


def run_named(
    path,
    variant: str | None,
    overrides: dict,
    comm,
    options: Options,
    strict: bool = False,
    parts: Parts | None = None,
    say: Callable[[str], None] = silent,
) -> int:
    """Run a case, its variant, or with variant "all" every one of them; the exit code.

    Without --out every variant has its own folder `runs/<family>-<case>-<variant>`; with it,
    `DIR/<variant>`. A variant that fails does not stop the others; the worst code counts. A stop
    ends the whole sequence, and the same command goes on where it was. Collective; raises
    LevitasError for a single run. What is worth telling goes to `say` as text, on rank 0.
    """
    case = Case.read(path, None if variant == "all" else variant, overrides)

    def done(outcome: Outcome) -> None:
        say(outcome.text)

    if variant != "all":
        single = StudyRun(case.variant or case.name, lambda: case, options.out)
        return run_all([single], comm, options, parts, done)[0].code(strict)
    if not case.variants:
        raise UsageError(f"{case.family}/{case.name} has no variants: run it without --variant")
    out = options.out
    runs = [
        StudyRun(name, partial(Case.read, path, name, overrides), out / name if out else None)
        for name in case.variants
    ]
    with options.signals:
        outcomes = run_all(runs, comm, options, parts, done, keep_going=True)
        codes = [outcome.code(strict) for outcome in outcomes]
        if comm.rank == 0:
            say(table([(one.name, one.error or one.summary) for one in outcomes]))
        if STOPPED not in codes:
            folders = {one.name: one.folder for one in outcomes if one.status == "done"}
            together = _together(case, folders, strict, say) if comm.rank == 0 else None
            codes.append(comm.bcast(together))
    return worst(codes)


def _together(case, folders: dict[str, Path], strict: bool, say: Callable[[str], None]) -> int:
    """Judge and draw what the variants say together; the exit code."""
    from levitas.postprocess.results.variants import judge

    try:
        checks = judge(case, folders)
    except LevitasError as error:
        say(f"the variants cannot be judged together: {error}")
        return error.exit_code
    for check in checks:
        say("  " + check_text(check))
    try:
        from levitas.postprocess.pictures.render import render_variants

        for path in render_variants(folders.values(), warn=say) if folders else []:
            say(f"  picture: {path}")
    except Exception as error:  # the results are whole without pictures
        say(f"warning: no pictures over the variants: {error}")
    failed = strict and failed_checks(case, {"checks": checks})
    return VerificationFailed.exit_code if failed else 0


def worst(codes: list[int]) -> int:
    """The code of a sequence of runs: stopped before all, an error before a failed check."""
    if STOPPED in codes:
        return STOPPED
    order = (0, 7, 2, 3, 4, 5, 6, 1)
    return max(codes, key=lambda code: order.index(code) if code in order else len(order))
