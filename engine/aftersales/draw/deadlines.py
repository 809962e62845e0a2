"""Deadlines in words: how long there is, and that it has passed."""

from __future__ import annotations

from typing import Final, Protocol

from aftersales.expr.tree import Expr
from aftersales.instants import show_time_of_day
from aftersales.policy.model import ByTime, Within, WithinDays, WithinDuration, WithinHours
from aftersales.text import Lang, Text

_END_OF_DAY: Final = Text("{} 天内，当日 24 点止", "{} days, until midnight")
_DAYS: Final = Text("{} 天", "{} days")
_HOURS: Final = Text("{0} 小时（{1}–{2}）", "{0} h ({1}–{2})")
_BY: Final = Text("{} 前", "by {}")
#: A deadline that has passed.
_LATE: Final = Text("逾期 {}", "after {}")
_LATE_DAY: Final = Text("逾期 {} 天（当日 24 点）", "after {} days, at midnight")
_NOT_BY: Final = Text("{}没做完", "not done {}")
#: One that is called by its title, for its length differs from case to case.
_PAST: Final = Text("超过{}", "past {}")


class Lengths(Protocol):
    """How lengths and times are told, in one language."""

    @property
    def lang(self) -> Lang:
        """Return the language."""

    def amount(self, expr: Expr) -> str:
        """Return a length, time or number as a figure, or by the param's title."""

    def is_titled(self, expr: Expr) -> bool:
        """Tell whether that is the param's title."""


def told(within: Within, lengths: Lengths) -> str:
    """Return a deadline: ``48 小时``, ``20:00 前``."""
    match within:
        case WithinDuration(length):
            return lengths.amount(length)
        case WithinDays(days, end_of_day):
            return (_END_OF_DAY if end_of_day else _DAYS).to(lengths.lang).format(lengths.amount(days))
        case WithinHours(hours, opens, closes):
            clock = (show_time_of_day(opens), show_time_of_day(closes))
            return _HOURS.to(lengths.lang).format(lengths.amount(hours), *clock)
        case ByTime(time):
            return _BY.to(lengths.lang).format(lengths.amount(time))


def passed(within: Within, lengths: Lengths) -> str:
    """Return a deadline that has passed: ``逾期 48 小时``, ``20:00 前没做完``, ``超过仓库回复的时限``."""
    match within:
        case WithinDuration(length) if lengths.is_titled(length):
            return _PAST.to(lengths.lang).format(lengths.amount(length))
        case ByTime():
            return _NOT_BY.to(lengths.lang).format(told(within, lengths))
        case WithinDays(days, True):
            return _LATE_DAY.to(lengths.lang).format(lengths.amount(days))
        case _:
            return _LATE.to(lengths.lang).format(told(within, lengths))
