"""Shapes from files: closed surfaces (STL) and masks (npy, netCDF), as signed distances.

Distances are positive inside, in the units of the case. They depend on the place alone, not on the
other places asked for: any split of a grid sees the same body.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from levitas.solver.errors import CaseError
from levitas.solver.input.data_file import data_file, stamp

BAND = 8  # cells beside a surface in which its distance is exact
LARGEST = 1000  # an STL this many times the box is taken for one in other units
PATCHES = 2_000_000  # triangles of about a cell that a surface may be cut into


def check(shape, folder: Path, dx: float, lengths) -> None:
    """Raises CaseError where the file of a shape cannot be used in a box with these edges."""
    if shape.kind == "file":
        _mask(*stamp(data_file(folder, shape.file)), tuple(float(n) for n in lengths))
        return
    surface = _surface(*stamp(data_file(folder, shape.file)), shape.scale)
    low, high = surface.bounds[::2], surface.bounds[1::2]
    size = max(b - a for a, b in zip(low, high, strict=True))
    if size > LARGEST * max(lengths):
        raise CaseError(
            f"is {size:.3g} across, the box {max(lengths):.3g}; set scale to the metres of its unit"
        )
    if surface.area / dx**2 > PATCHES / 8:
        raise CaseError(
            f"covers {surface.area / dx**2:.2g} faces of cells; split it, or take a coarser grid"
        )


def distance(shape, points) -> np.ndarray:
    """Signed distance to the surface of a shape of kind stl or file at Points."""
    path = stamp(data_file(points.folder, shape.file))
    if shape.kind == "file":
        return _of_mask(*_mask(*path, tuple(map(float, points.lengths))), points)
    body = _body(*path, shape.scale, points.dx)
    at = [x - c for x, c in zip(points.xyz, shape.centre, strict=True)]
    size = np.broadcast_shapes(*(x.shape for x in at))
    points = np.stack([np.broadcast_to(x, size).ravel() for x in at], axis=1)
    return body(points).reshape(size)


class _Body:
    """A closed surface: exact distances within BAND cells of it, elsewhere those of near points."""

    def __init__(self, surface, dx: float):
        from scipy.spatial import cKDTree

        self.surface, self.dx = surface, dx
        fine = surface.subdivide_adaptive(max_edge_len=dx, max_n_passes=16) if dx else surface
        self.tree = cKDTree(np.vstack([fine.points, fine.cell_centers().points]))
        self.low, self.high = np.array(surface.bounds[::2]), np.array(surface.bounds[1::2])

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """Distances of points (n, 3), positive inside."""
        found = -np.linalg.norm(
            np.maximum(np.maximum(self.low - points, points - self.high), 0), axis=1
        )
        near = np.flatnonzero(found > -2 * BAND * self.dx)  # of the box around it
        if near.size:
            found[near] = self._near(points[near])
        return found

    def _near(self, points: np.ndarray) -> np.ndarray:
        import pyvista

        size = self.tree.query(points)[0]
        close = size < BAND * self.dx
        found = np.where(self._inside(pyvista.PolyData(points)), size, -size)
        if close.any():
            cloud = pyvista.PolyData(points[close]).compute_implicit_distance(self.surface)
            found[close] = -cloud["implicit_distance"]
        return found

    def _inside(self, cloud) -> np.ndarray:
        from vtkmodules.util.numpy_support import vtk_to_numpy
        from vtkmodules.vtkFiltersModeling import vtkSelectEnclosedPoints

        test = vtkSelectEnclosedPoints()
        test.SetInputData(cloud)
        test.SetSurfaceData(self.surface)
        test.Update()
        return vtk_to_numpy(test.GetOutput().GetPointData().GetArray("SelectedPoints")) > 0


@lru_cache(maxsize=8)
def _body(path: Path, mtime: int, size: int, scale: float, dx: float) -> _Body:
    return _Body(_surface(path, mtime, size, scale), dx)


@lru_cache(maxsize=8)
def _surface(path: Path, _mtime: int, _size: int, scale: float) -> Any:
    """The surface of an STL file, scaled; CaseError unless it is closed."""
    try:
        import pyvista
    except ImportError:
        raise CaseError("needs PyVista: pip install 'levitas[viz]'") from None
    corners = _triangles(path).astype(float)
    if len(corners) < 4 or not np.isfinite(corners).all():
        raise CaseError("has no triangles of finite numbers; export the body as STL again")
    faces = np.arange(3 * len(corners)).reshape(-1, 3)
    surface = pyvista.PolyData.from_regular_faces(corners.reshape(-1, 3), faces).clean()
    if surface.n_cells < 4:
        raise CaseError("has triangles without area; export the body as STL again")
    if surface.n_open_edges:
        raise CaseError(
            f"is open: {surface.n_open_edges} edges have no second triangle; close the surface"
        )
    surface = surface.scale(scale, inplace=False)
    if not surface.volume > 0:
        raise CaseError("encloses no volume; export a closed body")
    return surface.compute_normals(auto_orient_normals=True, consistent_normals=True)


_BINARY = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("mark", "<u2")])


def _triangles(path: Path) -> np.ndarray:
    """Corners of an STL file, (triangles, 3, 3): a text of facets, or its records of 50 bytes."""
    data = path.read_bytes()
    if len(data) >= 84 and len(data) == 84 + 50 * int.from_bytes(data[80:84], "little"):
        return np.frombuffer(data, _BINARY, offset=84)["corners"]
    text = data.lower().split()
    if text[:1] != [b"solid"] or b"endsolid" not in text:
        raise CaseError("is not an STL file, or a truncated one; export the body as STL again")
    places = [n for n, word in enumerate(text) if word == b"vertex"]
    try:
        found = np.array([[float(x) for x in text[n + 1 : n + 4]] for n in places])
        return found.reshape(-1, 3, 3)
    except ValueError:
        raise CaseError("has facets that are not numbers; export the body as STL again") from None


@lru_cache(maxsize=4)
def _mask(path: Path, _mtime: int, _size: int, lengths: tuple) -> tuple[np.ndarray, np.ndarray]:
    """(distance of its cells (z, y, x), edges of a cell (x, y, z)) of a mask over the whole box."""
    from scipy.ndimage import distance_transform_edt

    inside = _array(path) > 0.5
    if not inside.any():
        raise CaseError("marks no cell; cells above 0.5 are inside")
    edges = np.array(lengths) / inside.shape[::-1]
    used = [n > 1 for n in inside.shape]
    half = min(e for e, u in zip(edges[::-1], used, strict=True) if u) / 2
    depth = distance_transform_edt(inside, edges[::-1]) - half
    if not inside.all():
        away = distance_transform_edt(~inside, edges[::-1]) - half
        depth = np.where(inside, depth, -away)
    return depth, edges


def _array(path: Path) -> np.ndarray:
    """The numbers of a mask, (nz, ny, nx)."""
    try:
        array = _netcdf(path) if path.suffix == ".nc" else np.load(path, allow_pickle=False)
    except CaseError:
        raise
    except Exception as error:  # of a damaged file NumPy and HDF5 raise what they please
        raise CaseError(f"cannot be read ({str(error)[:80]}); give an npy or netCDF file") from None
    if getattr(array, "ndim", 0) != 3 or array.dtype.kind not in "biuf" or max(array.shape) < 2:
        raise CaseError("is not an array of numbers; give one with axes z, y, x over the whole box")
    if not np.isfinite(array).all():
        raise CaseError("holds values that are not finite; mark each cell with 0 or 1")
    return array


def _netcdf(path: Path) -> np.ndarray:
    """The first variable with three axes."""
    import netCDF4

    with netCDF4.Dataset(path) as data:
        for variable in data.variables.values():
            if variable.ndim == 3:
                return np.ma.filled(variable[:].astype(float), 0.0)
    raise CaseError("has no variable with three axes; give one with z, y, x")


def _of_mask(depth: np.ndarray, edges: np.ndarray, points) -> np.ndarray:
    """The distance of the cell of the mask that each place lies in."""
    index = []
    for n, x in enumerate(points.xyz):
        cell = np.floor((x - points.corner[n]) / edges[n] + 1e-9).astype(int)
        index.append(np.clip(cell, 0, depth.shape[2 - n] - 1))
    return depth[index[2], index[1], index[0]]
