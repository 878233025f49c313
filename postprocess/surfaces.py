"""The phi = 1/2 surface in 3-D: mesh, colours, and its picture without a screen.

Symmetry faces are unfolded and periodic axes rolled, so that whole drops are seen.
"""

from typing import NamedTuple

import numpy as np

from levitas.postprocess.bodies import centroid, inner, whole
from levitas.postprocess.plane import PARITY
from levitas.postprocess.read import Run, Snapshot
from levitas.postprocess.sampling import kinds, logit

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
    """Fields unfolded around a drop: phi and velocity [z, y, x], its centre in metres."""

    phi: np.ndarray
    velocity: list[np.ndarray]
    corner: np.ndarray
    centre: np.ndarray
    spacing: float


def unfolded(run: Run, snapshot: Snapshot) -> Frame:
    """The fields of a snapshot with mirror images, rolled so that the drop is in one piece."""
    phi, faces = snapshot.read("phi"), run.faces
    centre = centroid(inner(phi), faces)
    shift = [
        phi.shape[2 - n] // 2 - int(centre[n]) if kind == "periodic" and phi.shape[2 - n] > 1 else 0
        for n, kind in enumerate(kinds(faces))
    ]

    def show(array, parity=""):
        return whole(np.roll(array, shift, axis=(2, 1, 0)), faces, parity)

    h = snapshot.spacing
    corner = np.array([getattr(snapshot, axis)[0] - h / 2 for axis in "xyz"])
    for n, axis in enumerate("xyz"):
        if faces.get(f"{axis}-") == "symmetry":
            corner[n] -= phi.shape[2 - n] * h
    names = [c for c in "uvw" if c in snapshot.names]
    velocity = [show(snapshot.read(c), PARITY[c]) for c in names]
    place = np.array([getattr(snapshot, axis)[0] - h / 2 for axis in "xyz"]) + centre * h
    for n, kind in enumerate(kinds(faces)):
        if kind == "periodic":
            place[n] += shift[n] * h
    return Frame(show(phi), velocity, corner, place, h)


def mesh_of(frame: Frame, radius: float):
    """The surface as pyvista.PolyData in metres; `radius` (metres) decides how fine it is."""
    import pyvista
    from scipy.ndimage import zoom

    box = _around(inner(frame.phi))
    value = np.clip(logit(inner(frame.phi)[box]), -REACH, REACH)
    most = (POINTS / value.size) ** (1 / 3)  # a body may be small in a large box
    fine = max(1, min(round(FINE * frame.spacing / radius), int(most)))
    h = frame.spacing
    if fine > 1:
        value = zoom(value, fine, order=3, grid_mode=True, mode="nearest")
    low = np.array([part.start for part in box[::-1]])
    first = frame.corner + h * low + h / fine / 2
    grid = pyvista.ImageData(dimensions=value.shape[::-1], spacing=[h / fine] * 3, origin=first)
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


def picture(mesh, values, ends, cmap, half_height, centre, pixels=(900, 900), view=VIEW):
    """RGBA picture of a coloured surface, no background; `half_height` metres fill half of it."""
    import pyvista

    mesh.point_data["colour"] = values
    plotter = pyvista.Plotter(off_screen=True, window_size=pixels, lighting="none")
    plotter.add_mesh(
        mesh,
        scalars="colour",
        cmap=cmap,
        clim=ends,
        smooth_shading=True,
        show_scalar_bar=False,
        ambient=0.4,
        diffuse=0.68,
        specular=0.32,
        specular_power=40,
    )
    for position, strength in LIGHTS:
        light = pyvista.Light(position=position, light_type="camera light", intensity=strength)
        plotter.add_light(light)
    plotter.camera.focal_point = centre
    plotter.camera.position = np.asarray(centre) + np.array(view) * 10 * half_height
    plotter.camera.up = (0, 0, 1)
    plotter.camera.parallel_projection = True
    plotter.camera.parallel_scale = half_height
    plotter.camera.clipping_range = (0.1 * half_height, 100 * half_height)
    image = plotter.screenshot(return_img=True, transparent_background=True)
    plotter.close()
    return np.asarray(image)
