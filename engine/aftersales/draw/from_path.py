"""The path of one decision, marked in the picture of its flow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from aftersales.draw.graph import Edge, EdgeKind, Graph, Node, NodeKind

_PLACES: Final = frozenset({NodeKind.CARD, NodeKind.BOX, NodeKind.END, NodeKind.FLOW})

Route = tuple[Edge, ...]


def marked(graph: Graph, visited: Sequence[str]) -> Graph:
    """Return the graph with the visited states lit, and the way between each two.

    ``visited`` are state keys in the order of the path; those that this picture does not show are passed over. Where
    several ways lead from one state to the next, the first branch is lit; a deadline only where no branch leads there.
    """
    nodes = {node.id: node for node in graph.nodes}
    places = [held for key in visited if (held := [n for n in graph.nodes if n.kind in _PLACES and key in n.states])]
    edges: list[Edge] = []
    lit = {places[0][0].id} if places else set[str]()
    at = places[0][0].id if places else ""
    for heads in places[1:]:
        route = _route(graph, nodes, at, {head.id for head in heads})
        edges += route
        at = route[-1].head if route and nodes[route[-1].head].kind in _PLACES else heads[0].id
        lit.add(at)
    edges += [edge for edge in graph.edges if nodes[edge.tail].kind is NodeKind.START and edge.head in lit]
    lit |= {end for edge in edges for end in (edge.tail, edge.head)}
    return replace(
        graph,
        nodes=tuple(replace(node, lit=node.id in lit) for node in graph.nodes),
        edges=tuple(replace(edge, lit=edge in edges) for edge in graph.edges),
    )


def _route(graph: Graph, nodes: dict[str, Node], tail: str, heads: set[str]) -> Route:
    """Return the edges from ``tail`` to one of ``heads``; none where the case stayed inside one box."""
    found = [route for edge in graph.edges if edge.tail == tail for route in _routes(graph, nodes, edge, heads)]
    return min(found, key=lambda route: route[0].kind is not EdgeKind.WAY, default=())


def _routes(graph: Graph, nodes: dict[str, Node], edge: Edge, heads: set[str]) -> Iterator[Route]:
    """Return the ways an edge begins: straight, through a pill, or into a stub that stands for the state."""
    middle = nodes[edge.head]
    if middle.id in heads:
        yield (edge,)
    elif middle.kind not in _PLACES:
        yield from ((edge, onward) for onward in graph.edges if onward.tail == middle.id and onward.head in heads)
        if any(not set(middle.states).isdisjoint(nodes[head].states) for head in heads):
            yield (edge,)
