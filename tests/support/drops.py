"""Small cases with every physics on, for tests of whole simulations."""

from levitas.solver.backend.cpu import CpuBackend
from levitas.solver.case.case import Case
from levitas.solver.grid.comm import Serial
from levitas.solver.run.simulation import Simulation

DROP = """
[case]
units = "lattice"
precision = "{precision}"
end = {{ steps = 40 }}
[grid]
cells = {cells}
origin = "corner"
[materials]
liquid = {{ density = 1.0, viscosity = 0.05, surface_tension = 5e-3 }}
gas = {{ density = 1e-3, viscosity = 5e-4 }}
[gravity]
vector = {gravity}
[flow]
reference_velocity = 0.02
[interface]
width = 3.0
[[shape]]
phase = "liquid"
kind = "{kind}"
centre = {centre}
radius = 5
velocity = [0.01, 0.02, 0.0]
[[boundary]]
face = "z+"
kind = "{top}"
[[boundary]]
face = "z-"
kind = "{bottom}"
[[boundary]]
face = "y-"
kind = "wall"
velocity = [0.01, 0, 0]
[[boundary]]
face = "y+"
kind = "symmetry"
"""


def drop_case(folder, cells=(19, 17, 15), gravity=(1e-5, 0, -2e-5), precision="float32"):
    """A drop between a moving wall, a wall and mirrors, in a file in `folder`."""
    flat = cells[2] == 1
    centre = [9.3, 8.1, 0.0 if flat else 7.2]
    text = DROP.format(
        cells=list(cells),
        gravity=list(gravity),
        precision=precision,
        kind="sphere",
        centre=centre,
        top="periodic" if flat else "wall",
        bottom="periodic" if flat else "symmetry",
    )
    path = folder / "case.toml"
    path.write_text(text)
    return Case.read(path)


def simulate(case, steps=0, comm=None, split=None, threads=1):
    """A CPU simulation of the case, some steps on."""
    sim = Simulation(case, CpuBackend(case.model.case.precision, threads), comm or Serial(), split)
    for _ in range(steps):
        sim.step()
    return sim


def bits(sim):
    """The saved fields as bytes."""
    return {name: array.tobytes() for name, array in sim.state()[0].items()}
