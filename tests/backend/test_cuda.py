"""CudaBackend driven by a double of CuPy: the same bits as the CPU, and what it refuses."""

import sys

import numpy as np
import pytest

from levitas.solver.backend.backend import make_backend
from levitas.solver.backend.cpu import CpuBackend
from levitas.solver.backend.cuda import CudaBackend, _block
from levitas.solver.case.case import Case
from levitas.solver.errors import ResourceError
from levitas.solver.grid.block import Block
from levitas.solver.grid.comm import Serial
from levitas.solver.grid.field import Field
from levitas.solver.grid.grid import Grid
from levitas.solver.grid.halo import RULES
from levitas.solver.run.simulation import Simulation
from tests.support import cupy_double
from tests.support.case import hot_case, open_case
from tests.support.case_moving import drying_case, turning_case, turning_fluid
from tests.support.variants import VARIANTS, block_defines

CASE = """
[case]
units = "lattice"
precision = "{precision}"
[grid]
cells = {cells}
[gravity]
vector = [2e-5, -1e-5, 0.0]
[flow]
pressure_gradient = [1e-5, 0.0, 0.0]
"""
DROP = """
[interface]
[materials]
liquid = { density = 1.0, viscosity = 0.02, surface_tension = 1e-3 }
gas = { density = 0.01, viscosity = 2e-3 }
[[shape]]
phase = "liquid"
kind = "sphere"
centre = [1.0, 0.5, 0.0]
radius = 4.0
"""
ONE = "[materials]\nliquid = { density = 1.0, viscosity = 0.02 }\n"
WAVE = '[[field]]\nname = "u"\nexpression = "0.03*sin(2*pi*y/5)*cos(2*pi*z/6)"\n'
FACE = '[[boundary]]\nface = "{}"\nkind = "{}"\n'
BOX = (
    FACE.format("x-", "symmetry")
    + FACE.format("x+", "wall")
    + "velocity = [0.0, 0.02, 0.0]\n"
    + FACE.format("y-", "wall")
    + FACE.format("y+", "wall")
)
RUNS = {
    "drop between walls": ("float32", (14, 11, 9), DROP + BOX),
    "drop in a periodic box": ("float32", (17, 9, 10), DROP),
    "disc between walls": ("float64", (13, 14, 1), DROP + BOX),
    "channel": ("float32", (9, 7, 5), ONE + BOX),
    "periodic flow": ("float64", (7, 5, 6), ONE + WAVE),
    "hot drop": ("float32", (17, 16, 13), hot_case),
    "drying drop": ("float32", (15, 12, 11), drying_case),
    "open drop": ("float32", (15, 12, 12), open_case),
    "turning drop": ("float32", (15, 12, 11), turning_case),
    "turning fluid": ("float64", (13, 12, 1), turning_fluid),
}


def states(tmp_path, name, backend, steps):
    """State and everything readable after a few steps."""
    precision, cells, sections = RUNS[name]
    path = tmp_path / "case.toml"
    if callable(sections):
        sections(tmp_path, cells, precision)
    else:
        path.write_text(CASE.format(precision=precision, cells=list(cells)) + sections)
    simulation = Simulation(Case.read(path), backend(precision), Serial())
    for _ in range(steps):
        simulation.step()
    arrays, _ = simulation.state()
    read = {name: simulation.read(name) for name in simulation.names()}
    return arrays | read, simulation.backend


def same_run(tmp_path, name, steps):
    here, _ = states(tmp_path, name, lambda p: CpuBackend(p, threads=1), steps)
    there, backend = states(tmp_path, name, CudaBackend, steps)
    assert here.keys() == there.keys() and abs(here["u"]).max() > 1e-5
    for key, array in here.items():
        assert np.isfinite(array).all(), key
        assert array.tobytes() == there[key].tobytes(), key
    return backend


@pytest.mark.parametrize("name", RUNS)
def test_a_run_has_the_bits_of_the_cpu(name, tmp_path, monkeypatch):
    double = cupy_double.install(monkeypatch)
    same_run(tmp_path, name, steps=4)
    assert double.launches


@pytest.mark.skipif(
    cupy_double.ptx_tool() is None, reason="LEVITAS_PTX_RUN names no PTX interpreter"
)
@pytest.mark.parametrize("name", RUNS)
def test_a_run_of_its_ptx_has_the_bits_of_the_cpu(name, tmp_path, monkeypatch):
    cupy_double.install(monkeypatch, "ptx")
    same_run(tmp_path, name, steps=2)


def test_runs_use_listed_kernels_only(tmp_path):
    listed = {(v.file, v.name, *sorted(v.defines.items())) for v in VARIANTS}
    for name in RUNS:
        _, backend = states(tmp_path, name, lambda p: CpuBackend(p, threads=1), 1)
        for file, kernel, *defines in backend._kernels:
            own = [d for d in defines if d[0] not in block_defines()]
            assert (file, kernel, *own) in listed


@pytest.fixture
def double(monkeypatch):
    return cupy_double.install(monkeypatch)


def test_the_device_is_that_of_the_local_rank(double, monkeypatch):
    assert CudaBackend().device == double.device == 0
    monkeypatch.setenv("MPI_LOCALRANKID", "3")
    assert CudaBackend().device == double.device == 3 % cupy_double.DEVICES


def test_auto_takes_the_gpu_if_there_is_one(double):
    assert make_backend("auto").name == "cuda"


def test_without_cupy(monkeypatch):
    monkeypatch.setitem(sys.modules, "cupy", None)
    assert make_backend("auto").name == "cpu"
    with pytest.raises(ResourceError, match="no GPU"):
        make_backend("cuda")


def test_without_a_driver(double, monkeypatch):
    monkeypatch.setattr(double, "is_available", lambda: False)
    assert make_backend("auto").name == "cpu"
    with pytest.raises(ResourceError, match="nvidia-smi"):
        CudaBackend()


def test_full_memory(double, monkeypatch):
    def full(shape, dtype):
        raise MemoryError("out of memory allocating 9 bytes")

    backend = CudaBackend()
    monkeypatch.setattr(double, "zeros", full)
    with pytest.raises(ResourceError, match="9 bytes"):
        backend.zeros((3,))


def test_arguments_are_checked(double):
    backend = CudaBackend()
    sizes = {"PITCH": 8, "PLANE": 16, "VOLUME": 32}
    shape = backend.kernel("interface.cu", "interface_distance", **RULES, **sizes)
    a, b = backend.zeros(32), backend.zeros(32)
    box, numbers = (0, 6, 0, 1, 0, 1), {"quarter_width": 1, "d_max": 5}
    shape(box, phi=a, d=b, **numbers)
    assert backend.to_host(b)[:7].tolist() == [-5.0] * 6 + [0.0]
    for wrong in (np.zeros(32, "f4"), backend.zeros(32, np.float64), 3, None):
        with pytest.raises(TypeError, match="phi"):
            shape(box, phi=wrong, d=b, **numbers)
    with pytest.raises(TypeError, match="d_max"):
        shape(box, phi=a, d=b, quarter_width=1, d_max="5")
    with pytest.raises(TypeError, match="missing d_max"):
        shape(box, phi=a, d=b, quarter_width=1)
    launched = len(double.launches)
    shape([(0, 0, 0, 1, 0, 1), (3, 3, 0, 2, 0, 1)], phi=a, d=b, **numbers)
    assert len(double.launches) == launched  # an empty grid is an error on a GPU


def test_staging_and_transfers(double):
    backend = CudaBackend()
    staging = backend.staging(4)
    staging.array[...] = backend.upload([1, 2, 3, 4])
    staging.download()
    backend.wait()
    assert staging.host.tolist() == [1, 2, 3, 4] and double.waits == 1
    staging.host[:] = 7
    staging.upload()
    assert backend.to_host(staging.array).tolist() == [7] * 4
    assert type(backend.to_host(staging.array)) is np.ndarray


def test_a_field_lends_the_address_of_its_first_own_cell(double):
    backend = CudaBackend()
    block = Block(Grid((5, 4, 3)), backend, Serial())
    field = Field("phi", block, backend)
    assert field.address == backend.address(field.own)
    assert field.address % 32 == 0


@pytest.mark.parametrize(
    ("sizes", "block"),
    [((128, 128, 128), (64, 4, 1)), ((40, 30, 1), (64, 4, 1)), ((1, 128, 128), (1, 128, 2))]
    + [((3, 2, 64), (4, 2, 32)), ((1, 1, 1), (1, 1, 1)), ((9, 1, 500), (16, 1, 16))],
)
def test_blocks_fit_their_boxes(sizes, block):
    assert _block(list(sizes)) == block
