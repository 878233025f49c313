"""What a run folder holds, without reading its case or its fields."""

import os
from pathlib import Path

from levitas.solver.errors import CorruptRun
from levitas.solver.output import summary


def summary_of(folder: Path | str) -> dict:
    """The summary of a run. CorruptRun if there is none or it is damaged."""
    path = Path(folder) / "summary.json"
    if not os.path.exists(path):  # False for a name that is too long
        raise CorruptRun(f"{folder} holds no summary.json: is it a run folder?")
    return summary.read(path)


def contents(folder: Path | str) -> dict[str, list[str]]:
    """Names of its snapshots, checkpoints and pictures, in order."""
    patterns = {"snapshots": "*.nc", "checkpoints": "ckpt_*", "pictures": "*"}
    return {
        what: sorted(p.name for p in (Path(folder) / what).glob(pattern))
        for what, pattern in patterns.items()
    }
