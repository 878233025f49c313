"""Fields beside what theory says they are: the `[[exact]]` of a case.

The error is that of the pattern: the root mean square of the difference over that of the exact
field about its mean, over the cells of its region. For pressure, known up to a constant, the mean
difference is taken off first.
"""

from collections.abc import Callable

import numpy as np

from levitas.postprocess.value import NotMeasured


def fields(case, time: float) -> dict[str, Callable]:
    """{"exact_T": a function that makes the exact field [z, y, x] at a time, NaN outside}."""
    return {f"exact_{e.name}": lambda e=e: field(case, e, time) for e in case.model.exact}


def field(case, exact, time: float) -> np.ndarray:
    """One exact field on the whole grid [z, y, x], units of the case; NaN outside its region.

    NotMeasured where it has no finite value, as erf(x/sqrt(t)) at the start.
    """
    from levitas.solver.distance import Places
    from levitas.solver.expression import ExpressionError
    from levitas.solver.names import parsed

    cells = case.model.grid.cells
    centres = [np.arange(n) + 0.5 for n in cells]
    centres = [c.reshape([-1 if m == n else 1 for m in (2, 1, 0)]) for n, c in enumerate(centres)]
    places = dict(zip("xyz", Places(case, *centres).xyz, strict=True))
    try:
        value = parsed(str(exact.expression))(case.values | places | {"t": time})
    except ExpressionError as error:
        raise NotMeasured(f"exact {exact.name} at t = {time:g}: {error}") from None
    result = np.array(np.broadcast_to(value, tuple(cells[::-1])), float)
    for axis, low, high in zip("xyz", *(exact.region or ()), strict=True) if exact.region else ():
        outside = (places[axis] < low) | (places[axis] > high)
        result[np.broadcast_to(outside, result.shape)] = np.nan
    return result


def _error(found, exact, loose: bool = False) -> float:
    inside = np.isfinite(exact)
    if not inside.any():
        raise NotMeasured("the region of the exact field has no cells")
    exact = exact[inside]
    spread = exact.std()
    if not spread:
        raise NotMeasured("the exact field is the same everywhere")
    miss = found[inside] - exact
    return float(np.sqrt(np.mean((miss - miss.mean() if loose else miss) ** 2)) / spread)


def u_error(u, exact_u) -> float:
    """Error of the velocity along x against the [[exact]] one: rms over the rms about its mean."""
    return _error(u, exact_u)


def v_error(v, exact_v) -> float:
    """Error of the velocity along y against the [[exact]] one: rms over the rms about its mean."""
    return _error(v, exact_v)


def w_error(w, exact_w) -> float:
    """Error of the velocity along z against the [[exact]] one: rms over the rms about its mean."""
    return _error(w, exact_w)


def p_error(p, exact_p) -> float:
    """Error of the pressure, up to a constant, against the [[exact]] one: rms over its rms."""
    return _error(p, exact_p, loose=True)


def T_error(T, exact_T) -> float:
    """Error of the temperature against the [[exact]] one: rms over the rms about its mean."""
    return _error(T, exact_T)


def c_error(c, exact_c) -> float:
    """Error of the concentration against the [[exact]] one: rms over the rms about its mean."""
    return _error(c, exact_c)
