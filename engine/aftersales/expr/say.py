"""Expressions in people's words, made of titles: ``签收不超过 7 天 且 商品完好``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum
from typing import Final, Protocol

from aftersales.expr.build import OPPOSITE
from aftersales.expr.compared import SAME, compared, is_zero, never_negative
from aftersales.expr.plain import plain
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
from aftersales.expr.types import Kind, Type, Value
from aftersales.text import Lang, Text, pattern

#: What a comparison says when its sides change places.
_SWAPPED: Final[Mapping[Comparison, Comparison]] = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
#: Full-width brackets keep their own distance.
_SPACED: Final = pattern(r" ?([（）]) ?")
#: Between Chinese characters a list needs no blanks; beside a figure it does.
_TIGHT: Final = pattern(r"(?<=[一-鿿”]) (?=和 |中[最较])|(?<= 和) (?=[一-鿿“])|(?<=[一-鿿”]和) (?=[一-鿿“])")
#: So many words are listed, even where those that are left out are fewer, and stand in English without quotation marks.
_FEW: Final = 3
_AND: Final = Text(" 且 ", " and ")
_OR: Final = Text(" 或 ", " or ")
_BRACKETS: Final = Text("（{}）", "({})")
#: English quotes what is longer than a few words.
_QUOTED: Final = Text("“{}”", '"{}"')
_COMMA: Final = Text("、", ", ")
_THEN: Final = Text("，", ", ")
_LAST: Final = Text(" 和 ", " and ")
#: Words in quotation marks need no comma between them in Chinese.
_WORDS: Final = Text("", ", ")
_LAST_WORD: Final = Text("或", " or ")
_FORMS: Final[Mapping[str, Text]] = {
    "not": Text("并非{0}", "not {0}"),
    "neither": Text("{0}不是{1}", "{0} is neither {1}"),
    "known": Text("{0}已知", "{0} is known"),
    "unknown": Text("{0}未知", "{0} is not known"),
    "way": Text("{0}时为{1}", "{1} if {0}"),
    "otherwise": Text("否则为{0}", "otherwise {0}"),
    "only if": Text("{1}（若{0}）", "{1} (if {0})"),
    "present": Text("有{0}", "there is {0}"),
    "absent": Text("无{0}", "there is no {0}"),
    "at least": Text("{0}，最少 {1}", "{0}, but no less than {1}"),
    "at most": Text("{0}，最多 {1}", "{0}, but no more than {1}"),
    "min two": Text("{0} 中较低者", "the lower of {0}"),
    "min": Text("{0} 中最低者", "the lowest of {0}"),
    "max two": Text("{0} 中较高者", "the higher of {0}"),
    "max": Text("{0} 中最高者", "the highest of {0}"),
    "latest two": Text("{0} 中较晚者", "the later of {0}"),
    "latest": Text("{0} 中最晚者", "the latest of {0}"),
    "days_between": Text("从{0}到{1}的天数", "days from {0} to {1}"),
    "add_days": Text("{0}之后 {1} 天", "{1} days after {0}"),
    "add_months": Text("{0}之后 {1} 个月", "{1} months after {0}"),
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


def say(expr: Expr, names: Names, lang: Lang, figure: Callable[[Value, Type], str] = show) -> str:
    """Return ``expr`` in people's words, a value that is no word as ``figure`` writes it.

    A flag is told by the title of its side, a comparison that is denied by its opposite (``not >`` as ``<=``), a
    denied ``and`` or ``or`` by its denied parts; what another part says already is left out. Words are told by *is*
    and *is not*, how many and how much by *at least*, *no more than* and the like, what is worked out by signs; an
    amount that is only asked to be 0 or more is *known*. ``names`` speaks the same language.
    """
    told = _Speaker(names, lang, figure).tell(plain(expr), _Level.CHOOSE)
    return _SPACED().sub(r"\1", told)


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
    def __init__(self, names: Names, lang: Lang, figure: Callable[[Value, Type], str]) -> None:
        self._names = names
        self._lang = lang
        self._figure = figure

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
            case All(operands=(only,)) | Either(operands=(only,)):
                return self._tell(only)
            case All(operands=operands):
                return _Level.AND, self._each(operands, _AND, _Level.COMPARE)
            case Either(operands=operands):
                return _Level.OR, self._each(operands, _OR, _Level.AND)
            case Compare():
                return _Level.COMPARE, self._compare(expr)
            case In(operand=inner, values=values):
                return self._among(inner, values)
            case Choose():
                return self._choose(expr)
            case _:
                return self._amount(expr)

    def _deny(self, inner: Expr) -> tuple[_Level, str]:
        match inner:
            case FactRef(name=name) | ParamRef(name=name) | LineRef(name=name):
                return _Level.ATOM, self._flag(name, holds=False)
            case Not(operand=twice):
                return self._tell(twice)
            case All(operands=operands):
                return self._tell(Either(tuple(map(Not, operands))))
            case Either(operands=operands):
                return self._tell(All(tuple(map(Not, operands))))
            case Compare(op=op, left=left, right=right):
                return self._tell(Compare(OPPOSITE[op], left, right))
            case In(operand=operand, values=values):
                return _Level.COMPARE, self._none_of(operand, values)
            case Present(fact=fact):
                return _Level.COMPARE, self._form("absent", self._names.fact(fact))
            case _:
                told = self._to(_BRACKETS).format(self.tell(inner, _Level.CHOOSE))
                return _Level.COMPARE, self._form("not", told)

    def _compare(self, expr: Compare) -> str:
        match expr:
            case Compare(op=op, left=Literal() as left, right=right) if not isinstance(right, Literal):
                return self._compare(Compare(_SWAPPED[op], right, left))
            case Compare(">=" | "<" as op, FactRef(type=type_) as left, Literal(value=0)) if never_negative(type_):
                return self._form("known" if op == ">=" else "unknown", self.tell(left, _Level.SUM))
            case Compare("<=", FactRef(type=type_) as left, Literal(value=0) as zero) if never_negative(type_):
                return self._compare(Compare("==", left, zero))
            case Compare(op=op, left=left, right=right):
                sides = (self.tell(left, _Level.SUM), self._side(right, left))
                return compared(op, (left, right), sides, self._lang)

    def _among(self, inner: Expr, values: tuple[str, ...]) -> tuple[_Level, str]:
        """Tell that a word is one of some; of nearly all there are, which ones it is not."""
        others = tuple(word for word in inner.type.values if word not in values)
        if others and max(_FEW, len(others)) < len(values):
            return _Level.COMPARE, self._none_of(inner, others)
        told = self._to(SAME["=="]).format(self.tell(inner, _Level.SUM), self._words(values, inner))
        return _Level.OR if len(values) > 1 else _Level.COMPARE, told

    def _none_of(self, operand: Expr, values: tuple[str, ...]) -> str:
        said = self.tell(operand, _Level.SUM)
        if len(values) == 1:
            return self._to(SAME["!="]).format(said, self._value(values[0], operand))
        if self._lang is Lang.EN:
            return self._form("neither", said, " nor ".join(self._value(word, operand) for word in values))
        return self._form("neither", said, self._words(values, operand))

    def _words(self, values: tuple[str, ...], owner: Expr) -> str:
        """Return words as a list: ``“漏单”“缺货”或“快递不到”``."""
        *others, last = (self._value(word, owner) for word in values)
        between = _COMMA if owner.type.kind is Kind.PARTY else _WORDS
        return self._to(_LAST_WORD).join((self._to(between).join(others), last)) if others else last

    def _choose(self, expr: Choose) -> tuple[_Level, str]:
        if is_zero(expr.otherwise):
            parts = (self.tell(expr.condition, _Level.OR), self.tell(expr.then, _Level.PRODUCT))
            return _Level.PRODUCT, self._form("only if", *parts)
        ways: list[str] = []
        rest: Expr = expr
        while isinstance(rest, Choose):
            ways.append(self._form("way", self.tell(rest.condition, _Level.OR), self.tell(rest.then, _Level.OR)))
            rest = rest.otherwise
        ways.append(self._form("otherwise", self.tell(rest, _Level.OR)))
        return _Level.CHOOSE, self._to(_THEN).join(ways)

    def _amount(self, expr: Expr) -> tuple[_Level, str]:
        match expr:
            case Sum(terms=terms):
                return _Level.SUM, self._sum(terms)
            case Product(factors=factors):
                return _Level.PRODUCT, self._each(factors, Text(" × ", " × "), _Level.ATOM)
            case Extreme(which=form, operands=inside) | Call(function="latest" as form, arguments=inside):
                return self._extreme(form, inside)
            case Call(function=form, arguments=inside):
                return _Level.SUM, self._form(form, *(self.tell(part, _Level.ATOM) for part in inside))
            case Over(which=which, collection=collection, body=body):
                return _Level.ATOM, self._form(f"{which} {collection}", self.tell(body, _Level.CHOOSE))
            case Present(fact=fact):
                return _Level.COMPARE, self._form("present", self._names.fact(fact))
            case _:
                return _Level.ATOM, self._leaf(expr)

    def _extreme(self, form: str, operands: tuple[Expr, ...]) -> tuple[_Level, str]:
        """Tell which of several amounts it is; one that is kept from falling below 0 is told as that one."""
        zeros = [one for one in operands if is_zero(one)]
        if form != "latest" and len(operands) == 2 and len(zeros) == 1:
            (other,) = (one for one in operands if one is not zeros[0])
            bound = "at least" if form == "max" else "at most"
            return _Level.CHOOSE, self._form(bound, self.tell(other, _Level.OR), "0")
        *others, last = (self.tell(one, _Level.PRODUCT) for one in operands)
        listed = self._to(_LAST).join((self._to(_COMMA).join(others), last)) if others else last
        told = self._form(f"{form} two" if len(operands) == 2 else form, listed)
        return _Level.SUM, _TIGHT().sub("", told)

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
                return self._figure(value, type_)
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
        """Return a word's title, that of a party as it stands, any other in quotation marks."""
        match owner:
            case _ if owner.type.kind is Kind.PARTY:
                return self._names.who(word)
            case FactRef(name=name) | ParamRef(name=name) | LineRef(name=name):
                return self._quoted(self._names.value(name, word))
            case Choose(then=Literal(), otherwise=otherwise):
                return self._value(word, otherwise)
            case Choose(then=then):
                return self._value(word, then)
            case _:
                return self._quoted(word)

    def _quoted(self, title: str) -> str:
        return title if self._lang is Lang.EN and len(title.split()) <= _FEW else self._to(_QUOTED).format(title)
