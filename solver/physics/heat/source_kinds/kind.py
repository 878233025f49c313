"""A kind of heat source: one module of this folder for each, which ends with `SOURCE`.

To add one: a module here, named as the kind, and its test. Its keys, its rules, what it brings and
what of it limits a step stand there; nothing else names it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from levitas.solver.input.section import Section, key


class Switch(Section):
    """What every source has."""

    start: float = key(0.0, "when it is switched on", "s")
    stop: float | None = key(None, "when it is switched off; never if absent", "s")

    def is_on(self, time: float) -> bool:
        """Is it switched on at this time?"""
        return self.start <= time and (self.stop is None or time < self.stop)


@dataclass(frozen=True)
class SourceKind:
    """What a source of this kind may say, and what it does; `source` is its table of the case.

    keys       the record of its keys; those of two kinds may be the same
    needed     keys that it cannot do without      optional   keys that it may have besides
    surface    it needs an interface
    phases     (source) -> the phases that a power density acts in
    density    (source, sim, points, time) -> power density in the own cells (units of the case)
    changes    (source) -> does that change while it is switched on?
    beam       (source, case, time) -> arguments of kernel scalar_source for light on the surface:
               `peak` the intensity (units of the case), `decay`, place and direction in cells
    flux       (source, is_2d) -> the largest flux through the surface that it may bring
    """

    keys: type[Section]
    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()
    surface: bool = False
    phases: Callable[[Any], tuple[str, ...]] = lambda source: ("liquid", "gas")
    density: Callable[[Any, Any, Any, float], Any] | None = None
    changes: Callable[[Any], bool] = lambda source: False
    beam: Callable[[Any, Any, float], dict[str, float]] | None = None
    flux: Callable[[Any, bool], float] = lambda source, is_2d: 0.0
