"""CpuBackend: calls, loops, threads, rounding, memory."""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from levitas.solver.backend import cpu as module
from levitas.solver.backend.backend import make_backend
from levitas.solver.backend.cpu import CpuBackend
from levitas.solver.errors import ResourceError, UsageError
from levitas.solver.grid.block import Block
from levitas.solver.grid.comm import Serial
from levitas.solver.grid.field import Field
from levitas.solver.grid.grid import Grid

EXAMPLE = Path(__file__).parents[1] / "support" / "example.cu"
BLOCK = {"PITCH": 50, "PLANE": 50 * 40, "VOLUME": 50 * 40 * 12}


@pytest.fixture
def cpu():
    return CpuBackend("float32", threads=1)


def test_unknown_kernel(cpu):
    with pytest.raises(KeyError, match="no kernel dropped"):
        cpu.kernel(EXAMPLE, "dropped", **BLOCK)


def test_arguments_by_name_and_type(cpu):
    add = cpu.kernel(EXAMPLE, "add", SHIFTED=2, **BLOCK)
    assert add is cpu.kernel(EXAMPLE, "add", **BLOCK, SHIFTED=2)
    a, b = np.arange(100, dtype="f4"), np.zeros(100, "f4")
    box = (1, 7, 0, 2, 0, 1)
    add(box, a=a, b=b, factor=2, n=np.int64(3))
    expected = np.zeros((2, 50), "f4")
    expected[:, 1:7] = 2 * a.reshape(2, 50)[:, 1:7] + 6
    assert np.array_equal(b.reshape(2, 50), expected)
    good = {"a": a, "b": b, "factor": 1.0, "n": 1}
    frozen = b.copy()
    frozen.flags.writeable = False
    for name, wrong in [
        *[("a", v) for v in (a.astype("f8"), 3, None, [1.0], "a")],
        *[("factor", v) for v in ("1", None, a, 1j)],
        *[("n", v) for v in (1.5, 2**31, "1")],
        ("b", frozen),
    ]:
        with pytest.raises(TypeError, match=f"kernel add: {name}"):
            add(box, **good | {name: wrong})
    with pytest.raises(TypeError, match="missing factor, n"):
        add(box, a=a, b=b)
    with pytest.raises(TypeError, match="unknown m"):
        add(box, **good, m=1)
    add(box, **good | {"a": frozen})  # const


@pytest.mark.parametrize("threads", [1, 2])
def test_tall_boxes_go_in_strips_each_cell_once(threads):
    add = CpuBackend("float32", threads).kernel(EXAMPLE, "add", PITCH=20, PLANE=20 * 150, VOLUME=1)
    b = np.zeros((3, 150, 20), "f4")
    add((2, 19, 1, 149, 0, 3), a=b.copy(), b=b, factor=0, n=1)
    expected = np.zeros_like(b)
    expected[:, 1:149, 2:19] = 1
    assert np.array_equal(b, expected)


def test_boxes_one_several_or_empty(cpu):
    add = cpu.kernel(EXAMPLE, "add", **BLOCK)
    a, b = np.zeros(2500, "f4"), np.zeros(2500, "f4")
    boxes = [(0, 3, 0, 1, 0, 1), (4, 4, 0, 1, 0, 1), (10, 12, 0, 1, 1, 2), (9, 3, 0, 1, 0, 1)]
    add(boxes, a=a, b=b, factor=1, n=1)
    add([], a=a, b=b, factor=1, n=1)
    assert np.flatnonzero(b).tolist() == [0, 1, 2, 2010, 2011] and b.sum() == 5


def test_a_field_lends_its_first_own_cell(cpu):
    block = Block(Grid((6, 5, 4)), cpu, Serial())
    a, b = (Field(name, block, cpu) for name in "ab")
    a.own[...] = 2
    cpu.kernel(EXAMPLE, "add", **block.defines)(block.own, a=a, b=b, factor=1, n=0)
    assert (b.own == 2).all() and b.data.sum() == 2 * b.own.size


def test_a_bound_call_repeats(cpu):
    a, b = np.ones(4, "f4"), np.zeros(4, "f4")
    again = cpu.kernel(EXAMPLE, "add", **BLOCK).bind((0, 4, 0, 1, 0, 1), a=a, b=b, factor=1, n=0)
    del a
    again()
    again()
    assert b.tolist() == [2] * 4


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("emulate", [0, 1])
@pytest.mark.parametrize("box", [(0, 45, 0, 37, 0, 9), (3, 40, 5, 6, 1, 3), (7, 8, 2, 30, 0, 1)])
def test_rows_and_branches(precision, box, emulate):
    """The loops of the dialect, on both of its branches, against NumPy."""
    cpu = CpuBackend(precision, threads=1)
    defines = BLOCK | ({"LEVITAS_EMULATE": 1} if emulate else {})
    a = cpu.upload(np.random.default_rng(1).random((12, 40, 50)))
    a[2:] = np.minimum(a[2:], 0.3)  # whole chunks without any cell of the first kind
    b = np.zeros_like(a)
    x0, x1, y0, y1, z0, z1 = box
    inside = (slice(z0, z1), slice(y0, y1), slice(x0, x1))

    cpu.kernel(EXAMPLE, "rows", **defines)(box, a=a, b=b)
    whole = a + 0
    whole[:, :, :-1] = a[:, :, 1:]
    whole[:, :-1] += 2 * a[:, 1:]
    whole[:-1] += 4 * a[1:]
    expected = np.zeros_like(a)
    expected[inside] = whole[inside]
    assert np.array_equal(b, expected)

    cpu.kernel(EXAMPLE, "either", **defines)(box, a=a, b=b, **{"from": 0.7})
    expected[inside] = np.where(a < cpu.real.type(0.7), a, -a)[inside]
    assert np.array_equal(b, expected)


@pytest.mark.parametrize("shape", [(40, 30, 20), (64, 70, 2), (90, 100, 1), (9000, 1, 1)])
def test_threads_do_not_change_bits(shape):
    nx, ny, nz = shape
    defines = {"PITCH": nx + 1, "PLANE": (nx + 1) * (ny + 1), "VOLUME": 0}
    size = (nx + 1) * (ny + 1) * (nz + 1)
    results = set()
    for threads in (1, 2, 3):
        cpu = CpuBackend("float32", threads)
        a, b = cpu.upload(np.random.default_rng(1).random(size)), cpu.zeros(size)
        cpu.kernel(EXAMPLE, "rows", **defines)((0, nx, 0, ny, 0, nz), a=a, b=b)
        results.add(b.tobytes())
    assert len(results) == 1


@pytest.mark.parametrize(
    "box", [(0, 64, 2, 50, 1, 49), (0, 999, 3, 40, 0, 2), (0, 10**6, 0, 1, 0, 1)]
)
@pytest.mark.parametrize("threads", [2, 3, 7])
def test_slabs_are_a_partition(box, threads):
    slabs = module._slabs(box, threads)
    assert len(slabs) <= threads
    cells = [(y, z) for s in slabs for y in range(*s[2:4]) for z in range(*s[4:6])]
    assert sorted(cells) == [(y, z) for y in range(*box[2:4]) for z in range(*box[4:6])]
    assert all(s[:2] == box[:2] for s in slabs)


def test_launching_is_cheap(cpu):
    """Python's share of a launch; far above what it is, since machines of tests are busy."""
    add = cpu.kernel(EXAMPLE, "add", **BLOCK)
    a, b = np.zeros(8, "f4"), np.zeros(8, "f4")
    best = 1.0
    for _ in range(20):
        begin = time.perf_counter()
        for _ in range(50):
            add((0, 8, 0, 1, 0, 1), a=a, b=b, factor=1, n=1)
        best = min(best, (time.perf_counter() - begin) / 50)
    assert best < 100e-6


def test_subnormals_count_as_zero_in_float32_only():
    for precision, tiny in (("float32", 1e-39), ("float64", 1e-310)):
        cpu = CpuBackend(precision, threads=2)
        a, b = cpu.upload(np.full(20000, tiny)), cpu.zeros(20000)
        defines = {"PITCH": 100, "PLANE": 0, "VOLUME": 0}
        cpu.kernel(EXAMPLE, "add", **defines)((0, 100, 0, 200, 0, 1), a=a, b=b, factor=1, n=0)
        flushed = 0 if precision == "float32" else tiny
        assert (b == cpu.real.type(flushed)).all()
        assert (a * 1).all()  # Python's own arithmetic is left as it was


def test_multiply_and_add_are_fused_only_where_written(tmp_path):
    path = tmp_path / "fused.cu"
    path.write_text(
        '#include "dialect.h"\n'
        "KERNEL both(const real* a, real* b, real* c, Box box) {\n"
        "    FOR_BOX(x, y, z, box) { b[x] = a[x] * a[x] - 1; c[x] = FMA(a[x], a[x], (real)-1); }\n"
        "}\n"
    )
    for precision in ("float32", "float64"):
        cpu = CpuBackend(precision, threads=1)
        a = cpu.upload(1 + np.arange(1, 20) * np.finfo(precision).eps)
        b, c = np.zeros_like(a), np.zeros_like(a)
        cpu.kernel(path, "both")((0, 19, 0, 1, 0, 1), a=a, b=b, c=c)
        d = a.astype(np.longdouble) - 1
        assert np.array_equal(b, a * a - 1)
        assert np.array_equal(c, (2 * d + d * d).astype(precision)) and (b != c).any()


@pytest.mark.parametrize(
    "wrong", [{"name": "gpu"}, {"precision": "float16"}, {"name": "cpu", "threads": 0}]
)
def test_what_make_backend_refuses(wrong):
    with pytest.raises(UsageError):
        make_backend(**wrong)


def test_threads_are_shared_by_the_ranks_of_a_machine(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(12)))
    assert CpuBackend().threads == 12
    monkeypatch.setenv("OMPI_COMM_WORLD_LOCAL_SIZE", "4")
    assert CpuBackend().threads == 3
    assert CpuBackend(threads=5).threads == 5
    monkeypatch.delattr(os, "sched_getaffinity")  # as on macOS
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert CpuBackend().threads == 2


def test_arrays(cpu):
    a = cpu.zeros((3, 5), np.uint8)
    assert a.shape == (3, 5) and not a.any() and cpu.address(a) % 64 == 0
    assert cpu.zeros(7).dtype == cpu.real == np.float32
    with pytest.raises(ResourceError, match="GiB"):
        cpu.zeros((2**20, 2**20, 2**10))
