"""Halo exchange on one rank, against np.pad."""

import numpy as np
import pytest

from levitas.solver.backend import CpuBackend, make_backend
from levitas.solver.comm import Serial
from levitas.solver.field import Field
from levitas.solver.grid import AXES, Block, Grid

PARITY = ("", "x", "y", "z", "xy", "yz")
SPEED = {"y-": (0.5, 0.0, -0.25), "x+": (0.0, 0.125, 0.0)}


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


def test_only_reals_are_exchanged():
    backend = make_backend("cpu", "float32", threads=1)
    block = Block(Grid((6, 5, 4)), backend, Serial())
    with pytest.raises(TypeError, match="ids is uint8"):
        block.exchange(Field("ids", block, backend, dtype=np.uint8))


ROWS = """
#include "ends.h"
KERNEL copy_rows(const real* RESTRICT a, real* RESTRICT b, const int64* RESTRICT ends,
                 const real* RESTRICT shifts, Box box) {
  FOR_ROWS(box) {
    const real* from = ROW(a);
    real* to = ROW(b);
    FOR_CELLS(i) {
      for (int c = 0; c < 6; ++c) COMPONENT(to, c)[i] = COMPONENT(from, c)[i];
    }
    WRITE_ENDS(b, 1, 6);
  }
}
"""


@pytest.mark.parametrize("precision", ["float32", "emulated"])
@pytest.mark.parametrize("wall", ["mirror", "reverse", "leave"])
@pytest.mark.parametrize("kinds", [("pp", "pp", "pp"), ("ws", "pp", "pp"), ("sw", "ww", "pp")])
def test_kernels_may_write_x_halos_themselves(kinds, wall, precision, tmp_path):
    backend = backend_of(precision)
    block = Block(Grid((70, 5, 4), faces=faces(*kinds)), backend, Serial())
    p = Field("p", block, backend)
    a, b = (
        Field(n, block, backend, 6, parity=PARITY, wall=wall, wall_velocity={"x+": range(6)})
        for n in "ab"
    )
    a.own[...] = np.random.default_rng(2).random(a.own.shape)
    (tmp_path / "rows.cu").write_text(ROWS)
    kernel = backend.kernel(tmp_path / "rows.cu", "copy_rows", **block.defines)
    kernel([block.core, *block.shell], a=a, b=b, **block.ends(p, b))
    block.exchange(b, x_done=True)
    block.exchange(a)
    assert np.array_equal(b.own, a.own) and np.array_equal(b.data, a.data)
