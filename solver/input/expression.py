"""Arithmetic expressions of a case file: an own walk over a whitelisted syntax tree, never eval."""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from levitas.solver.errors import CaseError
from levitas.solver.input.faults import shortened

MAX_LENGTH = 2000
MAX_DEPTH = 50
MAX_NODES = 1000
MAX_EXPONENT = 64
CONSTANTS = {"pi": math.pi, "e": math.e, "g0": 9.80665, "true": 1.0, "false": 0.0}

_BINARY = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: np.mod,
    ast.Pow: np.power,
}
_COMPARE = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_ONE = "sqrt exp log log10 sin cos tan sinh cosh tanh floor ceil sign"
# name -> (function, least and most number of arguments)
FUNCTIONS: dict[str, tuple[Callable, int, int]] = {
    **{name: (getattr(np, name), 1, 1) for name in _ONE.split()},
    "abs": (np.abs, 1, 1),
    "asin": (np.arcsin, 1, 1),
    "acos": (np.arccos, 1, 1),
    "atan": (np.arctan, 1, 1),
    "atan2": (np.arctan2, 2, 2),
    "hypot": (np.hypot, 2, 2),
    "min": (lambda *a: _fold(np.minimum, a), 1, 16),
    "max": (lambda *a: _fold(np.maximum, a), 1, 16),
    "clip": (lambda a, low, high: np.minimum(np.maximum(a, low), high), 3, 3),
    "where": (np.where, 3, 3),
    "step": (lambda a: np.where(a > 0, 1.0, 0.0), 1, 1),
    "erf": (lambda a: np.vectorize(math.erf, otypes=[float])(a), 1, 1),
}


class ExpressionError(CaseError, ValueError):
    """The text is not an expression of the whitelisted grammar, or has no finite value."""

    @property
    def fault(self) -> str:
        """The message with a remedy."""
        return str(self) if ";" in str(self) else f"{self}; fix the expression"


def _fold(function: Callable, values: tuple) -> Any:
    result = values[0]
    for value in values[1:]:
        result = function(result, value)
    return result


class Expression:
    """A parsed expression: numbers, names (dotted too), + - * / % **, comparisons, functions.

    `names` holds every name it needs; `functions` adds callables by name to the fixed list.
    """

    def __init__(self, text: str, functions: Mapping[str, Callable] | None = None) -> None:
        self.text = text
        self.extra = dict(functions or {})
        self.names: set[str] = set()
        self._tree = _parse(text)
        self._check(self._tree, 0)

    def __call__(self, values: Mapping[str, Any]) -> Any:
        """Value for the given names; arrays broadcast. Raises ExpressionError if not finite."""
        with np.errstate(all="ignore"):
            try:
                result = self._value(self._tree, values)
                finite = bool(np.all(np.isfinite(result)))
            except ExpressionError:
                raise
            except (ArithmeticError, ValueError, TypeError) as error:
                raise ExpressionError(f"'{self.text}' cannot be evaluated: {error}") from None
        if not finite:
            raise ExpressionError(
                f"'{self.text}' is not finite (a division by zero, a root or log"
                " of a negative number, or an overflow)"
            )
        return result

    def _check(self, node: ast.AST, depth: int) -> None:
        """Refuse everything outside the grammar; collect the names."""
        if depth > MAX_DEPTH:
            raise ExpressionError(f"nested deeper than {MAX_DEPTH}")
        match node:
            case ast.Constant(value=value):
                if isinstance(value, bool) or not isinstance(value, int | float):
                    raise ExpressionError(f"{value!r} is not a number")
                if abs(value) > 1e300:
                    raise ExpressionError("a number is too large")
                return
            case ast.Name() | ast.Attribute():
                self.names.add(_dotted(node))
                return
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                self._check_call(name, args)
                children = args
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
                children = [left, right]
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Not(), operand=operand):
                children = [operand]
            case ast.Compare(left=left, ops=ops, comparators=rest) if all(
                type(op) in _COMPARE for op in ops
            ):
                children = [left, *rest]
            case ast.BoolOp(values=children):
                pass
            case ast.IfExp(test=test, body=body, orelse=orelse):
                children = [test, body, orelse]
            case _:
                raise ExpressionError(f"{_kind(node)} is not allowed in an expression")
        for child in children:
            self._check(child, depth + 1)

    def _check_call(self, name: str, args: list) -> None:
        if name in self.extra:
            return
        if name not in FUNCTIONS:
            known = ", ".join([*FUNCTIONS, *self.extra])
            raise ExpressionError(f"unknown function '{name}'; known: {known}")
        _, least, most = FUNCTIONS[name]
        if not least <= len(args) <= most:
            raise ExpressionError(f"{name}() takes {least} to {most} arguments, got {len(args)}")

    def _value(self, node: ast.AST, values: Mapping[str, Any]) -> Any:
        match node:
            case ast.Constant(value=value):
                return float(value)
            case ast.Name() | ast.Attribute():
                return _look_up(_dotted(node), values)
            case ast.Call(func=ast.Name(id=name), args=args):
                function = self.extra.get(name) or FUNCTIONS[name][0]
                return function(*(self._value(a, values) for a in args))
            case ast.BinOp(left=left, op=op, right=right):
                a, b = self._value(left, values), self._value(right, values)
                if isinstance(op, ast.Pow) and np.any(np.abs(b) > MAX_EXPONENT):
                    raise ExpressionError(f"an exponent is larger than {MAX_EXPONENT}")
                return _BINARY[type(op)](np.float64(a) if np.isscalar(a) else a, b)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self._value(operand, values)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self._value(operand, values)
            case ast.UnaryOp(operand=operand):
                return np.where(self._value(operand, values), 0.0, 1.0)
            case ast.Compare(left=left, ops=ops, comparators=rest):
                terms = [self._value(n, values) for n in [left, *rest]]
                true = [
                    _COMPARE[type(op)](a, b)
                    for op, a, b in zip(ops, terms, terms[1:], strict=False)
                ]
                return np.where(_fold(np.logical_and, tuple(true)), 1.0, 0.0)
            case ast.BoolOp(op=op, values=children):
                join = np.logical_and if isinstance(op, ast.And) else np.logical_or
                return np.where(
                    _fold(join, tuple(self._value(c, values) for c in children)), 1.0, 0.0
                )
            case ast.IfExp(test=test, body=body, orelse=orelse):
                parts = (self._value(n, values) for n in (test, body, orelse))
                return np.where(*parts)
        raise ExpressionError(f"{_kind(node)} is not allowed in an expression")


def _parse(text: str) -> ast.AST:
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"longer than {MAX_LENGTH} characters")
    # list items are written shape.1.radius, which Python does not parse
    try:
        tree = ast.parse(_plain_indices(text).strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(
            f"'{shortened(text, 60)}' is not an expression ({getattr(error, 'msg', 'malformed')})"
        ) from None
    if sum(1 for _ in ast.walk(tree)) > MAX_NODES:
        raise ExpressionError(f"has more than {MAX_NODES} terms")
    return tree


def _plain_indices(text: str) -> str:
    """Rewrite `shape.1.radius` as `shape._1.radius`."""
    import re

    return re.sub(r"(?<=[A-Za-z_])\.(\d+)(?=\.[A-Za-z_]|\b(?!\.?\d))", r"._\1", text)


def _dotted(node: ast.AST) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        raise ExpressionError(f"{_kind(node)} is not allowed in an expression")
    parts.append(node.id)
    return ".".join(p[1:] if p[0] == "_" and p[1:].isdigit() else p for p in reversed(parts))


def _look_up(name: str, values: Mapping[str, Any]) -> Any:
    if name in values:
        return values[name]
    if name in CONSTANTS:
        return CONSTANTS[name]
    raise ExpressionError(unknown_name(name, values))


def unknown_name(name: str, known: Mapping[str, Any]) -> str:
    """Message for a name that an expression may not use, with the nearest known one."""
    import difflib

    near = difflib.get_close_matches(name, [*known, *CONSTANTS], n=1)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    return f"unknown name '{name}'{hint}"


def _kind(node: ast.AST) -> str:
    return {"Subscript": "[...]", "Lambda": "lambda", "Call": "this call"}.get(
        type(node).__name__, type(node).__name__.lower()
    )


def evaluate(
    text: str, values: Mapping[str, Any], functions: Mapping[str, Callable] | None = None
) -> Any:
    """Parse and evaluate in one go."""
    return Expression(text, functions)(values)


def check_syntax(text: str, keys: tuple, faults: Any) -> None:
    """Note a fault of the value at `keys` if the text is no expression of the plain functions."""
    try:
        Expression(text)
    except ExpressionError as error:
        faults.add(keys, error.fault)
