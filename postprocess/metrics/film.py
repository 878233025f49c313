"""Measures of films, layers and cylinders: thickness, evenness, waves on their surface.

Thickness is counted from the liquid fraction along the normal of the first plane or film of a case
(`film_axis`), so that no surface has to be found: h(s) = sum phi dx. A cylinder with a wave counts
by its section, R(s) = sqrt(A(s)/pi). Pure functions of phi [z, y, x].
"""

import math

import numpy as np

from levitas.postprocess.metrics.bodies import mirrors
from levitas.postprocess.metrics.metric import Metric
from levitas.postprocess.metrics.value import Measured, NotMeasured


def thickness(phi, film_axis: int, spacing: float) -> np.ndarray:
    """Liquid above every place of the base, as a length; the normal axis is summed away."""
    return phi.sum(axis=2 - film_axis, dtype=float) * spacing


def film_thickness(phi, film_axis, spacing) -> float:
    """Mean thickness of the film."""
    return float(thickness(phi, film_axis, spacing).mean())


def film_thickness_min(phi, film_axis, spacing) -> float:
    """Least thickness of the film."""
    return float(thickness(phi, film_axis, spacing).min())


def film_thickness_max(phi, film_axis, spacing) -> float:
    """Largest thickness of the film."""
    return float(thickness(phi, film_axis, spacing).max())


def film_thickness_axis(phi, film_axis, spacing, corner, turn_centre) -> float:
    """Mean thickness of the film near the axis about which it turns: within twice its thickness."""
    h = thickness(phi, film_axis, spacing)
    left = [n for n in (2, 1, 0) if n != film_axis and phi.shape[2 - n] > 1]  # in array order
    away = [_places(phi, n, corner, spacing) - turn_centre[n] for n in left]
    away = np.meshgrid(*away, indexing="ij")
    h = h.reshape(away[0].shape)
    near = np.sqrt(sum(a**2 for a in away)) <= 2 * h.mean()
    if not near.any():
        raise NotMeasured("the axis of the turning frame lies outside of the box")
    return float(h[near].mean())


def film_nonuniformity(phi, film_axis, spacing) -> float:
    """(h_max - h_min)/(2 h_mean) of the film."""
    h = thickness(phi, film_axis, spacing)
    return float((h.max() - h.min()) / (2 * h.mean()))


def film_variation(phi, film_axis, spacing) -> float:
    """Coefficient of variation of the thickness: standard deviation over mean."""
    h = thickness(phi, film_axis, spacing)
    return float(h.std() / h.mean())


def wave_amplitude(phi, wave, spacing, faces, corner) -> float:
    """Amplitude of the declared wave in the thickness of a film or the radius of a cylinder.

    Twice the mean of (h - mean h) cos(k s + phase); signed, so an oscillation changes its sign.
    """
    height, angle = _wavy(phi, wave, spacing, faces, corner)
    return float(2 * np.mean((height - height.mean()) * np.cos(angle)) * wave["sign"])


def wave_size(phi, wave, spacing, faces, corner) -> float:
    """Size of the declared wave wherever it stands, in a box of whole wavelengths."""
    height, angle = _wavy(phi, wave, spacing, faces, corner)
    return float(2 * abs(np.mean((height - height.mean()) * np.exp(1j * angle))))


def wave_shift(phi, wave, spacing, faces, corner) -> float:
    """How far the declared wave has moved along its direction, within half a wavelength."""
    height, angle = _wavy(phi, wave, spacing, faces, corner)
    turn = np.mean((height - height.mean()) * np.exp(1j * angle)) * wave["sign"]
    return float(np.angle(turn) / wave["number"])


def _wavy(phi, wave, spacing, faces, corner) -> tuple[np.ndarray, np.ndarray]:
    """Height of the wavy surface (mean radius of a cylinder) and k s + phase along the wave."""
    if wave["round"]:
        along = wave["along"]
        section = phi.sum(axis=tuple(a for a in range(3) if a != 2 - along), dtype=float)
        height = np.sqrt(section * spacing**2 * mirrors_across(phi.shape, faces, along) / math.pi)
    else:
        normal, along = wave["normal"], wave["along"]
        height = thickness(phi, normal, spacing)
        left = [n for n in (2, 1, 0) if n != normal]  # axes that are left, in array order
        height = height.mean(axis=tuple(i for i, n in enumerate(left) if n != along))
    return height, wave["number"] * _places(phi, along, corner, spacing) + wave["phase"]


def mirrors_across(shape, faces, along: int) -> int:
    """How many mirror images a section across an axis (0, 1, 2) stands for."""
    return mirrors(shape, {f: kind for f, kind in faces.items() if f[0] != "xyz"[along]})


def _places(phi, axis: int, corner, spacing) -> np.ndarray:
    return corner[axis] + (np.arange(phi.shape[2 - axis]) + 0.5) * spacing


def growth_rate(time, wave_amplitude) -> Measured:
    """Rate s of a wave that grows or decays as exp(s t), by least squares of its logarithm.

    Of one that decays the first fifth is left out; of one that grows (fourfold and more) only what
    lies between 3 and 12 times its start counts: before that it is a sum of modes, after it no
    longer small.
    """
    size = np.abs(wave_amplitude)
    keep = (size > 1e-3 * size[0]) & (np.sign(wave_amplitude) == np.sign(wave_amplitude[0]))
    if size.max() > 4 * size[0]:
        keep &= (size > 3 * size[0]) & (size < 12 * size[0])
        keep &= time <= time[int(size.argmax())]
    else:
        keep &= time >= time[0] + 0.2 * (time[-1] - time[0])
    if keep.sum() < 5:
        raise NotMeasured("the series has fewer than five records of the wave")
    slope, other = np.polyfit(time[keep], np.log(size[keep]), 1)
    rest = np.log(size[keep]) - slope * time[keep] - other
    return Measured(float(slope), f"largest departure from exponential {abs(rest).max():.2g}")


def roll_velocity(u, v, w, film_axis, faces) -> float:
    """Velocity of convection rolls in a film: rms over its normal of the longest wave along it.

    The velocity along the normal times cos(pi s/L) between symmetry faces, exp(2 pi i s/L) in a
    periodic box; s along the first other axis.
    """
    along = 0 if film_axis else 1
    velocity = np.moveaxis((u, v, w)[film_axis].astype(float), 2 - along, -1)
    turn = 2 if faces.get("xyz"[along] + "-") == "periodic" else 1
    phase = turn * np.pi * (np.arange(velocity.shape[-1]) + 0.5) / velocity.shape[-1]
    wave = np.cos(phase) if turn == 1 else np.exp(-1j * phase)
    return float(2 * np.sqrt((np.abs((velocity * wave).mean(axis=-1)) ** 2).mean()))


def roll_growth(time, roll_velocity) -> Measured:
    """Rate s of rolls that grow or decay as exp(s t): log least squares, second half of the run."""
    late = (time >= (time[0] + time[-1]) / 2) & (roll_velocity > 0)
    if late.sum() < 5:
        raise NotMeasured("the second half of the series has fewer than five records of rolls")
    slope, other = np.polyfit(time[late], np.log(roll_velocity[late]), 1)
    rest = np.log(roll_velocity[late]) - slope * time[late] - other
    return Measured(float(slope), f"largest departure from exponential {abs(rest).max():.2g}")


_WAVE = ("time", "wave_amplitude")
METRICS = {
    "film_thickness": Metric(film_thickness, "m"),
    "film_thickness_min": Metric(film_thickness_min, "m"),
    "film_thickness_max": Metric(film_thickness_max, "m"),
    "film_thickness_axis": Metric(film_thickness_axis, "m", viscous=True),
    "film_nonuniformity": Metric(film_nonuniformity),
    "film_variation": Metric(film_variation),
    "wave_amplitude": Metric(wave_amplitude, "m"),
    "wave_size": Metric(wave_size, "m"),
    "wave_shift": Metric(wave_shift, "m"),
    "growth_rate": Metric(growth_rate, "1/s", series=_WAVE, viscous=True),
    "roll_velocity": Metric(roll_velocity, "m/s"),
    "roll_growth": Metric(roll_growth, "1/s", series=("time", "roll_velocity"), viscous=True),
    "carried_growth_rate": Metric(growth_rate, "1/s", series=("time", "wave_size"), viscous=True),
}
