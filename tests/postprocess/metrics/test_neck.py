"""The neck of merging drops on made fields, and Hopper's solution against a boundary integral."""

import math

import numpy as np
import pytest

from levitas.postprocess.metrics import neck
from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.references import neck as theory
from tests.support.synthetic import PERIODIC, SYMMETRIC, centres, drop


def peanut(cells, centre, tip, waist, width=4.0):
    """phi of r^2 = tip^2 cos^2 + waist^2 sin^2 about x, in cells."""
    x, y, z = (q - c for q, c in zip(centres(cells), centre, strict=True))
    side = y**2 + (z**2 if cells[2] > 1 else 0 * z)
    r2 = x**2 + side + 1e-9
    s2 = (tip**2 * x**2 + waist**2 * side) / r2
    slope = (waist**2 - tip**2) * x * np.sqrt(side) / (r2 * s2)
    d = (np.sqrt(s2) - np.sqrt(r2)) / np.sqrt(1 + slope**2)
    return 0.5 * (1 + np.tanh(2 * d / width))


@pytest.mark.parametrize("depth", [36, 1])
def test_neck_of_a_whole_body(depth):
    high = 0.5 if depth == 1 else depth / 2
    phi = peanut((70, 40, depth), (30.3, 19.4, high), 20.0, 9.0)
    assert neck.neck_radius(phi, 0.5, PERIODIC) == pytest.approx(4.5, abs=0.02)
    turned = np.roll(phi, 37, axis=2)
    assert neck.neck_radius(turned, 0.5, PERIODIC) == pytest.approx(4.5, abs=0.02)
    apart = drop((60, 40, depth), (12, 20, high), 8.0) + drop((60, 40, depth), (48, 20, high), 8.0)
    assert neck.neck_radius(apart, 0.5, PERIODIC) == 0


@pytest.mark.parametrize("depth", [20, 1])
def test_neck_in_a_mirror_plane(depth):
    faces = SYMMETRIC if depth > 1 else PERIODIC | dict.fromkeys(("x-", "x+", "y-"), "symmetry")
    phi = peanut((40, 24, depth), (0.0, 0.0, 0.0), 20.0, 9.0)
    assert neck.neck_radius(phi, 1.0, faces) == pytest.approx(9.0, abs=0.03)


def test_power_and_factor_of_a_made_series():
    radius, sigma, rho = 20.0, 0.01, 2.0
    tau = math.sqrt(rho * radius**3 / sigma)
    time = np.arange(0, 0.8, 0.01) * tau
    opens = radius * 1.2 * np.sqrt(time / tau)
    for flat, volume in ((False, 8 / 3 * math.pi * radius**3), (True, 2 * math.pi * radius**2)):
        held = np.full(len(time), volume)
        assert neck.neck_exponent(time, opens, held, flat).value == pytest.approx(0.5)
        factor = neck.neck_prefactor(time, opens, held, flat, sigma, rho).value
        assert factor == pytest.approx(1.2)
    with pytest.raises(NotMeasured):
        neck.neck_exponent(time, 0 * opens, held, True)


def hippopede(n, points):
    """Hopper's shape for two cylinders of radius 1: points, tangents, curvature, arcs between.

    The inverse of an ellipse, r^2 = a^2 cos^2 + b^2 sin^2.
    """
    angle = 2 * math.pi * np.arange(points) / points
    a2, b2 = (2 * (1 + s * n) ** 2 / (1 + n * n) for s in (1, -1))
    r = np.sqrt(a2 * np.cos(angle) ** 2 + b2 * np.sin(angle) ** 2)
    z = r * np.exp(1j * angle)
    wave = 1j * np.fft.fftfreq(points, 1 / points)
    first, second = (np.fft.ifft(np.fft.fft(z) * wave**k) for k in (1, 2))
    speed = np.abs(first)
    return z, first / speed, (first.conj() * second).imag / speed**3, speed * 2 * math.pi / points


def opening_rate(n, points=400):
    """Velocity of the neck's surface, mu = sigma = 1: the boundary integral of Stokes flow inside.

    u = (1/2 pi) int G f ds - (1/2 pi) int u T n ds, f = d(tangent)/ds; the logarithm of G by the
    quadrature of Kress, rigid motions taken off by least squares.
    """
    z, tangent, curvature, ds = hippopede(n, points)
    normal, gap = -1j * tangent, z[None, :] - z[:, None]
    np.fill_diagonal(gap, 1.0)
    d = np.stack([gap.real, gap.imag])
    r2 = (d**2).sum(axis=0)
    turn = 2 * math.pi * np.arange(points) / points
    half = points // 2
    m = np.arange(1, half)
    log = -2 * math.pi / half * (np.cos(np.outer(turn, m)) / m).sum(axis=1)
    log = (log - math.pi / half**2 * np.cos(half * turn)) / (2 * math.pi / points)
    shift = (np.arange(points)[None, :] - np.arange(points)[:, None]) % points
    sine = 4 * np.sin(turn[shift] / 2) ** 2
    np.fill_diagonal(sine, 1.0)
    smooth = np.log(r2 / sine) / 2
    np.fill_diagonal(smooth, np.log(ds / (2 * math.pi / points)))
    green = -(log[shift] / 2 + smooth)  # -ln r
    force = np.stack([(1j * curvature * tangent).real, (1j * curvature * tangent).imag]) * ds
    outer = d[:, None] * d[None, :] / r2
    t = np.stack([tangent.real, tangent.imag])
    across = (d[0] * normal.real[None, :] + d[1] * normal.imag[None, :]) / r2
    for i in range(points):
        outer[:, :, i, i] = np.outer(t[:, i], t[:, i])
        across[i, i] = curvature[i] / 2
    driven = np.stack([green @ force[0], green @ force[1]]) + np.einsum("jkab,kb->ja", outer, force)
    double = -4 * outer * across * ds  # T n ds
    matrix = double.transpose(0, 2, 1, 3).reshape(2 * points, -1) / (2 * math.pi)
    matrix += np.eye(2 * points)
    u = np.linalg.lstsq(matrix, driven.ravel() / (2 * math.pi), rcond=1e-10)[0]
    return u.reshape(2, points)[1, points // 4]


@pytest.mark.parametrize("n", [0.1, 0.4, 0.6])
def test_hopper_against_a_boundary_integral(n):
    start = (1 - n) * math.sqrt(2 / (1 + n * n))
    step = 1e-3
    rate = (theory.hopper_neck(step, start, 1.0, 1.0, 1.0) - start) / step
    assert rate == pytest.approx(opening_rate(n), rel=3e-3)


def test_hopper_ends_as_a_circle_at_the_rate_of_mode_two():
    late = [theory.hopper_neck(t, 0.5, 3.0, 0.2, 0.7) for t in (6.0, 7.0)]
    left = [3 * math.sqrt(2) - r for r in late]
    assert theory.hopper_neck(0.0, 0.5, 3.0, 0.2, 0.7) == 0.5
    assert math.log(left[0] / left[1]) == pytest.approx(0.7 / (0.2 * 3 * math.sqrt(2)), rel=0.02)
