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

from levitas.postprocess.metrics.drop import liquid_volume
from levitas.postprocess.metrics.metric import Metric
from levitas.postprocess.metrics.value import Measured, NotMeasured


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


METRICS = {
    "radius_square_rate": Metric(radius_square_rate, "m2/s", series=("time", "radius_square")),
    "radius_square": Metric(radius_square, "m2"),
}
