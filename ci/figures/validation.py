"""docs/validation.md: what every variant of every shipped case found, beside its references.

Rows that are older than what they rest on (digest.py) run again, the cheapest first, each stored
in docs/validation.json as it is done: a stop loses one run, the same command goes on.
"""

import math

from ci.figures.rows import Row, Stopped, read, run, write
from ci.figures.validation_page import said, written
from levitas.solver.errors import STOPPED, VerificationFailed
from levitas.solver.run.result_text import columns

MINUTE = 60.0  # rows that cost less run in every CI


def main(
    everything: bool = False,
    under: float = math.inf,
    strict: bool = False,
    only_list: bool = False,
    threads: int | None = None,
) -> int:
    """Bring stale rows up to date, write the page; the exit code.

    With `strict` 7 if a row is still stale, or a required check fails that is not known to.
    """
    rows = read()
    if only_list:
        print(listing(rows))
        return 0
    try:
        rows = updated(rows, everything, under, threads)
    except Stopped as row:
        print(f"stopped at {row}; the same command goes on")
        return STOPPED
    path, wrong = written(rows)
    late = [row.key for row in rows if row.stale]
    print(path, said("Not up to date", late), said("Not as required", wrong), sep="\n")
    return VerificationFailed.exit_code if strict and (late or wrong) else 0


def updated(rows: list[Row], everything: bool, under: float, threads: int | None) -> list[Row]:
    """The rows after runs of the stale ones (or of all) that cost less than `under` seconds."""
    table = {row.key: row for row in rows}
    chosen = [row for row in rows if (everything or row.stale) and row.seconds < under]
    for n, row in enumerate(sorted(chosen, key=lambda row: row.seconds), 1):
        table[row.key] = run(row, threads)
        write(table.values())
        print(f"{n}/{len(chosen)} {row.key}: {table[row.key].seconds:.3g} s", flush=True)
    return list(table.values())


def listing(rows: list[Row]) -> str:
    """The stale rows, what they cost and what changed; what all rows and the cheap ones cost."""
    late = [row for row in sorted(rows, key=lambda row: row.seconds) if row.stale]
    head = ("stale row", "seconds", "changed")
    lines = [head, *((row.key, f"{row.seconds:.3g}", ", ".join(row.stale)) for row in late)]
    cheap = [row for row in rows if row.seconds < MINUTE]
    sums = [
        f"{len(some)} for {sum(row.seconds for row in some):.0f} s" for some in (rows, late, cheap)
    ]
    total = "Processor seconds; all rows: {}, stale: {}, below a minute each: {}.".format(*sums)
    return "\n".join([*(columns(lines) if late else ["no stale row"]), total])
