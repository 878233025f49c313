"""Whether VTK can draw on this machine without a screen; asked in a process of its own.

Without EGL or OSMesa libraries VTK ends the whole process, so it must not be tried in this one.
"""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

WINDOWS = ("vtkEGLRenderWindow", "vtkOSOpenGLRenderWindow")
VARIABLE = "VTK_DEFAULT_OPENGL_WINDOW"
HOW = "3-D pictures need EGL or OSMesa: apt install libegl1 libgl1-mesa-dri (or libosmesa6)"
SECONDS = 120  # a cold import of VTK from a network disk takes long
_PROBE = """
import sys
import pyvista
plotter = pyvista.Plotter(off_screen=True, window_size=(64, 64))
plotter.add_mesh(pyvista.Sphere())
picture = plotter.screenshot(return_img=True)
sys.exit(0 if picture.std() > 1 else 3)
"""


@cache
def available() -> bool:
    """Can PyVista draw here? Sets the kind of window that works; a success is kept on disk."""
    try:
        import importlib.util

        if not importlib.util.find_spec("pyvista"):
            return False
    except ImportError:
        return False
    known = _remembered()
    for window in [known] if known else _candidates():
        if known or _works(window):
            os.environ[VARIABLE] = window
            _remember(window)
            return True
    return False


def _candidates() -> list[str]:
    given = os.environ.get(VARIABLE)
    return [given] if given else list(WINDOWS)


def _works(window: str) -> bool:
    try:
        done = subprocess.run(
            [sys.executable, "-c", _PROBE],
            env=os.environ | {VARIABLE: window},
            capture_output=True,
            timeout=SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _note() -> Path:
    """File that keeps the window that works with these VTK libraries until the next boot."""
    from importlib.metadata import PackageNotFoundError, version

    from platformdirs import user_cache_path

    try:
        vtk = version("vtk")
    except PackageNotFoundError:
        vtk = "unknown"
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        boot = "any"
    return user_cache_path("levitas") / f"offscreen-{vtk}-{boot}-{os.uname().nodename}"


def _remembered() -> str | None:
    try:
        window = _note().read_text().strip()
    except OSError:
        return None
    return window if window in _candidates() else None


def _remember(window: str) -> None:
    try:
        _note().parent.mkdir(parents=True, exist_ok=True)
        _note().write_text(window)
    except OSError:
        pass  # the next process asks again
