"""One metric over the variants of a case."""

from levitas.postprocess.kinds.kind import PictureKind

KIND = PictureKind(
    "one metric over the runs of all variants",
    keys=("metric", "x", "x_name", "relative", "fit", "group", "group_name"),
    needed=("metric", "x"),
    over_runs=True,
)
