"""Sizes that a case declares: the lengths that limits and dimensionless numbers go by."""

import math
from typing import Any

from levitas.solver.geometry.extents import smallest


def features(model: Any) -> list[float]:
    """Radii, wavelengths/2 pi, thicknesses of the fluid shapes; of solids where there are none."""
    sizes = []
    fluid = [shape for shape in model.shape if shape.phase in ("liquid", "gas")]
    for shape in fluid or model.shape:
        if shape.wave is not None:
            sizes.append(shape.wave.wavelength / (2 * math.pi))
        if shape.kind == "film":
            sizes.append(shape.size)
        elif shape.kind not in ("plane", "expression", "stl", "file"):
            sizes.append(smallest(shape, model.grid.is_2d))
    return sizes


def feature_size(model: Any) -> float:
    """The length of dimensionless numbers: the smallest feature, else the longest edge."""
    return min(features(model), default=max(model.grid.cells) * model.grid.spacing)


def edges(model: Any) -> list[float]:
    """Lengths of the box along x, y and, unless the case is 2-D, z."""
    return [n * model.grid.spacing for n in model.grid.cells[: 2 if model.grid.is_2d else 3]]
