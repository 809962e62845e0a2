"""The decision: what to do next, who bears which postage, how much is refunded, and why.

Attributes hold money as int fen and instants as aware datetimes; ``LoadedPolicy.to_dict`` gives the documented JSON,
money as strings with two decimals, instants in ISO 8601 with the policy's offset.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from aftersales.dataclass import dataclass
from aftersales.expr.types import Value
from aftersales.text import Text

Status = Literal["open", "settled", "closed"]


@dataclass(frozen=True, slots=True)
class PolicyStamp:
    """Which policy decided."""

    id: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class NextAction:
    """An action owed where the case stands; ``if_late`` names the state it goes to when ``due`` passes.

    ``after`` lists actions that must be done first; ``amount`` (fen) is what a paying action pays now; ``say`` has its
    placeholders filled in.
    """

    action: str
    by: str
    title: Text
    say: Text | None
    due: dt.datetime | None
    if_late: str | None
    after: tuple[str, ...] = ()
    amount: int | None = None
    #: The answers recorded for want of one, where the case then stays in its state.
    if_late_takes: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """Something owed since a state was passed, once a case, whatever happens next; ``say`` is filled in like an action's."""

    action: str
    by: str
    title: Text
    since: dt.datetime | None
    due: dt.datetime | None
    list: str | None
    say: Text | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """A fact that the case waits for, with the options that are open here (empty: a free value)."""

    fact: str
    ask: Text
    from_: str
    options: tuple[str, ...]
    option_titles: tuple[Text, ...]
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg of postage. ``amount`` and ``shares`` in fen; ``borne_by`` is a party, ``undecided`` or ``shared``."""

    advanced_by: str | None
    borne_by: str
    amount: int | None
    insurer_pays: int
    shares: Mapping[str, int]
    because: str


@dataclass(frozen=True, slots=True)
class MoneyItem:
    """One money line: what for, how much (fen), how it was derived, and what of it was paid.

    ``id`` is stable and changes once a payment is made on the line, so that a payment system can be idempotent.
    """

    for_: str
    amount: int
    because: str
    due: int = 0
    paid: int = 0
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A money line whose own facts are not known yet."""

    for_: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaidTo:
    """A part of the refund in fen and the payment it goes back to; without an ``id`` it is paid out another way."""

    id: str | None
    kind: str | None
    amount: int


@dataclass(frozen=True, slots=True)
class ReturnedInKind:
    """Points or a coupon that go back with the goods; ``amount`` is their worth in fen, no part of the refund."""

    kind: str
    id: str | None
    amount: int
    funded_by: str | None


@dataclass(frozen=True, slots=True)
class Refund:
    """What the seller pays the buyer, in fen; ``total`` is the sum of ``lines``, after ``deductions``.

    ``paid_to`` shares the total over the order's payments, as far as these are known.
    """

    total: int
    paid: int
    due: int
    maximum: int | None
    lines: tuple[MoneyItem, ...]
    deductions: tuple[MoneyItem, ...]
    waiting: tuple[Waiting, ...]
    paid_to: tuple[PaidTo, ...] = ()
    returned_in_kind: tuple[ReturnedInKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money that moves from one party to another, in fen."""

    from_: str
    to: str
    for_: str
    amount: int


@dataclass(frozen=True, slots=True)
class SourceStamp:
    """A source that stands behind the decision: law, platform rule, shop choice or document."""

    id: str
    layer: str
    title: Text
    article: str | None


@dataclass(frozen=True, slots=True)
class PathStep:
    """A state the case has been in, why it came there, and what was read on the way in.

    ``because`` is the guard in the policy's own words; ``edge`` names the edge (``None`` for the start); ``sources``
    stand behind the way that was taken: the branch's own, and those of the figures that it read.
    """

    flow: str
    state: str
    title: Text
    because: str
    read: Mapping[str, Value]
    at: dt.datetime | None
    edge: str | None = None
    sources: tuple[SourceStamp, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """One end that is still reachable, with the answers that lead there; least and most in fen."""

    if_: Mapping[str, Value]
    shortest: Mapping[str, Value]
    ways: int
    flow: str
    state: str
    outcome: str
    liable: str
    postage: Mapping[str, str]
    refund_least: int
    refund_most: int | None
    if_nobody_answers: bool = False


@dataclass(frozen=True, slots=True)
class Outlook:
    """The ends still reachable, at most 12; ``more`` counts the rest, ``complete`` is false where the search stopped."""

    ways: tuple[Way, ...]
    more: int
    complete: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that is decided about a case as of one instant."""

    policy: PolicyStamp
    flow: str
    state: str
    title: Text
    status: Status
    outcome: str | None
    reason: Text | None
    liable: str | None
    next_actions: tuple[NextAction, ...]
    duties: tuple[Duty, ...]
    needs: tuple[Need, ...]
    due: dt.datetime | None
    postage: Mapping[str, Leg | None]
    refund: Refund
    charges: tuple[MoneyItem, ...]
    recover: tuple[MoneyItem, ...]
    transfers: tuple[Transfer, ...]
    path: tuple[PathStep, ...]
    sources: tuple[SourceStamp, ...]
    warnings: tuple[Text, ...]
    outlook: Outlook | None = None
    parts: tuple[Decision, ...] | None = None
