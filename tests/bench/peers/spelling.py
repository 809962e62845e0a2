"""Conditions and amounts of the tree in the language of each engine they are compared with."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final


@dataclass(frozen=True)
class Language:
    """How an engine writes an expression; ``least`` and ``most`` and ``choice`` take their parts by number."""

    both: str
    either: str
    no: str
    equal: str
    unequal: str
    quote: str
    least: str
    most: str
    divided: str
    choice: str
    #: Numbers that stand for the words, where an engine is given numbers.
    codes: Mapping[str, int] | None = None


ZEN: Final = Language(
    "and",
    "or",
    "not ({0})",
    "==",
    "!=",
    "'",
    "min([{0}, {1}])",
    "max([{0}, {1}])",
    "floor(({0}) / ({1}))",
    "({0} ? {1} : {2})",
)
CEL: Final = Language(
    "&&",
    "||",
    "!({0})",
    "==",
    "!=",
    "'",
    "math.least({0}, {1})",
    "math.greatest({0}, {1})",
    "({0}) / ({1})",
    "({0} ? {1} : {2})",
)
RULES: Final = Language(
    "and",
    "or",
    "not ({0})",
    "==",
    "!=",
    "'",
    "({0} < {1} ? {0} : {1})",
    "({0} > {1} ? {0} : {1})",
    "({0}) // ({1})",
    "({0} ? {1} : {2})",
)
SQL: Final = Language(
    "AND",
    "OR",
    "NOT ({0})",
    "=",
    "<>",
    "'",
    "least({0}, {1})",
    "greatest({0}, {1})",
    "({0}) // ({1})",
    "CASE WHEN {0} THEN {1} ELSE {2} END",
)

_COMPARED: Final = {ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<="}
_COUNTED: Final = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}


def spell(text: str, language: Language) -> str:
    """Write an expression of the tree in ``language``."""
    return _spell(parsed(text), language)


@cache
def parsed(text: str) -> ast.expr:
    """Return an expression as Python reads it."""
    return ast.parse(text, mode="eval").body


def _spell(node: ast.expr, as_: Language) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Constant(value=str(word)):
            return f"{as_.quote}{word}{as_.quote}" if as_.codes is None else str(as_.codes[word])
        case ast.Constant(value=value):
            return str(value)
        case ast.BoolOp(op=op, values=values):
            word = as_.both if isinstance(op, ast.And) else as_.either
            return f" {word} ".join(f"({_spell(value, as_)})" for value in values)
        case ast.UnaryOp(operand=operand):
            return as_.no.format(_spell(operand, as_))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            sign = {ast.Eq: as_.equal, ast.NotEq: as_.unequal}.get(type(op)) or _COMPARED[type(op)]
            return f"{_spell(left, as_)} {sign} {_spell(right, as_)}"
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return as_.choice.format(_spell(test, as_), _spell(body, as_), _spell(orelse, as_))
        case ast.Call(func=ast.Name(id=name), args=[first, second]):
            return (as_.least if name == "min" else as_.most).format(_spell(first, as_), _spell(second, as_))
        case ast.BinOp(left=left, op=ast.FloorDiv(), right=right):
            return as_.divided.format(_spell(left, as_), _spell(right, as_))
        case ast.BinOp(left=left, op=op, right=right):
            return f"({_spell(left, as_)} {_COUNTED[type(op)]} {_spell(right, as_)})"
    raise TypeError(ast.dump(node))
