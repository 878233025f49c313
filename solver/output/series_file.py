"""The file of a series: netCDF-3 (classic, 64-bit offsets), appended record by record.

The library writes the header; records are appended here with plain writes: the row first, then the
count of records in the header. So a run that is killed, or a disk that is full, leaves every record
before readable, which neither HDF5 nor a failing close of the library promises.

Layout (NetCDF classic format specification): the number of records is a big-endian int32 at byte 4;
after the header, each record holds one big-endian value of every variable in order of definition.
"""

import errno
import os
import struct
from pathlib import Path

import numpy as np

from levitas import __version__
from levitas.solver.errors import CorruptRun
from levitas.solver.output import atomic
from levitas.solver.output.snapshot_file import unit

COUNT = 4  # byte at which the number of records stands


def create(path: Path, measures: dict, sim) -> dict:
    """A series without records; its variables are time, step and `measures`.

    measures: name -> (value, unit, about). Returns the layout that `Records` needs (JSON).
    """
    import netCDF4

    known = {"time": (unit(sim, "s"), "time"), "step": ("1", "number of the time step")}
    known |= {name: about[1:] for name, about in measures.items()}
    partial = atomic.temporary(path)
    with netCDF4.Dataset(partial, "w", format="NETCDF3_64BIT_OFFSET") as file:
        file.setncatts({"Conventions": "CF-1.11", "levitas_version": __version__})
        file.levitas_case = sim.case.text
        file.createDimension("time", None)
        for name, (units, about) in known.items():
            variable = file.createVariable(name, "f8", ("time",))
            variable.setncatts({"units": units, "long_name": about})
    atomic.sync(partial)
    atomic.publish(partial, path)
    return {"header": path.stat().st_size, "names": list(known)}


class Records:
    """A series open for appending; `layout` as `create` gave it."""

    def __init__(self, path: Path, layout: dict):
        self.path, self.names, self.header = Path(path), layout["names"], layout["header"]
        self.row = struct.Struct(f">{len(self.names)}d")
        self.handle = os.open(self.path, os.O_RDWR)

    def put(self, record: int, values: dict[str, float]) -> None:
        """Write record number `record`; a value left out is NaN. OSError if it does not fit."""
        row = self.row.pack(*(values.get(name, np.nan) for name in self.names))
        self._write(row, self.header + record * self.row.size)
        self._write(struct.pack(">i", record + 1), COUNT)
        if record == 0:
            self._compare(values)

    def _write(self, data: bytes, at: int):
        if os.pwrite(self.handle, data, at) < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _compare(self, values: dict[str, float]):
        """The library must find what was written: proof that the layout is as described."""
        found = self._read()
        wanted = [[values.get(name, np.nan)] for name in self.names]
        if not np.array_equal(found, wanted, equal_nan=True):
            raise OSError("a series does not read back as it was written")

    def _read(self) -> list[list[float]]:
        """All columns, as the library reads them."""
        import netCDF4

        with netCDF4.Dataset(self.path) as file:
            file.set_auto_mask(False)
            return [file[name][:].tolist() for name in self.names]

    def truncate(self, records: int) -> None:
        """Keep the first `records` records. CorruptRun if there are fewer, or it is no series."""
        size = self.header + records * self.row.size
        counted = os.pread(self.handle, 4, COUNT)
        there = struct.unpack(">i", counted)[0] if len(counted) == 4 else 0
        if there < records or os.fstat(self.handle).st_size < size:
            raise CorruptRun(
                f"{self.path} is truncated: the checkpoint counts {records} records; restore it "
                "from a copy, or start again with --restart"
            )
        self._write(struct.pack(">i", records), COUNT)
        os.ftruncate(self.handle, size)
        try:
            self._read()
        except (OSError, RuntimeError, IndexError) as error:
            raise CorruptRun(
                f"{self.path} is damaged ({error}); restore it from a copy, or start again "
                "with --restart"
            ) from None

    def sync(self) -> None:
        """Flush to the disk."""
        os.fsync(self.handle)

    def close(self) -> None:
        """Close the file."""
        os.close(self.handle)
