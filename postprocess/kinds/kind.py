"""A kind of picture, as a case file knows it: one module of this folder for each.

To add one: a module here of its name that ends with `KIND`; a module of the same name in
postprocess/pictures with `picture(run, section) -> Page` (anything with `save(path)`), where
`section` is the table of the case; and a row in docs/case-file.md. Nothing else lists the kinds.
They stand apart from what draws, since a case is read without it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


def _nothing(section: Any) -> str:
    return ""


@dataclass(frozen=True)
class PictureKind:
    """What a case may say of a kind of picture.

    about       what it shows, in a line
    keys        those that it takes beside kind and name
    needed      keys that it cannot do without
    sections    those of the case without which there is nothing to show
    variables   names that its reference may use beside those of the case
    derived     what it can show as `field` beside the fields of the case
    fault       (section) -> what is wrong with keys that do not fit each other, else ""
    file        where it is saved in a run folder
    over_runs   it compares several run folders: `picture(runs, section)`
    in_3d       it is drawn in 3-D where VTK can draw
    """

    about: str
    keys: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()
    fault: Callable[[Any], str] = _nothing
    file: str = "pictures/{name}.png"
    over_runs: bool = False
    in_3d: bool = False


#: keys of theory that is drawn beside a curve
CURVE = ("reference", "reference_name")
