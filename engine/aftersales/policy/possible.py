"""What can happen in every state: what is known on arrival, which branches can be taken, where a case can rest.

Decided by trying the finite values that the conditions name, state by state, until nothing new arrives anywhere. It
errs on one side only: a world that no case can reach may be counted in, one that a case can reach is never left out.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from operator import itemgetter
from typing import Final, TypeVar, cast

from aftersales.dataclass import dataclass, field
from aftersales.policy.arrival import Arrival, Known
from aftersales.policy.fields import NOTHING, Alternatives, Bits
from aftersales.policy.live import live_facts, ways_of
from aftersales.policy.lore import Lore
from aftersales.policy.model import Anytime, Branch, Late, Policy, Reopen, State, Target
from aftersales.policy.situations import Hole, Situation, knowing, tried, untried
from aftersales.policy.world import MOST_WORLDS, TooManyWorldsError

__all__ = ["Analysis", "Arrival", "Hole", "Known", "Move", "Situation", "Way", "Ways", "analyse", "possible"]

#: How many worlds may be tried for a whole policy; the shipped one takes some 5,000.
MOST_TRIED: Final = 200_000

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Ways:
    """What can happen in one state, over all situations in which a case can come there."""

    situations: tuple[Situation, ...]

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


#: The alternatives that were looked at in one state, by the facts that are known in them: what arrived, what is known
#: after a rest, and what can happen by the facts that decide there (``None``: that was not tried).
_Seen = dict[Bits, tuple[Bits, Bits, Situation | None]]
#: What can happen to a case that stands at an end.
_ENDED: Final = Situation(NOTHING, (), rests=True)


#: What a case can go along.
Way = Branch | Late | Reopen | Anytime


@dataclass(frozen=True, slots=True)
class Move:
    """One way from a state that a case can really take; it sets out with what is known ``here``, and ``more`` by it."""

    source: str
    way: Way
    here: Bits
    more: Bits

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
        return iter(self.once(_reached))

    def arrival(self, state: str) -> Arrival:
        """Return what is surely known in a state, however a case came."""
        fields = self.lore.fields
        return fields.arrival(fields.join(situation.known for situation in self.ways[state].situations))

    def once(self, work: Callable[[Analysis], Found]) -> Found:
        """Return what ``work`` makes of this; several checks that ask for it share it."""
        if work not in self._worked_out:
            self._worked_out[work] = work(self)
        return cast("Found", self._worked_out[work])

    def taken(self) -> Mapping[str, Sequence[Way]]:
        """Return for every state that a case can reach the ways that one can take from there."""
        return self.once(_taken)

    def moves(self, told_apart: Callable[[Way], bool], from_: Container[str] | None = None) -> Iterator[Move]:
        """Yield every move that a case can make, state by state; only ``from_`` these states, where some are named.

        Of the moves along a way that ``told_apart`` says no to, which differ in what is known only, the first.
        """
        for state, ways in self.reached():
            if from_ is not None and state.key not in from_:
                continue
            if not any(map(told_apart, ways_of(self.policy, state))):
                yield from (move for _, move in sorted(_first(self.lore, state, ways), key=itemgetter(0)))
                continue
            seen: set[int] = set()
            for situation in ways.situations:
                for move in _moves(self.lore, state, situation, seen):
                    if not told_apart(move.way):
                        seen.add(id(move.way))
                    yield move

    def moves_along(self, wanted: Callable[[Way], bool]) -> Iterator[Move]:
        """Yield every move that a case can make along the ways that ``wanted`` says yes to, state by state."""
        for state, ways in self.reached():
            written = [*ways_of(self.policy, state)]
            unwanted = {id(way) for way in written if not wanted(way)}
            for situation in ways.situations if len(unwanted) < len(written) else ():
                yield from _moves(self.lore, state, situation, unwanted)


def _taken(analysis: Analysis) -> Mapping[str, Sequence[Way]]:
    return {state.key: tuple(_can_be_taken(analysis, state, ways)) for state, ways in analysis.reached()}


def _can_be_taken(analysis: Analysis, state: State, ways: Ways) -> Iterator[Way]:
    yield from (branch for number, branch in enumerate(state.branches) if ways.fires(number))
    if state.end is None and state.late and ways.rests:
        yield from state.late
    yield from state.reopen
    if state.end is None:
        yield from analysis.policy.flows[state.flow].anytime


def _first(lore: Lore, state: State, ways: Ways) -> Iterator[tuple[int, Move]]:
    """Yield the first move along each way that a case can take, with the number of its situation."""
    situations = ways.situations
    for index, branch in enumerate(state.branches):
        for number, now in enumerate(situations):
            if now.fires[index]:
                yield number, Move(state.key, branch, now.known, now.fires[index][0])
                break
    rest = next((number for number, now in enumerate(situations) if now.rests), None)
    if rest is not None and state.end is None:
        for late in state.late:
            yield rest, Move(state.key, late, situations[rest].known, NOTHING)
    for reopen in state.reopen:
        yield 0, Move(state.key, reopen, knowing(lore, situations[0].known, reopen.when), NOTHING)
    if state.end is None:
        for way in lore.policy.flows[state.flow].anytime:
            yield 0, Move(state.key, way, situations[0].known, lore.fields.just(way.on, value=True))


def _reached(analysis: Analysis) -> Sequence[tuple[State, Ways]]:
    """Return what ``Analysis.reached`` yields; nearly every check goes through it."""
    ways = analysis.ways
    return [(state, ways[state.key]) for state in _in_order(analysis.policy) if state.key in ways]


def _in_order(policy: Policy) -> Iterator[State]:
    return (policy.states[key] for flow in policy.flows.values() for key in flow.states)


def possible(policy: Policy) -> Mapping[str, Arrival]:
    """Return what is surely known where a case arrives, for every state that one can reach.

    Only facts that the state, or one further on, looks at.
    """
    analysis = analyse(policy)
    return {key: analysis.arrival(key) for key in analysis.ways}


def analyse(policy: Policy) -> Analysis:
    """Follow every way from the root until what is known on arrival in each state no longer changes."""
    lore = Lore(policy)
    seen = _Search(lore).run()
    ways = {key: Ways(tuple(_whole(policy.states[key], found))) for key, found in seen.items()}
    return Analysis(policy, lore, ways)


def _whole(state: State, seen: _Seen) -> Iterator[Situation]:
    """Yield the situations of a state."""
    for arrived, here, found in seen.values():
        if found is None:
            yield untried(state, arrived)
        else:
            yield Situation(here, found.fires, found.rests, found.hole, found.shown, found.tried)


@dataclass(frozen=True, slots=True)
class _Exit:
    """Where a way leads ``to``: what arrived there so far, which facts still matter, and what the way changes."""

    to: str
    arrivals: Alternatives
    live: Bits
    changes: Target | None


#: The exits of a state along its branches, deadlines, reopenings, and interrupts with what is known by each.
_Exits = tuple[Sequence[_Exit], Sequence[_Exit], Sequence[_Exit], Sequence[tuple[_Exit, Bits]]]


class _Search:
    """The states of a policy on their way to knowing all alternatives that arrive in them."""

    def __init__(self, lore: Lore) -> None:
        self._policy = policy = lore.policy
        self._lore = lore
        self._fields = fields = lore.fields
        reads = lore.reads
        self._live = live_facts(policy, reads)
        self._decides = {key: reads.deciding(state) for key, state in policy.states.items()}
        self._arrivals = {key: Alternatives(fields) for key in policy.states}
        self._exits: dict[str, _Exits] = {}
        #: States of which the answers decide alike, as in the copies of a sub-flow, have one number.
        self._alike: dict[object, int] = {}
        self._numbers: dict[str, int] = {}
        self._found: dict[tuple[int, Bits], Situation | None] = {}
        self._tried = 0
        self._seen: dict[str, _Seen] = {}

    def run(self) -> dict[str, _Seen]:
        """Visit states until nothing new arrives anywhere; return what was seen.

        A state comes behind those that lead to it, so that most are visited once, when all that arrives is there.
        """
        start = self._policy.flows[self._policy.root].start
        self._arrivals[start].add(self._fields.at_start())
        ranks = self._lore.ranks
        keys = tuple(ranks)
        waiting = [ranks[start]]
        while waiting:
            rank = heappop(waiting)
            new = {ranks[key] for key in self._visit(self._policy.states[keys[rank]])}
            for one in new.difference(waiting):
                heappush(waiting, one)
        return self._seen

    def _visit(self, state: State) -> set[str]:
        """Look at every alternative that is new in a state; return the states where something new then arrives."""
        news: set[str] = set()
        before = self._seen.get(state.key, {})
        now: _Seen = {}
        hopeless = any(found is None for _, _, found in before.values())
        for facts, arrived in tuple(self._arrivals[state.key].all.items()):
            if facts in before and before[facts][0] == arrived:
                now[facts] = before[facts]
                continue
            found = None if hopeless or self._tried > MOST_TRIED else self._look(state, arrived)
            hopeless = hopeless or found is None
            rested = found is not None and found is not _ENDED and found.rests
            here = self._fields.may_have_changed(arrived) if rested else arrived
            now[facts] = (arrived, here, found)
            self._onward(state, here, found, news)
        self._seen[state.key] = now
        return news

    def _look(self, state: State, arrived: Bits) -> Situation | None:
        """Return what can happen in a state by the facts that decide there; ``None`` where that is too much to try."""
        if state.end is not None:
            return _ENDED
        found = self._among_what_is_read(state, arrived)
        self._tried += MOST_WORLDS if found is None else found.tried
        return found

    def _onward(self, state: State, here: Bits, found: Situation | None, news: set[str]) -> None:
        """Follow the ways from a state, in the order of ``_moves``; add to ``news`` where something new arrives by them."""
        branches, lates, reopens, anytimes = self._exits_of(state)
        if found is None:
            for exit_ in branches:
                self._leave(exit_, here, news)
        else:
            others = here & ~self._decides[state.key]  # a branch that is taken says anew what is known of the rest
            for exit_, alternatives in zip(branches, found.fires, strict=False):
                for more in alternatives:
                    self._leave(exit_, others | more, news)
        if found is None or found.rests:
            for exit_ in lates:
                self._leave(exit_, here, news)
        for exit_, reopen in zip(reopens, state.reopen, strict=True):
            self._leave(exit_, knowing(self._lore, here, reopen.when), news)
        for exit_, on in anytimes:
            self._leave(exit_, self._fields.with_more(here, on), news)

    def _among_what_is_read(self, state: State, arrived: Bits) -> Situation | None:
        """Return what can happen by the facts that decide in the state; ``None`` where there are too many worlds to try.

        Many alternatives differ in other facts only: each of these is tried once.
        """
        looked_at = arrived & self._decides[state.key]
        place = (self._number(state), looked_at)
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

    def _exits_of(self, state: State) -> _Exits:
        """Return the exits of a state along its branches, deadlines, reopenings and the interrupts of its flow."""
        found = self._exits.get(state.key)
        if found is None:
            lates = () if state.end is not None else state.late
            anytimes = () if state.end is not None else self._policy.flows[state.flow].anytime
            found = self._exits[state.key] = (
                [self._exit(branch.target) for branch in state.branches],
                [self._exit(late.target) for late in lates],
                [self._exit(reopen.target) for reopen in state.reopen],
                [(self._exit(way.target), self._fields.just(way.on, value=True)) for way in anytimes],
            )
        return found

    def _exit(self, target: Target) -> _Exit:
        changes = target if target.forget or target.take or target.add else None
        return _Exit(target.state, self._arrivals[target.state], self._live[target.state], changes)

    def _leave(self, exit_: _Exit, known: Bits, news: set[str]) -> None:
        """Leave by an exit with what is ``known``; of that only what still matters there arrives."""
        behind = known if exit_.changes is None else self._fields.behind(exit_.changes, known)
        if exit_.arrivals.add(behind & exit_.live):
            news.add(exit_.to)


def _moves(lore: Lore, state: State, situation: Situation, seen: Container[int]) -> Iterator[Move]:
    """Yield the moves that a case can make: along branches, deadlines, reopenings, interrupts; none that are ``seen``."""
    here = situation.known
    for branch, alternatives in zip(state.branches, situation.fires, strict=False):
        if alternatives and id(branch) not in seen:
            yield from (Move(state.key, branch, here, more) for more in alternatives if id(branch) not in seen)
    if situation.rests and state.end is None:
        yield from (Move(state.key, late, here, NOTHING) for late in state.late if id(late) not in seen)
    for reopen in state.reopen:
        if id(reopen) not in seen:
            yield Move(state.key, reopen, knowing(lore, here, reopen.when), NOTHING)
    if state.end is None:
        for way in lore.policy.flows[state.flow].anytime:
            if id(way) not in seen:
                yield Move(state.key, way, here, lore.fields.just(way.on, value=True))
