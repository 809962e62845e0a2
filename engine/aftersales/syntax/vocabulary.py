"""What the author wrote in the vocabulary files: policy, facts, params, overlays, actions, sources."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Literal

from aftersales.dataclass import dataclass
from aftersales.source import Span
from aftersales.syntax.atoms import AnswerSyntax, ExprText, Name, ScalarText, TextSyntax


@dataclass(frozen=True, slots=True)
class TitledSyntax:
    """A declared word with its title: a role, a party or an outcome."""

    name: Name
    title: TextSyntax
    span: Span


@dataclass(frozen=True, slots=True)
class LegSyntax:
    """A leg of postage under ``legs:``: the facts named by ``amount`` and ``insured``, and who advances it."""

    name: Name
    title: TextSyntax
    amount: Name | None
    insured: Name | None
    advanced: Name | None
    span: Span


@dataclass(frozen=True, slots=True)
class PolicyFileSyntax:
    """``policy.yaml``."""

    id: Name
    version: ScalarText
    title: TextSyntax
    timezone: ScalarText
    currency: ScalarText
    root: Name
    roles: tuple[TitledSyntax, ...]
    parties: tuple[TitledSyntax, ...]
    outcomes: tuple[TitledSyntax, ...]
    legs: tuple[LegSyntax, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class ValueSyntax:
    """One of the ``values:`` of a fact or choice param; party words have no title of their own."""

    value: ScalarText
    title: TextSyntax | None
    span: Span


@dataclass(frozen=True, slots=True)
class FactSyntax:
    """A fact: ``type`` is one of the nine kinds; ``answered_by`` is ``from:``, ``low``/``high`` are ``min:``/``max:``,
    ``derived`` is ``is:``.
    """

    name: Name
    type: Name
    title: TextSyntax
    span: Span
    answered_by: Name | None = None
    ask: TextSyntax | None = None
    values: tuple[ValueSyntax, ...] = ()
    low: ScalarText | None = None
    high: ScalarText | None = None
    derived: ExprText | None = None
    computed: bool = False
    flag: Name | None = None


@dataclass(frozen=True, slots=True)
class FactsFileSyntax:
    """``facts.yaml``."""

    facts: tuple[FactSyntax, ...]
    line_facts: tuple[FactSyntax, ...]
    holds: tuple[ExprText, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class TierSyntax:
    """One row of a tier table, money in fen; ``least``/``most`` are ``min:``/``max:``; ``pay`` is fen or a rate."""

    up_to: int | None
    below: int | None
    pay: int | Fraction
    least: int | None
    most: int | None
    span: Span


@dataclass(frozen=True, slots=True)
class PeriodSyntax:
    """One value of a param: exactly one of ``value``, ``tiers``, ``none_found``.

    The dates (local days, both inclusive) are given only under ``periods:``. ``source`` is the period's own, else the
    param's; ``None`` where the author wrote neither.
    """

    span: Span
    value: ScalarText | None = None
    tiers: tuple[TierSyntax, ...] = ()
    none_found: bool = False
    source: Name | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ParamSyntax:
    """A param with its shipped values; one value outside ``periods:`` is a single undated period."""

    name: Name
    type: Name
    title: TextSyntax
    periods: tuple[PeriodSyntax, ...]
    span: Span
    floor: ScalarText | None = None
    ceiling: ScalarText | None = None
    dated_by: Name | None = None
    on: Name | None = None
    values: tuple[ValueSyntax, ...] = ()


@dataclass(frozen=True, slots=True)
class OverlayParamSyntax:
    """What a platform or shop says of one param."""

    name: Name
    periods: tuple[PeriodSyntax, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class OverlaySyntax:
    """A file of ``platforms/`` or ``shops/``; ``name`` is the platform or shop."""

    kind: Literal["platform", "shop"]
    name: Name
    params: tuple[OverlayParamSyntax, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class ActionSyntax:
    """An action; ``by`` is a role or party word, or the name of a choice param over roles."""

    name: Name
    by: Name
    title: TextSyntax
    span: Span
    say: TextSyntax | None = None
    gives: tuple[AnswerSyntax, ...] = ()
    pays: bool = False
    list: Name | None = None
    every: Name | None = None
    to: Name | None = None
    internal: bool = False


@dataclass(frozen=True, slots=True)
class ListSyntax:
    """A register; ``fill_in`` are columns that stay empty for the shop."""

    name: Name
    title: TextSyntax
    every: Name
    to: Name
    columns: tuple[Name, ...]
    fill_in: tuple[TitledSyntax, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class ActionsFileSyntax:
    """``actions.yaml``: what people do, and the registers that they enter cases on."""

    actions: tuple[ActionSyntax, ...]
    lists: tuple[ListSyntax, ...]


@dataclass(frozen=True, slots=True)
class SourceSyntax:
    """A law, platform rule, shop choice or document; ``layer`` is law, platform, shop or document."""

    name: Name
    title: TextSyntax
    layer: Name
    span: Span
    article: ScalarText | None = None
    date: dt.date | None = None
