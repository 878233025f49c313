"""What a physics declares of itself: one record a physics, in its `section.py`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Quantity:
    """A field that can be read, written and drawn: its unit (CF spelling) and what it is.

    kind     "number", or "label" for integers that count or name (grains): no arithmetic on them
    """

    unit: str
    about: str
    kind: str = "number"


def _nothing(*_: Any) -> None:
    return None


def _empty(*_: Any) -> dict:
    return {}


def _none(*_: Any) -> list:
    return []


@dataclass(frozen=True)
class Physics:
    """A physics as the reading of a case knows it. Every hook has a default that does nothing.

    params      the record of its section, a Section
    fields      {name: Quantity}: the list of its fields; all others are made of it
    check       (sections, faults): rules between keys that need no numbers
    needs       (sections, phase) -> properties that it takes of the material of a phase
    bounds      (model, fluids) -> {name of a bound: largest time step, s}
    lattice     (model, scales) -> {name: number in lattice units}, for `case.lattice`
    ranges      (model, sampled) -> {field: (lowest, highest value)} that the case declares
    limits      (case) -> its limits, each with a verdict
    numbers     (case) -> {name: dimensionless number}
    rows        (case) -> rows (name, SI value, unit, lattice value) of the table of `check`
    cell_bytes  (model) -> bytes of its fields a cell in float32
    """

    params: type
    fields: dict[str, Quantity] = field(default_factory=dict)
    check: Callable = _nothing
    needs: Callable = _none
    bounds: Callable = _empty
    lattice: Callable = _empty
    ranges: Callable = _empty
    limits: Callable = _none
    numbers: Callable = _empty
    rows: Callable = _none
    cell_bytes: Callable = lambda model: 0.0
