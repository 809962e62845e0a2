"""Which arrows leave a node to the left of the main path and which to the right, so that it runs down the middle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from aftersales.draw.graph import Edge, Node
from aftersales.draw.wrap import width

#: About as wide as a card's text becomes, and as that of anything smaller.
_CARD: Final = 42
_PILL: Final = 22
#: What lies between two nodes.
_GAP: Final = 3


def balanced(edges: Sequence[Edge], nodes: Sequence[Node] = ()) -> tuple[Edge, ...]:
    """Return the arrows with those of each node in the order in which they leave it, from left to right.

    The author's order stays; the arrow of the main path moves to where about as much hangs to its left as to its right,
    all that hangs on the path above included. Ways that only come back to the path run next to it, so that they cross
    nothing.
    """
    out: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        out[edge.tail].append(edge)
    path = {end for edge in edges if edge.main for end in (edge.tail, edge.head)}
    tree = _Tree(out, {node.id: _columns(node) for node in nodes}, set(path))
    left = right = 0
    for tail in [tail for tail, leaving in out.items() if any(edge.main for edge in leaving)]:
        spine = next(edge for edge in out[tail] if edge.main)
        others = {edge: tree.width(edge.head) for edge in out[tail] if edge is not spine}
        near = [edge for edge, room in others.items() if not room and not path.isdisjoint(tree.reached(edge.head))]
        away = [edge for edge in others if edge not in near]
        rooms = [others[edge] for edge in away]
        place = min(range(len(away) + 1), key=lambda at: abs(left + sum(rooms[:at]) - right - sum(rooms[at:])))
        left, right = left + sum(rooms[:place]), right + sum(rooms[place:])
        beside = [*near, spine] if left < right else [spine, *near]
        out[tail] = [*away[:place], *beside, *away[place:]]
    return tuple(edge for leaving in out.values() for edge in leaving)


class _Tree:
    """What hangs on a node, each node counted once: ``seen`` are those counted, and the main path."""

    def __init__(self, out: Mapping[str, Sequence[Edge]], columns: Mapping[str, int], seen: set[str]) -> None:
        self.out, self.columns, self.seen = out, columns, seen

    def width(self, node: str) -> int:
        """Return how much room all that is new from a node on takes side by side; 0 where it leads back at once."""
        if node in self.seen:
            return 0
        self.seen.add(node)
        heads = [edge.head for edge in self.out.get(node, ())]
        below = sum(map(self.width, heads))
        comes_back = bool(heads) and not below
        return 0 if comes_back else max(below, self.columns.get(node, 1) + _GAP)

    def reached(self, node: str) -> set[str]:
        """Return what a node leads to, itself included."""
        found, waiting = {node}, [node]
        while waiting:
            heads = {edge.head for edge in self.out.get(waiting.pop(), ())} - found
            found |= heads
            waiting += heads
        return found


def _columns(node: Node) -> int:
    """Return about how wide a node is, in columns of text."""
    said = [*node.title, *(entry for line in node.lines for entry in line.text)]
    most = _CARD if node.header or node.states else _PILL
    return min(most, max(map(width, said), default=0))
