"""Cases with inflow and outflow."""

from levitas.solver.case.case import Case

OPEN = """
[case]
units = "lattice"
precision = "{precision}"
end = {{ steps = 10 }}
[grid]
cells = {cells}
origin = "corner"
[materials]
liquid = {{ density = 1.0, viscosity = {nu}, surface_tension = 1e-3 }}
gas = {{ density = 0.01, viscosity = 5e-4 }}
[flow]
reference_velocity = 0.03
[[boundary]]
face = "x-"
kind = "inflow"
velocity = [0.02, 0, 0]
phase = "{phase}"
[[boundary]]
face = "x+"
kind = "outflow"
{more}
"""
DROP = """
[interface]
width = 3.0
[[shape]]
kind = "sphere"
centre = [{x}, {y}, {z}]
radius = 5
velocity = [0.02, 0, 0]
[[field]]
name = "u"
expression = "0.02"
[[boundary]]
face = "y-"
kind = "symmetry"
[[boundary]]
face = "y+"
kind = "wall"
velocity = [0.02, 0, 0]
"""


def case_of(folder, cells, more, phase="gas", nu=0.02, precision="float64"):
    """A case with liquid or gas flowing in at x- and out at x+."""
    path = folder / "case.toml"
    filled = {"cells": list(cells), "more": more, "phase": phase, "nu": nu}
    path.write_text(OPEN.format(precision=precision, **filled))
    return Case.read(path)


def open_case(folder, cells=(19, 17, 14), precision="float32"):
    """A drop near the outflow, between a mirror and a wall that moves with the stream."""
    x, y, z = cells[0] - 7.2, cells[1] / 2 - 0.4, 0 if cells[2] == 1 else cells[2] / 2
    return case_of(folder, cells, DROP.format(x=x, y=y, z=z), precision=precision)
