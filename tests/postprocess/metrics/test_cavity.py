"""The measure of the lid-driven cavity."""

import numpy as np
import pytest

from levitas.postprocess.metrics import cavity
from levitas.postprocess.metrics.value import NotMeasured


def flow(reynolds, n=256):
    """Fields whose centre lines are Ghia's tables."""
    at = (np.arange(n) + 0.5) / n
    known = np.isfinite(cavity.V[reynolds])
    down = np.interp(at, np.array(cavity.X)[known], np.array(cavity.V[reynolds])[known])
    across = np.interp(at, cavity.Y, cavity.U[reynolds])
    u = np.repeat(across[:, None], n, axis=1)[None]
    return 0.1 * u, 0.1 * np.repeat(down[None, :], n, axis=0)[None]


@pytest.mark.parametrize("reynolds", [100, 400, 1000])
def test_the_tables_themselves_have_no_error(reynolds):
    u, v = flow(reynolds)
    found = cavity.cavity_error(u, v, 0.1, (256, 256, 1), 25.6 / reynolds)
    assert found.value < 0.008  # of sampling
    assert cavity.cavity_error(-u, v, 0.1, (256, 256, 1), 25.6 / reynolds).value > 0.2


def test_least_u_lies_between_cells():
    y = (np.arange(20) + 0.5) / 20
    u = np.repeat((4 * (y - 0.33) ** 2 - 0.2)[:, None], 20, axis=1)[None]
    assert cavity.cavity_u_min(0.1 * u, 0.1) == pytest.approx(-0.2, rel=1e-9)
    assert cavity.cavity_u_min(0 * u, 0.1) == 0
    with pytest.raises(NotMeasured, match="no wall moves"):
        cavity.cavity_u_min(u, 0.0)


def test_other_flows_have_no_table():
    u, v = flow(100)
    with pytest.raises(NotMeasured, match="no Re 200"):
        cavity.cavity_error(u, v, 0.1, (256, 256, 1), 25.6 / 200)
    with pytest.raises(NotMeasured, match="no wall moves"):
        cavity.cavity_error(u, v, 0.0, (256, 256, 1), 25.6 / 100)
