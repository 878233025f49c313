"""Where the keys of a case file stand, for suggestions beyond the section they were put in."""

from functools import cache

from pydantic import BaseModel

from levitas.solver.input.section import nested_model


@cache
def places(model: type[BaseModel]) -> dict[str, str]:
    """{key: its place, such as materials.liquid.diffusivity} of keys that one section has.

    Of a key that stands in several tables of its section the first; keys that several sections
    have (name, kind, velocity) say nothing and are left out.
    """
    found: dict[str, list[str]] = {}
    for section, field in model.model_fields.items():
        _collect(nested_model(field.annotation), section, found)
    owners = {key: {place.split(".")[0] for place in each} for key, each in found.items()}
    return {key: each[0] for key, each in found.items() if len(owners[key]) == 1}


def _collect(kind: type[BaseModel], prefix: str, found: dict[str, list[str]]) -> None:
    """Add the keys of a table, then those of the tables in it."""
    for name, field in kind.model_fields.items():
        found.setdefault(name, []).append(f"{prefix}.{name}")
        inner = nested_model(field.annotation)
        if inner is not None:
            _collect(inner, f"{prefix}.{name}", found)
