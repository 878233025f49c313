"""What a metric may ask for, by the name of its argument.

| name | meaning |
|---|---|
| phi u v w p T c | fields [z, y, x], SI (lattice units for a case in lattice units) |
| start_u start_v start_w | velocity at the start |
| spacing dt end_time | cell size, time step, time of the fields |
| flat in_lattice_units | is it a 2-D run, is the case in lattice units |
| faces corner lengths | kind of each face, low corner of the box, its edges (x, y, z) |
| rho_l rho_g mu_l mu_g nu_l sigma width | the fluids; interface width as a length |
| gravity pressure_gradient stream | vectors; `stream` is the declared velocity of everything |
| lid | velocity along x of the wall at y+ |
| exact_u exact_v exact_w exact_p exact_T exact_c | the [[exact]] fields, NaN outside their region |
| T_ref capacity_l capacity_g | reference temperature; heat capacities of a volume |
| solid_capacity | heat capacity of a volume in cells of solids, NaN in fluid cells [z, y, x] |
| face_temperatures | {face: temperature} of the faces that have one number |
| signal | (frequency, phase) of a gravity signal of one sine |
| n axis | mode number and axis of the first shape that has a mode |
| turn_centre | a point of the axis about which the frame turns |
| film_axis | 0, 1, 2: the axis along the normal of the first film or plane of liquid |
| drawn | what is drawn: along, normal (axes; normal None for a fibre), sign of the direction |
| solid | cells inside solid shapes, if there are any |
| wave | the first wave of a shape: axes, wave number, phase, sign, round (a cylinder's) |
"""

from collections.abc import Callable, Mapping

import numpy as np

from levitas.postprocess.metrics.scope import Scope
from levitas.postprocess.results import exact
from levitas.solver.geometry.cells import OBSTACLE_PHASES, fills, solid_cells
from levitas.solver.geometry.faces import by_face


def constants(case) -> dict:
    """The values above that do not change during a run: as simulated, floors and caps applied."""
    lattice, scales, values = case.lattice, case.scales, case.values
    known = {
        "spacing": scales.dx,
        "dt": scales.dt,
        "flat": case.is_2d,
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
    turn = case.model.driven.rotation
    if turn is not None:
        known["turn_centre"] = tuple(turn.centre)
    known |= _thermal(case) | _signal(case)
    if pulled := drawn(case):
        known["drawn"] = pulled
    return known | _two_phase(case) if case.has("interface") else known


def _thermal(case) -> dict:
    """Reference temperature, heat capacities and imposed temperatures of a case with heat."""
    if not case.has("heat"):
        return {}
    materials, known = case.model.materials, {"T_ref": case.lattice.T_ref}
    for name in ("liquid", "gas"):
        material = getattr(materials, name)
        if material is not None and material.heat_capacity is not None:
            known[f"capacity_{name[0]}"] = material.density * material.heat_capacity
    known["face_temperatures"] = {
        face: float(b.temperature)
        for face, b in by_face(case.model.boundary, case.is_2d).items()
        if isinstance(b.temperature, float | int)
    }
    return known


def _signal(case) -> dict:
    """The one sine that gravity is, if it is one."""
    signal = getattr(case.model.gravity, "signal", None)
    if signal is None or signal.kind != "sine":
        return {}
    terms = signal.terms or [signal]
    return {"signal": (terms[0].frequency, terms[0].phase or 0.0)} if len(terms) == 1 else {}


def solid_capacity(case) -> np.ndarray:
    """Heat capacity of a volume in the cells of solids, NaN in those of fluids [z, y, x]."""
    from levitas.solver.geometry.distance import Points

    cells = case.model.grid.cells
    centres = [np.arange(n) + 0.5 for n in cells]
    centres = [c.reshape([-1 if m == n else 1 for m in (2, 1, 0)]) for n, c in enumerate(centres)]
    known, places = np.full(tuple(cells[::-1]), np.nan), Points(case, *centres)
    for shape in (s for s in case.model.shape if s.phase in OBSTACLE_PHASES):
        material = getattr(case.model.materials, shape.phase)
        capacity = material.density * material.heat_capacity if material is not None else 0.0
        known[np.broadcast_to(fills(shape, places, case), known.shape)] = capacity
    return known


def _two_phase(case) -> dict:
    lattice, scales = case.lattice, case.scales
    known = {
        "rho_g": lattice.rho_g * scales.density,
        "mu_g": lattice.mu_g * scales.viscosity,
        "sigma": lattice.sigma * scales.tension,
        "width": lattice.width * scales.dx,
    }
    shaped = next((shape for shape in case.model.shape if shape.mode), None)
    if shaped is not None:
        known["n"] = shaped.mode.n
        known["axis"] = tuple(shaped.axis or ((1, 0, 0) if case.is_2d else (0, 0, 1)))
    layers = [s for s in case.model.shape if s.kind in ("film", "plane") and s.phase == "liquid"]
    if layers:
        known["film_axis"] = film_normal(layers[0], case.is_2d)[0]
    waved = next((shape for shape in case.model.shape if shape.wave), None)
    if waved is not None:
        known["wave"] = _wave(waved, case.is_2d)
    return known


def film_normal(shape, flat: bool) -> tuple[int, float]:
    """(axis that the normal of a film or plane lies along, its sign)."""
    from levitas.solver.geometry.distance import default_normal

    normal = np.array(shape.axis or default_normal(flat))
    axis = int(np.abs(normal).argmax())
    return axis, float(np.sign(normal[axis]))


def _wave(shape, flat: bool) -> dict:
    from levitas.solver.geometry.distance import AXIS, across

    round_, number = shape.kind == "cylinder", 2 * np.pi / shape.wave.wavelength
    if round_:
        along = shape.axis or AXIS["z"]
        normal, sign = -1, 1.0
    else:
        normal, sign = film_normal(shape, flat)
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


def drawn(case) -> dict | None:
    """What is drawn through the box: the first wall face or solid shape with a velocity."""
    walls = {f: v for f, v in case.wall_velocity.items() if case.faces[f] == "wall"}
    moving = [("xyz".index(f[0]), v) for f, v in walls.items() if any(v)]
    moving += [
        (None, s.velocity) for s in case.model.shape if s.phase in OBSTACLE_PHASES and s.velocity
    ]
    if not moving:
        return None
    normal, velocity = moving[0]
    along = int(np.abs(velocity).argmax())
    return {"along": along, "normal": normal, "sign": float(np.sign(velocity[along]))}


def stream(case) -> tuple[float, float, float]:
    """Velocity that a case gives to all of its fluid: constant [[field]] u, v, w, else zero."""
    from levitas.solver.input.expression import ExpressionError, evaluate

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
    from levitas.solver.case import initial as shapes

    nx, ny, nz = case.model.grid.cells
    x, y, z = (np.arange(n) + 0.5 for n in (nx, ny, nz))
    start = shapes.initial(case, x, y[:, None], z[:, None, None])
    return np.broadcast_to(start[component], (nz, ny, nx)) * case.scales.velocity


def scope(case, fields: Mapping[str, Callable], end_time: float) -> Scope:
    """Scope of a case with fields that are read when they are asked for."""
    later = dict(fields)
    later |= exact.fields(case, end_time)
    if any(shape.phase in OBSTACLE_PHASES for shape in case.model.shape):
        later["solid_capacity"] = lambda: solid_capacity(case)
        later["solid"] = lambda: solid_cells(case)
    later |= {f"start_{c}": lambda c=c: start_velocity(case, c) for c in "uvw"}
    return Scope(constants(case) | {"end_time": end_time}, later)
