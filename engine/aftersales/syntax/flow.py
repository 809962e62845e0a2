"""What the author wrote in a flow file."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from aftersales.dataclass import dataclass
from aftersales.source import Span
from aftersales.syntax.atoms import AnswerSyntax, ExprText, Name, ScalarText, TextSyntax
from aftersales.syntax.vocabulary import FactSyntax


@dataclass(frozen=True, slots=True)
class CountSyntax:
    """``counter: n`` under ``add:``."""

    fact: Name
    count: int


@dataclass(frozen=True, slots=True)
class TargetSyntax:
    """Where a branch leads: exactly one of ``to``, ``flow``, ``exit``, ``nested``, with what happens on the way."""

    span: Span
    to: Name | None = None
    flow: Name | None = None
    exit: Name | None = None
    nested: CascadeSyntax | TableSyntax | None = None
    forget: tuple[Name, ...] = ()
    take: tuple[AnswerSyntax, ...] = ()
    add: tuple[CountSyntax, ...] = ()
    restart: bool = False
    sources: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class BranchSyntax:
    """One branch of ``first:``; ``when`` ``None`` is ``otherwise``."""

    when: ExprText | None
    target: TargetSyntax
    span: Span


@dataclass(frozen=True, slots=True)
class CascadeSyntax:
    """``first:``: branches in order."""

    branches: tuple[BranchSyntax, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class RowSyntax:
    """One row of ``by:``; ``value`` ``None`` is ``otherwise``."""

    value: ScalarText | None
    target: TargetSyntax
    span: Span


@dataclass(frozen=True, slots=True)
class TableSyntax:
    """``by: {fact: {value: target}}``."""

    fact: Name
    rows: tuple[RowSyntax, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class TodoSyntax:
    """An action under ``do:`` and the actions it comes after."""

    action: Name
    after: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class OptionSyntax:
    """One option of an ``offer:`` and its condition."""

    value: ScalarText
    condition: ExprText


@dataclass(frozen=True, slots=True)
class OfferSyntax:
    """What may be answered to ``fact`` here: options, or a bound."""

    fact: Name
    options: tuple[OptionSyntax, ...]
    at_most: ExprText | None
    span: Span


@dataclass(frozen=True, slots=True)
class WithinLength:
    """``48h``, ``7d``, ``30m``."""

    length: dt.timedelta
    span: Span


@dataclass(frozen=True, slots=True)
class WithinParam:
    """The name of a duration param."""

    param: Name
    span: Span


@dataclass(frozen=True, slots=True)
class WithinDaysSyntax:
    """``{days: COUNT, end_of_day: true}``; the count is a whole number (as text) or an expression."""

    days: ExprText
    end_of_day: bool
    span: Span


@dataclass(frozen=True, slots=True)
class WithinHoursSyntax:
    """``{hours: COUNT, between: "09:00-18:00"}``."""

    hours: ExprText
    opens: dt.time
    closes: dt.time
    span: Span


@dataclass(frozen=True, slots=True)
class ByTimeSyntax:
    """``{by: TIME_PARAM}``."""

    param: Name
    span: Span


WithinSyntax = WithinLength | WithinParam | WithinDaysSyntax | WithinHoursSyntax | ByTimeSyntax


@dataclass(frozen=True, slots=True)
class LateSyntax:
    """One entry of ``late:``; ``fact`` ``None``: the target holds whatever is missing. The target is never nested."""

    fact: Name | None
    target: TargetSyntax
    span: Span


@dataclass(frozen=True, slots=True)
class ShareSyntax:
    """A party's share; ``rate`` ``None`` is ``rest``."""

    party: Name
    rate: Fraction | None


@dataclass(frozen=True, slots=True)
class SharesSyntax:
    """``{buyer: 30%, rest: seller}``."""

    shares: tuple[ShareSyntax, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class UndecidedSyntax:
    """The word ``undecided``."""

    span: Span


BearingSyntax = ExprText | SharesSyntax | UndecidedSyntax


@dataclass(frozen=True, slots=True)
class PostageSyntax:
    """What a state says of one leg."""

    leg: Name
    borne: BearingSyntax
    span: Span
    advanced: ExprText | UndecidedSyntax | None = None
    insured: bool = True


@dataclass(frozen=True, slots=True)
class MoneyLineSyntax:
    """One named amount; ``party`` is the ``from:`` of ``recover:``."""

    name: Name
    amount: ExprText
    at_most: ExprText | None
    span: Span
    party: Name | None = None


@dataclass(frozen=True, slots=True)
class TermsSyntax:
    """Money and liability on a state; ``liable`` ``None``: not said here."""

    liable: BearingSyntax | None = None
    postage: tuple[PostageSyntax, ...] = ()
    refund: tuple[MoneyLineSyntax, ...] = ()
    deductions: tuple[MoneyLineSyntax, ...] = ()
    charge: tuple[MoneyLineSyntax, ...] = ()
    recover: tuple[MoneyLineSyntax, ...] = ()


@dataclass(frozen=True, slots=True)
class ExitSyntax:
    """One row of a use's ``exits:``."""

    exit: Name
    target: TargetSyntax
    span: Span


@dataclass(frozen=True, slots=True)
class UseSyntax:
    """``use: FLOW`` with ``exits: {exit: target}``."""

    flow: Name
    exits: tuple[ExitSyntax, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class EndSyntax:
    """``outcome:`` with its ``reason:``."""

    outcome: Name
    reason: TextSyntax | None
    span: Span


@dataclass(frozen=True, slots=True)
class ReopenSyntax:
    """One entry of ``reopen:``; the target is never nested."""

    when: ExprText
    within: WithinSyntax
    target: TargetSyntax
    span: Span


@dataclass(frozen=True, slots=True)
class AnytimeSyntax:
    """One entry of ``anytime:``; the target (with its sources) is never nested."""

    on: Name
    target: TargetSyntax
    span: Span


@dataclass(frozen=True, slots=True)
class StateSyntax:
    """One state: exactly one of ``leads``, ``use``, ``end`` is set; ``leads`` is ``to:`` (a target), ``first:`` or ``by:``."""

    name: Name
    span: Span
    title: TextSyntax | None = None
    sources: tuple[Name, ...] = ()
    do: tuple[TodoSyntax, ...] = ()
    duties: tuple[Name, ...] = ()
    offers: tuple[OfferSyntax, ...] = ()
    within: WithinSyntax | None = None
    late: tuple[LateSyntax, ...] = ()
    no_deadline: TextSyntax | None = None
    until: ExprText | None = None
    leads: TargetSyntax | CascadeSyntax | TableSyntax | None = None
    use: UseSyntax | None = None
    end: EndSyntax | None = None
    terms: TermsSyntax = TermsSyntax()
    reopen: tuple[ReopenSyntax, ...] = ()


@dataclass(frozen=True, slots=True)
class FlowSyntax:
    """A flow file; ``exits`` ``None``: not a sub-flow."""

    name: Name
    title: TextSyntax
    start: Name
    states: tuple[StateSyntax, ...]
    span: Span
    sources: tuple[Name, ...] = ()
    exits: tuple[Name, ...] | None = None
    anytime: tuple[AnytimeSyntax, ...] = ()
    facts: tuple[FactSyntax, ...] = ()
