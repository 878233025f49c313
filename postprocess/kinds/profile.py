"""The velocity in a layered channel."""

from levitas.postprocess.kinds.kind import PictureKind

KIND = PictureKind("velocity across a layered channel")
