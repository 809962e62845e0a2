"""Expressions in people's words, made of titles: ``签收 ≤ 7 天 且 商品完好``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Final, Protocol

from aftersales.expr.build import OPPOSITE
from aftersales.expr.shown import show
from aftersales.expr.tree import (
    All,
    Call,
    Choose,
    Compare,
    Comparison,
    Either,
    Expr,
    Extreme,
    FactRef,
    In,
    LineRef,
    Literal,
    Not,
    Over,
    ParamRef,
    Present,
    Product,
    Sum,
)
from aftersales.expr.types import Kind, Value
from aftersales.text import Lang, Text

#: What a comparison says when its sides change places.
_SWAPPED: Final[Mapping[Comparison, Comparison]] = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_SIGNS: Final[Mapping[Comparison, str]] = {"==": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_AND: Final = Text(" 且 ", " and ")
_OR: Final = Text(" 或 ", " or ")
_BRACKETS: Final = Text("（{}）", "({})")
_COMMA: Final = Text("，", ", ")
_FORMS: Final[Mapping[str, Text]] = {
    "not": Text("不{0}", "not {0}"),
    "neither": Text("{0} 不是 {1}", "{0} is neither {1}"),
    "choose": Text("若 {0} 则 {1}，否则 {2}", "{1} if {0}, otherwise {2}"),
    "present": Text("有{0}", "there is {0}"),
    "absent": Text("无{0}", "there is no {0}"),
    "min": Text("较小者（{0}）", "the smaller of ({0})"),
    "max": Text("较大者（{0}）", "the larger of ({0})"),
    "days_between": Text("从 {0} 到 {1} 的天数", "days from {0} to {1}"),
    "add_days": Text("{0} 之后 {1} 天", "{1} days after {0}"),
    "add_months": Text("{0} 之后 {1} 个月", "{1} months after {0}"),
    "latest": Text("最晚者（{0}）", "the latest of ({0})"),
    "every lines": Text("每个订单行都（{0}）", "every order line ({0})"),
    "every claimed": Text("每个申请行都（{0}）", "every claimed line ({0})"),
    "some lines": Text("有订单行（{0}）", "some order line ({0})"),
    "some claimed": Text("有申请行（{0}）", "some claimed line ({0})"),
    "total lines": Text("订单行合计（{0}）", "total over order lines ({0})"),
    "total claimed": Text("申请行合计（{0}）", "total over claimed lines ({0})"),
    "how_many lines": Text("订单行的行数（{0}）", "number of order lines ({0})"),
    "how_many claimed": Text("申请行的行数（{0}）", "number of claimed lines ({0})"),
}


class Names(Protocol):
    """The titles that an expression is told in, all in one language."""

    def fact(self, name: str) -> str:
        """Return the title of a fact or of an attribute of the order line."""

    def value(self, fact: str, value: Value, /) -> str:
        """Return the title of a value of a fact, an attribute or a param: a word, or one side of a flag."""

    def who(self, name: str) -> str:
        """Return the title of a party."""

    def param(self, name: str) -> str:
        """Return what a param is called: its value where all cases share it, else its title."""


def say(expr: Expr, names: Names, lang: Lang) -> str:
    """Return ``expr`` in people's words.

    A flag is told by the title of its side, a comparison that is denied by its opposite (``not >`` as ``≤``).
    ``names`` speaks the same language.
    """
    return _Speaker(names, lang).tell(expr, _Level.CHOOSE)


class _Level(IntEnum):
    """How tightly a form binds; the loosest first."""

    CHOOSE = 0
    OR = 1
    AND = 2
    COMPARE = 3
    SUM = 4
    PRODUCT = 5
    ATOM = 6


class _Speaker:
    def __init__(self, names: Names, lang: Lang) -> None:
        self._names = names
        self._lang = lang

    def tell(self, expr: Expr, around: _Level) -> str:
        level, told = self._tell(expr)
        return self._to(_BRACKETS).format(told) if level < around else told

    def _to(self, text: Text) -> str:
        return text.to(self._lang)

    def _form(self, name: str, *parts: str) -> str:
        return self._to(_FORMS[name]).format(*parts)

    def _each(self, exprs: Iterable[Expr], between: Text, around: _Level) -> str:
        return self._to(between).join(self.tell(expr, around) for expr in exprs)

    def _tell(self, expr: Expr) -> tuple[_Level, str]:
        match expr:
            case Not(operand=inner):
                return self._deny(inner)
            case All(operands=operands) | Either(operands=operands) if len(operands) > 1:
                word, level = (_AND, _Level.AND) if isinstance(expr, All) else (_OR, _Level.OR)
                return level, self._each(operands, word, _Level(level + 1))
            case All(operands=(only,)) | Either(operands=(only,)):
                return self._tell(only)
            case Compare(op=op, left=Literal() as left, right=right) if not isinstance(right, Literal):
                return self._tell(Compare(_SWAPPED[op], right, left))
            case Compare(op=op, left=left, right=right):
                told = f"{self.tell(left, _Level.SUM)} {_SIGNS[op]} {self._side(right, left)}"
                return _Level.COMPARE, told
            case In(operand=inner, values=values):
                titles = self._to(_OR).join(self._value(word, inner) for word in values)
                return _Level.OR if len(values) > 1 else _Level.COMPARE, f"{self.tell(inner, _Level.SUM)} = {titles}"
            case Choose(condition=condition, then=then, otherwise=otherwise):
                inside = (self.tell(part, _Level.OR) for part in (condition, then, otherwise))
                return _Level.CHOOSE, self._form("choose", *inside)
            case _:
                return self._amount(expr)

    def _deny(self, inner: Expr) -> tuple[_Level, str]:
        match inner:
            case FactRef(name=name) | ParamRef(name=name) | LineRef(name=name):
                return _Level.ATOM, self._flag(name, holds=False)
            case Not(operand=twice):
                return self._tell(twice)
            case Compare(op=op, left=left, right=right):
                return self._tell(Compare(OPPOSITE[op], left, right))
            case In(operand=operand, values=values):
                between = Text("、", " nor ")
                titles = self._to(between).join(self._value(word, operand) for word in values)
                return _Level.COMPARE, self._form("neither", self.tell(operand, _Level.SUM), titles)
            case Present(fact=fact):
                return _Level.COMPARE, self._form("absent", self._names.fact(fact))
            case _:
                told = self._to(_BRACKETS).format(self.tell(inner, _Level.CHOOSE))
                return _Level.COMPARE, self._form("not", told)

    def _amount(self, expr: Expr) -> tuple[_Level, str]:
        match expr:
            case Sum(terms=terms):
                return _Level.SUM, self._sum(terms)
            case Product(factors=factors):
                return _Level.PRODUCT, self._each(factors, Text(" × ", " × "), _Level.ATOM)
            case Extreme(which=form, operands=inside) | Call(function="latest" as form, arguments=inside):
                return _Level.ATOM, self._form(form, self._each(inside, _COMMA, _Level.CHOOSE))
            case Call(function=form, arguments=inside):
                return _Level.SUM, self._form(form, *(self.tell(part, _Level.ATOM) for part in inside))
            case Over(which=which, collection=collection, body=body):
                return _Level.ATOM, self._form(f"{which} {collection}", self.tell(body, _Level.CHOOSE))
            case Present(fact=fact):
                return _Level.COMPARE, self._form("present", self._names.fact(fact))
            case _:
                return _Level.ATOM, self._leaf(expr)

    def _sum(self, terms: tuple[tuple[int, Expr], ...]) -> str:
        signs = ("" if terms[0][0] > 0 else "−", *(" + " if sign > 0 else " − " for sign, _ in terms[1:]))
        told = (self.tell(term, _Level.PRODUCT) for _, term in terms)
        return "".join(f"{sign}{term}" for sign, term in zip(signs, told, strict=True))

    def _leaf(self, expr: Expr) -> str:
        match expr:
            case FactRef(name=name) | LineRef(name=name) | ParamRef(name=name) if expr.type.kind is Kind.FLAG:
                return self._flag(name, holds=True)
            case FactRef(name=name) | LineRef(name=name):
                return self._names.fact(name)
            case ParamRef(name=name):
                return self._names.param(name)
            case Literal(value=str(word)):
                return self._value(word, expr)
            case Literal(value=value, type=type_):
                return show(value, type_)
            case _:
                raise AssertionError(expr)

    def _flag(self, name: str, *, holds: bool) -> str:
        """Return the title of one side of a flag."""
        return self._names.value(name, holds)

    def _side(self, expr: Expr, other: Expr) -> str:
        """Return one side of a comparison; a word is told by the title it has in the other side's fact."""
        match expr:
            case Literal(value=str(word)):
                return self._value(word, other)
            case _:
                return self.tell(expr, _Level.SUM)

    def _value(self, word: str, owner: Expr) -> str:
        match owner:
            case _ if owner.type.kind is Kind.PARTY:
                return self._names.who(word)
            case FactRef(name=name) | ParamRef(name=name) | LineRef(name=name):
                return self._names.value(name, word)
            case Choose(then=Literal(), otherwise=otherwise):
                return self._value(word, otherwise)
            case Choose(then=then):
                return self._value(word, then)
            case _:
                return word
