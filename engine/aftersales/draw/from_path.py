"""The path of one decision, marked in a page of its flow: what was walked, where the case stands, what is next."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from aftersales.draw.graph import Graph, Legend, Node, NodeKind, Strip
from aftersales.draw.wording import Wording
from aftersales.text import Text

_PLACES: Final = frozenset({NodeKind.CARD, NodeKind.BOX, NodeKind.DESK, NodeKind.END})
_HERE: Final = Text("现在在这里", "the case is here")
_SAMPLES: Final = (
    ("lit", Text("走过的路", "walked")),
    ("next", Text("接下来", "what is next")),
    ("pale", Text("没走到", "not walked")),
)


@dataclass(frozen=True, slots=True)
class Path:
    """What to mark: visited states and walked edges by their keys, where the case stands, which edges lead on."""

    visited: Collection[str]
    walked: Collection[str]
    here: str | None = None
    following: Collection[str] = ()


def marked(graph: Graph, path: Path, wording: Wording) -> Graph:
    """Return the page with the path marked ``lit``, the card it has reached ``here``, what may follow ``next``.

    Everything else is ``pale``. What belongs to other flows and pages is passed over; inside a sub-flow's box only the
    box is lit.
    """
    states, ways = frozenset(path.visited), frozenset(path.walked)
    lit = {node.id for node in graph.nodes if node.kind in _PLACES and not states.isdisjoint(node.states)}
    starts = {node.id for node in graph.nodes if node.kind is NodeKind.START and node.main}
    walked = [not ways.isdisjoint(edge.ways) or (edge.tail in starts and edge.head in lit) for edge in graph.edges]
    lit |= {end for edge, on in zip(graph.edges, walked, strict=True) if on for end in (edge.tail, edge.head)}
    after = frozenset(path.following) - ways
    ahead = {end for edge in graph.edges if not after.isdisjoint(edge.ways) for end in (edge.tail, edge.head)}
    nodes = tuple(_node(node, lit, ahead, path, wording) for node in graph.nodes)
    edges = tuple(
        replace(edge, marks=("lit",) if on else ("next",) if not after.isdisjoint(edge.ways) else ("pale",))
        for edge, on in zip(graph.edges, walked, strict=True)
    )
    samples = tuple((name, wording.of(text)) for name, text in _SAMPLES)
    return replace(graph, nodes=nodes, edges=edges, legend=Legend(graph.legend.actors, samples))


def _node(node: Node, lit: set[str], ahead: set[str], path: Path, wording: Wording) -> Node:
    if node.kind in _PLACES and path.here in node.states:
        return replace(node, marks=("here",), header=(Strip(wording.of(_HERE), here=True), *node.header))
    mark = "lit" if node.id in lit else "next" if node.id in ahead else "pale"
    return replace(node, marks=(mark,))
