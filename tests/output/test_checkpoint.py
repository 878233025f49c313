"""Checkpoints: whole or absent, on any split, damaged ones recognised."""

import json
import resource

import numpy as np
import pytest

from levitas.solver.errors import CorruptRun, LevitasError, ResourceError
from levitas.solver.grid.comm import Serial
from levitas.solver.grid.field import Field
from levitas.solver.output import checkpoint
from tests.support.fake_simulation import FakeSimulation, case, same_state
from tests.support.threads import on_ranks


@pytest.fixture
def sim():
    sim = FakeSimulation(case())
    for _ in range(5):
        sim.step()
    return sim


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_restored_simulation_has_the_same_bits(sim, tmp_path):
    sim.fields["phi"].own[0, 0, 0, :3] = [np.float32(1e-42), -0.0, 1 / 3]  # subnormal, sign
    checkpoint.write(tmp_path, sim, {"clock": 1.25, "series": None})
    again = FakeSimulation(case())
    found = checkpoint.latest(tmp_path, Serial())
    assert found.restore(again) == {"clock": 1.25, "series": None}
    assert found.step == 5 and same_state(sim, again)
    for _ in range(3):
        sim.step()
        again.step()
    assert same_state(sim, again)


def test_fields_that_are_not_saved_are_not_written(sim, tmp_path):
    path = checkpoint.write(tmp_path, sim, {})
    assert names(path) == ["manifest.json", "moments.00000.bin", "phi.00000.bin"]


def test_the_newest_two_are_kept(sim, tmp_path):
    for _ in range(4):
        sim.step()
        checkpoint.write(tmp_path, sim, {})
    assert names(tmp_path) == ["ckpt_00000008", "ckpt_00000009"]


def test_checkpoints_of_a_later_step_are_removed(sim, tmp_path):
    arrays, scalars = sim.state()
    for _ in range(3):
        sim.step()
        checkpoint.write(tmp_path, sim, {}, keep=3)
    sim.restore(arrays, scalars)
    sim.step()
    checkpoint.write(tmp_path, sim, {}, keep=3)
    assert names(tmp_path) == ["ckpt_00000006"]


def flip(path, at=17):
    data = bytearray(path.read_bytes())
    data[at] ^= 4
    path.write_bytes(data)


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])


DAMAGE = {
    "a flipped bit": lambda folder: flip(folder / "phi.00000.bin"),
    "a short part": lambda folder: cut(folder / "phi.00000.bin"),
    "a missing part": lambda folder: (folder / "phi.00000.bin").unlink(),
    "no manifest": lambda folder: (folder / "manifest.json").unlink(),
    "half a manifest": lambda folder: cut(folder / "manifest.json"),
    "another step": lambda folder: (folder / "manifest.json").write_text(
        (folder / "manifest.json").read_text().replace('"step": 6', '"step": 7')
    ),
    "not JSON": lambda folder: (folder / "manifest.json").write_bytes(b"\x00\xff" * 50),
    "another JSON": lambda folder: (folder / "manifest.json").write_text("[1, 2]"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_newest_one_is_named_and_the_older_one_taken(sim, tmp_path, damage):
    checkpoint.write(tmp_path, sim, {})
    sim.step()
    damage(checkpoint.write(tmp_path, sim, {}))
    said = []
    found = checkpoint.latest(tmp_path, Serial(), said.append)
    assert found.step == 5 and len(said) == 1 and "ckpt_00000006" in said[0]
    found.restore(sim)
    sim.step()
    checkpoint.write(tmp_path, sim, {})  # the damaged one is replaced
    assert checkpoint.latest(tmp_path, Serial()).step == 6


def test_two_damaged_ones_are_a_corrupt_run(sim, tmp_path):
    for _ in range(2):
        sim.step()
        flip(checkpoint.write(tmp_path, sim, {}) / "moments.00000.bin")
    with pytest.raises(CorruptRun, match="(?s)no checkpoint is whole.*00007.*00006.*--restart"):
        checkpoint.latest(tmp_path, Serial())


def test_without_checkpoints_there_is_none(tmp_path):
    (tmp_path / ".ckpt_00000007.partial").mkdir()
    (tmp_path / "ckpt_notes").mkdir()
    assert checkpoint.latest(tmp_path, Serial()) is None
    assert checkpoint.latest(tmp_path / "nowhere", Serial()) is None


def test_a_checkpoint_of_other_fields_is_refused(sim, tmp_path):
    checkpoint.write(tmp_path, sim, {})
    del sim.fields["phi"]
    with pytest.raises(CorruptRun, match="fields or cells"):
        checkpoint.latest(tmp_path, Serial()).restore(sim)


def test_full_disk_leaves_the_earlier_checkpoint(sim, tmp_path):
    checkpoint.write(tmp_path, sim, {"a": 1})
    sim.step()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(ResourceError, match="cannot write .*ckpt_00000006"):
            checkpoint.write(tmp_path, sim, {"a": 2}, keep=1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert names(tmp_path) == ["ckpt_00000005"]
    assert checkpoint.latest(tmp_path, Serial()).manifest["run"] == {"a": 1}


def test_an_interrupted_write_is_not_taken_for_a_checkpoint(sim, tmp_path, monkeypatch):
    checkpoint.write(tmp_path, sim, {})
    sim.step()

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(checkpoint.atomic, "write_text", killed)  # before the manifest
    with pytest.raises(KeyboardInterrupt):
        checkpoint.write(tmp_path, sim, {})
    assert checkpoint.latest(tmp_path, Serial()).step == 5


SPLITS = [(1, 1, 1), (2, 1, 1), (1, 3, 1), (1, 2, 2), (3, 1, 2)]


@pytest.mark.parametrize("split", SPLITS[1:])
@pytest.mark.parametrize("other", SPLITS)
def test_any_split_reads_what_any_split_wrote(tmp_path, split, other):
    def write(comm):
        sim = FakeSimulation(case(), comm=comm, split=split)
        sim.step()
        checkpoint.write(tmp_path, sim, {"a": 1})

    def read(comm):
        sim = FakeSimulation(case(), comm=comm, split=other)
        checkpoint.latest(tmp_path, comm).restore(sim)
        sim.step()
        return [sim.block.gather(sim.fields[name]) for name in ("phi", "moments")]

    on_ranks(int(np.prod(split)), write)
    assert json.loads((tmp_path / "ckpt_00000001/manifest.json").read_text())["manifest"][
        "ranks"
    ] == int(np.prod(split))
    alone = FakeSimulation(case())
    alone.step()
    alone.step()
    for name, found in zip(("phi", "moments"), on_ranks(int(np.prod(other)), read)[0], strict=True):
        assert np.array_equal(found, alone.fields[name].own)


def test_damage_that_one_rank_finds_is_known_to_all(tmp_path):
    def work(comm):
        sim = FakeSimulation(case(), comm=comm)
        checkpoint.write(tmp_path, sim, {})
        sim.step()
        path = checkpoint.write(tmp_path, sim, {})
        if comm.rank == 2:
            flip(path / "phi.00001.bin")
        comm.barrier()
        return checkpoint.latest(tmp_path, comm).step

    assert on_ranks(3, work) == [0, 0, 0]


def test_a_write_that_fails_on_one_rank_fails_on_all(tmp_path, monkeypatch):
    write_parts = checkpoint._write_parts

    def broken(partial, sim, arrays):
        if sim.comm.rank == 1:
            raise OSError(28, "No space left on device")
        return write_parts(partial, sim, arrays)

    monkeypatch.setattr(checkpoint, "_write_parts", broken)

    def work(comm):
        with pytest.raises(ResourceError, match="No space left"):
            checkpoint.write(tmp_path, FakeSimulation(case(), comm=comm), {})
        return True

    assert on_ranks(3, work) == [True] * 3 and names(tmp_path) == []


class Keeper(FakeSimulation):
    """A stand-in with an integer field, and state that is no field."""

    def __init__(self, case, **kinds):
        super().__init__(case, **kinds)
        self.beside = {}
        self.fields["grain"] = Field("grain", self.block, self.backend, dtype=np.uint16)
        x, y, z = self.block.centres()
        self.fields["grain"].own[0] = 9000 * x + 700 * y - z

    def state(self):
        fields, rest = super().state()
        return fields, rest | {"physics": {"nuclei": self.beside}}

    def restore(self, arrays, scalars):
        super().restore(arrays, scalars)
        self.beside = scalars["physics"]["nuclei"]


BESIDE = {
    "offset": [0.1, -0.0, 1e-320, float("inf")],
    "name": "Ni \N{GREEK SMALL LETTER GAMMA}",
    "count": 2**70,
    "never": None,
    "events": [{"step": 3, "cell": [1, 2, 3]}, {}],
    "orientations": np.random.default_rng(4).standard_normal((5, 3)),
    "ids": np.array([65535, 0, 7], np.uint16),
    "active": np.array(True),
    "tables": [np.zeros((0, 2), np.float32), np.array([1e-42, -0.0], np.float32)],
}


def alike(a, b):
    """Whether two states are the same to the last bit, types included."""
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(alike(a[k], b[k]) for k in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(alike, a, b))
    return type(a) is type(b) and repr(a) == repr(b)


def test_state_that_is_no_field_comes_back(tmp_path):
    sim, again = Keeper(case()), Keeper(case())
    sim.beside = BESIDE
    path = checkpoint.write(tmp_path, sim, {})
    assert "grain.00000.bin" in names(path) and "state.00004.bin" in names(path)
    again.fields["grain"].own[...] = 0
    checkpoint.latest(tmp_path, Serial()).restore(again)
    assert alike(again.beside, BESIDE) and alike(again.state()[0], sim.state()[0])


@pytest.mark.parametrize("split", SPLITS[1:3])
@pytest.mark.parametrize("other", SPLITS[:4])
def test_any_split_reads_state_and_whole_numbers(tmp_path, split, other):
    def write(comm):
        sim = Keeper(case(), comm=comm, split=split)
        sim.beside = BESIDE
        checkpoint.write(tmp_path, sim, {})

    def read(comm):
        sim = Keeper(case(), comm=comm, split=other)
        sim.fields["grain"].own[...] = 0
        checkpoint.latest(tmp_path, comm).restore(sim)
        return alike(sim.beside, BESIDE), sim.block.gather(sim.fields["grain"])

    on_ranks(int(np.prod(split)), write)
    found = on_ranks(int(np.prod(other)), read)
    assert all(same for same, _ in found)
    assert alike(found[0][1], Keeper(case()).fields["grain"].own.copy())


def test_a_state_that_differs_between_ranks_is_an_error_on_all(tmp_path):
    def work(comm):
        sim = Keeper(case(), comm=comm)
        sim.beside = {"ids": np.arange(3 + comm.rank // 2)}
        with pytest.raises(LevitasError, match="differs between rank 0 and rank 2"):
            checkpoint.write(tmp_path, sim, {})
        return True

    assert on_ranks(3, work) == [True] * 3 and names(tmp_path) == []


def test_what_a_checkpoint_cannot_hold_is_named(tmp_path):
    sim = Keeper(case())
    sim.beside = {"seeds": [1, {2, 3}]}
    with pytest.raises(TypeError, match=r"state\.physics\.nuclei\.seeds\[1\].* set"):
        checkpoint.write(tmp_path, sim, {})


@pytest.mark.parametrize("damage", [flip, cut, lambda path: path.unlink()])
def test_a_damaged_array_of_the_state_is_found(tmp_path, damage):
    sim = Keeper(case())
    sim.beside = BESIDE
    checkpoint.write(tmp_path, sim, {})
    sim.step()
    damage(checkpoint.write(tmp_path, sim, {}) / "state.00000.bin")
    assert checkpoint.latest(tmp_path, Serial()).step == 0


def test_a_checkpoint_from_before_there_was_such_state_is_read(sim, tmp_path):
    path = checkpoint.write(tmp_path, sim, {}) / "manifest.json"
    manifest = json.loads(path.read_text())["manifest"]
    del manifest["arrays"]
    text = json.dumps(manifest, sort_keys=True).encode()
    path.write_text(json.dumps({"hash": checkpoint.digest(text), "manifest": manifest}))
    again = FakeSimulation(case())
    checkpoint.latest(tmp_path, Serial()).restore(again)
    assert same_state(sim, again)
