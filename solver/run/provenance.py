"""Where a result comes from: versions, machine, compiler, command."""

import platform
import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np

from levitas import __version__
from levitas.solver.backend.base import usable_cores


def provenance(backend, comm, precision: str) -> dict:
    """What a reader needs to repeat a run: every value is text or a number."""
    return {
        "version": __version__,
        "commit": commit(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]]),
        "host": platform.node(),
        "system": platform.platform(),
        "cpu": cpu(),
        "cores": usable_cores(),
        "compiler": compiler(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "backend": backend.name,
        "device": device(backend),
        "ranks": comm.size,
        "threads": backend.threads,
        "precision": precision,
    }


@cache
def commit() -> str | None:
    """The git commit of the checkout this runs from ("+" if files were changed), if it is one."""
    root = Path(__file__).resolve().parent.parent.parent
    if not (root / ".git").exists():
        return None
    try:
        commands = (["rev-parse", "HEAD"], ["status", "--porcelain", "--untracked-files=no"])
        head, changed = (
            subprocess.run(
                ["git", "-C", root, *words], capture_output=True, text=True, timeout=10, check=True
            ).stdout.strip()
            for words in commands
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return head + ("+" if changed else "")


def cpu() -> str:
    """The name of the processor."""
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor()
    match = re.search(r"^model name\s*:\s*(.*)$", text, re.MULTILINE)
    return match[1].strip() if match else platform.machine()


@cache
def compiler() -> str | None:
    """First line of the host compiler's version, None without a compiler."""
    from levitas.solver.backend.compiler import find_compiler
    from levitas.solver.errors import ResourceError

    try:
        command = [*find_compiler(), "--version"]
        output = subprocess.run(command, capture_output=True, text=True, timeout=120).stdout
    except (ResourceError, OSError, subprocess.SubprocessError):
        return None
    return f"{shlex.join(command[:-1])}: {output.splitlines()[0]}" if output else None


def device(backend) -> str | None:
    """The name of the accelerator, None where the processor computes."""
    if backend.xp is np:
        return None
    properties = backend.xp.cuda.runtime.getDeviceProperties(backend.device)
    return properties["name"].decode()
