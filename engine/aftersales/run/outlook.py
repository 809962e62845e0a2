"""The ends that are still reachable: every open question is answered in every way that is open, one at a time.

The exploration runs the machine itself on copies of the walk, so it can never disagree with it. A count, an amount or
an instant is answered with the values at, just below and just above what the guards compare it with.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from aftersales.errors import CaseError
from aftersales.expr.evaluate import evaluate
from aftersales.expr.names import parts
from aftersales.expr.tree import Compare, Expr, FactRef
from aftersales.expr.types import Known, Type, Value
from aftersales.run.decision import Outlook, Way
from aftersales.run.settlement import Settlement, settle_money
from aftersales.run.standing import missing, open_values
from aftersales.run.walk import Walk

#: Ends shown; the rest is counted.
MOST_WAYS = 12
#: Walks explored before the search says that it is not complete.
MOST_WALKS = 4_000
#: How often one way may come back to the same state.
MOST_VISITS = 2

#: What makes two ways one entry: the end, who is liable, who bears which leg.
_Key = tuple[str, str, tuple[tuple[str, str], ...]]


@dataclass(slots=True)
class _Found:
    """All ways to one end with the same postage."""

    ways: int = 0
    common: dict[str, Value] = field(default_factory=dict)
    shortest: Mapping[str, Value] = field(default_factory=dict)
    amounts: list[int | None] = field(default_factory=list)

    def add(self, answers: Mapping[str, Value], money: Settlement) -> None:
        if not self.ways:
            self.common = dict(answers)
            self.shortest = dict(answers)
        self.common = {name: value for name, value in self.common.items() if answers.get(name) == value}
        if len(answers) < len(self.shortest):
            self.shortest = dict(answers)
        self.ways += 1
        self.amounts.append(None if money.waiting else money.total)
        if money.waiting:
            self.amounts.append(money.total)


@dataclass(slots=True)
class _Search:
    found: dict[_Key, _Found] = field(default_factory=dict)
    walks: int = 0
    complete: bool = True


def look_ahead(walk: Walk) -> Outlook:
    """Return the ends still reachable from where the walk stands; the walk itself is not touched."""
    search = _Search()
    silent = _Search()
    if walk.at_state.end is None:
        _explore(walk, {}, search)
        _stay_silent(walk, silent)
    ways = sorted(search.found.items(), key=lambda item: (len(item[1].shortest), item[0]))
    shown = [_way(walk, key, found) for key, found in ways[:MOST_WAYS]]
    shown += [_way(walk, key, found, silent=True) for key, found in silent.found.items()]
    return Outlook(tuple(shown), max(0, len(ways) - MOST_WAYS), search.complete)


def _explore(walk: Walk, answers: Mapping[str, Value], search: _Search) -> None:
    search.walks += 1
    if search.walks > MOST_WALKS:
        search.complete = False
        return
    if walk.at_state.end is not None:
        _note(walk, answers, search)
        return
    fact = _next_question(walk, answers)
    if fact is None or _comes_back(walk):
        return
    for value in _answers(walk, fact):
        onward = _told(walk, fact, value)
        if onward is not None:
            kept = {name: given for name, given in answers.items() if name in onward.told}
            _explore(onward, {**kept, fact: value}, search)


def _next_question(walk: Walk, answers: Mapping[str, Value]) -> str | None:
    """Return the first open question that this way has not answered yet: to answer "not yet" again leads nowhere."""
    standing = walk.standing
    return next(
        (
            fact
            for fact in missing(standing)
            if fact not in walk.told or fact in standing.unoffered or fact not in answers
        ),
        None,
    )


def _comes_back(walk: Walk) -> bool:
    here = [step for step in walk.path if (step.flow, step.state) == (walk.at_state.flow, walk.at_state.name)]
    return len(here) > MOST_VISITS


def _told(walk: Walk, fact: str, value: Value) -> Walk | None:
    """Return the walk after one more answer, ``None`` where the case would be at fault with it."""
    onward = walk.clone()
    try:
        onward.tell({fact: value})
        onward.settle()
    except CaseError:
        return None
    return onward


def _answers(walk: Walk, name: str) -> Iterator[Value]:
    fact = walk.policy.facts[name]
    values = open_values(walk.standing, name)
    if values:
        yield from values
        return
    if fact.flag is not None:
        yield None
    yield from sorted(set(_around(walk, name, fact.type)), key=repr)


def _around(walk: Walk, name: str, kind: Type) -> Iterator[Known]:
    state = walk.at_state
    guards = [branch.when for branch in state.branches] + ([state.until] if state.until is not None else [])
    for guard in guards:
        for bound in _bounds(guard, name):
            value = evaluate(bound, walk.view)
            yield from _near(value, kind)
    most = next((offer.at_most for offer in state.offers if offer.fact == name and offer.at_most is not None), None)
    if most is not None:
        yield from _near(evaluate(most, walk.view), kind)


def _bounds(expr: Expr, name: str) -> Iterator[Expr]:
    if isinstance(expr, Compare):
        if isinstance(expr.left, FactRef) and expr.left.name == name:
            yield expr.right
        if isinstance(expr.right, FactRef) and expr.right.name == name:
            yield expr.left
    for part in parts(expr):
        yield from _bounds(part, name)


def _near(value: Value, kind: Type) -> Iterator[Known]:
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        low = kind.low or 0
        yield from (near for near in (value - 1, value, value + 1) if near >= low and near <= (kind.high or near))
    elif isinstance(value, dt.datetime):
        step = dt.timedelta(seconds=1)
        yield from (value - step, value, value + step)


def _note(walk: Walk, answers: Mapping[str, Value], search: _Search) -> None:
    try:
        money = settle_money(walk)
    except CaseError:
        return
    legs = tuple((name, leg.borne_by) for name, leg in money.postage.items() if leg is not None)
    search.found.setdefault((walk.state, money.liable, legs), _Found()).add(answers, money)


def _stay_silent(walk: Walk, search: _Search) -> None:
    """Let every deadline pass without an answer, as far as that leads to an end."""
    onward = walk.clone()
    for _ in range(MOST_WAYS):
        due = onward.due
        if due is None or onward.at_state.end is not None:
            break
        try:
            onward.pass_time(due + dt.timedelta(seconds=1))
        except CaseError:
            return
    if onward.at_state.end is not None:
        _note(onward, {}, search)


def _way(walk: Walk, key: _Key, found: _Found, *, silent: bool = False) -> Way:
    state = walk.policy.states[key[0]]
    known = [amount for amount in found.amounts if amount is not None]
    return Way(
        if_=found.common,
        shortest=found.shortest,
        ways=found.ways,
        flow=state.flow,
        state=state.name,
        outcome=state.end.outcome if state.end else "",
        liable=key[1],
        postage=dict(key[2]),
        refund_least=min(known, default=0),
        refund_most=None if None in found.amounts else max(known, default=0),
        if_nobody_answers=silent,
    )
