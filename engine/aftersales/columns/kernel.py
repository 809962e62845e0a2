"""The kernel: rows of a block go on together, place by place, until each stands somewhere; then what they come to.

Rows that stand in one place are told apart by its table and go on as so many groups. A group that comes to a place by
several ways waits until nothing is on its way there, as far as the order in which places were found tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import pairwise
from typing import Final

import numpy as np

from aftersales.columns.answers import Answers
from aftersales.columns.deadlines import last_instants
from aftersales.columns.places import Atlas, Place
from aftersales.columns.regions import Region
from aftersales.columns.rows import Block, Places, Rows, Truths, Whole
from aftersales.columns.settling import BEYOND, Checks, Settling, everywhere
from aftersales.columns.standing import Move
from aftersales.columns.tables import Found
from aftersales.run.walk import MOST_STEPS

NO_REST: Final = "no_rest"
NO_BRANCH: Final = "no_branch"
#: Up to so many groups, picking the rows of each is cheaper than sorting all.
_FEW: Final = 6


@dataclass(slots=True)
class Clock:
    """When rows are seen, and for each when it is now and since when it stands where it does (seconds since 1970)."""

    seen: Whole
    now: Whole
    since: Whole

    def at(self, places: Places | Truths) -> Clock:
        """Return the clock of some of the rows."""
        return Clock(self.seen[places], self.now[places], self.since[places])


@dataclass(slots=True)
class Group:
    """Rows on their way, ``places`` in the block (``None``: all); ``steps`` since time last passed, ``waits`` passed."""

    places: Places | None
    size: int
    clock: Clock | None
    steps: int = 0
    waits: int = 0


def decide(atlas: Atlas, block: Block, answers: Answers, clock: Clock | None = None) -> int:
    """Decide every row of a block, and return how many places rows come to rest in.

    ``clock`` where rows are seen later than they were told.
    """
    return _Walk(atlas, block, answers).go(Group(None, block.size, clock))


@dataclass(slots=True)
class _Walk:
    """One block on its way."""

    atlas: Atlas
    block: Block
    answers: Answers
    _queue: list[tuple[int, int]] = field(default_factory=list)
    _groups: dict[int, list[Group]] = field(default_factory=dict)
    _resting: dict[int, list[Group]] = field(default_factory=dict)
    _checks: Checks = field(init=False)

    def __post_init__(self) -> None:
        """Work out once, for all rows, which checks they break."""
        self._checks = Checks(self.atlas, self.block)

    def go(self, group: Group) -> int:
        self._send(self.atlas.start, group)
        while self._queue:
            _, number = heappop(self._queue)
            self._step(self.atlas.places[number], _joined(self._groups.pop(number)))
        standing = {number: [group.places for group in groups] for number, groups in self._resting.items()}
        Settling(self.atlas, self.block, self.answers, self._checks, standing).settle()
        return len(standing)

    def _send(self, place: Place, group: Group) -> None:
        if place.number not in self._groups:
            self._groups[place.number] = []
            heappush(self._queue, (place.rank, place.number))
        self._groups[place.number].append(group)

    def _step(self, place: Place, group: Group) -> None:
        region = place.region
        if region is None or not self._undisputed(region):
            self._step_alone(place, group)
            return
        for number, part in _parts(group, region.table.read(Rows(self.block, group.places, group.size))):
            exit_ = region.exits[number]
            if exit_.restarts and part.clock is not None:
                part.clock = Clock(part.clock.seen, part.clock.now, part.clock.now)
            if exit_.fault is not None:
                self._fault(part.places, exit_.fault)
            elif exit_.moving:
                self._arrive(place, exit_.place, part)
            else:
                self._rest(exit_.place, part)

    def _undisputed(self, region: Region) -> bool:
        """Return whether no row tells a fact as something else than follows that is looked up in a region."""
        if self._checks.kept:
            return not any(place.rechecked for place in region.members)
        return not any(
            self._checks.concern(place, (*place.looked_up_first, *place.looked_up)) for place in region.members
        )

    def _arrive(self, before: Place, place: Place, group: Group) -> None:
        if group.steps >= MOST_STEPS:
            self._fault(group.places, NO_REST)
            return
        place.rank = max(place.rank, min(before.rank + 1, MOST_STEPS))
        self._send(place, Group(group.places, group.size, group.clock, group.steps + 1, group.waits))

    def _step_alone(self, place: Place, group: Group) -> None:
        group = self._agreeing(place, place.looked_up_first, group)
        rows = Rows(self.block, group.places, group.size)
        found = place.onward.read(rows)
        if rows.beyond is not None:
            self._refuse(group.places, rows.beyond, BEYOND)
        for number, part in _parts(group, found):
            early = 0 < number <= place.before_guards
            self._go_on(place, number, part if early else self._agreeing(place, place.looked_up, part))

    def _go_on(self, place: Place, number: int, group: Group) -> None:
        """Let rows go along the way on with a number from 1, or stop at its fault; 0 rests."""
        way = None if number == 0 else place.ways_on[number - 1][1]
        if way is None:
            self._rest(place, group)
        elif isinstance(way, Move):
            self._move(place, way, group)
        else:
            self._fault(group.places, way)

    def _agreeing(self, place: Place, checks: Sequence[int], group: Group) -> Group:
        """Refuse the rows that tell a fact looked up here as something else than follows; return the others."""
        if not self._checks.concern(place, checks):
            return group
        rows = Rows(self.block, group.places, group.size)
        refused = self._checks.broken(place, rows, checks)
        if refused is None or not refused.any():
            return group
        self._refuse(group.places, refused, self.atlas.checks[checks[0]].code)
        return next((part for is_bad, part in _parts(group, refused.view(np.uint8)) if not is_bad), _NOBODY)

    def _move(self, place: Place, move: Move, group: Group) -> None:
        way, clock = place.way(move), group.clock
        if clock is not None and way.restarts:
            clock = Clock(clock.seen, clock.now, clock.now)
        self._arrive(place, way.to, Group(group.places, group.size, clock, group.steps, group.waits))

    def _rest(self, place: Place, group: Group) -> None:
        length, within = place.length, place.state.within
        if group.clock is None or length is None or within is None:
            self._resting.setdefault(place.number, []).append(group)
            return
        rows = Rows(self.block, group.places, group.size)
        due = last_instants(within, length, group.clock.since, rows)
        passed = due < group.clock.seen
        for is_late, part in _parts(group, passed.view(np.uint8)):
            if is_late:
                self._pass(place, part, due[passed])
            else:
                self._resting.setdefault(place.number, []).append(part)

    def _pass(self, place: Place, group: Group, due: Whole) -> None:
        """Let the deadline of a group pass: now is when it was due."""
        if group.clock is None or group.waits >= MOST_STEPS:
            self._fault(group.places, NO_REST)
            return
        clock = Clock(group.clock.seen, due, group.clock.since)
        passed = Group(group.places, group.size, clock, 0, group.waits + 1)
        found = place.late.read(Rows(self.block, group.places, group.size))
        for number, part in _parts(passed, found):
            if number == 0:
                self._fault(part.places, NO_BRANCH)
            else:
                self._move(place, place.lates[number - 1], part)

    def _fault(self, places: Places | None, code: str) -> None:
        self.answers.error[everywhere(places)] = self.atlas.faults[code]

    def _refuse(self, places: Places | None, which: Truths, code: str) -> None:
        refused = np.flatnonzero(which) if places is None else places[which]
        self.answers.error[refused] = self.atlas.faults[code]


#: A group without rows.
_NOBODY: Final = Group(np.zeros(0, np.int64), 0, None)


def _joined(groups: list[Group]) -> Group:
    """Return several groups as one."""
    if len(groups) == 1:
        return groups[0]
    places = np.concatenate([group.places for group in groups if group.places is not None])
    clocks = [group.clock for group in groups if group.clock is not None]
    clock = None
    if clocks:
        clock = Clock(
            np.concatenate([each.seen for each in clocks]),
            np.concatenate([each.now for each in clocks]),
            np.concatenate([each.since for each in clocks]),
        )
    steps, waits = max(group.steps for group in groups), max(group.waits for group in groups)
    return Group(places, len(places), clock, steps, waits)


def _parts(group: Group, found: Found | int) -> Iterator[tuple[int, Group]]:
    """Yield the parts of a group that have one number, with it."""
    if isinstance(found, int):
        yield found, group
        return
    for number, pick in _picks(found):
        if len(pick) == group.size:
            yield number, group
            return
        places = pick if group.places is None else group.places.take(pick, mode="clip")
        clock = None if group.clock is None else group.clock.at(pick)
        yield number, Group(places, len(places), clock, group.steps, group.waits)


def _picks(found: Found) -> Iterator[tuple[int, Places]]:
    """Yield each number with the rows that have it."""
    most = int(found.max(initial=0))
    if most < _FEW:
        numbers = range(most + 1)
        picks = [(found == number).nonzero()[0] for number in numbers]
    else:
        numbers, order = range(most + 1), found.argsort(kind="stable")
        starts = found.take(order, mode="clip").searchsorted(np.arange(most + 1, dtype=found.dtype)).tolist()
        picks = [order[first:end] for first, end in pairwise((*starts, len(order)))]
    yield from ((number, pick) for number, pick in zip(numbers, picks, strict=True) if len(pick))
