"""Boxes that turn."""

from levitas.solver.case.case import Case

TURNING = """
[case]
units = "lattice"
precision = "{precision}"
end = {{ steps = 10 }}
[grid]
cells = {cells}
origin = {origin}
[materials]
reference_temperature = 300
liquid = {{ density = 1.0, viscosity = {nu}, surface_tension = 1e-3, thermal_expansion = {beta} }}
gas = {{ density = 0.01, viscosity = 1e-3 }}
[flow]
reference_velocity = 0.02
rotation = {{ rate = {rate}, axis = {axis}, centre = {centre}, coriolis = {coriolis} }}
[[boundary]]
face = "x-"
kind = "wall"
[[boundary]]
face = "x+"
kind = "wall"
[[boundary]]
face = "y-"
kind = "wall"
[[boundary]]
face = "y+"
kind = "wall"
"""
DROP = """
[interface]
width = 3.0
[[shape]]
kind = "sphere"
centre = {middle}
radius = 5
velocity = [0.01, 0.004, 0.0]
"""


def turning_case(
    folder, cells=(19, 17, 14), precision="float32", drop=True, more="", swap=("", ""), **given
):
    """A box about a skew axis (z in 2-D) off its centre, with a drop or full of liquid."""
    flat = cells[2] == 1
    fill = {"origin": [1.3, 2.7, 0.0], "nu": 0.05, "beta": 0.0, "rate": 2e-3, "coriolis": "true"}
    fill |= {"axis": [0, 0, 1] if flat else [0.3, -0.4, 1.0], "centre": [7.1, 6.2, 3.3]} | given
    text = TURNING + (DROP if drop else "")
    if not flat:
        text += "".join(f'[[boundary]]\nface = "z{s}"\nkind = "wall"\n' for s in "-+")
    middle = [cells[0] / 2 - 1.3, cells[1] / 2 - 2.7, 0 if flat else cells[2] / 2]
    path = folder / "case.toml"
    fill |= {"precision": precision, "cells": list(cells), "middle": middle}
    path.write_text(text.format(**fill).replace(*swap) + more)
    return Case.read(path)


def turning_fluid(folder, cells=(19, 17, 14), precision="float32"):
    """The same box full of liquid that a moving start stirs."""
    more = '[[field]]\nname = "u"\nexpression = "0.01*sin(pi*y/7)"\n'
    return turning_case(folder, cells, precision, drop=False, more=more)
