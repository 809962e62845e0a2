"""The policy without circles: a state that can be come to again has a place for each round.

Places are made in an order in which every way leads forward, so that what arrives in one is settled before it is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from aftersales.policy.edges import Edge, edges
from aftersales.policy.model import Anytime, Policy
from aftersales.policy.possible import Analysis

#: How many rounds of one circle are told apart before it is given up as unbounded.
MOST_ROUNDS: Final = 12


class Place(NamedTuple):
    """A state in one round of the circle that it lies on; 0 for the first."""

    state: str
    round: int = 0

    def __str__(self) -> str:
        """Return the name that its free values carry."""
        return f"{self.state}#{self.round}" if self.round else self.state


@dataclass(frozen=True, slots=True)
class Passage:
    """One edge of the policy between two places."""

    source: Place
    target: Place
    edge: Edge


@dataclass(slots=True, repr=False)
class Map:
    """All places in order, with the ways into and out of each; ``endless`` are circles that were given up."""

    policy: Policy
    start: Place
    places: list[Place] = field(default_factory=list)
    into: dict[Place, list[Passage]] = field(default_factory=lambda: defaultdict(list))
    out: dict[Place, list[Passage]] = field(default_factory=lambda: defaultdict(list))
    endless: list[tuple[str, ...]] = field(default_factory=list)

    def rounds(self, state: str) -> Iterator[Place]:
        """Yield every place of a state."""
        return (place for place in self.places if place.state == state)


def edges_from(analysis: Analysis) -> Mapping[str, Sequence[Edge]]:
    """Return the edges that may leave each state; an interrupt leaves only from where a case rests or comes in.

    An interrupt is heard before the next step is taken: elsewhere it has fired before.
    """
    policy = analysis.policy
    found = defaultdict[str, list[Edge]](list)
    entered = {edge.target.state for edge in edges(policy) if edge.target.hands_over}
    entered.add(policy.flows[policy.root].start)
    for edge in edges(policy):
        if not isinstance(edge.way, Anytime):
            found[edge.source].append(edge)
            continue
        for key in policy.flows[edge.source].states:
            ways = analysis.ways.get(key)
            if policy.states[key].end is None and ways is not None and (ways.rests or key in entered):
                found[key].append(edge)
    return found


def laid_out(policy: Policy, ahead: Mapping[str, Sequence[Edge]], is_open: Callable[[Map, Passage], bool]) -> Map:
    """Return the map of a policy. ``is_open`` is asked of every way back: a round that no case makes is not made."""
    start = Place(policy.flows[policy.root].start)
    found = Map(policy, start)
    for circle in in_order(start.state, ahead):
        _lay_out(found, circle, ahead, is_open)
    return found


def _lay_out(
    found: Map, circle: Sequence[str], ahead: Mapping[str, Sequence[Edge]], is_open: Callable[[Map, Passage], bool]
) -> None:
    """Add the places of one circle (or of one state on none), round by round, and the ways out of them."""
    rank = {state: number for number, state in enumerate(circle)}
    for round_ in range(MOST_ROUNDS + 1):
        here = [Place(state, round_) for state in circle]
        again = False
        for place in here:
            if place != found.start and not found.into[place]:
                continue
            if round_ == MOST_ROUNDS:
                found.endless.append(tuple(circle))
                return
            found.places.append(place)
            for edge in ahead.get(place.state, ()):
                again |= _add(found, place, edge, rank, is_open)
        if not again:
            return


def _add(
    found: Map, place: Place, edge: Edge, rank: Mapping[str, int], is_open: Callable[[Map, Passage], bool]
) -> bool:
    """Add one way out of a place; return whether it leads into the next round."""
    target = edge.target.state
    back = target in rank and rank[target] <= rank[place.state]
    round_ = 0 if target not in rank else place.round + back
    passage = Passage(place, Place(target, round_), edge)
    if back and not is_open(found, passage):
        return False
    found.into[passage.target].append(passage)
    found.out[place].append(passage)
    return back


def in_order(start: str, ahead: Mapping[str, Sequence[Edge]]) -> Iterator[tuple[str, ...]]:
    """Yield the states that ``start`` leads to, those of one circle together, each before all that it leads on to."""
    finished = _finished(start, ahead)
    rank = {state: number for number, state in enumerate(reversed(finished))}
    behind = defaultdict[str, list[str]](list)
    for state in finished:
        for edge in ahead.get(state, ()):
            behind[edge.target.state].append(state)
    seen: set[str] = set()
    for state in reversed(finished):
        if state not in seen:
            circle = _together(state, behind, seen)
            yield tuple(sorted(circle, key=rank.__getitem__))


def _finished(start: str, ahead: Mapping[str, Sequence[Edge]]) -> list[str]:
    """Return the states that ``start`` leads to, each after all that it leads to (circles apart)."""
    order: list[str] = []
    seen = {start}
    waiting: list[tuple[str, Iterator[Edge]]] = [(start, iter(ahead.get(start, ())))]
    while waiting:
        state, left = waiting[-1]
        new = next((edge.target.state for edge in left if edge.target.state not in seen), None)
        if new is None:
            waiting.pop()
            order.append(state)
        else:
            seen.add(new)
            waiting.append((new, iter(ahead.get(new, ()))))
    return order


def _together(state: str, behind: Mapping[str, Iterable[str]], seen: set[str]) -> list[str]:
    """Return the states, not yet ``seen``, from which ``state`` is come to, itself included."""
    found = []
    waiting = [state]
    seen.add(state)
    while waiting:
        here = waiting.pop()
        found.append(here)
        new = [before for before in behind.get(here, ()) if before not in seen]
        seen.update(new)
        waiting += dict.fromkeys(new)
    return found
