"""Small cases in lattice units, put together of parts, and ways to run them.

A builder writes `case.toml` into a folder and reads it: `make(folder, cells, precision)`.
"""

from pathlib import Path

from levitas.solver.backend.cpu import CpuBackend
from levitas.solver.case.case import Case
from levitas.solver.grid.comm import Serial
from levitas.solver.run.simulation import Simulation

HEAD = """
[case]
units = "lattice"
precision = "{precision}"
end = {{ steps = 40 }}
[grid]
cells = {cells}
origin = {origin}
[flow]
reference_velocity = 0.02
"""
INTERFACE = "[interface]\nwidth = 3.0\n"
MOVES = "velocity = [0.01, 0.02, 0.0]\n"


def head(cells, precision="float32", origin='"corner"') -> str:
    """The sections [case], [grid] and [flow], the last one open for more keys."""
    return HEAD.format(cells=list(cells), precision=precision, origin=origin)


def faces(names: str, kind="wall", keys="") -> str:
    """The [[boundary]] sections of some faces."""
    return "".join(f'[[boundary]]\nface = "{n}"\nkind = "{kind}"\n{keys}' for n in names.split())


def sphere(centre, radius=5, keys="") -> str:
    """The [[shape]] section of a drop."""
    return f'[[shape]]\nkind = "sphere"\ncentre = {list(centre)}\nradius = {radius}\n{keys}'


def start(name: str, expression: str) -> str:
    """The [[field]] section of a quantity at the start."""
    return f'[[field]]\nname = "{name}"\nexpression = "{expression}"\n'


def write(folder: Path, text: str | bytes, name: str = "case.toml") -> Path:
    """Write a case file; its path."""
    path = Path(folder) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(folder: Path, text: str) -> Case:
    """The case of this text."""
    return Case.read(write(folder, text))


def simulate(case, steps=0, comm=None, split=None, threads=1):
    """A CPU simulation of the case, some steps on."""
    sim = Simulation(case, CpuBackend(case.model.case.precision, threads), comm or Serial(), split)
    for _ in range(steps):
        sim.step()
    return sim


def bits(sim):
    """The saved fields as bytes."""
    return {name: array.tobytes() for name, array in sim.state()[0].items()}


DROP = """\
[materials]
liquid = { density = 1.0, viscosity = 0.05, surface_tension = 5e-3 }
gas = { density = 1e-3, viscosity = 5e-4 }
"""


def drop_case(folder, cells=(19, 17, 15), gravity=(1e-5, 0, -2e-5), precision="float32"):
    """A drop between a moving wall, a wall and mirrors."""
    flat = cells[2] == 1
    text = head(cells, precision) + DROP + f"[gravity]\nvector = {list(gravity)}\n" + INTERFACE
    text += sphere([9.3, 8.1, 0.0 if flat else 7.2], 5, MOVES)
    text += faces("y-", keys="velocity = [0.01, 0, 0]\n") + faces("y+", "symmetry")
    if not flat:
        text += faces("z+") + faces("z-", "symmetry")
    return read(folder, text)


HOT = """\
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
viscosity_law = { kind = "vft", b = 200, t0 = 100 }
rheology = { kind = "carreau", exponent = 0.5, relaxation_time = 100, infinite_viscosity = 0.01 }
[materials.gas]
density = 1e-2
viscosity = 5e-3
conductivity = 0.002
heat_capacity = 1.0
[heat]
prescribed = "300 + 0.7*x - 0.5*y + 0.3*z + t*0.01"
[gravity.signal]
kind = "sine"
amplitude = 2e-5
frequency = 0.01
phase = 0.7
"""


def hot_case(folder, cells=(17, 16, 13), precision="float32"):
    """A drop with every coupling of the flow on: heat, weight, local tension, viscosity laws."""
    flat = cells[2] == 1
    text = head(cells, precision) + HOT
    text += f"direction = {[0.3, -1.0, 0.0] if flat else [0.3, -0.5, -1.0]}\n" + INTERFACE
    text += sphere([8.3, 7.1, 0.0 if flat else 6.2])
    text += faces("y-", keys="velocity = [0.01, 0, 0]\n") + faces("y+ x-") + faces("x+", "symmetry")
    return read(folder, text)


WARM = """\
[solute]
[materials]
reference_temperature = 300
solid = { density = 2.0, conductivity = 0.4, heat_capacity = 0.5 }
[materials.liquid]
density = 1.0
viscosity = 0.05
conductivity = 0.3
heat_capacity = 1.0
diffusivity = 0.02
"""
WARM_GAS = """\
surface_tension = 5e-3
[materials.gas]
density = 1e-2
viscosity = 5e-3
conductivity = 3e-3
heat_capacity = 1.0
"""
LIT = """\
[heat]
emissivity = 0.05
surroundings = 280
source = [{{ kind = "laser", power = 0.1, radius = 3, centre = {}, velocity = [0.01, 0, 0] }},
    {{ expression = "1e-3*t", phase = "liquid" }}]
"""
PLATE = '[[shape]]\nphase = "solid"\nkind = "box"\ncentre = {}\nsize = [10, 3, 10]\n'


def warm_case(folder, cells=(17, 18, 13), precision="float32", drop=True, plate=True):
    """Heat and solute solved for: a drop over a plate, or one phase that streams along it."""
    flat = cells[2] == 1
    text = head(cells, precision) + WARM
    if drop:
        centre = [8.3, 10.1, 0.0 if flat else 6.2]
        text += WARM_GAS + INTERFACE + LIT.format(centre)
        text += sphere(centre, 5, MOVES + "temperature = 305\nconcentration = 2.0\n")
    else:
        text += "[heat]\n" + start("v", "0.02")
    text += start("T", "300 + 0.3*x") + start("c", "1 + 0.1*y")
    text += faces("y-", keys='temperature = "310 + 0.1*x + t"\nconcentration = 1.5\n')
    text += faces("y+", keys="convection = { coefficient = 0.05, temperature = 290 }\n")
    text += faces("x-", "symmetry")
    text += faces("x+", keys="velocity = [0, 0.02, 0]\nheat_flux = 0.01\n")
    text += PLATE.format([8.0, 1.5, 0.0 if flat else 6.0]) if plate else ""
    return read(folder, text)


def bare_case(folder, cells=(17, 18, 13), precision="float32"):
    """The warm drop without the plate: then the interface kernel conducts too."""
    return warm_case(folder, cells, precision, plate=False)


def stream_case(folder, cells=(17, 18, 13), precision="float32"):
    """The warm stream of one phase."""
    return warm_case(folder, cells, precision, drop=False)


OPEN = """\
[materials]
liquid = {{ density = 1.0, viscosity = {}, surface_tension = 1e-3 }}
gas = {{ density = 0.01, viscosity = 5e-4 }}
"""


def channel_case(folder, cells, more, phase="gas", nu=0.02, precision="float64"):
    """Liquid or gas flows in at x- and out at x+; `more` sections."""
    inflow = f'velocity = [0.02, 0, 0]\nphase = "{phase}"\n'
    text = head(cells, precision).replace("reference_velocity = 0.02", "reference_velocity = 0.03")
    text += OPEN.format(nu) + faces("x-", "inflow", inflow) + faces("x+", "outflow")
    return read(folder, text + more)


def open_case(folder, cells=(19, 17, 14), precision="float32"):
    """A drop near the outflow, between a mirror and a wall that moves with the stream."""
    centre = [cells[0] - 7.2, cells[1] / 2 - 0.4, 0 if cells[2] == 1 else cells[2] / 2]
    stream = "velocity = [0.02, 0, 0]\n"
    more = INTERFACE + sphere(centre, 5, stream) + start("u", "0.02")
    more += faces("y-", "symmetry") + faces("y+", keys=stream)
    return channel_case(folder, cells, more, precision=precision)
