"""Gravity as a signal: one acceleration vector of time (docs/physics.md, section 4)."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from levitas.solver.gravity.table import G0, read_table
from levitas.solver.input.kinds import kind_keys
from levitas.solver.input.section import Section, key, vector

ORBIT = 5560.0  # s, period of the station
QUASI_STEADY = 1e-6 * G0
KEYS = {  # kind -> (keys it needs, keys it may have)
    "sine": ((), ("terms", "amplitude", "frequency", "phase", "direction")),
    "rotating": (("magnitude", "period"), ("axis", "direction")),
    "iss": ((), ("magnitude", "period", "axis", "direction", "vibration", "seed")),
    "parabola": (
        (),
        ("magnitude", "duration", "entry", "entry_time", "ramp", "direction"),
    ),
    "table": (("file", "sign"), ("columns", "table_unit", "start")),
}


class SineTerm(Section):
    """amplitude sin(2 pi frequency t + phase) along direction; frequency 0 is a constant."""

    amplitude: float = key(..., "amplitude", "m/s2")
    frequency: float = key(..., "frequency", "1/s", ge=0)
    phase: float = key(0.0, "phase at time 0", "rad")
    direction: list[float] | None = vector(None, "along; down if absent", "1")


class GravitySignal(Section):
    """`signal` of `[gravity]`: an acceleration that changes with time."""

    kind: Literal["sine", "rotating", "iss", "parabola", "table"] = key(
        ..., "sum of sines, rotating vector, space station, parabolic flight, or a file"
    )
    terms: list[SineTerm] | None = key(None, "sine: [{ amplitude, frequency, phase, direction }]")
    amplitude: float | None = key(None, "sine of one term: amplitude", "m/s2")
    frequency: float | None = key(None, "sine of one term: frequency", "1/s", ge=0)
    phase: float | None = key(None, "sine of one term: phase at time 0", "rad")
    direction: list[float] | None = vector(
        None, "sine: along; rotating, iss: at time 0; parabola: down; down if absent", "1"
    )
    magnitude: float | None = key(
        None, "size of the rotating vector; level of the parabola's free fall", "m/s2", ge=0
    )
    period: float | None = key(None, "rotating, iss: time of a turn", "s", gt=0)
    axis: list[float] | None = vector(None, "rotating, iss: axis of the turn; y if absent", "1")
    vibration: float | None = key(
        None, "iss: vibration over the requirement of the station; 1 if absent", "1", ge=0
    )
    seed: int | None = key(None, "iss: seed of phases and directions; of the case if absent", ge=0)
    duration: float | None = key(None, "parabola: time in free fall, 22 s", "s", gt=0)
    entry: float | None = key(None, "parabola: level before and after, 1.8 g0", "m/s2", ge=0)
    entry_time: float | None = key(None, "parabola: time until free fall, 20 s", "s", ge=0)
    ramp: float | None = key(None, "parabola: time of each change, 3 s", "s", ge=0)
    file: str | None = key(None, "table: CSV or netCDF file in the case folder")
    columns: list[str] | None = key(
        None, 'table: names of time and components, ["t", "ax", "ay", "az"] if absent'
    )
    table_unit: Literal["m/s2", "g0", "mg0", "ug0"] | None = key(
        None, "table: unit of the accelerations, m/s2 if absent (times in s)"
    )
    sign: Literal["acceleration", "accelerometer"] | None = key(
        None, 'table: "acceleration" g of the weight, or "accelerometer" readings, which are -g'
    )
    start: float | None = key(
        None, "table: its time at the start of the run, its first if absent", "s"
    )

    @model_validator(mode="after")
    def _keys(self) -> Self:
        needed, allowed = KEYS[self.kind]
        missing, foreign = kind_keys(self, needed, allowed)
        for name in (n for n in needed if n in missing):
            about = type(self).model_fields[name].description.removeprefix(f"{self.kind}: ")
            raise ValueError(f"{self.kind} needs {name} ({about})")
        if foreign:
            raise ValueError(f"{foreign[0]} does not belong to {self.kind}")
        if self.kind == "sine" and bool(self.terms) == (self.amplitude is not None):
            raise ValueError("sine needs terms, or amplitude and frequency of one")
        if self.kind == "sine" and self.amplitude is not None and self.frequency is None:
            raise ValueError("sine needs frequency")
        if self.columns is not None and len(self.columns) != 4:
            raise ValueError("columns names four: time and three components")
        for name in ("direction", "axis"):
            if getattr(self, name) is not None and not any(getattr(self, name)):
                raise ValueError(f"{name} must not be zero")
        return self


Signal = Callable[[float], np.ndarray]  # seconds -> m/s2 (3,)


def build(
    signal: GravitySignal, folder: Path, seed: int = 0, flat: bool = False, dt: float = 0.0
) -> Signal:
    """The acceleration (m/s2, lattice units for a lattice case) as a function of time.

    `folder` holds files that the signal names; `seed` serves where it has none; `flat` points down
    along -y; lines faster than a quarter of the rate 1/dt are left out, since a step cannot follow
    them. Raises CaseError for a file that cannot be read.
    """
    down = np.array([0.0, -1.0, 0.0] if flat else [0.0, 0.0, -1.0])
    if signal.kind == "sine":
        return _sines(signal.terms or [_only_term(signal)], down)
    if signal.kind == "rotating":
        return _rotating(signal.magnitude, signal.period, signal, down)
    if signal.kind == "iss":
        return _station(signal, down, seed if signal.seed is None else signal.seed, dt)
    if signal.kind == "parabola":
        return _parabola(signal, down)
    return _table(signal, folder)


def _only_term(signal: GravitySignal) -> SineTerm:
    return SineTerm(
        amplitude=signal.amplitude,
        frequency=signal.frequency,
        phase=signal.phase or 0.0,
        direction=signal.direction,
    )


def _unit(direction: Any, otherwise: np.ndarray) -> np.ndarray:
    if direction is None:
        return otherwise
    return np.array(direction, float) / np.linalg.norm(direction)


def _sines(terms: list[SineTerm], down: np.ndarray) -> Signal:
    turn = 2 * np.pi * np.array([t.frequency for t in terms])
    phase = np.array([t.phase for t in terms])
    size = np.array([t.amplitude * _unit(t.direction, down) for t in terms])
    return lambda t: np.sin(turn * t + phase) @ size


def _rotating(magnitude: float, period: float, signal: GravitySignal, down: np.ndarray) -> Signal:
    """Turned by the right-hand rule about the axis from `direction` at time 0 (Rodrigues)."""
    first, axis = _unit(signal.direction, down), _unit(signal.axis, np.array([0.0, 1.0, 0.0]))
    if signal.axis is None and abs(first @ axis) > 0.999:
        axis = np.array([0.0, 0.0, 1.0])  # in 2-D down is -y: turn in the plane
    along, across = axis * (axis @ first), np.cross(axis, first)

    def at(t: float) -> np.ndarray:
        angle = 2 * math.pi * math.fmod(t, period) / period
        return magnitude * (along + (first - along) * math.cos(angle) + across * math.sin(angle))

    return at


def station_lines(dt: float = 0.0) -> list[tuple[float, float]]:
    """(frequency in Hz, amplitude in m/s2) of one line for each third of an octave.

    Its rms is the vibratory requirement of the International Space Station (SSP 41000): 1.6 ug from
    0.01 to 0.1 Hz, 16 ug times the frequency up to 100 Hz, 1600 ug up to 300 Hz. Lines above a
    quarter of the rate 1/dt are left out.
    """
    lines = []
    for third in range(-20, 25):  # 10^(k/10): the nominal centres of thirds of an octave
        f = 10 ** (third / 10)
        rms = 1.6e-6 if f <= 0.1 else 16e-6 * f if f <= 100 else 1600e-6
        if f * dt <= 0.25:
            lines.append((f, math.sqrt(2) * rms * G0))
    return lines


def _station(signal: GravitySignal, down: np.ndarray, seed: int, dt: float) -> Signal:
    size = QUASI_STEADY if signal.magnitude is None else signal.magnitude
    slow = _rotating(size, signal.period or ORBIT, signal, down)
    factor = 1.0 if signal.vibration is None else signal.vibration
    random = np.random.Generator(np.random.PCG64(seed))
    terms = []
    # Drawn for all lines, so that a time step changes none of those that are kept.
    draws = random.random((len(station_lines()), 3))
    for (f, amplitude), (a, b, c) in zip(station_lines(dt), draws, strict=False):
        z, angle = 2 * b - 1, 2 * math.pi * c  # uniform on the sphere
        flat = math.sqrt(1 - z * z)
        way = [flat * math.cos(angle), flat * math.sin(angle), z]
        terms.append(
            SineTerm(
                amplitude=factor * amplitude, frequency=f, phase=2 * math.pi * a, direction=way
            )
        )
    if not terms:
        return slow
    fast = _sines(terms, down)
    return lambda t: slow(t) + fast(t)


def _parabola(signal: GravitySignal, down: np.ndarray) -> Signal:
    """Pull-up at `entry`, free fall at `magnitude`, pull-out at `entry`; straight changes."""
    level = 1e-2 * G0 if signal.magnitude is None else signal.magnitude
    high = 1.8 * G0 if signal.entry is None else signal.entry
    begin = 20.0 if signal.entry_time is None else signal.entry_time
    end = begin + (signal.duration or 22.0)
    ramp = 3.0 if signal.ramp is None else signal.ramp
    times, levels = [begin - ramp, begin, end, end + ramp], [high, level, level, high]
    way = _unit(signal.direction, down)
    return lambda t: np.interp(t, times, levels) * way


def _table(signal: GravitySignal, folder: Path) -> Signal:
    times, values = read_table(signal, folder)
    first = times[0] if signal.start is None else signal.start
    return lambda t: np.array([np.interp(first + t, times, v) for v in values])


def peak(signal: GravitySignal, folder: Path, seed: int = 0, flat: bool = False) -> np.ndarray:
    """Bound of the acceleration along x, y, z over all times; 0 along axes that it never has.

    (3,), m/s2; for estimates and for telling whether the box closes on itself along gravity.
    """
    down = np.array([0.0, -1.0, 0.0] if flat else [0.0, 0.0, -1.0])
    if signal.kind == "sine":
        terms = signal.terms or [_only_term(signal)]
        return sum(np.abs(t.amplitude * _unit(t.direction, down)) for t in terms)
    if signal.kind == "table":
        return np.abs(read_table(signal, folder)[1]).max(axis=1)
    if signal.kind == "parabola":
        level = 1e-2 * G0 if signal.magnitude is None else signal.magnitude
        high = 1.8 * G0 if signal.entry is None else signal.entry
        return max(level, high) * np.abs(_unit(signal.direction, down))
    at = build(signal, folder, seed, flat)
    period = signal.period or ORBIT
    found = np.max([np.abs(at(t)) for t in np.linspace(0, period, 721)], axis=0)
    return np.where(found > 1e-9 * found.max(), found, 0.0)
