"""The order in which a query works off the places of a policy: which of them are a step of their own, and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from aftersales.columns.places import Atlas, Place
from aftersales.columns.symbols import beyond

#: How deep the cases of one step go at most.
_DEEPEST: Final = 8


def reached(atlas: Atlas) -> list[Place]:
    """Return every place that a row can come to, the start first."""
    found = {atlas.start.number: atlas.start}
    waiting = [atlas.start]
    while waiting:
        for target in targets(waiting.pop()):
            if target.number not in found:
                found[target.number] = target
                waiting.append(target)
    return list(found.values())


def targets(place: Place) -> Iterator[Place]:
    """Yield where rows of a place can go, once for every way."""
    yield from (place.way(move).to for move in place.moves)


def inner(atlas: Atlas) -> Iterator[int]:
    """Yield the numbers of the places that one way leads to: they are worked off with the place it comes from."""
    ways = Counter(target.number for place in reached(atlas) for target in targets(place))
    depth = {atlas.start.number: 0}
    waiting = [atlas.start]
    while waiting:
        place = waiting.pop()
        for target in targets(place):
            if target.number in depth:
                continue
            alone = ways[target.number] == 1 and depth[place.number] < _DEEPEST
            depth[target.number] = depth[place.number] + 1 if alone else 0
            waiting.append(target)
            if alone:
                yield target.number


def levels_of(atlas: Atlas, within: Collection[int]) -> Sequence[Sequence[Place]]:
    """Return the places that are no part of another's step, by how many steps a row can take to come there.

    Raises BeyondColumnsError where rows could go round without end.
    """
    level = {atlas.start.number: 0}
    waiting = [atlas.start]
    while waiting:
        place = waiting.pop()
        for target in _next(place, within):
            deeper = level[place.number] + 1
            if deeper > len(atlas.places):
                raise beyond(f"流程在 {place.state.key} 处循环", f"the flow goes round at {place.state.key}")
            if level.get(target.number, -1) < deeper:
                level[target.number] = deeper
                waiting.append(target)
    levels: list[list[Place]] = [[] for _ in range(max(level.values()) + 1)]
    for place in reached(atlas):
        if place.number in level:
            levels[level[place.number]].append(place)
    return levels


def _next(place: Place, within: Collection[int]) -> Iterator[Place]:
    """Yield the places, no part of another's step, that rows of a place can come to next."""
    for target in targets(place):
        if target.number in within:
            yield from _next(target, within)
        else:
            yield target
