"""A film that dries, by one-dimensional diffusion under a receding surface."""

from functools import lru_cache

import numpy as np

VOLUMES, GROWTH = 160, 1.04  # the volume at the wall is 500 times as thick as at the surface


LATEST = 0.97  # share of the film that may be gone


def film_concentration(z, time, thickness, speed, diffusivity):
    """Concentration over that of the start at a height z of the film; beyond it, at its surface.

    z may be an array; the other arguments are numbers. ValueError where the film has dried up.
    """
    height = thickness - speed * time
    place, value = _profile(float(time), float(thickness), float(speed), float(diffusivity))
    return np.interp(np.asarray(z) / height, place, value)


def film_skin(time, thickness, speed, diffusivity):
    """Concentration at the surface of the film over its mean; time may be an array."""
    values = [
        film_concentration(thickness, t, thickness, speed, diffusivity)
        * (1 - speed * t / thickness)
        for t in np.atleast_1d(np.asarray(time, float))
    ]
    return float(values[0]) if np.ndim(time) == 0 else np.array(values)


def _profile(time, thickness, speed, diffusivity) -> tuple[np.ndarray, np.ndarray]:
    """Places s = z/h from 0 to 1 and c/c0 there."""
    if not 0 <= speed * time <= LATEST * thickness:
        raise ValueError(f"the film is known until {LATEST:g} of it is gone")
    middle, history = _history(thickness, speed, diffusivity)
    height = thickness - speed * time
    c = history(time) / height
    surface = c[-1] / (1 - (1 - middle[-1]) * height * speed / diffusivity)
    return np.array([0.0, *middle, 1.0]), np.array([c[0], *c, surface])


@lru_cache(maxsize=16)
def _history(thickness, speed, diffusivity):
    """Places of the volumes, and a function of time that gives h c/c0 there."""
    from scipy.integrate import solve_ivp
    from scipy.sparse import diags

    size = GROWTH ** np.arange(VOLUMES)[::-1]
    faces = np.append(0, np.cumsum(size / size.sum()))
    middle, size = (faces[1:] + faces[:-1]) / 2, np.diff(faces)
    gap, inner = np.diff(middle), faces[1:-1]
    share = (inner - middle[:-1]) / gap
    shape = (VOLUMES + 1, VOLUMES)  # flux at the faces from values of the volumes
    pair = lambda a, b: diags([np.append(a, 0), np.append(0, b)], [-1, 0], shape)  # noqa: E731
    across, slope = pair(inner * (1 - share), inner * share), pair(-1 / gap, 1 / gap)
    leaves = diags([1 / size, -1 / size], [1, 0], (VOLUMES, VOLUMES + 1))
    carried, spread = (leaves @ across).tocsc(), (leaves @ slope).tocsc()

    def matrix(t, held=None):  # of d(h c)/dt = matrix (h c)
        height = thickness - speed * t
        return diffusivity / height**2 * spread - speed / height * carried

    start = np.full(VOLUMES, thickness)
    if speed == 0:
        return middle, lambda t: start
    end = LATEST * thickness / speed
    limits = {"rtol": 1e-7, "atol": 1e-9 * thickness, "dense_output": True}
    made = solve_ivp(lambda t, h: matrix(t) @ h, (0, end), start, "BDF", jac=matrix, **limits)
    return middle, made.sol


REFERENCES = (film_concentration, film_skin)
