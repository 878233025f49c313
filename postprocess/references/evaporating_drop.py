"""A drop that evaporates into still gas: the law of d squared."""

import numpy as np

MADELUNG = 1.7475645946331822  # of rock salt


def evaporating_radius(time, radius, half_edge, diffusivity, drive, coefficient):
    """Radius of the drop at a time (or an array of times); drive is v (c_s - c_inf).

    ValueError where nothing is left.
    """
    left = _square(radius, half_edge, diffusivity, coefficient)
    left = left - 2 * diffusivity * drive * np.asarray(time, float)
    if np.any(left < 0):
        raise ValueError("the drop is gone by then")
    sizes = np.linspace(0, radius, 4001)
    found = np.interp(left, _square(sizes, half_edge, diffusivity, coefficient), sizes)
    return float(found) if np.ndim(time) == 0 else found


def square_rate(start, end, radius, half_edge, diffusivity, drive, coefficient) -> float:
    """Mean rate -d(R^2)/dt between two times."""
    times = np.array([start, end], float)
    first, last = evaporating_radius(times, radius, half_edge, diffusivity, drive, coefficient)
    return float((first**2 - last**2) / (end - start))


def _square(radius, half_edge, diffusivity, coefficient):
    reach = 2 * half_edge / MADELUNG
    return radius**2 - 2 / 3 * radius**3 / reach + 2 * diffusivity / coefficient * radius


REFERENCES = (evaporating_radius, square_rate)
