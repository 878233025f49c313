"""The `[output]` section of a case: what is written, and when."""

from typing import Self

from pydantic import model_validator

from levitas.solver.case.picture_section import PictureParams
from levitas.solver.input.section import Section, key


class Every(Section):
    """A schedule: every so much simulated time, or every so many steps."""

    every: float | None = key(None, "simulated time between two outputs", "s", gt=0)
    steps: int | None = key(None, "steps between two outputs", gt=0)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.every is not None and self.steps is not None:
            raise ValueError("give every or steps, not both")
        return self


class SnapshotParams(Every):
    """Fields on the grid, one netCDF file each time; ten a run if nothing is said."""

    fields: list[str] | None = key(None, "names of fields; all if absent")
    region: list[list[float]] | None = key(
        None, "part of the box: [[x, y, z], [x, y, z]], low and high corner", "m"
    )
    stride: int = key(1, "every so many cells along each axis", ge=1, le=1024)


class SeriesParams(Every):
    """Scalars over time; two hundred rows a run if nothing is said."""

    quantities: list[str] | None = key(
        None, "metrics that stand in it (levitas list metrics); those that suit the case if absent"
    )


class CheckpointParams(Section):
    """The whole state, to resume from."""

    every: float | None = key(600.0, "wall-clock time between two checkpoints", "s", gt=0)
    steps: int | None = key(None, "steps between two checkpoints (beside `every`)", gt=0)
    keep: int = key(2, "how many are kept", ge=1, le=1000)


class OutputParams(Section):
    """The `[output]` section of a case."""

    snapshots: SnapshotParams = key(SnapshotParams, "{ every | steps, fields, region, stride }")
    series: SeriesParams = key(SeriesParams, "{ every | steps, quantities }")
    checkpoint: CheckpointParams = key(CheckpointParams, "{ every (wall clock) | steps, keep }")
    pictures: list[PictureParams] | None = key(
        None, "[{ kind, ... }, ...] drawn at the end; those that suit the case if absent"
    )
