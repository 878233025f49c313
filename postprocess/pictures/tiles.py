"""A drop as a picture in axes: rendered in 3-D where VTK can draw, else its outline filled."""

from typing import NamedTuple

import numpy as np

from levitas.postprocess.metrics.bodies import inner
from levitas.postprocess.metrics.drop import drop_radius, liquid_volume
from levitas.postprocess.pictures import caption, offscreen, scene
from levitas.postprocess.pictures.plane import Plane
from levitas.postprocess.pictures.style import (
    FROM_ZERO,
    INK,
    LINES,
    bright_map,
    limits,
    round_below,
)
from levitas.postprocess.results.read import Run, Snapshot

MARGIN = 1.12  # half the height of a tile over the largest distance of the surface


class Tile(NamedTuple):
    """What a tile shows: surface and colours, or (plane) an outline; lengths in metres.

    reach    largest distance of the surface from `centre`; camera: one that sees just all of it
    """

    snapshot: Snapshot
    radius: float
    reach: float
    mesh: object = None
    values: np.ndarray | None = None
    centre: np.ndarray | None = None
    plane: Plane | None = None
    solids: object = None
    camera: scene.Camera | None = None

    def centred(self, half: float) -> scene.Camera:
        """The camera on the drop's centre that sees so many metres to each side."""
        at = np.zeros(3) if self.centre is None else self.centre
        return scene.Camera(at, (half, half))


def prepare(run: Run, snapshot: Snapshot, what: str) -> Tile:
    """Mesh and colours of all drops of a snapshot; their outline in 2-D or without VTK."""
    phi = snapshot.read("phi")
    radius = drop_radius(phi, snapshot.pitch, run.faces)
    if not np.isfinite(radius):  # a thread or a bead that runs on through the faces of the box
        radius = np.cbrt(0.75 / np.pi * liquid_volume(phi, snapshot.pitch, run.faces))
    if snapshot.shape[0] == 1 or not offscreen.available():
        plane = Plane(run, snapshot)
        return Tile(snapshot, radius, _reach(plane), plane=plane)
    frame = scene.unfolded(run, snapshot)
    mesh, solids = scene.mesh_of(frame, radius), scene.solids_of(frame)
    values = scene.colour(mesh, frame, what, radius)
    points = np.asarray(mesh.points)
    reach = float(np.linalg.norm(points - frame.centre, axis=1).max())
    seen = points if solids is None else np.concatenate([points, np.asarray(solids.points)])
    camera = scene.camera_at(seen)
    return Tile(snapshot, radius, reach, mesh, values, frame.centre, None, solids, camera)


def _reach(plane: Plane) -> float:
    """Largest distance of the outline of a drop from its centre, metres."""
    x, y, share = _about_centre(plane)
    inside = share > 0.5
    return float(np.hypot(x, y[:, None])[inside].max()) if inside.any() else x[-1]


def _about_centre(plane: Plane):
    """Positions across and up from the drop's centre (metres), the drop's share [up, across]."""
    (x, y), phi = plane.centres(), plane.read("phi")
    share = inner(phi)
    middle = [(share * q).sum() / share.sum() for q in np.broadcast_arrays(x, y[:, None])]
    return x - middle[0], y - middle[1], share


def common_ends(tiles: list[Tile], what: str) -> tuple[float, float] | None:
    """One range of colours for all tiles, None if they are outlines."""
    found = [tile.values for tile in tiles if tile.values is not None]
    if not found:
        return None
    values, middle = np.concatenate(found), bright_map(what)[1]
    if what == "curvature":  # it is rough where the surface is sharp or the grid shows
        values = np.clip(values, *np.percentile(values, (2, 98)))
    low, high = limits(values, middle)
    return (0.0 if what in FROM_ZERO else low), high


def cameras(shown: list[Tile]) -> list[scene.Camera]:
    """Cameras for the tiles of a movie: one for all, or one that goes along with a drop."""
    reach = max(tile.reach for tile in shown)
    if any(tile.mesh is None for tile in shown):
        return [tile.centred(reach) for tile in shown]
    if np.ptp([tile.centre for tile in shown], axis=0).max() > shown[0].radius:
        return [tile.centred(reach) for tile in shown]
    points = np.concatenate([np.asarray(tile.mesh.points) for tile in shown])
    return [scene.camera_at(points)] * len(shown)


def show(axes, tile: Tile, what: str, ends, camera: scene.Camera, pixels: int = 900) -> None:
    """Draw a tile as a camera sees it; of an outline only the camera's half width counts."""
    across, up = camera.half
    axes.set_axis_off()
    axes.set_aspect("equal")
    if tile.plane is not None:
        x, y, share = _about_centre(tile.plane)
        axes.contourf(x, y, share, [0.5, 9.0], colors=[LINES[0]], alpha=0.25)
        axes.contour(x, y, share, [0.5], colors=[INK], linewidths=1.2)
        axes.set(xlim=(-across, across), ylim=(-up, up))
        return
    cmap, _ = bright_map(what)
    image = scene.picture(tile.mesh, tile.values, ends, cmap, camera, pixels, tile.solids)
    axes.imshow(image, extent=[-across, across, -up, up], interpolation="antialiased")


def scale_bar(axes, half: float, run: Run, share: float = 0.5, y: float | None = None) -> None:
    """A bar of a round length at the foot of a tile, centred at height `y`."""
    length = round_below(2 * half * share)
    y = -half * 0.99 if y is None else y
    axes.plot([-length / 2, length / 2], [y, y], color=INK, lw=2.2, solid_capstyle="butt")
    factor, unit = caption.lengths(run, [length])
    text = f"{length * factor:g} {unit}"
    axes.text(0, y - 0.05 * half, text, ha="center", va="top", fontsize=8.5)
