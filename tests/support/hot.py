"""A drop with every coupling of the flow on: heat, weight, local tension, viscosity laws."""

from levitas.solver.case.case import Case

HOT = """
[case]
units = "lattice"
precision = "{precision}"
end = {{ steps = 40 }}
[grid]
cells = {cells}
origin = "corner"
[materials]
reference_temperature = 300
[materials.liquid]
density = 1.0
viscosity = 0.05
surface_tension = 5e-3
surface_tension_table = [[280, 6e-3], [295, 5.5e-3], [330, 4e-3]]
thermal_expansion = 1e-3
conductivity = 0.02
heat_capacity = 1.0
viscosity_law = {{ kind = "vft", b = 200, t0 = 100 }}
rheology = {{ kind = "carreau", exponent = 0.5, relaxation_time = 100, infinite_viscosity = 0.01 }}
[materials.gas]
density = 1e-2
viscosity = 5e-3
conductivity = 0.002
heat_capacity = 1.0
[gravity.signal]
kind = "sine"
amplitude = 2e-5
frequency = 0.01
phase = 0.7
direction = {down}
[flow]
reference_velocity = 0.02
[heat]
prescribed = "300 + 0.7*x - 0.5*y + 0.3*z + t*0.01"
[interface]
width = 3.0
[[shape]]
kind = "sphere"
centre = {centre}
radius = 5
[[boundary]]
face = "y-"
kind = "wall"
velocity = [0.01, 0, 0]
[[boundary]]
face = "y+"
kind = "wall"
[[boundary]]
face = "x-"
kind = "wall"
[[boundary]]
face = "x+"
kind = "symmetry"
"""


def hot_case(folder, cells=(17, 16, 13), precision="float32"):
    """The case, read from a file in `folder`."""
    flat = cells[2] == 1
    text = HOT.format(
        cells=list(cells),
        precision=precision,
        centre=[8.3, 7.1, 0.0 if flat else 6.2],
        down=[0.3, -1.0, 0.0] if flat else [0.3, -0.5, -1.0],
    )
    path = folder / "case.toml"
    path.write_text(text)
    return Case.read(path)
