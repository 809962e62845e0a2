"""The types of the expression language and the values that they hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import Enum, StrEnum
from fractions import Fraction
from typing import Final

from aftersales.dataclass import dataclass


class Kind(StrEnum):
    """What sort of thing a fact, a param or an expression is."""

    FLAG = "flag"
    CHOICE = "choice"
    COUNT = "count"
    MONEY = "money"
    RATE = "rate"
    INSTANT = "instant"
    DURATION = "duration"
    TIME_OF_DAY = "time_of_day"
    PARTY = "party"

    #: That of its word; the one of ``Enum`` is written in Python, and kinds are looked up all the time.
    __hash__ = str.__hash__


class Unknown(Enum):
    """The third value: nobody has told this yet."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN


#: What a value looks like in Python: flag bool · choice, party str · count int · money int (fen) · rate Fraction ·
#: instant aware datetime in whole seconds · duration timedelta · time_of_day time.
Known = bool | str | int | Fraction | dt.datetime | dt.timedelta | dt.time
#: ``None`` is a known "there is none" (an order that was never delivered has ``delivered_at: null``).
Value = Known | None | Unknown


@dataclass(frozen=True, slots=True)
class Type:
    """A kind with its values or bounds.

    ``values`` are the allowed words of a choice or a party, in the author's order. ``low`` and ``high`` bound a
    count (units) or money (fen), both inclusive; ``None`` is open.
    """

    kind: Kind
    values: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None

    def __hash__(self) -> int:
        return hash(self.kind)


FLAG: Final = Type(Kind.FLAG)
#: What a written 0 is, of the kinds that have one.
ZEROS: Final[Mapping[Kind, Value]] = {
    Kind.COUNT: 0,
    Kind.MONEY: 0,
    Kind.RATE: Fraction(0),
    Kind.DURATION: dt.timedelta(),
}
