"""A small case, and ways to run it and to read what it wrote."""

import json
import sys
from pathlib import Path

import netCDF4

DROP = """
[case]
title = "a small drop"
units = "lattice"
end = { steps = 60 }
[grid]
cells = [18, 16, 14]
[materials]
liquid = { density = 1.0, viscosity = 0.05, surface_tension = 1e-3 }
gas = { density = 0.01, viscosity = 0.001 }
[flow]
[interface]
width = 3.0
[[shape]]
kind = "sphere"
centre = [0, 0, 0]
radius = 4.5
[output]
series = { steps = 5 }
snapshots = { steps = 20 }
pictures = []
[[variant]]
name = "small"
set = { "shape.radius" = 4.0 }
[[variant]]
name = "slow"
set = { "liquid.surface_tension" = 5e-4 }
"""


def command(*words, **more):
    """A command of its own process."""
    return [sys.executable, "-m", "levitas", *map(str, words)]


def summary(folder):
    return json.loads((Path(folder) / "summary.json").read_text())


def series(folder):
    with netCDF4.Dataset(Path(folder) / "series.nc") as file:
        return {name: file[name][:].tolist() for name in file.variables}
