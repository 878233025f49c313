"""What every section of a case file shares: the base model and keys that carry a unit."""

import typing
from collections.abc import Iterator
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A table of a case file: unknown keys are faults, types are strict, numbers finite."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    unavailable: ClassVar[dict[str, str]] = {}  # keys of the contract not built yet: what they need


def key(
    default: Any,
    about: str,
    unit: str | None = None,
    words: tuple[str, ...] = (),
    expects: str | None = None,
    formula: bool = False,
    **limits: Any,
) -> Any:
    """A key: default, one line of text, unit of a number, words allowed instead of a number.

    `expects` is the message when the type is wrong; with `formula` a text that is no number with a
    unit is an expression; `limits` are pydantic's (gt, ge, le, ...).
    """
    extra: dict[str, Any] = {}
    if unit is not None:
        extra["unit"] = unit
    if words:
        extra["words"] = list(words)
    if expects is not None:
        extra["expects"] = expects
    if formula:
        extra["formula"] = True
    default_of = {"default_factory": default} if callable(default) else {"default": default}
    return Field(**default_of, description=about, json_schema_extra=extra, **limits)


def vector(default: Any, about: str, unit: str | None = None, **more: Any) -> Any:
    """A key that holds three numbers [x, y, z]."""
    return key(default, about, unit, min_length=3, max_length=3, **more)


def formula_key(about: str, unit: str | None = None, what: str = "a number", **more: Any) -> Any:
    """A key that holds a number (`what` it is: a temperature, ...) or an expression, or nothing."""
    expects = f"{what} or an expression in quotes"
    return key(None, about, unit, formula=True, **({"expects": expects} | more))


def one_of(model: BaseModel, *names: str, optional: bool = False) -> None:
    """Exactly one of the keys must be given (at most one if optional)."""
    given = [name for name in names if getattr(model, name) is not None]
    if len(given) > 1 or not (given or optional):
        raise ValueError(f"give {'at most' if optional else 'exactly'} one of {', '.join(names)}")


def extra_of(model: type[BaseModel], name: str) -> dict[str, Any]:
    """The unit, words and expects of a key."""
    field = model.model_fields.get(name)
    extra = field.json_schema_extra if field else None
    return extra if isinstance(extra, dict) else {}


def unit_of(model: type[BaseModel], name: str) -> str | None:
    """The unit of a key, None where it has none."""
    return extra_of(model, name).get("unit")


def nested_model(annotation: Any) -> type[BaseModel] | None:
    """The section inside an annotation such as `list[ShapeParams]` or `ShapeMode | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for arg in typing.get_args(annotation):
        nested = nested_model(arg)
        if nested:
            return nested
    return None


def formulas(value: Any, keys: tuple) -> Iterator[tuple[tuple, str | None, float | str]]:
    """(place, unit, number or text) of each formula given in a section or a list of sections.

    keys   place of the section in the file; its lists and tables are searched too
    """
    if isinstance(value, BaseModel):
        kind = type(value)
        for name in kind.model_fields:
            item, here = getattr(value, name), (*keys, name)
            if extra_of(kind, name).get("formula"):
                if item is not None:
                    yield here, unit_of(kind, name), item
            else:
                yield from formulas(item, here)
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from formulas(item, (*keys, i))
