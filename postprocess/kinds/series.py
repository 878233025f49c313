"""Quantities over time."""

from typing import Any

from levitas.postprocess.kinds.kind import CURVE, PictureKind


def _fault(section: Any) -> str:
    if section.reference is not None and not section.quantities:
        return "reference belongs to the first of quantities; give quantities"
    return ""


KIND = PictureKind(
    "quantities of the series over time",
    keys=("quantities", "logarithmic", *CURVE),
    variables=("t",),
    fault=_fault,
)
