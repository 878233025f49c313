"""A drop that evaporates into still gas as fast as its vapour diffuses away: the law of d squared.

Around a drop of radius R in the middle of a cube of half edge L, whose faces hold the vapour at
c_inf, the quasi-steady vapour differs from c_inf by what a charge in a grounded box has: image
charges of alternating sign, so that (c_s - c_inf) = J/(4 pi D) [1/R - M/(2 L)] with Madelung's
constant M of rock salt: the cube is a sphere of 1.1445 L. With an exchange velocity k at the
surface and the volume v of liquid in a unit of vapour
    -dR/dt [1/k + (R/D)(1 - R/R_e)] = v (c_s - c_inf),   R_e = 2 L/M,
    R^2 - (2/3) R^3/R_e + 2 (D/k) R = its start - 2 D v (c_s - c_inf) t.
Valid while v (c_s - c_inf) << 1, slow beside diffusion. Maxwell 1877; Langmuir, Phys. Rev. 12, 368,
1918.
"""

import math

import numpy as np

from levitas.postprocess.drop import liquid_volume
from levitas.postprocess.value import Measured, NotMeasured

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


def radius_square(phi, spacing, faces) -> float:
    """Square of the radius of a sphere (2-D: circle) that holds the liquid, mirror images too."""
    volume = liquid_volume(phi, spacing, faces)
    if phi.shape[0] == 1:
        return volume / math.pi
    return (3 * volume / (4 * math.pi)) ** (2 / 3)


def radius_square_rate(time, radius_square) -> Measured:
    """-d(R^2)/dt of a drop over the last three quarters of the run, by least squares."""
    late = time >= time[0] + 0.25 * (time[-1] - time[0])
    if late.sum() < 5:
        raise NotMeasured("the series has fewer than five records of the drop")
    square = radius_square[late]
    slope, other = np.polyfit(time[late], square, 1)
    rest = np.abs(square - slope * time[late] - other).max()
    return Measured(float(-slope), f"largest departure from a line {rest / square[0]:.2g}")
