"""What can happen in every state: what is known on arrival, which branches can be taken, where a case can rest.

Decided by trying the finite values that the conditions name, state by state, until nothing new arrives anywhere. It
errs on one side only: a world that no case can reach may be counted in, one that a case can reach is never left out.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from operator import itemgetter
from typing import Final, TypeVar, cast

from aftersales.dataclass import dataclass, field
from aftersales.policy.arrival import (
    Alternatives,
    Arrival,
    Known,
    along,
    at_start,
    goes_into,
    join,
    what,
)
from aftersales.policy.live import along_the_ways, live_facts, ways_of
from aftersales.policy.lore import Lore
from aftersales.policy.model import Anytime, Branch, Late, Policy, Reopen, State, Target
from aftersales.policy.situations import Hole, Situation, knowing, tried, untried
from aftersales.policy.world import MOST_WORLDS, TooManyWorldsError

__all__ = ["Analysis", "Arrival", "Hole", "Known", "Move", "Situation", "Way", "Ways", "analyse", "possible"]

#: How many worlds may be tried for a whole policy; the shipped one takes some 5,000.
MOST_TRIED: Final = 200_000

#: What is known of the fact of an interrupt as it comes; one for all, as there are thousands.
_COME_TRUE: Final = Known(frozenset({True}))
_NOTHING_MORE: Final[Arrival] = {}

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Ways:
    """What can happen in one state, over all situations in which a case can come there."""

    situations: tuple[Situation, ...]

    @property
    def arrival(self) -> Arrival:
        """Return what is surely known here, however a case came."""
        return join(situation.arrival for situation in self.situations)

    @property
    def rests(self) -> bool:
        """Return whether a case can rest here."""
        return any(situation.rests for situation in self.situations)

    @property
    def shown(self) -> bool:
        """Return whether every combination was tried."""
        return all(situation.shown for situation in self.situations)

    @property
    def hole(self) -> Hole | None:
        """Return answers that reach no branch, ``None`` where there are none."""
        return next((situation.hole for situation in self.situations if situation.hole is not None), None)

    def fires(self, branch: int) -> bool:
        """Return whether a branch (its index) can be taken."""
        return any(situation.fires[branch] for situation in self.situations)


#: The alternatives that were looked at in one state, by the facts that are known in them: the arrival, what is known
#: after a rest, and what can happen by the facts that decide there (``None``: that was not tried).
_Seen = dict[frozenset[str], tuple[Arrival, Arrival, Situation | None]]
#: What of all that is known matters in other states, and the names of those facts.
_Near = dict[str, tuple[dict[str, Known], frozenset[str]]]
#: What can happen to a case that stands at an end.
_ENDED: Final = Situation({}, (), rests=True)


#: What a case can go along.
Way = Branch | Late | Reopen | Anytime


@dataclass(frozen=True, slots=True)
class Move:
    """One way from a state that a case can really take; it sets out with what is known ``here``, and ``more`` by it."""

    source: str
    way: Way
    here: Arrival
    more: Arrival

    @property
    def known(self) -> Arrival:
        """Return what is known as it sets out."""
        return {**self.here, **self.more}

    @property
    def target(self) -> Target:
        """Return where it leads."""
        return self.way.target


@dataclass(frozen=True, slots=True)
class Analysis:
    """A policy with what can happen in each state that a case can reach."""

    policy: Policy
    lore: Lore = field(repr=False)
    ways: Mapping[str, Ways]
    _worked_out: dict[object, object] = field(default_factory=dict, repr=False)

    def reached(self) -> Iterator[tuple[State, Ways]]:
        """Yield every state that a case can reach, in the author's order, with what can happen there."""
        for state in _in_order(self.policy):
            if state.key in self.ways:
                yield state, self.ways[state.key]

    def once(self, work: Callable[[Analysis], Found]) -> Found:
        """Return what ``work`` makes of this; several checks that ask for it share it."""
        if work not in self._worked_out:
            self._worked_out[work] = work(self)
        return cast("Found", self._worked_out[work])

    def moves(self, told_apart: Callable[[Way], bool]) -> Iterator[Move]:
        """Yield every move that a case can make, state by state.

        Of the moves along a way that ``told_apart`` says no to, which differ in what is known only, the first.
        """
        steps = self.once(_steps)
        for state, ways in self.reached():
            if not any(map(told_apart, ways_of(self.policy, state))):
                yield from steps[state.key]
                continue
            seen: set[int] = set()
            for situation in ways.situations:
                for move in _moves(self.lore, state, situation, seen):
                    if not told_apart(move.way):
                        seen.add(id(move.way))
                    yield move


def _steps(analysis: Analysis) -> Mapping[str, Sequence[Move]]:
    """Return for every state the first move along each of its ways that a case can take, situation by situation."""
    return {
        state.key: [move for _, move in sorted(_first(analysis.lore, state, ways), key=itemgetter(0))]
        for state, ways in analysis.reached()
    }


def _first(lore: Lore, state: State, ways: Ways) -> Iterator[tuple[int, Move]]:
    """Yield the first move along each way that a case can take, with the number of its situation."""
    situations = ways.situations
    for index, branch in enumerate(state.branches):
        for number, now in enumerate(situations):
            if now.fires[index]:
                yield number, Move(state.key, branch, _listed(lore, now), now.fires[index][0])
                break
    rest = next((number for number, now in enumerate(situations) if now.rests), None)
    if rest is not None and state.end is None:
        for late in state.late:
            yield rest, Move(state.key, late, situations[rest].arrival, _NOTHING_MORE)
    for reopen in state.reopen:
        yield 0, Move(state.key, reopen, knowing(lore, situations[0].arrival, reopen.when), _NOTHING_MORE)
    if state.end is None:
        for way in lore.policy.flows[state.flow].anytime:
            yield 0, Move(state.key, way, situations[0].arrival, {way.on: _COME_TRUE})


def _listed(lore: Lore, situation: Situation) -> Arrival:
    return lore.every_listed(situation.arrival) if situation.shown else situation.arrival


def _in_order(policy: Policy) -> Iterator[State]:
    return (policy.states[key] for flow in policy.flows.values() for key in flow.states)


def possible(policy: Policy) -> Mapping[str, Arrival]:
    """Return what is surely known where a case arrives, for every state that one can reach.

    Only facts that the state, or one further on, looks at.
    """
    return {key: ways.arrival for key, ways in analyse(policy).ways.items()}


def analyse(policy: Policy) -> Analysis:
    """Follow every way from the root until what is known on arrival in each state no longer changes."""
    lore = Lore(policy)
    seen = _Search(lore).run()
    ways = {key: Ways(tuple(_whole(policy.states[key], found))) for key, found in seen.items()}
    return Analysis(policy, lore, ways)


def _whole(state: State, seen: _Seen) -> Iterator[Situation]:
    """Yield the situations of a state."""
    for arrival, here, found in seen.values():
        if found is None:
            yield untried(state, arrival)
        else:
            yield Situation(here, found.fires, found.rests, found.hole, found.shown, found.tried)


class _Search:
    """The states of a policy on their way to knowing all alternatives that arrive in them."""

    def __init__(self, lore: Lore) -> None:
        self._policy = policy = lore.policy
        self._lore = lore
        reads = lore.reads
        self._live = live_facts(policy, {key: reads.in_(state) for key, state in policy.states.items()})
        self._decides = {key: reads.deciding(state) for key, state in policy.states.items()}
        #: States of which the answers decide alike, as in the copies of a sub-flow, have one number.
        self._alike: dict[object, int] = {}
        self._numbers: dict[str, int] = {}
        self._goes_into = goes_into(policy)
        self._arrivals = {key: Alternatives() for key in policy.states}
        self._found: dict[tuple[int, object], Situation | None] = {}
        self._tried = 0
        self._seen: dict[str, _Seen] = {}

    def run(self) -> dict[str, _Seen]:
        """Visit states until nothing new arrives anywhere; return what was seen.

        A state comes behind those that lead to it, so that most are visited once, when all that arrives is there.
        """
        start = self._policy.flows[self._policy.root].start
        self._arrivals[start].add(at_start(self._policy))
        ranks = along_the_ways(self._policy, start)
        keys = tuple(ranks)
        waiting = [ranks[start]]
        while waiting:
            rank = heappop(waiting)
            new = {ranks[key] for key in self._visit(self._policy.states[keys[rank]])}
            for one in new.difference(waiting):
                heappush(waiting, one)
        return self._seen

    def _visit(self, state: State) -> Iterator[str]:
        """Look at every alternative that is new in a state; yield the states where something new then arrives."""
        before = self._seen.get(state.key, {})
        now: _Seen = {}
        hopeless = any(found is None for _, _, found in before.values())
        for names, arrival in tuple(self._arrivals[state.key].all.items()):
            if names in before and before[names][0] == arrival:
                now[names] = before[names]
                continue
            found = None if hopeless or self._tried > MOST_TRIED else self._look(state, arrival)
            hopeless = hopeless or found is None
            rested = found is not None and found is not _ENDED and found.rests
            here = self._lore.unread_may_change(arrival) if rested else arrival
            now[names] = (arrival, here, found)
            yield from self._onward(state, here, found)
        self._seen[state.key] = now

    def _look(self, state: State, arrival: Arrival) -> Situation | None:
        """Return what can happen in a state by the facts that decide there; ``None`` where that is too much to try."""
        if state.end is not None:
            return _ENDED
        found = self._among_what_is_read(state, arrival)
        self._tried += MOST_WORLDS if found is None else found.tried
        return found

    def _onward(self, state: State, here: Arrival, found: Situation | None) -> Iterator[str]:
        """Follow the ways from a state, in the order of ``_moves``; yield where something new arrives by them."""
        near: _Near = {}
        if found is None:
            yield from self._arrive([(branch.target, _NOTHING_MORE) for branch in state.branches], here, near)
        else:
            more = zip(state.branches, found.fires, strict=False)
            taken = [(branch.target, known) for branch, alternatives in more for known in alternatives]
            yield from self._arrive(taken, self._lore.every_listed(here), {})
        if state.end is None and (found is None or found.rests):
            yield from self._arrive([(late.target, _NOTHING_MORE) for late in state.late], here, near)
        for reopen in state.reopen:
            yield from self._arrive([(reopen.target, _NOTHING_MORE)], knowing(self._lore, here, reopen.when), {})
        if state.end is None:
            ways = self._policy.flows[state.flow].anytime
            yield from self._arrive([(way.target, {way.on: _COME_TRUE}) for way in ways], here, near)

    def _among_what_is_read(self, state: State, arrival: Arrival) -> Situation | None:
        """Return what can happen by the facts that decide in the state; ``None`` where there are too many worlds to try.

        Many arrivals differ in other facts only: each of these is tried once.
        """
        decides = self._decides[state.key]
        looked_at = {name: known for name, known in arrival.items() if name in decides}
        place = (self._number(state), what(looked_at))
        if place not in self._found:
            try:
                self._found[place] = tried(self._lore, state, looked_at)
            except TooManyWorldsError:
                self._found[place] = None
        return self._found[place]

    def _number(self, state: State) -> int:
        """Return what all states have in common in which the same answers lead the same way on."""
        number = self._numbers.get(state.key)
        if number is None:
            alike = (state.until, state.offers, tuple(branch.guard for branch in state.branches))
            number = self._numbers[state.key] = self._alike.setdefault(alike, len(self._alike))
        return number

    def _arrive(self, ways: Iterable[tuple[Target, Arrival]], known: Arrival, near: _Near) -> Iterator[str]:
        """Go to each target with what is ``known``, and more on each way; ``near`` keeps what of it matters where."""
        for target, more in ways:
            key = target.state
            live = self._live[key]
            if target.forget or target.take or target.add:
                behind = along(self._policy, {**known, **more}, target, self._goes_into)
                there = {name: entry for name, entry in behind.items() if name in live}
                names = frozenset(there)
            else:
                if key not in near:
                    there = {name: entry for name, entry in known.items() if name in live}
                    near[key] = (there, frozenset(there))
                there, names = near[key]
                if not live.isdisjoint(more):
                    there = {**there, **{name: entry for name, entry in more.items() if name in live}}
                    names = names.union(there)
            arrivals = self._arrivals[key]
            if arrivals.all.get(names) != there and arrivals.add(there):
                yield key


def _moves(lore: Lore, state: State, situation: Situation, seen: Container[int]) -> Iterator[Move]:
    """Yield the moves that a case can make: along branches, deadlines, reopenings, interrupts; none that are ``seen``."""
    here = situation.arrival
    listed = _listed(lore, situation)
    for branch, alternatives in zip(state.branches, situation.fires, strict=False):
        if alternatives and id(branch) not in seen:
            yield from (Move(state.key, branch, listed, more) for more in alternatives if id(branch) not in seen)
    if situation.rests and state.end is None:
        yield from (Move(state.key, late, here, _NOTHING_MORE) for late in state.late if id(late) not in seen)
    for reopen in state.reopen:
        if id(reopen) not in seen:
            yield Move(state.key, reopen, knowing(lore, here, reopen.when), _NOTHING_MORE)
    if state.end is None:
        ways = lore.policy.flows[state.flow].anytime
        yield from (Move(state.key, way, here, {way.on: _COME_TRUE}) for way in ways if id(way) not in seen)
