"""The memory of a case, and that of the machine."""

import math
import os
from typing import Any

from levitas.solver import limits
from levitas.solver.geometry.cells import OBSTACLE_PHASES
from levitas.solver.limits import Limit


def held_bytes(case: Any) -> float:
    """Estimate of the memory of the fields of all ranks, bytes."""
    per_cell = limits.BYTES_SINGLE + sum(p.cell_bytes(case.model) for p in case.physics)
    if case.model.case.precision == "float64":
        per_cell *= 2
    if any(shape.phase in OBSTACLE_PHASES for shape in case.model.shape):
        per_cell += limits.BYTES_SOLIDS
    return math.prod(case.model.grid.cells) * per_cell


def machine_bytes() -> float:
    """Memory of this machine times the number of machines that share the run, bytes."""
    try:
        here = float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (ValueError, OSError, AttributeError):
        here = math.inf
    try:  # a container may have less than its machine
        with open("/sys/fs/cgroup/memory.max", encoding="ascii") as file:
            here = min(here, float(file.read().strip().replace("max", "inf")))
    except (OSError, ValueError):
        pass
    return here * machines()


def machines() -> int:
    """How many machines the launcher says this run has (1 without a launcher)."""
    pairs = (
        ("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_SIZE"),
        ("PMI_SIZE", "MPI_LOCALNRANKS"),
        ("SLURM_NTASKS", "SLURM_NTASKS_PER_NODE"),
    )
    for size, local in pairs:
        try:
            return max(1, math.ceil(int(os.environ[size]) / int(os.environ[local])))
        except (KeyError, ValueError, ZeroDivisionError):
            continue
    return 1


def limit_of(case: Any) -> Limit:
    """Memory that the fields need; refused where the machine has less."""
    need, have = held_bytes(case) / 2**30, machine_bytes() / 2**30
    cells = math.prod(case.model.grid.cells)
    verdict = "warn" if need > 0.8 * have else "ok"
    return limits.judged(
        "memory in GiB",
        need,
        "refuse" if need > have or cells > limits.CELLS_MAX else verdict,
        f"for {cells:,} cells, and the machine has {have:.3g}",
        "take fewer cells or more machines",
        ("grid", "cells"),
    )
