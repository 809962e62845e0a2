"""The steps of a flow, one box each: who does what until when, what happens when late, and the decision table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aftersales.expr.tree import TRUE
from aftersales.expr.types import Kind
from aftersales.policy.model import State, Target
from aftersales.teach.handbook import words
from aftersales.teach.handbook.conditions import condition_said
from aftersales.teach.handbook.decisions import Answers, Decision, Way, decision_of, others
from aftersales.teach.handbook.doing import besides, doers, todo
from aftersales.teach.handbook.model import Box, Cell, Line, Paragraph, Row, Run, Table, Tone, Words
from aftersales.teach.handbook.rest import left_over, left_said, rest_said
from aftersales.teach.handbook.targets import Here, target_line
from aftersales.teach.handbook.terms import own_terms
from aftersales.teach.handbook.voice import Voice, cell, named, plain, quiet, strong

#: The widest column of a table with many questions, against its others.
_NEXT_WIDTH = 5
_ANSWER_WIDTH = 3


def step_box(states: Sequence[State], here: Here) -> Box:
    """Return the box of a step: of one state, or of one that uses a sub-flow and the copies it stands for."""
    state, voice = states[0], here.voice
    name, anchor = here.place_name(state.key)
    decision = decision_of(states)
    blocks: list[Paragraph | Table] = [Paragraph(line) for line in _lines(states, decision, here)]
    table = _table(decision, state, here)
    blocks += [table] if table is not None else []
    title = (strong(name), plain(voice.filled(words.BLANK, voice.of(state.title))))
    acting = voice.joined(map(voice.who, doers(state, voice.policy)))
    aside, again = (quiet(acting),) if any(acting) else (), (*title, quiet(voice.of(words.CONTINUED)))
    return Box(title, tuple(blocks), Tone.STEP, anchor, aside, again)


def _lines(states: Sequence[State], decision: Decision, here: Here) -> Iterator[Line]:
    state, voice = states[0], here.voice
    if state.uses:
        yield named(voice, words.IS_SUB_FLOW, *_sub_flow(state.uses, here))
    if state.do:
        yield named(voice, words.DO, plain(todo(state, voice)))
    also = besides(state, voice)
    if any(also):
        yield named(voice, words.ALSO, plain(also))
    yield from _offers(state, voice)
    if state.until is not None:
        yield named(voice, words.WAIT, plain(voice.expr(state.until)))
    yield from _deadline(state, here)
    terms = own_terms(state, voice)
    if terms:
        yield named(voice, words.HOLDS_HERE, plain(voice.joined(terms, words.JOINT)))
    extra = [name for name in state.sources if name not in here.map.flow.sources]
    if extra:
        yield named(voice, words.BEHIND, *voice.sources(extra))
    if not decision.facts and _is_one_way(decision):
        yield named(voice, words.ALWAYS, *target_line(decision.ways[0].target, here, state))
    if decision.ordered:
        yield (quiet(voice.of(words.FIRST_FITS)),)
    yield from _late_inside(states, here)


def _sub_flow(name: str, here: Here) -> tuple[Run, ...]:
    title = here.voice.of(here.atlas.flows[name].flow.title)
    return here.chapter_name(name), plain(here.voice.filled(words.BLANK, title))


def _offers(state: State, voice: Voice) -> Iterator[Line]:
    for offer in state.offers:
        if offer.at_most is not None:
            capped = voice.capped(words.AT_MOST, voice.fact(offer.fact), voice.expr(offer.at_most))
            yield named(voice, words.AMOUNT_OFFERED, plain(capped))
            continue
        options = []
        for value, when in offer.options:
            title = voice.value(offer.fact, value)
            options.append(title if when == TRUE else voice.filled(words.OFFERED_IF, title, voice.expr(when)))
        yield named(voice, words.OFFERS, plain(voice.joined(options, words.SLASH)))


def _deadline(state: State, here: Here) -> Iterator[Line]:
    within, voice = state.within, here.voice
    if within is not None:
        yield named(voice, words.WITHIN, plain(voice.within(within)))
    elif state.no_deadline is not None:
        yield named(voice, words.NO_LIMIT, plain(voice.of(state.no_deadline)))
    for target, facts in _by_target(state):
        yield named(voice, words.IF_LATE, *_late(target, facts, state, here))


def _late(target: Target, facts: Iterable[str | None], state: State, here: Here) -> tuple[Run, ...]:
    """Say where a passed deadline leads, for want of which answers where it hangs on these."""
    voice = here.voice
    leads = target_line(target, here, state)
    silent = [voice.filled(words.QUOTED, voice.fact(fact)) for fact in facts if fact is not None]
    return (plain(voice.filled(words.NOT_ANSWERED, voice.joined(silent, words.OR))), *leads) if silent else leads


def _late_inside(states: Sequence[State], here: Here) -> Iterator[Line]:
    """Say where the deadlines of a sub-flow lead that end it, once for all that lead to the same place."""
    voice = here.voice
    inside = {state.key for state in states}
    titles: dict[tuple[Target, tuple[str | None, ...]], list[Words]] = {}
    for state in states[1:]:
        for target, facts in _by_target(state):
            if target.state not in inside:
                titles.setdefault((target, facts), []).append(voice.filled(words.QUOTED, voice.of(state.title)))
    for (target, facts), said in titles.items():
        where = voice.filled(words.LATE_AT, voice.joined(said, words.OR))
        yield (quiet(where), *_late(target, facts, states[0], here))


def _by_target(state: State) -> Iterator[tuple[Target, tuple[str | None, ...]]]:
    """Yield where the deadlines of a state lead, each place once, with the facts that nobody answered in time."""
    found: dict[tuple[Target, bool], list[str | None]] = {}
    for late in state.late:
        found.setdefault((late.target, late.fact is None), []).append(late.fact)
    yield from ((target, tuple(facts)) for (target, _), facts in found.items())


def _table(decision: Decision, state: State, here: Here) -> Table | None:
    """Return the decision table; none where there is nothing to decide."""
    ways, voice = decision.ways, here.voice
    boxed = any(way.inside is not None for way in ways)
    if not ways or (not decision.facts and _is_one_way(decision)):
        return None
    heads = tuple(_question(fact, voice) for fact in decision.facts)
    rows = tuple(_row(number, decision, state, here) for number in range(len(ways)))
    first = (voice.of(words.WHERE),) if boxed else ()
    widths = (*(_ANSWER_WIDTH for _ in (*first, *heads)), _NEXT_WIDTH)
    return Table((*first, *heads, voice.of(words.NEXT)), rows, widths, Tone.STEP)


def _is_one_way(decision: Decision) -> bool:
    """Tell whether a step leads to one place only, wherever in a sub-flow it is left."""
    return len({way.target for way in decision.ways}) == 1


def _question(name: str, voice: Voice) -> Words:
    if name in voice.policy.facts:
        return voice.fact(name)
    return voice.param(name)


def _row(number: int, decision: Decision, state: State, here: Here) -> Row:
    way, voice = decision.ways[number], here.voice
    leads: Cell = (target_line(way.target, here, state),)
    cells = tuple(_cells(way, decision, decision.ways[:number], state, here))
    first = (cell(voice.of(way.inside.title)),) if way.inside is not None else ()
    return Row((*first, *cells, leads))


def _cells(way: Way, decision: Decision, above: Sequence[Way], state: State, here: Here) -> Iterator[Cell]:
    """Yield what a row asks of each fact; a row that is left over says in one cell what cannot be told fact by fact."""
    facts, voice = decision.facts, here.voice
    left = left_over(way, above, state, here) if way.otherwise else {}
    if left is not None:
        rest = {fact: left_said(fact, said, state, here) for fact, said in left.items()}
    else:
        asked = others(way, facts, above) if way.answers or len(facts) > 1 else facts
        rest = {fact: rest_said(fact, way, above, state, here) for fact in asked}
        if not way.answers and len(facts) > 1:
            yield ((quiet(voice.of(words.ALL_OTHERS)),),)
            return
    yield from (_answer(fact, way, voice, rest.get(fact)) for fact in facts)


def _answer(fact: str, way: Way, voice: Voice, rest: Words | None) -> Cell:
    said = way.answers.get(fact)
    if said is None:
        return ((quiet(rest or voice.of(words.DASH)),),)
    return cell(answers_said(fact, said, voice))


def answers_said(fact: str, said: Answers, voice: Voice) -> Words:
    """Say what a row asks of one fact; its title stands above the column and is not repeated."""
    if not said.conditions and _is_whatever(fact, said, voice):
        return voice.of(words.ANY)
    parts = []
    if said.values:
        parts.append(voice.joined((voice.value(fact, value) for value in said.values), words.OR))
    title = _question(fact, voice)
    parts += [condition_said(condition, title, voice) for condition in said.conditions]
    return voice.joined(parts, words.COMMA)


def _is_whatever(fact: str, said: Answers, voice: Voice) -> bool:
    """Tell whether a row names every answer there is."""
    known = voice.policy.facts.get(fact) or voice.policy.params.get(fact)
    every = set() if known is None else {True, False} if known.type.kind is Kind.FLAG else set(known.type.values)
    return bool(every) and every <= set(said.values)
