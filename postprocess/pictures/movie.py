"""MP4 movies: one Page a snapshot, the camera and the colours fixed."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from levitas.postprocess.pictures.page import Page

SECONDS = 8.0  # that a movie lasts, as far as 5 to 25 pictures a second allow


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
