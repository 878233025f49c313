"""Write a case model as TOML."""

import json
from typing import Any

from pydantic import BaseModel

_ARRAYS = ("shape", "field", "boundary", "exact", "variant", "check")


def toml_text(model: BaseModel) -> str:
    """The sections as TOML text; reading it again gives the same values."""
    data = model.model_dump(exclude_none=True)
    blocks = []
    for name, value in data.items():
        tables = value if name in _ARRAYS else [value]
        head = f"[[{name}]]" if name in _ARRAYS else f"[{name}]"
        for table in tables:
            lines = [f"{_key(k)} = {_value(v)}" for k, v in table.items()]
            blocks.append("\n".join([head, *lines]))
    return "\n\n".join(blocks) + "\n"


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case int():
            return repr(value)
        case float():
            return repr(float(value))
        case list() | tuple():
            return f"[{', '.join(_value(v) for v in value)}]"
        case dict():
            inner = ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items())
            return f"{{ {inner} }}" if inner else "{}"
    raise TypeError(f"{type(value).__name__} cannot be written as TOML")


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def _key(key: str) -> str:
    plain = key and all(c.isascii() and (c.isalnum() or c in "_-") for c in key)
    return key if plain else _text(key)
