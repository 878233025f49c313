"""What a case is once it is read: its sections and every number that follows from them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from levitas.solver.case.model import CaseModel
from levitas.solver.case.sections import SECTIONS
from levitas.solver.gravity import section as gravity
from levitas.solver.input.physics import Physics
from levitas.solver.input.units import Scales


class Lattice(SimpleNamespace):
    """What the physics needs, in lattice units (dx = dt = 1, liquid density 1).

    Always there: gravity (3 numbers), u_ref, T_ref (K, as temperatures are in any units), beta_T,
    beta_c, sigma_T, sigma_TT, sigma_c of the liquid, dt, dx. The others are what each physics
    declares (`lattice` and `absent` of its SECTION): rho_l, mu_l, sigma, width, k_l, ... Without an
    interface the gas is a copy of the liquid, sigma and width are 0.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a case does not change; {name} cannot be set")

    @property
    def nu(self) -> float:
        """Kinematic viscosity of the liquid."""
        return self.mu_l / self.rho_l


@dataclass(frozen=True, eq=False, kw_only=True)
class Resolved:
    """A case in numbers; while it is read those that are not known yet have their defaults.

    model, folder     the sections, SI floats, every default filled in; folder of the data files
    variants          names of all its variants      labels                  caveats of every result
    materials         {phase: name of its material}
    checks_over_variants   checks over the variants together
    scales, lattice   lattice units in SI; the numbers of the physics
    values            {dotted name: number} of the case, for expressions
    bounds            largest time step by each bound, in seconds
    binding_bound     the name of the one that binds
    origin, faces     corner of cell (0, 0, 0) in SI; {face: kind}
    is_2d             nz = 1
    wall_velocity     {face: velocity in lattice units} of walls and inflows
    speeds            {where from: velocity (m/s)} that the run may reach
    sampled           {quantity: (low, high)} of what is given by number or expression
    pushing           {solid: share of its surface that it moves into the fluid}
    fluids            {"liquid", "gas": material} as they are run
    reference_given   does the file give flow.reference_velocity?
    viscosity_raised, gas_density_raised   by flow.viscosity_floor, interface.density_ratio_cap
    """

    model: CaseModel
    folder: Path
    variants: list[str]
    materials: dict[str, str]
    origin: tuple[float, float, float]
    faces: dict[str, str]
    is_2d: bool
    checks_over_variants: list[Any]
    values: dict[str, float] = field(default_factory=dict)
    sampled: dict[str, tuple[float, float]] = field(default_factory=dict)
    pushing: dict[int, float] = field(default_factory=dict)
    speeds: dict[str, float] = field(default_factory=dict)
    bounds: dict[str, float] = field(default_factory=dict)
    binding_bound: str = ""
    scales: Scales = field(default_factory=lambda: Scales(1.0, 1.0, 1.0))
    fluids: dict[str, Any] = field(default_factory=dict)
    lattice: Lattice = field(default_factory=Lattice)
    wall_velocity: dict[str, tuple] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    reference_given: bool = False
    viscosity_raised: bool = False
    gas_density_raised: bool = False

    @property
    def in_lattice_units(self) -> bool:
        """Whether the file gives its numbers in lattice units."""
        return self.model.case.units == "lattice"

    @property
    def declared_speed(self) -> float:
        """Largest velocity (m/s) that the file gives."""
        return self.speeds["declared velocities"]

    @property
    def steps(self) -> int | None:
        """Steps to the end, None where a steady state decides."""
        return self.model.case.end.count(self.scales.dt)

    def has(self, name: str) -> bool:
        """Whether this physics is switched on."""
        return getattr(self.model, name, None) is not None

    @property
    def physics(self) -> Iterator[Physics]:
        """What the physics that are switched on declare."""
        return (physics for name, physics in SECTIONS.items() if self.has(name))

    def range(self, name: str) -> tuple[float, float] | None:
        """Lowest and highest value of a field that the case declares; None if no physics says."""
        return self._ranges.get(name)

    @cached_property
    def _ranges(self) -> dict[str, tuple[float, float]]:
        ranges: dict[str, tuple[float, float]] = {}
        for physics in self.physics:
            ranges |= physics.ranges(self.model, self.sampled)
        return ranges

    @cached_property
    def largest_gravity(self) -> np.ndarray:
        """Largest size of each component of the acceleration over the run, (3,), m/s2."""
        return gravity.largest(self.model.gravity, self.folder, self.model.case.seed, self.is_2d)

    @property
    def lattice_gravity(self) -> float:
        """Size of the acceleration, of a signal its bound, in lattice units."""
        return math.hypot(*self.largest_gravity) / self.scales.acceleration
