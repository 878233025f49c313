"""Streamlines: along the velocity, apart from each other, out of solids."""

import numpy as np
from scipy.spatial import KDTree

from levitas.postprocess.pictures.streamlines import ACROSS, streamlines

Y, X = np.mgrid[:96, :96]


def test_lines_about_a_vortex_are_circles_side_by_side():
    lines = streamlines(-(Y - 47.5), X - 47.5)
    radii = [np.hypot(*(line - 47.5).T) for line in lines]
    assert all(np.ptp(r) < 0.1 for r in radii)
    apart = 95 / ACROSS
    nearest, _ = KDTree(np.concatenate(lines)).query(np.stack([X, Y], axis=-1).reshape(-1, 2))
    assert nearest.max() < 2.5 * apart  # no gaps
    length = sum(np.hypot(*np.diff(line, axis=0).T).sum() for line in lines)
    assert length < 95**2 / apart  # no crowds


def test_no_line_crosses_what_is_not_finite():
    u, v = np.ones(X.shape), np.zeros(X.shape)
    solid = np.hypot(X - 48, Y - 48) < 15
    u[solid] = np.nan
    points = np.concatenate(streamlines(u, v))
    assert np.hypot(*(points - 48).T).min() > 13
    assert np.ptp(points[:, 1]) > 90


def test_fluid_at_rest_and_rows_of_cells_have_none():
    assert streamlines(np.zeros((5, 5)), np.zeros((5, 5))) == []
    assert streamlines(np.ones((1, 9)), np.ones((1, 9))) == []
