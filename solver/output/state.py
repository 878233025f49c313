"""State that is no field, in a checkpoint: JSON for numbers, lists and words, files for arrays.

A state is a dict of str keys whose values are None, bool, int, float, str, NumPy arrays, and lists
and dicts of these. It comes back bit for bit (a tuple as a list, a NumPy number as Python's). It is
the same on every rank, and rank 0 writes it: what belongs to cells is a field.
"""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from levitas.solver.errors import CorruptRun, LevitasError
from levitas.solver.grid.comm import agree

ARRAY = "__array__"  # {ARRAY: number} stands for an array in the JSON


def digest(data) -> str:
    """The hash used in manifests, of bytes or of a contiguous array."""
    import xxhash

    return xxhash.xxh3_128_hexdigest(data)


def split(state: Any, arrays: list[np.ndarray], place: str = "state") -> Any:
    """The state as JSON holds it; its arrays are appended to `arrays`.

    TypeError, naming the place, for what has no form in a checkpoint.
    """
    if isinstance(state, np.ndarray) and state.dtype.kind in "biuf":
        data = np.ascontiguousarray(state).reshape(state.shape)
        arrays.append(data.astype(data.dtype.newbyteorder("<"), copy=False))
        return {ARRAY: len(arrays) - 1}
    if isinstance(state, np.generic):
        state = state.item()
    if state is None or isinstance(state, bool | int | float | str):
        return state
    if isinstance(state, list | tuple):
        return [split(value, arrays, f"{place}[{n}]") for n, value in enumerate(state)]
    if isinstance(state, dict) and all(isinstance(key, str) and key != ARRAY for key in state):
        return {key: split(value, arrays, f"{place}.{key}") for key, value in state.items()}
    raise TypeError(f"{place}: a checkpoint cannot hold {type(state).__name__} {state!r:.60}")


def join(state: Any, arrays: list[np.ndarray]) -> Any:
    """The state that `split` took apart."""
    if isinstance(state, list):
        return [join(value, arrays) for value in state]
    if not isinstance(state, dict):
        return state
    if state.keys() == {ARRAY}:
        return arrays[state[ARRAY]]
    return {key: join(value, arrays) for key, value in state.items()}


def check_equal(comm, state: Any, arrays: list[np.ndarray]) -> None:
    """LevitasError on all ranks where their states differ."""
    mine = [json.dumps(state, sort_keys=True)] + [
        f"{a.dtype} {a.shape} {digest(a)}" for a in arrays
    ]
    everyone = comm.gather(digest("\n".join(mine).encode()))
    failed = None
    if everyone and len(set(everyone)) > 1:
        other = next(n for n, found in enumerate(everyone) if found != everyone[0])
        failed = LevitasError(
            f"the state beside the fields differs between rank 0 and rank {other}: "
            "an error of the program, please report it"
        )
    agree(comm, failed)


def write(folder: Path, arrays: list[np.ndarray]) -> list[dict]:
    """Write the arrays of a state; what the manifest says of each. One rank calls it."""
    parts = []
    for n, array in enumerate(arrays):
        path = folder / f"state.{n:05d}.bin"
        with open(path, "wb") as file:
            file.write(array.tobytes())
            file.flush()
            os.fsync(file.fileno())
        about = {"file": path.name, "shape": list(array.shape), "dtype": array.dtype.str}
        parts.append(about | {"hash": digest(array.tobytes())})
    return parts


def read(folder: Path, part: dict) -> np.ndarray:
    """The array of a part. CorruptRun if it is not as the manifest says."""
    path = folder / part["file"]
    try:
        data = path.read_bytes()
        if digest(data) != part["hash"]:
            raise CorruptRun(f"{path} does not match its hash")
        return np.frombuffer(data, part["dtype"]).reshape(part["shape"]).copy()
    except (OSError, ValueError) as error:
        raise CorruptRun(f"{path}: {error}") from error
