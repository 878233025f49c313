"""Runs as the command line asks for them: one case, or all its variants in turn."""

from dataclasses import replace
from pathlib import Path

from levitas.solver.case.case import Case
from levitas.solver.errors import STOPPED, LevitasError, UsageError, VerificationFailed
from levitas.solver.run.finish import failed_checks
from levitas.solver.run.result_text import check_text, run_text, table
from levitas.solver.run.run import Options, Parts, default_folder, run_case


def run_named(
    path, variant: str | None, overrides: dict, comm, options: Options, strict=False, parts=None
) -> int:
    """Run a case, its variant, or with variant "all" every one of them; the exit code.

    Without --out every variant has its own folder `runs/<family>-<case>-<variant>`; with it,
    `DIR/<variant>`. A variant that fails does not stop the others; the worst code counts. A stop
    ends the whole sequence, and the same command goes on where it was. Collective; raises
    LevitasError for a single run.
    """
    case = Case.read(path, None if variant == "all" else variant, overrides)
    if variant != "all":
        return _run(case, comm, options, strict, parts)[1]
    if not case.variants:
        raise UsageError(f"{case.family}/{case.name} has no variants: run it without --variant")
    with options.signals:
        return _all(case, path, overrides, comm, options, strict, parts)


def _all(case, path, overrides, comm, options, strict, parts) -> int:
    rows, codes, done = [], [], {}
    for name in case.variants:
        out = options.out / name if options.out else None
        try:
            one = Case.read(path, name, overrides)
            result, code = _run(one, comm, replace(options, out=out), strict, parts)
            if result["status"] == "done":
                done[name] = out or default_folder(one)
        except LevitasError as error:
            result, code = error, error.exit_code
            if not comm.fail_together(code):
                raise  # this rank alone: the others wait for it somewhere in the run
            if comm.rank == 0:
                print(f"{name}: {error}", flush=True)
        rows.append((name, result))
        codes.append(code)
        if code == STOPPED:
            break
    if comm.rank == 0:
        print(table(rows), flush=True)
    if STOPPED not in codes:
        codes.append(comm.bcast(_together(case, done, strict) if comm.rank == 0 else None))
    return worst(codes)


def _together(case, done: dict[str, Path], strict: bool) -> int:
    """Judge and draw what the variants say together; the exit code."""
    from levitas.postprocess.results.variants import judge

    try:
        checks = judge(case, done)
    except LevitasError as error:
        print(f"the variants cannot be judged together: {error}", flush=True)
        return error.exit_code
    for check in checks:
        print("  " + check_text(check), flush=True)
    try:
        from levitas.postprocess.pictures.render import render_variants

        for path in render_variants(done.values(), warn=print) if done else []:
            print(f"  picture: {path}")
    except Exception as error:  # the results are whole without pictures
        print(f"warning: no pictures over the variants: {error}", flush=True)
    failed = strict and failed_checks(case, {"checks": checks})
    return VerificationFailed.exit_code if failed else 0


def _run(case, comm, options: Options, strict: bool, parts: Parts | None) -> tuple[dict, int]:
    summary = run_case(case, comm, options, parts)
    if comm.rank == 0:
        print(run_text(summary, options.out or default_folder(case)), flush=True)
    if summary["status"] == "stopped":
        return summary, STOPPED
    failed = strict and failed_checks(case, summary)
    return summary, VerificationFailed.exit_code if failed else 0


def worst(codes: list[int]) -> int:
    """The code of a sequence of runs: stopped before all, an error before a failed check."""
    if STOPPED in codes:
        return STOPPED
    order = (0, 7, 2, 3, 4, 5, 6, 1)
    return max(codes, key=lambda code: order.index(code) if code in order else len(order))
