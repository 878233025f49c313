"""Measures of a run's series: numbers fitted to a quantity over time.

Pure functions of arrays over time, in the units of the series.
"""

import math
from typing import NamedTuple

import numpy as np

from levitas.postprocess.metrics.metric import Metric
from levitas.postprocess.metrics.value import Measured, NotMeasured

PERIODS = 1.0  # left out at the start: the flow first has to take the form of the normal mode
FIT_PERIODS = 1.5  # periods that a fit needs after that


class Oscillation(NamedTuple):
    """offset + exp(-damping t) (cosine cos(frequency t) + sine sin(frequency t)), t from `start`.

    frequency in rad/time; errors are one standard deviation, from the two halves or the residual,
    whichever is larger.
    """

    frequency: float
    damping: float
    frequency_error: float
    damping_error: float
    start: float
    offset: float
    cosine: float
    sine: float

    def __call__(self, time) -> np.ndarray:
        """The fitted curve."""
        t = np.asarray(time, float) - self.start
        wave = self.cosine * np.cos(self.frequency * t) + self.sine * np.sin(self.frequency * t)
        return self.offset + np.exp(-self.damping * t) * wave


def fit_oscillation(time, value) -> Oscillation:
    """Damped oscillation of a series by least squares, its first period left out.

    Raises NotMeasured if the series does not oscillate long enough.
    """
    time, value = np.asarray(time, float), np.asarray(value, float)
    keep = np.isfinite(value)
    time, value = time[keep], value[keep]
    guess = _guess(time, value)
    after = time >= time[0] + PERIODS * 2 * math.pi / guess
    t, y = time[after], value[after]
    whole, errors = _solve(t, y, guess)
    middle = (t[0] + t[-1]) / 2
    halves = [_try(t[part], y[part], whole[0]) for part in (t <= middle, t >= middle)]
    spread = [0.0, 0.0]
    if all(half is not None for half in halves):
        spread = [abs(a - b) / 2 for a, b in zip(*halves, strict=True)]
    offset, cosine, sine = _linear(t - t[0], y, *whole)[0]
    error = [max(a, b) for a, b in zip(errors, spread, strict=True)]
    return Oscillation(*map(float, (*whole, *error, t[0], offset, cosine, sine)))


def _guess(time, value) -> float:
    """Angular frequency from the crossings of the mean of the last extremes."""
    if len(time) < 16:
        raise NotMeasured("the series has fewer than 16 records")
    centre = _centre(value)
    sign = np.sign(value - centre)
    i = np.nonzero(sign[:-1] * sign[1:] < 0)[0]
    if len(i) < 2 * (PERIODS + FIT_PERIODS):
        raise NotMeasured(
            f"the series shows {len(i) / 2:g} periods; {PERIODS + FIT_PERIODS} are needed"
        )
    share = (value[i] - centre) / (value[i] - value[i + 1])
    at = time[i] + share * (time[i + 1] - time[i])
    return math.pi * (len(at) - 1) / (at[-1] - at[0])


def _centre(value) -> float:
    """Level that a decaying oscillation swings about: mean of neighbouring extremes, averaged."""
    i = np.nonzero(np.diff(np.sign(np.diff(value))))[0] + 1
    if len(i) < 3:
        raise NotMeasured("the series has fewer than three extremes")
    ends = value[i]
    return float(np.mean((ends[:-2] + 2 * ends[1:-1] + ends[2:]) / 4))


def _solve(t, y, guess):
    """((frequency, damping), their standard deviations)."""
    from scipy.optimize import least_squares

    scale = np.abs(y - y.mean()).max()
    found = least_squares(
        lambda q: _linear(t - t[0], y, *q)[1] / scale,
        (guess, 0.05 * guess),
        x_scale=(guess, 0.05 * guess),
        xtol=1e-12,
        ftol=1e-12,
        gtol=1e-12,
    )
    if not found.x[0] > 0:
        raise NotMeasured("no oscillation fits the series")
    freedom = max(len(t) - 5, 1)
    spread = np.linalg.pinv(found.jac.T @ found.jac) * 2 * found.cost / freedom
    return tuple(found.x), tuple(np.sqrt(np.diag(spread)))


def _try(t, y, guess):
    """Fit of a part of the series, None where it is too short."""
    if len(t) < 8 or t[-1] - t[0] < math.pi / guess * FIT_PERIODS:
        return None
    try:
        return _solve(t, y, guess)[0]
    except NotMeasured:
        return None


def _linear(t, y, frequency, damping):
    """(offset, cosine, sine) that fit best for given frequency and damping, and the residual."""
    decay = np.exp(-damping * t)
    columns = np.stack(
        [np.ones_like(t), decay * np.cos(frequency * t), decay * np.sin(frequency * t)], axis=1
    )
    part, *_ = np.linalg.lstsq(columns, y, rcond=None)
    return part, columns @ part - y


def oscillation_frequency(time, mode_amplitude) -> Measured:
    """Frequency (cycles) of the damped oscillation fitted to the mode amplitude."""
    fit = fit_oscillation(time, mode_amplitude)
    return Measured(fit.frequency / (2 * math.pi), _sure(fit.frequency_error / fit.frequency, time))


def oscillation_damping(time, mode_amplitude) -> Measured:
    """Damping b of the oscillation exp(-b t) cos(w t + c) fitted to the mode amplitude."""
    fit = fit_oscillation(time, mode_amplitude)
    return Measured(fit.damping, _sure(fit.damping_error / fit.damping, time))


def _sure(relative, time):
    return f"+- {100 * abs(relative):.2g} % (fit over {len(time)} records, first period left out)"


def drop_speed(time, centre_x, centre_y, centre_z, lengths) -> Measured:
    """Speed of the drop's centroid over the second half of the run, by least squares.

    Paths across periodic faces are unwrapped: between two records a drop must move less than half
    of the box (`lengths`, x y z).
    """
    late = time >= (time[0] + time[-1]) / 2
    if late.sum() < 3:
        raise NotMeasured("the second half of the series has fewer than three records")
    centres = (centre_x, centre_y, centre_z)
    path = [np.unwrap(c, period=n) for c, n in zip(centres, lengths, strict=True)]
    velocity = [np.polyfit(time[late], c[late], 1)[0] for c in path]
    way = math.sqrt(sum((c[-1] - c[0]) ** 2 for c in path))
    return Measured(float(np.linalg.norm(velocity)), f"carried {way:.4g} in all")


def drift_x(time, centre_x, lengths) -> float:
    """Velocity of the liquid's centroid along x in the last fifth of the run: least squares."""
    late = time >= time[0] + 0.8 * (time[-1] - time[0])
    if late.sum() < 3:
        raise NotMeasured("the last fifth of the series has fewer than three records")
    path = np.unwrap(centre_x, period=lengths[0])
    return float(np.polyfit(time[late], path[late], 1)[0])


def mass_drift(time, step, liquid_volume) -> Measured:
    """Largest |V/V(0) - 1| of the liquid per 10^4 steps (of the run if that is shorter)."""
    drift = np.abs(liquid_volume / liquid_volume[0] - 1).max()
    steps = int(step[-1] - step[0])
    return Measured(float(drift / max(1.0, steps / 1e4)), f"{drift:.3g} in {steps} steps")


def decay_rate(time, kinetic_energy) -> Measured:
    """Decay rate of the velocity: half of that of the kinetic energy, its first tenth left out."""
    late = (time >= time[0] + 0.1 * (time[-1] - time[0])) & (kinetic_energy > 0)
    if late.sum() < 3:
        raise NotMeasured("the series has fewer than three records of a moving fluid")
    slope, other = np.polyfit(time[late], np.log(kinetic_energy[late]), 1)
    rest = np.log(kinetic_energy[late]) - slope * time[late] - other
    return Measured(float(-slope / 2), f"largest departure from exponential {abs(rest).max():.2g}")


def largest_late(time, value) -> Measured:
    """Largest value in the second half of the run."""
    late = np.nonzero(time >= (time[0] + time[-1]) / 2)[0]
    worst = late[np.argmax(value[late])]
    return Measured(float(value[worst]), f"at time {time[worst]:.4g}")


_MODE = ("time", "mode_amplitude")
_WAVE = ("time", "wave_amplitude")
METRICS = {
    "wave_frequency": Metric(oscillation_frequency, "Hz", series=_WAVE),
    "wave_damping": Metric(oscillation_damping, "1/s", series=_WAVE, viscous=True),
    "mass_drift": Metric(
        mass_drift, series=("time", "step", "liquid_volume"), words="mass drift per 10\u2074 steps"
    ),
    "drop_speed": Metric(drop_speed, "m/s", series=("time", "centre_x", "centre_y", "centre_z")),
    "drift_x": Metric(drift_x, "m/s", series=("time", "centre_x")),
    "max_speed_late": Metric(largest_late, "m/s", series=("time", "max_speed")),
    "velocity_error_late": Metric(
        largest_late, series=("time", "velocity_error"), words="largest late velocity error"
    ),
    "shape_deviation_late": Metric(
        largest_late,
        series=("time", "shape_deviation"),
        words="largest late deviation from the sphere",
    ),
    "phi_dip_late": Metric(
        largest_late, series=("time", "phi_dip"), words="largest late dip of phi inside"
    ),
    "oscillation_frequency": Metric(oscillation_frequency, "Hz", series=_MODE, words="frequency"),
    "oscillation_damping": Metric(
        oscillation_damping, "1/s", series=_MODE, viscous=True, words="damping"
    ),
    "decay_rate": Metric(decay_rate, "1/s", series=("time", "kinetic_energy"), viscous=True),
}
