"""Memory traffic of a step: counted from the compiled kernels by `ci/count_traffic.py`."""

import json
from importlib.resources import files


def moved_bytes(suite: str) -> float:
    """Bytes a cell and step of the float32 kernels of a suite, such as "two-phase".

    Each distinct value that a kernel loads or stores counts once; values of neighbours come from
    cache. The table is generated; a test recounts it.
    """
    table = json.loads(files("levitas.kernels").joinpath("traffic.json").read_text())
    return sum(table[suite].values())
