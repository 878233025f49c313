"""What a case may say of the interface: the section `[interface]`."""

from typing import Literal

from levitas.solver.input.physics import Physics, Quantity
from levitas.solver.input.section import Section, key


class InterfaceParams(Section):
    """The `[interface]` section of a case."""

    width: float = key(
        4.0, "interface width W in cells, phi = (1 + tanh(2 d/W))/2", "cells", ge=3, le=12
    )
    mobility: float | None = key(
        None, "interface mobility; default from the largest velocity and W", "m2/s", gt=0
    )
    evaporation: float | str | None = key(
        None,
        "velocity at which the surface recedes into the liquid as that evaporates, a number or an "
        "expression of t; below 0 it condenses",
        "m/s",
        formula=True,
        expects="a velocity or an expression of t in quotes",
    )
    viscosity: Literal["linear", "layers"] = key(
        "linear",
        "viscosity within the interface: linear in phi, or for the shear across it that of layers "
        "in series, which suits two layers sheared by walls",
    )
    density_ratio_cap: float | None = key(
        None, "largest density ratio; the gas density is raised to meet it", "1", ge=1, le=1000
    )


SECTION = Physics(InterfaceParams, fields={"phi": Quantity("1", "liquid fraction")})
