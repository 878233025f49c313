"""Count the bytes that each kernel of a step moves, from its PTX: python -m ci.count_traffic

Writes kernels/traffic.json, which `levitas bench` reads. Run it after a change to a kernel.
"""

import json
import tempfile
from pathlib import Path

from levitas.solver.backend import source as kernel_text
from levitas.solver.backend.cpu import CpuBackend
from levitas.solver.cli import bench
from tests.support import nvrtc, traffic

TABLE = Path(__file__).resolve().parent.parent / "kernels" / "traffic.json"
SIZE = 16
PARTIAL = ("halo.cu", "pressure_reference.cu")  # faces only; once in many steps


class Spy(CpuBackend):
    """Notes which kernels are called."""

    def __init__(self):
        super().__init__("float32", 1)
        self.called = {}

    def kernel(self, file, name, **defines):
        kernel = super().kernel(file, name, **defines)
        spy = _Spied(kernel, lambda: self.called.update({name: (file, defines)}))
        return kernel if file in PARTIAL else spy


class _Spied:
    def __init__(self, kernel, tell):
        self.kernel, self.tell = kernel, tell

    def __call__(self, *boxes, **arguments):
        self.tell()
        self.kernel(*boxes, **arguments)

    def bind(self, *boxes, **arguments):
        bound = self.kernel.bind(*boxes, **arguments)
        return lambda *a, **k: (self.tell(), bound(*a, **k))


def count() -> dict[str, dict[str, int]]:
    """suite -> kernel -> bytes a cell."""
    table = {}
    for suite in (name for name in bench.SUITES if name != "io"):
        engine = Spy()
        with tempfile.TemporaryDirectory() as scratch:
            sim, _ = bench.simulation(suite, SIZE, engine, Path(scratch))
        engine.called.clear()
        bench.step_of(suite, sim)()
        table[suite] = {name: _bytes(name, *how) for name, how in sorted(engine.called.items())}
    return table


def _bytes(name: str, file: str, defines: dict) -> int:
    text = kernel_text.specialised(file, 32, defines)
    ptx, _ = nvrtc.compile_text(text, "sm_80")
    found = traffic.traffic(ptx, name, defines["VOLUME"])
    assert not found.indirect, f"{name}: accesses that depend on data: {found.indirect}"
    return found.bytes


if __name__ == "__main__":
    TABLE.write_text(json.dumps(count(), indent=2) + "\n")
    print(TABLE.read_text())
