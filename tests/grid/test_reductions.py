"""Sums whose bits do not depend on order, and maxima."""

from fractions import Fraction

import numpy as np
import pytest

from levitas.solver.backend.backend import make_backend
from levitas.solver.grid import reductions
from levitas.solver.grid.block import Block
from levitas.solver.grid.comm import Serial
from levitas.solver.grid.grid import Grid


@pytest.fixture(scope="module")
def block():
    return Block(Grid((4, 4, 4)), make_backend("cpu", "float32", threads=1), Serial())


def test_sum_is_exact_for_multiples_of_the_last_bit(block):
    random = np.random.default_rng(3)
    values = random.integers(-(2**52), 2**52, 10_000) * 2.0**-50
    assert block.sum(values) == float(sum(map(Fraction, values.tolist())))
    assert block.sum(values) == block.sum(random.permutation(values))
    assert block.sum(values.reshape(100, 100)) == block.sum(values)


def test_precision_and_range(block):
    assert block.sum(np.array([2.0**-50, 0.4 * 2.0**-50])) == 2.0**-50
    assert block.sum(np.full(1000, 1024.0)) == 1024000.0
    assert block.sum(np.full(1000, 1e-7), scale=2.0**-20) == pytest.approx(1e-4, rel=1e-12)
    assert block.sum(np.array([1e6, -1e6, 3.0]), scale=2.0**20) == 3.0
    assert block.sum(np.zeros(0)) == 0.0


def test_float32_values_are_summed_without_loss(block):
    values = np.random.default_rng(4).random(5000).astype(np.float32)
    assert block.sum(values) == float(sum(map(Fraction, values.tolist())))


def test_pieces_do_not_change_a_sum(block, monkeypatch):
    values = np.random.default_rng(6).standard_normal((3, 5, 7))[:, ::2]
    whole = block.sum(values)
    monkeypatch.setattr(reductions, "PIECE", 4)
    assert block.sum(values) == whole
    assert [part.size for part in reductions._pieces(np.zeros(10))] == [4, 4, 2]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1025.0])
def test_values_that_cannot_be_summed(block, bad):
    with pytest.raises(FloatingPointError, match="1 values are not finite or beyond"):
        block.sum(np.array([1.0, bad, 2.0]))


def test_limbs_add_up_over_parts():
    values = np.random.default_rng(5).standard_normal(999)
    whole = reductions.limbs(np, values)
    parts = [reductions.limbs(np, part) for part in np.array_split(values, 7)]
    assert tuple(map(sum, zip(*parts, strict=True))) == whole


def test_largest(block):
    assert block.max(np.array([-3.0, -1.5])) == -1.5
    assert np.isnan(block.max(np.array([1.0, np.nan])))
    assert block.max(np.array([1.0, np.inf])) == np.inf
