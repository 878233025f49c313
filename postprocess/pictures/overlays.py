"""What is drawn over a field on a plane: interface, solids, walls, isolines, arrows, streamlines.

Every function takes Matplotlib axes and a View.
"""

from typing import NamedTuple

import numpy as np

from levitas.postprocess.pictures.plane import Plane
from levitas.postprocess.pictures.streamlines import streamlines as lines_along
from levitas.postprocess.pictures.style import GREY, INK, LINES, PAPER, SOLID, WALL, text_of

ARROWS = 22  # along the longer edge
HATCH = "////"


class View(NamedTuple):
    """A plane and how it is shown: positions of its cells on paper, in the unit of the axes."""

    plane: Plane
    x: np.ndarray
    y: np.ndarray
    lattice: bool

    @classmethod
    def of(cls, plane: Plane, long: float, lattice: bool) -> "View":
        """`long` is the unit of the axes over a metre."""
        x, y = plane.centres()
        return cls(plane, x * long, y * long, lattice)


def interface(axes, view: View) -> bool:
    """The phi = 1/2 line; False if there is none."""
    if "phi" not in view.plane.snapshot.names:
        return False
    phi = view.plane.read("phi")
    if not phi.min() < 0.5 < phi.max():
        return False
    axes.contour(view.x, view.y, phi, [0.5], colors=[PAPER], linewidths=3.0, zorder=4)
    axes.contour(view.x, view.y, phi, [0.5], colors=[INK], linewidths=1.4, zorder=4)
    return True


def solids(axes, view: View) -> np.ndarray | None:
    """Solid shapes, hatched; returns where they are, None without any."""
    depth = view.plane.solid()
    if depth is None or not (depth > 0).any():
        return None
    levels = [0.0, max(float(depth.max()) * 2, 1e-30)]
    look = {"colors": [SOLID], "zorder": 5}
    if min(depth.shape) > 1:
        axes.contourf(view.x, view.y, depth, levels, hatches=[HATCH], **look)
        axes.contour(view.x, view.y, depth, [0.0], colors=[WALL], linewidths=1.2, zorder=5)
    return depth > 0


def walls(axes, view: View) -> bool:
    """Walls of the box as thick edges, with an arrow if they move; False if there is none."""
    plane, found = view.plane, False
    for axis, spines in ((plane.across, ("left", "right")), (plane.up, ("bottom", "top"))):
        faces = [axis + side for side in "-+"]
        if axis in plane.run.unfolded:  # beyond the mirror lies the image of the other face
            faces = [face for face in faces if face[1] != plane.run.unfolded[axis]] * 2
        for face, spine in zip(faces, spines, strict=True):
            if plane.run.faces.get(face) == "wall":
                found = True
                axes.spines[spine].set(visible=True, linewidth=3.5, color=WALL)
                _moves(axes, plane, face, spine)
    return found


def _moves(axes, plane: Plane, face: str, spine: str) -> None:
    """An arrow along a wall that moves in its plane."""
    upright = spine in ("left", "right")
    along = plane.up if upright else plane.across
    speed = plane.run.case.wall_velocity.get(face, (0, 0, 0))["xyz".index(along)]
    if not speed:
        return
    at = {"left": 0.03, "bottom": 0.03, "right": 0.97, "top": 0.97}[spine]
    ends = (0.38, 0.62) if speed > 0 else (0.62, 0.38)
    start, end = ((at, q) if upright else (q, at) for q in ends)
    look = {"arrowstyle": "-|>", "color": LINES[1], "lw": 2.2, "mutation_scale": 15}
    place = {"xycoords": "axes fraction", "textcoords": "axes fraction"}
    axes.annotate("", end, start, arrowprops=look, zorder=6, **place)


def isolines(axes, view: View, values: np.ndarray, ends, factor: float) -> float | None:
    """Thin lines of equal value at round steps; returns the step (in units of the bar)."""
    from matplotlib.ticker import MaxNLocator

    low, high = (end * factor for end in ends)
    if min(values.shape) < 2 or not np.nanmax(values) > np.nanmin(values):
        return None
    levels = MaxNLocator(10, steps=[1, 2, 5, 10]).tick_values(low, high)
    inside = levels[(levels > low) & (levels < high)]
    if len(inside) < 2:
        return None
    look = {"colors": [INK], "linewidths": 0.5, "alpha": 0.55, "linestyles": "solid"}
    axes.contour(view.x, view.y, values * factor, inside, zorder=2, **look)
    return float(levels[1] - levels[0])


def arrows(axes, view: View, solid: np.ndarray | None = None) -> str:
    """Velocity arrows; what the longest of them means, in words."""
    a, b = _free(view, solid)
    top = float(np.nanmax(np.hypot(a, b), initial=0.0))
    if not top > 0:
        return ""
    step = max(1, round(max(a.shape) / ARROWS))
    part = slice(min(step // 2, min(a.shape) - 1), None, step)
    apart = (view.x[1] - view.x[0]) * step
    axes.quiver(
        *np.meshgrid(view.x[part], view.y[part]),
        a[part, part] / top * apart * 1.6,
        b[part, part] / top * apart * 1.6,
        angles="xy",
        scale_units="xy",
        scale=1,
        width=0.0028,
        color=INK,
        alpha=0.8,
        zorder=3,
    )
    unit = " (lattice units)" if view.lattice else ""
    speed = text_of(top, "1" if view.lattice else "m/s")
    return f"arrows: velocity{seen_from(view.plane)}, longest {speed}{unit}"


def streamlines(axes, view: View, solid: np.ndarray | None = None) -> str:
    """Lines along the velocity in the plane; what they are, in words."""
    from matplotlib.collections import LineCollection

    found = lines_along(*_free(view, solid))
    if not found:
        return ""
    step = np.array([view.x[1] - view.x[0], view.y[1] - view.y[0]])
    lines = [np.array([view.x[0], view.y[0]]) + step * line for line in found]
    axes.add_collection(LineCollection(lines, colors=[INK], linewidths=0.7, zorder=3))
    look = {"arrowstyle": "-|>", "color": INK, "lw": 0.7, "mutation_scale": 7}
    for line in lines:
        middle = len(line) // 2
        axes.annotate("", line[middle], line[middle - 1], arrowprops=look, zorder=3)
    return f"streamlines{seen_from(view.plane)}"


def seen_from(plane: Plane) -> str:
    """Which frame the velocities of a plane are seen from, "" for that of the box."""
    if plane.frame == "drop":
        phi = plane.snapshot.read("phi")
        return f" seen from the {'drop' if phi.mean() <= 0.5 else 'bubble'}"
    moving = any(plane.run.scope(plane.snapshot)["stream"])
    return " less the stream" if moving else ""


def _free(view: View, solid: np.ndarray | None) -> list[np.ndarray]:
    """The velocity in the plane, NaN in solids."""
    free = view.plane.velocity()
    return free if solid is None else [np.where(solid, np.nan, c) for c in free]


def gravity(page, place: tuple[float, float, float, float], vector, text: str) -> None:
    """An arrow along gravity in a small square (left, bottom, width, height; inches) of a page."""
    size = float(np.hypot(*vector))
    if not size > 0:
        return
    axes = page.axes(*place)
    axes.set(xlim=(-1, 1), ylim=(-1, 1), aspect="equal")
    axes.set_axis_off()
    dx, dy = (0.8 * v / size for v in vector)
    look = {"arrowstyle": "-|>", "color": GREY, "lw": 1.6, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", (dx, dy), (-dx, -dy), arrowprops=look | {"mutation_scale": 13})
    side = (0.45, 0) if abs(dy) > abs(dx) else (0, 0.5)
    axes.text(*side, text, ha="center", va="center", fontsize=9, color=GREY, style="italic")
