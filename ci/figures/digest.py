"""What a row of docs/validation.md rests on: its case, kernels and modules, each as a short digest.

A row rests on its case as read (texts and pictures aside), on the modules that its run imports,
directly or not, with those of the metrics and references that it names, and on the kernel files
that these modules name, with what they include. Not on a physics that the case does not have, nor
on what only shows numbers. Comments, docstrings, layout and the names of files do not count.
"""

import ast
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ci.figures.page import ROOT
from levitas.postprocess.metrics.table import METRICS, asked_for, series_quantities
from levitas.postprocess.references.table import REFERENCES
from levitas.solver.backend.source import specialised

ROOTS = ("solver/run/run.py", "solver/run/simulation.py", "solver/case/case.py")
ASIDE = ("solver/cli/", "solver/study/", "postprocess/pictures/")  # they show and start, no more
#: what a row names in them is followed, not what they import
TABLES = ("postprocess/metrics/table.py", "postprocess/references/table.py")
ALWAYS = "flow"  # the physics that also holds the fluid at rest
TEXTS = ("title", "subtitle", "text", "references")


def digests(case) -> dict[str, str]:
    """{"case", "kernels", "modules"}: what the row of a case, or of a variant of it, rests on."""
    text = case_text(case)
    held = [hashlib.sha256((case.folder / name).read_bytes()).hexdigest() for name in case.files]
    files = [source(ROOT, path) for path in sorted(modules(case, text))]
    kernels = {name for file in files for name in file.kernels}
    return {
        "case": short([text, *held]),
        "kernels": short(sorted(kernel_text(ROOT / "kernels" / name) for name in kernels)),
        "modules": short(sorted(file.digest for file in files)),
    }


def short(texts: Iterable[str]) -> str:
    """The digest of texts, eight digits."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:8]


def case_text(case) -> str:
    """What a case says beside its defaults, texts and pictures, and what its checks measure."""
    data = case.model.model_dump(exclude_defaults=True)
    for name in TEXTS:
        data["case"].pop(name, None)
    data.pop("variant", None)
    data.get("output", {}).pop("pictures", None)
    for check in data.get("check", []):
        check.pop("source", None)
    data["measured"] = sorted(asked_for(case))
    return json.dumps(data, sort_keys=True)


@cache
def kernel_text(path: Path) -> str:
    """A kernel file with its includes, without comments and layout."""
    text = re.sub(r"(?m)^#line .*$|//.*$|/\*[\s\S]*?\*/", " ", specialised(path, 32, {}))
    return " ".join(re.findall(r"\w+|[^\w\s]", text))


def modules(case, text: str) -> set[Path]:
    """The modules that the numbers of a case come from."""
    words = set(re.findall(r"\w+", text))
    names = {*asked_for(case), *series_quantities(case)} & METRICS.keys()
    used: list[Callable] = [METRICS[name].function for name in names]
    used += [REFERENCES[name] for name in words & REFERENCES.keys()]
    folders = {path.parent for path in (ROOT / "solver/physics").glob("*/section.py")}
    sections = {_file(type(section)).parent for section in vars(case.model).values() if section}
    present = folders & {*sections, ROOT / "solver/physics" / ALWAYS}
    aside = {*(ROOT / name for name in ASIDE), *(folders - present)}
    mine = {_file(function) for function in used} | {p for f in present for p in f.glob("*.py")}
    return reached(ROOT, {*(ROOT / name for name in ROOTS), *mine}, aside)


def _file(thing: type | Callable) -> Path:
    """The module of the package that a class or function stands in."""
    return ROOT.joinpath(*thing.__module__.split(".")[1:]).with_suffix(".py")


def reached(root: Path, roots: Iterable[Path], aside: Iterable[Path] = ()) -> set[Path]:
    """The modules below `root` that `roots` import, directly or not, and these themselves.

    Not those in the folders `aside`.
    """
    waiting, found, aside = list(roots), set(), set(aside)
    while waiting:
        path = waiting.pop()
        if path in found or aside & set(path.parents):
            continue
        found.add(path)
        if path.relative_to(root).as_posix() not in TABLES:
            waiting += source(root, path).imports
    return found


class Source(NamedTuple):
    """A module: the digest of what it says, what it imports, the kernel files that it names."""

    digest: str
    imports: tuple[Path, ...]
    kernels: tuple[str, ...]


@cache
def source(root: Path, path: Path) -> Source:
    """A module of the package; of what it imports from there the contents count, not the names."""
    tree, links = _parsed(path)
    found = [
        (target, f"{name} {alias}")
        for link in links
        for target, name, alias in _targets(root, link)
    ]
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    kernels = {text for text in texts if isinstance(text, str) and re.fullmatch(r"\w+\.cu", text)}
    said = sorted(f"{_digest(target)} {names}" for target, names in found)
    imports = tuple(target for target, _ in found)
    return Source(short([_digest(path), *said]), imports, tuple(sorted(kernels)))


@cache
def _digest(path: Path) -> str:
    """The digest of a module without its imports of the package."""
    return short([_text(_parsed(path)[0])])


@cache
def _parsed(path: Path) -> tuple[ast.Module, list[ast.ImportFrom]]:
    """(a module without docstrings and imports of the package, these imports)."""
    strip = _Strip()
    return strip.visit(ast.parse(path.read_text(encoding="utf-8"))), strip.links


class _Strip(ast.NodeTransformer):
    """Takes out docstrings and imports of the package, and keeps the latter."""

    def __init__(self):
        self.links: list[ast.ImportFrom] = []

    def visit_ImportFrom(self, node):
        if not f"{node.module}.".startswith("levitas."):
            return node
        self.links.append(node)
        return None

    def visit_Expr(self, node):
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)


def _targets(root: Path, link: ast.ImportFrom) -> Iterator[tuple[Path, str, str]]:
    """(module, name in it, name here) of everything that an import brings."""
    there = root.joinpath(*link.module.split(".")[1:])
    for entry in link.names:
        inner = there / f"{entry.name}.py"
        name = "" if inner.exists() else entry.name
        places = (inner, there.parent / f"{there.name}.py", there / "__init__.py")
        for target in [place for place in places if place.exists()][:1]:
            yield target, name, entry.asname or entry.name


def _text(node: object) -> str:
    """A tree as text, the same in every version of Python."""
    if isinstance(node, list):
        return "[" + ",".join(map(_text, node)) + "]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = [(n, getattr(node, n, None)) for n in node._fields if n not in ("ctx", "kind")]
    said = (f"{n}={_text(value)}" for n, value in fields if value not in (None, []))
    return f"{type(node).__name__}({','.join(said)})"
