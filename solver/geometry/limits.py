"""Limits of what is where: solids that keep their place and still move."""

import math
from typing import Any

from levitas.solver import limits
from levitas.solver.limits import Limit


def limits_of(case: Any) -> list[Limit]:
    """One for each solid that moves into the fluid, which then passes through its surface."""
    beyond = (
        f"above {limits.PUSHING_WARN:g}: a solid keeps its place, so fluid passes its surface there"
    )
    return [
        limits.at_most(
            f"share of the surface of shape {i} that moves into the fluid",
            share,
            limits.PUSHING_WARN,
            math.inf,
            beyond,
            "let it move along its surface, or remove its velocity",
            ("shape", i, "velocity"),
        )
        for i, share in case.pushing.items()
    ]
