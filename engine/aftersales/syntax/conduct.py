"""What the author wrote in ``conduct.yaml``: how staff behave, what breaking a rule costs, and what a rule forbids."""

from __future__ import annotations

import datetime as dt

from aftersales.dataclass import dataclass
from aftersales.source import Span
from aftersales.syntax.atoms import ExprText, Name, TextSyntax


@dataclass(frozen=True, slots=True)
class PhrasesSyntax:
    """Phrases of a rule by language; either may be empty."""

    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PenaltySyntax:
    """What breaking a rule costs: exactly one of ``points`` (``up_to`` more), ``money`` (fen) and a money param.

    No platforms: all of them. Only a param needs no source: it has its own.
    """

    source: Name | None
    span: Span
    points: int | None = None
    up_to: int | None = None
    param: Name | None = None
    money: int | None = None
    platforms: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerWithinSyntax:
    """How soon a buyer's message is answered, and between which times of day that holds."""

    length: dt.timedelta
    between: tuple[dt.time, dt.time]
    span: Span


@dataclass(frozen=True, slots=True)
class ConductRuleSyntax:
    """One rule of conduct. ``exempt`` names actions that its phrases do not bind; ``last_day`` is ``due`` or a fact."""

    name: Name
    title: TextSyntax
    source: Name
    span: Span
    platforms: tuple[Name, ...] = ()
    penalties: tuple[PenaltySyntax, ...] = ()
    words: PhrasesSyntax = PhrasesSyntax()
    allow: PhrasesSyntax = PhrasesSyntax()
    longest_number: int | None = None
    actions: tuple[Name, ...] = ()
    exempt: tuple[Name, ...] = ()
    near: ExprText | None = None
    last_day: Name | None = None
    answer: AnswerWithinSyntax | None = None


@dataclass(frozen=True, slots=True)
class PhaseSyntax:
    """One phase of the service rhythm: what it is called, what it means, and the actions it consists of."""

    name: Name
    title: TextSyntax
    means: TextSyntax
    actions: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class ConductFileSyntax:
    """``conduct.yaml``; ``speakers`` are the roles whose actions face the buyer and so need words."""

    rules: tuple[ConductRuleSyntax, ...] = ()
    speakers: tuple[Name, ...] = ()
    rhythm: tuple[PhaseSyntax, ...] = ()
