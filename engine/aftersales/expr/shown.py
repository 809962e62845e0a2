"""One value as it is written in files and shown to people."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from aftersales.expr.types import Kind, Type, Value
from aftersales.instants import show_duration, show_instant, show_time_of_day
from aftersales.money import show_money, show_rate


def show(value: Value, type_: Type, zone: dt.tzinfo | None = None) -> str:
    """Return a value as it is written in files: ``59.00``, ``30%``, ``48h``, ``20:00``, ``true``, a word.

    Instants are ISO 8601 with the offset of ``zone``, by default their own. A known none is ``null``, an unknown value ``unknown``.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | Fraction() if type_.kind is Kind.RATE:
            return show_rate(Fraction(value))
        case int() if type_.kind is Kind.MONEY:
            return show_money(value)
        case dt.datetime():
            return show_instant(value, zone or value.tzinfo or dt.UTC)
        case dt.timedelta():
            return show_duration(value)
        case dt.time():
            return show_time_of_day(value)
        case str() | int() | Fraction():
            return str(value)
        case _:
            return "unknown"
