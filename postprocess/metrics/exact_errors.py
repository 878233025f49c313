"""Errors against the exact fields of a case: root mean square over that of the exact field."""

import numpy as np

from levitas.postprocess.metrics.metric import Metric
from levitas.postprocess.metrics.value import NotMeasured


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


METRICS = {
    "u_error": Metric(u_error),
    "v_error": Metric(v_error),
    "w_error": Metric(w_error),
    "p_error": Metric(p_error),
    "T_error": Metric(T_error),
    "c_error": Metric(c_error),
}
