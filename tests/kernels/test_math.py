"""Accuracy of the own log, exp and tanh in units of the last place, in both precisions."""

import numpy as np
import pytest

from levitas.solver.backend.backend import make_backend
from levitas.solver.backend.cuda import CudaBackend
from tests.support import cupy_double

TEXT = """
#include "math.h"
KERNEL apply(const real* RESTRICT x, real* RESTRICT log_x, real* RESTRICT exp_x,
             real* RESTRICT tanh_x, Box box) {
    FOR_BOX(i, j, k, box) {
        log_x[i] = LOG(x[i] < 0 ? -x[i] : x[i]);
        exp_x[i] = EXP(x[i]);
        tanh_x[i] = TANH(x[i]);
    }
}
"""
EXACT = {"log": lambda x: np.log(abs(x)), "exp": np.exp, "tanh": np.tanh}


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    path = tmp_path_factory.mktemp("math") / "apply.cu"
    path.write_text(TEXT)
    return path


def apply(text, precision, x, backend=None):
    backend = backend or make_backend("cpu", precision, threads=1)
    out = {name: backend.zeros(len(x)) for name in EXACT}
    box, x = (0, len(x), 0, 1, 0, 1), backend.upload(x)
    backend.kernel(text, "apply")(box, x=x, **{f"{n}_x": out[n] for n in out})
    return backend.to_host(x), {name: backend.to_host(a) for name, a in out.items()}


def ulps(value, exact):
    """Error in units of the last place of the exact value, which comes in higher precision."""
    unit = np.spacing(abs(exact).astype(value.dtype)).astype(exact.dtype)
    return np.max(abs(value.astype(exact.dtype) - exact) / unit)


def samples(precision):
    """Both signs: all magnitudes that matter, dense near 1 and over the range of exp."""
    random = np.random.default_rng(1)
    high = {"float32": 87, "float64": 708}[precision]
    x = [10 ** random.uniform(-30, 1.9, 200_000), 1 + random.uniform(-0.5, 0.5, 200_000)]
    x += [random.uniform(0, high, 200_000), np.geomspace(1e-30, high, 1001)]
    x = np.concatenate(x).clip(max=high)
    return np.concatenate([x, -x])


@pytest.mark.parametrize(
    ("name", "limit"), [("log", 1.25), ("exp", 1.25), ("tanh", 2.5)], ids=["log", "exp", "tanh"]
)
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_errors_in_units_of_the_last_place(text, precision, name, limit):
    wide = {"float32": np.float64, "float64": np.longdouble}[precision]
    if np.finfo(wide).eps >= np.finfo(precision).eps / 100:
        pytest.skip("this machine has no type wider than float64 to compare with")
    x, out = apply(text, precision, samples(precision))
    error = ulps(out[name], EXACT[name](x.astype(wide)))
    print(f"{name} {precision}: {error:.3f} ulp")
    assert error <= limit


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_special_points(text, precision):
    x, out = apply(text, precision, [0.0, 1.0, -1.0, 1e30, -1e30])
    assert out["log"][1] == 0 and out["exp"][0] == 1 and out["tanh"][0] == 0
    assert out["tanh"][1] == -out["tanh"][2]
    assert out["tanh"][3] == 1 and out["tanh"][4] == -1
    assert np.isfinite(out["exp"]).all() and 0 < out["exp"][4] < 1e-36


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_vector_body_and_remainder_agree(text, precision):
    x, whole = apply(text, precision, samples(precision)[:1001])
    for name in EXACT:
        single = np.concatenate([apply(text, precision, x[i : i + 1])[1][name] for i in range(99)])
        assert single.tobytes() == whole[name][:99].tobytes()


@pytest.mark.skipif(
    cupy_double.ptx_tool() is None, reason="LEVITAS_PTX_RUN names no PTX interpreter"
)
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_ptx_has_the_bits_of_the_cpu(text, precision, monkeypatch):
    cupy_double.install(monkeypatch, "ptx")
    x = samples(precision)[::40]
    _, here = apply(text, precision, x)
    _, there = apply(text, precision, x, CudaBackend(precision))
    for name in EXACT:
        assert here[name].tobytes() == there[name].tobytes(), name
