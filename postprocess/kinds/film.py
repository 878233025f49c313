"""The thickness of a film."""

from levitas.postprocess.kinds.kind import CURVE, PictureKind

KIND = PictureKind(
    "thickness of a film at several times",
    keys=("normal", "along", "times", *CURVE),
    sections=("interface",),
    variables=("t", "x", "y", "z"),
)
