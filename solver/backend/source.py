"""Kernel texts: one flat string per (file, defines), and the C signatures of its kernels."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

KERNELS = Path(__file__).resolve().parent.parent.parent / "kernels"

#: C types of kernel arguments and the NumPy types that match them; `real` is added per precision.
TYPES = {
    "float": "float32",
    "double": "float64",
    "int": "int32",
    "uint8": "uint8",
    "unsigned char": "uint8",
    "uint16": "uint16",
    "uint32": "uint32",
    "int64": "int64",
    "long long": "int64",
    "uint64": "uint64",
}


@dataclass(frozen=True)
class Parameter:
    """One argument of a kernel: `kind` is "box", "pointer" or "scalar", `dtype` a NumPy name."""

    name: str
    kind: str
    dtype: str = ""
    constant: bool = False  # a pointer to const


def specialised(file: str | Path, precision: int, defines: dict) -> str:
    """The text of `kernels/<file>` with its includes, each once, after a line for every define.

    One string is all that a compiler sees, so its digest names the result (CuPy's own cache does
    not look into included files).
    """
    head = {"PRECISION": precision, **{name: _literal(defines[name]) for name in sorted(defines)}}
    lines = "".join(f"#define {name} {value}\n" for name, value in head.items())
    return lines + _flat(KERNELS / file)


#: Defines of a block that a text for all sizes has as variables.
SIZES = ("PITCH", "PLANE", "VOLUME", "WRAP")


def any_size(text: str) -> tuple[str, dict[str, int]]:
    """A specialised text made to serve blocks of all sizes, and the sizes that it had.

    `PITCH` and the others become variables `PITCH_` that are to be set before a kernel runs.
    """
    sizes = {}

    def loosened(match: re.Match) -> str:
        name = match[1]
        sizes[name] = int(match[2])
        return f"static long long {name}_;\n#define {name} ((int){name}_)\n"

    return re.sub(rf"^#define ({'|'.join(SIZES)}) (\d+)\n", loosened, text, flags=re.M), sizes


def _literal(value: object) -> str:
    if isinstance(value, float):
        return repr(value)
    return str(int(value)) if isinstance(value, bool) else str(value)


@cache
def _flat(path: Path) -> str:
    return "".join(_pieces(path, set()))


def _pieces(path: Path, seen: set[Path]) -> list[str]:
    """The file with its includes in place; `#line` keeps messages pointing at the true source."""
    seen.add(path)
    pieces = [f'#line 1 "{path.name}"\n']
    for number, line in enumerate(path.read_text().splitlines(keepends=True), 1):
        found = re.match(r'\s*#\s*include\s+"(.+)"', line)
        if found:
            name = found[1]
            target = path.parent / name if (path.parent / name).exists() else KERNELS / name
            if target not in seen:
                pieces += _pieces(target, seen)
            pieces.append(f'#line {number + 1} "{path.name}"\n')
        elif re.match(r"\s*#\s*pragma\s+once", line):
            pieces.append("\n")
        else:
            pieces.append(line)
    return pieces


@cache
def signatures(text: str, precision: int) -> dict[str, list[Parameter]]:
    """The kernels that a specialised text defines: name -> parameters in C order.

    Kernels that the preprocessor drops are left out. ValueError where an argument list or a body
    cannot be had on both targets (a `return` in a body would end a whole row of cells on a CPU).
    """
    types = TYPES | {"real": f"float{precision}"}
    code, macros = _kept(text)
    found = {}
    for match in re.finditer(r"^KERNEL\s+(\w+)\s*\(([^)]*)\)\s*\{", code, re.MULTILINE):
        name, arguments = match[1], match[2]
        arguments = _expanded(arguments, macros)
        found[name] = [_parameter(a, types, name) for a in arguments.split(",")]
        if sum(p.kind == "box" for p in found[name]) != 1:
            raise ValueError(f"kernel {name}: one argument must be a Box")
        if re.search(r"\b(return|goto)\b", _body(code, match.end())):
            raise ValueError(f"kernel {name}: no return in a kernel, it is a loop on a CPU")
    return found


def _parameter(text: str, types: dict[str, str], kernel: str) -> Parameter:
    words = re.sub(r"\b__restrict__\b", " ", text).replace("*", " * ").split()
    *kind, name = words or [""]
    constant, pointer = "const" in kind, "*" in kind
    c_type = " ".join(w for w in kind if w not in ("const", "*"))
    if c_type == "Box" and not pointer:
        return Parameter(name, "box")
    if c_type not in types or kind.count("*") > 1:
        raise ValueError(f"kernel {kernel}: cannot pass an argument '{' '.join(words)}'")
    return Parameter(name, "pointer" if pointer else "scalar", types[c_type], constant)


def _body(code: str, start: int) -> str:
    depth = 1
    for position in range(start, len(code)):
        depth += {"{": 1, "}": -1}.get(code[position], 0)
        if depth == 0:
            return code[start:position]
    raise ValueError("unbalanced braces")


def _kept(text: str) -> tuple[str, dict[str, str]]:
    """(text, macros) without comments and without what `#if` on plain defines drops.

    macros: {"NAME" or "NAME(parameters)": what it stands for}.
    """
    text = re.sub(r"//[^\n]*|/\*.*?\*/", " ", text, flags=re.DOTALL).replace("\\\n", " ")
    values, kept, out = {}, [], []  # kept: one [now, ever] pair per open #if
    for line in text.splitlines():
        found = re.match(r"\s*#\s*(\w+)\s*(.*)", line)
        word, rest = (found[1], found[2].strip()) if found else ("", "")
        on = all(now for now, _ in kept)
        if word in ("if", "ifdef", "ifndef"):
            now = _condition(word, rest, values)
            kept.append([now, now])
        elif word in ("elif", "else"):
            now = not kept[-1][1] and (word == "else" or _condition("if", rest, values))
            kept[-1] = [now, kept[-1][1] or now]
        elif word == "endif":
            kept.pop()
        elif word == "define" and on:
            name, value = re.match(r"(\w+(?:\([^)]*\))?)\s*(.*)", rest).groups()
            values[name] = value.strip()
        elif not word and on:
            out.append(line)
    return "\n".join(out), values


def _expanded(text: str, macros: dict[str, str]) -> str:
    """An argument list with its macros in place, as the compilers see it.

    Arguments of a macro are expanded before they are put in, and hold no commas of their own.
    """
    calls = {name.partition("(")[0]: name for name in macros if "(" in name}

    def put(match: re.Match) -> str:
        name, given = match[1], match[2] or ""
        if name in macros:
            return _expanded(macros[name], macros) + given
        if not given or name not in calls:
            return match[0]
        body, names = macros[calls[name]], re.findall(r"\w+", calls[name])[1:]
        for parameter, value in zip(names, _expanded(given[1:-1], macros).split(","), strict=True):
            body = re.sub(rf"\b{parameter}\b", value.strip(), body)
        return _expanded(body.replace("##", ""), macros)

    return re.sub(r"(\w+)(\([^()]*\))?", put, text)


def _condition(word: str, text: str, values: dict[str, str]) -> bool:
    """`#if` on integers, names, defined(), !, &&, ||, comparisons; unknown names are 0."""
    if word != "if":
        return (text.split()[0] in values) == (word == "ifdef")
    text = re.sub(r"defined\s*\(?\s*(\w+)\s*\)?", lambda m: str(int(m[1] in values)), text)
    text = re.sub(r"[A-Za-z_]\w*", lambda m: _number(values.get(m[0], "0")), text)
    if not re.fullmatch(r"[\d\s()<>=!&|+*-]*", text):
        raise ValueError(f"cannot read '#if {text}'")
    text = text.replace("&&", " and ").replace("||", " or ")
    return bool(eval(re.sub(r"!(?!=)", " not ", text).strip(), {"__builtins__": {}}))


def _number(value: str) -> str:
    return value if re.fullmatch(r"-?\d+", value) else "0"
