"""Reading the value of a fact by its type."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from aftersales.case.faults import Place
from aftersales.case.fields import (
    described,
    read_count,
    read_entries,
    read_flag,
    read_instant,
    read_money,
    read_word,
    unknown_key,
)
from aftersales.expr.shown import show
from aftersales.expr.types import UNKNOWN, Kind, Known, Type, Unknown, Value
from aftersales.instants import TimeFormatError, parse_duration, parse_time_of_day
from aftersales.money import MoneyFormatError, parse_rate
from aftersales.policy.model import Fact, Policy
from aftersales.text import Text


def read_told(policy: Policy, data: object, place: Place) -> Mapping[str, Value]:
    """Read answers, ``{fact: value}``; the faulty ones are noted and left out."""
    told: dict[str, Value] = {}
    for name, value in (read_entries(data, place) or {}).items():
        fact = tellable(policy, name, place.at(name))
        read = read_value(policy, fact, value, place.at(name)) if fact is not None else UNKNOWN
        if read is not UNKNOWN:
            told[name] = read
    return told


def tellable(policy: Policy, name: str, place: Place) -> Fact | None:
    """Return the fact ``name``; note a fault where the policy has none, or counts it itself."""
    fact = policy.facts.get(name)
    if fact is None:
        unknown_key(name, place, policy.facts)
        return None
    if fact.counter:
        place.fault(
            "not_tellable", Text("由政策自己计数，不能由人告知", "the policy counts this itself, nobody tells it")
        )
        return None
    return fact


def told_by_order(fact: Fact) -> bool:
    """Return whether the order record may tell a fact: one it answers, or one that follows from such."""
    return fact.answered_by == "order" or fact.derived is not None or fact.computed


def read_value(policy: Policy, fact: Fact, data: object, place: Place) -> Value:
    """Read the value of ``fact``; ``UNKNOWN`` where it is at fault. Null is a value only where the fact may be none."""
    if data is None and fact.flag is not None:
        return None
    if data is None:
        place.fault(
            "null_value",
            Text(
                "不能为 null；还不知道就不写这个键", "null is no answer here; leave the key out where it is not known"
            ),
        )
        return UNKNOWN
    return read_typed(policy, fact.type, data, place)


def read_typed(policy: Policy, wanted: Type, data: object, place: Place) -> Known | Unknown:
    """Read a value of a type, within its bounds; ``UNKNOWN`` where it is at fault."""
    value = _by_kind(policy, wanted, data, place)
    if value is None:
        return UNKNOWN
    if wanted.kind in (Kind.COUNT, Kind.MONEY) and isinstance(value, int) and not _within(wanted, value):
        place.fault("out_of_bounds", _bounds(wanted, value))
        return UNKNOWN
    return value


def _by_kind(policy: Policy, wanted: Type, data: object, place: Place) -> Known | None:
    """Read a value by the kind of its type, without its bounds."""
    match wanted.kind:
        case Kind.FLAG:
            return read_flag(data, place)
        case Kind.CHOICE:
            return read_word(data, place, wanted.values)
        case Kind.PARTY:
            return read_word(data, place, wanted.values or tuple(policy.parties))
        case Kind.COUNT:
            return read_count(data, place)
        case Kind.MONEY:
            return read_money(data, place)
        case Kind.INSTANT:
            return read_instant(data, place)
        case _:
            return _formatted(wanted.kind, data, place)


def _formatted(kind: Kind, data: object, place: Place) -> Known | None:
    """Read a rate, a duration or a time of day."""
    try:
        match kind, data:
            case Kind.RATE, _:
                return parse_rate(data)
            case Kind.DURATION, str():
                return parse_duration(data)
            case Kind.TIME_OF_DAY, str():
                return parse_time_of_day(data)
            case (Kind.DURATION, dt.timedelta() as ready) | (Kind.TIME_OF_DAY, dt.time() as ready):
                return _from_caller(ready, place)
    except (MoneyFormatError, TimeFormatError) as error:
        place.fault(f"{kind}_format", error.message)
        return None
    shown = described(data)
    place.fault(f"{kind}_format", Text(f"格式不对：{shown.zh}", f"not written as it should be: {shown.en}"))
    return None


def _from_caller(data: dt.timedelta | dt.time, place: Place) -> Known | None:
    """Take a caller's own duration or time of day where it could have been written: whole minutes, no offset."""
    if isinstance(data, dt.timedelta) and (data < dt.timedelta() or data % dt.timedelta(minutes=1)):
        place.fault("duration_format", Text("时长应是整分钟，不能为负", "a duration is whole minutes, never negative"))
        return None
    if isinstance(data, dt.time) and (data.second or data.microsecond or data.tzinfo is not None):
        place.fault("time_of_day_format", Text("钟点应精确到分，不带偏移", "a time of day is hours and minutes only"))
        return None
    return data


def _within(wanted: Type, value: int) -> bool:
    """Return whether a count or an amount lies within the bounds of its type."""
    return (wanted.low is None or value >= wanted.low) and (wanted.high is None or value <= wanted.high)


def _bounds(wanted: Type, value: int) -> Text:
    """Say which bounds ``value`` misses."""
    low, told = show(wanted.low or 0, wanted), show(value, wanted)
    if wanted.high is None:
        return Text(f"{told} 低于 {low}", f"{told} is below {low}")
    high = show(wanted.high, wanted)
    return Text(f"{told} 超出 {low} 到 {high} 的范围", f"{told} is outside {low} to {high}")
