"""Measures of velocity: speed, energy, spurious currents, and errors against exact flows.

Pure functions of arrays [z, y, x] and the cell size; symmetry faces count the mirror images in.
"""

import numpy as np

from levitas.postprocess.metrics.bodies import mirrors
from levitas.postprocess.metrics.metric import Metric
from levitas.postprocess.metrics.sampling import kinds, logit
from levitas.postprocess.metrics.value import Measured, NotMeasured
from levitas.postprocess.references.channels import layered_poiseuille


def _square(u, v, w):
    return u**2 + v**2 + w**2


def max_speed(u, v, w) -> float:
    """Largest |u|."""
    return float(np.sqrt(_square(u, v, w).max()))


def kinetic_energy(u, v, w, spacing, faces, rho_l, rho_g=None, phi=None) -> float:
    """Sum of rho |u|^2/2, mirror images included; in 2-D per length."""
    square = _square(u, v, w)
    if phi is None:
        total = rho_l * square.sum(dtype=float)
    else:
        total = ((rho_g + np.clip(phi, 0, 1) * (rho_l - rho_g)) * square).sum(dtype=float)
    cell = spacing ** (2 if u.shape[0] == 1 else 3)
    return float(total) / 2 * cell * mirrors(u.shape, faces)


def spurious_capillary_number(u, v, w, mu_l, sigma) -> float:
    """mu_l max|u|/sigma: of a drop at rest, whose velocity is error only."""
    return mu_l * max_speed(u, v, w) / sigma


def velocity_error(u, v, w, stream) -> Measured:
    """Largest |u - U|/|U| of all cells, U the velocity that carries everything."""
    speed = np.linalg.norm(stream)
    if not speed:
        raise NotMeasured("no shape or field declares the velocity of the stream")
    error = np.sqrt(_square(*(c - s for c, s in zip((u, v, w), stream, strict=True)))) / speed
    z, y, x = np.unravel_index(int(error.argmax()), error.shape)
    return Measured(float(error[z, y, x]), f"in cell ({x}, {y}, {z})")


def taylor_green_error(u, v, start_u, start_v, nu_l, spacing, end_time) -> float:
    """L2 error of the velocity against start * exp(-nu k^2 t), over the L2 norm of that."""
    decay = np.exp(-nu_l * _wave_number_squared((start_u, start_v), spacing) * end_time)
    error = ((u - start_u * decay) ** 2 + (v - start_v * decay) ** 2).sum(dtype=float)
    exact = (start_u**2 + start_v**2).sum(dtype=float) * decay**2
    return float(np.sqrt(error / exact))


def _wave_number_squared(components, spacing) -> float:
    """Mean k^2 of the components, weighted by their spectral power."""
    power, square = 0.0, 0.0
    for c in components:
        waves = [2 * np.pi * np.fft.fftfreq(n, spacing) for n in c.shape]
        k2 = sum(k**2 for k in np.meshgrid(*waves, indexing="ij", sparse=True))
        share = np.abs(np.fft.fftn(c)) ** 2
        power, square = power + share.sum(), square + (k2 * share).sum()
    return float(square / power)


def channel_profile(u, v, w, phi, faces, width, spacing, given):
    """(distance from the lower wall, mean velocity, exact velocity) of a layered channel flow.

    The exact velocity is a function of the distance.

    The channel runs between two walls; `given` holds rho_l, rho_g, mu_l, mu_g and the driving
    acceleration `gravity` and `pressure_gradient` as vectors. The exact flow solves the equation of
    the smeared viscosity, phi a tanh profile of the given width about each surface found.
    """
    walls = [n for n, kind in enumerate(kinds(faces)) if kind == "wall"]
    if len(walls) != 1:
        raise NotMeasured("a channel has walls on two opposite faces")
    across = walls[0]
    drive = -np.asarray(given["pressure_gradient"]) + np.asarray(given["gravity"])
    drive[across] = 0.0
    along = int(np.abs(drive).argmax())
    if not drive[along]:
        raise NotMeasured("nothing drives a flow along the walls")
    mean = tuple(a for a in range(3) if a != 2 - across)
    fraction = phi.mean(axis=mean, dtype=float)
    cells = len(fraction)
    y = (np.arange(cells) + 0.5) * spacing
    profile = _tanh_profile(fraction, width, spacing)

    def force(at):
        rho = _mixed(profile(at), given["rho_l"], given["rho_g"])
        borne = given["rho_g"] if kinds(faces)[along] == "periodic" else 0.0
        return (rho - borne) * given["gravity"][along] - given["pressure_gradient"][along]

    def viscosity(at):
        return _mixed(profile(at), given["mu_l"], given["mu_g"])

    measured = (u, v, w)[along].mean(axis=mean, dtype=float)
    return y, measured, lambda at: layered_poiseuille(at, cells * spacing, viscosity, force)


def _mixed(phi, liquid, gas):
    return gas + np.clip(phi, 0, 1) * (liquid - gas)


def _tanh_profile(fraction, width, spacing):
    """phi(y) = (1 + tanh(2 d/W))/2 about the phi = 1/2 crossings of a row of cells."""
    value = logit(fraction)
    i = np.nonzero((value[:-1] > 0) != (value[1:] > 0))[0]
    at = (i + 0.5 + value[i] / (value[i] - value[i + 1])) * spacing
    first = 1.0 if value[0] > 0 else -1.0

    def profile(y):
        if not len(at):
            return np.full_like(y, (1 + first) / 2)
        passed = np.searchsorted(at, y)
        away = np.abs(y[:, None] - at).min(axis=1)
        return 0.5 * (1 + np.tanh(2 * first * (-1.0) ** passed * away / width))

    return profile


def layered_error(
    u, v, w, phi, faces, width, spacing, rho_l, rho_g, mu_l, mu_g, gravity, pressure_gradient
) -> float:
    """L2 error of the velocity profile of a layered channel flow, over the L2 norm of the exact.

    Exact: d/dy(mu du/dy) = dp/dx - rho g with mu and rho linear in phi(y) (channel_profile).
    """
    fluids = {"rho_l": rho_l, "rho_g": rho_g, "mu_l": mu_l, "mu_g": mu_g}
    drives = {"gravity": gravity, "pressure_gradient": pressure_gradient}
    y, measured, exact = channel_profile(u, v, w, phi, faces, width, spacing, fluids | drives)
    exact = exact(y)
    return float(np.linalg.norm(measured - exact) / np.linalg.norm(exact))


METRICS = {
    "max_speed": Metric(max_speed, "m/s"),
    "kinetic_energy": Metric(kinetic_energy, "J", "J/m"),
    "spurious_capillary_number": Metric(
        spurious_capillary_number, viscous=True, words="spurious capillary number"
    ),
    "velocity_error": Metric(velocity_error, words="largest velocity error"),
    "layered_error": Metric(layered_error, viscous=True, words="L2 error of the profile"),
    "taylor_green_error": Metric(
        taylor_green_error, viscous=True, words="L2 error of the velocity"
    ),
}
