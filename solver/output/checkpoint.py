"""Checkpoints: the whole state of a run on disk, whole or absent, readable on any rank count.

`checkpoints/ckpt_<step>/` holds one raw file per field and rank (own cells, little-endian, order
component, z, y, x), one raw file per array of the state that is no field, and `manifest.json`,
written last, with the place, shape and hash of each part, the rest of that state (the clock, what
each physics keeps beside its fields) and the state of outputs and accumulators.
"""

import json
import os
import shutil
from pathlib import Path

import numpy as np

from levitas.solver.errors import CorruptRun, LevitasError
from levitas.solver.grid.comm import agree
from levitas.solver.output import atomic
from levitas.solver.output import state as beside
from levitas.solver.output.state import digest

FORMAT = 1
MANIFEST = "manifest.json"


def write(folder: Path, sim, run_state: dict, keep: int = 2) -> Path:
    """Write the state of `sim` and `run_state` (JSON) as `folder/ckpt_<step>`; collective.

    Older checkpoints than the newest `keep` are removed once this one is whole. ResourceError if it
    cannot be written; then the earlier ones are as they were.
    """
    folder = Path(folder)
    final = folder / f"ckpt_{sim.steps:08d}"
    partial = atomic.temporary(final)
    fields, rest, arrays = _state(sim)
    failed, parts, tables = None, {}, []
    try:
        with atomic.writing(final):
            if sim.comm.rank == 0:
                folder.mkdir(parents=True, exist_ok=True)
                shutil.rmtree(partial, ignore_errors=True)
                partial.mkdir()
    except LevitasError as error:
        failed = error
    agree(sim.comm, failed)
    try:
        with atomic.writing(final):
            parts = _write_parts(partial, sim, fields)
            if sim.comm.rank == 0:
                tables = beside.write(partial, arrays)
    except LevitasError as error:
        failed = error
    everyone = sim.comm.gather(parts)
    try:
        agree(sim.comm, failed)
        if sim.comm.rank == 0:
            failed = _seal(partial, final, _manifest(sim, rest, tables, run_state, everyone), keep)
        agree(sim.comm, failed)
    except LevitasError:
        if sim.comm.rank == 0:
            shutil.rmtree(partial, ignore_errors=True)
        raise
    return final


def _state(sim) -> tuple[dict, dict, list]:
    """(own cells of the saved fields, the state beside them as JSON, its arrays)."""
    fields, rest = sim.state()
    arrays: list[np.ndarray] = []
    rest = beside.split(rest, arrays)
    beside.check_equal(sim.comm, rest, arrays)
    return fields, rest, arrays


def _write_parts(partial: Path, sim, arrays: dict) -> dict:
    parts = {}
    for name, array in arrays.items():
        data = np.ascontiguousarray(array)
        data = data.astype(data.dtype.newbyteorder("<"), copy=False)
        path = partial / f"{name}.{sim.comm.rank:05d}.bin"
        with open(path, "wb") as file:
            file.write(memoryview(data).cast("B"))
            file.flush()
            os.fsync(file.fileno())
        parts[name] = {
            "file": path.name,
            "start": list(sim.block.start),
            "shape": list(sim.block.shape),
            "components": int(data.shape[0]),
            "dtype": data.dtype.str,
            "hash": digest(data),
        }
    return parts


def _manifest(sim, rest: dict, tables: list, run_state: dict, everyone: list[dict]) -> dict:
    return {
        "format": FORMAT,
        "case": sim.case.digest,
        "step": sim.steps,
        "time": sim.time,
        "cells": list(sim.grid.cells),
        "ranks": sim.comm.size,
        "fields": {name: [parts[name] for parts in everyone] for name in everyone[0]},
        "scalars": rest,
        "arrays": tables,
        "run": run_state,
    }


def _seal(partial: Path, final: Path, manifest: dict, keep: int) -> LevitasError | None:
    try:
        with atomic.writing(final):
            sealed = {"hash": digest(_text(manifest)), "manifest": manifest}
            atomic.write_text(partial / MANIFEST, json.dumps(sealed, indent=1))
            if final.exists():  # one that was found damaged, written again
                shutil.rmtree(final)
            atomic.publish(partial, final)
        _prune(final, keep)
    except LevitasError as error:
        return error
    return None


def _text(manifest: dict) -> bytes:
    return json.dumps(manifest, sort_keys=True).encode()


def _prune(newest: Path, keep: int):
    """Keep `newest` and the `keep - 1` before it; later steps belong to a past that was left."""
    folders = _present(newest.parent)
    at = folders.index(newest)
    for old in folders[:at] + folders[at + keep :]:
        shutil.rmtree(old, ignore_errors=True)


def _present(folder: Path) -> list[Path]:
    """Checkpoint folders, the newest first."""
    folders = [p for p in Path(folder).glob("ckpt_*") if p.name[5:].isdigit()]
    return sorted(folders, key=lambda p: int(p.name[5:]), reverse=True)


class Checkpoint:
    """A checkpoint on disk whose manifest is whole. CorruptRun if it is not."""

    def __init__(self, folder: Path):
        self.folder = Path(folder)
        try:
            outer = json.loads((self.folder / MANIFEST).read_text())
            self.manifest = outer["manifest"]
            whole = outer["hash"] == digest(_text(self.manifest))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CorruptRun(f"{self.folder}: unreadable manifest ({error})") from error
        if not whole:
            raise CorruptRun(f"{self.folder}: the manifest does not match its hash")
        if self.manifest["format"] != FORMAT:
            raise CorruptRun(
                f"{self.folder}: format {self.manifest['format']} is not known to this version"
            )

    @property
    def step(self) -> int:
        """The step at which it was written."""
        return self.manifest["step"]

    def verify(self, comm) -> None:
        """Compare every part with its hash, each by one rank; CorruptRun on all ranks."""
        parts = [part for field in self.manifest["fields"].values() for part in field]
        failed = None
        for part in parts[comm.rank :: comm.size]:
            try:
                if digest(self._part(part)) != part["hash"]:
                    raise CorruptRun(f"{self.folder / part['file']} does not match its hash")
            except CorruptRun as error:
                failed = failed or error
        for part in self._tables:
            try:
                beside.read(self.folder, part)
            except CorruptRun as error:
                failed = failed or error
        agree(comm, failed)

    @property
    def _tables(self) -> list[dict]:
        """The arrays that are no field; earlier versions of the program had none."""
        return self.manifest.get("arrays", [])

    def _part(self, part: dict) -> np.ndarray:
        nx, ny, nz = part["shape"]
        try:
            return np.memmap(
                self.folder / part["file"], part["dtype"], "r", 0, (part["components"], nz, ny, nx)
            )
        except (OSError, ValueError) as error:
            raise CorruptRun(f"{self.folder / part['file']}: {error}") from error

    def read(self, name: str, start, shape) -> np.ndarray:
        """The cells (x, y, z) from `start` of `shape` of a field, (c, nz, ny, nx)."""
        parts = self.manifest["fields"][name]
        whole = np.empty((parts[0]["components"], *shape[::-1]), parts[0]["dtype"])
        for part in parts:
            mine, theirs = _overlap(start, shape, part["start"], part["shape"])
            if mine is not None:
                whole[mine] = self._part(part)[theirs]
        return whole

    def restore(self, sim) -> dict:
        """Put the state into `sim` and return the run's state. CorruptRun if they do not match."""
        fields = self.manifest["fields"]
        saved = {name for name, field in sim.fields.items() if field.saved}
        if list(sim.grid.cells) != self.manifest["cells"] or saved != set(fields):
            raise CorruptRun(f"{self.folder}: its fields or cells are not those of the case")
        arrays = {n: self.read(n, sim.block.start, sim.block.shape) for n in fields}
        tables = [beside.read(self.folder, part) for part in self._tables]
        sim.restore(arrays, beside.join(self.manifest["scalars"], tables))
        return self.manifest["run"]


def _overlap(start, shape, other_start, other_shape):
    """Slices (c, z, y, x) of the common cells in the one box and in the other, or None, None."""
    mine, theirs = [], []
    for s, n, t, m in zip(start, shape, other_start, other_shape, strict=True):
        low, high = max(s, t), min(s + n, t + m)
        if low >= high:
            return None, None
        mine.append(slice(low - s, high - s))
        theirs.append(slice(low - t, high - t))
    return (slice(None), *mine[::-1]), (slice(None), *theirs[::-1])


def latest(folder: Path, comm, warn=lambda text: None) -> Checkpoint | None:
    """The newest checkpoint that is whole; collective. None if there is none at all.

    A damaged one is named through `warn` and the next older one is taken. CorruptRun if all are
    damaged.
    """
    names = comm.bcast(_present(folder) if comm.rank == 0 else None)
    faults = []
    for path in names:
        try:
            damage, candidate = None, None
            try:
                candidate = Checkpoint(path)
            except CorruptRun as error:
                damage = error
            agree(comm, damage)
            candidate.verify(comm)
            return candidate
        except CorruptRun as error:
            faults.append(str(error))
            warn(f"damaged checkpoint: {error}")
    if faults:
        raise CorruptRun("no checkpoint is whole:\n" + "\n".join(faults) + "\nuse --restart")
    return None
