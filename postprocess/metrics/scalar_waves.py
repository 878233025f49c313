"""Measures of carried heat and solute: the wave along x, the heat a box holds.

Fields are arrays [z, y, x] in K and of the concentration.
"""

import math

import numpy as np

from levitas.postprocess.metrics.bodies import mirrors
from levitas.postprocess.metrics.metric import Metric
from levitas.postprocess.metrics.value import Measured, NotMeasured


def _wave(field) -> complex:
    """Complex amplitude of the wave of one length of the box along x."""
    n = field.shape[-1]
    turn = np.exp(-2j * np.pi * (np.arange(n) + 0.5) / n)
    return 2 * complex((field * turn).mean())


def wave_T(T) -> float:
    """Amplitude of the wave of temperature along x, as long as the box."""
    return abs(_wave(T))


def wave_c(c) -> float:
    """Amplitude of the wave of concentration along x, as long as the box."""
    return abs(_wave(c))


def wave_T_place(T) -> float:
    """Place of the crest of that wave of temperature, in lengths of the box from 0 to 1."""
    return (-np.angle(_wave(T)) / (2 * math.pi)) % 1.0


def wave_c_place(c) -> float:
    """Place of the crest of that wave of concentration, in lengths of the box from 0 to 1."""
    return (-np.angle(_wave(c)) / (2 * math.pi)) % 1.0


def wave_loss(time, step, amplitude) -> Measured:
    """What a wave loses in a step: 1 less the mean factor of its amplitude from step to step."""
    steps = step[-1] - step[0]
    if not steps or not amplitude[0]:
        raise NotMeasured("the series has no wave at two different steps")
    loss = -math.expm1(math.log(amplitude[-1] / amplitude[0]) / steps)
    return Measured(loss, f"over {int(steps)} steps")


def wave_lead(time, place, stream, lengths) -> float:
    """How far a wave runs ahead of the stream that carries it, in lengths of the box, in all.

    The crest must move less than half a box between two records.
    """
    way = np.unwrap(place, period=1.0)
    return float(way[-1] - way[0] - stream[0] * (time[-1] - time[0]) / lengths[0])


def heat_content(
    T,
    spacing,
    faces,
    T_ref,
    capacity_l,
    capacity_g=None,
    phi=None,
    solid_capacity=None,
) -> float:
    """Heat above the reference temperature: of fluids and solids, mirror images included."""
    capacity = np.full(T.shape, capacity_l)
    if phi is not None:
        capacity = capacity_g + phi * (capacity_l - capacity_g)
        capacity = np.maximum(capacity, min(capacity_l, capacity_g) / 4)  # as the solver has it
    if solid_capacity is not None:
        capacity = np.where(np.isfinite(solid_capacity), solid_capacity, capacity)
    cell = spacing ** (2 if T.shape[0] == 1 else 3)
    return float((capacity * (T - T_ref)).sum(dtype=float)) * cell * mirrors(T.shape, faces)


def heat_drift(time, step, heat_content) -> Measured:
    """Largest |Q/Q(0) - 1| of the heat above the reference per 10^4 steps (or in a shorter run)."""
    if not heat_content[0]:
        raise NotMeasured("the box starts with no heat above the reference temperature")
    drift = np.abs(heat_content / heat_content[0] - 1).max()
    steps = int(step[-1] - step[0])
    return Measured(float(drift / max(1.0, steps / 1e4)), f"{drift:.3g} in {steps} steps")


METRICS = {
    "wave_T": Metric(wave_T, "K"),
    "wave_c": Metric(wave_c),
    "wave_T_place": Metric(wave_T_place),
    "wave_c_place": Metric(wave_c_place),
    "wave_T_loss": Metric(wave_loss, series=("time", "step", "wave_T")),
    "wave_c_loss": Metric(wave_loss, series=("time", "step", "wave_c")),
    "wave_T_lead": Metric(wave_lead, series=("time", "wave_T_place")),
    "wave_c_lead": Metric(wave_lead, series=("time", "wave_c_place")),
    "heat_content": Metric(heat_content, "J", "J/m"),
    "heat_drift": Metric(heat_drift, series=("time", "step", "heat_content")),
}
