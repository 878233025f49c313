"""The kinds of heat sources, by name: what the modules of this folder declare."""

from levitas.solver.physics.heat.source_kinds.kind import SourceKind
from levitas.solver.registry import declared

SOURCES: dict[str, SourceKind] = declared(__package__, "SOURCE")
