"""Host compilers: the cache, many ranks at once, what they make of a kernel, what they refuse."""

import hashlib
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import pytest

from levitas.solver.backend import compiler
from levitas.solver.backend import source as kernel_text
from levitas.solver.backend.cpu import CpuBackend
from levitas.solver.errors import ResourceError
from tests.support.variants import VARIANTS, outcome

EXAMPLE = Path(__file__).parents[1] / "support" / "example.cu"
FAST = [v for v in VARIANTS if v.file in ("flow.cu", "interface.cu") and not v.defines.get("WALLS")]
BLOCK = {"PITCH": 50, "PLANE": 50 * 40, "VOLUME": 50 * 40 * 12}


def compiled(backend, name, **defines):
    backend.kernel(EXAMPLE, name, **defines)
    backend.compiled()


def test_the_cache_serves_until_text_defines_or_compiler_change(tmp_path, monkeypatch):
    monkeypatch.setenv("LEVITAS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("LEVITAS_QUICK_BUILD")
    libraries = lambda: len(list((tmp_path / "cache").glob("*.so")))  # noqa: E731
    compiled(CpuBackend(), "add", **BLOCK)
    compiled(CpuBackend(), "rows", **BLOCK)
    assert libraries() == 1
    compiled(CpuBackend("float64"), "add", **BLOCK)
    compiled(CpuBackend(), "add", **BLOCK | {"PITCH": 60})
    assert libraries() == 3
    monkeypatch.setattr(compiler, "identity", lambda command: "another CPU")
    compiled(CpuBackend(), "add", **BLOCK)
    assert libraries() == 4
    monkeypatch.setenv("LEVITAS_CXXFLAGS", "-O1 -g")
    compiled(CpuBackend(), "add", **BLOCK)
    assert libraries() == 5
    monkeypatch.setenv("LEVITAS_QUICK_BUILD", "1")
    compiled(CpuBackend(), "add", **BLOCK)
    compiled(CpuBackend(), "add", **BLOCK | {"PITCH": 60})
    assert libraries() == 6
    monkeypatch.setattr(compiler, "_compile", None)
    compiled(CpuBackend(), "add", **BLOCK)
    left = {p.suffix for p in (tmp_path / "cache").iterdir()}
    assert left <= {".so", ".lock"}


RACE = """
import sys
import numpy as np
from levitas.solver.backend.cpu import CpuBackend
b = np.zeros(8, "f4")
kernel = CpuBackend().kernel(sys.argv[1], "add", PITCH=8, PLANE=0, VOLUME=0)
kernel((0, 8, 0, 1, 0, 1), a=b + 1, b=b, factor=3, n=0)
assert (b == 3).all()
"""


def test_many_processes_compile_the_same_kernel_at_once(tmp_path):
    environment = os.environ | {"LEVITAS_CACHE": str(tmp_path / "cache")}
    command = [sys.executable, "-c", RACE, str(EXAMPLE)]
    ranks = [subprocess.Popen(command, env=environment) for _ in range(4)]
    assert [rank.wait(timeout=100) for rank in ranks] == [0] * 4
    assert len(list((tmp_path / "cache").glob("*.so"))) == 1


def test_caches_without_locks_or_rights(tmp_path, monkeypatch):
    import filelock

    monkeypatch.setenv("LEVITAS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(
        filelock.FileLock, "__enter__", lambda self: (_ for _ in ()).throw(OSError())
    )
    compiled(CpuBackend(), "add", **BLOCK)
    assert len(list((tmp_path / "cache").glob("*.so"))) == 1
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LEVITAS_CACHE", str(tmp_path / "file" / "cache"))
    monkeypatch.setattr(compiler.tempfile, "tempdir", str(tmp_path))
    compiled(CpuBackend(), "add", **BLOCK)
    assert list(tmp_path.glob("levitas-*/*.so"))


def test_a_text_that_does_not_compile_is_shown_with_its_line(tmp_path):
    path = tmp_path / "wrong.cu"
    path.write_text('#include "dialect.h"\n\nKERNEL f(real* a, Box box) { a[0] = missing; }\n')
    backend = CpuBackend()
    kernel = backend.kernel(path, "f")
    with pytest.raises(RuntimeError, match="wrong.cu:3:.*missing"):
        kernel((0, 1, 0, 1, 0, 1), a=backend.zeros((8,)))
    with pytest.raises(RuntimeError, match="wrong.cu:3:.*missing"):
        backend.compiled()


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


def build_report(variant) -> Path:
    """Where g++ tells of the loops of a variant: beside its library, which may be there already."""
    text = kernel_text.specialised(variant.file, 32, variant.defines)
    digest = hashlib.sha256(text.encode()).hexdigest()[:24]
    return compiler.cache_folder() / f"loops-{digest}.txt"


def marked(variant):
    """Kernels that carry scalars or know walls take up to half a minute to compile."""
    slow = variant.defines.get("WALLS") or "SCALARS" in variant.defines
    return pytest.param(variant, marks=[pytest.mark.validation] if slow else [], id=str(variant))


@pytest.mark.parametrize("variant", [marked(v) for v in VARIANTS if v.block])
def test_kernels_as_users_build_them(variant, monkeypatch):
    """The bits are those of what most tests run, which compiles sooner; loops are vectorised."""
    monkeypatch.setenv("LEVITAS_QUICK_BUILD", "1")
    monkeypatch.setenv("LEVITAS_CXXFLAGS", "-O0")
    sooner = outcome(variant, CpuBackend(threads=1), (37, 5, 4))
    monkeypatch.delenv("LEVITAS_QUICK_BUILD")
    tells = compiler.find_compiler() == ("g++",)  # others report in other words
    report = build_report(variant)
    monkeypatch.setenv("LEVITAS_CXXFLAGS", f"-fopt-info-vec={report}" if tells else "")
    for name, array in outcome(variant, CpuBackend(threads=1), (37, 5, 4)).items():
        assert array.tobytes() == sooner[name].tobytes(), name
    if tells and variant in FAST:
        check_vectorised(variant, report.read_text())


def check_vectorised(variant, report):
    lines = (kernel_text.KERNELS / variant.file).read_text().splitlines()
    first = next(n for n, line in enumerate(lines, 1) if f"KERNEL {variant.name}(" in line)
    last = next(n for n, line in enumerate(lines, 1) if n > first and line.startswith("}"))
    vectorised = {int(n) for n in re.findall(rf"{variant.file}:(\d+):.*loop vectorized", report)}
    assert vectorised & set(range(first, last)), report


ARITHMETIC = "signed-integer-overflow,shift,integer-divide-by-zero,float-cast-overflow"
SANITISERS = (
    f"-O0 -fsanitize=address,bounds,alignment,{ARITHMETIC} -fno-sanitize-recover=all "
    "-fno-sanitize-address-use-after-scope"  # no kernel keeps a pointer to a local
)
SANITISED = """
import sys
from levitas.solver.backend.cpu import CpuBackend
from tests.support.variants import VARIANTS, outcome
rich, backend = sys.argv[1] == "rich", CpuBackend("float32", 1)
for variant in VARIANTS:
    if variant.block and (len(variant.defines) > 2) == rich:
        outcome(variant, backend, (9, 7, 5))
"""


@pytest.mark.skipif(not which("g++"), reason="needs the sanitisers of g++")
@pytest.mark.parametrize("kind", ["plain", pytest.param("rich", marks=pytest.mark.validation)])
def test_no_access_out_of_bounds_and_no_undefined_arithmetic(kind):
    """Kernels with few switches, and those with many."""
    runtime = subprocess.run(
        ["g++", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True
    ).stdout.strip()
    if not os.path.isabs(runtime):
        pytest.skip("g++ comes without libasan")
    environment = os.environ | {
        "LEVITAS_CXX": "env -u LD_PRELOAD g++",  # the compiler itself need not be watched
        "LEVITAS_CXXFLAGS": SANITISERS,
        "LD_PRELOAD": runtime,
        "ASAN_OPTIONS": "detect_leaks=0",
        "PYTHONMALLOC": "malloc",
        "PYTHONPATH": os.getcwd(),
    }
    done = subprocess.run(
        [sys.executable, "-c", SANITISED, kind],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
