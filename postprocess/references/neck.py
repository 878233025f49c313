"""The neck of two merging cylinders: Hopper's exact solution."""

import math


def hopper_neck(time, start, radius, viscosity, sigma) -> float:
    """Half the neck of two viscous cylinders of a radius that merge, `time` after it was `start`.

    Hopper, J. Am. Ceram. Soc. 67, C262 (1984), JFM 213, 349 (1990): Stokes flow, nothing outside.
    With n from 1 (touching) to 0 (a circle) neck = R (1 - n) sqrt(2/(1 + n^2)) and
    t = pi sqrt(2)/4 (mu R/sigma) int_{n^2}^1 dk/[k sqrt(1 + k) K], K the complete
    elliptic integral of parameter (modulus squared) k; the tests confirm it by a boundary integral.
    """
    from scipy.integrate import quad
    from scipy.optimize import brentq
    from scipy.special import ellipk

    if time <= 0:
        return float(start)

    def neck(n):
        return radius * (1 - n) * math.sqrt(2 / (1 + n * n))

    def rate(log_k):  # of time over ln k
        k = math.exp(log_k)
        return 1 / (math.sqrt(1 + k) * ellipk(k))

    first = brentq(lambda n: neck(n) - start, 1e-12, 1 - 1e-12)
    wanted = time * sigma / (viscosity * radius) * 4 / (math.pi * math.sqrt(2))
    top = 2 * math.log(first)
    passed = brentq(lambda p: quad(rate, top - p, top)[0] - wanted, 0, 200)
    return neck(first * math.exp(-passed / 2))


REFERENCES = (hopper_neck,)
