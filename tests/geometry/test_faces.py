"""Which boundary a face has where `all` and the face itself have an entry."""

import pytest

from levitas.solver.geometry.faces import by_face, kinds_of
from levitas.solver.geometry.section import BoundaryParams
from tests.physics.test_heat import ONE, face, run


def boundary(**keys):
    return BoundaryParams(**keys)


def test_own_entries_stand_before_all_and_take_from_it_what_they_leave_out():
    given = [
        boundary(face="x-", kind="wall", velocity=[0.0, 0.1, 0.0]),
        boundary(face="x+", kind="symmetry"),
        boundary(face="y-", kind="wall", heat_flux=2.0, contact_angle=40.0),
        boundary(face="all", kind="wall", temperature=5.0, contact_angle=60.0),
    ]
    for order in (given, given[::-1]):
        found = by_face(order, flat=False)
        assert (found["x-"].temperature, found["x-"].contact_angle) == (5.0, 60.0)
        assert (found["x+"].temperature, found["x+"].contact_angle) == (None, None)
        assert (found["y-"].temperature, found["y-"].heat_flux) == (None, 2.0)
        assert found["y-"].contact_angle == 40.0 and found["z+"].temperature == 5.0
        assert "z+" not in by_face(order, flat=True)
        kinds = kinds_of(order, flat=True)
        assert (kinds["x+"], kinds["y+"], kinds["z-"]) == ("symmetry", "wall", "periodic")


@pytest.mark.parametrize("first", [True, False])
def test_heat_comes_through_the_walls_of_a_plane_only(tmp_path, first):
    """Two walls of four: a mirror passes nothing, and 2-D has no faces along z."""
    mirrors = face("x-", "symmetry") + face("x+", "symmetry")
    text = ONE + "[heat]\n" + (mirrors if first else "") + face("all", heat_flux=0.01)
    sim = run(tmp_path, text + ("" if first else mirrors), 10, cells=(8, 6, 1))
    assert sim.read("T").sum() == pytest.approx(10 * 2 * 8 * 0.01, rel=1e-9)
