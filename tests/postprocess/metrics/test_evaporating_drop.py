"""The law of d squared: its limits, the image charges of a cube, measures of made drops."""

import numpy as np
import pytest

from levitas.postprocess.metrics import evaporating_drop as evaporating
from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.references import evaporating_drop as theory


def test_in_a_large_box_the_square_falls_on_a_line():
    times = np.array([0.0, 100.0, 200.0])
    found = theory.evaporating_radius(times, 10.0, 1e7, 0.1, 0.01, 1e7)
    assert found**2 == pytest.approx(100 - 2 * 0.1 * 0.01 * times, rel=1e-5)
    assert theory.square_rate(0, 200, 10.0, 1e7, 0.1, 0.01, 1e7) == pytest.approx(2e-3, rel=1e-4)
    with pytest.raises(ValueError, match="gone"):
        theory.evaporating_radius(1e6, 10.0, 1e7, 0.1, 0.01, 1e7)


def test_it_solves_its_own_balance():
    radius, edge, D, drive, k = 9.0, 20.0, 0.1, 0.02, 0.05
    step = 1e-2
    before, after = theory.evaporating_radius(
        np.array([500.0, 500.0 + step * 100]), radius, edge, D, drive, k
    )
    R = (before + after) / 2
    speed = drive / (1 / k + R / D * (1 - R * theory.MADELUNG / (2 * edge)))
    assert (before - after) / (step * 100) == pytest.approx(speed, rel=1e-3)


def test_the_cube_is_a_lattice_of_images():
    """Sum of charges of alternating sign by Evjen's cubes: those on the border count in part."""
    n = 24
    i = np.arange(-n, n + 1)
    weight = np.where(np.abs(i) == n, 0.5, 1.0)
    x, y, z = np.meshgrid(i, i, i, indexing="ij", sparse=True)
    r = np.sqrt(x**2 + y**2 + z**2)
    r[n, n, n] = np.inf
    share = weight[:, None, None] * weight[None, :, None] * weight[None, None, :]
    total = -(share * (-1.0) ** (x + y + z) / r).sum()
    assert total == pytest.approx(theory.MADELUNG, rel=1e-5)


def test_squares_and_rates_of_made_drops():
    x = np.arange(20) + 0.5
    r = np.sqrt(x**2 + x[:, None] ** 2 + x[:, None, None] ** 2)
    phi = 0.5 * (1 + np.tanh((10 - r) / 2))
    faces = {f"{axis}{side}": "symmetry" for axis in "xyz" for side in "-+"}
    smeared = (10**3 + 10 * np.pi**2) ** (2 / 3)
    found = evaporating.radius_square(phi, 0.5, faces | {"x+": "wall", "y+": "wall", "z+": "wall"})
    assert found == pytest.approx(0.25 * smeared, rel=2e-3)
    time = np.linspace(0, 100, 21)
    rate = evaporating.radius_square_rate(time, 50 - 0.2 * time + 3 * np.exp(-time))
    assert rate.value == pytest.approx(0.2, rel=1e-3)
    with pytest.raises(NotMeasured):
        evaporating.radius_square_rate(time[:4], time[:4])
