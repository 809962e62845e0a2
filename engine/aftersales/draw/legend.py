"""The legend of a page: who acts on it, and what the marks mean that it uses."""

from __future__ import annotations

from typing import Final

from aftersales.draw.graph import Edge, Legend, Node, NodeKind, Strip
from aftersales.draw.wording import Wording
from aftersales.text import Text

_STUB: Final = Text("回到前面，或到别处的结局", "back, or to an end elsewhere")

#: What each kind of node is called, in the order of the legend.
_NAMES: Final = (
    (NodeKind.QUESTION, Text("再问一句", "asked next")),
    (NodeKind.ANSWER, Text("答案", "answer")),
    (NodeKind.LATE, Text("逾期", "deadline passed")),
    (NodeKind.STUB, _STUB),
    (NodeKind.BOX, Text("子流程（另有图）", "sub-flow (its own picture)")),
    (NodeKind.FLOW, Text("到别的流程", "to another flow")),
    (NodeKind.PAGE, Text("续另一页", "continued on another page")),
    (NodeKind.END, Text("结局", "end")),
)
_MAIN: Final = Text("主路径", "main path")


def legend_of(nodes: tuple[Node, ...], edges: tuple[Edge, ...], wording: Wording) -> Legend:
    """Return the legend of what a page shows: only actors, as its strips name them, and marks that are on it."""
    found = {(strip.actor, strip.text) for node in nodes for strip in node.header if strip.actor is not None}
    actors = tuple(Strip(said, actor) for actor, said in sorted(found))
    kinds = {node.kind for node in nodes}
    samples = [(str(kind), wording.of(name)) for kind, name in _NAMES if kind in kinds]
    if any(edge.main for edge in edges):
        samples.insert(0, ("main", wording.of(_MAIN)))
    return Legend(actors, tuple(samples), wording.of(_STUB))
