"""A drop as a picture in axes: rendered in 3-D where VTK can draw, else its outline filled."""

from typing import NamedTuple

import numpy as np

from levitas.postprocess import offscreen, surfaces
from levitas.postprocess.drop import drop_radius
from levitas.postprocess.plane import Plane
from levitas.postprocess.read import Run, Snapshot
from levitas.postprocess.style import INK, LINES, bright_map, limits, round_below, scaled

ROOM = 1.12  # half the height of a tile over the largest distance of the surface


class Tile(NamedTuple):
    """What a tile shows: surface and colours, or (plane) an outline; lengths in metres."""

    snapshot: Snapshot
    radius: float
    reach: float
    mesh: object = None
    values: np.ndarray | None = None
    centre: np.ndarray | None = None
    plane: Plane | None = None


def prepare(run: Run, snapshot: Snapshot, what: str) -> Tile:
    """Mesh and colours of the largest drop of a snapshot; its outline in 2-D or without VTK."""
    radius = drop_radius(snapshot.read("phi"), snapshot.spacing, run.faces)
    if snapshot.shape[0] == 1 or not offscreen.available():
        return Tile(snapshot, radius, 1.3 * radius, plane=Plane(run, snapshot))
    frame = surfaces.unfolded(run, snapshot)
    mesh = surfaces.mesh_of(frame, radius)
    values = surfaces.colour(mesh, frame, what, radius)
    reach = float(np.linalg.norm(np.asarray(mesh.points) - frame.centre, axis=1).max())
    return Tile(snapshot, radius, reach, mesh, values, frame.centre)


def common_ends(tiles: list[Tile], what: str) -> tuple[float, float] | None:
    """One range of colours for all tiles, None if they are outlines."""
    values = [tile.values for tile in tiles if tile.values is not None]
    return limits(np.concatenate(values), bright_map(what)[1]) if values else None


def show(axes, tile: Tile, what: str, ends, half: float, pixels: int = 900) -> None:
    """Draw a tile; `half` (metres) is half the height shown."""
    axes.set_axis_off()
    axes.set_aspect("equal")
    if tile.plane is not None:
        _outline(axes, tile, half)
        return
    cmap, _ = bright_map(what)
    image = surfaces.picture(
        tile.mesh, tile.values, ends, cmap, half, tile.centre, pixels=(pixels, pixels)
    )
    axes.imshow(image, extent=[-half, half, -half, half], interpolation="antialiased")


def _outline(axes, tile: Tile, half: float) -> None:
    plane = tile.plane
    left, right, bottom, top = plane.extent
    phi = plane.read("phi")
    rows, columns = phi.shape
    x = left + (np.arange(columns) + 0.5) * (right - left) / columns
    y = bottom + (np.arange(rows) + 0.5) * (top - bottom) / rows
    share = phi if phi.mean() <= 0.5 else 1 - phi
    middle = [(share * q).sum() / share.sum() for q in np.broadcast_arrays(x, y[:, None])]
    x, y = x - middle[0], y - middle[1]
    axes.contourf(x, y, share, [0.5, 9.0], colors=[LINES[0]], alpha=0.25)
    axes.contour(x, y, share, [0.5], colors=[INK], linewidths=1.2)
    axes.set_xlim(-half, half)
    axes.set_ylim(-half, half)


def scale_bar(axes, half: float, lattice: bool, share: float = 0.5) -> None:
    """A bar of a round length at the foot of a tile."""
    length = round_below(2 * half * share)
    y = -half * 0.99
    axes.plot([-length / 2, length / 2], [y, y], color=INK, lw=2.2, solid_capstyle="butt")
    factor, unit = (1.0, "cells") if lattice else scaled([length], "m")
    text = f"{length * factor:g} {unit}"
    axes.text(0, y - 0.05 * half, text, ha="center", va="top", fontsize=8.5)
    axes.set_ylim(-half * 1.22, half)
