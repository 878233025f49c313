"""`levitas doctor`: what this machine offers a run, and the remedy for what is missing."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from levitas import __version__
from levitas.solver.backend import compiler
from levitas.solver.backend.base import usable_cores
from levitas.solver.errors import LevitasError
from levitas.solver.run import provenance


def doctor_text() -> tuple[str, bool]:
    """(a line for each thing looked at, whether a run is possible)."""
    rows = [look() for look in (_program, _compiler, _gpu, _mpi, _pictures, _memory, _disk)]
    lines = [f"{state:7} {name:9} {text}" for name, state, text in rows]
    return "\n".join(lines), all(state != "FAILED" for _, state, _ in rows)


def _program():
    import netCDF4
    import numpy

    python = f"Python {sys.version.split()[0]}"
    files = f"netCDF {netCDF4.__netcdf4libversion__}, HDF5 {netCDF4.__hdf5libversion__}"
    return "levitas", "ok", f"{__version__}, {python}, numpy {numpy.__version__}, {files}"


def _compiler():
    """Build and run a kernel; without a compiler a GPU is needed."""
    from levitas.solver.backend.cpu import CpuBackend

    try:
        engine = CpuBackend("float32", 1)
        engine.kernel("interface.cu", "interface_distance", PITCH=8, PLANE=64, VOLUME=512)
        engine.compiled()
    except (LevitasError, RuntimeError) as error:
        return "compiler", "warning" if _has_gpu() else "FAILED", str(error).splitlines()[0]
    text = f"{provenance.compiler()}; kernels are kept in {compiler.cache_folder()}"
    return "compiler", "ok", f"{text}; {usable_cores()} x {provenance.cpu()}"


def _has_gpu() -> bool:
    from levitas.solver.backend import cuda

    return cuda.is_available()


def _gpu():
    if _has_gpu():
        import cupy

        names = [
            cupy.cuda.runtime.getDeviceProperties(n)["name"].decode()
            for n in range(cupy.cuda.runtime.getDeviceCount())
        ]
        return "GPU", "ok", ", ".join(names)
    if shutil.which("nvidia-smi"):
        return "GPU", "warning", "not usable: pip install 'levitas[cuda12]' or 'levitas[cuda13]'"
    return "GPU", "none", "runs use the CPU"


def _mpi():
    """Start MPI in a process of its own: a broken installation may end it."""
    output = _try("from mpi4py import MPI; print(MPI.Get_library_version().splitlines()[0])")
    if output is None:
        return "MPI", "none", "one rank only; pip install 'levitas[mpi]' or mpi4py for this site"
    launcher = Path(sys.executable).with_name("mpiexec")
    found = str(launcher) if launcher.exists() else shutil.which("mpiexec") or "no mpiexec"
    return "MPI", "ok", f"{output}; {found}"


def _pictures():
    from levitas.postprocess.pictures import offscreen

    if offscreen.available():
        return "pictures", "ok", f"PyVista through {os.environ[offscreen.VARIABLE]}"
    if _try("import matplotlib; print(1)"):
        return "pictures", "warning", f"slices and curves only. {offscreen.HOW}"
    return "pictures", "warning", "none; pip install 'levitas[viz]'"


def _try(code: str) -> str | None:
    """The last line that a small program prints, None if it fails."""
    try:
        words = [sys.executable, "-c", code]
        done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    except (OSError, subprocess.SubprocessError):
        return None
    lines = done.stdout.strip().splitlines()
    return lines[-1] if done.returncode == 0 and lines else None


def _memory():
    pages, page = os.sysconf("SC_AVPHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    free = pages * page
    return (
        "memory",
        "ok",
        f"{free / 2**30:.1f} GiB free: about {free / 125 / 1e6:.0f} million cells",
    )


def _disk():
    try:
        with tempfile.NamedTemporaryFile(dir=".", prefix=".levitas-doctor-"):
            pass
    except OSError as error:
        return "disk", "warning", f"{Path.cwd()} cannot be written: {error.strerror}"
    return "disk", "ok", f"{shutil.disk_usage('.').free / 2**30:.1f} GiB free in {Path.cwd()}"
