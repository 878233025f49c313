"""Shapes on the cells of the box: none empty, no solids at odds, fluid left between them.

A solid fills the cells whose centres lie inside it (`solver/physics/obstacles.py`). Solids may
share cells only where that leaves no question: all that a cell takes of its solid is the same.
"""

import math
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np

from levitas.solver.geometry.cells import OBSTACLE_PHASES
from levitas.solver.geometry.distance import Points, distance
from levitas.solver.input.expression import ExpressionError
from levitas.solver.input.faults import Faults
from levitas.solver.limits import PLACED_CELLS, SOLIDS_MAX

ANY_FORM = ("expression", "stl", "file")
CHUNK = 2**19  # cells looked at in one go


def check(model: Any, result: Any, faults: Faults) -> dict[int, float]:
    """Note shapes without a cell, solids at odds, fluid shapes inside solids, a box without fluid.

    Of fluid shapes those of ANY_FORM may have no cell; `extents` looks at the others.

    Returns {solid: share of its surface that it moves into the fluid}.

    Grids above PLACED_CELLS are looked at in every n-th cell; a solid that has none of these is
    looked for in all of them.
    """
    solids = [(i, s) for i, s in enumerate(model.shape) if s.phase in OBSTACLE_PHASES]
    formed = [(i, s) for i, s in enumerate(model.shape) if s.kind in ANY_FORM]
    if not solids and not formed:
        return {}
    if len(solids) > SOLIDS_MAX:
        place = ("shape", solids[SOLIDS_MAX][0])
        faults.add(place, f"is solid number {SOLIDS_MAX + 1}; give at most {SOLIDS_MAX}")
        return {}
    census = _Census(model, result)
    try:
        for points, size in _chunks(model, result, strides(model.grid.cells)):
            census.count(points, size)
        for i, solid in {**dict(solids), **dict(formed)}.items():
            if not census.cells[i] and max(strides(model.grid.cells)) > 1:
                census.cells[i] = _has_cells(model, result, solid)
    except ExpressionError:
        return {}  # told where expressions are checked
    census.tell(faults)
    shares = {i: census.pushed[i] / n for i, n in census.surface.items() if n}
    return {i: share for i, share in shares.items() if share}


def strides(cells: list[int], most: int = PLACED_CELLS) -> list[int]:
    """Every how many-th cell along each axis to look at, so that it is not more than `most`."""
    steps = [1, 1, 1]
    while math.prod(-(-n // step) for n, step in zip(cells, steps, strict=True)) > most:
        longest = max(range(3), key=lambda k: cells[k] / steps[k])
        steps[longest] *= 2
    return steps


def _chunks(model: Any, result: Any, steps: list[int]) -> Iterator[tuple[Points, tuple[int, ...]]]:
    """Slabs of cell centres, as (points, shape of their arrays)."""
    dx = model.grid.spacing
    case = SimpleNamespace(
        scales=SimpleNamespace(dx=dx),
        origin=result.origin,
        folder=result.folder,
        model=model,
        faces=result.faces,
        is_2d=result.is_2d,
    )
    pairs = zip(model.grid.cells, steps, strict=True)
    x, y, z = (np.arange(n // 2 % step, n, step) + 0.5 for n, step in pairs)
    across = 1 if result.is_2d else 0  # cut along y in 2-D
    rows, area = (y, len(x)) if across else (z, len(x) * len(y))
    for part in np.array_split(rows, math.ceil(len(rows) * area / CHUNK)):
        ys, zs = (part, z) if across else (y, part)
        points = Points(case, x, ys[:, None], zs[:, None, None])
        yield points, (len(zs), len(ys), len(x))


def _inside(shape: Any, points: Points, size: tuple, values: dict) -> np.ndarray:
    return np.broadcast_to(distance(shape, points, values), size) > 1e-9 * points.dx


def _has_cells(model: Any, result: Any, solid: Any) -> bool:
    """Whether a solid has a cell in the whole grid; True where finding out would take too long."""
    steps = strides(model.grid.cells, 64 * PLACED_CELLS)
    if max(steps) > 1:
        return True
    return any(
        _inside(solid, points, size, result.values).any()
        for points, size in _chunks(model, result, steps)
    )


class _Census:
    """What the cells looked at belong to."""

    def __init__(self, model: Any, result: Any):
        self.model, self.result = model, result
        self.cells = dict.fromkeys(range(len(model.shape)), 0)
        self.outside_solids = dict.fromkeys(self.cells, 0)
        self.fluid, self.shared = 0, {}  # shared: {(i, j): a place}
        self.surface, self.pushed = dict.fromkeys(self.cells, 0), dict.fromkeys(self.cells, 0)

    def count(self, points: Points, size: tuple[int, ...]) -> None:
        """Add the cells of a slab."""
        owner = np.full(size, -1, np.int16)
        shapes = list(enumerate(self.model.shape))
        solids = [(i, s) for i, s in shapes if s.phase in OBSTACLE_PHASES]
        for i, shape in solids:
            inside = _inside(shape, points, size, self.result.values)
            self.cells[i] += int(inside.sum())
            if shape.velocity is not None and any(shape.velocity):
                self._push(i, shape, points, size)
            for k in np.unique(owner[inside & (owner >= 0)]):
                self.shared.setdefault((int(k), i), _where(inside & (owner == k), points))
            owner[inside] = i
        self.fluid += int((owner < 0).sum())
        for i, shape in shapes:
            if shape.phase not in OBSTACLE_PHASES:
                inside = _inside(shape, points, size, self.result.values)
                self.cells[i] += int(inside.sum())
                self.outside_solids[i] += int((inside & (owner < 0)).sum())

    def _push(self, i: int, shape: Any, points: Points, size: tuple[int, ...]) -> None:
        """Count cells at the surface of a moving solid, and those that move along its normal."""
        depth = np.broadcast_to(distance(shape, points, self.result.values), size)
        slopes = [_slope(depth, x.ravel(), 2 - k) for k, x in enumerate(points.xyz)]
        steep = np.sqrt(sum(g**2 for g in slopes)) + 1e-300
        along = sum(g * v for g, v in zip(slopes, shape.velocity, strict=True))
        along = np.abs(along) / steep / np.linalg.norm(shape.velocity)
        rim = (depth > 1e-9 * points.dx) & (depth < points.dx)
        self.surface[i] += int(rim.sum())
        self.pushed[i] += int((rim & (along > 0.5)).sum())

    def tell(self, faults: Faults) -> None:
        """Note what is wrong."""
        for i, shape in enumerate(self.model.shape):
            if (shape.phase in OBSTACLE_PHASES or shape.kind in ANY_FORM) and not self.cells[i]:
                faults.add(
                    ("shape", i), f"fills no cell of {_box(self.model, self.result)}; {REMEDY}"
                )
            elif (
                shape.phase not in OBSTACLE_PHASES and self.cells[i] and not self.outside_solids[i]
            ):
                faults.add(("shape", i), f"lies inside solids entirely; {REMEDY}")
        if not self.fluid:  # then there are solids
            last = max(i for i, s in enumerate(self.model.shape) if s.phase in OBSTACLE_PHASES)
            faults.add(("shape", last), "solids fill the whole box; leave room for the fluid")
        for (i, j), place in self.shared.items():
            differ = at_odds(self.model, self.model.shape[i], self.model.shape[j])
            if differ:
                at = ", ".join(f"{x:.4g}" for x in place)
                faults.add(
                    ("shape", j),
                    f"shares cells with shape {i}, such as the one at ({at}), but differs in"
                    f" {' and '.join(differ)}; move them apart, or give both the same value",
                )


def _slope(depth: np.ndarray, x: np.ndarray, axis: int) -> np.ndarray:
    return np.gradient(depth, x[1] - x[0], axis=axis) if len(x) > 1 else 0 * depth


REMEDY = "move or enlarge it, or refine the grid"


def at_odds(model: Any, one: Any, other: Any) -> list[str]:
    """The keys that make it matter to which of two solids a cell belongs."""
    keys = ["velocity", "temperature", "isothermal"]
    if model.heat is not None and model.materials.solid != model.materials.wall:
        keys.append("phase")
    if model.interface is not None:
        keys.append("contact_angle")
    plain = {"velocity": [0.0, 0.0, 0.0], "contact_angle": 90.0, "isothermal": False}

    def value(shape, key):
        given = getattr(shape, key)
        return plain.get(key) if given is None else given

    return [key for key in keys if value(one, key) != value(other, key)]


def _where(cells: np.ndarray, points: Points) -> tuple[float, ...]:
    """The position of the first of some cells, in the units of the case."""
    at = np.unravel_index(int(np.argmax(cells)), cells.shape)[::-1]
    return tuple(float(x.ravel()[k]) for x, k in zip(points.xyz, at, strict=True))


def _box(model: Any, result: Any) -> str:
    ends = [
        f"{low:.4g} to {low + n * model.grid.spacing:.4g}"
        for low, n in zip(result.origin, model.grid.cells, strict=True)
    ]
    return f"the box ({', '.join(ends[: 2 if result.is_2d else 3])})"
