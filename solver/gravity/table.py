"""An acceleration record from a file: CSV or netCDF, times and three components."""

import csv
from functools import lru_cache
from pathlib import Path

import numpy as np

from levitas.solver.errors import CaseError
from levitas.solver.input.data_file import data_file, stamp

G0 = 9.80665  # m/s2
NAMES = ("t", "ax", "ay", "az")


def read_table(signal, folder: Path, end: float | None = None) -> tuple[np.ndarray, np.ndarray]:
    """(times, accelerations of the weight (3, n) in m/s2) of a GravitySignal of kind "table".

    Raises CaseError where the file cannot be used (see `data_file`), has no such columns, values
    that are no finite numbers, times that do not increase, or does not reach from the start of the
    run to `end` seconds later.
    """
    path = data_file(folder, signal.file)
    try:
        columns = _columns(*stamp(path), tuple(signal.columns or NAMES))
        _reach(columns[0], signal.start, end)
    except CaseError as error:
        raise CaseError(f"gravity table {path.name}: {error}") from None
    unit = {"g0": G0, "mg0": 1e-3 * G0, "ug0": 1e-6 * G0}.get(signal.table_unit, 1.0)
    return columns[0], columns[1:] * (-unit if signal.sign == "accelerometer" else unit)


@lru_cache(maxsize=4)
def _columns(path: Path, _mtime: int, _size: int, names: tuple[str, ...]) -> np.ndarray:
    """Times and components, (4, n), finite, times increasing."""
    columns = (_netcdf if path.suffix == ".nc" else _csv)(path, list(names))
    if columns.shape[1] < 2:
        raise CaseError("needs two rows of numbers or more; give a longer record")
    bad = np.flatnonzero(~np.isfinite(columns).all(axis=0))
    if bad.size:
        raise CaseError(f"row {bad[0] + 1} has a value that is not finite; fix or remove it")
    times = columns[0]
    wrong = np.flatnonzero(np.diff(times) <= 0)
    if wrong.size:
        raise CaseError(
            f"time does not increase after row {wrong[0] + 1} ({times[wrong[0]]:g} s);"
            " sort the rows and remove repeated ones"
        )
    return columns


def _reach(times: np.ndarray, start: float | None, end: float | None) -> None:
    first = times[0] if start is None else start
    last = first if end is None else first + end
    slack = 1e-9 * (times[-1] - times[0])  # of rounding
    if first < times[0] - slack or last > times[-1] + slack:
        raise CaseError(
            f"it covers {times[0]:g} to {times[-1]:g} s, the run needs {first:g}"
            + (f" to {last:g} s" if end is not None else " s")
            + "; end the run earlier, move signal.start, or give a longer record"
        )


def _csv(path: Path, names: list[str]) -> np.ndarray:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [row for row in csv.reader(file) if row and not row[0].lstrip().startswith("#")]
    except (OSError, ValueError, csv.Error):
        raise CaseError(
            "is not CSV text; give numbers separated by commas, or a .nc file"
        ) from None
    head = [cell.strip() for cell in rows[0]] if rows else []
    if set(names) <= set(head):
        places, rows = [head.index(name) for name in names], rows[1:]
    elif len(head) == 4 and all(_is_number(cell) for cell in head):
        places = [0, 1, 2, 3]
    else:
        remedy = "separate them by commas" if len(head) == 1 else "name them with columns"
        shown = ", ".join(head)[:60]
        raise CaseError(f"its first row ({shown}) has no {', '.join(names)}; {remedy}")
    values = np.empty((4, len(rows)))
    for n, row in enumerate(rows):
        try:
            values[:, n] = [float(row[k]) for k in places]
        except (ValueError, IndexError):
            raise CaseError(
                f"row {n + 1} has a value that is not a number; fix or remove it"
            ) from None
    return values


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _netcdf(path: Path, names: list[str]) -> np.ndarray:
    import netCDF4

    try:
        with netCDF4.Dataset(path) as file:
            missing = [name for name in names if name not in file.variables]
            if missing:
                raise CaseError(f"no variable {', '.join(missing)}; name them with columns")
            columns = [np.ma.filled(file[name][:].astype(float), np.nan).ravel() for name in names]
    except (OSError, RuntimeError, ValueError, TypeError, AttributeError) as error:
        raise CaseError(f"is not a netCDF file of numbers ({error}); write it again") from None
    if len({len(c) for c in columns}) > 1:
        raise CaseError("its variables differ in length; give each one value per time")
    return np.array(columns)
