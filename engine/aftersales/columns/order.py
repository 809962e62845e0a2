"""The places that a query has to do with, and how many steps a row can take between them."""

from __future__ import annotations

from collections.abc import Iterator

from aftersales.columns.places import Atlas, Place
from aftersales.columns.symbols import beyond


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


def deepest(atlas: Atlas) -> int:
    """Return how many steps a row can take at most.

    Raises BeyondColumnsError where rows could go round without end.
    """
    level = {atlas.start.number: 0}
    waiting = [atlas.start]
    while waiting:
        place = waiting.pop()
        deeper = level[place.number] + 1
        for target in targets(place):
            if deeper > len(atlas.places):
                raise beyond(f"流程在 {place.state.key} 处循环", f"the flow goes round at {place.state.key}")
            if level.get(target.number, -1) < deeper:
                level[target.number] = deeper
                waiting.append(target)
    return max(level.values())
