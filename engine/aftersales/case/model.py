"""A case as read: the order record, the claim, and what was told and done over time; all frozen, money in fen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from aftersales.dataclass import dataclass, field
from aftersales.expr.types import UNKNOWN, Unknown, Value


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of the order; ``number`` counts from 1, ``paid`` is fen after all discounts for all its units.

    ``shipped_at`` and ``delivered_at`` are ``UNKNOWN`` where the line does not say (the order's then holds). Lines of
    one ``bundle`` were sold as a set.
    """

    number: int
    sku: str
    title: str
    quantity: int
    paid: int
    unit_price: int | None = None
    shipped_at: dt.datetime | None | Unknown = UNKNOWN
    delivered_at: dt.datetime | None | Unknown = UNKNOWN
    attributes: Mapping[str, Value] = field(default_factory=dict)
    bundle: str | None = None


@dataclass(frozen=True, slots=True)
class OrderDiscount:
    """A discount of the order in fen, with its share of every covered line (by line number).

    ``worth`` is what each of these lines was worth before the discount's stage; it is there for one with a
    ``threshold``, the least that its goods must be worth.
    """

    kind: str
    amount: int
    shares: Mapping[int, int]
    worth: Mapping[int, int]
    funded_by: str | None = None
    threshold: int | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class OtherRefund:
    """What another case of the same order refunded or is about to (``done`` or ``pending``); amounts in fen.

    ``quantity`` units of ``line`` went back or were given up; with ``kept`` the buyer kept them at a lower price.
    ``deducted`` names what was held back from the amount.
    """

    case: str
    line: int | None
    quantity: int
    for_: str
    amount: int
    deducted: Mapping[str, int]
    status: Literal["done", "pending"]
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment of the order, in fen."""

    id: str
    kind: str
    amount: int


@dataclass(frozen=True, slots=True)
class Order:
    """The order record; ``facts`` are the facts told by its keys (``platform``, ``paid_at``, ``postage_paid`` …)."""

    id: str | None
    lines: tuple[OrderLine, ...]
    payments: tuple[Payment, ...]
    refunds: tuple[OtherRefund, ...]
    facts: Mapping[str, Value]
    shop: str | None = None
    discounts: tuple[OrderDiscount, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimedUnits:
    """Units of one order line (its number) that the claim is about; ``replacement`` is the article wanted instead."""

    line: int
    quantity: int
    replacement: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What the buyer asks: the claimed units; ``None`` means the whole order (all units not yet refunded)."""

    opened_at: dt.datetime | None
    units: tuple[ClaimedUnits, ...] | None


@dataclass(frozen=True, slots=True)
class Tell:
    """Answers told at one instant."""

    at: dt.datetime | None
    values: Mapping[str, Value]
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """An action reported done; ``amount`` (fen) for a paying one."""

    at: dt.datetime | None
    action: str
    amount: int | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Correct:
    """Answers that replace what was told before, as if they had been told then."""

    at: dt.datetime | None
    values: Mapping[str, Value]
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """A decision of ``by`` (a role) that the case goes on at state ``to``, against the flow, ``because`` of a reason."""

    at: dt.datetime | None
    to: str
    by: str
    because: str
    id: str | None = None


Event = Tell | Done | Correct | Override


@dataclass(frozen=True, slots=True)
class Case:
    """A whole case. ``told`` are the untimed facts (order keys, claim, ``facts``), told at ``claim.opened_at``.

    ``events`` are in time order, duplicates removed. ``as_of`` ``None``: seen at its last event.
    """

    id: str | None
    order: Order | None
    claim: Claim
    told: Mapping[str, Value]
    events: tuple[Event, ...] = ()
    as_of: dt.datetime | None = None
