"""Small cases whose box turns or whose liquid evaporates; see tests/support/case.py."""

from tests.support.case import INTERFACE, faces, head, read, sphere, start

TURNING = """\
rotation = {{ rate = {rate}, axis = {axis}, centre = {centre}, coriolis = {coriolis} }}
[materials]
reference_temperature = 300
liquid = {{ density = 1.0, viscosity = {nu}, surface_tension = 1e-3, thermal_expansion = {beta} }}
gas = {{ density = 0.01, viscosity = 1e-3 }}
"""


def turning_case(
    folder, cells=(19, 17, 14), precision="float32", drop=True, more="", swap=("", ""), **given
):
    """A box about a skew axis (z in 2-D) off its centre, with a drop or full of liquid."""
    flat = cells[2] == 1
    fill = {"nu": 0.05, "beta": 0.0, "rate": 2e-3, "coriolis": "true", "centre": [7.1, 6.2, 3.3]}
    fill |= {"axis": [0, 0, 1] if flat else [0.3, -0.4, 1.0]} | given
    text = head(cells, precision, [1.3, 2.7, 0.0]) + TURNING.format(**fill)
    if drop:
        middle = [cells[0] / 2 - 1.3, cells[1] / 2 - 2.7, 0 if flat else cells[2] / 2]
        text += INTERFACE + sphere(middle, 5, "velocity = [0.01, 0.004, 0.0]\n")
    text += faces("x- x+ y- y+" if flat else "x- x+ y- y+ z- z+")
    return read(folder, text.replace(*swap) + more)


def turning_fluid(folder, cells=(19, 17, 14), precision="float32"):
    """The same box full of liquid that a moving start stirs."""
    more = start("u", "0.01*sin(pi*y/7)")
    return turning_case(folder, cells, precision, drop=False, more=more)


FLUIDS = """\
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
"""
FILM = '\n[[shape]]\nkind = "film"\nsize = 14\n' + faces("y- y+")
VAPOUR = """
[solute]
phase = "{phase}"
surface_exchange = {{ coefficient = 0.02, concentration = 1.0, volume = 0.05 }}
[[field]]
name = "c"
expression = "0.3"
"""


def octant(radius) -> str:
    """An eighth or a quarter of a drop."""
    return "\n" + sphere([0, 0, 0], radius) + faces("all", "symmetry")


def evaporating_case(folder, keys="", more=FILM, cells=(4, 30, 1), precision="float64"):
    """`keys` of [interface], `more` sections."""
    text = head(cells, precision).replace("steps = 40", "steps = 1000").replace("0.02", "0.01")
    return read(folder, text + FLUIDS + keys + more)


def drying_case(folder, cells=(15, 17, 13), precision="float32"):
    """An octant of a drop with heat, that shrinks by both ways of evaporation."""
    more = octant(9) + "[heat]\n" + VAPOUR.format(phase="gas")
    return evaporating_case(folder, 'evaporation = "1e-3*(1 + t/100)"', more, cells, precision)
