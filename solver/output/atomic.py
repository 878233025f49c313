"""Files that are either whole or absent: temporary name, flush to disk, rename."""

import errno
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from levitas.solver.errors import LevitasError, ResourceError


def sync(path: Path) -> None:
    """Flush a file, or a folder's list of names, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def temporary(path: Path) -> Path:
    """The name under which `path` is written until it is whole."""
    return path.with_name(f".{path.name}.partial")


def publish(partial: Path, path: Path) -> None:
    """Give a whole file or folder its name; a file replaces the one of that name."""
    os.replace(partial, path)
    sync(path.parent)


def write_text(path: Path, text: str) -> None:
    """Write a text file durably; an earlier file of that name stays if this fails."""
    partial = temporary(path)
    with writing(path):
        try:
            with open(partial, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            publish(partial, path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise


@contextmanager
def writing(path: Path):
    """Turn what the system or netCDF says of a failed write into a ResourceError."""
    try:
        yield
    except LevitasError:
        raise
    except (OSError, RuntimeError) as error:
        raise ResourceError(
            f"cannot write {path}: {_reason(error, path)}. Everything written "
            "before is intact; free some space and run the same command again to continue"
        ) from error


def _reason(error: Exception, path: Path) -> str:
    """HDF5 names no cause, or a wrong one: a disk with no room left is recognised here."""
    folder = next(p for p in [*Path(path).absolute().parents] if p.exists())
    if shutil.disk_usage(folder).free < 1 << 20:
        return os.strerror(errno.ENOSPC)
    return getattr(error, "strerror", None) or str(error)
