"""Expressions of a resolved case: exact fields, references of checks, curves of pictures."""

from collections.abc import Mapping
from typing import Any

from levitas.postprocess.kinds.table import KINDS
from levitas.solver.case import values as names
from levitas.solver.input.expression import ExpressionError
from levitas.solver.input.faults import Faults


def check(
    model: Any, values: Mapping[str, float], checks: list[tuple[int, Any]], faults: Faults
) -> None:
    """Note the expressions that have no value, or (exact fields, pictures) use unknown names.

    checks    those that apply to this variant, with their places in the file
    """
    for i, exact in enumerate(model.exact):
        keys = ("exact", i, "expression")
        _try(_names, str(exact.expression), {*values, *"xyzt"}, keys, faults)
    for i, item in checks:
        for name in ("reference", "when"):
            _try(names.check, getattr(item, name), values, ("check", i, name), faults)
    for i, picture in enumerate(model.output.pictures or []):
        known = {*values, *KINDS[picture.kind].variables}
        for name in ("reference", "x", "group"):
            text = getattr(picture, name)
            if text != "variant":
                keys = ("output", "pictures", i, name)
                _try(_names, text, known, keys, faults)


def _names(text: str, known) -> None:
    names.check_names(names.parsed(text), known)


def _try(check, text: Any, known, keys: tuple, faults: Faults) -> None:
    if isinstance(text, str):
        try:
            check(text, known)
        except ExpressionError as error:
            faults.add(keys, error.fault)
