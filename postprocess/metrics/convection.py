"""Measures of convection in boxes: heat through walls, midline velocities, return flow.

Fields are arrays [z, y, x].
"""

import math

import numpy as np

from levitas.postprocess.metrics.metric import Metric
from levitas.postprocess.metrics.value import NotMeasured


def nusselt(T, spacing, face_temperatures, lengths) -> float:
    """Heat through the hot wall over what conduction alone would bring to the opposite one.

    The flux between the wall and the centre of the first cell, as the solver has it, so that at a
    steady state it is the flux through every section.
    """
    for axis in range(3):
        walls = [face_temperatures.get("xyz"[axis] + side) for side in "-+"]
        if None not in walls and walls[0] != walls[1]:
            break
    else:
        raise NotMeasured("no two opposite faces have different temperatures")
    rows = np.moveaxis(T, 2 - axis, 0)
    hot, beside = (walls[0], rows[0]) if walls[0] > walls[1] else (walls[1], rows[-1])
    flux = (hot - beside.mean(dtype=float)) / (spacing / 2)
    return float(flux * lengths[axis] / abs(walls[1] - walls[0]))


def midline_u(u) -> float:
    """Largest |u| on the vertical (y) line through the middle of a 2-D box, between cells too."""
    return _peak(_middle(u[0].astype(float), 1))


def midline_v(v) -> float:
    """Largest |v| on the horizontal (x) line through the middle of a 2-D box, between cells too."""
    return _peak(_middle(v[0].astype(float), 0))


def _middle(field: np.ndarray, axis: int) -> np.ndarray:
    """The line half-way through a plane, across an axis."""
    n = field.shape[axis]
    return (field.take((n - 1) // 2, axis) + field.take(n // 2, axis)) / 2


def _peak(line: np.ndarray) -> float:
    """Largest size of a row of values, by the parabola through the largest and its neighbours."""
    line = np.abs(line)
    i = int(line.argmax())
    if i in (0, len(line) - 1):
        return float(line[i])
    before, top, after = line[i - 1 : i + 2]
    bend = before - 2 * top + after
    return float(top - (after - before) ** 2 / (8 * bend)) if bend else float(top)


def return_flow(u, spacing) -> float:
    """Flow along x through the upper half of the section in the middle of a 2-D box, per depth."""
    column = _middle(u[0].astype(float), 1)
    weights = np.clip(np.arange(len(column)) + 1 - len(column) / 2, 0, 1)
    return float((column * weights).sum() * spacing)


def _response(time, value, signal) -> complex:
    """Complex amplitude of a series at the frequency of the gravity signal, over its last periods.

    signal is (frequency, phase): of value = Re(-i A exp(i(2 pi f t + phase))) it gives A, so that a
    response in step with gravity is real and positive. Whole periods of the second half count.
    """
    frequency, phase = signal
    periods = math.floor((time[-1] - time[0]) / 2 * frequency)
    if periods < 1:
        raise NotMeasured("half of the run is shorter than a period of gravity")
    late = time > time[-1] - periods / frequency * (1 - 1e-9)
    if late.sum() < 8 * periods:
        raise NotMeasured("the series has fewer than eight records a period")
    turn = 2 * math.pi * frequency * time[late] + phase
    columns = np.stack([np.sin(turn), np.cos(turn), np.ones_like(turn)], axis=1)
    (sine, cosine, _), *_ = np.linalg.lstsq(columns, value[late], rcond=None)
    return complex(sine, cosine)


def return_flow_amplitude(time, return_flow, signal) -> float:
    """Amplitude of the return flow at the frequency of the gravity signal."""
    return abs(_response(time, return_flow, signal))


def return_flow_lag(time, return_flow, signal) -> float:
    """How far the return flow is behind the gravity signal, in degrees from -180 to 180.

    A flow along -x at the top when gravity points along its direction counts as half a turn.
    """
    return -math.degrees(np.angle(_response(time, return_flow, signal)))


METRICS = {
    "nusselt": Metric(nusselt),
    "midline_u": Metric(midline_u, "m/s"),
    "midline_v": Metric(midline_v, "m/s"),
    "return_flow": Metric(return_flow, "m2/s"),
    "return_flow_amplitude": Metric(return_flow_amplitude, "m2/s", series=("time", "return_flow")),
    "return_flow_lag": Metric(return_flow_lag, "deg", series=("time", "return_flow")),
}
