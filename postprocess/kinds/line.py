"""A field along a line."""

from typing import Any

from levitas.postprocess.kinds.kind import CURVE, PictureKind
from levitas.postprocess.kinds.slice import AT


def _fault(section: Any) -> str:
    return AT if isinstance(section.at, list) and len(section.at) > 2 else ""


KIND = PictureKind(
    "a field along a line",
    keys=("field", "along", "at", "time", "times", *CURVE),
    needed=("along",),
    variables=("t", "x", "y", "z"),
    derived=("speed",),
    fault=_fault,
)
