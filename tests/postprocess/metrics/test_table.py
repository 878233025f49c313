"""Measures on made fields with known answers."""

import math

import numpy as np
import pytest

from levitas.postprocess.metrics import bodies, flow, sampling
from levitas.postprocess.metrics import drop as drops
from levitas.postprocess.metrics import series_fits as fits
from levitas.postprocess.metrics import surface_mesh as mesh
from levitas.postprocess.metrics import table as metrics
from levitas.postprocess.metrics.scope import Scope
from levitas.postprocess.metrics.value import NotMeasured
from levitas.solver.registry import declared
from tests.support.synthetic import PERIODIC, SYMMETRIC, centres, drop

CHANNEL = PERIODIC | {"y-": "wall", "y+": "wall"}


@pytest.fixture(scope="module")
def octant():
    """The eighth of a drop of 12 cells."""
    return drop((20, 22, 21), (0, 0, 0), 12.0)


@pytest.fixture(scope="module")
def split():
    """A whole drop of 10 cells that crosses periodic faces, off the lattice."""
    return np.roll(drop((34, 36, 32), (17.3, 17.8, 16.1), 10.0), (15, 3, 16), axis=(0, 1, 2))


def test_volume_counts_mirror_images(octant):
    # the tanh profile adds pi^2 W^2/16 R^-2 to the volume of the sphere
    sphere = 4 / 3 * math.pi * 12**3 * (1 + math.pi**2 * 16 / (16 * 12**2))
    assert drops.liquid_volume(octant, 0.5, SYMMETRIC) == pytest.approx(sphere / 8, rel=1e-4)
    flat = drop((60, 50, 1), (30, 25, 0.5), 12.0)
    assert drops.liquid_volume(flat, 1.0, PERIODIC) == pytest.approx(144 * math.pi, rel=0.03)


def test_radius_to_a_thousandth_of_a_cell(octant, split):
    assert drops.drop_radius(octant, 2.0, SYMMETRIC) == pytest.approx(24, abs=1e-3)
    assert drops.drop_radius(split, 1.0, PERIODIC) == pytest.approx(10, abs=1e-3)
    assert drops.drop_radius(1 - split, 1.0, PERIODIC) == pytest.approx(10, abs=1e-3)


def test_centroid_across_periodic_faces(split):
    centre = bodies.centroid(split, PERIODIC)
    assert centre == pytest.approx([33.3, 20.8, 31.1], abs=0.01)
    assert drops.centre_x(split, 0.5, PERIODIC, (-1.0, 0, 0)) == pytest.approx(15.65, abs=0.01)


def test_centroid_lies_on_a_symmetry_face_that_is_touched():
    faces = PERIODIC | {"z-": "symmetry", "z+": "symmetry", "x-": "wall", "x+": "wall"}
    phi = drop((30, 32, 24), (14.2, 16.0, 24.0), 9.0)
    assert bodies.centroid(phi, faces) == pytest.approx([14.2, 16.0, 24.0], abs=0.01)


@pytest.mark.parametrize("amplitude", [1e-3, 0.1])
def test_mode_amplitude_to_a_ten_thousandth_of_a_cell(amplitude):
    octant = drop((24, 25, 26), (0, 0, 0), 12.0, amplitude=amplitude)
    assert drops.mode_amplitude(octant, 1.0, SYMMETRIC) == pytest.approx(12 * amplitude, abs=1e-4)
    whole = drop((36, 38, 40), (18.2, 19.4, 19.7), 10.0, amplitude=amplitude, axis=0)
    found = drops.mode_amplitude(whole, 1.0, PERIODIC, axis=(1, 0, 0))
    assert found == pytest.approx(10 * amplitude, abs=1e-4)


def test_mode_amplitude_of_other_modes_and_in_two_dimensions():
    phi = drop((28, 28, 28), (14, 14, 14), 9.0, amplitude=0.05, n=3)
    assert drops.mode_amplitude(phi, 1.0, PERIODIC, n=3) == pytest.approx(0.45, abs=1e-3)
    assert drops.mode_amplitude(phi, 1.0, PERIODIC, n=2) == pytest.approx(0, abs=1e-2)
    flat = drop((50, 52, 1), (25.2, 26.1, 0.5), 14.0, amplitude=-0.03)
    assert drops.mode_amplitude(flat, 2.0, PERIODIC) == pytest.approx(-0.84, abs=1e-4)


def test_shape_deviation(octant, split):
    assert drops.shape_deviation(octant, SYMMETRIC) < 1e-4
    assert drops.shape_deviation(split, PERIODIC) < 1e-3
    bent = drop((36, 36, 36), (0, 0, 0), 16.0, amplitude=0.02)
    assert drops.shape_deviation(bent, SYMMETRIC) == pytest.approx(0.02, rel=0.02)


def test_sphericity_of_spheres_and_of_a_cube(octant, split):
    assert 0.9985 < drops.sphericity(octant, SYMMETRIC) < 1
    assert 0.9985 < drops.sphericity(split, PERIODIC) < 1
    x, y, z = (abs(q - 20) for q in centres((40, 40, 40)))
    cube = 0.5 * (1 + np.tanh(12 - np.maximum(np.maximum(x, y), z)))
    assert drops.sphericity(cube, PERIODIC) == pytest.approx((math.pi / 6) ** (1 / 3), rel=0.015)


def test_circularity_in_two_dimensions():
    disk = drop((40, 44, 1), (19.3, 22.2, 0.5), 12.0)
    assert 0.999 < drops.sphericity(disk, PERIODIC) < 1
    x, y, _ = centres((80, 44, 1))
    ellipse = 0.5 * (1 + np.tanh(10 - np.hypot((x - 40) / 2, y - 22)))[None]
    a, b = 20, 10
    around = math.pi * (3 * (a + b) - math.sqrt((3 * a + b) * (a + 3 * b)))
    exact = 4 * math.pi * math.pi * a * b / around**2
    assert drops.sphericity(ellipse, PERIODIC) == pytest.approx(exact, rel=2e-3)


def test_area_converges_at_second_order():
    errors = []
    for radius in (8, 16):
        cells = (3 * radius,) * 3
        area, _ = mesh.area_and_volume(
            mesh.triangles(drop(cells, [1.5 * radius] * 3, radius, width=radius / 2))
        )
        errors.append(abs(area / (4 * math.pi * radius**2) - 1))
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.1)


def test_surface_points_lie_on_the_sphere(split):
    points = sampling.surface_points(split, PERIODIC)
    centre = np.array([33.3, 20.8, 32.1 - 1])
    r = np.linalg.norm(bodies.offset(points, centre, split.shape, PERIODIC), axis=1)
    assert len(r) > 1000
    assert abs(r - 10).max() < 2e-3


def test_radii_are_nan_where_there_is_no_surface(octant):
    rays = np.array([[1.0, 0, 0], [0, 1.0, 0]])
    assert np.isnan(sampling.radii(octant, (0, 0, 0), rays, SYMMETRIC, reach=8.0)).all()


def _smooth(phi):
    """The pressure through a tanh profile."""
    return phi**2 * (3 - 2 * phi)


def test_pressure_jump_of_a_drop_and_of_two_bubbles():
    cells, sigma = (64, 40, 40), 0.3
    phi = drop(cells, (20, 20, 20), 9.0)
    jump = drops.pressure_jump(phi, 0.1 + 2.5 * _smooth(phi), 4.0, 1.0, PERIODIC)
    assert jump == pytest.approx(2.5, rel=2e-3)
    first, second = drop(cells, (16, 20, 20), 12.0), drop(cells, (48, 20, 20), 8.0)
    p = 2 * sigma * (_smooth(first) / 12.0 + _smooth(second) / 8.0 * 1.03)
    found = drops.laplace_error(1 - first - second, p, 4.0, sigma, 1.0, PERIODIC)
    assert found.value == pytest.approx(0.03, abs=2e-3)
    assert "+3." in found.note or "+2.9" in found.note


@pytest.mark.parametrize("depth", [1, 24])
def test_bodies_are_counted_across_periodic_faces(depth):
    at = [(3, 3), (33, 20), (60, 44), (20, 36)]
    shift = 0.5 if depth == 1 else 12
    apart = [drop((64, 48, depth), (32, 24, shift), 7.0) for _ in at]
    phi = sum(
        np.roll(d, (y - 24, x - 32), axis=(1, 2)) for d, (x, y) in zip(apart, at, strict=True)
    )
    assert drops.body_count(phi, PERIODIC) == 3  # the first and the third touch round the corner
    assert drops.body_count(1 - phi, PERIODIC) == 3
    assert drops.body_count(phi, dict.fromkeys(PERIODIC, "wall")) > 4
    phi[:, 24, 32] = 1.0  # a speck is no body
    assert drops.body_count(phi, PERIODIC) == 3


def test_nothing_to_measure_is_said(octant):
    empty = np.zeros((8, 8, 8))
    with pytest.raises(NotMeasured, match="no drop or bubble"):
        drops.pressure_jump(empty, empty, 4.0, 1.0, PERIODIC)
    with pytest.raises(NotMeasured, match="no surface"):
        drops.sphericity(empty, PERIODIC)
    with pytest.raises(NotMeasured, match="no surface"):
        drops.shape_deviation(empty, PERIODIC)
    with pytest.raises(NotMeasured, match="interface widths inside"):
        drops.phi_dip(octant, 8.0, 1.0, SYMMETRIC)


def test_dip_of_phi(octant):
    assert drops.phi_dip(octant, 4.0, 1.0, SYMMETRIC) < 1e-3
    dented = octant.copy()
    dented[1, 0, 2] = 0.9
    assert drops.phi_dip(dented, 4.0, 1.0, SYMMETRIC) == pytest.approx(0.1)


def test_flow_measures(octant):
    u = np.full(octant.shape, 3.0)
    v, w = 0 * u, 4 + 0 * u
    assert flow.max_speed(u, v, w) == 5
    assert flow.spurious_capillary_number(u, v, w, 0.2, 10) == pytest.approx(0.1)
    whole = flow.kinetic_energy(u, v, w, 0.5, PERIODIC, 2.0)
    assert whole == pytest.approx(25 * u.size / 8)
    assert flow.kinetic_energy(u, v, w, 0.5, SYMMETRIC, 2.0) == pytest.approx(8 * whole)
    mixed = flow.kinetic_energy(u, v, w, 0.5, PERIODIC, 2.0, 1.0, 0.5 + 0 * u)
    assert mixed == pytest.approx(0.75 * whole)


def test_velocity_error_names_the_cell():
    u, v, w = (np.full((4, 5, 6), c) for c in (0.02, 0.01, 0.0))
    v[3, 2, 1] += 0.001
    found = flow.velocity_error(u, v, w, (0.02, 0.01, 0.0))
    assert found.value == pytest.approx(0.001 / math.hypot(0.02, 0.01))
    assert "(1, 2, 3)" in found.note
    with pytest.raises(NotMeasured, match="velocity of the stream"):
        flow.velocity_error(u, v, w, (0, 0, 0))


def test_layered_error_of_the_exact_profile_and_of_a_wrong_one():
    cells, width, height = (3, 48, 3), 4.0, 48.0
    y = centres(cells)[1] + 0 * centres(cells)[0] + 0 * centres(cells)[2]
    phi = 0.5 * (1 + np.tanh(2 * (24.0 - y) / width))
    given = {
        "rho_l": 1.0,
        "rho_g": 1e-3,
        "mu_l": 0.1,
        "mu_g": 1e-3,
        "gravity": (0.0, 0.0, 0.0),
        "pressure_gradient": (-1e-6, 0.0, 0.0),
    }
    still = np.zeros(phi.shape)
    at, _, exact = flow.channel_profile(still, still, still, phi, CHANNEL, width, 1.0, given)
    exact = exact(at)
    assert at[0] == 0.5 and exact.max() > exact[:24].max() > 0
    u = np.broadcast_to(exact[None, :, None], phi.shape)
    assert flow.layered_error(u, still, still, phi, CHANNEL, width, 1.0, **given) < 1e-12
    wrong = flow.layered_error(1.1 * u, still, still, phi, CHANNEL, width, 1.0, **given)
    assert wrong == pytest.approx(0.1)
    assert height == len(at)


def test_layered_flow_driven_by_gravity_falls_by_the_excess_density_only():
    """Between walls, periodic along gravity: the weight of the gas is borne, as the solver does.

    u'' = -f/mu in the liquid below 16, straight above: 64 f/mu in the middle.
    """
    phi = np.ones((3, 32, 3))
    phi[:, 16:] = 0
    given = dict(rho_l=1.0, rho_g=0.5, mu_l=0.1, mu_g=0.1, pressure_gradient=(0, 0, 0))
    still = np.zeros(phi.shape)
    at, _, exact = flow.channel_profile(
        still, still, still, phi, CHANNEL, 4.0, 1.0, given | {"gravity": (1e-6, 0, 0)}
    )
    exact = exact(at)
    assert exact[15:17].mean() == pytest.approx(64 * 0.5e-6 / 0.1, rel=0.02)
    assert np.diff(exact[24:], 2) == pytest.approx(0, abs=1e-9)


def test_taylor_green_error():
    x, y, z = centres((24, 36, 1))
    kx, ky = 2 * np.pi / 24, 2 * np.pi / 36
    u = -np.cos(kx * x) * np.sin(ky * y) + 0 * z
    v = kx / ky * np.sin(kx * x) * np.cos(ky * y) + 0 * z
    nu, t = 0.05, 200.0
    decay = math.exp(-nu * (kx**2 + ky**2) * t)
    exact = flow.taylor_green_error(u * decay, v * decay, u, v, nu, 1.0, t)
    assert exact == pytest.approx(0, abs=1e-12)
    off = flow.taylor_green_error(1.01 * u * decay, 1.01 * v * decay, u, v, nu, 1.0, t)
    assert off == pytest.approx(0.01)


def _ringing(periods=5.0, frequency=0.3, damping=0.02, records=200):
    time = np.linspace(0, periods * 2 * math.pi / frequency, records)
    return time, 0.05 + 0.8 * np.exp(-damping * time) * np.cos(frequency * time + 0.4)


def test_oscillation_of_a_pure_damped_cosine():
    time, value = _ringing()
    found = fits.oscillation_frequency(time, value)
    assert found.value == pytest.approx(0.3 / (2 * math.pi), rel=1e-7)
    assert fits.oscillation_damping(time, value).value == pytest.approx(0.02, rel=1e-6)
    assert "+-" in found.note
    fit = fits.fit_oscillation(time, value)
    assert fit(time) == pytest.approx(value, abs=1e-7)


@pytest.mark.parametrize("periods", [2.6, 3.3, 8.0])
def test_oscillation_with_noise_transient_and_any_length(periods):
    time, value = _ringing(periods)
    noise = np.random.default_rng(1).normal(0, 1e-4, len(time))
    value = value + noise + 0.02 * np.exp(-time / 3)  # gone after the period that is left out
    assert fits.oscillation_frequency(time, value).value * 2 * math.pi == pytest.approx(
        0.3, rel=5e-4
    )
    assert fits.oscillation_damping(time, value).value == pytest.approx(0.02, rel=0.01)


@pytest.mark.parametrize(
    ("time", "value"),
    [
        (np.arange(8.0), np.arange(8.0)),
        (np.arange(100.0), np.exp(-np.arange(100.0))),
        (np.arange(100.0), np.cos(2 * math.pi * np.arange(100) / 60)),
    ],
)
def test_series_that_do_not_oscillate_long_enough(time, value):
    with pytest.raises(NotMeasured):
        fits.fit_oscillation(time, value)


def test_drop_speed_across_periodic_faces():
    time = np.linspace(0, 50, 101)
    x, y = (0.3 * time) % 4.0, (10 - 0.4 * time) % 5.0
    found = fits.drop_speed(time, x, y, 0 * time, (4.0, 5.0, 6.0))
    assert found.value == pytest.approx(0.5, rel=1e-9)


def test_mass_drift_is_per_ten_thousand_steps():
    time = np.linspace(0, 1, 11)
    volume = 8.0 * (1 + 4e-6 * time)
    assert fits.mass_drift(time, 40000 * time, volume).value == pytest.approx(1e-6)
    assert fits.mass_drift(time, 500 * time, volume).value == pytest.approx(4e-6)


def test_decay_rate():
    time = np.linspace(0, 3, 50)
    assert fits.decay_rate(time, 7 * np.exp(-2 * 0.7 * time)).value == pytest.approx(0.7)


def test_every_metric_says_what_it_is():
    for name, metric in metrics.METRICS.items():
        assert metric.text.endswith("."), name
        assert len(metric.text) < 200, name
        assert set(metric.needs) <= set(metric.takes)
        for column in metric.series:
            assert column in (*metrics.METRICS, "time", "step")


def test_measure_fills_in_arguments_by_name(octant):
    values = {"phi": octant, "spacing": 1e-3, "faces": SYMMETRIC}
    values |= {"flat": False, "in_lattice_units": False, "u": octant, "v": octant, "w": octant}
    found = metrics.measure("drop_radius", Scope(values, {}))
    assert found.value == pytest.approx(0.012, rel=1e-4) and found.unit == "m"
    assert (
        metrics.measure("drop_radius", Scope(values | {"in_lattice_units": True}, {})).unit == "1"
    )
    with pytest.raises(NotMeasured, match="the run has no rho_l"):
        metrics.measure("kinetic_energy", Scope(values, {}))
    with pytest.raises(NotMeasured, match="over the series"):
        metrics.measure("mass_drift", Scope(values, {}))
    with pytest.raises(NotMeasured, match="no liquid_volume"):
        metrics.measure("mass_drift", Scope(values, {}), {"time": [0], "step": [0]})


def test_fields_needed_by_metrics():
    fields = ("phi", "u", "v", "w", "p", "T", "c")
    assert metrics.fields_of(["max_speed"], fields) == ["u", "v", "w"]
    assert metrics.fields_of(["kinetic_energy", "mass_drift"], fields) == ["phi", "u", "v", "w"]


def test_no_two_modules_declare_the_same_metric():
    names = [n for own in declared("levitas.postprocess.metrics", "METRICS").values() for n in own]
    assert len(names) == len(set(names)) == len(metrics.METRICS) >= 89
