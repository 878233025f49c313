"""Measures of convection on made fields."""

import math

import numpy as np
import pytest

from levitas.postprocess.metrics import convection
from levitas.postprocess.metrics.value import NotMeasured

WALLS = {"x-": 2.0, "x+": 1.0}


def box(nx, ny):
    x, y = np.meshgrid((np.arange(nx) + 0.5) / nx, (np.arange(ny) + 0.5) / ny)
    return x[None], y[None]


def test_conduction_has_nusselt_one_and_twice_the_slope_two():
    x, _ = box(8, 5)
    assert convection.nusselt(2 - x, 1 / 8, WALLS, (1, 1, 1)) == pytest.approx(1)
    assert convection.nusselt(2 - 2 * x, 1 / 8, WALLS, (1, 1, 1)) == pytest.approx(2)
    turned = {"y-": 1.0, "y+": 2.0}
    assert convection.nusselt((1 + x).swapaxes(1, 2), 1 / 8, turned, (1, 1, 1)) == pytest.approx(1)
    with pytest.raises(NotMeasured):
        convection.nusselt(x, 1 / 8, {"x-": 2.0}, (1, 1, 1))


def test_peaks_on_the_midlines_lie_between_cells():
    x, y = box(40, 40)
    u = np.sin(np.pi * x) * (y - 0.313) ** 2 - np.sin(np.pi * x)
    exact = abs((0.0) - 1)  # at y = 0.313 on x = 1/2
    assert convection.midline_u(u) == pytest.approx(exact, rel=1e-3)
    assert convection.midline_v(u.swapaxes(1, 2)) == pytest.approx(exact, rel=1e-3)


@pytest.mark.parametrize("cells", [40, 41])
def test_return_flow_of_a_cubic(cells):
    _, y = box(6, cells)
    y = y - 0.5
    flow = convection.return_flow(y**3 - y / 4, 1 / cells)
    assert flow == pytest.approx(1 / 64 - 1 / 32, rel=3e-3)


def test_amplitude_and_lag_of_a_response():
    time = np.linspace(0, 5, 401)
    value = 0.2 + 3 * np.sin(2 * math.pi * 1.5 * time + 0.4 - math.radians(50))
    value += np.exp(-4 * time)  # dies before the second half
    assert convection.return_flow_amplitude(time, value, (1.5, 0.4)) == pytest.approx(3, rel=1e-4)
    assert convection.return_flow_lag(time, value, (1.5, 0.4)) == pytest.approx(50, abs=0.01)
    with pytest.raises(NotMeasured, match="period"):
        convection.return_flow_lag(time, value, (0.3, 0.4))
