"""How far bodies reach, and contact angles of caps: arcs of circles of known angle."""

import math

import numpy as np
import pytest

from levitas.postprocess.metrics import extent
from levitas.postprocess.metrics.value import NotMeasured

FACES = {"x-": "symmetry", "x+": "symmetry", "y-": "wall", "y+": "wall"}


def cap(angle, radius=30.0, width=4.0):
    """The right half of an arc that meets y = 0 under `angle` degrees, 80 x 80 cells."""
    x, y = np.arange(80) + 0.5, np.arange(80) + 0.5
    r = np.hypot(x[None, :], y[:, None] + radius * math.cos(math.radians(angle)))
    return 0.5 * (1 + np.tanh(2 * (radius - r) / width))[None]


@pytest.mark.parametrize("angle", [50, 60, 90, 130])
def test_caps(angle):
    turn = math.radians(angle)
    phi = cap(angle)[:, :, :40]  # liquid fills most of the lowest layers
    assert extent.extent_y(phi, 0.5, FACES) == pytest.approx(15 * (1 - math.cos(turn)), rel=3e-3)
    assert extent.base_width(phi, 0.5, FACES) == pytest.approx(30 * math.sin(turn), rel=3e-3)
    assert extent.cap_angle(phi, 0.5, FACES) == pytest.approx(angle, abs=0.3)
    widest = 30 * (math.sin(turn) if angle < 90 else 1.0)
    assert extent.extent_x(phi, 0.5, FACES) == pytest.approx(widest, rel=0.02)


def test_a_solid_that_is_wet_is_an_end():
    """The liquid ends at the top of a solid floor eight cells high, whatever phi is in there."""
    phi = np.concatenate([np.ones((1, 8, 80)) * cap(60)[:, :1], cap(60)], axis=1)
    solid = np.zeros(phi.shape, bool)
    solid[:, :8] = True
    assert extent.extent_y(phi, 1.0, FACES, solid) == extent.extent_y(cap(60), 1.0, FACES)
    assert extent.extent_x(phi, 1.0, FACES, solid) == extent.extent_x(cap(60), 1.0, FACES)


def test_nothing_there():
    with pytest.raises(NotMeasured, match="no surface"):
        extent.extent_z(np.zeros((4, 5, 6)), 1.0, {})
    with pytest.raises(NotMeasured, match="no wall"):
        extent.base_width(cap(90), 1.0, {})
