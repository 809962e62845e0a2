"""The ends of a flow in one table: the way there, who pays, what is refunded, what is done, and by which rule."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping

from aftersales.expr.names import facts_of
from aftersales.expr.tree import Expr
from aftersales.policy.edges import Edge, edges
from aftersales.policy.model import Anytime, Branch, Late, State
from aftersales.teach.handbook import words
from aftersales.teach.handbook.decisions import conditions_of, values_of
from aftersales.teach.handbook.doing import owed
from aftersales.teach.handbook.model import Cell, Line, Look, Row, Run, Table, Tone, Words
from aftersales.teach.handbook.targets import Here, target_line
from aftersales.teach.handbook.terms import Carried, amounts, payers
from aftersales.teach.handbook.voice import Voice, cell, named, plain, quiet, strong

_WIDTHS = (33, 20, 24, 21, 11)
#: A way that someone was silent on is only shown where there is no other.
_SILENCE = 1000
#: An answer that may be one of more values than these says too little to be worth its place.
_MOST_VALUES = 3


def ends_table(here: Here, held: Mapping[str, Carried]) -> Table:
    """Return the table of every end of a chapter's flow; ``held`` are the terms that a case may carry, by state."""
    voice = here.voice
    shortest = _shortest(here)
    heads = (words.END_HEAD, words.PAYER, words.MONEY, words.DO_AND_WHEN, words.BEHIND)
    rows = tuple(_row(end, shortest.get(end.key, ()), held[end.key], here) for end in here.map.ends)
    return Table(tuple(map(voice.of, heads)), rows, _WIDTHS, Tone.END)


def _row(end: State, way: tuple[Edge, ...], held: Carried, here: Here) -> Row:
    voice = here.voice
    name, anchor = here.place_name(end.key)
    outcome = voice.of(voice.policy.outcomes[end.end.outcome]) if end.end else voice.same("")
    first: list[Line] = [
        (strong(name), plain(voice.filled(words.BLANK, voice.of(end.title)))),
        (Run(outcome, Look.TAG),),
    ]
    if end.end and end.end.reason:
        first.append(named(voice, words.REASON, plain(voice.of(end.end.reason))))
    answers = voice.joined((said for edge in way for said in _said(edge, voice)), words.STEP_ON)
    if any(answers):
        first.append((quiet(answers),))
    names = [*(each.action for each in end.do), *end.duties]
    do: Cell = (*cell(*owed(names, voice)), *_reopens(end, here))
    sources = voice.sources(end.sources or here.map.flow.sources)
    return Row(
        (tuple(first), cell(*payers(end, held, voice)), cell(*amounts(end, held, voice)), do, (sources,)), anchor
    )


def _reopens(end: State, here: Here) -> Iterator[Line]:
    voice = here.voice
    for reopen in end.reopen:
        length = voice.within(reopen.within)
        yield (quiet(voice.filled(words.REOPENS, length, voice.expr(reopen.when))), *target_line(reopen.target, here))


def _shortest(here: Here) -> Mapping[str, tuple[Edge, ...]]:
    """Return the shortest way from where a case comes in to every state of the flow, without silence where there is one."""
    leaving = _leaving(here)
    found: dict[str, tuple[Edge, ...]] = {}
    waiting: list[tuple[int, int, str, tuple[Edge, ...]]] = [
        (0, number, key, ()) for number, key in enumerate(dict.fromkeys(_entries(here)))
    ]
    pushed = len(waiting)
    while waiting:
        cost, _, state, way = heapq.heappop(waiting)
        if state in found:
            continue
        found[state] = way
        for edge in leaving[state]:
            pushed += 1
            heapq.heappush(waiting, (cost + _cost(edge), pushed, edge.target.state, (*way, edge)))
    return found


def _leaving(here: Here) -> Mapping[str, list[Edge]]:
    """Return the edges out of every open state of the flow that stay in it; an interrupt leaves from all of them."""
    policy, inside = here.voice.policy, here.map.flow.states
    leaving = defaultdict[str, list[Edge]](list)
    for edge in edges(policy):
        if edge.target.state not in here.map.places:
            continue
        for source in inside if edge.source == here.map.flow.name else (edge.source,):
            if source in here.map.places and policy.states[source].end is None:
                leaving[source].append(edge)
    return leaving


def _entries(here: Here) -> Iterator[str]:
    """Yield the start of the flow, then every other state where another flow hands over to it."""
    yield here.map.flow.start
    for edge in edges(here.voice.policy):
        inside = edge.source in here.map.places or edge.source == here.map.flow.name
        if edge.target.state in here.map.places and not inside:
            yield edge.target.state


def _cost(edge: Edge) -> int:
    return 1 if isinstance(edge.way, Branch) else _SILENCE


def _said(edge: Edge, voice: Voice) -> Iterator[Words]:
    """Say the answers that one edge of a way takes."""
    match edge.way:
        case Late(fact=fact):
            yield voice.of(words.DEADLINE_PASSED) if fact is None else voice.filled(words.SILENT, voice.fact(fact))
        case Anytime(on=on):
            yield voice.filled(words.INTERRUPTED, voice.fact(on))
        case Branch(guard=guard):
            yield from (said for condition in conditions_of(guard) if (said := _answer(condition, voice)))
        case _:
            return


def _answer(condition: Expr, voice: Voice) -> Words | None:
    name, values = values_of(condition)
    if name is None or name not in voice.policy.facts:
        return voice.expr(condition) if len(facts_of(condition)) == 1 and name is None else None
    if len(values) > _MOST_VALUES:
        return None
    return voice.told({name: values[0]}) if len(values) == 1 else voice.expr(condition)
