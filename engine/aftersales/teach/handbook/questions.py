"""The questions that a flow asks: of whom, with which answers, in which steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aftersales.expr.names import facts_of
from aftersales.expr.types import Value
from aftersales.policy.arrival import inputs
from aftersales.policy.model import Fact, Policy, State
from aftersales.policy.needs import chosen_by
from aftersales.policy.reads import asides_of
from aftersales.teach.handbook import words
from aftersales.teach.handbook.decisions import decision_of
from aftersales.teach.handbook.model import Paragraph, Row, Table, Words
from aftersales.teach.handbook.rest import FEW, brought, can_be_answered, values_to_choose
from aftersales.teach.handbook.targets import Here
from aftersales.teach.handbook.voice import cell, quiet, strong

_ORDER = "order"
_WIDTHS = (44, 12, 30, 14)
#: Of a fact with more answers than these only those are shown that a table of the flow names.
_MOST_ANSWERS = 6


def questions(here: Here) -> tuple[Paragraph | Table, ...]:
    """Return what a flow asks, and what it looks up in the order record."""
    voice = here.voice
    asked = _asked(here)
    facts = voice.policy.facts
    looked_up = [name for name in asked if facts[name].answered_by == _ORDER]
    rows = tuple(_row(facts[name], steps, here) for name, steps in asked.items() if facts[name].answered_by != _ORDER)
    heads = (words.ASK, words.ASKED_OF, words.ANSWERS, words.IN_STEPS)
    table = (Table(tuple(map(voice.of, heads)), rows, _WIDTHS),) if rows else ()
    nothing = () if asked else (Paragraph((quiet(voice.of(words.NO_QUESTIONS)),)),)
    if not looked_up:
        return (*nothing, *table)
    listed = voice.joined(map(voice.fact, looked_up))
    return (*table, Paragraph((quiet(voice.filled(words.FROM_ORDER, listed)),)))


def facts_asked(policy: Policy, state: State) -> tuple[str, ...]:
    """Return the facts that somebody is asked for in a state, those behind derived ones in their place."""
    exprs = [branch.when for branch in state.branches]
    exprs += [state.until] if state.until is not None else []
    exprs += [expr for expr, _ in asides_of(state)]
    read = [name for expr in exprs for name in facts_of(expr)]
    read += [amount for term in state.terms.postage if (amount := policy.legs[term.leg].amount) is not None]
    inputs = (told for name in read for told in _told(policy, name))
    return tuple(dict.fromkeys(name for name in inputs if _is_asked(policy.facts[name])))


def _told(policy: Policy, name: str) -> tuple[str, ...]:
    """Return what somebody tells where a fact is missing: itself, or what it is derived or computed from."""
    fact = policy.facts[name]
    if fact.computed:
        return tuple(one for one in inputs(fact) if one in policy.facts)
    if fact.ask is not None or fact.derived is None:
        return (name,)
    made_of = (*facts_of(fact.derived), *chosen_by(policy, fact.derived))
    return tuple(told for one in made_of for told in _told(policy, one))


def _is_asked(fact: Fact) -> bool:
    return fact.ask is not None and not fact.counter and not fact.computed


def _asked(here: Here) -> Mapping[str, list[str]]:
    """Return the facts that the chapter's own steps and ends ask for, each with the states that do."""
    found: dict[str, list[str]] = {}
    for state in (*(steps[0] for _, steps in here.map.steps), *here.map.ends):
        for name in facts_asked(here.voice.policy, state):
            found.setdefault(name, []).append(state.key)
    return found


def _row(fact: Fact, states: list[str], here: Here) -> Row:
    voice = here.voice
    ask = fact.ask or fact.title
    question = ((strong(voice.of(ask)),), (quiet(voice.of(fact.title)),))
    answers = voice.joined(_answers(fact, states, here), words.SLASH)
    return Row((question, cell(voice.who(fact.answered_by)), cell(answers), (here.places_line(states),)))


def _answers(fact: Fact, states: list[str], here: Here) -> Iterator[Words]:
    """Say the answers that make a difference in this flow.

    Those that a case brings along are named too; *any other* stands for the rest, unless that is only a few.
    """
    voice = here.voice
    every = values_to_choose(fact)
    if not every:
        yield voice.of(words.KINDS[fact.type.kind])
        return
    asking = [here.voice.policy.states[key] for key in states]
    possible = {value for state in asking for value in can_be_answered(fact.name, state, here)}
    options = tuple(value for value in every if value in possible)
    offered = any(_is_offered(fact, state) for state in asking)
    named = {value for state in asking for value in _taken(fact, state)}
    if not offered:
        named |= brought(here).get(fact.name, set())
        few = len(options) <= max(_MOST_ANSWERS, len(named) + FEW)
        named = possible if few else named & possible
    yield from (voice.value(fact.name, value) for value in options if value in named)
    if not offered and len(named) < len(options):
        yield voice.of(words.OTHERS)


def _taken(fact: Fact, state: State) -> Iterator[Value]:
    """Yield the answers that a state offers; where it does not restrict them, those that its table names."""
    if _is_offered(fact, state):
        yield from (value for offer in state.offers if offer.fact == fact.name for value, _ in offer.options)
        return
    answers = (way.answers.get(fact.name) for way in decision_of((state,)).ways)
    yield from (value for said in answers if said is not None for value in said.values)


def _is_offered(fact: Fact, state: State) -> bool:
    """Tell whether a state takes only the answers that it offers."""
    return any(offer.fact == fact.name and offer.options for offer in state.offers)
