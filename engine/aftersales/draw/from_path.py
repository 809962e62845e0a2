"""The path of one decision, marked in the picture of its flow."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from aftersales.draw.graph import Graph, NodeKind

_PLACES: Final = frozenset({NodeKind.CARD, NodeKind.BOX, NodeKind.END})


def marked(graph: Graph, visited: Collection[str], walked: Collection[str]) -> Graph:
    """Return the graph with the visited states (by key) and the walked edges (by edge key) lit.

    What belongs to other flows is passed over; inside a sub-flow's box only the box is lit.
    """
    states, ways = frozenset(visited), frozenset(walked)
    lit = {node.id for node in graph.nodes if node.kind in _PLACES and not states.isdisjoint(node.states)}
    starts = {node.id for node in graph.nodes if node.kind is NodeKind.START}
    edges = tuple(
        replace(edge, lit=not ways.isdisjoint(edge.ways) or (edge.tail in starts and edge.head in lit))
        for edge in graph.edges
    )
    lit |= {end for edge in edges if edge.lit for end in (edge.tail, edge.head)}
    return replace(graph, nodes=tuple(replace(node, lit=node.id in lit) for node in graph.nodes), edges=edges)
