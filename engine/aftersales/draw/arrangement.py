"""What a graph leaves open where it is laid out: in which order arrows leave a node, what hangs below what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from aftersales.draw.balance import balanced
from aftersales.draw.graph import Edge, Graph, NodeKind

#: Pairs of nodes, the second to stand under the first.
Hanging = tuple[tuple[str, str], ...]

_CARDS: Final = frozenset({NodeKind.CARD, NodeKind.BOX})


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The arrows of a page, those of each node from left to right; Graphviz keeps this order on the main path.

    It also keeps it for the nodes in ``kept``. The card ``under`` hangs below the end of the main path.
    """

    edges: tuple[Edge, ...]
    kept: frozenset[str] = frozenset()
    under: str | None = None

    @classmethod
    def of(cls, graph: Graph) -> Arrangement:
        """Return the arrangement that is taken unless another turns out better."""
        return cls(balanced(graph.edges, graph.nodes))

    def hanging(self, graph: Graph) -> Hanging:
        """Return what hangs under another node though no arrow leads there."""
        end = end_of_path(graph)
        return ((end, self.under),) if end is not None and self.under is not None else ()

    def changed(self, leaving: Sequence[Edge], *, keep: bool = False) -> Arrangement:
        """Return the arrangement with the arrows of one node in another order."""
        waiting = iter(leaving)
        tail = leaving[0].tail
        edges = tuple(next(waiting) if edge.tail == tail else edge for edge in self.edges)
        return replace(self, edges=edges, kept=self.kept | {tail} if keep else self.kept)


def end_of_path(graph: Graph) -> str | None:
    """Return the node that the main path ends in, unless it stands below the picture."""
    tails = {edge.tail for edge in graph.edges if edge.main}
    below = {node.id for node in graph.nodes if node.below}
    return next((edge.head for edge in graph.edges if edge.main and edge.head not in tails | below), None)


def nearby(graph: Graph, now: Arrangement, troubled: frozenset[str]) -> Iterator[Arrangement]:
    """Yield what differs in one thing, and has to do with something ``troubled``.

    A card that does not lead there hangs below the end of the main path, a way leaves the path elsewhere, or those of
    another node leave it in the order given or the other way around.
    """
    every = _leaving(now)
    beside = {tail: ways for tail, ways in every.items() if not any(edge.main for edge in ways)}
    moving = [edge for edge in now.edges if not edge.main and not troubled.isdisjoint(_behind(beside, edge.head))]
    end = end_of_path(graph)
    if now.under is None and end is not None:
        heads = {edge.head for edge in moving}
        hanging = (name for name in _hanging(graph) if name in heads and end not in _behind(every, name))
        yield from (replace(now, under=name) for name in hanging)
    several = {tail: ways for tail, ways in every.items() if len(ways) > 1 and any(edge in moving for edge in ways)}
    for tail in (tail for tail in several if tail not in beside):
        yield from (now.changed(order) for order in _moved(several[tail], moving))
    for tail in (tail for tail in several if tail in beside):
        yield now.changed(several[tail][::-1], keep=True)
        if tail not in now.kept:
            yield now.changed(several[tail], keep=True)


def _leaving(now: Arrangement) -> Mapping[str, list[Edge]]:
    out: dict[str, list[Edge]] = defaultdict(list)
    for edge in now.edges:
        out[edge.tail].append(edge)
    return dict(out)


def _behind(leaving: Mapping[str, list[Edge]], first: str) -> set[str]:
    """Return what a node leads to, itself included."""
    found, waiting = {first}, [first]
    while waiting:
        heads = {edge.head for edge in leaving.get(waiting.pop(), ())} - found
        found |= heads
        waiting += heads
    return found


def _moved(leaving: Sequence[Edge], moving: Sequence[Edge]) -> Iterator[tuple[Edge, ...]]:
    """Yield the orders in which one arrow stands elsewhere: next to that of the main path, or outermost."""
    seen = {tuple(leaving)}
    for edge in (edge for edge in leaving if edge in moving):
        rest = [other for other in leaving if other != edge]
        spine = next(number for number, other in enumerate(rest) if other.main)
        for place in (0, spine, spine + 1, len(rest)):
            order = (*rest[:place], edge, *rest[place:])
            if order not in seen:
                seen.add(order)
                yield order


def _hanging(graph: Graph) -> Iterator[str]:
    """Yield the cards beside the main path that lead to several places."""
    path = {end for edge in graph.edges if edge.main for end in (edge.tail, edge.head)}
    ways = Counter(edge.tail for edge in graph.edges)
    for node in graph.nodes:
        if node.kind in _CARDS and ways[node.id] > 1 and node.id not in path and not node.below:
            yield node.id
