"""What a physics declares: one record for each physics, in its `section.py`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Quantity:
    """A field that can be read, written and drawn: its unit (CF spelling) and what it is.

    kind     "number", or "label" for integers that count or name (grains): no arithmetic on them
    exact    may `[[exact]]` give it, for the metric NAME_error?
    """

    unit: str
    about: str
    kind: str = "number"
    exact: bool = True


def _empty(*_: Any) -> dict:
    return {}


def _none(*_: Any) -> list:
    return []


@dataclass(frozen=True)
class Physics:
    """A physics as the reading of a case knows it. Every hook has a default that adds nothing.

    Hooks are called for cases that have its section. They know neither grid nor backend; `case` is
    a case, for `speeds` one whose time step is not settled yet (no scales, lattice).

    params      the record of its section, a Section
    fields      {name: Quantity}: the list of its fields; all others are made of it
    check       (sections, faults): notes faults of rules between keys that need no numbers
    needs       (sections, phase) -> properties that it takes of the material of a phase
    complete    (section, u_ref, scales) -> the section, what depends on the time step filled in
    speeds      (case) -> {where from: velocity (m/s) that it may drive}
    bounds      (model, fluids) -> {name of a bound: largest time step (s)}
    lattice     (model, fluids, scales) -> {name: number in lattice units}, for `case.lattice`
    absent      such numbers of cases without the section. They are in the digest of every case: a
                name more, and runs made before can no longer be resumed
    ranges      (model, sampled) -> {field: (lowest, highest value)} that the case declares
    start       (case, places, shape) -> {field: values at the start, SI} of its scalars
    limits      (case) -> its limits, each with a verdict
    numbers     (case) -> {name: dimensionless number}
    rows        (case) -> rows (name, SI value, unit, lattice value) of the table of `check`
    cell_bytes  (model) -> bytes a cell of its fields in float32

    model is the CaseModel, fluids {"liquid": material, "gas": material} as they are run: a gas
    density raised to the cap, viscosities raised to the floor (of bounds: not yet).
    """

    params: type
    fields: dict[str, Quantity] = field(default_factory=dict)
    check: Callable[[dict, Any], None] = lambda sections, faults: None
    needs: Callable[[dict, str], list[str]] = _none
    complete: Callable[[Any, float, Any], Any] = lambda section, u_ref, scales: section
    speeds: Callable[[Any], dict[str, float]] = _empty
    bounds: Callable[[Any, dict], dict[str, float]] = _empty
    lattice: Callable[[Any, dict, Any], dict[str, float]] = _empty
    absent: dict[str, float] = field(default_factory=dict)
    ranges: Callable[[Any, dict], dict[str, tuple[float, float]]] = _empty
    start: Callable[[Any, Any, tuple], dict[str, Any]] = _empty
    limits: Callable[[Any], list] = _none
    numbers: Callable[[Any], dict[str, float]] = _empty
    rows: Callable[[Any], list[tuple]] = _none
    cell_bytes: Callable[[Any], float] = lambda model: 0.0
