"""Faults of a case, collected and raised as one error."""

from difflib import SequenceMatcher, get_close_matches
from typing import Any

from levitas.solver.errors import CaseError
from levitas.solver.input.source import Keys, Source

MAX_SHOWN = 50


class Faults:
    """A list of faults, each with its place; `stop()` raises all of them as one CaseError.

    `keys` are the places of the faults noted here; the messages are shared with the `of` copies.
    """

    def __init__(self, source: Source, note: str = "") -> None:
        self.source, self.note = source, note
        self.messages: dict[str, tuple[int, str]] = {}  # text -> (line, note)
        self.keys: list[Keys] = []

    def of(self, source: Source, note: str = "") -> "Faults":
        """Faults of a changed copy of the source; `note` says which, after each message."""
        copy = Faults(source, note)
        copy.messages = self.messages
        return copy

    def __bool__(self) -> bool:
        return bool(self.messages)

    def add(self, keys: Keys, message: str) -> None:
        """Note a fault of the value at `keys`; the message says what and, after `;`, the remedy."""
        line, place = self.source.place(keys)
        self.messages.setdefault(f"{place}: {key_text(keys)}{clean(message)}", (line, self.note))
        self.keys.append(keys)

    def under(self, *keys: str | int) -> bool:
        """Whether there is a fault at or below these keys."""
        return any(k[: len(keys)] == keys for k in self.keys)

    def stop(self) -> None:
        """Raise CaseError with every fault in the order of the file, if there is one."""
        if not self.messages:
            return
        items = sorted(self.messages.items(), key=lambda item: item[1][0])
        texts = [f"{text} ({note})" if note else text for text, (_, note) in items]
        if len(texts) > MAX_SHOWN:
            texts = [*texts[:MAX_SHOWN], f"and {len(texts) - MAX_SHOWN} more"]
        raise CaseError("\n".join(texts))


def items(sections: dict[str, Any], name: str) -> list[tuple[int, Any]]:
    """The valid tables of an array with their places in the file."""
    return [(i, item) for i, item in enumerate(sections.get(name) or []) if item is not None]


def has(sections: dict[str, Any], name: str, faults: Faults) -> bool:
    """Whether there is a section of this name, even a faulty one."""
    return sections.get(name) is not None or faults.under(name)


def key_text(keys: Keys) -> str:
    """`("shape", 0, "mode", "n")` as `[shape] mode.n: `, the form of every message."""
    if not keys:
        return ""
    inner = keys[2:] if len(keys) > 1 and isinstance(keys[1], int) else keys[1:]
    rest = _printable(".".join(str(key) for key in inner))
    return f"[{_printable(str(keys[0]))}]{' ' if rest else ''}{rest}: "


def suggestion(name: str, known: list[str], cutoff: float = 0.6) -> str | None:
    """The known name nearest to a misspelt one."""
    plain = {item.lower(): item for item in known}
    near = get_close_matches(name.lower()[:100], plain, n=1, cutoff=cutoff)
    return plain[near[0]] if near else None


def likeness(name: str, other: str) -> float:
    """How alike two names are, 0 to 1."""
    return SequenceMatcher(None, other.lower(), name.lower()[:100]).ratio()


def nearest(name: str, known: list[str], most: int) -> list[str]:
    """The known names nearest to one, however far."""
    return get_close_matches(name[:100], known, n=most, cutoff=0.0)


def clean(text: str) -> str:
    """Keep control characters of a hostile file off the terminal."""
    return "".join(c if c.isprintable() else "?" for c in text)


def shortened(text: str, most: int = 40) -> str:
    """The text, or its start and "..." where it has more than so many characters."""
    return text if len(text) <= most else text[: most - 3] + "..."


def _printable(text: str) -> str:
    return clean(shortened(text, 80))
