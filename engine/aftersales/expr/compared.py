"""What people say between the two sides of a comparison: ``补照片次数至少 2 次``, ``at least 2 further rounds``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aftersales.expr.tree import Comparison, Expr, FactRef, LineRef, Literal, Sum
from aftersales.expr.types import Kind, Type
from aftersales.text import Lang, Text, pattern

#: Between numbers, amounts, rates and lengths of time.
_SIGNS: Final[Mapping[Comparison, Text]] = {
    "==": Text("{0} = {1}", "{0} = {1}"),
    "!=": Text("{0} ≠ {1}", "{0} ≠ {1}"),
    "<": Text("{0} < {1}", "{0} < {1}"),
    "<=": Text("{0} ≤ {1}", "{0} ≤ {1}"),
    ">": Text("{0} > {1}", "{0} > {1}"),
    ">=": Text("{0} ≥ {1}", "{0} ≥ {1}"),
}
#: Of how many of something there are, against a figure.
_COUNTS: Final[Mapping[Comparison, Text]] = {
    **_SIGNS,
    "<": Text("{0}不到 {1}", "fewer than {1} {0}"),
    "<=": Text("{0}不超过 {1}", "at most {1} {0}"),
    ">": Text("{0}超过 {1}", "more than {1} {0}"),
    ">=": Text("{0}至少 {1}", "at least {1} {0}"),
}
#: Of how many there are against 1, beside which English has no plural.
_ONES: Final[Mapping[Comparison, Text]] = {
    **_COUNTS,
    "<": Text("{0}为 0", "no {0}"),
    "<=": Text("{0}不超过 {1}", "fewer than 2 {0}"),
    ">": Text("{0}超过 {1}", "at least 2 {0}"),
    ">=": Text("{0}至少 {1}", "1 or more {0}"),
}
#: Of how many there are against a limit by its title.
_LIMITS: Final[Mapping[Comparison, Text]] = {
    **_COUNTS,
    "<": Text("{0}没到 {1}", "{0} fewer than {1}"),
    "<=": Text("{0}不超过 {1}", "{0} at most {1}"),
    ">": Text("{0}超过 {1}", "{0} more than {1}"),
    ">=": Text("{0}达到 {1}", "{0} at least {1}"),
}
#: Of a difference of two numbers.
_DIFFERENCES: Final[Mapping[Comparison, Text]] = {
    **_LIMITS,
    "<": Text("{0}不到 {1}", "{0} fewer than {1}"),
    ">=": Text("{0}至少 {1}", "{0} at least {1}"),
}
#: Of several numbers together.
_TOGETHER: Final[Mapping[Comparison, Text]] = {
    **_COUNTS,
    "<": Text("{0}，合计不到 {1}", "{0}, together fewer than {1}"),
    "<=": Text("{0}，合计不超过 {1}", "{0}, together at most {1}"),
    ">": Text("{0}，合计超过 {1}", "{0}, together more than {1}"),
    ">=": Text("{0}，合计至少 {1}", "{0}, together at least {1}"),
}
#: Of an amount that has a title.
_AMOUNTS: Final[Mapping[Comparison, Text]] = {
    "==": Text("{0}等于 {1}", "{0} equal to {1}"),
    "!=": Text("{0}不等于 {1}", "{0} other than {1}"),
    "<": Text("{0}低于 {1}", "{0} less than {1}"),
    "<=": Text("{0}不超过 {1}", "{0} at most {1}"),
    ">": Text("{0}超过 {1}", "{0} more than {1}"),
    ">=": Text("{0}不低于 {1}", "{0} at least {1}"),
}
#: Of a count against nothing, and of an amount.
_NONE: Final[Mapping[Comparison, Text]] = {
    **_COUNTS,
    "==": Text("{0}为 0", "no {0}"),
    "!=": Text("{0}不为 0", "{0} other than 0"),
    ">": Text("{0}大于 0", "1 or more {0}"),
}
_NOTHING: Final[Mapping[Comparison, Text]] = {
    **_AMOUNTS,
    "==": Text("{0}为 0", "no {0}"),
    "!=": Text("{0}不为 0", "{0} other than 0"),
    ">": Text("{0}大于 0", "{0} above 0"),
}
#: Full-width brackets, quotation marks and Chinese characters stand close to these words; a figure does not.
_LOOSE: Final = pattern(r"(?<=至少|超过|不到|没到|达到|低于|等于) (?=[一-鿿“（])")
#: What a figure is counted in, by how the title of what is counted ends in Chinese; what the title adds in brackets.
_COUNTED_IN: Final = {"次数": "次", "天数": "天", "月数": "个月", "件数": "件", "轮数": "轮"}
_ADDED: Final = pattern(r"（[^（）]*）$")
_SIGN: Final = frozenset("=≠<≤>≥")
#: Between words (of a choice, a party, a flag), which have no order.
SAME: Final[Mapping[Comparison, Text]] = {
    "==": Text("{0}是{1}", "{0} is {1}"),
    "!=": Text("{0}不是{1}", "{0} is not {1}"),
}
#: Between points in time.
_TIMES: Final[Mapping[Comparison, Text]] = {
    "==": Text("{0}就是{1}", "{0} is {1}"),
    "!=": Text("{0}不是{1}", "{0} is not {1}"),
    "<": Text("{0}早于{1}", "{0} is before {1}"),
    "<=": Text("{0}不晚于{1}", "{0} is not after {1}"),
    ">": Text("{0}晚于{1}", "{0} is after {1}"),
    ">=": Text("{0}不早于{1}", "{0} is not before {1}"),
}
_BETWEEN: Final[Mapping[Kind, Mapping[Comparison, Text]]] = {
    Kind.CHOICE: SAME,
    Kind.PARTY: SAME,
    Kind.FLAG: SAME,
    Kind.INSTANT: _TIMES,
    Kind.TIME_OF_DAY: _TIMES,
}


def compared(op: Comparison, sides: tuple[Expr, Expr], told: tuple[str, str], lang: Lang) -> str:
    """Return a comparison in words, its two sides as they are ``told``.

    A figure that is told by its title's own count has that behind it in Chinese: ``至少 1 次``, ``不超过 7 天``.
    """
    words = _between(op, *sides, told[1]).to(lang)
    unit = "" if lang is Lang.EN or _SIGN.intersection(words) else _unit(*told)
    return _LOOSE().sub("", words.format(told[0], told[1] + unit))


def _unit(counted: str, limit: str) -> str:
    unit = _COUNTED_IN.get(_ADDED().sub("", counted)[-2:]) if limit.isdecimal() else None
    return f" {unit}" if unit else ""


def _between(op: Comparison, left: Expr, right: Expr, limit: str) -> Text:
    """Return the words between two sides, of which the right one is told as ``limit``."""
    type_ = left.type
    if isinstance(left, Sum) and type_.kind is Kind.COUNT:
        return (_TOGETHER if all(sign > 0 for sign, _ in left.terms) else _DIFFERENCES)[op]
    if not isinstance(left, FactRef | LineRef) or type_.kind not in (Kind.COUNT, Kind.MONEY):
        return _BETWEEN.get(type_.kind, _SIGNS)[op]
    if is_zero(right):
        return (_NOTHING if type_.kind is Kind.MONEY else _NONE)[op]
    if type_.kind is Kind.MONEY:
        return _AMOUNTS[op]
    if limit == "1" and (op != "<" or never_negative(type_)):
        return _ONES[op]
    return (_COUNTS if limit.isdecimal() else _LIMITS)[op]


def never_negative(type_: Type) -> bool:
    """Return whether an amount of this type, once known, is always 0 or more."""
    return type_.kind in (Kind.MONEY, Kind.COUNT) and type_.low is not None and type_.low >= 0


def is_zero(expr: Expr) -> bool:
    """Return whether an expression is a zero as it stands, of any type."""
    return isinstance(expr, Literal) and expr.value == 0 and not isinstance(expr.value, bool)
