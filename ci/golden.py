"""Bits of the shipped cases: digests of their start and of a few steps later, against a file.

    python -m ci.golden [--against FILE] [--out FILE] [CASE...]

A change that is to leave every result as it is leaves these digests as they are. The initial state
comes from NumPy, whose rounding differs between processors: where the start differs, the steps say
nothing and count as not compared. The steps themselves have the same bits on every machine.
After a change that is to change results, ci/golden.json is removed and written again with --out.
"""

import argparse
import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from levitas.solver.backend.backend import make_backend
from levitas.solver.case.case import Case, shipped
from levitas.solver.grid.comm import Serial
from levitas.solver.run.simulation import Simulation

FILE = Path(__file__).with_name("golden.json")
STEPS, LARGE = 3, 2e6  # steps until the second digest: one less for a grid of so many cells
Digests = Mapping[str, list[str]]


def digest(sim: Simulation) -> str:
    """The digest of the state and of every readable quantity, 16 digits."""
    total = hashlib.sha256()
    parts = [*sorted(sim.state()[0].items()), *((name, sim.read(name)) for name in sim.names())]
    for name, values in parts:
        total.update(name.encode())
        total.update(values.tobytes())
    return total.hexdigest()[:16]


def measured(names: Iterable[str], known: Digests) -> Iterator[tuple[str, list[str]]]:
    """("case:variant", [digest at the start, digest after the steps]) for those not in `known`.

    The case as it stands, without a variant, is "case:".
    """
    for name in names:
        for variant in (None, *Case.read(name).variants):
            key = f"{name}:{variant or ''}"
            if key not in known:
                yield key, _digests(Case.read(name, variant))


def _digests(case: Case) -> list[str]:
    sim = Simulation(case, make_backend("cpu", case.model.case.precision, 2), Serial())
    start = digest(sim)
    for _ in range(STEPS - (math.prod(sim.grid.cells) >= LARGE)):
        sim.step()
    return [start, digest(sim)]


def compared(found: Digests, known: Digests) -> dict[str, list[str]]:
    """{"start differs", "steps differ", "new", "same"}: names of the entries found."""
    told: dict[str, list[str]] = {n: [] for n in ("start differs", "steps differ", "new", "same")}
    for key, (start, end) in found.items():
        if key not in known:
            told["new"].append(key)
        elif start != known[key][0]:
            told["start differs"].append(key)
        else:
            told["same" if end == known[key][1] else "steps differ"].append(key)
    return told


def text(found: Digests) -> str:
    """Digests as JSON, one entry a line."""
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(both)}" for key, both in found.items())
    return f"{{\n{lines}\n}}\n"


def main() -> int:
    """Measure, compare, say what differs; 7 if steps differ. --out goes on where it was stopped."""
    parser = argparse.ArgumentParser(prog="python -m ci.golden", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("cases", nargs="*", metavar="CASE", help="all shipped ones by default")
    parser.add_argument("--against", type=Path, default=FILE, help=f"by default {FILE.name}")
    parser.add_argument("--out", type=Path, help="write the digests here, one by one")
    chosen = parser.parse_args()
    names, known = chosen.cases or shipped(), {}
    if chosen.against.exists():
        known = json.loads(chosen.against.read_text())
    found = json.loads(chosen.out.read_text()) if chosen.out and chosen.out.exists() else {}
    for key, digests in measured(names, found):
        found[key] = digests
        print(key, *digests, flush=True)
        if chosen.out:
            chosen.out.write_text(text(found))
    told = compared(found, known)
    for what, keys in told.items():
        print(f"{what}: {len(keys)}", *(keys if what not in ("same", "new") else []), sep="\n  ")
    return 7 if told["steps differ"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
