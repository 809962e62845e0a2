"""Where everything of a flow is drawn: which page, which ends below, which way is the main path."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from heapq import heappop, heappush
from itertools import count
from typing import Final

from aftersales.draw.graph import EdgeKind
from aftersales.draw.pages import Page
from aftersales.draw.questions import Leaf
from aftersales.draw.ways import Unit
from aftersales.policy.edges import branch_key
from aftersales.policy.model import Anytime, Flow, Policy, State, Target

#: An exception is worth as many cards more on the main path.
DETOUR: Final = 4

#: An end that more cards lead to than this stands below the picture, and stubs lead to it.
MOST_ARROWS: Final = 2


#: What leaving for another flow is worth, as ``_worth`` rates ends.
_ONWARD: Final = (2, 0)


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

    @classmethod
    def of(cls, policy: Policy, flow: Flow, units: Mapping[str, Unit], pages: tuple[Page, ...]) -> Plan:
        """Return the plan of a flow that was split into ``pages``."""
        owner = {state: key for key, unit in units.items() for state in unit.states}
        home = {key: number for number, page in enumerate(pages, start=1) for key in page.units}
        rank = {key: entry for page in pages for key, entry in page.rank.items()}
        bare = cls(policy, flow, units, pages, owner, home, rank, {})
        return replace(bare, below={number: bare.shared(number) for number in range(1, len(pages) + 1)})

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

    def main_ways(self, page: int) -> dict[str, Leaf]:
        """Return the main path on a page, card by card: the flow's own where it passes here, else the page's."""
        cards = self.pages[page - 1].units
        whole = self._path(self.owner[self.flow.start], tuple(self.units))
        here = {tail: leaf for tail, leaf in whole if tail in cards}
        return here or (dict(self._path(cards[0], cards)) if cards else {})

    def _path(self, start: str, cards: tuple[str, ...]) -> list[tuple[str, Leaf]]:
        """Return the way over ``cards``, forward and by answers alone, to the best end that it can reach.

        Of several it is the shortest that keeps to the author's ``otherwise``: exceptions are named before it. Where
        only refusals can be reached, or none, it is the one that leaves for another flow.
        """
        order = {key: number for number, key in enumerate(self.units)}
        came: dict[str, tuple[str, Leaf] | None] = {}
        away: list[tuple[str, Leaf]] = []
        told = count(1)
        waiting: list[tuple[int, int, str, tuple[str, Leaf] | None]] = [(0, 0, start, None)]
        while waiting:
            cost, _, key, step = heappop(waiting)
            if key in came:
                continue
            came[key] = step
            if key not in cards or self.end(key):
                continue
            for kind, leaf in self.units[key].leaves():
                head = self.owner.get(leaf.target.state)
                if kind is EdgeKind.WAY and head is None:
                    away.append((key, leaf))
                elif kind is EdgeKind.WAY and head is not None and head not in came:
                    further = cost + 1 + (DETOUR if self._is_exception(key, leaf) else 0)
                    heappush(waiting, (further, next(told), head, (key, leaf)))
        goal = min(came, key=lambda key: (_worth(self.units[key].state), order[key]))
        if away and _worth(self.units[goal].state) > _ONWARD:
            return [*_back(came, away[0][0]), away[0]]
        return _back(came, goal)

    def _is_exception(self, key: str, leaf: Leaf) -> bool:
        """Tell whether a state has an ``otherwise`` and a way is not it."""
        ordinary = {
            branch_key(key, index) for index, branch in enumerate(self.units[key].state.branches) if branch.otherwise
        }
        return bool(ordinary) and ordinary.isdisjoint(leaf.keys)


def _worth(state: State) -> tuple[int, int]:
    """Return how expected an end is, the most first: the fullest settlement, one without a reason, then refusals.

    To go on in another flow (``_ONWARD``) comes before a refusal.
    """
    terms = state.terms
    settled = len(terms.refund) + len(terms.postage)
    if state.end is None:
        return 4, 0
    return 3 if state.end.reason is not None else 0 if settled or terms.charge else 1, -settled


def _back(came: Mapping[str, tuple[str, Leaf] | None], goal: str) -> list[tuple[str, Leaf]]:
    path = []
    step = came[goal]
    while step is not None:
        path.append(step)
        step = came[step[0]]
    return path[::-1]
