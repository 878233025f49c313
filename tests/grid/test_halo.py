"""Halo exchange on one rank, against np.pad."""

import numpy as np
import pytest

from levitas.solver.backend.backend import make_backend
from levitas.solver.backend.cpu import CpuBackend
from levitas.solver.grid.block import Block
from levitas.solver.grid.comm import Serial
from levitas.solver.grid.field import Field
from levitas.solver.grid.grid import AXES, Grid

PARITY = ("", "x", "y", "z", "xy", "yz")
SPEED = {"y-": (0.5, 0.0, -0.25), "x+": (0.0, 0.125, 0.0)}
COUNT = {"y+": (2,), "x-": (1,)}


def expected(field):
    """Own cells padded axis by axis, by the words of Field's docstring."""
    a = field.own.copy()
    for n, axis in enumerate(AXES[: field.block.grid.dimensions]):
        before = np.moveaxis(a, 3 - n, 1)
        after = np.zeros((len(a), before.shape[1] + 2, *before.shape[2:]), a.dtype)
        after[:, 1:-1] = before
        for side, halo, beside, far in (("-", 0, 1, -2), ("+", -1, -2, 1)):
            for c in range(field.components):
                after[c, halo] = layer(field, c, axis + side, after[c, beside], after[c, far])
        a = np.moveaxis(after, 1, 3 - n)
    return a


def layer(field, c, face, beside, far):
    kind = field.block.grid.faces[face]
    if kind == "periodic":
        return far
    if kind == "wall" and field.wall == "leave":
        return 0
    if kind == "wall" and field.wall == "reverse":
        return field.dtype.type(2 * field.wall_velocity.get(face, (0, 0, 0))[c]) - beside
    return -beside if field.parity[c].count(face[0]) % 2 else beside


class Emulated(CpuBackend):
    """Kernels as their GPU branch has them, on the CPU."""

    def kernel(self, file, name, **defines):
        return super().kernel(file, name, LEVITAS_EMULATE=1, **defines)


def second(field):
    """{(axis, side): the second halo layer across own cells}, by the words of Field's docstring."""
    found = {}
    for n, axis in enumerate(AXES[: field.block.grid.dimensions]):
        own = np.moveaxis(field.own, 3 - n, 1)
        cells = own.shape[1]
        near, far = min(1, cells - 1), max(cells - 2, 0)
        for side, beside, across in (("-", near, -2 % cells), ("+", far, 1 % cells)):
            layers = [
                layer(field, c, axis + side, own[c, beside], own[c, across])
                for c in range(field.components)
            ]
            found[axis, side] = np.array([np.broadcast_to(a, own[0, 0].shape) for a in layers])
    return found


def assert_deep(field):
    """Both layers of a field of depth 2."""
    flat = field.block.grid.dimensions == 2
    z = slice(None) if flat else slice(1, -1)
    assert np.array_equal(field.data[:, z, 1:-1, 1:-1], expected(field)), field.name
    for (axis, side), values in second(field).items():
        at = np.moveaxis(field.data, 3 - AXES.index(axis), 1)[:, 0 if side == "-" else -1]
        cut = [slice(2, -2)] * 2
        if flat:
            cut[0] = slice(None)  # of z, the first of the axes left
        assert np.array_equal(at[:, *cut], values), (field.name, axis, side)


def backend_of(precision):
    return Emulated("float32", 1) if precision == "emulated" else CpuBackend(precision, 1)


def faces(x, y, z):
    kinds = {"p": "periodic", "w": "wall", "s": "symmetry"}
    return {
        axis + side: kinds[k]
        for axis, pair in zip(AXES, (x, y, z), strict=True)
        for side, k in zip("-+", pair, strict=True)
    }


@pytest.mark.parametrize("precision", ["float32", "float64", "emulated"])
@pytest.mark.parametrize("kinds", [("pp", "pp", "pp"), ("ww", "sw", "pp"), ("ss", "ww", "ws")])
@pytest.mark.parametrize("cells", [(7, 5, 3), (40, 2, 2), (1, 1, 2), (9, 6, 1)])
def test_halos_of_several_fields(cells, kinds, precision):
    backend = backend_of(precision)
    kinds = kinds if cells[2] > 1 else (*kinds[:2], "pp")
    block = Block(Grid(cells, faces=faces(*kinds)), backend, Serial())
    fields = [
        Field("p", block, backend),
        Field("u", block, backend, 3, parity=tuple(AXES), wall="reverse", wall_velocity=SPEED),
        Field("m", block, backend, 6, parity=PARITY, wall="leave"),
        Field("g", block, backend, 6, parity=PARITY),
    ]
    random = np.random.default_rng(1)
    for field in fields:
        field.own[...] = random.standard_normal(field.own.shape)
    before = [field.own.copy() for field in fields]
    block.exchange(*fields)
    for field, own in zip(fields, before, strict=True):
        assert np.array_equal(field.own, own), field.name
        assert np.array_equal(field.data, expected(field)), field.name


@pytest.mark.parametrize("precision", ["float32", "float64", "emulated"])
@pytest.mark.parametrize("kinds", [("pp", "pp", "pp"), ("ww", "sw", "pp"), ("ss", "ww", "ws")])
@pytest.mark.parametrize("cells", [(7, 5, 3), (40, 2, 2), (1, 1, 2), (9, 6, 1)])
def test_two_layers(cells, kinds, precision):
    backend = backend_of(precision)
    kinds = kinds if cells[2] > 1 else (*kinds[:2], "pp")
    block = Block(Grid(cells, faces=faces(*kinds)), backend, Serial(), depth=2)
    fields = [
        Field("T", block, backend, depth=2),
        Field("u", block, backend, 3, parity=tuple(AXES), wall="reverse", wall_velocity=SPEED),
        Field("v", block, backend, 2, parity=("x", "yz"), wall="leave", depth=2),
    ]
    random = np.random.default_rng(1)
    for field in fields:
        field.own[...] = random.standard_normal(field.own.shape)
    before = [field.own.copy() for field in fields]
    block.exchange(*fields)
    for field, own in zip(fields, before, strict=True):
        assert np.array_equal(field.own, own), field.name
    assert np.array_equal(fields[1].data, expected(fields[1]))
    assert_deep(fields[0])
    assert_deep(fields[2])


def test_a_shallow_block_has_no_deep_fields():
    backend = make_backend("cpu", "float32", threads=1)
    with pytest.raises(ValueError, match="2 halo layers, the block has 1"):
        Field("T", Block(Grid((6, 5, 4)), backend, Serial()), backend, depth=2)


def test_room_for_scalars_changes_nothing_without_them():
    backend = make_backend("cpu", "float32", threads=1)
    block = Block(Grid((6, 5, 4)), backend, Serial())
    assert (block.pitch, block.plane, block.volume) == (8, 56, 336)


def test_threads_do_not_change_halos():
    data = []
    for threads in (1, 2):
        backend = make_backend("cpu", "float32", threads)
        block = Block(Grid((70, 60, 50)), backend, Serial())
        field = Field("m", block, backend, 6)
        field.own[...] = np.random.default_rng(1).random(field.own.shape)
        block.exchange(field)
        data.append(field.data)
    assert np.array_equal(*data)


def test_exchange_follows_a_swap():
    backend = make_backend("cpu", "float32", threads=1)
    block = Block(Grid((6, 5, 4)), backend, Serial())
    a, b = Field("a", block, backend), Field("b", block, backend)
    a.own[...], b.own[...] = 1, 2
    block.exchange(a)
    a.swap(b)
    assert a.data[0, 0, 0, 0] == 0
    block.exchange(a)
    assert (a.data == 2).all() and (b.data == 1).all()
    a.swap(b)
    a.own[...] = 3
    block.exchange(a)
    assert (a.data == 3).all() and (b.data == 2).all()


def test_types_without_halos_are_named():
    backend = make_backend("cpu", "float32", threads=1)
    block = Block(Grid((6, 5, 4)), backend, Serial())
    with pytest.raises(TypeError, match="ids is float64, none of float32, uint8, uint16, int32"):
        block.exchange(Field("ids", block, backend, dtype=np.float64))


@pytest.mark.parametrize("precision", ["float32", "float64", "emulated"])
@pytest.mark.parametrize("kinds", [("pp", "pp", "pp"), ("ww", "sw", "pp"), ("ss", "ww", "ws")])
@pytest.mark.parametrize("cells", [(7, 5, 3), (40, 2, 2), (9, 6, 1)])
def test_whole_numbers_have_halos(cells, kinds, precision):
    """Exactly, beside reals in the same exchange; large ones too, which no float32 holds."""
    backend = backend_of(precision)
    kinds = kinds if cells[2] > 1 else (*kinds[:2], "pp")
    block = Block(Grid(cells, faces=faces(*kinds)), backend, Serial(), depth=2)
    fields = [
        Field("grain", block, backend, dtype=np.uint16),
        Field("p", block, backend, depth=2),
        Field("shift", block, backend, 3, parity=tuple(AXES), dtype=np.int32, depth=2),
        Field("mask", block, backend, 2, dtype=np.uint8, wall="leave"),
        Field("count", block, backend, dtype=np.int32, wall="reverse", wall_velocity=COUNT),
    ]
    random = np.random.default_rng(3)
    for field in fields:
        info = np.iinfo(field.dtype) if field.dtype.kind in "iu" else np.iinfo(np.int8)
        field.own[...] = random.integers(info.min + 9, info.max, field.own.shape, endpoint=True)
    before = [field.own.copy() for field in fields]
    block.exchange(*fields)
    for field, own in zip(fields, before, strict=True):
        assert np.array_equal(field.own, own), field.name
        if field.depth > 1:
            assert_deep(field)
        else:
            assert np.array_equal(field.data, expected(field)), field.name


ROWS = """
#include "x_halo.h"
KERNEL copy_rows(const real* RESTRICT a, real* RESTRICT b, const int64* RESTRICT x_halo_rules,
                 const real* RESTRICT x_halo_shifts, Box box) {
  FOR_ROWS(box) {
    const real* from = ROW(a);
    real* to = ROW(b);
    FOR_CELLS(i) {
      for (int c = 0; c < 6; ++c) COMPONENT(to, c)[i] = COMPONENT(from, c)[i];
    }
    WRITE_X_HALO(b, 1, 6);
#if DEEP
    WRITE_DEEP_X_HALO(b, 1, 6);
#endif
  }
}
"""


@pytest.mark.parametrize("precision", ["float32", "emulated"])
@pytest.mark.parametrize("wall", ["mirror", "reverse", "leave"])
@pytest.mark.parametrize("kinds", [("pp", "pp", "pp"), ("ws", "pp", "pp"), ("sw", "ww", "pp")])
@pytest.mark.parametrize(("nx", "depth"), [(70, 1), (70, 2), (33, 2), (1, 2)])
def test_kernels_may_write_x_halos_themselves(nx, depth, kinds, wall, precision, tmp_path):
    backend = backend_of(precision)
    block = Block(Grid((nx, 5, 4), faces=faces(*kinds)), backend, Serial(), depth=depth)
    p = Field("p", block, backend)
    about = {"parity": PARITY, "wall": wall, "wall_velocity": {"x+": range(6)}, "depth": depth}
    a, b = (Field(n, block, backend, 6, **about) for n in "ab")
    a.own[...] = np.random.default_rng(2).random(a.own.shape)
    (tmp_path / "rows.cu").write_text(ROWS)
    kernel = backend.kernel(tmp_path / "rows.cu", "copy_rows", DEEP=depth - 1, **block.defines)
    kernel([block.core, *block.shell], a=a, b=b, **block.x_halo(p, b))
    block.exchange(b, x_done=True)
    block.exchange(a)
    assert np.array_equal(b.own, a.own) and np.array_equal(b.data, a.data)
