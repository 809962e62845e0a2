"""What the tests of the expression language share: one small vocabulary, a case made of plain mappings, and readers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from aftersales.errors import Diagnostic
from aftersales.expr.check import read_expr
from aftersales.expr.scope import Scope
from aftersales.expr.tree import Collection, Expr
from aftersales.expr.types import FLAG, UNKNOWN, Kind, Type, Unknown, Value
from aftersales.source import Source, Span

COUNT = Type(Kind.COUNT)
MONEY = Type(Kind.MONEY)
RATE = Type(Kind.RATE)
INSTANT = Type(Kind.INSTANT)
DURATION = Type(Kind.DURATION)
TIME_OF_DAY = Type(Kind.TIME_OF_DAY)
EVIDENCE = Type(Kind.CHOICE, ("none", "insufficient", "confirmed"))
PARTIES = ("buyer", "seller", "carrier")
PARTY = Type(Kind.PARTY, PARTIES)

FACTS: Mapping[str, Type] = {
    "delivered": FLAG,
    "photos_sent": FLAG,
    "intact": FLAG,
    "evidence": EVIDENCE,
    "record": Type(Kind.CHOICE, ("confirms_buyer", "confirms_seller", "no_record")),
    "rounds": COUNT,
    "days": COUNT,
    "claimed_paid": Type(Kind.MONEY, low=0, high=999_900),
    "already_refunded": MONEY,
    "return_postage": MONEY,
    "delivered_at": INSTANT,
    "opened_at": INSTANT,
    "chosen_by": Type(Kind.PARTY, ("buyer", "seller")),
    "found": FLAG,
    "quantity": COUNT,
}
PARAMS: Mapping[str, Type] = {
    "no_reason_days": COUNT,
    "share": RATE,
    "goodwill": FLAG,
    "cap": MONEY,
    "remedy_time": DURATION,
    "pickup_time": TIME_OF_DAY,
    "found": COUNT,
}
LINES: Mapping[str, Type] = {"quantity": COUNT, "paid": MONEY, "gift": FLAG, "sort": EVIDENCE, "quantity_left": COUNT}
SCOPE = Scope(FACTS, PARAMS, LINES, PARTIES, derives=True, elsewhere={"their_fact": "lost_parcel"})
GUARD_SCOPE = Scope(FACTS, PARAMS, LINES, PARTIES)

SHANGHAI = ZoneInfo("Asia/Shanghai")


def read(text: str, expected: Type | Kind = Kind.FLAG, scope: Scope = SCOPE) -> Expr:
    """Return the typed tree of an expression that is right."""
    expr, faults = read_expr(text, scope, expected, lambda _start, _end: None)
    assert expr is not None, [fault.message.en for fault in faults]
    return expr


def faults_of(text: str, expected: Type | Kind = Kind.FLAG, scope: Scope = SCOPE) -> tuple[Diagnostic, ...]:
    """Return the faults of an expression that is wrong; columns of their places count from 1."""
    source = Source("expression", text)
    expr, faults = read_expr(text, scope, expected, lambda start, end: Span(source, 1, start + 1, 1, end + 1))
    assert (expr is None) == bool(faults)
    return faults


@dataclass(frozen=True)
class PlainCase:
    """A case made of plain mappings; what a mapping lacks is unknown."""

    facts: Mapping[str, Value] = field(default_factory=dict)
    params: Mapping[str, Value] = field(default_factory=dict)
    rows: Mapping[Collection, Sequence[Mapping[str, Value]]] = field(default_factory=dict)
    zone: dt.tzinfo = SHANGHAI

    def fact(self, name: str) -> Value:
        """Return what was told."""
        return self.facts.get(name, UNKNOWN)

    def param(self, name: str) -> Value:
        """Return the param's value; it is chosen by the fact ``<name>_known_by``."""
        return self.params.get(name, UNKNOWN)

    def param_blocker(self, name: str) -> str:
        """Return the fact that would choose the param's value."""
        return f"{name}_known_by"

    def lines(self, collection: Collection) -> Sequence[Mapping[str, Value]] | Unknown:
        """Return the lines."""
        return self.rows.get(collection, UNKNOWN)
