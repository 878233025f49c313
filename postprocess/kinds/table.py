"""The kinds of pictures, by name: what the modules of this folder declare."""

from levitas.postprocess.kinds.kind import PictureKind
from levitas.solver.registry import declared

KINDS: dict[str, PictureKind] = declared(__package__, "KIND")
#: what pictures make of the fields of a case and can show like one
DERIVED = tuple(dict.fromkeys(name for kind in KINDS.values() for name in kind.derived))


def sentence() -> str:
    """The names of all kinds in a line, those over several runs last."""
    over = [name for name, kind in KINDS.items() if kind.over_runs]
    return ", ".join(n for n in KINDS if n not in over) + f"; {', '.join(over)}: over all"
