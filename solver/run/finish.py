"""The end of a run: metrics, checks, pictures, summary."""

import traceback

from levitas.solver.grid.comm import on_first


def finish(case, folder, comm, log, summary: dict) -> dict:
    """Measure and judge a finished run, write its summary, draw; all ranks get the summary.

    What goes wrong in drawing is a warning: the results are whole without pictures.
    """

    def work():
        from levitas.postprocess.results.checks import evaluate

        checks, metrics = evaluate(case, folder.path)
        summary.update(metrics=metrics, checks=checks)
        folder.write_summary(summary)
        draw(case, folder, log)

    on_first(comm, work)
    return comm.bcast(summary)


def draw(case, folder, log) -> None:
    """Draw the pictures of a run folder; a failure is a warning."""
    try:
        from levitas.postprocess.pictures.render import render

        render(folder.path, case=case, warn=log.warning)
    except Exception as error:
        log.error(traceback.format_exc())
        log.warning(
            f"no pictures: {error}; the results are complete (levitas render RUN tries again)"
        )


def failed_checks(case, summary: dict) -> list[dict]:
    """The failed checks that count under --strict.

    These are the ones marked `required`; in a case that marks none, all.
    """
    failed = [check for check in summary["checks"] if check["verdict"] == "failed"]
    required = {check.metric for check in case.model.check if check.required}
    return [c for c in failed if c.get("required", c["metric"] in required)] if required else failed
