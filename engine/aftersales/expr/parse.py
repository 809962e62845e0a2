"""Text to an untyped tree, by the standard ``ast``, node by node; nothing is ever run.

``scan`` has looked at the text first, so that ``ast`` sees only short, shallow, ASCII text on one line, where its
byte columns are character offsets.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from types import UnionType
from typing import Final

from aftersales.errors import Diagnostic
from aftersales.expr.faults import Faults
from aftersales.expr.raw import (
    Addition,
    Application,
    Belonging,
    Chain,
    Conditional,
    Junction,
    Membership,
    Multiplication,
    Name,
    Negation,
    Number,
    Operator,
    Raw,
)
from aftersales.expr.scan import DEEPEST, looks_sound, note_too_deep, scan
from aftersales.expr.scope import Place
from aftersales.text import Text

_OPERATORS: Final[Mapping[type[ast.cmpop], Operator]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_STRANGE: Final = ("这一段不是本语言的写法", "this is not written in this language")
_ON_ONE_LINE: Final = str.maketrans("\t\r\n", "   ")


def parse_expr(
    text: str, place: Place, *, law: bool = False, known: dict[str, Raw] | None = None
) -> tuple[Raw | None, tuple[Diagnostic, ...]]:
    """Read ``text`` as an untyped tree; ``None`` where it is at fault, with every fault that was found.

    Offsets are characters of ``text``; ``place`` turns them into a place in the author's file. Text of strangers is
    safe: at most ``LONGEST`` characters and ``DEEPEST`` levels are read. In a ``law`` names may hold dots, and a lone
    name after ``in`` is a list. ``known`` keeps what sound texts were read as; none of them is read a second time.
    """
    if known and text in known:
        return known[text], ()
    if looks_sound(text, dotted=law):  # nearly all do, and most of the work is in telling what is wrong with the others
        faults = Faults(place)
        sound = _Reader(text, faults, law=law).read()
        if not faults:
            if known is not None:
                known[text] = sound
            return sound, ()
    faults = Faults(place)
    scan(text, faults, dotted=law)
    raw = None if faults else _Reader(text, faults, law=law).read()
    return (None if faults else raw), faults.all


class _Reader:
    """Turns ``ast`` nodes into raw ones.

    What it does not name is refused: a fault is noted and a stand-in returned; the whole tree is then thrown away.
    """

    def __init__(self, text: str, faults: Faults, *, law: bool = False) -> None:
        self._law = law
        line = text.translate(_ON_ONE_LINE)
        self._line = line.strip()
        self._shift = len(line) - len(line.lstrip())
        self._faults = faults

    def read(self) -> Raw:
        """Return the tree."""
        try:
            body = ast.parse(self._line, mode="eval").body
        except (SyntaxError, RecursionError, MemoryError):
            return self._refuse((self._shift, self._shift + len(self._line)), *_STRANGE)
        return self._raw(body, 1)

    def _raw(self, node: ast.expr, depth: int) -> Raw:
        where = self._where(node)
        if depth > DEEPEST:
            note_too_deep(self._faults, where)
            return Number(*where, 0)
        match node:
            case ast.Name(id=word):
                return Name(*where, word)
            case ast.Attribute() if self._law and (dotted := _dotted(node)) is not None:
                return Name(*where, dotted)
            case ast.Constant(value=int(value)) if not isinstance(value, bool):
                return Number(*where, value)
            case ast.BinOp():
                return self._arithmetic(node, depth)
            case ast.Compare():
                return self._comparison(node, depth)
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                return Negation(*where, self._raw(inner, depth + 1))
            case ast.BoolOp(op=op, values=values):
                return Junction(*where, "and" if isinstance(op, ast.And) else "or", self._each(values, depth))
            case ast.IfExp(test=test, body=then, orelse=otherwise):
                return Conditional(*where, *self._each([test, then, otherwise], depth))
            case ast.Call(func=ast.Name(id=function) as name, args=values, keywords=[]):
                return Application(*where, function, self._where(name)[1], self._each(values, depth))
            case ast.Tuple():
                return self._refuse(where, "括号里的几个值只能跟在 in 后面", "values in brackets stand only after in")
            case _:
                return self._refuse(where, *_STRANGE)

    def _each(self, nodes: list[ast.expr], depth: int) -> tuple[Raw, ...]:
        return tuple(self._raw(node, depth + 1) for node in nodes)

    def _arithmetic(self, node: ast.BinOp, depth: int) -> Raw:
        where = self._where(node)
        match node.op:
            case ast.Add() | ast.Sub():
                operands, operators = _spine(node, ast.Add | ast.Sub)
                signs = [1, *(1 if isinstance(op, ast.Add) else -1 for op in operators)]
                return Addition(*where, tuple(zip(signs, self._each(operands, depth), strict=True)))
            case ast.Mult():
                return Multiplication(*where, self._each(_spine(node, ast.Mult)[0], depth))
            case _:
                return self._refuse(where, *_STRANGE)

    def _comparison(self, node: ast.Compare, depth: int) -> Raw:
        where = self._where(node)
        operators = tuple(_OPERATORS[type(op)] for op in node.ops if type(op) in _OPERATORS)
        if len(operators) == len(node.ops):
            return Chain(*where, self._each([node.left, *node.comparators], depth), operators)
        if len(node.ops) > 1:
            return self._refuse(
                where, "in 不能与其他比较连写，用 and 连接", "in is not chained; join comparisons with and"
            )
        if isinstance(node.ops[0], ast.In | ast.NotIn):
            return self._inside(node, node.comparators[0], depth, negated=isinstance(node.ops[0], ast.NotIn))
        return self._refuse(where, *_STRANGE)

    def _inside(self, node: ast.Compare, listed: ast.expr, depth: int, *, negated: bool) -> Raw:
        where, operand = self._where(node), self._raw(node.left, depth + 1)
        if self._law and isinstance(operand, Name) and isinstance(listed, ast.Name):
            return Belonging(*where, operand, Name(*self._where(listed), listed.id), negated)
        return Membership(*where, operand, self._words(listed, negated=negated), negated)

    def _words(self, listed: ast.expr, *, negated: bool) -> tuple[Name, ...]:
        where = self._where(listed)
        if isinstance(listed, ast.Name):
            sign = "!=" if negated else "=="
            message = Text("in 后面要写括号里的几个值", "in takes several values in brackets")
            hint = Text(f"只有一个值时写 {sign} {listed.id}", f"a single value is written {sign} {listed.id}")
            self._faults.add("one_value_listed", where, message, hint)
            return ()
        nodes = listed.elts if isinstance(listed, ast.Tuple) else []
        words = tuple(Name(*self._where(node), word) for node in nodes if (word := self._word(node)) is not None)
        if not words or len(words) != len(nodes):
            self._refuse(where, "in 后面要写括号里的几个值，例如 (a, b)", "in takes values in brackets, such as (a, b)")
        return words

    def _word(self, node: ast.expr) -> str | None:
        return _dotted(node) if self._law or isinstance(node, ast.Name) else None

    def _refuse(self, where: tuple[int, int], zh: str, en: str) -> Raw:
        self._faults.add("cannot_read", where, Text(zh, en))
        return Number(*where, 0)

    def _where(self, node: ast.expr) -> tuple[int, int]:
        end = node.end_col_offset if node.end_col_offset is not None else node.col_offset + 1
        return node.col_offset + self._shift, end + self._shift


def _dotted(node: ast.expr) -> str | None:
    """Return a name with its dots, ``None`` where it is something else."""
    words: list[str] = []
    while isinstance(node, ast.Attribute):
        words.append(node.attr)
        node = node.value
    return ".".join((node.id, *reversed(words))) if isinstance(node, ast.Name) else None


def _spine(node: ast.BinOp, sort: type | UnionType) -> tuple[list[ast.expr], list[ast.operator]]:
    """Take ``a + b - c`` apart without going deeper for each operand, however long it is."""
    operands: list[ast.expr] = []
    operators: list[ast.operator] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp) and isinstance(left.op, sort):
        operands.append(left.right)
        operators.append(left.op)
        left = left.left
    return [left, *reversed(operands)], operators[::-1]
