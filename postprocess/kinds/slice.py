"""A field on a plane."""

from typing import Any

from levitas.postprocess.kinds.kind import PictureKind

CUT = ("field", "normal", "at", "streamlines", "frame")
DERIVED = ("speed", "vorticity", "velocity_error")
AT = "at is one place of a slice, one or two of a line"


def one_place(section: Any) -> str:
    """What is wrong with `at` of a plane, else ""."""
    return AT if isinstance(section.at, list) else ""


KIND = PictureKind(
    "a field on a plane",
    keys=(*CUT, "time"),
    derived=DERIVED,
    fault=one_place,
)
