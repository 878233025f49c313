"""What is known of a metric beside its function: each module of measures ends with its own."""

import inspect
from collections.abc import Callable
from typing import NamedTuple


class Metric(NamedTuple):
    """A function, the unit of what it gives (SI; that of a 2-D run), the series it reads.

    viscous    it measures what viscosity does, so it says nothing if the viscosity was raised
    words      what pictures call it; its name with blanks if absent
    """

    function: Callable
    unit: str = "1"
    flat_unit: str | None = None
    series: tuple[str, ...] = ()
    viscous: bool = False
    words: str = ""

    @property
    def text(self) -> str:
        """What it is, in a line."""
        return " ".join(inspect.getdoc(self.function).split("\n\n")[0].split())

    @property
    def needs(self) -> tuple[str, ...]:
        """Names without a default that it takes from the scope."""
        return tuple(n for n, p in self._parameters() if p.default is inspect.Parameter.empty)

    @property
    def takes(self) -> tuple[str, ...]:
        """All names that it takes from the scope."""
        return tuple(name for name, _ in self._parameters())

    def _parameters(self):
        return list(inspect.signature(self.function).parameters.items())[len(self.series) :]

    @property
    def instant(self) -> bool:
        """Whether it can be measured at any time of a run, and so stand in the series."""
        return not self.series and not any(n.startswith("start_") for n in self.takes)
