"""The sizes of shapes, and faults of those that do not lie in the box."""

import math
from typing import Any

import numpy as np

from levitas.solver.geometry.cells import OBSTACLE_PHASES
from levitas.solver.geometry.distance import default_normal, dot, half_axes, unit
from levitas.solver.input.faults import Faults


def check(shapes: list, origin, lengths, faces: dict, dx: float, width: float, faults: Faults):
    """Note fluid shapes outside the box, over their own image, or thinner than the interface.

    `origin`, `lengths` and `dx` in the units of the case; `width` of the interface in cells. Of
    solids (see also `solver/geometry/placement.py`) only what makes no sense in any box.
    """
    flat = round(lengths[2] / dx) == 1
    box = [(origin[n], origin[n] + lengths[n]) for n in range(3)]
    for i, shape in enumerate(shapes):
        keys = ("shape", i)
        if shape.phase in OBSTACLE_PHASES:
            _solid(shape, keys, flat, faults)
            continue
        if shape.kind in ("plane", "film"):
            _layer(shape, keys, box, faces, flat, faults)
            continue
        if shape.kind in ("expression", "stl", "file"):
            continue
        reach = extents(shape, flat)
        for n in range(2 if flat else 3):
            _along(shape, keys, n, reach[n], box[n], faces["xyz"[n] + "-"], dx, faults)
        small = smallest(shape, flat)
        if small < width * dx:
            faults.add(
                (*keys, "size" if shape.kind == "box" else "radius"),
                f"{small:g} is smaller than the interface, {width:g} cells of {dx:g};"
                " refine the grid or enlarge the shape",
            )
        _wave(shape, keys, faults)


def _solid(shape, keys, flat, faults) -> None:
    """A normal in the plane of a 2-D run; a wave smaller than what it deforms."""
    if shape.kind in ("plane", "film") and flat:
        if abs(unit(shape.axis or default_normal(flat))[2]) > 1e-9:
            faults.add((*keys, "axis"), "has a z component, but nz = 1 is 2-D; take x or y")
    _wave(shape, keys, faults)


def check_region(region, origin, lengths, dx: float, faults: Faults) -> None:
    """Note a region of the snapshots (two corners, or None) that holds the centre of no cell."""
    for n, (low, high) in enumerate(zip(*region, strict=True) if region else ()):
        first = math.ceil((low - origin[n]) / dx - 0.5)
        last = math.floor((high - origin[n]) / dx - 0.5)
        if max(first, 0) > min(last, round(lengths[n] / dx) - 1):
            keys = ("output", "snapshots", "region")
            ends = f"{origin[n]:.4g} to {origin[n] + lengths[n]:.4g}"
            faults.add(keys, f"has no cell along {'xyz'[n]}; the box goes from {ends}")


def extents(shape: Any, flat: bool) -> list[float]:
    """Half the size of a shape along x, y, z; inf where a cylinder goes through the box."""
    match shape.kind:
        case "sphere":
            stretch = 1 + abs(shape.mode.amplitude) if shape.mode else 1
            return [shape.radius * stretch] * 3
        case "ellipsoid":
            return half_axes(shape)
        case "box":
            return [s / 2 for s in shape.size]
    axis = np.abs(unit(shape.axis or (0, 0, 1)))
    stretch = 1 + abs(shape.mode.amplitude) if shape.mode else 1
    radius = shape.radius * stretch + (abs(shape.wave.amplitude) if shape.wave else 0)
    half = shape.size / 2 if shape.size is not None else math.inf
    return [radius * math.sqrt(max(0, 1 - a**2)) + (half * a if a > 1e-9 else 0) for a in axis]


def smallest(shape: Any, flat: bool) -> float:
    """The smallest radius of a shape (half the smallest edge of a box)."""
    if shape.kind in ("sphere", "cylinder"):
        return shape.radius
    return min(extents(shape, flat)[: 2 if flat else 3])


def _along(shape, keys, n, reach, box, kind, dx, faults) -> None:
    """One axis: the centre in the box, the rest inside or across a face where it may be."""
    low, high = box
    centre, name, edge = shape.centre[n], "xyz"[n], 1e-6 * dx
    if not low - edge <= centre <= high + edge:
        faults.add(
            (*keys, "centre"),
            f"{name} = {centre:g} is outside the box, which goes from"
            f" {low:g} to {high:g}; move the shape or enlarge the box",
        )
        return
    if math.isinf(reach):
        return
    below, above = low - (centre - reach), centre + reach - high
    if 2 * reach > (high - low) + edge and (kind == "periodic" or (below > edge and above > edge)):
        faults.add(
            keys,
            f"the {shape.kind} is {2 * reach:g} wide along {name}, the box only"
            f" {high - low:g}; enlarge the box",
        )
    elif kind == "symmetry" and max(below, above) > dx and min(centre - low, high - centre) > dx:
        faults.add(
            (*keys, "centre"),
            f"the {shape.kind} sticks out of the box through a symmetry"
            f" face along {name}; centre it on the face or enlarge the box",
        )
    elif kind == "wall" and max(below, above) > dx and min(centre - low, high - centre) > reach / 2:
        faults.add(
            (*keys, "centre"),
            f"the {shape.kind} sticks out of the box through a wall along"
            f" {name}; move it or enlarge the box",
        )


def _layer(shape, keys, box, faces, flat, faults) -> None:
    """A plane or film must cut the box, and a plane needs faces that are not periodic."""
    normal = unit(shape.axis or default_normal(flat))
    if flat and abs(normal[2]) > 1e-9:
        faults.add((*keys, "axis"), "has a z component, but nz = 1 is 2-D; take x or y")
        return
    axis = int(np.argmax(np.abs(normal)))
    periodic = faces["xyz"[axis] + "-"] == "periodic"
    corners = (
        [sum(side[k] * normal[n] for n, side in enumerate(box)) for k in (0, 1)]
        if np.all(normal >= 0)
        else None
    )
    low, high = corners or _span(box, normal)
    if shape.kind == "plane":
        if periodic:
            faults.add(
                keys,
                f"a plane across {'xyz'[axis]} needs walls or symmetry faces there;"
                " in a periodic box take a film",
            )
        height = dot(shape.centre, normal)
        if not low < height < high:
            faults.add(
                (*keys, "centre"),
                f"the plane at {height:g} is outside the box, which goes"
                f" from {low:g} to {high:g} along its normal; move it",
            )
    else:
        base = low if shape.centre is None else dot(shape.centre, normal)
        top = base + shape.size
        outside = top >= high or top <= low or base >= high
        if periodic:  # it may cross the face
            outside = shape.size >= high - low or not low <= base <= high
        if outside:
            faults.add(
                (*keys, "size"),
                f"the film from {base:g} to {base + shape.size:g} does not"
                f" end inside the box, which goes from {low:g} to {high:g}; move or thin it",
            )
    _wave(shape, keys, faults)


def _span(box, normal) -> tuple[float, float]:
    ends = [sorted((side[0] * n, side[1] * n)) for side, n in zip(box, normal, strict=True)]
    return sum(e[0] for e in ends), sum(e[1] for e in ends)


def _wave(shape, keys, faults) -> None:
    """A wave must be smaller than what it deforms."""
    if shape.wave is None:
        return
    if shape.kind == "cylinder" and abs(shape.wave.amplitude) >= shape.radius:
        faults.add((*keys, "wave", "amplitude"), "must be smaller than the radius; lower it")
    if shape.kind == "film" and abs(shape.wave.amplitude) >= shape.size:
        faults.add(
            (*keys, "wave", "amplitude"), "must be smaller than the thickness of the film; lower it"
        )
