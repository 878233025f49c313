"""CpuBackend: kernel texts, signatures, compiling, caching, launching, threads and rounding."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from shutil import which

import numpy as np
import pytest

from levitas.solver import backend as module
from levitas.solver import compiler, kernel_text
from levitas.solver.backend import CpuBackend, make_backend
from levitas.solver.comm import Serial
from levitas.solver.errors import ResourceError, UsageError
from levitas.solver.field import Field
from levitas.solver.grid import Block, Grid
from tests.variants import VARIANTS, block_defines, outcome

TEXT = """
#include "dialect.h"
#include "dialect.h"
#if EXTRA && !defined(NONE)  // never true here
KERNEL dropped(const real* a, Box box) { FOR_BOX(x, y, z, box) {} }
#elif SHIFTED == 2
#define BY 2
#else
#define BY 1
#endif

KERNEL add(const real* RESTRICT a, real* RESTRICT b, Box box, real factor, int n) {
    FOR_BOX(x, y, z, box) {
        const int i = AT(x, y, z);
        b[i] = FMA(factor, a[i], b[i]) + BY * n;
    }
}

KERNEL rows(const real* RESTRICT a, real* RESTRICT b, Box box) {
    FOR_ROWS(box) {
        const real* p = ROW(a);
        real* q = ROW(b);
        AHEAD(p, 1, AT(0, 0, 1));
        FOR_CELLS(i) {
            q[i] = p[i + AT(1, 0, 0)] + 2 * p[i + AT(0, 1, 0)] + 4 * p[i + AT(0, 0, 1)];
        }
    }
}

KERNEL either(const real* RESTRICT a, real* RESTRICT b, Box box, real from) {
    FOR_ROWS(box) {
        const real* p = ROW(a);
        real* q = ROW(b);
        EITHER(i, p[i] >= from) { q[i] = p[i] < from ? p[i] : -p[i]; }
        OTHERWISE(i) { q[i] = p[i]; }
    }
}
"""
FAST = [v for v in VARIANTS if v.file in ("flow.cu", "interface.cu") and not v.defines.get("WALLS")]
BLOCK = {"PITCH": 50, "PLANE": 50 * 40, "VOLUME": 50 * 40 * 12}


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text.cu"
    path.write_text(TEXT)
    return path


@pytest.fixture
def cpu():
    return CpuBackend("float32", threads=1)


def signatures(text, **defines):
    return kernel_text.signatures(kernel_text.specialised(text, 32, defines), 32)


# ------------------------------------------------------------------ texts and signatures
def test_signatures_are_read_from_the_text(text):
    found = signatures(text)
    assert list(found) == ["add", "rows", "either"]
    assert [(p.name, p.kind, p.dtype, p.constant) for p in found["add"]] == [
        ("a", "pointer", "float32", True),
        ("b", "pointer", "float32", False),
        ("box", "box", "", False),
        ("factor", "scalar", "float32", False),
        ("n", "scalar", "int32", False),
    ]
    assert "dropped" in signatures(text, EXTRA=1)


def test_a_file_is_included_once_and_lines_keep_their_numbers(text):
    flat = kernel_text.specialised(text, 64, {"SHIFTED": 2, "ON": True, "HALF": 0.5})
    assert flat.startswith("#define PRECISION 64\n#define HALF 0.5\n#define ON 1\n")
    assert flat.count("struct Box {") == 1 and '#line 4 "text.cu"' in flat
    assert "#include" not in re.sub(r"//.*|/\*.*?\*/", "", flat, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("arguments", "body", "message"),
    [
        ("real* a", "", "must be a Box"),
        ("Box box, Box more", "", "must be a Box"),
        ("char* a, Box box", "", "char"),
        ("real** a, Box box", "", "real"),
        ("real* a, Box box", "FOR_BOX(x, y, z, box) { if (x) return; }", "return"),
    ],
)
def test_kernels_that_one_target_cannot_have(tmp_path, arguments, body, message):
    path = tmp_path / "bad.cu"
    path.write_text(f'#include "dialect.h"\nKERNEL bad({arguments}) {{ {body} }}\n')
    with pytest.raises(ValueError, match=f"bad.*{message}"):
        signatures(path)


def test_unknown_kernel(cpu, text):
    with pytest.raises(KeyError, match="no kernel dropped"):
        cpu.kernel(text, "dropped", **BLOCK)


# ------------------------------------------------------------------ calls
def test_arguments_by_name_and_type(cpu, text):
    add = cpu.kernel(text, "add", SHIFTED=2, **BLOCK)
    assert add is cpu.kernel(text, "add", **BLOCK, SHIFTED=2)
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


def test_boxes_one_several_or_empty(cpu, text):
    add = cpu.kernel(text, "add", **BLOCK)
    a, b = np.zeros(2500, "f4"), np.zeros(2500, "f4")
    boxes = [(0, 3, 0, 1, 0, 1), (4, 4, 0, 1, 0, 1), (10, 12, 0, 1, 1, 2), (9, 3, 0, 1, 0, 1)]
    add(boxes, a=a, b=b, factor=1, n=1)
    add([], a=a, b=b, factor=1, n=1)
    assert np.flatnonzero(b).tolist() == [0, 1, 2, 2010, 2011] and b.sum() == 5


def test_a_field_lends_its_first_own_cell(cpu, text):
    block = Block(Grid((6, 5, 4)), cpu, Serial())
    a, b = (Field(name, block, cpu) for name in "ab")
    a.own[...] = 2
    cpu.kernel(text, "add", **block.defines)(block.own, a=a, b=b, factor=1, n=0)
    assert (b.own == 2).all() and b.data.sum() == 2 * b.own.size


def test_a_bound_call_repeats(cpu, text):
    a, b = np.ones(4, "f4"), np.zeros(4, "f4")
    again = cpu.kernel(text, "add", **BLOCK).bind((0, 4, 0, 1, 0, 1), a=a, b=b, factor=1, n=0)
    del a
    again()
    again()
    assert b.tolist() == [2] * 4


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("emulate", [0, 1])
@pytest.mark.parametrize("box", [(0, 45, 0, 37, 0, 9), (3, 40, 5, 6, 1, 3), (7, 8, 2, 30, 0, 1)])
def test_rows_and_branches(text, precision, box, emulate):
    """The loops of the dialect, on both of its branches, against NumPy."""
    cpu = CpuBackend(precision, threads=1)
    defines = BLOCK | ({"LEVITAS_EMULATE": 1} if emulate else {})
    a = cpu.upload(np.random.default_rng(1).random((12, 40, 50)))
    a[2:] = np.minimum(a[2:], 0.3)  # whole chunks without any cell of the first kind
    b = np.zeros_like(a)
    x0, x1, y0, y1, z0, z1 = box
    inside = (slice(z0, z1), slice(y0, y1), slice(x0, x1))

    cpu.kernel(text, "rows", **defines)(box, a=a, b=b)
    whole = a + 0
    whole[:, :, :-1] = a[:, :, 1:]
    whole[:, :-1] += 2 * a[:, 1:]
    whole[:-1] += 4 * a[1:]
    expected = np.zeros_like(a)
    expected[inside] = whole[inside]
    assert np.array_equal(b, expected)

    cpu.kernel(text, "either", **defines)(box, a=a, b=b, **{"from": 0.7})
    expected[inside] = np.where(a < cpu.real.type(0.7), a, -a)[inside]
    assert np.array_equal(b, expected)


@pytest.mark.parametrize("shape", [(40, 30, 20), (64, 70, 2), (90, 100, 1), (9000, 1, 1)])
def test_threads_do_not_change_bits(text, shape):
    nx, ny, nz = shape
    defines = {"PITCH": nx + 1, "PLANE": (nx + 1) * (ny + 1), "VOLUME": 0}
    size = (nx + 1) * (ny + 1) * (nz + 1)
    results = set()
    for threads in (1, 2, 3):
        cpu = CpuBackend("float32", threads)
        a, b = cpu.upload(np.random.default_rng(1).random(size)), cpu.zeros(size)
        cpu.kernel(text, "rows", **defines)((0, nx, 0, ny, 0, nz), a=a, b=b)
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


def test_launching_is_cheap(cpu, text):
    """Python's share of a launch; far above what it is, since machines of tests are busy."""
    import time

    add = cpu.kernel(text, "add", **BLOCK)
    a, b = np.zeros(8, "f4"), np.zeros(8, "f4")
    best = 1.0
    for _ in range(20):
        begin = time.perf_counter()
        for _ in range(50):
            add((0, 8, 0, 1, 0, 1), a=a, b=b, factor=1, n=1)
        best = min(best, (time.perf_counter() - begin) / 50)
    assert best < 100e-6


# ------------------------------------------------------------------ rounding
def test_subnormals_count_as_zero_in_float32_only(text):
    for precision, tiny in (("float32", 1e-39), ("float64", 1e-310)):
        cpu = CpuBackend(precision, threads=2)
        a, b = cpu.upload(np.full(20000, tiny)), cpu.zeros(20000)
        defines = {"PITCH": 100, "PLANE": 0, "VOLUME": 0}
        cpu.kernel(text, "add", **defines)((0, 100, 0, 200, 0, 1), a=a, b=b, factor=1, n=0)
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


# ------------------------------------------------------------------ compiling
def test_the_cache_serves_until_text_defines_or_compiler_change(text, tmp_path, monkeypatch):
    monkeypatch.setenv("LEVITAS_CACHE", str(tmp_path / "cache"))
    libraries = lambda: len(list((tmp_path / "cache").glob("*.so")))  # noqa: E731
    CpuBackend().kernel(text, "add", **BLOCK)
    CpuBackend().kernel(text, "rows", **BLOCK)
    assert libraries() == 1
    CpuBackend("float64").kernel(text, "add", **BLOCK)
    CpuBackend().kernel(text, "add", **BLOCK | {"PITCH": 60})
    assert libraries() == 3
    monkeypatch.setattr(compiler, "identity", lambda command: "another CPU")
    CpuBackend().kernel(text, "add", **BLOCK)
    assert libraries() == 4
    monkeypatch.setattr(compiler, "_compile", None)
    CpuBackend().kernel(text, "add", **BLOCK)
    left = {p.suffix for p in (tmp_path / "cache").iterdir()}
    assert left <= {".so", ".lock"}


RACE = """
import sys
import numpy as np
from levitas.solver.backend import CpuBackend
b = np.zeros(8, "f4")
kernel = CpuBackend().kernel(sys.argv[1], "add", PITCH=8, PLANE=0, VOLUME=0)
kernel((0, 8, 0, 1, 0, 1), a=b + 1, b=b, factor=3, n=0)
assert (b == 3).all()
"""


def test_many_processes_compile_the_same_kernel_at_once(text, tmp_path):
    environment = os.environ | {"LEVITAS_CACHE": str(tmp_path / "cache")}
    command = [sys.executable, "-c", RACE, str(text)]
    ranks = [subprocess.Popen(command, env=environment) for _ in range(4)]
    assert [rank.wait(timeout=100) for rank in ranks] == [0] * 4
    assert len(list((tmp_path / "cache").glob("*.so"))) == 1


def test_caches_without_locks_or_rights(text, tmp_path, monkeypatch):
    import filelock

    monkeypatch.setenv("LEVITAS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(
        filelock.FileLock, "__enter__", lambda self: (_ for _ in ()).throw(OSError())
    )
    CpuBackend().kernel(text, "add", **BLOCK)
    assert len(list((tmp_path / "cache").glob("*.so"))) == 1
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LEVITAS_CACHE", str(tmp_path / "file" / "cache"))
    monkeypatch.setattr(compiler.tempfile, "tempdir", str(tmp_path))
    CpuBackend().kernel(text, "add", **BLOCK)
    assert list(tmp_path.glob("levitas-*/*.so"))


def test_a_text_that_does_not_compile_is_shown_with_its_line(tmp_path):
    path = tmp_path / "wrong.cu"
    path.write_text('#include "dialect.h"\n\nKERNEL f(real* a, Box box) { a[0] = missing; }\n')
    with pytest.raises(RuntimeError, match="wrong.cu:3:.*missing"):
        CpuBackend().kernel(path, "f")


def test_which_compiler(monkeypatch):
    find = compiler.find_compiler.__wrapped__
    monkeypatch.delenv("LEVITAS_CXX", raising=False)
    monkeypatch.setattr(compiler.shutil, "which", lambda name: name if name == "clang++" else None)
    assert find() == ("clang++",)
    monkeypatch.setattr(compiler.shutil, "which", lambda name: None)
    monkeypatch.setattr(compiler, "find_spec", lambda name: name == "ziglang")
    assert find() == (sys.executable, "-m", "ziglang", "c++")
    monkeypatch.setattr(compiler, "find_spec", lambda name: None)
    with pytest.raises(ResourceError, match="no C\\+\\+ compiler"):
        find()
    monkeypatch.setenv("LEVITAS_CXX", "mycc -fast")
    with pytest.raises(ResourceError, match="mycc"):
        find()
    monkeypatch.setattr(compiler.shutil, "which", lambda name: name)
    assert find() == ("mycc", "-fast")


def _others():
    clang = [("clang++",)] if which("clang++") else []
    return clang + ([(sys.executable, "-m", "ziglang", "c++")] if find_spec("ziglang") else [])


@pytest.mark.skipif(
    not (_others() and which("g++")), reason="needs g++ and one of clang++ or the ziglang package"
)
@pytest.mark.parametrize("name", ["flow_two_phase", "interface_step", "flow_single"])
def test_compilers_agree_on_the_bits(name, monkeypatch):
    variant = next(v for v in VARIANTS if v.name == name)
    results = []
    for command in [("g++",), *_others()]:
        monkeypatch.setattr(compiler, "find_compiler", lambda command=command: command)
        results.append(outcome(variant, CpuBackend(threads=1), (37, 5, 4)))
    for name, array in results[0].items():
        assert all(r[name].tobytes() == array.tobytes() for r in results), name


@pytest.mark.skipif(not which("g++"), reason="only g++ reports vectorised loops this way")
@pytest.mark.parametrize("variant", FAST, ids=str)
def test_loops_are_vectorised(variant, tmp_path):
    text = kernel_text.specialised(variant.file, 32, variant.defines | block_defines(32))
    parameters = kernel_text.signatures(text, 32)
    (tmp_path / "k.cpp").write_text(text + module._entries(parameters))
    report = subprocess.run(
        ["g++", *compiler.FLAGS, "-fopt-info-vec", str(tmp_path / "k.cpp"), "-o", os.devnull],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    lines = (kernel_text.KERNELS / variant.file).read_text().splitlines()
    first = next(n for n, line in enumerate(lines, 1) if f"KERNEL {variant.name}(" in line)
    last = next(n for n, line in enumerate(lines, 1) if n > first and line.startswith("}"))
    vectorised = {int(n) for n in re.findall(rf"{variant.file}:(\d+):.*loop vectorized", report)}
    assert vectorised & set(range(first, last)), report


SANITISERS = "-O0 -fsanitize=address,undefined -fno-sanitize-recover=all"
SANITISED = """
from levitas.solver.backend import CpuBackend
from tests.variants import VARIANTS, outcome
for variant in VARIANTS:
    if variant.block:
        outcome(variant, CpuBackend("float32", 1), (9, 7, 5))
"""


@pytest.mark.skipif(not which("g++"), reason="needs the sanitisers of g++")
def test_no_access_out_of_bounds_and_no_undefined_arithmetic(tmp_path):
    runtime = subprocess.run(
        ["g++", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True
    ).stdout.strip()
    if not os.path.isabs(runtime):
        pytest.skip("g++ comes without libasan")
    script = tmp_path / "sanitising"
    script.write_text(f'#!/bin/sh\nexec g++ "$@" {SANITISERS}\n')
    script.chmod(0o755)
    environment = os.environ | {
        "LEVITAS_CXX": str(script),
        "LEVITAS_CACHE": str(tmp_path / "cache"),
        "LD_PRELOAD": runtime,
        "ASAN_OPTIONS": "detect_leaks=0",
        "PYTHONMALLOC": "malloc",
        "PYTHONPATH": os.getcwd(),
    }
    done = subprocess.run(
        [sys.executable, "-c", SANITISED], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]


# ------------------------------------------------------------------ choosing a backend
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


def test_arrays(cpu):
    a = cpu.zeros((3, 5), np.uint8)
    assert a.shape == (3, 5) and not a.any() and cpu.address(a) % 64 == 0
    assert cpu.zeros(7).dtype == cpu.real == np.float32
    with pytest.raises(ResourceError, match="GiB"):
        cpu.zeros((2**20, 2**20, 2**10))
