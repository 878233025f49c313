"""Host C++ compiler: kernel text in, shared library out, cached on disk by digest."""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from levitas.solver.backend.base import own_cores
from levitas.solver.errors import ResourceError

X86 = platform.machine() in ("x86_64", "AMD64")

#: No flag here lets a compiler change a result: contraction off, no reassociation, IEEE division.
#: Compilers shun the widest vectors of x86 by default, though these kernels gain by them.
FLAGS = (
    *("-std=c++17", "-O3", "-march=native", "-fPIC", "-shared", "-x", "c++"),
    *("-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-fno-exceptions"),
    *("-Wno-unknown-pragmas", "-Wno-pass-failed"),
    *(("-mprefer-vector-width=512",) if X86 else ()),
)


def quick() -> bool:
    """Whether $LEVITAS_QUICK_BUILD asks for kernels that compile sooner and run slower.

    One library then serves blocks of all sizes, and it is hardly optimised: the bits are the same.
    """
    return os.environ.get("LEVITAS_QUICK_BUILD", "0") not in ("", "0")


def chosen_flags() -> tuple[str, ...]:
    """FLAGS, those of a quick build, and after them those of $LEVITAS_CXXFLAGS."""
    extra = os.environ.get("LEVITAS_CXXFLAGS", "").split()
    return (*FLAGS, *(("-Og",) if quick() else ()), *extra)


@cache
def find_compiler() -> tuple[str, ...]:
    """The command of a C++ compiler: $LEVITAS_CXX, g++, clang++, c++ or the ziglang package.

    ResourceError if there is none.
    """
    if chosen := os.environ.get("LEVITAS_CXX"):
        command = tuple(chosen.split())
        if shutil.which(command[0]) is None:
            raise ResourceError(f"LEVITAS_CXX names no program: {chosen}")
        return command
    for name in ("g++", "clang++", "c++"):
        if shutil.which(name):
            return (name,)
    if find_spec("ziglang"):
        return (sys.executable, "-m", "ziglang", "c++")
    raise ResourceError(
        "no C++ compiler found: install g++ or clang, or `pip install levitas[compiler]`, "
        "or name one in LEVITAS_CXX"
    )


@cache
def identity(command: tuple[str, ...]) -> str:
    """What a library depends on beside its text: compiler, its version, and this CPU's features."""
    version = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False)
    return "\n".join([*command, version.stdout, platform.machine(), _cpu()])


def _cpu() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text().partition("\n\n")[0]
    except OSError:
        return platform.processor()
    fields = dict(re.findall(r"^([^\t:]+?)\s*: (.*)$", text, re.MULTILINE))
    names = ("model name", "cpu family", "model", "flags", "Features", "CPU part")
    return "\n".join(fields.get(name, "") for name in names)


def cache_folder() -> Path:
    """Where compiled kernels are kept: $LEVITAS_CACHE, or the user's cache folder."""
    if chosen := os.environ.get("LEVITAS_CACHE"):
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("levitas") / "kernels"


def start(text: str, name: str, flags: Sequence[str] | None = None) -> Future:
    """Compile `text` into a shared library, beside others: a future of its path.

    It is done at once if the cache has the library. RuntimeError with the compiler's words if it
    fails.
    """
    command, flags = find_compiler(), chosen_flags() if flags is None else flags
    key = "\0".join([text, identity(command), *flags])
    digest = hashlib.sha256(key.encode()).hexdigest()[:24]
    library = _writable(cache_folder()) / f"{name}-{digest}.so"
    if not library.exists():
        return _pool().submit(_build, command, flags, text, library)
    future = Future()
    future.set_result(library)
    return future


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(own_cores(), "compile")


def _build(command: Sequence[str], flags: Sequence[str], text: str, library: Path) -> Path:
    """The library, made now.

    Many processes may ask for the same one: a lock lets one of them compile, and the finished file
    appears under its name in one step.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(library.with_suffix(".lock"), timeout=120)
    try:
        with lock:
            if not library.exists():
                _compile(command, flags, text, library)
    except (Timeout, OSError, NotImplementedError):  # a file system without locks
        _compile(command, flags, text, library)
    return library


def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    folder = Path(tempfile.gettempdir()) / f"levitas-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _compile(command: Sequence[str], flags: Sequence[str], text: str, library: Path) -> None:
    with tempfile.TemporaryDirectory(dir=library.parent, prefix=".build-") as scratch:
        source, out = Path(scratch, "kernel.cpp"), Path(scratch, "kernel.so")
        source.write_text(text)
        try:
            made = subprocess.run(
                [*command, *flags, str(source), "-o", str(out)], capture_output=True, text=True
            )
        except OSError as error:
            raise ResourceError(f"cannot run the compiler {command[0]}: {error}") from error
        if made.returncode:
            raise RuntimeError(f"{library.stem} does not compile:\n{made.stderr[-4000:]}")
        os.replace(out, library)
