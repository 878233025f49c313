"""Count what a kernel moves to and from memory, from the loads and stores of its PTX.

Every address is followed back to `pointer + bytes * thread + constant`. With rows, planes and
components as defines the constant says which component of which array is meant, and how far away
the neighbour is; a neighbour's value is some other thread's own, so it does not count again.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

SIZES = {"8": 1, "16": 2, "32": 4, "64": 8}


@dataclass
class Traffic:
    """Distinct values of own cells that are read and written, and accesses that depend on data."""

    reads: set = field(default_factory=set)  # (parameter, component)
    writes: set = field(default_factory=set)
    sizes: dict = field(default_factory=dict)  # (parameter, component) -> bytes
    indirect: set = field(default_factory=set)  # parameters read or written at loaded indices

    @property
    def bytes(self) -> int:
        """Bytes per cell: a value both read and written counts twice."""
        return sum(self.sizes[k] for k in self.reads) + sum(self.sizes[k] for k in self.writes)


def traffic(ptx: str, kernel: str, volume: int) -> Traffic:
    """The traffic of one kernel; `volume` elements apart are the components of a field."""
    code = re.search(rf"\.entry {kernel}\(.*?^\}}", ptx, re.DOTALL | re.MULTILINE)[0]
    trace, found = Trace(code, kernel), Traffic()
    pattern = r"(ld|st)\.global(?:\.nc)?(?:\.v\d)?\.[a-z](\d+)\s+([^;]*);"
    for verb, bits, operands in re.findall(pattern, code):
        assert "{" not in operands, "vector accesses are not followed"
        register, shift = re.search(r"\[(%\w+)(?:\+(-?\d+))?\]", operands).groups()
        address, size = trace.value(register), SIZES[bits]
        pointers = [s for s in address if s and s[0] == "pointer"]
        if len(pointers) != 1:  # a pointer that was itself read from memory
            found.indirect.add("?")
            continue
        offset = (address[()] + int(shift or 0)) / size
        key = (pointers[0][1], round(offset / volume))
        if address[("%tid.x",)] != size or any(s and s[0] == "loaded" for s in address):
            found.indirect.add(key[0])
            continue
        found.sizes[key] = size
        (found.reads if verb == "ld" else found.writes).add(key)
    return found


class Trace:
    """Registers of straight-line integer code as sums of symbols; the symbol () is the constant."""

    def __init__(self, code: str, kernel: str):
        self.kernel, self.made, self.seen = kernel, {}, {}
        for line in re.findall(r"^\s*(?:@!?%p\d+ )?([a-z][^;{]*);", code, re.MULTILINE):
            op, *operands = re.split(r"[\s,]+", line.strip())
            if operands and re.match(r"%r", operands[0]):
                self.made.setdefault(operands[0], []).append((op, operands[1:]))

    def value(self, name: str) -> Counter:
        """An operand as symbol -> factor."""
        if re.fullmatch(r"-?\d+", name):
            return Counter({(): int(name)})
        if name not in self.seen:
            made = self.made.get(name, [])[:1]  # in a loop: where it starts
            self.seen[name] = self._follow(name, *made[0]) if made else symbol(name)
        return self.seen[name]

    def _follow(self, name: str, op: str, operands: list[str]) -> Counter:
        verb = op.split(".")[0]
        if op.startswith("ld.param"):
            number, _, shift = re.search(r"param_(\d+)(\+(\d+))?", operands[0]).groups()
            return symbol("pointer" if op.endswith("64") else "argument", int(number), shift)
        if verb == "ld":
            return symbol("loaded", name)
        if verb in ("mov", "cvta", "cvt", "selp"):  # selp: one neighbour or another
            return self.value(operands[0])
        if verb in ("neg", "not", "abs"):
            return total((self.value(operands[0]), -1)) if verb == "neg" else symbol(name)
        a, b, *c = map(self.value, operands)
        if verb == "add":
            return total((a, 1), (b, 1))
        if verb == "sub":
            return total((a, 1), (b, -1))
        if verb == "shl":
            return total((a, 1 << b[()]))
        if verb == "mul":
            return product(a, b)
        if verb == "mad":
            return total((product(a, b), 1), (c[0], 1))
        if any(s[0] == "loaded" for v in (a, b) for s in v if s):
            return symbol("loaded", name)
        return symbol(name)


def symbol(*name) -> Counter:
    return Counter({name: 1})


def total(*terms: tuple[Counter, int]) -> Counter:
    out = Counter()
    for value, factor in terms:
        for name, count in value.items():
            out[name] += factor * count
    return out


def product(a: Counter, b: Counter) -> Counter:
    for one, other in ((a, b), (b, a)):
        if set(one) <= {()}:
            return total((other, one[()]))
    loaded = any(s[0] == "loaded" for v in (a, b) for s in v if s)
    return symbol("loaded" if loaded else "product", str(sorted(map(str, (a, b)))))
