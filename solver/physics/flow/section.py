"""What a case may say of the flow: the section `[flow]`."""

from levitas.solver.input.physics import Physics, Quantity
from levitas.solver.input.section import Section, key, vector
from levitas.solver.physics.flow.rotating_frame import RotationParams


class FlowParams(Section):
    """The `[flow]` section of a case."""

    reference_velocity: float | None = key(
        None, "velocity that sets the time step; estimated if absent", "m/s", gt=0
    )
    viscosity_floor: bool = key(
        False, "raise a viscosity too small for the grid to the smallest stable one"
    )
    pressure_gradient: list[float] = vector(
        lambda: [0.0, 0.0, 0.0], "imposed pressure gradient; it drives the fluid by -grad p", "Pa/m"
    )
    rotation: RotationParams | None = key(None, "{ rate, axis, centre, coriolis }: the frame turns")
    laplace_start: bool = key(True, "start drops and bubbles with their Laplace pressure jump")


SECTION = Physics(
    FlowParams,
    fields={
        "u": Quantity("m s-1", "velocity along x"),
        "v": Quantity("m s-1", "velocity along y"),
        "w": Quantity("m s-1", "velocity along z"),
        "p": Quantity("Pa", "pressure, gas mean 0"),
    },
)
