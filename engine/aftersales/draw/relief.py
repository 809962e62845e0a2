"""Stubs for ways that cross others in every arrangement of a page: they name where they lead instead of going there."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Final

from aftersales.draw.graph import Edge, EdgeKind, Graph, Legend, Line, Node, NodeKind
from aftersales.draw.judge import Drawn

#: The samples of a legend that stand before that of a stub.
_BEFORE: Final = frozenset({"main", *map(str, (NodeKind.QUESTION, NodeKind.ANSWER, NodeKind.LATE))})


def crossings(plain: str) -> int:
    """Return how often ways cross on a page that is laid out, in Graphviz' plain format."""
    return len(Drawn.read(plain).crossings())


def relieved(graph: Graph, plain: str) -> Graph | None:
    """Return a page with stubs for the ways that cross others, ``None`` where there are none that may be stubs.

    A way may be one where others lead to the same place too. Of two that cross it is the longer.
    """
    drawn = Drawn.read(plain)
    long = {(curve.tail, curve.head): _length(curve.points) for curve in drawn.curves}
    chosen: list[Edge] = []
    for one, onward, other, away in drawn.crossings():
        found = [
            edge for edge in _replaceable(graph, chosen) if (edge.tail, edge.head) in {(one, onward), (other, away)}
        ]
        if found and not any((edge.tail, edge.head) in {(one, onward), (other, away)} for edge in chosen):
            chosen.append(max(found, key=lambda edge: long[edge.tail, edge.head]))
    for edge in chosen:
        graph = _without(graph, edge)
    return graph if chosen else None


def _replaceable(graph: Graph, gone: Iterable[Edge]) -> list[Edge]:
    """Return the arrows off the main path to a page, or from an answer to an end, that others lead to too."""
    kinds = {node.id: node.kind for node in graph.nodes}
    left = [edge for edge in graph.edges if edge not in gone]
    into = Counter(edge.head for edge in left)
    return [
        edge
        for edge in left
        if not edge.main
        and edge.kind is EdgeKind.WAY
        and into[edge.head] > 1
        and (
            kinds[edge.head] is NodeKind.PAGE
            or (kinds[edge.tail] is NodeKind.ANSWER and kinds[edge.head] is NodeKind.END)
        )
    ]


def _without(graph: Graph, edge: Edge) -> Graph:
    """Return a page without an arrow: its head is drawn once more, or its tail says where it leads."""
    nodes = {node.id: node for node in graph.nodes}
    if nodes[edge.head].kind is NodeKind.PAGE:
        again = replace(nodes[edge.head], id=f"{edge.head}-{edge.tail}", main=False)
        edges = tuple(replace(one, head=again.id) if one == edge else one for one in graph.edges)
        return replace(graph, nodes=(*graph.nodes, again), edges=edges)
    stub = _stub(nodes[edge.tail], nodes[edge.head])
    return replace(
        graph,
        nodes=tuple(stub if node.id == stub.id else node for node in graph.nodes),
        edges=tuple(one for one in graph.edges if one != edge),
        legend=_with_stub(graph.legend),
    )


def _stub(answer: Node, end: Node) -> Node:
    there = Line((), tuple(f"→ {title}" for title in end.title))
    return replace(answer, kind=NodeKind.STUB, lines=(there, *answer.lines))


def _with_stub(legend: Legend) -> Legend:
    """Return a legend that says what a stub is."""
    if any(kind == NodeKind.STUB for kind, _ in legend.samples) or not legend.stub:
        return legend
    place = sum(kind in _BEFORE for kind, _ in legend.samples)
    samples = (*legend.samples[:place], (str(NodeKind.STUB), legend.stub), *legend.samples[place:])
    return replace(legend, samples=samples)


def _length(points: Iterable[tuple[float, float]]) -> float:
    return sum(math.dist(start, end) for start, end in pairwise(points))
