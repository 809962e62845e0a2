"""The policy as every engine sees it: frozen, typed, every name resolved, every state flat.

A flow's nested ``by`` and ``first`` tables are compiled to branches with disjoint guards; an inlined sub-flow's
states carry dotted names (``trip.arrival``). State keys are ``flow.name`` and unique in the policy.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from aftersales.dataclass import dataclass, field
from aftersales.expr.tree import Expr
from aftersales.expr.types import Type, Value
from aftersales.policy.rules import Conduct
from aftersales.source import Span
from aftersales.text import Text

if TYPE_CHECKING:  # what a cold start does without
    from fractions import Fraction

    from aftersales.policy.laws import Law
    from aftersales.policy.registers import Register

Layer = Literal["law", "platform", "shop", "document"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A named, typed thing that a case may know.

    ``derived`` is its expression, ``computed`` says that the case room computes it; either may be told where its
    inputs are absent. ``flag`` names the fact ``present(self)`` behind which a nullable fact is read. ``counter``
    facts are counted by the policy alone and start at 0.
    """

    name: str
    type: Type
    title: Text
    answered_by: str
    span: Span
    ask: Text | None = None
    value_titles: Mapping[str, Text] = field(default_factory=dict)
    derived: Expr | None = None
    computed: bool = False
    flag: str | None = None
    counter: bool = False
    flow: str | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """One row of a tier table: matches amounts ``<= up_to`` or ``< below`` (fen; both ``None``: the rest).

    Pays ``pay`` fen, or a rate of the amount rounded half up, then held between ``least`` and ``most`` (fen).
    """

    up_to: int | None
    below: int | None
    pay: int | Fraction
    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class ParamValue:
    """One overlay or period of a param. ``value`` is a plain value or tier rows; ``none_found`` means 0 with a warning."""

    value: Value | tuple[Tier, ...]
    layer: Layer
    source: str
    span: Span
    platform: str | None = None
    shop: str | None = None
    valid_from: dt.datetime | None = None
    valid_until: dt.datetime | None = None
    none_found: bool = False


@dataclass(frozen=True, slots=True)
class Param:
    """A figure that law, platform or shop sets. Candidates stand in ``values``, shop before platform before shipped.

    ``on`` is the money fact that a tier table is applied to; ``dated_by`` the instant fact that chooses the period.
    """

    name: str
    type: Type
    title: Text
    values: tuple[ParamValue, ...]
    span: Span
    floor: Value = None
    ceiling: Value = None
    dated_by: str | None = None
    on: str | None = None
    value_titles: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person does. ``gives`` are facts that ``done`` tells; ``pays``: money leaves the seller.

    ``say`` has placeholders that the case fills in; an ``internal`` action does not face the buyer and has none. It is
    entered on ``list``; where ``every`` and ``to`` are given, they go before the list's own.
    """

    name: str
    by: str
    title: Text
    span: Span
    say: Text | None = None
    gives: Mapping[str, Value] = field(default_factory=dict)
    pays: bool = False
    list: str | None = None
    every: str | None = None
    to: str | None = None
    internal: bool = False


@dataclass(frozen=True, slots=True)
class PolicySource:
    """A law, platform rule, shop choice or document that stands behind a line."""

    id: str
    title: Text
    layer: Layer
    span: Span
    article: str | None = None
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class PostageLeg:
    """A leg of postage: the money fact with its amount, the flag that says an insurer covers it, who advances it
    where nobody says otherwise.
    """

    name: str
    title: Text
    amount: str | None
    insured: str | None
    advanced: str


@dataclass(frozen=True, slots=True)
class Share:
    """A party's part of a leg; ``rate`` ``None`` is the rest."""

    party: str
    rate: Fraction | None


#: Who bears something: an expression over parties, fixed shares, or ``None`` for ``undecided``.
Bearing = Expr | tuple[Share, ...] | None


@dataclass(frozen=True, slots=True)
class PostageTerm:
    """What a state says of one leg. ``advanced`` ``None``: not said here (the leg's earlier term, else the default)."""

    leg: str
    advanced: Expr | None
    borne: Bearing
    insured: bool
    span: Span


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One named amount (money expression, fen) with its own cap; ``party`` is who pays a ``recover`` line."""

    name: str
    amount: Expr
    cap: Expr | None
    span: Span
    party: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """Money and liability that a state lays down from its entry on; later states replace by name or leg."""

    says_liable: bool = False
    liable: Bearing = None
    postage: tuple[PostageTerm, ...] = ()
    refund: tuple[MoneyLine, ...] = ()
    deductions: tuple[MoneyLine, ...] = ()
    charge: tuple[MoneyLine, ...] = ()
    recover: tuple[MoneyLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """Where a branch leads: first forget, then take answers, then add to counters.

    ``state`` is a state key; ``restart`` starts the deadline anew where the target is the state itself.
    """

    state: str
    forget: tuple[str, ...] = ()
    take: tuple[tuple[str, Value], ...] = ()
    add: tuple[tuple[str, int], ...] = ()
    restart: bool = False
    hands_over: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """One way on. ``when`` is the author's condition (nested tables joined by and); ``guard`` is ``when``, the state's
    ``until``, and none of the conditions above: guards of one state are disjoint. ``otherwise`` marks the author's word.
    """

    when: Expr
    guard: Expr
    target: Target
    span: Span
    sources: tuple[str, ...] = ()
    otherwise: bool = False


@dataclass(frozen=True, slots=True)
class Late:
    """Where the case goes when the deadline has passed and ``fact`` is what it waits for (``None``: whatever)."""

    fact: str | None
    target: Target
    span: Span


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be answered here: options with their conditions, or an upper bound of a money or count fact."""

    fact: str
    options: tuple[tuple[Value, Expr], ...] = ()
    at_most: Expr | None = None


@dataclass(frozen=True, slots=True)
class Todo:
    """An action of a state, after the actions that must be done before it."""

    action: str
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WithinDuration:
    """A length of time from entry; ``length`` is a duration expression."""

    length: Expr


@dataclass(frozen=True, slots=True)
class WithinDays:
    """Calendar days (a count) from entry in the policy's timezone, to the same time or to 23:59:59 of that day."""

    days: Expr
    end_of_day: bool


@dataclass(frozen=True, slots=True)
class WithinHours:
    """Hours (a count) that run only between ``opens`` and ``closes`` of each day."""

    hours: Expr
    opens: dt.time
    closes: dt.time


@dataclass(frozen=True, slots=True)
class ByTime:
    """The next time the clock shows ``time``; where it has passed, the next day."""

    time: Expr


Within = WithinDuration | WithinDays | WithinHours | ByTime


@dataclass(frozen=True, slots=True)
class End:
    """An end: the declared outcome and, where refused, the reason that is told."""

    outcome: str
    reason: Text | None


@dataclass(frozen=True, slots=True)
class Reopen:
    """A settled case goes on at ``target`` when ``when`` holds within ``within`` of the settlement."""

    when: Expr
    within: Within
    target: Target
    span: Span


@dataclass(frozen=True, slots=True)
class State:
    """One state; one with ``end`` has no branches.

    A state that inlines a sub-flow has ``uses`` (the sub-flow's name) and one branch, to the copy's start; the copies
    are named ``<state>.<name in the sub-flow>``.
    """

    key: str
    flow: str
    name: str
    title: Text
    span: Span
    sources: tuple[str, ...] = ()
    do: tuple[Todo, ...] = ()
    duties: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    until: Expr | None = None
    branches: tuple[Branch, ...] = ()
    within: Within | None = None
    no_deadline: Text | None = None
    late: tuple[Late, ...] = ()
    terms: Terms = Terms()
    end: End | None = None
    reopen: tuple[Reopen, ...] = ()
    uses: str | None = None


@dataclass(frozen=True, slots=True)
class Anytime:
    """An interrupt of a flow: fires where ``on`` becomes true, wherever in ``flow`` the case rests, once."""

    flow: str
    on: str
    target: Target
    span: Span
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow: its start and its states' keys in the author's order (inlined ones behind the state that uses them)."""

    name: str
    title: Text
    start: str
    states: tuple[str, ...]
    span: Span
    sources: tuple[str, ...] = ()
    anytime: tuple[Anytime, ...] = ()


@dataclass(frozen=True, slots=True)
class Holds:
    """A relation between facts that every case must keep."""

    condition: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole policy. Mappings keep the author's order; ``digest`` is a SHA-256 over the files it was read from.

    ``sub_flows`` are the titles of the flows that others inline; their states stand in the flows that use them.
    """

    id: str
    version: str
    title: Text
    timezone: str
    currency: str
    root: str
    roles: Mapping[str, Text]
    parties: Mapping[str, Text]
    outcomes: Mapping[str, Text]
    legs: Mapping[str, PostageLeg]
    facts: Mapping[str, Fact]
    line_facts: Mapping[str, Fact]
    holds: tuple[Holds, ...]
    params: Mapping[str, Param]
    actions: Mapping[str, Action]
    sources: Mapping[str, PolicySource]
    flows: Mapping[str, Flow]
    states: Mapping[str, State]
    digest: str
    folder: str
    conduct: Conduct = field(default_factory=Conduct)
    lists: Mapping[str, Register] = field(default_factory=dict)
    sub_flows: Mapping[str, Text] = field(default_factory=dict)
    laws: Mapping[str, Law] = field(default_factory=dict)
