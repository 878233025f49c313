"""`levitas bench`: the speed of a step beside the copy bandwidth of the same minute."""

import gc
import json
import re
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from levitas.solver.backend.backend import make_backend
from levitas.solver.case.case import Case
from levitas.solver.cli.traffic import moved_bytes
from levitas.solver.errors import UsageError
from levitas.solver.grid.comm import Serial
from levitas.solver.output import checkpoint
from levitas.solver.output.output import Snapshots
from levitas.solver.output.schedule import Schedule
from levitas.solver.run.simulation import Simulation

SUITES = ("flow", "two-phase", "thermal", "conduction", "io")
NOT_AVAILABLE = ("solid", "coupled")
ROUNDS, SECONDS = 5, 0.6  # rounds of a measurement and the least length of one
PROBE_BYTES = 1 << 28  # bytes of each array of the copy probe: far beyond any cache

FLOW = """
[case]
units = "lattice"
end = {{ steps = 1000000 }}
[grid]
cells = [{n}, {n}, {n}]
[materials]
liquid = {{ density = 1.0, viscosity = 0.02 }}
[flow]
[[field]]
name = "u"
expression = "0.02*sin(2*pi*y/{n})"
"""
TWO_PHASE = """
[case]
units = "lattice"
end = {{ steps = 1000000 }}
[grid]
cells = [{n}, {n}, {n}]
[materials]
liquid = {{ density = 1.0, viscosity = 0.02, surface_tension = 1e-3 }}
gas = {{ density = 1e-3, viscosity = 2e-4 }}
[flow]
[interface]
[[shape]]
kind = "sphere"
centre = [0, 0, 0]
radius = {radius}
"""
FLUIDS = {"liquid": "conductivity = 0.05", "gas": "conductivity = 5e-5"}


def bench_text(suite: str, size: int, threads: int | None, backend: str, as_json: bool) -> str:
    """The result of a suite as text or JSON. UsageError for a suite that there is not."""
    results = [measure(suite, size, threads, backend)]
    if as_json:
        return json.dumps({"results": results}, indent=2)
    return "\n".join(f"{name:13} {value}" for name, value in results[0].items())


def measure(suite: str, size: int, threads: int | None = None, backend: str = "auto") -> dict:
    """Result of one suite on size^3 cells: the record of `levitas bench --json`.

    mlups           million cell updates a second (io: cells written a second, a snapshot each)
    bytes_moved     bytes of memory traffic a cell and step, counted from the compiled kernels
    bytes_held      bytes allocated a cell: fields, halos, padding, scratch
    copy_gbs        bytes read and written a second by a copy of large arrays, around the best round
    fraction        mlups x bytes_moved over copy_gbs

    thermal is the two-phase step with heat; conduction one more step of its conduction alone.
    """
    if suite in NOT_AVAILABLE:
        there = ", ".join(SUITES)
        raise UsageError(f"bench: the suite {suite} comes with its physics; there are {there}")
    if suite not in SUITES:
        raise UsageError(f"bench: no suite {suite!r}; there are {', '.join(SUITES)}")
    engine = make_backend(backend, "float32", threads)
    with tempfile.TemporaryDirectory(prefix="levitas-bench-") as scratch:
        sim, held = simulation(suite, size, engine, Path(scratch))
        if suite == "io":
            work, moved = _writer(sim, Path(scratch)), None
        else:
            work, moved = _repeated(sim, step_of(suite, sim)), moved_bytes(suite)
        speed, copy = _best(work, Probe(engine), size**3)
        if moved is None:
            moved = work.written / size**3
    return {
        "suite": suite,
        "size": size,
        "threads": engine.threads,
        "mlups": _rounded(speed / 1e6),
        "bytes_moved": _rounded(moved),
        "bytes_held": _rounded(held / size**3),
        "copy_gbs": _rounded(copy / 1e9),
        "fraction": _rounded(speed * moved / copy),
        "backend": engine.name,
    }


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def simulation(suite: str, size: int, engine, scratch: Path):
    """A simulation of the suite and the bytes that it holds."""
    text = FLOW if suite == "flow" else TWO_PHASE
    if suite in ("thermal", "conduction"):
        text = _heated(text)
    path = scratch / "case.toml"
    path.write_text(text.format(n=size, radius=size / 4))
    case = Case.read(path)
    with Held(engine) as held:
        sim = Simulation(case, engine, Serial())
    return sim, held.bytes


class Held:
    """Counts the bytes of arrays that are still there at the end of a `with`."""

    def __init__(self, engine):
        self.engine = engine

    def __enter__(self) -> "Held":
        import tracemalloc

        self.on_host = self.engine.xp is np
        if self.on_host:
            tracemalloc.start()
        else:
            self.before = self._pool()
        return self

    def __exit__(self, *error):
        import tracemalloc

        gc.collect()
        if not self.on_host:
            self.bytes = self._pool() - self.before
            return
        arrays = tracemalloc.DomainFilter(True, np.lib.tracemalloc_domain)
        traces = tracemalloc.take_snapshot().filter_traces([arrays]).traces
        self.bytes = sum(trace.size for trace in traces)
        tracemalloc.stop()

    def _pool(self) -> int:
        return self.engine.xp.get_default_memory_pool().used_bytes()


class Probe:
    """Copies one large array into another with the threads of the backend."""

    def __init__(self, engine):
        self.engine, n = engine, PROBE_BYTES // 4
        self.source, self.target = engine.zeros(n, np.float32), engine.zeros(n, np.float32)
        self.source[...] = 1
        cuts = [k * n // engine.threads for k in range(engine.threads + 1)]
        self.parts = [slice(a, b) for a, b in zip(cuts, cuts[1:], strict=False)]
        self.pool = ThreadPoolExecutor(engine.threads)

    def __call__(self) -> float:
        """Bytes read and written a second."""
        copy = self.engine.xp.copyto
        self.engine.wait()
        begin = time.perf_counter()
        list(self.pool.map(lambda part: copy(self.target[part], self.source[part]), self.parts))
        self.engine.wait()
        return 2 * PROBE_BYTES / (time.perf_counter() - begin)


def _best(work, probe: Probe, cells: int) -> tuple[float, float]:
    """(cells a second, copied bytes a second around it) of the best of some rounds."""
    probe()
    work(1)
    begin = time.perf_counter()
    work(1)
    count = max(1, round(SECONDS / (time.perf_counter() - begin)))
    rounds, before = [], probe()
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        work(count)
        speed = cells * count / (time.perf_counter() - begin)
        after = probe()
        rounds.append((speed, (before + after) / 2))
        before = after
    return max(rounds)


def _heated(text: str) -> str:
    """The case with a warm drop, heat capacities as the densities."""
    for name, more in FLUIDS.items():
        text = re.sub(
            rf"^({name} = .*) }}}}", rf"\1, heat_capacity = 1.0, {more} }}}}", text, flags=re.M
        )
    return text.replace("[interface]", "[interface]\n[heat]") + "temperature = 1.0\n"


def step_of(suite: str, sim):
    """What a suite does once."""
    return sim.physics["heat"].scalar.conduct if suite == "conduction" else sim.step


def _repeated(sim, step):
    def work(count: int):
        for _ in range(count):
            step()
        sim.backend.wait()

    return work


def _writer(sim, scratch: Path):
    """Writes a snapshot of all fields and a checkpoint; `written` counts the bytes of one time."""
    snapshots = Snapshots(scratch / "snapshots", Schedule(steps=1))

    def work(count: int):
        for _ in range(count):
            snapshots(sim)
            checkpoint.write(scratch / "checkpoints", sim, {}, keep=1)

    work(1)
    work.written = sum(p.stat().st_size for p in scratch.rglob("*") if p.is_file())
    return work
