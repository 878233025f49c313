"""An acceleration record from a file: CSV or netCDF, times and three components."""

import csv
from pathlib import Path

import numpy as np

from levitas.solver.errors import CaseError

G0 = 9.80665  # m/s2


def read_table(signal, folder: Path, end: float | None = None) -> tuple[np.ndarray, np.ndarray]:
    """(times, accelerations of the weight (3, n) in m/s2) of a GravitySignal of kind "table".

    Raises CaseError where the file is missing, has no such columns, its times do not increase, or
    it does not reach from the start of the run to `end` seconds later.
    """
    path = folder / signal.file
    names = signal.columns or ["t", "ax", "ay", "az"]
    try:
        columns = _netcdf(path, names) if path.suffix == ".nc" else _csv(path, names)
    except OSError as error:
        raise CaseError(f"gravity table {path.name}: {error.strerror or error}") from None
    times, values = columns[0], columns[1:]
    if len(times) < 2 or not np.isfinite(columns).all():
        raise CaseError(f"gravity table {path.name}: needs two rows of numbers or more")
    wrong = np.flatnonzero(np.diff(times) <= 0)
    if wrong.size:
        raise CaseError(
            f"gravity table {path.name}: time does not increase after row {wrong[0] + 1} "
            f"({times[wrong[0]]:g} s); sort the rows and take out repeated ones"
        )
    first = times[0] if signal.start is None else signal.start
    if first < times[0] or (end is not None and first + end > times[-1]):
        raise CaseError(
            f"gravity table {path.name}: it reaches from {times[0]:g} to {times[-1]:g} s, the run "
            f"from {first:g}"
            + (f" to {first + end:g} s" if end is not None else " s")
            + "; end the run earlier, move signal.start, or give a longer record"
        )
    unit = {"g0": G0, "mg0": 1e-3 * G0, "ug0": 1e-6 * G0}.get(signal.table_unit, 1.0)
    return times, values * (-unit if signal.sign == "accelerometer" else unit)


def _csv(path: Path, names: list[str]) -> np.ndarray:
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = [row for row in csv.reader(file) if row and not row[0].lstrip().startswith("#")]
    head = [cell.strip() for cell in rows[0]] if rows else []
    if set(names) <= set(head):
        places, rows = [head.index(name) for name in names], rows[1:]
    elif len(head) == 4 and all(_is_number(cell) for cell in head):
        places = [0, 1, 2, 3]
    else:
        raise CaseError(f"gravity table {path.name}: no columns {', '.join(names)} in its head")
    try:
        return np.array([[float(row[k]) for k in places] for row in rows]).T.reshape(4, -1)
    except (ValueError, IndexError):
        raise CaseError(f"gravity table {path.name}: a row is not numbers") from None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _netcdf(path: Path, names: list[str]) -> np.ndarray:
    import netCDF4

    with netCDF4.Dataset(path) as file:
        missing = [name for name in names if name not in file.variables]
        if missing:
            raise CaseError(f"gravity table {path.name}: no variable {', '.join(missing)}")
        columns = [np.ma.filled(file[name][:].astype(float), np.nan).ravel() for name in names]
    if len({len(c) for c in columns}) > 1:
        raise CaseError(f"gravity table {path.name}: its variables differ in length")
    return np.array(columns)
