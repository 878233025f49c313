"""Data files that a case names: inside its folder, plain, of a size that can be read."""

import os
import stat
from pathlib import Path, PurePosixPath

from levitas.solver.errors import CaseError
from levitas.solver.limits import DATA_BYTES


def data_file(folder: Path, name: str) -> Path:
    """The path of a data file of the case folder.

    Raises CaseError if it leaves the folder, is absent, no regular file, empty or too large.
    """
    relative = PurePosixPath(name)
    if not name.isprintable() or not relative.parts or relative.is_absolute():
        raise CaseError(f"'{name[:60]}' is no file of the case folder; give a name such as g.csv")
    path = Path(folder) / name
    try:
        if not path.resolve().is_relative_to(Path(folder).resolve()):
            raise CaseError(f"'{name[:60]}' leaves the folder of the case; copy the file there")
        about = os.stat(path)
        if not stat.S_ISREG(about.st_mode):
            raise CaseError(f"'{name[:60]}' is not a regular file; give a data file")
        if not os.access(path, os.R_OK):
            raise CaseError(f"'{name[:60]}' may not be read; change its permissions")
    except FileNotFoundError:
        raise CaseError(f"there is no file '{name[:60]}'; put it into the case folder") from None
    except OSError as error:
        raise CaseError(
            f"'{name[:60]}' cannot be read: {error.strerror}; replace the file"
        ) from None
    if not 0 < about.st_size <= DATA_BYTES:
        what = f"larger than {DATA_BYTES / 1e6:g} MB" if about.st_size else "empty"
        raise CaseError(f"'{name[:60]}' is {what}; give a smaller file with data")
    return path


def stamp(path: Path) -> tuple[Path, int, int]:
    """What tells two states of a file apart, as a key of caches."""
    about = path.stat()
    return path, about.st_mtime_ns, about.st_size


RESERVED_NAMES = (
    *("case.toml", "log.txt", "log.jsonl", "series.nc", "summary.json", "stop", "movie.mp4"),
    *("snapshots", "checkpoints", "pictures"),
)
