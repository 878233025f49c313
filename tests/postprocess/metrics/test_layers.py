"""The shear stress of two layers, from made velocities."""

import numpy as np
import pytest

from levitas.postprocess.metrics.layers import stress_ratio
from levitas.postprocess.metrics.value import NotMeasured

FACES = dict.fromkeys(("x-", "x+", "z-", "z+"), "periodic") | {"y-": "wall", "y+": "wall"}


def fields(ny=40, slope=(0.01, 0.1)):
    y = np.arange(ny) + 0.5
    shape = lambda a: np.broadcast_to(a[None, :, None], (1, ny, 3))  # noqa: E731
    phi = shape(0.5 * (1 - np.tanh((y - ny / 2) / 2)))
    u = shape(np.where(y < ny / 2, slope[0] * y, slope[0] * ny / 2 + slope[1] * (y - ny / 2)))
    return u, 0 * u, 0 * u, phi


def test_slopes_times_viscosities():
    found = stress_ratio(*fields(), FACES, 4.0, 1.0, 1.0, 0.1)
    assert found.value == pytest.approx(1.0)
    assert stress_ratio(*fields(slope=(0.02, 0.1)), FACES, 4.0, 1.0, 1.0, 0.1).value == pytest.approx(2.0)


def test_what_has_no_stress_ratio():
    u, v, w, phi = fields()
    with pytest.raises(NotMeasured, match="walls"):
        stress_ratio(u, v, w, phi, dict.fromkeys(FACES, "periodic"), 4.0, 1.0, 1.0, 0.1)
    with pytest.raises(NotMeasured, match="surface"):
        stress_ratio(u, v, w, 0 * phi, FACES, 4.0, 1.0, 1.0, 0.1)
    with pytest.raises(NotMeasured, match="fewer than 3"):
        stress_ratio(u, v, w, phi, FACES, 12.0, 1.0, 1.0, 0.1)
    with pytest.raises(NotMeasured, match="sheared"):
        stress_ratio(0 * u, v, w, phi, FACES, 4.0, 1.0, 1.0, 0.1)
