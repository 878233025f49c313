"""The command in a process of its own, and what it wrote."""

import json
import sys
from pathlib import Path

import netCDF4


def command(*words, **more):
    """A command of its own process."""
    return [sys.executable, "-m", "levitas", *map(str, words)]


def summary(folder):
    return json.loads((Path(folder) / "summary.json").read_text())


def series(folder):
    with netCDF4.Dataset(Path(folder) / "series.nc") as file:
        return {name: file[name][:].tolist() for name in file.variables}
