"""A drop in three dimensions."""

from levitas.postprocess.kinds.kind import PictureKind

KIND = PictureKind("the drop in 3-D", keys=("colour", "time"), in_3d=True)
