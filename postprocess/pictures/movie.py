"""MP4 movies: one Page a snapshot, the camera and the colours fixed."""

from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np

from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.pictures import slice as slices
from levitas.postprocess.pictures import surface, tiles
from levitas.postprocess.pictures.page import Page
from levitas.postprocess.pictures.style import map_and_ends
from levitas.postprocess.results.read import Run
from levitas.solver.case.picture_section import PictureParams

SECONDS = 8.0  # that a movie lasts, as far as 5 to 25 pictures a second allow


class Movie(NamedTuple):
    """Pages that are drawn one by one when the movie is saved."""

    pages: list[Callable[[], Page]]

    def save(self, path: Path) -> Path:
        """Write it, whole or not at all; returns the path."""
        return write(path, self.pages)


def picture(run: Run, section: PictureParams) -> Movie:
    """The movie that a case asks for: drops in 3-D, else slices; NotMeasured if there is none."""
    if len(run.snapshots) < 2:
        raise NotMeasured("a movie needs two snapshots")
    if not find_spec("imageio_ffmpeg"):
        raise NotMeasured("imageio-ffmpeg is not installed; pip install 'levitas[viz]'")
    three = run.case.has("interface") and not run.case.is_2d
    return Movie(_drops(run, section) if three and not section.field else _cuts(run, section))


def _drops(run: Run, section: PictureParams) -> list[Callable[[], Page]]:
    what = section.colour or "deviation"
    shown = [tiles.prepare(run, shot, what) for shot in run.snapshots]
    ends = tiles.common_ends(shown, what)
    quantity = (section.quantities or ["mode_amplitude"])[0]
    cameras = tiles.cameras(shown)
    return [
        lambda t=t, c=c: surface.draw(run, t, what, ends, c, quantity)
        for t, c in zip(shown, cameras, strict=True)
    ]


def _cuts(run: Run, section: PictureParams) -> list[Callable[[], Page]]:
    look = slices.Look.of(section)
    values = [look.plane(run, shot).read(look.field).ravel() for shot in run.snapshots]
    shown = map_and_ends(look.field, np.concatenate(values))
    return [lambda s=s: slices.draw(run, s, look, shown) for s in run.snapshots]


def write(path: Path, pages: Iterable[Callable[[], Page]]) -> Path:
    """Write pages as a movie; the file is whole or absent. OSError if ffmpeg fails."""
    import imageio_ffmpeg

    pages = list(pages)
    partial = path.with_name(f".{path.stem}.partial.mp4")
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = None
    try:
        for make in pages:
            image = _even(make().image())
            if writer is None:
                size = image.shape[1::-1]
                rate = min(25.0, max(5.0, len(pages) / SECONDS))
                writer = imageio_ffmpeg.write_frames(
                    str(partial), size, fps=rate, quality=8, macro_block_size=2
                )
                writer.send(None)
            if image.shape[1::-1] != size:
                image = _fitted(image, size)
            writer.send(np.ascontiguousarray(image))
    finally:
        if writer is not None:
            writer.close()
    partial.replace(path)
    return path


def _even(image: np.ndarray) -> np.ndarray:
    """Without the last row or column where the codec wants even numbers."""
    return image[: image.shape[0] // 2 * 2, : image.shape[1] // 2 * 2]


def _fitted(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Cut or padded with white to the size (width, height) of the first picture."""
    whole = np.full((size[1], size[0], 3), 255, np.uint8)
    rows, columns = min(size[1], image.shape[0]), min(size[0], image.shape[1])
    whole[:rows, :columns] = image[:rows, :columns]
    return whole
