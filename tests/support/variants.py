"""Every kernel in every form that the solver asks for, and a way to run one on made-up fields."""

from dataclasses import dataclass, field

import numpy as np

from levitas.solver.grid.block import Block
from levitas.solver.grid.comm import Serial
from levitas.solver.grid.field import Field
from levitas.solver.grid.grid import Grid
from levitas.solver.grid.halo import RULES
from levitas.solver.physics.flow import moments
from levitas.solver.physics.scalar import faces as scalar_faces

#: Numbers that Python gives to kernels, beside those of a block.
CONSTANTS = moments.DEFINES | scalar_faces.DEFINES


@dataclass(frozen=True)
class Variant:
    """A kernel under its defines; those of a block (PITCH, PLANE, ...) are added if `block`."""

    file: str
    name: str
    defines: dict = field(default_factory=dict)
    block: bool = True

    def __str__(self):
        return "-".join([self.name, *(f"{k}{v}" for k, v in self.defines.items())])


HOT, RICH = {"HEAT": 1}, {"HEAT": 1, "SOLUTE": 1}
SINGLE = [
    ({}, (0, 1)),
    ({"STORE_U": 1, "BUOYANT": 1, **HOT}, (0, 1)),
    ({"STORE_U": 1, "BUOYANT": 1, "VISCOSITY": 2, "KINKS": 3, "RHEOLOGY": 2, **RICH}, (1,)),
    ({"STORE_U": 1, "VISCOSITY": 1, **HOT}, (0,)),
    ({"RHEOLOGY": 1}, (0, 1)),
    ({"RHEOLOGY": 3}, (0,)),
    ({"STORE_U": 1, "ROTATING": 1}, (0, 1)),
    ({"STORE_U": 1, "ROTATING": 1, "BUOYANT": 1, **HOT}, (1,)),
]
TWO_PHASE = [
    ({}, (0, 1)),
    ({"LAYERS": 1}, (0, 1)),
    ({"LAYERS": 1, "TENSION": 1, "VISCOSITY": 1, **HOT}, (1,)),
    ({"TENSION": 1, **HOT}, (0, 1)),
    ({"TENSION": 1, "BUOYANT": 1, **HOT}, (0, 1)),
    ({"BUOYANT": 1, "TENSION": 1, "HINGES": 3, "VISCOSITY": 1, "RHEOLOGY": 2, **HOT}, (0, 1)),
    ({"BUOYANT": 1, "TENSION": 1, "VISCOSITY": 2, "KINKS": 3, "RHEOLOGY": 3, **RICH}, (1,)),
    ({"RHEOLOGY": 1}, (1,)),
    ({"ROTATING": 1}, (0, 1)),
]


def flows(name: str, two_phase: int, switches: list) -> list[Variant]:
    """The flow kernel under each set of switches, off and at walls."""
    return [
        Variant("flow.cu", name, {"TWO_PHASE": two_phase, "WALLS": w, **more})
        for more, walls in switches
        for w in walls
    ]


VARIANTS = [
    *flows("flow_single", 0, SINGLE),
    *flows("flow_two_phase", 1, TWO_PHASE),
    Variant("flow.cu", "flow_velocity", {"TWO_PHASE": 0, "WALLS": 0}),
    Variant("interface.cu", "interface_distance"),
    *(Variant("interface.cu", "interface_step", {"WALLS": w}) for w in (0, 1)),
    *(
        Variant("interface.cu", "interface_step", {"WALLS": w, "SCALARS": n, "CONDUCT": c})
        for n in (1, 2)
        for c in (1, 0)
        for w in (0, 1)
    ),
    Variant("interface.cu", "interface_step", {"WALLS": 1, "SCALARS": 3, "CONDUCT": 1}),
    *(
        Variant("interface.cu", "interface_step", {"WALLS": w, "EVAPORATE": e, **more})
        for e, more in (
            (1, {}),
            (1, {"SCALARS": 1, "CONDUCT": 1}),
            (2, {"SCALARS": 1, "CONDUCT": 1, "VAPOUR": 0}),
            (2, {"SCALARS": 2, "CONDUCT": 1, "VAPOUR": 1}),
        )
        for w in (0, 1)
    ),
    *(
        Variant("scalar.cu", name, {"TWO_PHASE": two, "WALLS": w})
        for name in ("scalar_diffuse", "scalar_face", "scalar_step")
        for two in (0, 1)
        for w in (0, 1)
        if not (two and name == "scalar_step")
    ),
    *(Variant("scalar.cu", "scalar_source", {"TWO_PHASE": two, "WALLS": 0}) for two in (0, 1)),
    Variant("contact_angle.cu", "contact_angle_face"),
    Variant("contact_angle.cu", "contact_angle_solid"),
    Variant("open_faces.cu", "open_flow"),
    Variant("open_faces.cu", "open_phase"),
    Variant("pressure_reference.cu", "reference_columns"),
    Variant("pressure_reference.cu", "reference_shift"),
    *(
        Variant("halo.cu", name, {"ROWS": rows, "ELEMENT": element}, block=False)
        for name in ("halo_fill", "halo_pack", "halo_unpack")
        for rows in (0, 1)
        for element in ("real", "uint16")
    ),
]

COMPONENTS = {"m": 10, "m_new": 10, "u": 3}
SCALARS = {
    **{"omega": 1.3, "width": 4.0, "rho_g": 0.001, "drho": 0.999, "mu_g": 2e-4, "dmu": 0.0198},
    **{"beta": 0.003, "kappa": 0.006, "mean_rho": 0.25, "level": 1e-5, "gas_mean": 1e-5},
    **{"gx": 1e-5, "gy": -2e-5, "gz": 3e-5, "fx": 1e-6, "fy": 2e-6, "fz": -1e-6},
    **{"beta_t": 0.02, "beta_c": -0.03, "kappa_t": -1e-4, "kappa_tt": 1e-5, "kappa_c": 2e-4},
    **{"marangoni": 1.01, "nu": 0.02, "start_x": 5, "start_y": -3, "start_z": 2},
    **{"gas": 0.01, "jump": 0.99, "least": 2e-3, "k_gas": 0.002, "k_jump": 0.1},
    **{"gas0": 0.01, "jump0": 0.99, "least0": 2e-3, "k_gas0": 0.002, "k_jump0": 0.1},
    **{"gas1": 0.0, "jump1": 1.0, "least1": 1e-5, "k_gas1": 0.0, "k_jump1": 0.05},
    **{"recession": 2e-3, "vapour_factor": 1e-2, "saturation": 1e-5},
    **{"retained0": 0.0, "uptake0": 5.0, "retained1": 1.0, "uptake1": 0.0},
    **{"exchange": 0.1, "radiates": 1e-3, "reference": 3.0, "peak": 0.1, "px": 2.0, "nz": -1.0},
    **{"mobility": 0.03},
    **{
        "quarter_width": 1.0,
        "d_max": 6.9,
        "cap_tail": 0.9,
        "cap_drop": -0.6,
        "per_flat2": 4.0,
        "calm": 0.6,
        "outside": 4e-4,
        "rise": 0.7,
        "slope": 1.0,
    },
}


def block_defines(cells: int = 128, precision: int = 32) -> dict:
    """PITCH, PLANE, VOLUME, WRAP of a cubic block that closes on itself in x."""
    unit = 256 // precision
    pitch = -(-(cells + 2) // unit) * unit
    return {
        "PITCH": pitch,
        "PLANE": pitch * (cells + 2),
        "VOLUME": pitch * (cells + 2) ** 2,
        "WRAP": cells,
        **RULES,
        **CONSTANTS,
    }


def block_of(variant: Variant, backend, cells: tuple[int, int, int]) -> Block:
    """A periodic block as deep as a kernel wants it."""
    faces = dict.fromkeys(("x-", "x+", "y-", "y+", "z-", "z+"), "periodic")
    deep = 2 if variant.file in ("scalar.cu", "interface.cu", "open_faces.cu") else 1
    return Block(Grid(cells, 1.0, (0.0, 0.0, 0.0), faces), backend, Serial(), depth=deep)


def outcome(
    variant: Variant, backend, cells: tuple[int, int, int], pieces: int = 0
) -> dict[str, np.ndarray]:
    """All memory of the arrays of a kernel after it ran over a block: in 1 or 2 pieces, or (0)
    over core and shell.

    The fields hold the same random numbers on any backend: a phi with gas, liquid and interface.
    """
    block = block_of(variant, backend, cells)
    kernel = backend.kernel(
        variant.file, variant.name, **variant.defines, **CONSTANTS, **block.defines
    )
    random, held, arguments = np.random.default_rng(5), {}, {}
    for p in kernel.parameters:
        if p.kind == "pointer":
            held[p.name], arguments[p.name] = memory(p, block, backend, random)
    box = block.own
    cut = box.x1 // 2 if pieces == 2 else 0
    boxes = [box._replace(x1=cut), box._replace(x0=cut)] if pieces else [block.core, *block.shell]
    arguments |= {
        p.name: SCALARS.get(p.name, 0.0123) for p in kernel.parameters if p.kind == "scalar"
    }
    if variant.name == "reference_columns":
        boxes = [box._replace(y1=1)]
        arguments |= {"rows": box.y1, "size": box.x1 * box.z1}
    if variant.file == "open_faces.cu":
        nx, deep = box.x1 + 2, 1 if block.plane else 0
        boxes = [(-1, box.x1 + 1, -deep, box.z1 + deep, 0, 1)]  # the face y-
        base, count = (0, nx * (box.z1 + 2 * deep)) if variant.name == "open_flow" else (-1, 0)
        more = {"base": base * block.pitch, "along_i": 1, "along_j": block.plane, "row": nx}
        more |= {"out": -block.pitch, "count": count, "inflow": 1}
        arguments |= {name: value for name, value in more.items() if name in arguments}
    if variant.name == "contact_angle_face":
        boxes = [box._replace(x0=-1, x1=box.x1 + 1, y0=-1, y1=0)]
        arguments["inward"] = block.pitch
    if variant.name == "contact_angle_solid":
        boxes, more = wetted(block, backend, random)
        arguments |= more
        held |= {name: more[name] for name in ("cells", "facing", "weights", "rise")}
    for more in faces_of(block) if variant.name == "scalar_face" else [{}]:
        kernel(more.pop("box", boxes), **(arguments | more))
    backend.wait()
    return {name: np.array(backend.to_host(array)) for name, array in held.items()}


def faces_of(block):
    """Arguments of scalar_face for both faces across y, with each kind of wall."""
    nx, ny, nz = block.shape
    deep = 1 if block.plane else 0
    common = {"along_i": 1, "along_j": block.plane, "row": nx + 2}
    common["box"] = (-1, nx + 1, -deep, nz + deep, 0, 1)
    low = {"base": 0, "out": -block.pitch}
    high = {"base": (ny - 1) * block.pitch, "out": block.pitch}
    return [common | (high if kind % 2 else low) | {"kind": kind} for kind in range(5)]


def wetted(block, backend, random):
    """Boxes and tables of contact_angle_solid: every second cell, made of those beside it."""
    nx, ny, nz = block.shape
    z, y, x = np.mgrid[:nz, :ny, :nx]
    solid = (x + y + z) % 2 == 0
    cells = (x + y * block.pitch + z * block.plane)[solid]
    weights = np.zeros((18, len(cells)))
    weights[: 6 if block.plane else 4] = random.uniform(-0.1, 0.5, (6, len(cells)))[
        : 6 if block.plane else 4
    ]
    tables = {
        "cells": backend.upload(cells, np.int64),
        "facing": backend.upload(cells + 1, np.int64),
        "weights": backend.upload(weights),
        "rise": backend.upload(random.uniform(-1, 1, len(cells))),
        "count": len(cells),
    }
    return [(0, len(cells), 0, 1, 0, 1)], tables


def memory(p, block, backend, random):
    """(the memory, what the kernel gets) for a pointer: a field, or a table without neighbours."""
    if p.name in ("cells", "facing", "weights", "rise"):  # made by `wetted`
        return (table := backend.zeros((1,), np.dtype(p.dtype))), table
    if p.name == "law":
        # b, c, b/c or offset, slope; then what serves as ln k, n, least, most and as the others
        numbers = [0.3, 20.0, 0.015, 0.0, 0.02, 0.7, 0.01, 0.1, *random.uniform(-1, 1, 10)]
        table = backend.upload(np.array(numbers))
        return table, table
    if p.name == "spin":
        numbers = [1e-3, -2e-3, 3e-3, -4.7, 2.1, 0.3, 1e-3, -2e-3, 3e-3, 1 / (1 + 14e-6)]
        table = backend.upload(np.array(numbers))
        return table, table
    if p.name in ("solids", "values"):
        count = 18 if p.name == "solids" else (block.shape[0] + 2) * (block.shape[2] + 2)
        table = backend.upload(random.uniform(0.05, 1, count), np.dtype(p.dtype))
        return table, table
    if p.name in ("speeds", "inlet", "columns", "x_halo_rules", "x_halo_shifts"):
        columns = 2 * block.shape[0] * block.shape[2]
        inlet = 3 * (block.shape[0] + 2) * (block.shape[2] + 2)
        sizes = {"speeds": 21, "inlet": inlet, "columns": columns}
        size = (sizes | {"x_halo_rules": 29, "x_halo_shifts": 26})[p.name]
        table = backend.upload(random.uniform(-0.05, 0.05, size), np.dtype(p.dtype))
        return table, table
    made = Field(p.name, block, backend, COMPONENTS.get(p.name, 1), dtype=p.dtype)
    first = (made.address - backend.address(made.memory)) // made.dtype.itemsize
    # of the halo: before it lies what aligns the rows
    first -= block.depth * (1 + block.pitch + block.plane)
    held = made.memory[first : first + block.volume * made.components]
    values = random.uniform(-0.01, 0.01, held.shape)
    if p.name == "phi":
        values = np.clip(random.uniform(-1, 2, values.shape), -1e-4, 1 + 1e-4)
    if p.name in ("temperature", "solute"):
        values *= 200
    if p.name == "d":
        values = np.clip(random.uniform(-15, 15, values.shape), -6.9, 6.9)
    if p.name == "walls":
        ids = 9 if block.depth > 1 else 7
        values = random.integers(0, ids, values.shape) * (random.random(values.shape) < 0.3)
    held[...] = backend.upload(values, np.dtype(p.dtype))
    return held, made
