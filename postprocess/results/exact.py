"""Fields beside what theory says they are: the `[[exact]]` of a case.

The error is that of the pattern: the root mean square of the difference over that of the exact
field about its mean, over the cells of its region. For pressure, known up to a constant, the mean
difference is taken off first.
"""

from collections.abc import Callable

import numpy as np

from levitas.postprocess.metrics.value import NotMeasured


def fields(case, time: float) -> dict[str, Callable]:
    """{"exact_T": a function that makes the exact field [z, y, x] at a time, NaN outside}."""
    return {f"exact_{e.name}": lambda e=e: field(case, e, time) for e in case.model.exact}


def field(case, exact, time: float) -> np.ndarray:
    """One exact field on the whole grid [z, y, x], units of the case; NaN outside its region.

    NotMeasured where it has no finite value, as erf(x/sqrt(t)) at the start.
    """
    from levitas.solver.case.values import parsed
    from levitas.solver.geometry.distance import Points
    from levitas.solver.input.expression import ExpressionError

    cells = case.model.grid.cells
    centres = [np.arange(n) + 0.5 for n in cells]
    centres = [c.reshape([-1 if m == n else 1 for m in (2, 1, 0)]) for n, c in enumerate(centres)]
    places = dict(zip("xyz", Points(case, *centres).xyz, strict=True))
    try:
        value = parsed(str(exact.expression))(case.values | places | {"t": time})
    except ExpressionError as error:
        raise NotMeasured(f"exact {exact.name} at t = {time:g}: {error}") from None
    result = np.array(np.broadcast_to(value, tuple(cells[::-1])), float)
    for axis, low, high in zip("xyz", *(exact.region or ()), strict=True) if exact.region else ():
        outside = (places[axis] < low) | (places[axis] > high)
        result[np.broadcast_to(outside, result.shape)] = np.nan
    return result
