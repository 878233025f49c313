"""A laser: a Gaussian beam that the surface absorbs."""

import math
from typing import Any

import numpy as np

from levitas.solver.input.section import Section, key, vector
from levitas.solver.physics.heat.source_kinds.kind import SourceKind


class Laser(Section):
    """The keys of a beam."""

    power: float | None = key(None, "power of a laser, or taken up by induction", "W", ge=0)
    radius: float | None = key(None, "radius of the beam, at 1/e2 of its centre", "m", gt=0)
    centre: list[float] | None = vector(None, "a point on the axis of the beam at the start", "m")
    direction: list[float] | None = vector(None, "where the beam goes", "1")
    absorptivity: float = key(1.0, "share of the beam that the surface absorbs", "1", ge=0, le=1)
    velocity: list[float] | None = vector(None, "velocity of the beam", "m/s")


def peak(source: Any, is_2d: bool) -> float:
    """Flux that is absorbed on the axis at normal incidence: `power` through every section."""
    share = math.sqrt(2 / math.pi) / source.radius if is_2d else 2 / (math.pi * source.radius**2)
    return source.absorptivity * source.power * share


def beam(source: Any, case: Any, time: float) -> dict[str, float]:
    """Arguments of the kernel: intensity on the axis, its decay, a point and the direction."""
    dx, is_2d = case.scales.dx, case.is_2d
    centre = np.array(source.centre or (0.0, 0.0, 0.0))
    centre = centre + np.array(source.velocity or (0.0, 0.0, 0.0)) * time
    at = (centre - np.array(case.origin)) / dx
    way = np.array(source.direction or ((0, -1, 0) if is_2d else (0, 0, -1)), float)
    way /= np.linalg.norm(way)
    if is_2d:
        at[2] = 0.5
    names = ("peak", "decay", "px", "py", "pz", "nx", "ny", "nz")
    values = (peak(source, is_2d), 2 * (dx / source.radius) ** 2, *at, *way)
    return dict(zip(names, values, strict=True))


SOURCE = SourceKind(
    Laser,
    ("power", "radius"),
    ("centre", "direction", "absorptivity", "velocity"),
    surface=True,
    beam=beam,
    flux=peak,
)
