"""Settling drops against a sum over wave numbers, rigid spheres, bubbles, and one drop alone."""

import math
import re
from pathlib import Path

import numpy as np
import pytest

from levitas.postprocess.references.settling import settling_speed


def lattice_sum(radius, width=0.0, modes=100):
    """Speed of fluid spheres of the viscosity about them, excess weight 1, period 1, by Fourier.

    Stokes flow of one viscosity driven by uniform forces in spheres, its mean over a sphere; what
    keeps the spheres round does no work on it. The profile (1 + tanh(2 d/W))/2 of spheres of equal
    volume is a Fermi function, whose transform is known.
    """
    k = 2 * math.pi * np.arange(modes + 1)  # an octant: the others are its mirror images
    kx, ky, kz = np.meshgrid(k, k, k, indexing="ij", sparse=True)
    images = np.prod(np.meshgrid(*3 * [1 + (k > 0)], indexing="ij", sparse=False), axis=0)
    square = kx**2 + ky**2 + kz**2
    square[0, 0, 0] = 1.0
    q, inner = np.sqrt(square), radius - (math.pi * width / 4) ** 2 / (3 * radius)
    soft = math.pi * max(width, 1e-9) / 4 * q
    form = soft / np.sinh(np.minimum(soft, 300.0))
    form *= soft / np.tanh(soft) * np.sin(q * inner) - q * inner * np.cos(q * inner)
    terms = (3 * form / (q * radius) ** 3) ** 2 * (1 - kz**2 / square) / square
    terms[0, 0, 0] = 0.0
    return 4 / 3 * math.pi * radius**3 * (images * terms).sum()


@pytest.mark.parametrize("radius", [0.1, 0.2])
def test_drops_of_equal_viscosity_in_an_array(radius):
    share = 4 / 3 * math.pi * radius**3
    found = settling_speed(radius, 1.0, 1.0, 1.0, 1.0, 1.0)
    assert found == pytest.approx(lattice_sum(radius), rel=2e-3 + 3 * share**2)


def test_rigid_spheres_in_an_array():
    """Zick and Homsy, JFM 115, 13 (1982): drag over Stokes at low volume fractions."""
    for share, drag in ((0.027, 2.008), (0.001, 1.212)):
        radius = (share / (4 / 3 * math.pi)) ** (1 / 3)
        stokes = 2 / 9 * radius**2
        found = settling_speed(radius, 1.0, 1e9, 1.0, 1.0, 1.0)
        assert stokes / found == pytest.approx(drag, rel=3e-3)


def test_a_drop_alone_and_a_bubble():
    alone = settling_speed(2.0, 0.3, 1e-9, 0.5, 9.8)
    assert alone == pytest.approx(0.3 * 9.8 * 4.0 / (3 * 0.5))
    drop = settling_speed(2.0, 0.3, 1.5, 0.5, 9.8)
    assert drop == pytest.approx(alone * (0.5 + 1.5) * 2 / (2 * 0.5 + 3 * 1.5))
    assert settling_speed(2.0, 0.3, 1.5, 0.5, 9.8, 1e9) == pytest.approx(drop)


def test_smeared_drops_fall_slower_as_the_readme_says():
    readme = Path(__file__).parents[3] / "cases/droplet/settling/README.md"
    text = readme.read_text().replace("\n", " ")
    said = re.search(r"worth -([\d.]+), -([\d.]+) and -([\d.]+) %", text).groups()
    for radius, slower in zip((12, 16, 20), said, strict=True):
        error = lattice_sum(0.2, 0.2 * 4 / radius) / settling_speed(0.2, 1, 1, 1, 1, 1) - 1
        assert -100 * error == pytest.approx(float(slower), abs=0.1)
