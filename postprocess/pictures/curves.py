"""Curves that a case gives as expressions, to be drawn beside what was simulated."""

import numpy as np

from levitas.postprocess.metrics.value import NotMeasured
from levitas.solver.input.expression import ExpressionError

FINE = 300  # points of a curve


def curve(case, text: str, **places: np.ndarray) -> np.ndarray:
    """Values of an expression of case values and of t, x, y, z; NaN where it has none.

    NotMeasured if it has no value anywhere.
    """
    from levitas.solver.case.values import parsed

    expression = parsed(text)
    broadcast = np.broadcast_arrays(*(np.asarray(p, float) for p in places.values()))
    try:
        found = expression(case.values | dict(zip(places, broadcast, strict=True)))
        return np.broadcast_to(np.asarray(found, float), broadcast[0].shape)
    except ExpressionError:  # somewhere: a root of a negative number, or a function of one number
        points = [_at(expression, case.values, places, row) for row in _rows(broadcast)]
    if not np.isfinite(points).any():
        raise NotMeasured(f"'{text}' has no value here")
    return np.array(points).reshape(broadcast[0].shape)


def _rows(arrays):
    return zip(*(array.ravel() for array in arrays), strict=True)


def _at(expression, values, names, row) -> float:
    """Value at one point, NaN if there is none."""
    try:
        return float(expression(values | dict(zip(names, map(float, row), strict=True))))
    except ExpressionError:
        return float("nan")
