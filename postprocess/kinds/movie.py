"""All snapshots, one after the other."""

from levitas.postprocess.kinds.kind import PictureKind
from levitas.postprocess.kinds.slice import CUT, DERIVED, one_place

KIND = PictureKind(
    "`movie.mp4` of all snapshots",
    keys=(*CUT, "colour", "quantities"),
    derived=DERIVED,
    fault=one_place,
    file="movie.mp4",
    in_3d=True,
)
