"""Induction: power near the surface of a conducting body, given as a whole."""

from typing import Any

import numpy as np

from levitas.solver.geometry.distance import distance
from levitas.solver.input.section import Section, key
from levitas.solver.physics.heat.source_kinds.kind import SourceKind


class Induction(Section):
    """The keys of what a coil brings."""

    power: float | None = key(None, "power of a laser, or taken up by induction", "W", ge=0)
    skin_depth: float | None = key(None, "depth at which induction falls to 1/e", "m", gt=0)


def density(source: Any, sim: Any, points: Any, time: float) -> np.ndarray:
    """The power, falling as exp(-2 depth/skin_depth) below the surface of the liquid's start."""
    case, block = sim.case, sim.block
    cell = case.scales.dx**sim.grid.dimensions
    liquid = [shape for shape in case.model.shape if shape.phase == "liquid"]
    depth = np.full(block.shape[::-1], -np.inf if liquid else 0.0)
    for shape in liquid:
        depth = np.maximum(depth, distance(shape, points, case.values))
    profile = np.exp(-2 * np.maximum(depth, 0) / source.skin_depth)
    return source.power * profile / (block.sum(profile * sim.phi_at_start()) * cell)


SOURCE = SourceKind(
    Induction, ("power", "skin_depth"), phases=lambda source: ("liquid",), density=density
)
