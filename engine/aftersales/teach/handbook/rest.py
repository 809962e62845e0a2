"""What the last row of a table stands for: the answers that no row above it names, by name where they are few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from aftersales.expr.types import Kind, Value
from aftersales.policy.model import Branch, Fact, Param, State
from aftersales.teach.handbook import words
from aftersales.teach.handbook.conditions import condition_said
from aftersales.teach.handbook.decisions import Answers, Way, conditions_of, values_of
from aftersales.teach.handbook.left import what_is_left
from aftersales.teach.handbook.model import Words
from aftersales.teach.handbook.targets import Here

#: So many answers are named one by one rather than called *any other*.
FEW: Final = 4


def left_over(way: Way, above: Sequence[Way], state: State, here: Here) -> Mapping[str, Answers] | None:
    """Return what a row that is left over asks, fact by fact; ``None`` where its facts hang together."""
    there = way.inside or state
    return what_is_left(way, above, here.voice.policy, lambda name: can_be_answered(name, there, here))


def left_said(fact: str, left: Answers, state: State, here: Here) -> Words:
    """Say what is left of one fact: few answers by name, of many those that a case brings along."""
    voice = here.voice
    title = voice.fact(fact) if fact in voice.policy.facts else voice.param(fact)
    named = [_values_said(fact, left.values, state, here)] if left.values else []
    return voice.joined((*named, *(condition_said(one, title, voice) for one in left.conditions)), words.COMMA)


def rest_said(fact: str, way: Way, above: Sequence[Way], state: State, here: Here) -> Words:
    """Say what a row that is left over asks of ``fact``; ``above`` are the rows before it, ``state`` the step.

    Few answers are named. Of many, a flow's first step names those that a case brings along. Behind rows that compare
    there is nothing to name.
    """
    voice = here.voice
    known = voice.policy.facts.get(fact)
    touching = [one for one in above if _may_fit(one, way)]
    said = [one.answers[fact] for one in touching if fact in one.answers]
    if any(answers.conditions for answers in said):
        return voice.of(words.OTHERWISE)
    sure = known is not None and all(way.answers.items() <= one.answers.items() for one in touching)
    if known is None or not sure or len(_left(way, touching)) != 1:
        return voice.of(words.OTHERS)
    named = {value for answers in said for value in answers.values}
    left = tuple(value for value in can_be_answered(fact, way.inside or state, here) if value not in named)
    return _values_said(fact, left, state, here)


def _values_said(fact: str, left: Sequence[Value], state: State, here: Here) -> Words:
    voice = here.voice
    if 0 < len(left) <= FEW:
        return voice.joined((voice.value(fact, value) for value in left), words.OR)
    come = brought(here).get(fact, set()) if state.key == here.map.flow.start else set()
    such = [voice.value(fact, value) for value in left if value in come]
    return voice.filled(words.OTHERS_AS, voice.joined(such)) if such else voice.of(words.OTHERS)


def brought(here: Here) -> Mapping[str, set[Value]]:
    """Return what some way into the flow has answered, by fact."""
    found: dict[str, set[Value]] = {}
    for edge in here.atlas.ways.into(here.map.flow.name):
        if isinstance(edge.way, Branch):
            for name, values in map(values_of, conditions_of(edge.way.when)):
                if name is not None:
                    found.setdefault(name, set()).update(values)
    return found


def values_to_choose(fact: Fact | Param) -> tuple[Value, ...]:
    """Return the answers of a fact or a param in the author's order; none of a number or a date."""
    return (True, False) if fact.type.kind is Kind.FLAG else fact.type.values


def can_be_answered(name: str, state: State, here: Here) -> tuple[Value, ...]:
    """Return the answers of a fact or a param that a case can have in a state: offered there, none ruled out before."""
    policy = here.voice.policy
    offered = tuple(value for offer in state.offers if offer.fact == name for value, _ in offer.options)
    known = here.atlas.arrival(here.map, state).get(name)
    every = offered or values_to_choose(policy.facts.get(name) or policy.params[name])
    return tuple(value for value in every if known is None or known.values is None or value in known.values)


def _may_fit(one: Way, way: Way) -> bool:
    """Tell whether a row can fit a case that has the answers of another."""
    return all(
        not answers.values or not one.answers[name].values or bool(set(answers.values) & set(one.answers[name].values))
        for name, answers in way.answers.items()
        if name in one.answers
    )


def _left(way: Way, above: Sequence[Way]) -> frozenset[str]:
    """Return the facts that rows before ask about and a row that is left over does not."""
    return frozenset(name for one in above for name in one.answers) - way.answers.keys()
