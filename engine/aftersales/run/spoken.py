"""Values as people say them to a buyer, in both languages: 59.00 元, 11月8日 20:00, 48 小时, a choice's title."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from aftersales.dataclass import dataclass
from aftersales.expr.types import Kind, Type, Value
from aftersales.instants import show_time_of_day, zone_named
from aftersales.money import show_money, show_rate
from aftersales.policy.model import Policy
from aftersales.text import Text

#: Stands for what nobody knows yet: a figure is never guessed.
TO_BE_CONFIRMED: Final = Text("（待确认）", "(to be confirmed)")
_NONE: Final = Text("无", "none")
_YES_NO: Final = {"true": Text("是", "yes"), "false": Text("否", "no")}
_UNITS: Final = (
    (dt.timedelta(days=1), Text("天", "day")),
    (dt.timedelta(hours=1), Text("小时", "hour")),
    (dt.timedelta(minutes=1), Text("分钟", "minute")),
)
_HOURS_UP_TO: Final = dt.timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says values of one policy; ``now`` is the instant that the case is seen at (``None``: no clock runs)."""

    policy: Policy
    now: dt.datetime | None

    def fact(self, name: str, value: Value) -> Text:
        """Return what a fact's value is called."""
        fact = self.policy.facts[name]
        return self.value(value, fact.type, fact.value_titles)

    def param(self, name: str, value: Value) -> Text:
        """Return what a param's value is called."""
        param = self.policy.params[name]
        return self.value(value, param.type, param.value_titles)

    def value(self, value: Value, type_: Type, titles: Mapping[str, Text]) -> Text:
        """Return a value in words; one that is not known yet is to be confirmed."""
        match value:
            case None:
                return _NONE
            case bool() | str():
                return self._word(str(value).lower() if isinstance(value, bool) else value, titles)
            case int() if type_.kind is Kind.MONEY:
                return self.money(value)
            case dt.datetime():
                return self.instant(value)
            case dt.timedelta():
                return length(value)
            case dt.time():
                return _same(show_time_of_day(value))
            case int() | Fraction():
                return _same(show_rate(Fraction(value)) if type_.kind is Kind.RATE else str(value))
            case _:
                return TO_BE_CONFIRMED

    def _word(self, word: str, titles: Mapping[str, Text]) -> Text:
        titled = titles.get(word) or _YES_NO.get(word) or self.policy.parties.get(word) or self.policy.roles.get(word)
        return titled or _same(word)

    def money(self, fen: int) -> Text:
        """Return an amount of fen with two decimals and its currency."""
        return Text(f"{show_money(fen)} 元", f"CNY {show_money(fen)}")

    def instant(self, at: dt.datetime | None) -> Text:
        """Return an instant on the policy's clock, with the year where it is not the present one."""
        if at is None:
            return TO_BE_CONFIRMED
        zone = zone_named(self.policy.timezone)
        local = at.astimezone(zone)
        this_year = self.now is not None and self.now.astimezone(zone).year == local.year
        zh = f"{local.month}月{local.day}日 {local:%H:%M}"
        en = f"{local.day} {_MONTHS[local.month - 1]}"
        return Text(
            zh if this_year else f"{local.year}年{zh}", f"{en if this_year else f'{en} {local.year}'}, {local:%H:%M}"
        )


_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def length(span: dt.timedelta) -> Text:
    """Return a length of time in the largest unit that comes out even: hours up to 72, then days."""
    unit, name = next(
        (
            (unit, name)
            for unit, name in _UNITS
            if not span % unit and not (unit > _UNITS[1][0] and span <= _HOURS_UP_TO)
        ),
        _UNITS[-1],
    )
    count = span // unit
    return Text(f"{count} {name.zh}", f"{count} {name.en}{'' if count == 1 else 's'}")


def _same(word: str) -> Text:
    return Text(word, word)
