"""Where everything of a flow is drawn: which page, which ends below, which way is the main path."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from itertools import dropwhile, takewhile
from typing import Final

from aftersales.draw.graph import EdgeKind
from aftersales.draw.pages import Page
from aftersales.draw.questions import Leaf
from aftersales.draw.spine import Roads, Way
from aftersales.draw.usual import Usual
from aftersales.draw.ways import Unit
from aftersales.policy.arrival import Arrival
from aftersales.policy.edges import reopen_key
from aftersales.policy.model import Anytime, Flow, Policy, Reopen, State, Target

#: An end that more cards lead to than this stands below the picture, and stubs lead to it.
MOST_ARROWS: Final = 2


class Place(Enum):
    """Where a way leads, as seen from one page."""

    HERE = "here"
    BACK = "back"
    BELOW = "below"
    OTHER_PAGE = "other page"
    OTHER_FLOW = "other flow"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Plan:
    """The layout of one flow: its units and pages, each card's page and place in the order of first arrival."""

    policy: Policy
    flow: Flow
    units: Mapping[str, Unit]
    pages: tuple[Page, ...]
    owner: Mapping[str, str]
    home: Mapping[str, int]
    rank: Mapping[str, int]
    #: The ends that stand below each page, by its number.
    below: Mapping[int, tuple[str, ...]]
    #: The main path on each page, by its number: how each card on it is left.
    main: Mapping[int, Mapping[str, Way]]
    #: What reopens a settled case of the same flow in a state, each with the edge's key.
    reopenings: Mapping[str, tuple[tuple[str, Reopen], ...]]
    #: The cards that only an interrupt leads to and that lead to another flow at once: they stand below and say it all.
    aside: Mapping[str, Leaf]

    @classmethod
    def of(
        cls,
        policy: Policy,
        flow: Flow,
        units: Mapping[str, Unit],
        pages: tuple[Page, ...],
        arrivals: Mapping[str, Arrival],
        usual: Usual,
    ) -> Plan:
        """Return the plan of a flow that was split into ``pages``; ``usual`` are answers that the policy shows to be."""
        owner = {state: key for key, unit in units.items() for state in unit.states}
        home = {key: number for number, page in enumerate(pages, start=1) for key in page.units}
        rank = {key: entry for page in pages for key, entry in page.rank.items()}
        bare = cls(policy, flow, units, pages, owner, home, rank, {}, {}, _reopenings(policy), {})
        every = range(1, len(pages) + 1)
        roads = Roads(units, owner, rank, arrivals, usual, flow.sources)
        return replace(
            bare,
            below={number: bare.shared(number) for number in every},
            main={number: bare.main_ways(number, roads) for number in every},
            aside=dict(bare.set_aside()),
        )

    def end(self, key: str) -> State | None:
        """Return the end of this flow with a key, ``None`` for any other state."""
        unit = self.units.get(key)
        return unit.state if unit is not None and unit.state.end is not None else None

    def place(self, page: int, tail: str, target: Target) -> Place:
        """Return where a way from the card ``tail`` of a page leads."""
        if target.state not in self.owner:
            return Place.OTHER_FLOW if target.hands_over else Place.OUTSIDE
        head = self.owner[target.state]
        if self.end(head):
            return Place.BELOW if head in self.below[page] else Place.HERE
        if self.rank[head] <= self.rank[tail]:
            return Place.BACK
        return Place.HERE if self.home[head] == page else Place.OTHER_PAGE

    def shared(self, page: int) -> tuple[str, ...]:
        """Return the ends to put below a page: many cards lead there, or only deadlines and interrupts."""
        ways: dict[str, set[str]] = defaultdict(set)
        late: dict[str, set[str]] = defaultdict(set)
        for key, kind, leaf in self.leaves(page):
            if self.end(leaf.target.state):
                (ways if kind is EdgeKind.WAY else late)[leaf.target.state].add(key)
        shared = {key for key, tails in ways.items() if len(tails) > MOST_ARROWS}
        shared |= {key for key, tails in late.items() if key not in ways and len(tails) > 1}
        drawn = {*ways, *late}
        shared |= {way.target.state for way in self.interrupts(page) if way.target.state not in drawn}
        return tuple(key for key in self.units if key in shared and self.end(key))

    def interrupts(self, page: int) -> tuple[Anytime, ...]:
        """Return the interrupts of the flow for its first page; the others do not repeat them."""
        return self.flow.anytime if page == 1 else ()

    def set_aside(self) -> Iterator[tuple[str, Leaf]]:
        """Yield the cards that only an interrupt leads to and where they lead at once, if that is another flow."""
        entered = {leaf.target.state for unit in self.units.values() for _, leaf in unit.leaves()}
        entered |= {self.flow.start, *self.reopenings}
        for key, unit in self.units.items():
            if isinstance(unit.step, Leaf) and unit.step.target.hands_over and key not in entered:
                yield key, unit.step

    def leaves(self, page: int) -> Iterator[tuple[str, EdgeKind, Leaf]]:
        """Yield every way out of every card of a page."""
        for key in self.pages[page - 1].units:
            yield from ((key, kind, leaf) for kind, leaf in self.units[key].leaves())

    def from_pages(self, page: int, key: str) -> tuple[int, ...]:
        """Return the other pages that lead to a card of this one, ways back aside."""
        found = {
            other
            for other in range(1, len(self.pages) + 1)
            if other != page
            for tail, _, leaf in self.leaves(other)
            if self.owner.get(leaf.target.state) == key and self.rank[tail] < self.rank[key]
        }
        return tuple(sorted(found))

    def main_ways(self, page: int, roads: Roads) -> dict[str, Way]:
        """Return the main path on a page, card by card: the flow's own where it passes here, else that from its top.

        Where the flow's own leaves the page and comes back, only what comes before it leaves.
        """
        cards = self.pages[page - 1].units
        onward = dropwhile(lambda step: step[0] not in cards, roads.main(self.owner[self.flow.start]))
        whole = dict(takewhile(lambda step: step[0] in cards, onward))
        if whole or not cards:
            return whole
        return {tail: way for tail, way in roads.main(cards[0], cards) if tail in cards}

    def asked_between(self, page: int, tail: str, head: str) -> int:
        """Return how many questions the main path of a page asks from one card to another.

        None where it does not lead from the first to the second.
        """
        ways = self.main[page]
        path = [*ways, *(self.owner.get(way.leaf.target.state) for way in [*ways.values()][-1:])]
        if tail not in path or head not in path:
            return 0
        return sum(len(ways[key].answers) for key in path[path.index(tail) : path.index(head)] if key)


def _reopenings(policy: Policy) -> dict[str, tuple[tuple[str, Reopen], ...]]:
    found: dict[str, tuple[tuple[str, Reopen], ...]] = {}
    for state in policy.states.values():
        for index, way in enumerate(state.reopen):
            head = way.target.state
            if policy.states[head].flow != state.flow:
                continue
            found[head] = (*found.get(head, ()), (reopen_key(state.key, index), way))
    return found
