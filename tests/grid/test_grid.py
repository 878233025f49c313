"""Boxes, the grid and its split among ranks."""

import numpy as np
import pytest

from levitas.solver.backend.backend import make_backend
from levitas.solver.errors import CaseError, UsageError
from levitas.solver.grid.block import Block, choose_split
from levitas.solver.grid.comm import Serial
from levitas.solver.grid.field import Field
from levitas.solver.grid.grid import FACES, Box, Grid, carve, peel


class Rank(Serial):
    """One of several ranks, as far as sizes and places go."""

    def __init__(self, rank, size):
        self.rank, self.size = rank, size


@pytest.fixture(scope="module")
def backend():
    return make_backend("cpu", "float32", threads=1)


def covered(boxes, box):
    """How often each cell of `box` lies in one of `boxes`."""
    count = np.zeros(box.shape[::-1], int)
    for x0, x1, y0, y1, z0, z1 in boxes:
        count[z0:z1, y0:y1, x0:x1] += 1
    return count


@pytest.mark.parametrize("shape", [(5, 4, 3), (1, 4, 2), (2, 1, 1), (1, 1, 1)])
@pytest.mark.parametrize("faces", [FACES, ("x-",), ("y-", "y+"), ("z+", "x-"), ()])
def test_peel_cuts_disjoint_layers_that_cover_the_faces(shape, faces):
    box = Box(0, shape[0], 0, shape[1], 0, shape[2])
    layers, rest = peel(box, faces)
    assert (covered([*layers, rest], box) == 1).all()
    touched = np.zeros(shape[::-1], bool)
    for face in faces:
        np.moveaxis(touched, 2 - "xyz".index(face[0]), 0)[0 if face[1] == "-" else -1] = True
    assert np.array_equal(covered(layers, box) == 1, touched)


def test_faces_left_out_are_periodic():
    grid = Grid((8, 8, 8), faces={"y-": "wall", "y+": "symmetry"})
    assert grid.faces["x-"] == grid.faces["z+"] == "periodic"
    assert [grid.periodic(axis) for axis in range(3)] == [True, False, True]
    assert Grid((8, 8, 1)).dimensions == 2 and grid.dimensions == 3


@pytest.mark.parametrize(
    "cells, faces, words",
    [
        ((8, 0, 8), {}, "positive"),
        ((8, 8, 8), {"x-": "wall"}, "x- and x+ must both be periodic or neither"),
        ((8, 8, 8), {"top": "wall"}, "unknown face 'top'"),
        ((8, 8, 8), {"x-": "slippery", "x+": "wall"}, "unknown kind 'slippery'"),
        ((8, 8, 1), {"z-": "wall", "z+": "wall"}, "periodic in z"),
    ],
)
def test_impossible_grids_are_refused(cells, faces, words):
    with pytest.raises(CaseError, match=words.replace("+", r"\+")):
        Grid(cells, faces=faces)


def test_split_has_the_least_cut_surface():
    assert choose_split((64, 64, 64), 1) == (1, 1, 1)
    assert choose_split((64, 64, 64), 2) == (1, 1, 2)
    assert choose_split((64, 64, 64), 4) == (1, 2, 2)
    assert choose_split((64, 64, 64), 8) == (2, 2, 2)
    assert choose_split((512, 16, 16), 4) == (4, 1, 1)
    assert choose_split((64, 64, 1), 3) == (1, 3, 1)  # never across z in 2-D
    assert choose_split((5, 5, 5), 7 - 3) == (1, 2, 2)


def test_too_many_ranks_are_refused(backend):
    with pytest.raises(UsageError, match="too many for 4 x 4 x 1"):
        choose_split((4, 4, 1), 5)
    with pytest.raises(UsageError, match="does not fit"):
        Block(Grid((8, 8, 8)), backend, Rank(0, 2), split=(2, 2, 1))
    with pytest.raises(UsageError, match="2 cells or more"):
        Block(Grid((8, 3, 8)), backend, Rank(0, 2), split=(1, 2, 1))


@pytest.mark.parametrize("cells, split", [((7, 9, 5), (3, 2, 2)), ((13, 4, 1), (4, 2, 1))])
def test_parts_tile_the_grid(backend, cells, split):
    count, ranks = np.zeros(cells[::-1], int), int(np.prod(split))
    for rank in range(ranks):
        block = Block(Grid(cells), backend, Rank(rank, ranks), split)
        (x, y, z), (nx, ny, nz) = block.start, block.shape
        count[z : z + nz, y : y + ny, x : x + nx] += 1
        assert block.part(rank) == (block.start, block.shape)
    assert (count == 1).all()


def test_neighbours_and_edges(backend):
    grid = Grid((8, 8, 8), faces={"x-": "wall", "x+": "wall"})
    blocks = [Block(grid, backend, Rank(r, 8), (2, 2, 2)) for r in range(8)]
    assert [blocks[0].neighbour(face) for face in FACES] == [None, 1, 2, 2, 4, 4]
    assert blocks[1].neighbour("x-") == 0 and blocks[1].neighbour("x+") is None
    assert blocks[0].at_edge("x-") and not blocks[0].at_edge("x+")
    alone = Block(grid, backend, Serial())
    assert alone.neighbour("y-") == 0  # itself


def test_core_shell_and_walls(backend):
    grid = Grid((6, 5, 4), faces={"y-": "wall", "y+": "symmetry"})
    block = Block(grid, backend, Serial())
    assert block.own == (0, 6, 0, 5, 0, 4) and block.core == (1, 5, 1, 4, 1, 3)
    assert (covered([block.core, *block.shell], block.own) == 1).all()
    assert block.near_walls == [(0, 6, 0, 1, 0, 4)] and block.off_walls == (0, 6, 1, 5, 0, 4)
    middle = Block(grid, backend, Rank(1, 2), (1, 2, 1))
    assert middle.near_walls == [] and middle.off_walls == middle.own
    flat = Block(Grid((6, 5, 1)), backend, Serial())
    assert flat.core == (1, 5, 1, 4, 0, 1)
    assert (covered([flat.core, *flat.shell], flat.own) == 1).all()


def test_defines(backend):
    block = Block(Grid((7, 4, 6)), backend, Serial())
    layout = {"PITCH": 16, "PLANE": 96, "VOLUME": 768, "WRAP": 7}
    assert block.defines == layout | {"LEAVE": 0, "COPY": 1, "REVERSE": 2}
    assert "WRAP" not in Block(Grid((7, 4, 6)), backend, Rank(0, 2), (2, 1, 1)).defines
    closed = Grid((7, 4, 6), faces={"x-": "wall", "x+": "wall"})
    assert "WRAP" not in Block(closed, backend, Serial()).defines


def test_centres_are_global(backend):
    block = Block(Grid((7, 4, 6)), backend, Rank(1, 2), (2, 1, 1))
    x, y, z = block.centres()
    assert x.shape == (1, 1, 4) and y.shape == (1, 4, 1) and z.shape == (6, 1, 1)
    assert x.ravel().tolist() == [3.5, 4.5, 5.5, 6.5] and y[0, 0, 0] == 0.5


def test_gather_of_one_rank_is_a_copy(backend):
    block = Block(Grid((3, 4, 5)), backend, Serial())
    field = Field("a", block, backend, components=2)
    field.own[...] = np.arange(120).reshape(2, 5, 4, 3)
    whole = block.gather(field)
    assert np.array_equal(whole, field.own) and not np.shares_memory(whole, field.own)
    assert np.array_equal(block.gather(field.own[1]), field.own[1])


@pytest.mark.parametrize(
    "inner", [(2, 4, 1, 3, 1, 3), (-1, 2, 3, 9, 0, 4), (0, 6, 0, 5, 0, 4), (8, 9, 1, 2, 1, 2)]
)
def test_a_box_is_carved_into_disjoint_boxes(inner):
    box = Box(0, 6, 0, 5, 0, 4)
    part, rest = carve(box, Box(*inner))
    count = np.zeros((4, 5, 6), int)
    for x0, x1, y0, y1, z0, z1 in (part, *rest):
        count[z0:z1, y0:y1, x0:x1] += 1
    assert (count == 1).all()
    inside = np.zeros_like(count)
    low, high = np.maximum(inner[::2], 0), np.minimum(inner[1::2], (6, 5, 4))
    inside[low[2] : high[2], low[1] : high[1], low[0] : high[0]] = 1
    assert inside.sum() == max(part.cells, 0)
