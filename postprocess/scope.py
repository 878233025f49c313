"""What a metric may ask for, by the name of its argument.

| name | meaning |
|---|---|
| phi u v w p T c | fields [z, y, x], SI (lattice units for a case in lattice units) |
| start_u start_v start_w | velocity at the start |
| spacing dt end_time | cell size, time step, time of the fields |
| faces corner lengths | kind of each face, low corner of the box, its edges (x, y, z) |
| rho_l rho_g mu_l mu_g nu_l sigma width | the fluids; interface width as a length |
| gravity pressure_gradient stream | vectors; `stream` is the declared velocity of everything |
| lid | velocity along x of the wall at y+ |
| n axis | mode number and axis of the first shape that has a mode |
| film_axis | 0, 1, 2: the axis along the normal of the first film or plane of liquid |
| wave | the first wave of a shape: axes, wave number, phase, sign, round (a cylinder's) |
"""

from collections.abc import Callable, Mapping

import numpy as np

from levitas.postprocess.value import NotMeasured

FIELDS = ("phi", "u", "v", "w", "p", "T", "c")


class Scope(dict):
    """Values by name; a function in `later` makes one the first time it is asked for."""

    def __init__(self, values: Mapping, later: Mapping[str, Callable]):
        super().__init__(values)
        self.later = dict(later)

    def __missing__(self, name: str):
        if name not in self.later:
            raise NotMeasured(f"the run has no {name}")
        self[name] = self.later[name]()
        return self[name]

    def has(self, name: str) -> bool:
        """Is this value there or can it be made?"""
        return name in self or name in self.later


def constants(case) -> dict:
    """The values above that do not change during a run: as simulated, floors and caps applied."""
    lattice, scales, values = case.lattice, case.scales, case.values
    found = {
        "spacing": scales.dx,
        "dt": scales.dt,
        "flat": case.flat,
        "in_lattice_units": case.model.case.units == "lattice",
        "faces": case.faces,
        "corner": case.origin,
        "lengths": tuple(values[f"grid.l{axis}"] for axis in "xyz"),
        "rho_l": lattice.rho_l * scales.density,
        "mu_l": lattice.mu_l * scales.viscosity,
        "nu_l": lattice.nu * scales.diffusivity,
        "gravity": tuple(values[f"gravity.{axis}"] for axis in "xyz"),
        "pressure_gradient": tuple(
            values.get(f"flow.pressure_gradient.{n}", 0.0) for n in range(3)
        ),
        "stream": stream(case),
        "lid": float(case.wall_velocity.get("y+", (0.0,))[0]) * scales.velocity,
    }
    return found | _two_phase(case) if case.has("interface") else found


def _two_phase(case) -> dict:
    lattice, scales = case.lattice, case.scales
    found = {
        "rho_g": lattice.rho_g * scales.density,
        "mu_g": lattice.mu_g * scales.viscosity,
        "sigma": lattice.sigma * scales.tension,
        "width": lattice.width * scales.dx,
    }
    shaped = next((shape for shape in case.model.shape if shape.mode), None)
    if shaped is not None:
        found["n"] = shaped.mode.n
        found["axis"] = tuple(shaped.axis or ((1, 0, 0) if case.flat else (0, 0, 1)))
    layers = [s for s in case.model.shape if s.kind in ("film", "plane") and s.phase == "liquid"]
    if layers:
        found["film_axis"] = _normal(layers[0], case.flat)[0]
    waved = next((shape for shape in case.model.shape if shape.wave), None)
    if waved is not None:
        found["wave"] = _wave(waved, case.flat)
    return found


def _normal(shape, flat: bool) -> tuple[int, float]:
    """(axis that the normal of a shape lies along, its sign)."""
    from levitas.solver.distance import default_normal

    normal = np.array(shape.axis or default_normal(flat))
    axis = int(np.abs(normal).argmax())
    return axis, float(np.sign(normal[axis]))


def _wave(shape, flat: bool) -> dict:
    from levitas.solver.distance import AXIS, across

    round_, number = shape.kind == "cylinder", 2 * np.pi / shape.wave.wavelength
    if round_:
        along = shape.axis or AXIS["z"]
        normal, sign = -1, 1.0
    else:
        normal, sign = _normal(shape, flat)
        along = shape.wave.direction or across(np.eye(3)[normal])[0]
    axis = int(np.abs(along).argmax())
    start = (shape.centre or (0.0, 0.0, 0.0))[axis]
    return {
        "round": round_,
        "normal": normal,
        "along": axis,
        "number": number,
        "phase": shape.wave.phase - number * start,
        "sign": float(np.sign(shape.wave.amplitude)) or sign,
    }


def stream(case) -> tuple[float, float, float]:
    """Velocity that a case gives to all of its fluid: constant [[field]] u, v, w, else zero."""
    from levitas.solver.expression import ExpressionError, evaluate

    total = dict.fromkeys("uvw", 0.0)
    for field in case.model.field:
        if field.name in total:
            try:
                total[field.name] += float(evaluate(str(field.expression), case.values))
            except ExpressionError:  # it varies in space
                return (0.0, 0.0, 0.0)
    return tuple(total.values())


def start_velocity(case, component: str) -> np.ndarray:
    """A velocity component of the whole grid at the start, as the case declares it."""
    from levitas.solver import shapes

    nx, ny, nz = case.model.grid.cells
    x, y, z = (np.arange(n) + 0.5 for n in (nx, ny, nz))
    start = shapes.initial(case, x, y[:, None], z[:, None, None])
    return np.broadcast_to(start[component], (nz, ny, nx)) * case.scales.velocity


def scope(case, fields: Mapping[str, Callable], end_time: float) -> Scope:
    """Scope of a case with fields that are read when they are asked for."""
    later = dict(fields)
    later |= {f"start_{c}": lambda c=c: start_velocity(case, c) for c in "uvw"}
    return Scope(constants(case) | {"end_time": end_time}, later)
