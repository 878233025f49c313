"""Kernels as NVRTC compiles them: registers and spills, moved bytes, and the bits of the CPU."""

import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from levitas.solver.backend import source as kernel_text
from levitas.solver.backend.cpu import CpuBackend
from levitas.solver.backend.cuda import CudaBackend
from levitas.solver.grid.halo import RULES
from tests.support import cupy_double, nvrtc, traffic
from tests.support.variants import CONSTANTS, VARIANTS, block_defines, block_of, outcome

needs_nvrtc = pytest.mark.skipif(
    not nvrtc.available(), reason="the wheel nvidia-cuda-nvrtc-cu12 is not installed"
)
needs_tool = pytest.mark.skipif(
    cupy_double.ptx_tool() is None, reason="LEVITAS_PTX_RUN names no PTX interpreter"
)
#: Of kernels with switches on slow tests have all but the first.
FIRST = [(32, "sm_80")]
OTHERS = [(32, "sm_70"), (32, "sm_90"), (32, "sm_100"), (32, "sm_120"), (64, "sm_90")]
#: Compiled once, for the small block of the tests of bits.
SMALL = {"float32": "sm_80", "float64": "sm_90"}
ODD = [
    *(("float32", cells) for cells in [(9, 7, 5), (67, 3, 4), (5, 6, 1)]),
    ("float64", (9, 7, 5)),
]
# Kernels with switches on differ from the plain ones inside a cell only: one size of block will do,
# and in float64 they have the time of the slow tests.
PLACES = [
    pytest.param(
        *(variant, precision, cells),
        marks=[pytest.mark.validation] if rich and precision == "float64" else [],
    )
    for variant in VARIANTS
    if variant.block
    for rich in [len(variant.defines) > 2]
    for precision, cells in ODD
    if not rich or cells == (9, 7, 5)
]


def text(variant, precision=32, cells=None):
    """The text for a block: of 128 cells a side, or that of the tests of bits."""
    defines = block_defines(128, precision) if variant.block else RULES
    if cells and variant.block:
        backend = CpuBackend(f"float{precision}", threads=1)
        defines = CONSTANTS | block_of(variant, backend, cells).defines
    return kernel_text.specialised(variant.file, precision, variant.defines | defines)


def test_every_kernel_is_listed():
    written = set()
    for path in kernel_text.KERNELS.glob("*.cu"):
        written |= set(re.findall(r"^KERNEL (\w+)", path.read_text(), re.MULTILINE))
    assert written == {v.name for v in VARIANTS}


def targeted():
    for variant in VARIANTS:
        slow = [pytest.mark.validation] if len(variant.defines) > 2 else []
        yield pytest.param(variant, FIRST, id=f"{variant}-first")
        yield pytest.param(variant, OTHERS, id=f"{variant}-others", marks=slow)


@needs_nvrtc
@pytest.mark.parametrize(("variant", "targets"), list(targeted()))
def test_no_spills_on_any_architecture(variant, targets, capsys):
    def make(target):
        cells = (9, 7, 5) if SMALL[f"float{target[0]}"] == target[1] else None
        return nvrtc.compile_text(text(variant, target[0], cells), target[1])

    with ThreadPoolExecutor(2) as pool:
        made = pool.map(make, targets)
    used = [nvrtc.usage(log)[variant.name] for _, log in made]
    assert [spilled for _, spilled in used] == [0] * len(targets)
    with capsys.disabled():
        print(f"\n{variant}: registers", *(registers for registers, _ in used), end=" ")


def count(name, **defines):
    """Moved bytes per cell and the arrays that are read at loaded indices."""
    variant = next(v for v in VARIANTS if v.name == name and v.defines.items() >= defines.items())
    ptx, _ = nvrtc.compile_text(text(variant), "sm_80")
    found = traffic.traffic(ptx, name, block_defines()["VOLUME"])
    names = [p.name for p in kernel_text.signatures(text(variant), 32)[name]]
    return found.bytes, {names[k] for k in found.indirect}


@needs_nvrtc
def test_moved_bytes():
    single, odd = count("flow_single", WALLS=0)
    assert single <= 90 and not odd
    flow, odd = count("flow_two_phase", WALLS=0)
    assert not odd
    interface, odd = count("interface_step")
    assert not odd
    assert flow + interface <= 130
    assert count("flow_single", WALLS=1) == (single + 1, {"speeds"})
    assert count("flow_two_phase", WALLS=1) == (flow + 1, {"speeds"})


@needs_tool
@pytest.mark.parametrize(("variant", "precision", "cells"), PLACES, ids=str)
def test_ptx_has_the_bits_of_the_cpu(variant, precision, cells, monkeypatch):
    arch = SMALL[precision] if cells == (9, 7, 5) else "compute_80"
    cupy_double.install(monkeypatch, "ptx", arch)
    # An interpreter gains by few launches; where the box begins matters little inside a cell.
    same_outcome(variant, precision, cells, 2 if len(variant.defines) <= 2 else 1)


@pytest.mark.parametrize(("variant", "precision", "cells"), PLACES, ids=str)
def test_gpu_branch_built_by_the_host_has_the_bits_of_the_cpu(
    variant, precision, cells, monkeypatch
):
    cupy_double.install(monkeypatch)
    same_outcome(variant, precision, cells)


def same_outcome(variant, precision, cells, pieces=0):
    here = outcome(variant, CpuBackend(precision, threads=1), cells)
    there = outcome(variant, CudaBackend(precision), cells, pieces)
    for name, array in here.items():
        assert np.isfinite(array).all(), name
        assert array.tobytes() == there[name].tobytes(), name
