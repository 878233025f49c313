"""What the solute spreads through in a case."""

from typing import Any

from levitas.solver.geometry.cells import OBSTACLE_PHASES
from levitas.solver.grid.grid import FIRST_OBSTACLE
from levitas.solver.physics.scalar.medium import Medium

EMPTY_PHI = 1e-5  # phi below which a cell counts as empty of liquid, and holds what this much would


def medium(case: Any) -> Medium:
    """What the solute of a case diffuses through: one phase, or all of them."""
    lat, two_phase = case.lattice, case.has("interface")
    solid = [shape for shape in case.model.shape if shape.phase in OBSTACLE_PHASES]
    solids = {FIRST_OBSTACLE + n: (0.0, 1.0) for n in range(len(solid))}
    phase = (case.model.solute.phase or "liquid") if two_phase else "all"
    if phase == "liquid":
        return Medium(0.0, 1.0, 0.0, lat.D_l, EMPTY_PHI, solids)
    if phase == "gas":
        return Medium(1.0, 0.0, lat.D_g, 0.0, EMPTY_PHI, solids)
    return Medium(1.0, 1.0, lat.D_g if two_phase else lat.D_l, lat.D_l, 0.25, solids)
