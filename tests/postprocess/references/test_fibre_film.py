"""Growth of waves on a film round a fibre against closed solutions."""

import math

import numpy as np
import pytest

from levitas.postprocess.references.fibre_film import annular_rate
from levitas.postprocess.references.waves import thread_rate


def stokes(wavelength, radius, fibre, mu, sigma):
    """Goren's 4 x 4 problem without inertia, f = I1(kr), K1(kr), r I0(kr), r K0(kr)."""
    from scipy.special import iv, kv

    k = 2 * math.pi / wavelength

    def at(r):
        x = k * r
        i0, i1, k0, k1 = iv(0, x), iv(1, x), kv(0, x), kv(1, x)
        f = np.array([i1, k1, r * i0, r * k0])
        spread = np.array([k * i0, -k * k0, 2 * i0 + x * i1, 2 * k0 - x * k1])
        slope = np.array([k * i0 - i1 / r, -k * k0 - k1 / r, i0 + x * i1, k0 - x * k1])
        shear = 2 * k * np.array([k * i1, k * k1, i1 + x * i0, -k1 + x * k0])
        return f, spread, slope, shear, 2 * mu * k * np.array([0, 0, -i0, -k0])

    f, _, slope, shear, pressure = at(radius)
    rows = np.array([*at(fibre)[:2], shear])
    scale = np.abs(rows).max(axis=0)
    flow = np.linalg.svd(rows / scale)[2][-1] / scale
    drive = sigma * k * (1 / radius**2 - k * k)
    return drive * (f @ flow) / ((pressure + 2 * mu * k * slope) @ flow)


@pytest.mark.parametrize("fibre", [0.9, 0.7, 0.3, 0.05])
@pytest.mark.parametrize("wavelength", [4.0, 8.886, 20.0])
def test_without_inertia_it_is_the_closed_solution(wavelength, fibre):
    given = (2 * wavelength, 2.0, 2 * fibre, 0.7, 1.3)
    assert annular_rate(*given) == pytest.approx(stokes(*given), rel=3e-4)


def test_a_thin_film_grows_as_lubrication_theory_has_it():
    """s = sigma h^3/(3 mu R^4) (kR)^2 [1 - (kR)^2], fastest at 2 pi sqrt(2) R."""
    for h, within in ((0.1, 0.02), (0.02, 1e-3)):
        for kr in (0.3, math.sqrt(0.5), 1.2):
            thin = h**3 / 3 * kr**2 * (1 - kr**2)
            assert annular_rate(2 * math.pi / kr, 1, 1 - h, 1, 1) == pytest.approx(
                thin, rel=3 * within
            )
    lengths = np.linspace(8, 10, 201)
    rates = [annular_rate(n, 1, 0.98, 1, 1) for n in lengths]
    assert lengths[np.argmax(rates)] == pytest.approx(2 * math.pi * math.sqrt(2), abs=0.02)
    assert annular_rate(2 * math.pi, 1, 0.98, 1, 1) == pytest.approx(0, abs=1e-12)


def test_inertia_slows_growth_down_and_a_thin_fibre_is_a_thread():
    """A fibre of 1 % holds the liquid still at the axis only, which hardly moves along it."""
    slow, fast = annular_rate(9, 1, 0.3, 1, 1, 100), annular_rate(9, 1, 0.3, 1, 1, 0)
    assert 0 < slow < 0.9 * fast
    assert annular_rate(9, 1, 0.02, 0.02, 1, 1) < thread_rate(9, 1, 0.02, 1, 1)
    assert annular_rate(9, 1, 0.02, 0.02, 1, 1) == pytest.approx(
        thread_rate(9, 1, 0.02, 1, 1), rel=0.1
    )


def test_a_wave_that_swings_has_no_rate():
    with pytest.raises(ValueError, match="swings"):
        annular_rate(4, 1, 0.3, 0.01, 1, 1)
