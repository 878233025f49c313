"""Keys that belong to one kind of an item only: those missing, and those of another kind."""

from collections.abc import Iterable

from pydantic import BaseModel


def kind_keys(
    item: BaseModel, needed: Iterable[str], optional: Iterable[str] = (), always: Iterable[str] = ()
) -> tuple[list[str], list[str]]:
    """(needed keys that are not given, given ones that belong to another kind), each sorted.

    A key is given if its value is not the default; `always` are keys that every kind has.
    """
    given = given_keys(item)
    foreign = given - {*needed, *optional, *always, "kind"}
    return sorted(set(needed) - given), sorted(foreign)


def given_keys(item: BaseModel) -> set[str]:
    """The keys of an item whose value is not the default."""
    fields = type(item).model_fields
    return {
        name
        for name, field in fields.items()
        if field.is_required()
        or getattr(item, name) != field.get_default(call_default_factory=True)
    }
