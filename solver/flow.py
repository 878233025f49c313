"""Flow: regularised D3Q19 lattice Boltzmann in moment representation (docs/physics.md, section 1)."""

from pydantic import BaseModel, ConfigDict, Field


class FlowParams(BaseModel):
    """The `[flow]` section of a case."""

    model_config = ConfigDict(extra="forbid")

    reference_velocity: float | None = Field(
        None, gt=0, description="velocity that sets the time step; estimated if absent",
        json_schema_extra={"unit": "m/s"},
    )
    viscosity_floor: bool = Field(
        False, description="raise a viscosity too small for the grid to the smallest stable one"
    )
