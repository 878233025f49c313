"""What a case may say of gravity: the section `[gravity]`."""

from pathlib import Path
from typing import Self

import numpy as np
from pydantic import model_validator

from levitas.solver.gravity.signal import GravitySignal, peak
from levitas.solver.gravity.table import G0
from levitas.solver.input.section import Section, key, one_of
from levitas.solver.input.section import vector as triple

LEVELS = {  # in units of g0
    "1g": 1.0,
    "lunar": 0.1654,
    "martian": 0.379,
    "parabolic": 1e-2,
    "rocket": 1e-4,
    "drop-tower": 1e-6,
    "orbit": 1e-6,
    "0g": 0.0,
}


class GravityParams(Section):
    """The `[gravity]` section: one acceleration vector."""

    level: float | str | None = key(
        None,
        "magnitude: " + ", ".join(LEVELS) + " or an acceleration",
        "m/s2",
        words=tuple(LEVELS),
        expects="an acceleration or one of " + ", ".join(LEVELS),
    )
    vector: list[float] | None = triple(None, "acceleration [x, y, z]", "m/s2")
    direction: list[float] | None = triple(
        None, "where the level points: [x, y, z]; -z if absent, -y when nz = 1", "1"
    )
    signal: GravitySignal | None = key(
        None, "{ kind, ... }: an acceleration that changes with time"
    )

    @model_validator(mode="after")
    def _one(self) -> Self:
        one_of(self, "level", "vector", "signal")
        if self.level is None and self.direction is not None:
            raise ValueError("direction belongs to level; a vector or signal has its own")
        if self.direction is not None and not any(self.direction):
            raise ValueError("direction must not be zero")
        return self


def written_out(section: GravityParams | None, is_2d: bool) -> GravityParams | None:
    """The section with the vector (m/s2) that its level means."""
    if section is None or section.level is None:
        return section
    level = section.level
    size = LEVELS[level] * G0 if isinstance(level, str) else level
    down = np.array(section.direction or ([0, -1, 0] if is_2d else [0, 0, -1]), dtype=float)
    vector = [float(v) + 0.0 for v in size * down / np.linalg.norm(down)]
    return GravityParams.model_construct(vector=vector, level=None, direction=None)


def largest(
    section: GravityParams | None, folder: Path, seed: int = 0, is_2d: bool = False
) -> np.ndarray:
    """Largest size of each component of the acceleration over the run, (3,), m/s2."""
    if section is None:
        return np.zeros(3)
    if section.signal is None:
        return np.abs(section.vector)
    return np.abs(peak(section.signal, folder, seed, is_2d))
