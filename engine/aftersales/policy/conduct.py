"""Compiles ``conduct.yaml``: the rules of conduct with every name resolved."""

from __future__ import annotations

from collections.abc import Iterable

from aftersales.expr.types import FLAG, Kind
from aftersales.policy.expressions import read_expression
from aftersales.policy.faults import ACTION, FACT, PARAM, ROLE, Faults
from aftersales.policy.reads import PLATFORM
from aftersales.policy.rules import DUE, AnswerWithin, Conduct, ConductRule, Penalty, Phase
from aftersales.policy.vocabulary import Vocabulary, read_sources
from aftersales.syntax.tree import (
    AnswerWithinSyntax,
    ConductFileSyntax,
    ConductRuleSyntax,
    Name,
    PenaltySyntax,
    PhaseSyntax,
    PhrasesSyntax,
)
from aftersales.text import Text


def read_conduct(file: ConductFileSyntax, vocabulary: Vocabulary, faults: Faults) -> Conduct:
    """Return the rules of conduct; ``near`` may name every fact, local ones too, and every param."""
    roles = vocabulary.words.roles
    speakers = tuple(name.text for name in file.speakers if faults.known(name, roles, ROLE))
    rhythm = tuple(_phase(phase, vocabulary, faults) for phase in file.rhythm)
    return Conduct({rule.name.text: _rule(rule, vocabulary, faults) for rule in file.rules}, speakers, rhythm)


def _phase(written: PhaseSyntax, vocabulary: Vocabulary, faults: Faults) -> Phase:
    actions = tuple(name.text for name in written.actions if faults.known(name, vocabulary.actions, ACTION))
    return Phase(written.name.text, written.title.text, written.means.text, actions)


def _rule(written: ConductRuleSyntax, vocabulary: Vocabulary, faults: Faults) -> ConductRule:
    read_sources((written.source,), vocabulary.words, faults)
    every_flow = {fact.flow for fact in vocabulary.facts.values() if fact.flow is not None}
    scope = vocabulary.scope(every_flow)
    return ConductRule(
        id=written.name.text,
        title=written.title.text,
        source=written.source.text,
        span=written.span,
        platforms=_platforms(written.platforms, vocabulary, faults),
        penalties=tuple(_penalty(penalty, vocabulary, faults) for penalty in written.penalties),
        words=_phrases(written.words),
        allow=_phrases(written.allow),
        longest_number=written.longest_number,
        actions=tuple(name.text for name in written.actions),
        exempt=tuple(name.text for name in written.exempt if faults.known(name, vocabulary.actions, ACTION)),
        near=None if written.near is None else read_expression(written.near, scope, FLAG, faults),
        last_day=_last_day(written.last_day, vocabulary, faults),
        answer=None if written.answer is None else _answer(written.answer),
    )


def _penalty(written: PenaltySyntax, vocabulary: Vocabulary, faults: Faults) -> Penalty:
    if written.source is not None:
        read_sources((written.source,), vocabulary.words, faults)
    return Penalty(
        source=written.source.text if written.source else None,
        span=written.span,
        points=written.points,
        up_to=written.up_to,
        param=_money_param(written.param, vocabulary, faults),
        money=written.money,
        platforms=_platforms(written.platforms, vocabulary, faults),
    )


def _money_param(name: Name | None, vocabulary: Vocabulary, faults: Faults) -> str | None:
    if name is None or not faults.known(name, vocabulary.params, PARAM):
        return None
    if vocabulary.params[name.text].type.kind is not Kind.MONEY:
        message = Text(f"处罚按金额参数，{name} 不是", f"a penalty is a money param, which {name} is not")
        faults.add("wrong_type", name.span, message)
    return name.text


def _phrases(written: PhrasesSyntax) -> tuple[str, ...]:
    return (*written.zh, *written.en)


def _platforms(names: Iterable[Name], vocabulary: Vocabulary, faults: Faults) -> tuple[str, ...]:
    known = vocabulary.facts[PLATFORM].type.values if PLATFORM in vocabulary.facts else ()
    return tuple(name.text for name in names if faults.known(name, known, Text("平台", "platform")))


def _last_day(name: Name | None, vocabulary: Vocabulary, faults: Faults) -> str | None:
    if name is None or name.text == DUE:
        return None if name is None else DUE
    if not faults.known(name, vocabulary.facts, FACT):
        return None
    if vocabulary.facts[name.text].type.kind is not Kind.INSTANT:
        message = Text(f"last_day 要一个时间点，{name} 不是", f"last_day is due or an instant, which {name} is not")
        faults.add("wrong_type", name.span, message)
    return name.text


def _answer(written: AnswerWithinSyntax) -> AnswerWithin:
    return AnswerWithin(written.length, *written.between)
