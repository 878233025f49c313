"""Pages of docs/ that commands write: a heading, words, tables of text."""

from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; its columns lined up for those who read the source."""
    lines = [[str(cell) for cell in line] for line in (head, *rows)]
    widths = [max(3, *(len(line[n]) for line in lines)) for n in range(len(head))]
    lines.insert(1, ["-" * width for width in widths])
    texts = (" | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) for line in lines)
    return "\n".join(f"| {text} |" for text in texts)


def write(name: str, title: str, command: str, parts: Sequence[str]) -> Path:
    """Write docs/<name>: every number of it comes from `command`, as its second line says."""
    made = f"Written by `{command}`; change nothing here by hand."
    path = DOCS / name
    path.write_text("\n\n".join([f"# {title}", made, *parts]) + "\n", encoding="utf-8")
    return path


def section(name: str, title: str, parts: Sequence[str]) -> Path:
    """Write one section of docs/<name>, in the place of the one of that title or at the end."""
    path = DOCS / name
    before, _, rest = path.read_text(encoding="utf-8").partition(f"\n## {title}\n")
    _, more, after = rest.partition("\n## ")
    text = "\n\n".join([f"{before.rstrip()}\n\n## {title}", *parts])
    path.write_text(f"{text}\n{more}{after}", encoding="utf-8")
    return path


def kept(name: str, title: str) -> str:
    """A section of docs/<name> as it stands, its title included; "" if there is none."""
    path = DOCS / name
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    _, found, rest = text.partition(f"\n## {title}\n")
    inside, *_ = rest.partition("\n## ")
    return f"## {title}\n{inside.rstrip()}" if found else ""


def number(value: float | None, digits: int = 4) -> str:
    """A number for people, "-" where there is none."""
    return "-" if value is None else f"{value:.{digits}g}"
