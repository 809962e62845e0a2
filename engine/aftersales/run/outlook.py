"""The ends that are still reachable: every open question is answered in every way that is open, one at a time.

The exploration runs the machine itself on copies of the walk, so it can never disagree with it. A count, an amount or
an instant is answered with the values at, just below and just above what the guards compare it with. Positions that
differ only in answers nobody reads any more are explored once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aftersales.dataclass import dataclass, field, replace
from aftersales.errors import CaseError
from aftersales.expr.types import Value
from aftersales.run.answers import open_answers
from aftersales.run.decision import Outlook, Way
from aftersales.run.live import LiveFacts
from aftersales.run.settlement import settle_money
from aftersales.run.standing import missing
from aftersales.run.walk import Walk

#: Ends shown; the rest is counted.
MOST_WAYS = 12
#: Positions explored before the search says that it is not complete.
MOST_POSITIONS = 3_000

#: What makes two ways one entry: the end, who is liable, who bears which leg.
_End = tuple[str, str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class _Ways:
    """All ways to one end: how many, what they have in common, the shortest, and the refund's range in fen."""

    ways: int
    common: Mapping[str, Value]
    shortest: Mapping[str, Value]
    least: int
    most: int | None

    def after(self, fact: str, value: Value) -> _Ways:
        """Return the same ways with one answer in front."""
        return replace(self, common={fact: value, **self.common}, shortest={fact: value, **self.shortest})

    def beside(self, other: _Ways) -> _Ways:
        """Return both together."""
        common = {name: value for name, value in self.common.items() if other.common.get(name, _NOTHING) == value}
        shortest = min(self.shortest, other.shortest, key=len)
        most = None if self.most is None or other.most is None else max(self.most, other.most)
        return _Ways(self.ways + other.ways, common, shortest, min(self.least, other.least), most)


_NOTHING = object()
_Ends = Mapping[_End, _Ways]


@dataclass(slots=True)
class _Search:
    live: LiveFacts
    known: dict[object, _Ends] = field(default_factory=dict)
    positions: int = 0

    @property
    def complete(self) -> bool:
        return self.positions <= MOST_POSITIONS

    def explore(self, walk: Walk, assumed: frozenset[str]) -> _Ends:
        """Return the ends reachable from here; a position that is being explored further up adds none."""
        here = self._position(walk, assumed)
        if here in self.known:
            return self.known[here]
        self.positions += 1
        if not self.complete:
            return {}
        self.known[here] = {}
        self.known[here] = _end_here(walk) if walk.at_state.end is not None else self._onward(walk, assumed)
        return self.known[here]

    def _onward(self, walk: Walk, assumed: frozenset[str]) -> _Ends:
        fact = _next_question(walk, assumed)
        found: dict[_End, _Ways] = {}
        for value in open_answers(walk, fact) if fact is not None else ():
            told = _told(walk, str(fact), value)
            if told is not None:
                ends = self.explore(told, assumed.intersection(told.told) | {str(fact)})
                _gather(found, {end: ways.after(str(fact), value) for end, ways in ends.items()})
        return found

    def _position(self, walk: Walk, assumed: frozenset[str]) -> object:
        """Return what decides how it can go on: the state, the terms laid down, the answers still read from here."""
        live = self.live.at(walk)
        told = frozenset((name, walk.told[name], name in assumed) for name in live if name in walk.told)
        return walk.state, told, frozenset(walk.later.items()), frozenset(walk.fired), walk.laid.marks()


def look_ahead(walk: Walk) -> Outlook:
    """Return the ends still reachable from where the walk stands; the walk itself is not touched."""
    if walk.at_state.end is not None:
        return Outlook((), 0, complete=True)
    search = _Search(LiveFacts(walk.policy))
    found = search.explore(walk.clone(), frozenset())
    ways = sorted(found.items(), key=lambda item: (len(item[1].shortest), item[0]))
    silent = _if_nobody_answers(walk)
    shown = [_way(walk, end, ways) for end, ways in ways[:MOST_WAYS]]
    shown += [replace(_way(walk, end, ways), if_nobody_answers=True) for end, ways in silent.items()]
    return Outlook(tuple(shown), max(0, len(ways) - MOST_WAYS), search.complete)


def _next_question(walk: Walk, assumed: Iterable[str]) -> str | None:
    """Return the first open question that was not answered on this way yet: "not yet" a second time leads nowhere."""
    standing = walk.standing
    open_ = (fact for fact in missing(standing) if fact not in assumed or fact in standing.unoffered)
    return next(open_, None)


def _told(walk: Walk, fact: str, value: Value) -> Walk | None:
    """Return the walk after one more answer, ``None`` where the case would be at fault with it."""
    onward = walk.clone()
    try:
        onward.tell({fact: value})
        onward.settle()
    except CaseError:
        return None
    return onward


def _end_here(walk: Walk) -> _Ends:
    try:
        money = settle_money(walk)
    except CaseError:
        return {}
    legs = tuple((name, leg.borne_by) for name, leg in money.postage.items() if leg is not None)
    most = None if money.waiting else money.total
    return {(walk.state, money.liable, legs): _Ways(1, {}, {}, money.total, most)}


def _gather(found: dict[_End, _Ways], more: _Ends) -> None:
    for end, ways in more.items():
        found[end] = found[end].beside(ways) if end in found else ways


def _if_nobody_answers(walk: Walk) -> _Ends:
    """Let every deadline pass without an answer, as far as that leads to an end."""
    onward = walk.clone()
    for _ in walk.policy.states:
        due = onward.due
        if due is None or onward.at_state.end is not None:
            break
        try:
            onward.pass_deadline(due)
        except CaseError:
            return {}
    return _end_here(onward) if onward.at_state.end is not None else {}


def _way(walk: Walk, end: _End, ways: _Ways) -> Way:
    key, liable, legs = end
    state = walk.policy.states[key]
    return Way(
        if_=ways.common,
        shortest=ways.shortest,
        ways=ways.ways,
        flow=state.flow,
        state=state.name,
        outcome=state.end.outcome if state.end else "",
        liable=liable,
        postage=dict(legs),
        refund_least=ways.least,
        refund_most=ways.most,
    )
