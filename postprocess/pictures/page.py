"""The page that a picture is: title, key figures, content, caveats, footer; nothing is clipped."""

import textwrap
from collections.abc import Iterable

import numpy as np

from levitas.postprocess.pictures.style import CAUTION, GREY, PAPER, use
from levitas.solver.output import atomic


class Page:
    """A figure: title, subtitle, what it `shows`, key figures, the content, caveats, a footer.

    `box` is what is left for the content, as (left, bottom, width, height) in inches.
    """

    def __init__(
        self,
        width: float,
        height: float,
        title: str,
        subtitle: str = "",
        shows: str = "",
        parts: Iterable[str] = (),
        caveats: Iterable[str] = (),
        footer: str = "",
    ):
        from matplotlib.figure import Figure

        use()
        title = textwrap.wrap(title, int(width * 8.6))[:3]
        second = textwrap.wrap(subtitle, int(width * 10.5))[:2]
        what = textwrap.wrap(shows[:1].upper() + shows[1:], int(width * 12))[:2]
        line = _lines_of(parts, int(width * 13))[:4]
        notes = [w for c in caveats for w in textwrap.wrap(c, int(width * 14.5))][:6]
        top = 0.16 + 0.26 * len(title) + 0.22 * len(second) + 0.2 * len(what) + 0.19 * len(line)
        top += 0.06
        bottom = 0.12 + 0.17 * len(notes) + (0.2 if footer else 0)
        self.width, self.height = width, height + top + bottom
        self.figure = Figure(figsize=(self.width, self.height), facecolor=PAPER)
        self.box = (0.0, bottom, width, height)
        self._lines(title, self.height - 0.14, 0.26, fontsize=13, fontweight="bold")
        below = self.height - 0.16 - 0.26 * len(title)
        self._lines(second, below, 0.22, fontsize=11)
        below -= 0.02 + 0.22 * len(second)
        self._lines(what, below, 0.2, fontsize=10)
        below -= 0.2 * len(what)
        self._lines(line, below, 0.19, fontsize=9.5, color=GREY)
        self._lines(notes, bottom - 0.04, 0.17, fontsize=8.5, color=CAUTION)
        if footer:
            self._lines([footer[: int(width * 15)]], 0.25, 0.17, fontsize=7, color=GREY)

    def _lines(self, lines, y, step, **look):
        for n, line in enumerate(lines):
            self.figure.text(
                0.18 / self.width, (y - n * step) / self.height, line, va="top", **look
            )

    def axes(self, left: float, bottom: float, width: float, height: float, **more):
        """Axes at a place (inches) of the content."""
        x0, y0 = self.box[:2]
        place = ((x0 + left) / self.width, (y0 + bottom) / self.height)
        size = (width / self.width, height / self.height)
        return self.figure.add_axes((*place, *size), **more)

    def save(self, path):
        """Write the picture, whole or not at all; returns the path."""
        partial = atomic.temporary(path)
        with atomic.writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self.figure.savefig(partial, format=path.suffix[1:] or "png", facecolor=PAPER)
            return partial.replace(path)

    def image(self) -> np.ndarray:
        """The picture as bytes (height, width, 3)."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        canvas = FigureCanvasAgg(self.figure)
        canvas.draw()
        return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def _lines_of(parts: Iterable[str], columns: int) -> list[str]:
    """Phrases set in lines, a dot between them, each kept whole."""
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]}  \u00b7  {part}" if lines else part
        if lines and len(longer) <= columns:
            lines[-1] = longer
        else:
            lines += textwrap.wrap(part, columns)
    return lines


def overhang(figure) -> float:
    """How far (inches) what is drawn reaches beyond the edges of a figure: 0 if nothing is cut."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    drawn = figure.get_tightbbox(canvas.get_renderer())
    width, height = figure.get_size_inches()
    return max(0.0, -drawn.x0, -drawn.y0, drawn.x1 - width, drawn.y1 - height)
