"""Cases with heat and solute solved for: a drop over a solid plate, a stream past a hot bar."""

from levitas.solver.case.case import Case

HEAD = """
[case]
units = "lattice"
precision = "{precision}"
end = {{ steps = 40 }}
[grid]
cells = {cells}
origin = "corner"
[flow]
reference_velocity = 0.02
[solute]
[materials]
reference_temperature = 300
solid = {{ density = 2.0, conductivity = 0.4, heat_capacity = 0.5 }}
[[field]]
name = "T"
expression = "300 + 0.3*x"
[[field]]
name = "c"
expression = "1 + 0.1*y"
[[boundary]]
face = "y-"
kind = "wall"
temperature = "310 + 0.1*x + t"
concentration = 1.5
[[boundary]]
face = "y+"
kind = "wall"
convection = {{ coefficient = 0.05, temperature = 290 }}
[[boundary]]
face = "x-"
kind = "symmetry"
[[boundary]]
face = "x+"
kind = "wall"
velocity = [0, 0.02, 0]
heat_flux = 0.01
[materials.liquid]
density = 1.0
viscosity = 0.05
surface_tension = 5e-3
conductivity = 0.3
heat_capacity = 1.0
diffusivity = 0.02
"""
DROP = """
[materials.gas]
density = 1e-2
viscosity = 5e-3
conductivity = 3e-3
heat_capacity = 1.0
[interface]
width = 3.0
[heat]
emissivity = 0.05
surroundings = 280
source = [{{ kind = "laser", power = 0.1, radius = 3, centre = {centre}, velocity = [0.01, 0, 0] }},
    {{ expression = "1e-3*t", phase = "liquid" }}]
[[shape]]
kind = "sphere"
centre = {centre}
radius = 5
velocity = [0.01, 0.02, 0.0]
temperature = 305
concentration = 2.0
"""
PLATE = """
[[shape]]
phase = "solid"
kind = "box"
centre = {plate}
size = [{wide}, 3, {wide}]
"""


def warm_case(folder, cells=(17, 18, 13), precision="float32", drop=True, plate=True):
    """The case, read from a file in `folder`; without a drop one phase streams along the plate."""
    flat = cells[2] == 1
    text = HEAD + (DROP if drop else '[heat]\n[[field]]\nname = "v"\nexpression = "0.02"\n')
    if not drop:
        text = text.replace("surface_tension = 5e-3\n", "")
    text += PLATE if plate else ""
    places = {
        "centre": [8.3, 10.1, 0.0 if flat else 6.2],
        "plate": [8.0, 1.5, 0.0 if flat else 6.0],
        "wide": 10,
    }
    path = folder / "case.toml"
    path.write_text(text.format(cells=list(cells), precision=precision, **places))
    return Case.read(path)


def bare_case(folder, cells=(17, 18, 13), precision="float32"):
    """The drop without the plate: then the interface kernel conducts too."""
    return warm_case(folder, cells, precision, plate=False)


def stream_case(folder, cells=(17, 18, 13), precision="float32"):
    """One phase."""
    return warm_case(folder, cells, precision, drop=False)
