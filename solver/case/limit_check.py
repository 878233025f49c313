"""Every limit of a case with its verdict: ok, warn or refuse, and the remedy."""

from typing import Any

from levitas.solver.case import memory
from levitas.solver.geometry.limits import limits_of as of_geometry
from levitas.solver.gravity.limits import limits_of as of_gravity
from levitas.solver.input.faults import Faults
from levitas.solver.limits import Limit


def limits_of(case: Any) -> list[Limit]:
    """All limits of a case: those of its physics, of what is where, of gravity, of memory."""
    result = [limit for physics in case.physics for limit in physics.limits(case)]
    return [*result, *of_geometry(case), *of_gravity(case), memory.limit_of(case)]


def refuse(case: Any, faults: Faults) -> None:
    """Note a fault for everything that is refused."""
    for one in limits_of(case):
        if one.verdict == "refuse":
            faults.add(one.keys, f"{one.name} is {one.value:.4g}, {one.limit}; {one.remedy}")
