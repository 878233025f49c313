"""Reference solutions against published numbers, limits, and an independent solution."""

import math

import numpy as np
import pytest

from levitas.postprocess.references import channels, drop_modes, elementary, migration
from levitas.postprocess.references.diffuse_drop import drop_frequency_diffuse
from levitas.postprocess.references.drop_modes import drop_mode, inviscid_frequency, lamb_damping
from levitas.postprocess.references.table import REFERENCES
from levitas.solver.registry import declared

# Exact normal modes of a drop in vacuum: Oh -> (omega/omega0, damping/Lamb) in 3-D, then in 2-D
VACUUM = {
    0.005: (0.9997, 0.964, 0.9997, 0.968),
    0.01: (0.9991, 0.948, 0.9992, 0.954),
    0.02: (0.9973, 0.925, 0.9976, 0.933),
    0.05: (0.9894, 0.875, 0.9904, 0.887),
    0.1: (0.9727, 0.813, 0.9739, 0.825),
}


@pytest.mark.parametrize("dimensions", [3, 2])
@pytest.mark.parametrize("ohnesorge", VACUUM)
def test_drop_in_vacuum(ohnesorge, dimensions):
    frequency, damping = VACUUM[ohnesorge][:2] if dimensions == 3 else VACUUM[ohnesorge][2:]
    mode = drop_mode(2, 1.0, 1.0, 0.0, ohnesorge, 0.0, 1.0, dimensions)
    inviscid = inviscid_frequency(2, 1.0, 1.0, 0.0, 1.0, dimensions)
    assert mode.frequency / inviscid == pytest.approx(frequency, abs=5e-5)
    assert mode.damping / lamb_damping(2, 1.0, 1.0, ohnesorge, dimensions) == pytest.approx(
        damping, abs=5e-4
    )


@pytest.mark.parametrize("dimensions", [3, 2])
def test_thin_outer_gas_tends_to_vacuum(dimensions):
    gas = drop_mode(2, 1.0, 1.0, 1e-8, 0.02, 1e-8, 1.0, dimensions)
    vacuum = drop_mode(2, 1.0, 1.0, 0.0, 0.02, 0.0, 1.0, dimensions)
    assert gas == pytest.approx(vacuum, rel=1e-5)


@pytest.mark.parametrize("dimensions", [3, 2])
@pytest.mark.parametrize(("n", "rho"), [(2, 1e-3), (2, 0.5), (3, 1.0), (4, 10.0)])
def test_inviscid_limit_of_two_fluids(n, rho, dimensions):
    mode = drop_mode(n, 1.0, 1.0, rho, 1e-9, 1e-9, 1.0, dimensions)
    assert mode.frequency == pytest.approx(
        inviscid_frequency(n, 1.0, 1.0, rho, 1.0, dimensions), rel=1e-3
    )


def test_damping_by_the_boundary_layers_of_two_liquids():
    """Miller and Scriven (1968), leading order of small viscosities."""
    n, rho, mu = 2, (1.0, 0.5), (1e-7, 1e-7)
    mode = drop_mode(n, 1.0, rho[0], rho[1], *mu, 1.0)
    inner, outer = math.sqrt(mu[0] * rho[0]), math.sqrt(mu[1] * rho[1])
    inertia = n * rho[1] + (n + 1) * rho[0]
    leading = (2 * n + 1) ** 2 * math.sqrt(mode.frequency) * inner * outer
    leading /= 2 * math.sqrt(2) * inertia * (inner + outer)
    assert mode.damping == pytest.approx(leading, rel=2e-3)


def test_units_do_not_matter():
    """A nickel drop of 3.25 mm in SI and in its own units; near 36.5 Hz."""
    radius, rho, sigma, mu = 3.25e-3, 7900.0, 1.781, 4.7e-3
    hertz = drop_modes.drop_frequency(2, radius, rho, 1e-2, mu, 1e-6, sigma)
    time = math.sqrt(rho * radius**3 / sigma)
    unit = math.sqrt(rho * sigma * radius)
    own = drop_mode(2, 1.0, 1.0, 1e-2 / rho, mu / unit, 1e-6 / unit, 1.0)
    assert hertz == pytest.approx(own.frequency / (2 * math.pi * time), rel=1e-9)
    assert hertz == pytest.approx(36.5, abs=0.1)


def test_overdamped_mode_is_refused():
    with pytest.raises(ValueError, match="does not oscillate"):
        drop_mode(2, 1.0, 1.0, 1e-3, 5.0, 5e-2, 1.0)


def test_bessel_ratios_at_large_arguments_join():
    from levitas.postprocess.references import drop_modes as modes

    for side in (1, -1):
        for order in (2, 2.5):
            z = (1 + 0.3j) * modes.LARGE / abs(1 + 0.3j)
            below = modes._log_derivative(order, z * 0.9999999, side)
            above = modes._log_derivative(order, z * 1.0000001, side)
            assert above == pytest.approx(below, rel=1e-10)


def test_laplace_and_decay_rates():
    assert elementary.laplace_jump(1.781, 3.25e-3) == pytest.approx(1096, abs=0.1)
    assert elementary.laplace_jump(1.0, 2.0, 2) == 0.5
    assert elementary.taylor_green_rate(0.1, 2 * math.pi, math.pi) == pytest.approx(0.5)
    assert drop_modes.drop_damping_lamb(2, 2.0, 1.0, 0.1) == pytest.approx(5 * 0.1 / 4)
    assert drop_modes.drop_frequency_inviscid(2, 1.0, 1.0, 0.0, 1.0) == pytest.approx(
        math.sqrt(8) / (2 * math.pi)
    )


def test_layered_poiseuille_of_one_fluid_is_a_parabola():
    y = np.linspace(0, 2, 9)
    ones = np.ones_like
    u = channels.layered_poiseuille(y, 2.0, lambda s: 3 * ones(s), lambda s: 6 * ones(s))
    assert u == pytest.approx(y * (2 - y), abs=1e-8)


def test_layered_poiseuille_of_two_sharp_layers():
    """Viscosities 1 and 10 below and above y = 1 of 2, unit force: two parabolas that meet."""
    y = np.linspace(0, 2, 41)
    step = lambda s: np.where(s < 1, 1.0, 10.0)  # noqa: E731
    u = channels.layered_poiseuille(y, 2.0, step, np.ones_like, points=400001)
    # u = c y - y^2/2 below, (c (y - 2) - y^2/2 + 2)/10 above, equal at y = 1
    c = (0.5 + 0.15) / 1.1
    exact = np.where(y < 1, c * y - y**2 / 2, (c * (y - 2) - y**2 / 2 + 2) / 10)
    assert u == pytest.approx(exact, abs=1e-5)


def test_drops_that_migrate_side_by_side():
    """Known limits: Young-Goldstein-Block, Clausius-Mossotti, walls far from neighbours."""
    speed, backflow = migration.migration_speed, migration._backflow
    assert speed(-2e-5, 3, 10, 0.1, 0.1) == pytest.approx(2 * 2e-5 * 3 * 10 / (0.1 * 3 * 5))
    bubble = speed(-1, 1, 1, 0.0, 1.0, 0.0, 1.0)  # free and insulated
    assert bubble == pytest.approx(0.5)
    for ratio in (0.0, 0.5, 1e9):  # heat dipoles of a simple cubic array
        share = 4 * math.pi / 3 * 1e-3 * (1 - ratio) / (2 + ratio)
        assert migration._warmth(0.1, ratio, 1, 1) == pytest.approx(1 / (1 + share), abs=4e-5)
    far = 1 - backflow(0.1, 8, 2)  # two walls, no neighbours: R^3/(2 d^3) each
    assert far == pytest.approx(0.1**3, rel=0.02)
    assert backflow(0.1, 1, 5) == pytest.approx(1 - 0.1**3 / 2 * 9.0336, abs=1e-7)
    n = np.arange(-300, 301)
    r = np.hypot(*np.meshgrid(n, n)).ravel()
    near = r[(r > 0) & (r < 300)]
    assert (near**-3).sum() + 2 * math.pi / 300 == pytest.approx(migration.EQUATOR, abs=1e-4)


def test_a_thin_interface_rings_as_a_sharp_one():
    sharp = drop_modes.drop_frequency_inviscid
    diffuse = drop_frequency_diffuse
    for n, ratio in ((2, 1000), (3, 1000), (2, 10)):
        fluid = (1.0, 1 / ratio, 0.01)
        errors = [diffuse(n, 16, w, *fluid) / sharp(n, 16, *fluid) - 1 for w in (0.04, 1, 2, 4)]
        assert abs(errors[0]) < 3e-3 * 10 / ratio + 1e-5
        assert errors[0] > errors[1] > errors[2] > errors[3] > -0.1
    light = [diffuse(2, 64, w, 1.0, 1e-9, 0.01) / sharp(2, 64, 1.0, 1e-9, 0.01) - 1 for w in (2, 4)]
    assert light[1] / light[0] == pytest.approx(4, rel=0.4)  # second order without gas


def test_every_function_that_a_check_may_call_says_what_it_is():
    parts = declared("levitas.postprocess.references", "REFERENCES").values()
    assert len(REFERENCES) == sum(map(len, parts)) == 33
    for name, function in REFERENCES.items():
        assert function.__doc__ and function.__name__ == name
