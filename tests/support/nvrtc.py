"""NVRTC without a driver: kernel text to PTX or to machine code, and what its assembler reports."""

import ctypes
import hashlib
import os
import pickle
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from filelock import FileLock

from levitas.solver.backend import compiler

#: What CuPy passes for CudaBackend: its options and the flush-to-zero that CuPy appends itself.
OPTIONS = ("-std=c++17", "--fmad=false", "-ftz=true")


def available() -> bool:
    """Whether the nvidia-cuda-nvrtc wheel is installed."""
    return _path() is not None


def _path() -> Path | None:
    try:
        spec = find_spec("nvidia.cuda_nvrtc")
    except ModuleNotFoundError:
        return None
    folders = spec.submodule_search_locations if spec else []
    found = [p for f in folders for p in Path(f).glob("lib/libnvrtc.so*") if ".alt" not in p.name]
    return min(found, default=None)


@cache
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(str(_path()))


@cache
def compile_text(text: str, arch: str) -> tuple[str, str]:
    """(PTX, log of the assembler) for an architecture such as "sm_80"; RuntimeError if it fails.

    Kept beside the libraries of the host compiler, for other tests, processes and days.
    """
    key = "\0".join([text, arch, *OPTIONS, str(_path()), str(_path().stat())])
    folder = compiler.cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"nvrtc-{hashlib.sha256(key.encode()).hexdigest()[:24]}.pickle"
    with FileLock(kept.with_suffix(".lock")):
        if not kept.exists():
            new = kept.with_suffix(".new")
            new.write_bytes(pickle.dumps(_compile(text, arch)))
            os.replace(new, kept)
    return pickle.loads(kept.read_bytes())


def _compile(text: str, arch: str) -> tuple[str, str]:
    library, program = _library(), ctypes.c_void_p()
    options = [*OPTIONS, f"-arch={arch}", "--ptxas-options=--verbose"]
    words = (ctypes.c_char_p * len(options))(*(o.encode() for o in options))
    library.nvrtcCreateProgram(ctypes.byref(program), text.encode(), b"k.cu", 0, None, None)
    try:
        failed = library.nvrtcCompileProgram(program, len(options), words)
        log = _get(library, program, "ProgramLog").decode()
        if failed:
            raise RuntimeError(f"NVRTC, {arch}:\n{log}")
        return _get(library, program, "PTX").decode(), log
    finally:
        library.nvrtcDestroyProgram(ctypes.byref(program))


def _get(library: ctypes.CDLL, program: ctypes.c_void_p, what: str) -> bytes:
    size = ctypes.c_size_t()
    getattr(library, f"nvrtcGet{what}Size")(program, ctypes.byref(size))
    buffer = ctypes.create_string_buffer(size.value)
    getattr(library, f"nvrtcGet{what}")(program, buffer)
    return buffer.raw.rstrip(b"\0")


def usage(log: str) -> dict[str, tuple[int, int]]:
    """kernel -> (registers, bytes of spills and stack) from the assembler's report."""
    found = {}
    pattern = (
        r"Function properties for (\w+)\s+ptxas[ .]*(\d+) bytes stack frame, "
        r"(\d+) bytes spill stores, (\d+) bytes spill loads\s+.*?Used (\d+) registers"
    )
    for name, *numbers in re.findall(pattern, log):
        *spills, registers = map(int, numbers)
        found[name] = (registers, sum(spills))
    return found
