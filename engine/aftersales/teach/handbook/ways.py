"""The shortest way to each end of a flow that a case can really go."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from aftersales.expr.tree import Expr
from aftersales.policy.edges import Edge, edges
from aftersales.policy.model import Anytime, Branch, Late, Policy
from aftersales.teach.handbook.knowing import Knowing, Known, Read, Told, says_no_more

#: A way that someone was silent on is only shown where there is no other.
_SILENCE: Final = 1000
#: How often a state is looked at again, for a case that knows something else.
_MOST_VISITS: Final = 40


@dataclass(frozen=True, slots=True)
class Stretch:
    """One edge of a way: what was looked at to take it, and what is known then."""

    edge: Edge
    read: tuple[Read, ...]
    known: Known


#: A way through a flow.
Way = tuple[Stretch, ...]


class Ways:
    """Finds the ways of one policy."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._knowing = Knowing(policy)
        self._leaving = defaultdict[str, list[Edge]](list)
        self._entering = defaultdict[str, list[Edge]](list)
        for edge in edges(policy):
            self._leaving[edge.source].append(edge)
            flow = policy.states[edge.target.state].flow
            if flow != (policy.states[edge.source].flow if edge.source in policy.states else edge.source):
                self._entering[flow].append(edge)

    def into(self, flow: str) -> tuple[Edge, ...]:
        """Return the edges by which other flows hand over to a flow."""
        return tuple(self._entering[flow])

    def go_together(self, one: Expr, other: Expr) -> bool:
        """Tell whether two conditions can come out true in one case."""
        both = (more for told in self._knowing.given(one, Told({})) for more in self._knowing.given(other, told))
        return any(map(self._knowing.agrees, both))

    def shortest(self, flow: str) -> Mapping[str, Way]:
        """Return the shortest way from where a case comes in to every end of a flow, silence only where it must be.

        No answer on a way rules out a later one, unless it was forgotten in between. An end that cannot be reached is
        left out.
        """
        wanted = {key for key in self._policy.flows[flow].states if self._policy.states[key].end is not None}
        found: dict[str, Way] = {}
        seen = defaultdict[str, list[Known]](list)
        entries = enumerate(self._entries(flow))
        waiting: list[tuple[int, int, str, Known, Way]] = [
            (0, number, key, known, ()) for number, (key, known) in entries
        ]
        pushed = len(waiting)
        while waiting and len(found) < len(wanted):
            cost, _, state, known, way = heapq.heappop(waiting)
            if len(seen[state]) >= _MOST_VISITS or any(says_no_more(before, known) for before in seen[state]):
                continue
            seen[state].append(known)
            if state in wanted:
                found.setdefault(state, way)
            for stretch in self._onward(flow, state, known):
                pushed += 1
                target = stretch.edge.target
                after = self._knowing.behind(target, stretch.known)
                heapq.heappush(waiting, (cost + _cost(stretch.edge), pushed, target.state, after, (*way, stretch)))
        return found

    def _entries(self, flow: str) -> Iterator[tuple[str, Known]]:
        """Yield the start of a flow, then every other state where another hands over to it, with what is known then."""
        entering = self._entering[flow]
        start = self._policy.flows[flow].start
        if not any(edge.target.state == start for edge in entering):
            yield start, self._knowing.at_start()
        for edge in sorted(entering, key=lambda edge: edge.target.state != start):
            for stretch in self._taken(edge, self._knowing.at_start()):
                yield edge.target.state, self._knowing.behind(edge.target, stretch.known)

    def _onward(self, flow: str, state: str, known: Known) -> Iterator[Stretch]:
        """Yield every stretch that leads on inside the flow from a state."""
        if self._policy.states[state].end is None:
            for edge in (*self._leaving[state], *self._leaving[flow]):
                if self._policy.states[edge.target.state].flow == flow:
                    yield from self._taken(edge, known)

    def _taken(self, edge: Edge, known: Known) -> Iterator[Stretch]:
        """Yield an edge as a case that knows ``known`` can take it, one by one for each way in which it can."""
        match edge.way:
            case Branch(guard=guard):
                for told in filter(self._knowing.agrees, self._knowing.given(guard, Told(known))):
                    yield Stretch(edge, told.read, told.known)
            case Late(fact=fact):
                if fact is None or not self._knowing.is_read(fact, known):
                    yield Stretch(edge, (), known)
            case Anytime(on=on):
                if True in known.get(on, (True,)):
                    yield Stretch(edge, (), {**known, on: frozenset({True})})
            case _:
                yield Stretch(edge, (), known)


def _cost(edge: Edge) -> int:
    return 1 if isinstance(edge.way, Branch) else _SILENCE
