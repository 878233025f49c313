"""The `[output]` section of a case: what is written, and when."""

from typing import Literal, Self

from pydantic import model_validator

from levitas.solver.params import Section, key


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


class PictureParams(Section):
    """A picture drawn at the end of a run, or by `levitas render`."""

    kind: Literal["slice", "surface", "oscillation", "series", "profile", "movie", "variants"] = (
        key(
            ..., "slice, surface, oscillation, series, profile, movie; variants: over all of a case"
        )
    )
    name: str | None = key(
        None, "name of the file; from the kind if absent", pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"
    )
    field: Literal["phi", "u", "v", "w", "p", "speed", "vorticity", "velocity_error"] | None = key(
        None, "what a slice shows; speed if absent"
    )
    normal: Literal["x", "y", "z"] | None = key(None, "axis across a slice; y, in 2-D z, if absent")
    at: float | None = key(None, "place of a slice along it; the drop's centre if absent", "m")
    time: float | None = key(None, "time of a slice or surface; the end if absent", "s", ge=0)
    colour: Literal["deviation", "speed", "normal_velocity", "curvature"] | None = key(
        None, "what colours a surface; deviation from the mean radius if absent"
    )
    quantities: list[str] | None = key(None, "metrics of a series picture; all of the series")
    logarithmic: bool = key(False, "logarithmic axis of a series picture")
    metric: str | None = key(None, "variants: the metric that is compared")
    x: str | None = key(None, "variants: expression of case values it is drawn against")
    x_name: str | None = key(None, "variants: text of that axis")
    relative: bool = key(False, "variants: show the error relative to the reference of the check")
    fit: Literal["line", "order"] | None = key(
        None, "variants: straight line with its limit at x = 0, or power law with its order"
    )
    group: str | None = key(None, "variants: expression; runs with equal values belong together")
    group_name: str | None = key(None, "variants: what that value is called")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind == "variants" and (self.metric is None or self.x is None):
            raise ValueError("variants needs metric and x")
        return self


class OutputParams(Section):
    """The `[output]` section of a case."""

    snapshots: SnapshotParams = key(SnapshotParams, "{ every | steps, fields, region, stride }")
    series: SeriesParams = key(SeriesParams, "{ every | steps, quantities }")
    checkpoint: CheckpointParams = key(CheckpointParams, "{ every (wall clock) | steps, keep }")
    pictures: list[PictureParams] | None = key(
        None, "[{ kind, ... }, ...] drawn at the end; those that suit the case if absent"
    )
