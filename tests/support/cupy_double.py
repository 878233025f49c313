"""The few parts of CuPy that levitas uses, without a GPU, as strict as CuPy about what goes where.

Arrays live in NumPy memory but never mix with host arrays by themselves. Kernel arguments are
packed as CuPy packs them (NumPy scalars as they are, Python numbers as 64 bits). A launch runs the
GPU branch of the text: built by the host compiler, block by block in an odd order ("emulated"), or
compiled by NVRTC and interpreted ("ptx", by the tool that the environment variable LEVITAS_PTX_RUN
names, which also checks bounds, alignment and races).
"""

import ctypes
import importlib.util
import os
import re
import sys
from types import ModuleType, SimpleNamespace

import numpy as np

from levitas.solver.backend import compiler, cpu
from levitas.solver.backend import source as kernel_text
from tests.support import nvrtc

DEVICES = 2


def install(monkeypatch, engine: str = "emulated", arch: str = "compute_80") -> ModuleType:
    """Make `import cupy` find a new double, until the test ends; engine: "emulated" or "ptx"."""
    double = CupyDouble(engine, arch)
    monkeypatch.setitem(sys.modules, "cupy", double)
    return double


class CupyDouble(ModuleType):
    """The module; numpy's functions serve for CuPy's where no host array goes in."""

    def __init__(self, engine: str, arch: str = "compute_80"):
        super().__init__("cupy")
        self.memory = PtxMemory(arch) if engine == "ptx" else HostMemory()
        self.device, self.launches, self.waits = None, [], 0
        self.ndarray = Array
        self.lib = SimpleNamespace(stride_tricks=SimpleNamespace(as_strided=self._as_strided))
        self.cuda = SimpleNamespace(
            Device=lambda n: SimpleNamespace(use=lambda: setattr(self, "device", n)),
            runtime=SimpleNamespace(
                getDeviceCount=lambda: DEVICES, getDeviceProperties=lambda n: {"name": b"double"}
            ),
            get_current_stream=lambda: SimpleNamespace(synchronize=self._wait),
            alloc_pinned_memory=lambda size: bytearray(size),
            memory=SimpleNamespace(OutOfMemoryError=MemoryError),
        )

    def is_available(self) -> bool:
        return True

    def zeros(self, shape, dtype=float):
        return self._new(np.zeros(shape, dtype))

    def asarray(self, value, dtype=None):
        if isinstance(value, Array) and dtype in (None, value.dtype):
            return value
        return self._new(np.array(getattr(value, "host", value), dtype, order="C"))

    @staticmethod
    def asnumpy(array):
        return array.host.copy()

    def RawModule(self, *, code, options=()):  # noqa: N802 (CuPy's name)
        return Module(self, code, options)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **kwargs: call(self, getattr(np, name), args, kwargs)

    def _new(self, host):
        return Array(self, host, self.memory.add(host) - host.ctypes.data)

    def _as_strided(self, array, shape, strides):
        view = np.lib.stride_tricks.as_strided(array.host, shape, strides)
        return Array(self, view, array.shift)

    def _wait(self):
        self.waits += 1


def call(cupy, function, args, kwargs):
    """A NumPy function on arrays of the double; host arrays are refused as CuPy refuses them."""
    for value in (*args, *kwargs.values()):
        if isinstance(value, np.ndarray) and value.ndim:
            raise TypeError(f"Unsupported type {type(value)}")
    out = function(
        *(getattr(v, "host", v) for v in args),
        **{k: getattr(v, "host", v) for k, v in kwargs.items()},
    )
    return cupy._new(np.asarray(out)) if isinstance(out, np.ndarray | np.generic) else out


class Array(np.lib.mixins.NDArrayOperatorsMixin):
    """GPU memory: `host` is the NumPy array behind it, `shift` its distance to the GPU address."""

    def __init__(self, cupy, host, shift):
        self.cupy, self.host, self.shift = cupy, host, shift

    dtype = property(lambda self: self.host.dtype)
    shape = property(lambda self: self.host.shape)
    ndim = property(lambda self: self.host.ndim)
    size = property(lambda self: self.host.size)
    nbytes = property(lambda self: self.host.nbytes)
    data = property(lambda self: SimpleNamespace(ptr=self.host.ctypes.data + self.shift))

    def __array__(self, *args, **kwargs):
        raise TypeError("Implicit conversion to a NumPy array is not allowed.")

    def __array_ufunc__(self, ufunc, method, *args, **kwargs):
        out = tuple(a.host for a in kwargs.pop("out", ()))
        if not out:
            return call(self.cupy, getattr(ufunc, method), args, kwargs)
        call(self.cupy, getattr(ufunc, method), args, kwargs | {"out": out})
        return self

    def __getitem__(self, key):
        return Array(self.cupy, self.host[key], self.shift)

    def __setitem__(self, key, value):
        if isinstance(value, np.ndarray) and value.ndim:
            raise TypeError("Unsupported type numpy.ndarray")
        self.host[key] = getattr(value, "host", value)

    def __len__(self):
        return len(self.host)

    def __getattr__(self, name):
        if name not in ("sum", "max", "min", "any", "all", "astype", "copy", "reshape", "ravel"):
            raise AttributeError(name)
        method = getattr(self.host, name)
        return lambda *args, **kwargs: call(self.cupy, method, args, kwargs)

    def __float__(self):
        return float(self.host)

    def __int__(self):
        return int(self.host)

    __bool__ = lambda self: bool(self.host)  # noqa: E731

    def get(self, stream=None, order="C", out=None, blocking=True):
        if out is None:
            return self.host.copy()
        out[...] = self.host
        return out

    def set(self, values, stream=None):
        assert type(values) is np.ndarray and values.dtype == self.dtype
        assert values.shape == self.shape
        self.host[...] = values


class HostMemory:
    """Addresses of the GPU are those of the host; kernels are built by the host compiler."""

    def add(self, host):
        return host.ctypes.data

    def module(self, text):
        precision = int(re.search(r"^#define PRECISION (\d+)", text, re.MULTILINE)[1])
        parameters = kernel_text.signatures(text, precision)
        text, sizes = kernel_text.any_size(text)
        text = "#define LEVITAS_EMULATE 1\n" + text + cpu.entries(parameters, sizes)
        # Quick to build; another level of optimisation must give the same bits anyway.
        flags = (*compiler.FLAGS, "-O0")
        library = ctypes.CDLL(str(compiler.start(text, "emulated", flags).result()))

        def launch(name, grid, block, values):
            triple = ctypes.c_uint * 3
            library.set_launch(triple(*grid), triple(*block))
            raw = b""
            for p, value in zip(parameters[name], values, strict=True):
                size = {"box": 24, "pointer": 8}.get(p.kind) or np.dtype(p.dtype).itemsize
                assert len(value) == size, f"{name}: {p.name} has {len(value)} bytes, not {size}"
                raw += b"\0" * (-len(raw) % (4 if p.kind == "box" else size)) + value
            raw += b"\0" * (-len(raw) % 8) + np.array([*sizes.values()], np.int64).tobytes()
            library[f"run_{name}"](raw)

        return launch


class PtxMemory:
    """Addresses and launches of the PTX interpreter; every module sees all memory."""

    def __init__(self, arch: str):
        self.tool, self.arch = ptx_tool(), arch
        self.pool = self.tool.Module(".version 8.0\n.target sm_80\n.address_size 64\n")

    def add(self, host):
        return int(self.pool.ptr(host))

    def module(self, text):
        module = self.tool.Module(nvrtc.compile_text(text, self.arch)[0])
        module.memory = self.pool.memory

        def launch(name, grid, block, values):
            module.launch(name, grid, block, values, check_races=True)

        return launch


def ptx_tool():
    """The interpreter that LEVITAS_PTX_RUN names, or None."""
    path = os.environ.get("LEVITAS_PTX_RUN", "")
    if not os.path.isfile(path) or not nvrtc.available():
        return None
    if "levitas_ptx_run" not in sys.modules:
        spec = importlib.util.spec_from_file_location("levitas_ptx_run", path)
        sys.modules["levitas_ptx_run"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["levitas_ptx_run"])
    return sys.modules["levitas_ptx_run"]


class Module:
    def __init__(self, cupy, code, options):
        assert "--fmad=false" in options and "#include" not in code
        self.cupy, self.launch = cupy, cupy.memory.module(code)

    def get_function(self, name):
        def run(grid, block, args):
            sizes = [*grid, *block]
            assert len(sizes) == 6 and all(type(n) is int and n > 0 for n in sizes)
            assert np.prod(block) <= 1024 and block[2] <= 64 and max(grid[1:]) <= 65535
            self.cupy.launches.append((name, grid, block))
            self.launch(name, grid, block, [packed(a) for a in args])

        return run


def packed(value) -> bytes:
    """A kernel argument as CuPy passes it."""
    if isinstance(value, Array):
        return np.uint64(value.data.ptr).tobytes()
    if isinstance(value, np.generic):
        return value.tobytes()
    if isinstance(value, bool | int | float):
        return np.array(value).tobytes()  # 64 bits
    raise TypeError(f"Unsupported type {type(value)}")
