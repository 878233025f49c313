"""The shapes of an oscillating drop."""

from levitas.postprocess.kinds.kind import PictureKind

KIND = PictureKind("shapes over the first period", in_3d=True)
