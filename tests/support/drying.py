"""Cases with liquid that evaporates: as said, and into gas short of vapour."""

from levitas.solver.case.case import Case

TEXT = """
[case]
units = "lattice"
precision = "{precision}"
end = {{ steps = 1000 }}
[grid]
cells = {cells}
origin = "corner"
[flow]
reference_velocity = 0.01
[materials]
reference_temperature = 300
[materials.liquid]
density = 1.0
viscosity = 0.05
surface_tension = 2e-3
conductivity = 0.05
heat_capacity = 2.0
diffusivity = 0.02
[materials.gas]
density = 0.01
viscosity = 1e-3
conductivity = 5e-4
heat_capacity = 1.0
diffusivity = 0.05
[interface]
mobility = 0.05
{keys}
"""
FILM = """
[[shape]]
kind = "film"
size = 14
[[boundary]]
face = "y-"
kind = "wall"
[[boundary]]
face = "y+"
kind = "wall"
"""
DROP = """
[[shape]]
kind = "sphere"
centre = [0, 0, 0]
radius = {radius}
[[boundary]]
face = "all"
kind = "symmetry"
"""
VAPOUR = """
[solute]
phase = "{phase}"
surface_exchange = {{ coefficient = 0.02, concentration = 1.0, volume = 0.05 }}
[[field]]
name = "c"
expression = "0.3"
"""


def case(folder, keys="", more=FILM, cells=(4, 30, 1), precision="float64"):
    """A case read from a file in `folder`: `keys` of [interface], `more` sections."""
    path = folder / "case.toml"
    path.write_text(TEXT.format(cells=list(cells), precision=precision, keys=keys) + more)
    return Case.read(path)


def drying_case(folder, cells=(15, 17, 13), precision="float32"):
    """An octant of a drop with heat, that shrinks by both ways of evaporation."""
    more = DROP.format(radius=9) + "[heat]\n" + VAPOUR.format(phase="gas")
    return case(folder, 'evaporation = "1e-3*(1 + t/100)"', more, cells, precision)
