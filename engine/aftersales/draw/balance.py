"""Which arrows leave a node to the left of the main path and which to the right, so that it runs down the middle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from aftersales.draw.graph import Edge


def balanced(edges: Sequence[Edge]) -> tuple[Edge, ...]:
    """Return the arrows with those of each node in the order in which they leave it, from left to right.

    The author's order stays; the arrow of the main path moves to where about as much hangs to its left as to its right,
    all that hangs on the path above included.
    """
    out: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        out[edge.tail].append(edge)
    seen = {end for edge in edges if edge.main for end in (edge.tail, edge.head)}
    left = right = 0
    for tail in [tail for tail, leaving in out.items() if any(edge.main for edge in leaving)]:
        spine = next(edge for edge in out[tail] if edge.main)
        others = [edge for edge in out[tail] if edge is not spine]
        widths = [_width(edge.head, out, seen) for edge in others]
        place = min(range(len(others) + 1), key=lambda at: abs(left + sum(widths[:at]) - right - sum(widths[at:])))
        left, right = left + sum(widths[:place]), right + sum(widths[place:])
        out[tail] = [*others[:place], spine, *others[place:]]
    return tuple(edge for leaving in out.values() for edge in leaving)


def _width(node: str, out: Mapping[str, Sequence[Edge]], seen: set[str]) -> int:
    """Return on how many nodes all ways from a node end, about as many stand beside each other; each counts once."""
    waiting, ends = [node], 0
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            leaving = out.get(name, ())
            ends += not leaving
            waiting += [edge.head for edge in leaving]
    return ends
