"""How a case at rest could go on: one more answer, a deadline that passes, an interrupt, a reopening."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from aftersales.errors import CaseError
from aftersales.expr.names import facts_of
from aftersales.expr.types import UNKNOWN, Value
from aftersales.policy.model import Target
from aftersales.run.answers import open_answers
from aftersales.run.machine import PolicyMachine
from aftersales.run.standing import late_edge, missing
from aftersales.run.walk import Walk
from aftersales.study.watched import Moment, Watched

_SECOND: Final = dt.timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer told at ``at``; ``old`` is what was told before (``UNKNOWN``: nothing).

    ``turn``: it interrupts or reopens the case; ``again``: the one told before is no answer where the case stands.
    """

    fact: str
    old: Value
    value: Value
    at: dt.datetime | None
    turn: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody answers ``facts`` in ``state``, and its deadline ``due`` passes."""

    state: str
    facts: tuple[str, ...]
    due: dt.datetime


Step = Answer | Silence


@dataclass(frozen=True, slots=True)
class Move:
    """A step with the walk after it and the moments before each move that the walk then made."""

    step: Step
    walk: Walk
    moments: tuple[Moment, ...]


def moves(walk: Walk, machine: PolicyMachine, onward: frozenset[str]) -> Iterator[Move]:
    """Yield what could happen next to a walk at rest, each on a copy of it.

    ``onward`` are the states from which an ordinary way leads on to what is asked: elsewhere only what interrupts or
    reopens the case is of use. What would put the case at fault is left out.
    """
    if walk.at_state.end is None and walk.state in onward:
        for fact in missing(walk.standing):
            for value in open_answers(walk, fact):
                yield from _told(walk, machine, fact, value)
        yield from _silent(walk, machine)
    for fact in _turning(walk, onward):
        yield from _told(walk, machine, fact, value=True, turn=True)


def _turning(walk: Walk, onward: frozenset[str]) -> Iterator[str]:
    """Yield the facts that could interrupt the case here, or reopen it, on a way to what is asked."""
    state, ways = walk.at_state, list[tuple[tuple[str, ...], Target]]()
    if state.end is None:
        ways += [((way.on,), way.target) for way in walk.policy.flows[state.flow].anytime]
    ways += [(facts_of(way.when), way.target) for way in state.reopen]
    found = (fact for facts, target in ways if target.state in onward for fact in facts)
    yield from (fact for fact in dict.fromkeys(found) if walk.told.get(fact) is not True)


def _told(walk: Walk, machine: PolicyMachine, fact: str, value: Value, *, turn: bool = False) -> Iterator[Move]:
    old = walk.told.get(fact, UNKNOWN)
    if value == old:
        return
    onward, watched = _copy(walk, machine)
    again = fact in walk.standing.unoffered
    if old is not UNKNOWN and onward.now is not None:
        onward.look_at(onward.now + _SECOND)
    step = Answer(fact, old, value, onward.now, turn, again)
    try:
        onward.tell({fact: value})
        onward.settle()
    except CaseError:
        return
    yield Move(step, onward, tuple(watched.moments))


def _silent(walk: Walk, machine: PolicyMachine) -> Iterator[Move]:
    due = walk.due
    if due is None or not walk.at_state.late or (walk.now is not None and due < walk.now):
        return
    onward, watched = _copy(walk, machine)
    try:
        onward.pass_deadline(due)
    except CaseError:
        return
    onward.look_at(due + _SECOND)
    yield Move(Silence(walk.state, _unanswered(walk), due), onward, tuple(watched.moments))


def _unanswered(walk: Walk) -> tuple[str, ...]:
    """Return the facts whose silence decides when the deadline passes: the one that its way names, else all."""
    index = late_edge(walk.standing)
    named = None if index is None else walk.at_state.late[index].fact
    return missing(walk.standing) if named is None else (named,)


def _copy(walk: Walk, machine: PolicyMachine) -> tuple[Walk, Watched]:
    onward, watched = walk.clone(), Watched(machine)
    onward.machine = watched
    return onward, watched
