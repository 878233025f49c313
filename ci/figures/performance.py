"""docs/performance.md: speed of a step beside the copy bandwidth of the same minute."""

import json
import os
import subprocess
import sys

from ci.figures import page
from levitas.solver.cli.traffic import moved_bytes
from levitas.solver.run import provenance

SUITES = ("flow", "two-phase", "thermal", "conduction", "io")
ABOUT = """Float32, one rank, halos included, best of five rounds (`levitas bench`). Bandwidths of
shared machines change from minute to minute: "copy" is what a plain copy of large arrays read and
wrote per second around the best round, "share" the step's own traffic over it. "moved" is counted
from the loads and stores of the compiled kernels, each distinct value once; "held" is every byte
allocated, halos, padding and scratch included. For io a cell counts when a snapshot of all fields
and a checkpoint of it are on disk, and the copy is still one of memory."""
PEER = """`docs/peers.md` sets these steps beside those of another program, in turns on one
machine."""
GPU = """The bytes below are **predicted**: counted from the PTX of the kernels
(`python -m ci.count_traffic`), values of neighbours taken from cache. No GPU has been measured yet,
so there is no speed here."""


def main(size: int) -> int:
    """Measure with one thread and with all, write the page."""
    load, cores = os.getloadavg()[0], len(os.sched_getaffinity(0))
    threads = sorted({1, cores})
    results = [_measure(suite, size, n) for suite in SUITES for n in threads]
    rows = [
        [
            r["suite"],
            f"{r['size']}^3",
            r["threads"],
            f"{r['mlups']:.0f}",
            f"{r['bytes_moved']:.0f}",
            f"{r['bytes_held']:.1f}",
            f"{r['copy_gbs']:.1f}",
            f"{r['fraction']:.2f}",
        ]
        for r in results
    ]
    head = ["suite", "cells", "threads", "MLUPS", "moved B", "held B", "copy GB/s", "share"]
    gpu = [[suite, f"{moved_bytes(suite):.0f}"] for suite in SUITES[:-1]]
    parts = [
        ABOUT,
        f"Measured on {provenance.cpu()}, {cores} cores, {provenance.compiler()}; when it began,"
        f" {load:.1f} other processes wanted a core.",
        page.table(head, rows),
        PEER,
        "## GPU",
        GPU,
        page.table(["suite", "moved bytes a cell and step, predicted"], gpu),
    ]
    command = "python -m ci.figures performance"
    print(page.write("performance.md", "Performance", command, parts))
    return 0


def _measure(suite: str, size: int, threads: int) -> dict:
    """The record of `levitas bench --json` on the CPU."""
    asked = ["--suite", suite, "--size", str(size), "--threads", str(threads), "--backend", "cpu"]
    done = subprocess.run(
        [sys.executable, "-m", "levitas", "bench", *asked, "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    result = json.loads(done.stdout)["results"][0]
    print(result, flush=True)
    return result
