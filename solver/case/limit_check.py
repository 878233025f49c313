"""One limit of a case: its value, the verdict and, unless ok, what to do."""

from dataclasses import dataclass

from levitas.solver.input.source import Keys


@dataclass(frozen=True)
class Grade:
    """One limit: what it is, its value, the verdict and, unless ok, what to do."""

    name: str
    value: float
    verdict: str  # ok | warn | refuse
    limit: str
    remedy: str = ""
    keys: Keys = ()


def verdict(value: float, warn: float, stop: float) -> str:
    """ok up to `warn`, warn up to `stop`, then refuse."""
    return "ok" if value <= warn * (1 + 1e-9) else "warn" if value <= stop else "refuse"


def graded(
    name: str, value: float, warn: float, stop: float, limit: str, remedy: str, keys: Keys
) -> Grade:
    """The grade of a value that may be too large; `limit` says what lies beyond."""
    found = verdict(value, warn, stop)
    return Grade(name, value, found, "" if found == "ok" else limit, remedy, keys)
