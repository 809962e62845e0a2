"""Reads single values: what kind a text is, is decided by the fact or param that it is a value of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final

from aftersales.errors import did_you_mean
from aftersales.expr.types import Kind, Known, Type, Value
from aftersales.instants import TimeFormatError, parse_duration, parse_instant, parse_time_of_day
from aftersales.money import MoneyFormatError, parse_money, parse_rate, show_money
from aftersales.policy.faults import Faults
from aftersales.syntax.tree import ScalarText
from aftersales.text import Text

#: The largest count that a policy may write: nothing an after-sales case counts comes near.
MOST = 1_000_000

_PARSERS: Final[Mapping[Kind, Callable[[str], Known]]] = {
    Kind.MONEY: parse_money,
    Kind.RATE: parse_rate,
    Kind.INSTANT: parse_instant,
    Kind.DURATION: parse_duration,
    Kind.TIME_OF_DAY: parse_time_of_day,
}

_PLACEHOLDERS: Final[Mapping[Kind, Known]] = {
    Kind.FLAG: False,
    Kind.CHOICE: "",
    Kind.PARTY: "",
    Kind.COUNT: 0,
    Kind.MONEY: 0,
    Kind.RATE: Fraction(0),
    Kind.INSTANT: dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
    Kind.DURATION: dt.timedelta(0),
    Kind.TIME_OF_DAY: dt.time(0),
}

KIND_NAMES: Final[Mapping[Kind, Text]] = {
    Kind.FLAG: Text("是否", "flag"),
    Kind.CHOICE: Text("选项", "choice"),
    Kind.PARTY: Text("一方", "party"),
    Kind.COUNT: Text("计数", "count"),
    Kind.MONEY: Text("金额", "money"),
    Kind.RATE: Text("比率", "rate"),
    Kind.INSTANT: Text("时间点", "instant"),
    Kind.DURATION: Text("时长", "duration"),
    Kind.TIME_OF_DAY: Text("钟点", "time of day"),
}


def read_value(written: ScalarText, type_: Type, name: str, faults: Faults) -> Value:
    """Return what ``written`` says as a value of ``type_``; ``name`` is the fact or param it is a value of.

    Where it is none a fault is noted and some value of the type returned.
    """
    match type_.kind:
        case Kind.FLAG:
            return _flag(written, name, faults)
        case Kind.CHOICE | Kind.PARTY:
            return _word(written, type_, name, faults)
        case Kind.COUNT:
            value: Value = _count(written, name, faults)
        case _:
            value = _parsed(written, type_.kind, faults)
    _within_bounds(written, value, type_, name, faults)
    return value


def placeholder(type_: Type) -> Known:
    """Return some value of a type, to go on with after a fault."""
    return type_.values[0] if type_.values else _PLACEHOLDERS[type_.kind]


def show_bound(value: int, kind: Kind) -> str:
    """Return a bound of a count or of money as the author writes it."""
    return show_money(value) if kind is Kind.MONEY else str(value)


def _flag(written: ScalarText, name: str, faults: Faults) -> bool:
    if written.text not in {"true", "false"}:
        message = Text(
            f"{name} 只能是 true 或 false，不能是 {written.text}", f"{name} is true or false, not {written.text}"
        )
        faults.add("bad_value", written.span, message)
    return written.text == "true"


def _word(written: ScalarText, type_: Type, name: str, faults: Faults) -> str:
    if written.text in type_.values:
        return written.text
    message = Text(f"{name} 没有取值 {written.text}", f"{name} has no value {written.text}")
    hint = did_you_mean(written.text, type_.values) or _one_of(type_.values)
    faults.add("unknown_value", written.span, message, hint)
    return str(placeholder(type_))


def _one_of(words: tuple[str, ...]) -> Text:
    return Text(f"可以是：{'、'.join(words)}", f"one of: {', '.join(words)}")


def _count(written: ScalarText, name: str, faults: Faults) -> int:
    text = written.text
    plain = text.isascii() and text.isdigit() and (text == "0" or not text.startswith("0"))
    if not plain or len(text) > len(str(MOST)) or int(text) > MOST:
        message = Text(f"{name} 应是整数，不能是 {text}", f"{name} is a whole number, not {text}")
        faults.add("bad_value", written.span, message)
        return 0
    return int(text)


def _parsed(written: ScalarText, kind: Kind, faults: Faults) -> Known:
    try:
        return _PARSERS[kind](written.text)
    except (MoneyFormatError, TimeFormatError) as fault:
        faults.add("bad_value", written.span, fault.message)
        return _PLACEHOLDERS[kind]


def _within_bounds(written: ScalarText, value: Value, type_: Type, name: str, faults: Faults) -> None:
    if not isinstance(value, int):
        return
    if type_.low is not None and value < type_.low:
        low = show_bound(type_.low, type_.kind)
        faults.add("out_of_bounds", written.span, Text(f"{name} 不能低于 {low}", f"{name} is at least {low}"))
    if type_.high is not None and value > type_.high:
        high = show_bound(type_.high, type_.kind)
        faults.add("out_of_bounds", written.span, Text(f"{name} 不能高于 {high}", f"{name} is at most {high}"))
