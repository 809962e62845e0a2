"""Splitting a flow into pages by stage: each page is what one card leads to, and small enough to read.

A stage hangs on the card that every way into it passes (its dominator), so a page has one way in as far as the flow
allows it. Stages are cut off where a page would hold more than ``MOST_NODES``, then small ones that belong together
share a page, and what would still be longer than ``MOST_LINES`` is cut in two.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aftersales.draw.graph import EdgeKind
from aftersales.draw.heights import end_height, height
from aftersales.draw.questions import Leaf, Step
from aftersales.draw.ways import Unit

#: A page is laid out for so many nodes; the few that join it to other pages come on top.
MOST_NODES: Final = 36
#: So many nodes more are better than a page that shows what only others lead to.
_MORE: Final = 6
#: A page whose longest way is about so many lines of text is half as wide as high, one with more is too long to hang.
MOST_LINES: Final = 84
#: A card with more answers that lead to other flows lists them instead of drawing each.
MOST_ANSWERS: Final = 9


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its cards in the order of first arrival, the one it starts at first; ``rank``: their places in it."""

    units: tuple[str, ...]
    rank: Mapping[str, int]


def is_desk(unit: Unit) -> bool:
    """Return whether a state leads to so many other flows that its answers are listed on the card."""
    found = [leaf for kind, leaf in unit.leaves() if kind is EdgeKind.WAY]
    return len(found) > MOST_ANSWERS and all(leaf.target.hands_over for leaf in found)


def pages_of(units: Mapping[str, Unit], start: str, most: int = MOST_NODES) -> tuple[Page, ...]:
    """Return the pages of a flow: first the one with its start; every open state is on exactly one."""
    cards = tuple(key for key, unit in units.items() if unit.state.end is None)
    if not cards:
        return (Page((), {}),)
    tree = _Tree.of(units, cards, start)
    stages = tree.apart(tree.shortened(_stages(tree, cards, most), most))
    first = sorted(stages, key=lambda stage: min(tree.rank[key] for key in stage))
    alone = tree.rank if len(stages) == 1 else None
    return tuple(
        Page(tuple(sorted(stage, key=tree.rank.__getitem__)), alone or {key: tree.rank[key] for key in stage})
        for stage in first
    )


def _stages(tree: _Tree, cards: tuple[str, ...], most: int) -> tuple[tuple[str, ...], ...]:
    """Return the fewest stages of at most ``most`` nodes, as equal as they can be."""
    fewest = len(tree.merged(tree.cut(most), most))
    if fewest == 1:
        return (cards,)
    least = math.ceil(sum(tree.cost.values()) / fewest)
    fitting = (tree.merged(tree.cut(limit), limit) for limit in range(max(1, least), most + 1))
    return tree.settled(next((found for found in fitting if len(found) <= fewest), (cards,)), most + _MORE)


@dataclass(frozen=True, slots=True)
class _Tree:
    """The cards of a flow, each below the card that every way to it passes.

    ``cost`` is how many nodes a card brings with it, ``lines`` how high it is, alone and with its highest end; ``rank``
    its place in the order of first arrival; ``before`` are the cards that lead to it.
    """

    over: Mapping[str, str]
    cost: Mapping[str, int]
    rank: Mapping[str, int]
    before: Mapping[str, tuple[str, ...]]
    lines: Mapping[str, tuple[int, int]]

    @classmethod
    def of(cls, units: Mapping[str, Unit], cards: tuple[str, ...], start: str) -> _Tree:
        """Return the tree of a flow's cards."""
        owner = {state: key for key in cards for state in units[key].states}
        nexts = {key: _nexts(units[key], owner) for key in cards}
        root = owner[start]
        order = _order(nexts, root)
        order += [key for key in cards if key not in order]
        rank = {key: number for number, key in enumerate(order)}
        before = {key: tuple(tail for tail in order if key in nexts[tail]) for key in order}
        cost = {key: _cost(units[key], units) for key in cards}
        return cls(_dominators(nexts, order), cost, rank, before, {key: _lines(units[key], units) for key in cards})

    def cut(self, most: int) -> tuple[tuple[str, ...], ...]:
        """Cut off the largest branches until no stage costs more than ``most``."""
        hanging: dict[str, list[tuple[int, tuple[str, ...]]]] = {key: [] for key in self.rank}
        stages: list[tuple[str, ...]] = []
        for key in sorted(self.rank, key=self.rank.__getitem__, reverse=True):
            below = sorted(hanging[key], key=lambda entry: entry[0])
            while below and self.cost[key] + sum(cost for cost, _ in below) > most:
                stages.append(below.pop()[1])
            cost = self.cost[key] + sum(cost for cost, _ in below)
            stage = (key, *(inner for _, entry in below for inner in entry))
            if self.over[key] == key:
                stages.append(stage)
            else:
                hanging[self.over[key]].append((cost, stage))
        return tuple(stages)

    def merged(self, stages: tuple[tuple[str, ...], ...], most: int) -> tuple[tuple[str, ...], ...]:
        """Put small stages on one page where one leads to the other or both come from the same."""
        left = list(stages)
        while True:
            pairs = [
                (self._sum(a, b), i, j) for i, a in enumerate(left) for j, b in enumerate(left) if self._near(a, b)
            ]
            cost, i, j = min(pairs, default=(most + 1, 0, 0))
            if cost > most:
                return tuple(left)
            joined = (*left[i], *left[j])
            left = [stage for number, stage in enumerate(left) if number not in {i, j}] + [joined]

    def settled(self, stages: tuple[tuple[str, ...], ...], most: int) -> tuple[tuple[str, ...], ...]:
        """Move what only other pages lead to (a card with all that hangs on it) to the page that leads to it most."""
        left = [list(stage) for stage in stages]
        for key in self.rank:
            here = next(stage for stage in left if key in stage)
            before = [tail for tail in self.before[key] if self.rank[tail] < self.rank[key]]
            if not before or any(tail in here for tail in before):
                continue
            group = [card for card in here if card == key or self._hangs_on(card, key)]
            cost = sum(self.cost[card] for card in group)
            there = max(left, key=lambda stage: sum(tail in stage for tail in before))
            if len(group) < len(here) and sum(self.cost[card] for card in there) + cost <= most:
                here[:] = [card for card in here if card not in group]
                there += group
        return tuple(map(tuple, left))

    def shortened(self, stages: tuple[tuple[str, ...], ...], most: int) -> tuple[tuple[str, ...], ...]:
        """Cut in two what is too long for a page, and let the lower part share another page that has room for it."""
        left = list(stages)
        for stage in stages:
            cuts = [self._parted(stage, key) for key in stage]
            parts = [pair for pair in cuts if all(len(part) > 1 for part in pair)]
            best = min(parts, key=lambda pair: max(map(self._long, pair)), default=None)
            if self._long(stage) <= MOST_LINES or best is None:
                continue
            upper, lower = best
            left[left.index(stage)] = upper
            there = next((other for other in left if self._have_room(other, lower, most)), ())
            left = [other for other in left if other != there] + [(*there, *lower)]
        return tuple(left)

    def apart(self, stages: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        """Give what comes from other pages alone a page of its own where nothing else on its page has to do with it."""
        found: list[tuple[str, ...]] = []
        for stage in stages:
            rest = stage
            first = self._joined(min(stage, key=self.rank.__getitem__), stage)
            for key in stage:
                group = self._joined(key, stage)
                if key in rest and key not in first and len(group) > 1:
                    found.append(group)
                    rest = tuple(card for card in rest if card not in group)
            found.append(rest)
        return tuple(found)

    def _joined(self, key: str, stage: tuple[str, ...]) -> tuple[str, ...]:
        """Return the cards of a stage that hang together with one by ways on it, in either direction."""
        group, size = {key}, 0
        while len(group) > size:
            size = len(group)
            group |= {card for card in stage if not group.isdisjoint(self.before[card])}
            group |= {tail for card in group for tail in self.before[card] if tail in stage}
        return tuple(card for card in stage if card in group)

    def _parted(self, stage: tuple[str, ...], key: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return a stage without a card and what hangs on it, and these."""
        lower = tuple(card for card in stage if card == key or self._hangs_on(card, key))
        return tuple(card for card in stage if card not in lower), lower

    def _have_room(self, one: tuple[str, ...], other: tuple[str, ...], most: int) -> bool:
        joined = (*one, *other)
        fits = self._sum(one, other) <= most and self._long(joined) <= MOST_LINES
        return fits and any(self.over[key] in other for key in one)

    def _long(self, stage: tuple[str, ...]) -> int:
        """Return how many lines the longest way through a stage has."""
        top: dict[str, int] = {}
        for key in sorted(stage, key=self.rank.__getitem__):
            before = (tail for tail in self.before[key] if tail in top)
            top[key] = max((top[tail] + self.lines[tail][0] for tail in before), default=0)
        return max(start + self.lines[key][1] for key, start in top.items())

    def _hangs_on(self, card: str, key: str) -> bool:
        while self.over[card] != card:
            card = self.over[card]
            if card == key:
                return True
        return False

    def _sum(self, one: tuple[str, ...], other: tuple[str, ...]) -> int:
        return sum(self.cost[key] for key in (*one, *other))

    def _near(self, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
        above = {self.over[key] for key in other} - set(other)
        beside = {self.over[key] for key in one} - set(one)
        return one is not other and (not above.isdisjoint(one) or not above.isdisjoint(beside))


def _nexts(unit: Unit, owner: Mapping[str, str]) -> tuple[str, ...]:
    heads = (owner.get(leaf.target.state) for _, leaf in unit.leaves())
    return tuple(dict.fromkeys(head for head in heads if head is not None and head != unit.key))


def _order(nexts: Mapping[str, tuple[str, ...]], root: str) -> list[str]:
    """Return the cards in reverse postorder: a card comes before those it leads to, loops aside."""
    done: list[str] = []
    seen = {root}
    stack = [(root, iter(reversed(nexts[root])))]
    while stack:
        key, rest = stack[-1]
        head = next(rest, None)
        if head is None:
            done.append(key)
            stack.pop()
        elif head not in seen:
            seen.add(head)
            stack.append((head, iter(reversed(nexts[head]))))
    return done[::-1]


def _dominators(nexts: Mapping[str, tuple[str, ...]], order: list[str]) -> dict[str, str]:
    """Return for each card the last card that every way to it passes; the first for what no way leads to."""
    rank = {key: number for number, key in enumerate(order)}
    before: dict[str, list[str]] = {key: [] for key in order}
    for key in order:
        for head in nexts[key]:
            before[head].append(key)
    over = {order[0]: order[0]}
    changed = True
    while changed:
        changed = False
        for key in order[1:]:
            known = [tail for tail in before[key] if tail in over] or [order[0]]
            found = known[0]
            for other in known[1:]:
                found = _meet(found, other, over, rank)
            changed |= over.get(key) != found
            over[key] = found
    return over


def _meet(one: str, other: str, over: Mapping[str, str], rank: Mapping[str, int]) -> str:
    while one != other:
        if rank[one] < rank[other]:
            other = over[other]
        else:
            one = over[one]
    return one


def _cost(unit: Unit, units: Mapping[str, Unit]) -> int:
    """Return how many nodes a card brings along: itself, its questions and answers, and what only it leads to."""
    if is_desk(unit):
        return 1
    places = {leaf.target.state for _, leaf in unit.leaves()}
    outside = sum(place not in units or units[place].state.end is not None for place in places)
    return 1 + _asked(unit.step) + len(unit.exits) + len(unit.late) + outside


def _lines(unit: Unit, units: Mapping[str, Unit]) -> tuple[int, int]:
    alone = height(unit)
    heads = [units[leaf.target.state].state for _, leaf in unit.leaves() if leaf.target.state in units]
    return alone, alone + max((end_height(state) for state in heads if state.end is not None), default=0)


def _asked(step: Step | None, *, first: bool = True) -> int:
    if step is None or isinstance(step, Leaf):
        return 0
    answers = len(step.answers) if len(step.answers) > 1 else 0
    return (not first) + answers + sum(_asked(answer.then, first=False) for answer in step.answers)
