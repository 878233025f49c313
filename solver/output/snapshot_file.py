"""Snapshots as CF netCDF files; see levitas.solver.output.series_file for the series."""

from pathlib import Path

import numpy as np

from levitas import __version__
from levitas.solver.output import atomic


def edges(grid, axis: int) -> np.ndarray:
    """Positions of the cell faces along axis 0, 1 or 2 (x, y, z), metres from the origin."""
    return grid.origin[axis] + grid.spacing * np.arange(grid.cells[axis] + 1)


def centres(grid, axis: int) -> np.ndarray:
    """Positions of the cell centres along axis 0, 1 or 2 (x, y, z), metres from the origin."""
    return grid.origin[axis] + grid.spacing * (np.arange(grid.cells[axis]) + 0.5)


def unit(sim, si: str) -> str:
    """The unit in files: the SI one, or "1" for a case in lattice units."""
    return "1" if sim.case.model.case.units == "lattice" else si


class SnapshotFile:
    """A snapshot in the making: `add` fields, then `finish` (or `discard`).

    Coordinates carry no `axis` attribute: VTK's CF reader takes X and Y for longitude and latitude
    where they do. The unit of time is "s" without a date, so no calendar is needed.
    """

    def __init__(self, path: Path, sim, window, attributes: dict):
        import netCDF4

        self.path, self.partial = path, atomic.temporary(path)
        self.window, self.written = window, {}
        path.parent.mkdir(parents=True, exist_ok=True)
        self.real = "f8" if sim.backend.real == np.float64 else "f4"
        self.file = None
        try:
            self.file = netCDF4.Dataset(self.partial, "w", format="NETCDF4")
            self.file.setncatts(
                {
                    "Conventions": "CF-1.11",
                    "levitas_version": __version__,
                    "levitas_case": sim.case.text,
                    "levitas_step": np.int64(sim.steps),
                    "levitas_complete": np.int32(0),
                    **attributes,
                }
            )
            self._coordinates(sim)
        except BaseException:
            self.discard()
            raise

    def _coordinates(self, sim):
        file = self.file
        file.createDimension("time", 1)
        for name, cells, part in zip("zyx", sim.grid.cells[::-1], self.window, strict=True):
            file.createDimension(name, len(range(*part.indices(cells))))
        file.createDimension("bnds", 2)
        time = file.createVariable("time", "f8", ("time",))
        time.setncatts({"standard_name": "time", "long_name": "time", "axis": "T"})
        time.units = unit(sim, "s")
        time[:] = sim.time
        for n, name in enumerate("xyz"):
            at = file.createVariable(name, "f8", (name,))
            at.setncatts({"long_name": f"{name} of cell centres", "units": unit(sim, "m")})
            at.bounds = f"{name}_bnds"
            part = self.window[2 - n]
            at[:] = centres(sim.grid, n)[part]
            bounds = file.createVariable(at.bounds, "f8", (name, "bnds"))
            ends = edges(sim.grid, n)
            bounds[:] = np.stack([ends[:-1], ends[1:]], axis=1)[part]

    def add(self, name: str, units: str, about: str, values: np.ndarray) -> None:
        """Write one field of the whole grid, (nz, ny, nx).

        Whole numbers as int32: readers take the largest value of a narrow type for "missing".
        """
        kind = "i4" if values.dtype.kind in "iu" else self.real
        part = np.ascontiguousarray(values[self.window], dtype=kind)
        variable = self.file.createVariable(
            name, kind, ("time", "z", "y", "x"), zlib=True, complevel=1, shuffle=True
        )
        variable.setncatts({"units": units, "long_name": about})
        variable[0] = part
        self.written[name] = _digest(part)

    def finish(self) -> None:
        """Flush, mark complete, read back, rename: only a whole file gets its name."""
        import netCDF4

        try:
            self.file.sync()
            self.file.levitas_complete = np.int32(1)
            self.file.close()  # a full disk shows here at the latest
            atomic.sync(self.partial)
            with netCDF4.Dataset(self.partial) as back:
                back.set_auto_mask(False)
                for name, digest in self.written.items():
                    if _digest(np.ascontiguousarray(back[name][0])) != digest:
                        raise OSError(f"{name} does not read back as it was written")
            atomic.publish(self.partial, self.path)
        except BaseException:
            self.discard()
            raise

    def discard(self) -> None:
        """Give up: close and remove the partial file."""
        try:
            if self.file and self.file.isopen():
                self.file.close()
        except RuntimeError:
            pass  # the write that failed is already reported
        self.partial.unlink(missing_ok=True)


def _digest(array: np.ndarray) -> str:
    import xxhash

    return xxhash.xxh3_128_hexdigest(array)
