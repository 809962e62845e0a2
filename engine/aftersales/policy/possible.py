"""What can happen in every state: what is known on arrival, which branches can be taken, where a case can rest.

Decided by trying the finite values that the conditions name, state by state, until nothing new arrives anywhere. It
errs on one side only: a world that no case can reach may be counted in, one that a case can reach is never left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import heappop, heappush
from typing import Final, TypeVar, cast

from aftersales.dataclass import dataclass, field, replace
from aftersales.expr.tree import Expr
from aftersales.expr.types import UNKNOWN, Unknown
from aftersales.policy.arrival import (
    Alternatives,
    Arrival,
    Known,
    along,
    at_start,
    fact_values,
    goes_into,
    join,
    what,
)
from aftersales.policy.live import along_the_ways, live_facts
from aftersales.policy.lore import Lore
from aftersales.policy.model import Anytime, Branch, Late, Policy, Reopen, State, Target
from aftersales.policy.world import MOST_WORLDS, TooManyWorldsError, World, explore

__all__ = ["Analysis", "Arrival", "Hole", "Known", "Move", "Situation", "Ways", "analyse", "possible"]

#: How many worlds may be tried for a whole policy; the shipped one takes some 5,000.
MOST_TRIED: Final = 200_000

#: What is known of the fact of an interrupt as it comes; one for all, as there are thousands.
_COME_TRUE: Final = Known(frozenset({True}))

Found = TypeVar("Found")

#: The two answers of a state other than the index of the branch that is taken.
_RESTS = -1
_HOLE = -2


@dataclass(frozen=True, slots=True)
class Hole:
    """Answers that the state looks at and that reach no branch.

    ``amounts``: only together with some amounts, counts or instants.
    """

    answers: Mapping[str, Known]
    amounts: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """One alternative of a state: what can happen there to a case that arrives with just ``arrival`` known.

    After a rest ``arrival`` is what is known then. ``fires`` says what is known as each branch is taken (nothing: it
    never is), ``hole`` the answers under which no branch fits (``None``: there are none). ``shown`` is false where
    there were too many combinations to try, ``tried`` counts them.
    """

    arrival: Arrival
    fires: tuple[tuple[Arrival, ...], ...]
    rests: bool
    hole: Hole | None = None
    shown: bool = True
    tried: int = 0


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


#: The situations of one state by the facts that are known in them, each with the arrival that it was tried for, and
#: the moves from there.
_Seen = dict[frozenset[str], tuple[Arrival, Situation, "tuple[Move, ...]"]]


@dataclass(frozen=True, slots=True)
class Move:
    """One way from a state that a case can really take, with what is known as it sets out."""

    source: str
    way: Branch | Late | Reopen | Anytime
    known: Arrival

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
    made: tuple[Move, ...] = field(repr=False)
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

    def moves(self) -> Iterator[Move]:
        """Yield every move that a case can make, state by state."""
        yield from self.made


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
    ways = {key: Ways(tuple(now for _, now, _ in found.values())) for key, found in seen.items()}
    found = (seen[state.key].values() for state in _in_order(policy) if state.key in seen)
    moves = (move for situations in found for _, _, made in situations for move in made)
    return Analysis(policy, lore, ways, tuple(moves))


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
        hopeless = any(not situation.shown for _, situation, _ in before.values())
        for names, arrival in tuple(self._arrivals[state.key].all.items()):
            if names in before and before[names][0] == arrival:
                now[names] = before[names]
                continue
            situation = self._look(state, arrival, hopeless=hopeless)
            hopeless = hopeless or not situation.shown
            moves = tuple(_moves(self._lore, state, situation))
            now[names] = (arrival, situation, moves)
            yield from self._arrive(moves)
        self._seen[state.key] = now

    def _look(self, state: State, arrival: Arrival, *, hopeless: bool) -> Situation:
        if hopeless or self._tried > MOST_TRIED:
            return _untried(state, arrival)
        if state.end is not None:
            return Situation(arrival, (), rests=True)
        found = self._among_what_is_read(state, arrival)
        situation = _untried(state, arrival) if found is None else _beside(self._lore, arrival, found)
        self._tried += situation.tried
        return situation

    def _among_what_is_read(self, state: State, arrival: Arrival) -> Situation | None:
        """Return what can happen by the facts that decide in the state; ``None`` where there are too many worlds to try.

        Many arrivals differ in other facts only: each of these is tried once.
        """
        decides = self._decides[state.key]
        looked_at = {name: known for name, known in arrival.items() if name in decides}
        place = (self._number(state), what(looked_at))
        if place not in self._found:
            try:
                self._found[place] = _situation(self._lore, state, looked_at)
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

    def _arrive(self, moves: Iterable[Move]) -> Iterator[str]:
        arrivals, live_in = self._arrivals, self._live
        for move in moves:
            target = move.way.target
            key = target.state
            live = live_in[key]
            known = along(self._policy, move.known, target, self._goes_into)
            if not known.keys() <= live:
                known = {name: entry for name, entry in known.items() if name in live}
            there = arrivals[key]
            if there.all.get(frozenset(known)) != known and there.add(known):
                yield key


def _situation(lore: Lore, state: State, arrival: Arrival) -> Situation:
    """Return what can happen in ``state``, no end, to a case that arrives with ``arrival``.

    Raises TooManyWorldsError where there are too many worlds to try.
    """
    found = _tried(lore, state, arrival)
    later = lore.unread_may_change(arrival)
    return _tried(lore, state, later) if found.rests and later != arrival else found


def _beside(lore: Lore, arrival: Arrival, found: Situation) -> Situation:
    """Return ``found``, which knows only what its state reads, with all else that a case arrives with beside it."""
    here = lore.unread_may_change(arrival) if found.rests else arrival
    listed = lore.every_listed(here)
    fires = tuple([tuple([{**listed, **known} for known in alternatives]) for alternatives in found.fires])
    return Situation(here, fires, found.rests, found.hole, found.shown, found.tried)


def _untried(state: State, arrival: Arrival) -> Situation:
    """Return a situation of which nothing is shown: every branch may be taken, nothing is learned."""
    return Situation(arrival, tuple((arrival,) for _ in state.branches), rests=True, shown=False, tried=MOST_WORLDS)


def _tried(lore: Lore, state: State, arrival: Arrival) -> Situation:
    fires = [Alternatives() for _ in state.branches]
    rests, hole, tried = False, None, 0
    for world, answer in explore(lore, arrival, state.offers, lambda world: _answer(state, world)):
        tried += 1
        if answer >= 0:
            fires[answer].add(world.known_here())
        elif answer == _HOLE:
            hole = hole or _told_apart(lore.policy, world)
        else:
            rests = True
    taken = tuple(_after_reading(lore, known, branch) for known, branch in zip(fires, state.branches, strict=True))
    return Situation(arrival, taken, rests, hole, tried=tried)


def _answer(state: State, world: World) -> int:
    """Return the branch that is taken in a world, or that the case rests there, or that nothing fits."""
    if state.until is not None and world.truth(state.until) is not True:
        return _RESTS
    for index, branch in enumerate(state.branches):
        holds = world.truth(branch.guard)
        if holds is UNKNOWN:
            return _RESTS
        if holds:
            return index
    return _HOLE


def _after_reading(lore: Lore, alternatives: Alternatives, branch: Branch) -> tuple[Arrival, ...]:
    """Return what is known as a branch is taken: what its guard reads can no longer be replaced by another answer."""
    if not alternatives.all:
        return ()
    read = lore.facts_of(branch.guard)
    return tuple(
        {
            name: known if known.read or name not in read else replace(known, read=True)
            for name, known in arrival.items()
        }
        for arrival in alternatives.all.values()
    )


def _told_apart(policy: Policy, world: World) -> Hole:
    """Return the answers of a world that say something: facts known to have one value out of several."""
    answers = {
        name: known
        for name, known in world.known_here().items()
        if known.values is not None and len(known.values) == 1 and len(fact_values(policy.facts[name]) or ()) > 1
    }
    return Hole(answers, amounts=any(kind == "order" for kind, _ in world.chosen))


def _moves(lore: Lore, state: State, situation: Situation) -> Iterator[Move]:
    """Yield the moves that a case can make: along branches, deadlines, reopenings, interrupts."""
    for branch, alternatives in zip(state.branches, situation.fires, strict=False):
        yield from (Move(state.key, branch, known) for known in alternatives)
    if situation.rests and state.end is None:
        yield from (Move(state.key, late, situation.arrival) for late in state.late)
    for reopen in state.reopen:
        yield Move(state.key, reopen, _knowing(lore, situation.arrival, reopen.when))
    if state.end is None:
        for way in lore.policy.flows[state.flow].anytime:
            yield Move(state.key, way, {**situation.arrival, way.on: _COME_TRUE})


def _knowing(lore: Lore, arrival: Arrival, condition: Expr) -> Arrival:
    """Return what is known where ``condition`` has become true."""
    try:
        found = [world.known_here() for world, holds in explore(lore, arrival, (), _holds(condition)) if holds is True]
    except TooManyWorldsError:
        return arrival
    return join(found) if found else arrival


def _holds(condition: Expr) -> Callable[[World], bool | Unknown]:
    return lambda world: world.truth(condition)
