"""What a measure gives back."""

from typing import NamedTuple


class Measured(NamedTuple):
    """A number with a note on how sure it is or where it was found."""

    value: float
    note: str = ""


class Quantity(NamedTuple):
    """A measured number (None where it could not be measured), its unit, a note."""

    value: float | None
    unit: str
    note: str = ""


class NotMeasured(Exception):
    """The run does not hold what the measure needs; the message says what."""
