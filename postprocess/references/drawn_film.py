"""Theory of the film that a plate or a fibre takes along when it is drawn from a bath.

Ca = mu U/sigma, l = sqrt(sigma/(rho g)) the capillary length; creeping flow, a wetting liquid.
"""

import math

import numpy as np

LANDAU_LEVICH = (
    0.94581  # 3^(2/3) 1.3376/2^(1/2)/2: Wilson's digits of the 0.944 and 0.946 of papers
)
START = 1e-4  # where the meniscus starts, as a part of the film's thickness
DEEP, WIDE = 2.5, 30.0  # where the bath counts as flat, in l and in radii of the coat


def landau_levich(velocity, mu, sigma, rho, g) -> float:
    """Film on a plate (m) for Ca -> 0: 0.946 l Ca^(2/3) (Landau and Levich 1942)."""
    ca, length = mu * velocity / sigma, math.sqrt(sigma / (rho * g))
    return LANDAU_LEVICH * length * ca ** (2 / 3)


def wilson(velocity, mu, sigma, rho, g) -> float:
    """Film on a plate (m) with the next term in Ca, l (0.946 Ca^(2/3) - 0.107 Ca) (Wilson 1982)."""
    ca, length = mu * velocity / sigma, math.sqrt(sigma / (rho * g))
    return length * (LANDAU_LEVICH * ca ** (2 / 3) - 0.10685 * ca)


def white_tallmadge(velocity, mu, sigma, rho, g) -> float:
    """Film on a plate (m) with its weight, T = 0.946 Ca^(1/6) (1 - T^2)^(2/3), h = T l Ca^(1/2).

    White and Tallmadge, Chem. Eng. Sci. 20, 33 (1965).
    """
    from scipy.optimize import brentq

    ca, length = mu * velocity / sigma, math.sqrt(sigma / (rho * g))
    factor = LANDAU_LEVICH * ca ** (1 / 6)
    t = brentq(lambda t: t - factor * (1 - t * t) ** (2 / 3), 0, 1)
    return t * length * math.sqrt(ca)


def plate_film(velocity, mu, sigma, rho, g) -> float:
    """Film on a plate (m): the steady film equation with weight and the full curvature.

    With lengths in l and s along the surface from the film down to a flat bath,
        d kappa/dx = 1 + 3 (Q - Ca h)/h^3,   Q = Ca T - T^3/3,   kappa = d sin(alpha)/dx,
    alpha the slope; T is such that the meniscus ends in a bath that is flat far away, where
    sin(alpha) = kappa^2/2 - 1. For Ca -> 0 it has Wilson's two terms.
    """
    from scipy.optimize import brentq

    ca, length = mu * velocity / sigma, math.sqrt(sigma / (rho * g))
    first = white_tallmadge(velocity, mu, sigma, rho, g) / length
    return length * brentq(lambda t: _misses(t, ca), 0.9 * first, 1.25 * first, rtol=1e-9)


def _misses(film: float, ca: float) -> float:
    """sin(alpha) + 1 - kappa^2/2 where the meniscus of a film of this thickness ends."""
    flux = ca * film - film**3 / 3
    steep = (3 * (ca - film**2) / film**3) ** (1 / 3)
    e = START * film

    def along(s, state):
        h, alpha, kappa = state
        return -math.sin(alpha), -kappa, -math.cos(alpha) * (1 + 3 * (flux - ca * h) / h**3)

    start = (film + e, math.atan(-steep * e), steep**2 * e)
    _, alpha, kappa = _followed(along, start, lambda s, q: q[0] - DEEP, lambda s, q: q[2])
    return math.sin(alpha) + 1 - kappa**2 / 2


def _followed(along, start, *ends) -> np.ndarray:
    """(h or R, alpha, kappa) where one of `ends` changes its sign or the surface is flat."""
    from scipy.integrate import solve_ivp

    ends = [lambda s, q: math.cos(q[1]), *ends]
    for end in ends:
        end.terminal = True
    found = solve_ivp(along, (0, 1e4), start, events=ends, rtol=1e-9, atol=1e-13)
    return found.y[:, -1]


def fibre_film(velocity, mu, sigma, radius) -> float:
    """Film on a fibre (m), r << l: h = 1.34 Ca^(2/3) (r + h) (Landau and Levich; White, Tallmadge).

    The film's surface, not the fibre, is what is curved: White and Tallmadge, AIChE J. 12, 333
    (1966); De Ryck and Quere, J. Fluid Mech. 311, 219 (1996).
    """
    share = math.sqrt(2) * LANDAU_LEVICH * (mu * velocity / sigma) ** (2 / 3)
    return radius * share / (1 - share)


def fibre_coat(velocity, mu, sigma, radius) -> float:
    """Film on a fibre (m), r << l: the steady film equation round it with the full curvature.

    Between a fibre of radius 1 and the surface R, kappa = d sin(alpha)/dz - cos(alpha)/R,
        d kappa/dz = -G,   G = (Ca (R^2 - 1)/2 - Q)/M,   M = [4 R^4 ln R - 3 R^4 + 4 R^2 - 1]/16
    (M: flow between a rod and a free surface); the meniscus ends in a wide bath, kappa = 0. For
    Ca -> 0 it is `fibre_film`.
    """
    from scipy.optimize import brentq

    ca, first = mu * velocity / sigma, fibre_film(velocity, mu, sigma, radius) / radius

    def bend(h):
        return _surface(1 + h, ca, WIDE * (1 + h))[2]

    return radius * brentq(bend, 0.6 * first, 1.2 * first, rtol=1e-9)


def vessel_angle(velocity, mu, sigma, radius, side) -> float:
    """Contact angle (degrees) at which the walls of a square vessel stand in for a wide bath.

    side: half of the vessel's edge. Between walls at this angle the meniscus of `fibre_coat` is as
    it would pass there: the pull of its surface on the circle of equal area, 2 pi R cos(alpha),
    is that on the walls, -8 side cos(angle).
    """
    ca, film = mu * velocity / sigma, fibre_coat(velocity, mu, sigma, radius) / radius
    r, alpha, _ = _surface(1 + film, ca, 2 * side / math.sqrt(math.pi) / radius)
    return math.degrees(math.acos(-math.pi * r * radius * math.cos(alpha) / (4 * side)))


def _surface(film: float, ca: float, far: float) -> np.ndarray:
    """(R, alpha, kappa) at R = far of the meniscus of a film of radius `film` on a fibre of 1."""
    from scipy.optimize import brentq

    flux, e = ca * (film**2 - 1) / 2, 10 * START * (film - 1)

    def pull(r):
        mobility = (4 * r**4 * math.log(r) - 3 * r**4 + 4 * r * r - 1) / 16
        return (ca * (r * r - 1) / 2 - flux) / mobility

    def along(s, state):
        r, alpha, kappa = state
        return -math.sin(alpha), -kappa - math.cos(alpha) / r, math.cos(alpha) * pull(r)

    rise = (pull(film + e) - pull(film - e)) / (2 * e)
    steep = brentq(lambda m: m**3 + m / film**2 - rise, 0, 2 * rise ** (1 / 3))
    bend = e * (steep**2 + 1 / film**2) - 1 / film
    start = (film + e, math.atan(-steep * e), bend)
    return _followed(along, start, lambda s, q: q[0] - far, lambda s, q: q[1])


REFERENCES = (landau_levich, wilson, white_tallmadge, plate_film, fibre_film, fibre_coat)
