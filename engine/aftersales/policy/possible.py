"""What can happen in every state: what is known on arrival, which branches can be taken, where a case can rest.

Decided by trying the finite values that the conditions name, state by state, until nothing new arrives anywhere. It
errs on one side only: a world that no case can reach may be counted in, one that a case can reach is never left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from aftersales.expr.names import facts_of
from aftersales.expr.tree import Expr
from aftersales.expr.types import UNKNOWN, Unknown
from aftersales.policy.arrival import Arrival, Known, along, at_start, fact_values, join, unread_may_change
from aftersales.policy.model import Anytime, Branch, Late, Policy, Reopen, State, Target
from aftersales.policy.world import TooManyWorldsError, World, explore

__all__ = ["Analysis", "Arrival", "Known", "Move", "Ways", "analyse", "moves_from", "possible", "ways_on"]

#: The two answers of a state other than the index of the branch that is taken.
_RESTS = -1
_HOLE = -2


@dataclass(frozen=True, slots=True)
class Ways:
    """What can happen in one state.

    ``arrival`` is what is known there (after a rest, where a case can rest), ``fires`` what is known as each branch is
    taken (``None``: it never is), ``hole`` the answers under which no branch fits (``None``: there are none).
    ``shown`` is false where there were too many combinations to try.
    """

    arrival: Arrival
    fires: tuple[Arrival | None, ...]
    rests: bool
    hole: Mapping[str, Known] | None = None
    shown: bool = True


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
    """A policy with what is known on arrival in each state that a case can reach, and what can happen there."""

    policy: Policy
    arrivals: Mapping[str, Arrival]
    ways: Mapping[str, Ways]

    def reached(self) -> Iterator[tuple[State, Ways]]:
        """Yield every state that a case can reach, in the author's order, with what can happen there."""
        for flow in self.policy.flows.values():
            yield from ((self.policy.states[key], self.ways[key]) for key in flow.states if key in self.ways)

    def moves(self) -> Iterator[Move]:
        """Yield every move that a case can make, state by state."""
        for state, ways in self.reached():
            yield from moves_from(self.policy, state, ways)


def possible(policy: Policy) -> Mapping[str, Arrival]:
    """Return what is surely known where a case arrives, for every state that one can reach."""
    return analyse(policy).arrivals


def analyse(policy: Policy) -> Analysis:
    """Follow every way from the root until what is known on arrival in each state no longer changes."""
    start = policy.flows[policy.root].start
    arrivals: dict[str, Arrival] = {start: at_start(policy)}
    ways: dict[str, Ways] = {}
    waiting = [start]
    while waiting:
        key = waiting.pop(0)
        ways[key] = ways_on(policy, policy.states[key], arrivals[key])
        for move in moves_from(policy, policy.states[key], ways[key]):
            target, known = move.target.state, along(policy, move.known, move.target)
            before = arrivals.get(target)
            after = known if before is None else join((before, known))
            if after != before:
                arrivals[target] = after
                waiting += [target] if target not in waiting else []
    return Analysis(policy, arrivals, ways)


def ways_on(policy: Policy, state: State, arrival: Arrival) -> Ways:
    """Return what can happen in ``state`` to a case that arrives with ``arrival``."""
    if state.end is not None:
        return Ways(arrival, (), rests=True)
    try:
        found = _tried(policy, state, arrival)
        later = unread_may_change(policy, arrival)
        return _tried(policy, state, later) if found.rests and later != arrival else found
    except TooManyWorldsError:
        return Ways(arrival, tuple(arrival for _ in state.branches), rests=True, shown=False)


def _tried(policy: Policy, state: State, arrival: Arrival) -> Ways:
    fires: list[list[Arrival]] = [[] for _ in state.branches]
    rests, hole = False, None
    for world, answer in explore(policy, arrival, state.offers, lambda world: _answer(state, world)):
        if answer >= 0:
            fires[answer].append(_after_reading(world, state.branches[answer]))
        elif answer == _HOLE:
            hole = hole or _told_apart(policy, world)
        else:
            rests = True
    return Ways(arrival, tuple(join(known) if known else None for known in fires), rests, hole)


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


def _after_reading(world: World, branch: Branch) -> Arrival:
    read = set(facts_of(branch.guard))
    return {
        name: Known(known.values, read=known.read or name in read) for name, known in world.known_here().items()
    }


def _told_apart(policy: Policy, world: World) -> Mapping[str, Known]:
    """Return the answers of a world that say something: facts known to have one value out of several."""
    return {
        name: known
        for name, known in world.known_here().items()
        if known.values is not None and len(known.values) == 1 and len(fact_values(policy.facts[name]) or ()) > 1
    }


def moves_from(policy: Policy, state: State, ways: Ways) -> Iterator[Move]:
    """Yield the moves that a case can make from ``state``: branches, deadlines, reopening, interrupts."""
    for branch, known in zip(state.branches, ways.fires, strict=True):
        if known is not None:
            yield Move(state.key, branch, known)
    if ways.rests and state.end is None:
        yield from (Move(state.key, late, ways.arrival) for late in state.late)
    for reopen in state.reopen:
        yield Move(state.key, reopen, _knowing(policy, ways.arrival, reopen.when))
    if state.end is None:
        for way in policy.flows[state.flow].anytime:
            yield Move(state.key, way, {**ways.arrival, way.on: Known(frozenset({True}))})


def _knowing(policy: Policy, arrival: Arrival, condition: Expr) -> Arrival:
    """Return what is known where ``condition`` has become true."""
    try:
        found = [world.known_here() for world, holds in explore(policy, arrival, (), _holds(condition)) if holds is True]
    except TooManyWorldsError:
        return arrival
    return join(found) if found else arrival


def _holds(condition: Expr) -> Callable[[World], bool | Unknown]:
    return lambda world: world.truth(condition)
