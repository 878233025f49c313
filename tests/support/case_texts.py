"""Case texts that tests change word by word."""

DROP = """\
[case]
title = "a drop"
end = { time = "4 ms" }
[grid]
cells = [48, 40, 44]
spacing = "60 um"
[materials]
liquid = { density = 1000, viscosity = "20 mPa s", surface_tension = "50 mN/m" }
gas = { density = 1.5, viscosity = 5e-4 }
[flow]
[interface]
[[shape]]
kind = "sphere"
centre = [0, 0, 0]
radius = "0.72 mm"
mode = { n = 2, amplitude = 0.05 }
[[boundary]]
face = "x-"
kind = "wall"
[[boundary]]
face = "x+"
kind = "wall"
[output]
series = { every = "0.1 ms" }
[[variant]]
name = "fine"
set = { "grid.cells" = [64, 64, 64], "grid.spacing" = "45 um" }
[[check]]
metric = "pressure_jump"
reference = "2*liquid.surface_tension/shape.radius"
tolerance = { relative = 0.01 }
"""

LATTICE = """\
[case]
units = "lattice"
precision = "float64"
end = { steps = 100 }
[grid]
cells = [40, 48, 1]
origin = [3, 4.5, 0]
[materials]
liquid = { density = 2, viscosity = 0.1, surface_tension = 1e-3 }
gas = { density = 0.01, viscosity = 1e-3 }
[gravity]
vector = [0, -1e-6, 0]
[flow]
reference_velocity = 0.02
[interface]
mobility = 0.03
[[shape]]
kind = "film"
size = 12
wave = { wavelength = 20, amplitude = 1 }
[[shape]]
phase = "gas"
kind = "ellipsoid"
centre = [10, 6, 0]
radius = [5, 4, 1]
[[shape]]
kind = "cylinder"
centre = [20, 30, 0]
radius = 6
mode = { n = 3, amplitude = 0.1 }
velocity = [0.01, 0, 0]
[[shape]]
kind = "expression"
expression = "3 - hypot(x - 30, y - 30) + 0*shape.2.radius"
[[shape]]
kind = "box"
centre = [5, 30, 0]
size = [8, 9, 1]
[[field]]
name = "u"
expression = "0.001*sin(2*pi*x/grid.lx)"
[[field]]
name = "p"
expression = 1e-5
[[boundary]]
face = "y-"
kind = "wall"
[[boundary]]
face = "y+"
kind = "wall"
velocity = [0.01, 0, 0]
[output]
snapshots = { steps = 50, fields = ["phi", "p"], region = [[0, 0, -1], [20, 20, 1]], stride = 2 }
checkpoint = { steps = 10, keep = 3 }
[[variant]]
name = "big"
set = { "shape.2.radius" = 7, "grid.cells" = [48, 48, 1] }
[[check]]
metric = "mass_drift"
tolerance = { max = 1e-6 }
required = true
variant = ["big"]
[[check]]
metric = "max_speed"
reference = "2*liquid.surface_tension/shape.2.radius"
tolerance = { relative = 0.03 }
when = "gravity.level > 0"
"""

SINGLE = """\
[case]
units = "lattice"
end = { steps = 10 }
[grid]
cells = [32, 24, 1]
[materials]
liquid = { viscosity = 0.01 }
[flow]
[[field]]
name = "u"
expression = "0.02*cos(2*pi*x/grid.lx)*sin(2*pi*y/grid.ly)"
"""

#: A case that runs in a second, with output of every kind.
RUN = """
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
