"""The phi = 1/2 surface in 3-D: mesh, colours, and its picture without a screen.

Symmetry faces are unfolded and periodic axes rolled, so that whole drops are seen.
"""

from typing import NamedTuple

import numpy as np

from levitas.postprocess.metrics.bodies import centroid, inner
from levitas.postprocess.metrics.sampling import logit
from levitas.postprocess.pictures import solids
from levitas.postprocess.pictures.plane import PARITY
from levitas.postprocess.pictures.style import SOLID
from levitas.postprocess.pictures.unfold import Unfolding
from levitas.postprocess.results.read import Run, Snapshot

TITLES = {
    "deviation": ("distance from the mean radius", "m"),
    "speed": ("speed", "m/s"),
    "normal_velocity": ("velocity outwards", "m/s"),
    "curvature": ("mean curvature", "1/m"),
}
FINE = 36  # cells that a radius gets at least, by interpolation, so that outlines look smooth
POINTS = 4e6  # of the grid that a surface is drawn from
REACH = 6.0  # |logit phi| beyond which phi is flat: keeps the interpolation from ringing
LIGHTS = (((-0.7, 1.0, 1.0), 0.8), ((1.2, 0.3, 0.8), 0.25), ((0.0, -1.0, 0.4), 0.22))
VIEW = (1.0, -1.55, 0.62)  # from the drop to the camera


class Frame(NamedTuple):
    """Fields as they are shown: phi and velocity [z, y, x]; drop's centre in metres.

    solid    depth in solid shapes [z, y, x], positive inside, or None
    """

    phi: np.ndarray
    velocity: list[np.ndarray]
    corner: np.ndarray
    centre: np.ndarray
    spacing: float
    solid: np.ndarray | None


def unfolded(run: Run, snapshot: Snapshot) -> Frame:
    """The fields of a snapshot with mirror images, rolled so that no drop is cut in two."""
    unfolding, h = Unfolding(run, snapshot), snapshot.pitch
    phi = unfolding.whole(snapshot.read("phi"))
    corner = np.array([unfolding.ends(axis)[0] for axis in "xyz"])
    names = [c for c in "uvw" if c in snapshot.names]
    velocity = [unfolding.whole(snapshot.read(c), parity=PARITY[c]) for c in names]
    depth = solids.depth(run.case, snapshot.x, snapshot.y, snapshot.z)
    solid = None if depth is None else unfolding.whole(depth)
    still = dict.fromkeys((f"{axis}-" for axis in "xyz"), "wall")  # nothing repeats any more
    return Frame(phi, velocity, corner, corner + centroid(inner(phi), still) * h, h, solid)


def mesh_of(frame: Frame, radius: float):
    """The surface as pyvista.PolyData in metres; `radius` (metres) decides how fine it is.

    Where the drop reaches the end of the box it is closed by a flat face.
    """
    from scipy.ndimage import zoom

    box = _around(inner(frame.phi))
    value = np.clip(logit(inner(frame.phi)[box]), -REACH, REACH)
    most = (POINTS / value.size) ** (1 / 3)  # a body may be small in a large box
    fine = max(1, min(round(FINE * frame.spacing / radius), int(most)))
    if fine > 1:
        value = zoom(value, fine, order=3, grid_mode=True, mode="nearest")
    low = np.array([part.start for part in box[::-1]])
    step = frame.spacing / fine
    first = frame.corner + frame.spacing * low - step / 2
    return _contour(np.pad(value, 1, constant_values=-REACH), first, step)


def solids_of(frame: Frame):
    """The surfaces of the solid shapes as pyvista.PolyData, None if there is none."""
    if frame.solid is None or not (frame.solid > 0).any():
        return None
    value = np.pad(frame.solid / frame.spacing, 1, constant_values=-1.0)
    return _contour(value, frame.corner - frame.spacing / 2, frame.spacing)


def _contour(value: np.ndarray, first: np.ndarray, step: float):
    """The surface value = 0 of a field [z, y, x] whose first point lies at `first`."""
    import pyvista

    grid = pyvista.ImageData(dimensions=value.shape[::-1], spacing=[step] * 3, origin=first)
    grid.point_data["level"] = value.ravel()
    return grid.contour([0.0], "level", compute_normals=True, method="flying_edges")


def _around(share: np.ndarray) -> tuple[slice, ...]:
    """The part of the box that holds the body and four cells more."""
    found = []
    for axis in range(3):
        line = np.flatnonzero((share > 0.5).any(axis=tuple(a for a in range(3) if a != axis)))
        found.append(slice(max(0, line[0] - 4), min(share.shape[axis], line[-1] + 5)))
    return tuple(found)


def colour(mesh, frame: Frame, what: str, radius: float) -> np.ndarray:
    """The quantity `what` (TITLES) at the points of the mesh."""
    from scipy.ndimage import map_coordinates

    points = np.asarray(mesh.points)
    if what == "deviation":
        return np.linalg.norm(points - frame.centre, axis=1) - radius
    if what == "curvature":
        return mesh.curvature("mean")
    at = ((points - frame.corner) / frame.spacing - 0.5).T[::-1]
    u = [map_coordinates(c, at, order=1, mode="nearest") for c in frame.velocity]
    if what == "speed":
        return np.sqrt(sum(c**2 for c in u))
    return (np.stack(u, axis=1) * mesh.point_data["Normals"]).sum(axis=1)


class Camera(NamedTuple):
    """From where a surface is seen, in parallel projection.

    centre    what lies in the middle (metres); view: from there to the camera
    half      half of the width and of the height that are seen, metres
    """

    centre: np.ndarray
    half: tuple[float, float]
    view: tuple[float, float, float] = VIEW

    def screen(self) -> np.ndarray:
        """Unit vectors to the right and upwards in the picture, (2, 3)."""
        forward = -np.asarray(self.view) / np.linalg.norm(self.view)
        right = np.cross(forward, (0.0, 0.0, 1.0))
        right /= np.linalg.norm(right)
        return np.stack([right, np.cross(right, forward)])


def camera_at(points: np.ndarray) -> Camera:
    """The camera that sees all points (m, 3), from the long side of a long body."""
    size = np.ptp(points, axis=0)
    long = int(size.argmax()) if size.max() > 1.8 * np.sort(size)[1] else None
    view = {0: (0.45, -1.7, 0.55), 1: (1.7, -0.45, 0.55)}.get(long, VIEW)
    seen = points @ Camera(points[0], (1.0, 1.0), view).screen().T
    middle, half = (seen.max(axis=0) + seen.min(axis=0)) / 2, np.ptp(seen, axis=0) / 2
    screen = Camera(points[0], (1.0, 1.0), view).screen()
    centre = points.mean(axis=0)
    centre = centre + (middle - screen @ centre) @ screen
    return Camera(centre, tuple(float(h) for h in half), view)


def picture(mesh, values, ends, cmap, camera: Camera, pixels: int, obstacles=None):
    """RGBA picture of a coloured surface, no background, so many pixels high."""
    import pyvista

    mesh.point_data["colour"] = values
    half = camera.half
    window = (max(2, round(pixels * half[0] / half[1])), pixels)
    plotter = pyvista.Plotter(off_screen=True, window_size=window, lighting="none")
    look = {"smooth_shading": True, "ambient": 0.4, "diffuse": 0.68, "specular_power": 40}
    bar = {"scalars": "colour", "cmap": cmap, "clim": ends, "show_scalar_bar": False}
    plotter.add_mesh(mesh, specular=0.32, **look, **bar)
    if obstacles is not None:
        plotter.add_mesh(obstacles, color=SOLID, specular=0.1, **look)
    for position, strength in LIGHTS:
        light = pyvista.Light(position=position, light_type="camera light", intensity=strength)
        plotter.add_light(light)
    reach = 10 * max(half)
    plotter.camera.focal_point = camera.centre
    away = np.array(camera.view) / np.linalg.norm(camera.view)
    plotter.camera.position = np.asarray(camera.centre) + away * 2 * reach
    plotter.camera.up = (0, 0, 1)
    plotter.camera.parallel_projection = True
    plotter.camera.parallel_scale = half[1]
    plotter.camera.clipping_range = (0.01 * reach, 10 * reach)
    image = plotter.screenshot(return_img=True, transparent_background=True)
    plotter.close()
    return np.asarray(image)
