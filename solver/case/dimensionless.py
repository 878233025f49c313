"""A case in numbers: its table from SI to lattice units, and what is dimensionless."""

from levitas.solver.case.case import Case


def table(case: Case) -> list[tuple[str, float, str, float]]:
    """Rows (name, value in the units of the case, unit, value in lattice units)."""
    lattice, scales = case.lattice, case.scales
    g = case.lattice_gravity
    rows = [
        ("grid spacing", scales.dx, "m", 1.0),
        ("time step", scales.dt, "s", 1.0),
        ("liquid density", lattice.rho_l * scales.density, "kg/m3", lattice.rho_l),
        *(row for physics in case.physics for row in physics.rows(case)),
        ("gravity", g * scales.acceleration, "m/s2", g),
        ("largest velocity expected", lattice.u_ref * scales.velocity, "m/s", lattice.u_ref),
    ]
    return [(n, v, "-", x) for n, v, _, x in rows] if case.in_lattice_units else rows


def numbers(case: Case) -> dict[str, float]:
    """Dimensionless numbers of the physics of a case, see `limits.py` of each.

    L is the smallest feature, U the largest velocity expected.
    """
    result: dict[str, float] = {}
    for physics in case.physics:
        result |= physics.numbers(case)
    return result
