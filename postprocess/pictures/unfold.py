"""How pictures show the box: mirror images at symmetry faces, and no body cut at its ends."""

import numpy as np

from levitas.postprocess.metrics.bodies import inner
from levitas.postprocess.results.read import Run, Snapshot

EMPTY_SHARE = 1e-3  # share of the largest section that counts as nothing


class Unfolding:
    """Mirror images and rolls of a snapshot.

    sides    {axis: "-" or "+"}: the symmetry faces that are shown from both sides
    shift    {axis: cells}: what the whole field is rolled by along an axis on which it repeats, so
             that the ends of the picture lie where there is the least of the drop
    """

    def __init__(self, run: Run, snapshot: Snapshot):
        self.run, self.snapshot, self.sides = run, snapshot, run.unfolded
        share = inner(snapshot.read("phi")) if "phi" in snapshot.names else None
        self.shift = {axis: self._shift(axis, share) for axis in "xyz"}

    def whole(self, array: np.ndarray, axes: str = "xyz", parity: str = "") -> np.ndarray:
        """An array over `axes` (the last index runs along the first of them) as it is shown.

        parity    axes across which its mirror image has the other sign ("x" for u)
        """
        for n, axis in enumerate(axes[::-1]):
            mirror = np.flip(array, n) * (-1 if axis in parity else 1)
            match self.sides.get(axis):
                case "-":
                    array = np.concatenate([mirror, array], axis=n)
                case "+":
                    array = np.concatenate([array, mirror], axis=n)
            array = np.roll(array, self.shift[axis], axis=n)
        return array

    def ends(self, axis: str) -> tuple[float, float]:
        """Positions (metres) where the picture begins and ends along an axis."""
        line, h = getattr(self.snapshot, axis), self.snapshot.pitch
        low, high = line[0] - h / 2, line[-1] + h / 2
        match self.sides.get(axis):
            case "-":
                low = 2 * low - high
            case "+":
                high = 2 * high - low
        return low - self.shift[axis] * h, high - self.shift[axis] * h

    def repeats(self, axis: str) -> bool:
        """Whether what is shown goes on in the same way beyond its ends."""
        if not all(self.run.reaches(self.snapshot, axis + side) for side in "-+"):
            return False
        kinds = {self.run.faces.get(axis + side, "periodic") for side in "-+"}
        return kinds == {"periodic"} or (kinds == {"symmetry"} and axis in self.sides)

    def _shift(self, axis: str, share) -> int:
        n = 2 - "xyz".index(axis)
        if share is None or not self.repeats(axis) or share.min(axis=n).max() > 0.5:
            return 0  # or something that goes through
        others = tuple(a for a in range(3) if a != n)
        section = _pair(share.sum(axis=others), self.sides.get(axis))
        if not _pair(share.max(axis=others), self.sides.get(axis))[[0, -1]].max() > 0.5:
            return 0  # nothing is cut
        cut = _longest_gap(section <= section.min() + EMPTY_SHARE * section.max())
        return -cut if cut <= len(section) // 2 else len(section) - cut


def _pair(line: np.ndarray, side: str | None) -> np.ndarray:
    """A line with its mirror image."""
    if side is None:
        return line
    return np.concatenate([line[::-1], line] if side == "-" else [line, line[::-1]])


def _longest_gap(empty: np.ndarray) -> int:
    """Middle of the longest run of True in a line that closes on itself."""
    start = int(np.argmin(empty))  # outside of every run, if any cell is
    lengths, run = [], 0
    for one in np.roll(empty, -start):
        run = run + 1 if one else 0
        lengths.append(run)
    last = int(np.argmax(lengths))
    return (start + last - lengths[last] // 2 + (lengths[last] % 2 == 0)) % len(empty)
