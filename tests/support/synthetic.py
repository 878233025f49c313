"""Made fields whose measures are known, and a run folder in the layout of a real run."""

import numpy as np

SYMMETRIC = dict.fromkeys(("x-", "x+", "y-", "y+", "z-", "z+"), "symmetry")
PERIODIC = dict.fromkeys(SYMMETRIC, "periodic")


def centres(cells):
    """Positions of cell centres x, y, z in cells, broadcastable to [z, y, x]."""
    nx, ny, nz = cells
    return (
        np.arange(nx) + 0.5,
        (np.arange(ny) + 0.5)[:, None],
        (np.arange(nz) + 0.5)[:, None, None],
    )


def drop(cells, centre, radius, width=4.0, amplitude=0.0, n=2, axis=2):
    """phi of a drop of radius R (1 + a P_n(cos theta)), 2-D: R (1 + a cos(n theta)), in cells."""
    away = [q - c for q, c in zip(centres(cells), centre, strict=True)]
    if cells[2] == 1:
        r = np.hypot(away[0], away[1]) + 0 * away[2]
        shape = np.cos(n * np.arctan2(away[1], away[0]))
    else:
        r = np.sqrt(sum(q**2 for q in away)) + 1e-12
        shape = np.polynomial.legendre.Legendre.basis(n)(away[axis] / r)
    phi = 0.5 * (1 + np.tanh(2 * (radius * (1 + amplitude * shape) - r) / width))
    return np.broadcast_to(phi, cells[::-1]).astype(np.float32)


CASE = """
[case]
title = "A made drop rings"
units = "{units}"
end = {{ steps = 400 }}
[grid]
cells = [20, 20, 20]
origin = "corner"
{spacing}
[materials]
{materials}
[flow]
reference_velocity = {speed}
[interface]
width = 4.0
[[shape]]
phase = "liquid"
kind = "sphere"
centre = [0, 0, 0]
radius = {radius}
mode = {{ n = 2, amplitude = 0.08 }}
[[boundary]]
face = "all"
kind = "symmetry"
[output]
{output}
[[check]]
metric = "oscillation_frequency"
reference = {frequency}
tolerance = {{ relative = 0.01 }}
source = "made"
required = true
[[check]]
metric = "oscillation_damping"
reference = {damping}
tolerance = {{ relative = 0.01 }}
source = "made, and too high"
"""
MATERIALS = {
    "lattice": "liquid = { viscosity = 0.02, surface_tension = 2e-3 }\n"
    "gas = { density = 1e-3, viscosity = 2e-4 }",
    "SI": "liquid = { density = 7900, viscosity = 0.4, surface_tension = 1.78 }\n"
    "gas = { density = 7.9, viscosity = 4e-3 }",
}
CELLS, RADIUS = (20, 20, 20), 12.0
PERIOD, DECAY = 100.0, 2e-3  # in steps


def run_folder(path, units="lattice", snapshots=9, output="", case=None, made=None):
    """A run folder as a finished run leaves it: a drop whose mode 2 rings as `PERIOD` says.

    Fields are made, velocities those of the mode; everything is written with netCDF4 alone.
    `case` is another case text; `made(step)` gives other fields {name: [z, y, x]}.
    """
    import json

    h, dt = (1.0, 1.0) if units == "lattice" else (2.5e-4, 1e-5)
    text = case or CASE.format(
        units=units,
        spacing="" if units == "lattice" else f"spacing = {h}\ntime_step = {dt}",
        materials=MATERIALS[units],
        speed=0.02 * h / dt,
        radius=RADIUS * h,
        frequency=1 / (PERIOD * dt),
        damping=1.05 * DECAY / dt,
        output=output,
    )
    path.mkdir(parents=True, exist_ok=True)
    (path / "case.toml").write_text(text)
    for step in np.linspace(0, 400, snapshots).round().astype(int):
        fields = (made or (lambda step: _ringing(step, h, dt)))(int(step))
        _snapshot(path / "snapshots" / f"snap_{step:08d}.nc", int(step), fields, h, dt)
    _series(path / "series.nc", h, dt)
    summary = {"status": "done", "case": "droplet/made", "variant": None, "steps": 400}
    summary |= {"time": 400 * dt, "wall_seconds": 1.0, "mlups": 3.2, "metrics": {}, "checks": []}
    summary |= {"labels": [], "provenance": {"version": "0", "precision": "float32"}}
    (path / "summary.json").write_text(json.dumps(summary))
    return path


def _mode(step):
    return 0.08 * np.exp(-DECAY * step) * np.cos(2 * np.pi * step / PERIOD)


def _ringing(step, h, dt):
    phi = drop(CELLS, (0, 0, 0), RADIUS, amplitude=_mode(step))
    x, y, z = centres(CELLS)
    rate = 0.002 * np.sin(2 * np.pi * step / PERIOD) * h / dt
    zero = np.zeros(phi.shape)
    fields = {"phi": phi, "u": rate * x + zero, "v": rate * y + zero, "w": -2 * rate * z + zero}
    return fields | {"p": 3e-4 * phi * (h / dt) ** 2}


def _snapshot(path, step, fields, h, dt):
    import netCDF4

    path.parent.mkdir(exist_ok=True)
    shape = dict(zip("zyx", fields["phi"].shape, strict=True))
    with netCDF4.Dataset(path, "w") as file:
        file.setncatts({"levitas_step": step, "levitas_complete": 1, "levitas_version": "0"})
        for name, size in ({"time": 1, "bnds": 2} | shape).items():
            file.createDimension(name, size)
        file.createVariable("time", "f8", ("time",))[:] = step * dt
        for axis in "xyz":
            ends = np.arange(shape[axis] + 1) * h
            file.createVariable(axis, "f8", (axis,))[:] = (ends[1:] + ends[:-1]) / 2
            bounds = file.createVariable(f"{axis}_bnds", "f8", (axis, "bnds"))
            bounds[:] = np.stack([ends[:-1], ends[1:]], axis=1)
        for name, values in fields.items():
            variable = file.createVariable(name, "f4", ("time", "z", "y", "x"))
            variable[0] = values
            variable.units = {"phi": "1", "p": "Pa", "T": "K"}.get(name, "m s-1")


def _series(path, h, dt):
    import netCDF4

    step = np.arange(0, 401, 2)
    amplitude = RADIUS * h * _mode(step)
    columns = {"time": step * dt, "step": step, "mode_amplitude": amplitude}
    columns |= {"liquid_volume": 8e3 * h**3 + 0 * amplitude, "max_speed": abs(amplitude) / dt / 50}
    columns |= {"kinetic_energy": (RADIUS * h) ** 5 * (amplitude / dt) ** 2}
    with netCDF4.Dataset(path, "w", format="NETCDF3_64BIT_OFFSET") as file:
        file.createDimension("time", None)
        units = {"time": "s", "mode_amplitude": "m", "liquid_volume": "m3", "max_speed": "m/s"}
        for name, values in columns.items():
            variable = file.createVariable(name, "f8", ("time",))
            variable[:] = values
            variable.units = units.get(name, "1")
