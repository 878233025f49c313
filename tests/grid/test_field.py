"""Memory layout of fields."""

import numpy as np
import pytest

from levitas.solver.backend.backend import make_backend
from levitas.solver.grid.block import Block
from levitas.solver.grid.comm import Serial
from levitas.solver.grid.field import Field
from levitas.solver.grid.grid import Grid


def make(cells, precision="float32", **options):
    backend = make_backend("cpu", precision, threads=1)
    block = Block(Grid(cells), backend, Serial())
    return Field("a", block, backend, **options)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("cells", [(5, 4, 3), (8, 2, 2), (30, 3, 1), (1, 1, 1), (6, 1, 2)])
def test_rows_are_aligned_and_cells_are_where_kernels_expect_them(cells, precision):
    field = make(cells, precision, components=3)
    block, (nx, ny, nz) = field.block, cells
    deep = 0 if nz == 1 else 1
    assert field.data.shape == (3, nz + 2 * deep, ny + 2, nx + 2)
    assert field.own.shape == (3, nz, ny, nx)
    size = field.dtype.itemsize
    assert block.pitch * size % 32 == 0 and block.pitch >= nx + 2
    assert block.plane == (block.pitch * (ny + 2) if deep else 0)

    def address(view):
        return view.__array_interface__["data"][0]

    assert field.address % 32 == 0 and field.address == address(field.own)
    for c, z, y, x in [(2, nz - 1, ny - 1, nx - 1), (1, 0, ny - 1, 0), (0, 0, 0, 0)]:
        offset = c * block.volume + z * block.plane + y * block.pitch + x
        assert address(field.own[c, z, y, x:]) == field.address + size * offset
    first, last = address(field.memory), address(field.memory) + field.memory.nbytes
    assert first <= address(field.data)
    assert address(field.data[-1, -1, -1, -1:]) + size <= last


def test_no_two_cells_share_memory():
    field = make((6, 5, 4), components=2)
    field.data[...] = np.arange(field.data.size).reshape(field.data.shape)
    assert np.array_equal(field.data.ravel(), np.arange(field.data.size))


def test_held_bytes():
    field = make((128, 128, 128), components=27)  # the whole two-phase state
    assert field.nbytes / 128**3 <= 125
    assert field.nbytes == field.memory.nbytes


def test_swap_exchanges_memory_but_not_names():
    a = make((4, 3, 2))
    b = Field("b", a.block, a.backend)
    a.own[...], b.own[...] = 1, 2
    tokens = a.token, b.token
    addresses = a.address, b.address
    a.swap(b)
    assert (a.own == 2).all() and (b.own == 1).all() and (a.name, b.name) == ("a", "b")
    assert (b.address, a.address) == addresses
    assert len({*tokens, a.token, b.token}) == 4
    a.swap(b)
    assert (a.token, b.token) == tokens


def test_parity_and_wall_are_checked():
    assert make((4, 4, 4), components=2, parity="x").parity == ("x", "x")
    with pytest.raises(ValueError, match="parity"):
        make((4, 4, 4), components=3, parity=("x", "y"))
    with pytest.raises(ValueError, match="parity"):
        make((4, 4, 4), parity="q")
    with pytest.raises(ValueError, match="wall"):
        make((4, 4, 4), wall="bounce")


def test_other_types_keep_the_layout():
    field = make((5, 4, 3), dtype=np.uint8)
    field.own[0, 1, 2, 3] = 7
    assert (
        field.memory[
            field.address
            - field.backend.address(field.memory)
            + field.block.plane
            + 2 * field.block.pitch
            + 3
        ]
        == 7
    )
