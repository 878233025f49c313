"""Liquid-gas interface: conservative Allen-Cahn in finite volumes (docs/physics.md, section 2)."""

from pydantic import BaseModel, ConfigDict, Field


class InterfaceParams(BaseModel):
    """The `[interface]` section of a case."""

    model_config = ConfigDict(extra="forbid")

    width: float = Field(
        4.0, ge=3, le=12, description="interface width W in cells, phi = (1 + tanh(2 d/W))/2",
        json_schema_extra={"unit": "cells"},
    )
    mobility: float | None = Field(
        None, gt=0, description="interface mobility; default from the largest velocity and W",
        json_schema_extra={"unit": "m2/s"},
    )
    density_ratio_cap: float | None = Field(
        None, ge=1, le=1000, description="largest density ratio; the gas density is raised to meet it",
        json_schema_extra={"unit": "1"},
    )
