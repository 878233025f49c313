"""A TOML text with the line of every key, read without trusting it."""

import os
import re
import stat
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from levitas.solver.errors import CaseError
from levitas.solver.limits import CASE_BYTES, CASE_DEPTH, CASE_TABLES

Keys = tuple[str | int, ...]


@dataclass
class Source:
    """Values and places of a TOML file.

    `lines` maps a key path, such as ("shape", 0, "mode", "n"), to its line; `origins` names the
    place of values that came from elsewhere (a variant, an override).
    """

    name: str
    folder: Path
    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[Keys, int] = field(default_factory=dict)
    origins: dict[Keys, tuple[int, str]] = field(default_factory=dict)

    def line(self, keys: Keys) -> int:
        """Line of the key, or of the nearest table that holds it."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return self.lines.get(keys, 1)

    def place(self, keys: Keys) -> tuple[int, str]:
        """(line, `file:line`) of a value, or of what put it there."""
        for n in range(len(keys), 0, -1):
            if keys[:n] in self.origins:
                return self.origins[keys[:n]]
        line = self.line(keys)
        return line, f"{self.name}:{line}"


def read_toml(path: Path, what: str = "case file") -> Source:
    """Read a TOML file. Raises CaseError (`file:line: message`) for anything that is not one."""
    name = shown(path)
    text = _read_text(path, name, what)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CaseError(_syntax_message(name, text, str(error))) from None
    except (RecursionError, ValueError) as error:
        reason = (
            "nested too deeply" if isinstance(error, RecursionError) else "a number is too long"
        )
        raise CaseError(f"{name}:1: {reason}; a {what} is plain tables of plain values") from None
    if _too_deep(data):
        raise CaseError(f"{name}:1: nested deeper than {CASE_DEPTH} levels; a {what} needs 5")
    source = Source(name, path.parent, data)
    source.lines = _lines(text)
    return source


def shown(path: Path) -> str:
    """The path as messages show it: relative to the working directory where it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def _read_text(path: Path, name: str, what: str) -> str:
    """The text of a regular, small, UTF-8 file without NUL bytes."""
    try:
        # never block on a pipe, never read an endless device
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise CaseError(f"{name}: is not a regular file; give a {what}")
            raw = file.read(CASE_BYTES + 1)
    except IsADirectoryError:
        raise CaseError(f"{name}: is a directory, not a {what}") from None
    except FileNotFoundError:
        raise CaseError(f"{name}: no such {what}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CaseError(f"{name}: cannot be read: {reason}") from None
    if len(raw) > CASE_BYTES:
        raise CaseError(
            f"{name}: is larger than {CASE_BYTES // 1000} kB; a {what} holds settings, not data"
        )
    if b"\0" in raw:
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        raise CaseError(f"{name}:{line}: holds NUL bytes; a {what} is UTF-8 text")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise CaseError(f"{name}:{line}: is not UTF-8 text; save the {what} as UTF-8") from None


def _syntax_message(name: str, text: str, message: str) -> str:
    match = re.search(r"\s*\(at line (\d+), column (\d+)\)", message)
    if match:
        line, message = int(match[1]), message.replace(match[0], f" at column {match[2]}")
    else:
        line, message = (
            text.count("\n") + 1,
            message.replace(" (at end of document)", " at the end of the file"),
        )
    if "overwrite" in message:
        message = f"a key or table is given twice ({message.lower()})"
    if parts := re.search(r"\((?:'[^']*',? ?)+\)", message):  # the parser's own name of a table
        table = ".".join(re.findall(r"'([^']*)'", parts[0]))
        message = f"[{table}] is given twice; put its keys under one"
    return f"{name}:{line}: not valid TOML: {message}"


def _too_deep(data: Any) -> bool:
    level = [data]
    for _ in range(CASE_DEPTH):
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def _lines(text: str) -> dict[Keys, int]:
    """Line of every key path, by walking the syntax tree of tree-sitter-toml."""
    import tree_sitter
    import tree_sitter_toml

    language = tree_sitter.Language(tree_sitter_toml.language())
    root = tree_sitter.Parser(language).parse(text.encode()).root_node
    lines: dict[Keys, int] = {}
    counts: dict[Keys, int] = {}  # tables seen so far in each array of tables
    for node in root.named_children:
        if node.type == "pair":
            _pair(node, (), lines)
        elif node.type in ("table", "table_array_element"):
            _table(node, lines, counts)
    return lines


def _table(node, lines: dict[Keys, int], counts: dict[Keys, int]) -> None:
    children = node.named_children
    keys: Keys = ()
    parts = _key_parts(children[0])
    for i, part in enumerate(parts):
        keys += (part,)
        last = i == len(parts) - 1
        if last and node.type == "table_array_element":
            counts[keys] = counts.get(keys, 0) + 1
            lines.setdefault(keys, _row(node))
        if keys in counts:
            keys += (counts[keys] - 1,)
        lines.setdefault(keys, _row(node))
    for child in children[1:]:
        if child.type == "pair":
            _pair(child, keys, lines)


def _pair(node, prefix: Keys, lines: dict[Keys, int]) -> None:
    key, *values = [child for child in node.named_children if child.type != "comment"]
    keys = prefix
    for part in _key_parts(key):
        keys += (part,)
        lines.setdefault(keys, _row(node))
    for value in values:
        _value(value, keys, lines)


def _value(node, keys: Keys, lines: dict[Keys, int]) -> None:
    lines.setdefault(keys, _row(node))
    if node.type == "inline_table":
        for child in node.named_children:
            if child.type == "pair":
                _pair(child, keys, lines)
    elif node.type == "array":
        items = [child for child in node.named_children if child.type != "comment"]
        if len(items) <= CASE_TABLES:
            for i, child in enumerate(items):
                _value(child, (*keys, i), lines)


def _key_parts(node) -> list[str]:
    parts: list[str] = []
    while node.type == "dotted_key":  # nests to the left
        *rest, last = node.named_children
        if not rest:
            node = last
            break
        parts.insert(0, _key_text(last))
        node = rest[0]
        for middle in rest[1:]:
            parts.insert(0, _key_text(middle))
    parts.insert(0, _key_text(node))
    return parts


def _key_text(node) -> str:
    text = node.text.decode()
    if node.type == "quoted_key":
        return next(iter(tomllib.loads(f"{text} = 0")))
    return text


def _row(node) -> int:
    return node.start_point[0] + 1
