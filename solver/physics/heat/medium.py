"""What heat spreads through in a case."""

import math
from typing import Any

from levitas.solver.geometry.cells import OBSTACLE_PHASES
from levitas.solver.grid.grid import FIRST_OBSTACLE
from levitas.solver.physics.scalar.medium import Medium


def medium(case: Any) -> Medium:
    """What a case with heat to be solved for conducts through; the liquid has capacity 1."""
    lat, materials = case.lattice, case.model.materials
    unit = materials.liquid.density * materials.liquid.heat_capacity
    solids = {}
    for n, shape in enumerate(s for s in case.model.shape if s.phase in OBSTACLE_PHASES):
        made = getattr(materials, shape.phase)
        k = made.conductivity / (unit * case.scales.diffusivity)
        capacity = made.density * made.heat_capacity / unit
        solids[FIRST_OBSTACLE + n] = k, math.inf if shape.isothermal else capacity
    gas, k_gas = (lat.C_g, lat.k_g) if case.has("interface") else (lat.C_l, lat.k_l)
    return Medium(gas, lat.C_l, k_gas, lat.k_l, min(gas, lat.C_l) / 4, solids)
