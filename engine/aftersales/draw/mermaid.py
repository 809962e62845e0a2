"""Mermaid: the same graph as text for pages that draw it themselves; ids are ours, labels are quoted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aftersales.draw.graph import Edge, EdgeKind, Graph, Line, Node, NodeKind
from aftersales.draw.palette import LIT, MAIN

_SHAPES: Final = {
    NodeKind.START: ("([", "])"),
    NodeKind.CARD: ("[", "]"),
    NodeKind.BOX: ("[[", "]]"),
    NodeKind.END: ("[", "]"),
    NodeKind.DESK: ("[", "]"),
    NodeKind.QUESTION: ("{{", "}}"),
    NodeKind.ANSWER: ("(", ")"),
    NodeKind.LATE: ("(", ")"),
    NodeKind.STUB: ("(", ")"),
    NodeKind.FLOW: (">", "]"),
    NodeKind.PAGE: (">", "]"),
}
_CLASSES: Final = (
    "classDef end stroke-width:3px",
    "classDef late stroke-dasharray:4 3,color:#4b5563",
    f"classDef main stroke:{MAIN},stroke-width:2px",
    f"classDef lit stroke:{LIT},stroke-width:3px",
)
#: Written as Mermaid's own entities: its labels end at a quote, read Markdown and HTML, and take `;` as a line's end.
_ENTITIES: Final = str.maketrans({character: f"#{ord(character)};" for character in '"#;<>&`\\'})


def mermaid_text(graph: Graph) -> str:
    """Return the graph as a Mermaid flowchart; the same graph gives the same text, to the byte."""
    ids = {node.id: f"s{number}" for number, node in enumerate(graph.nodes, start=1)}
    lines = [f"flowchart {'LR' if graph.across else 'TD'}"]
    lines += [f"  {_node(node, ids[node.id])}" for node in graph.nodes]
    lines += [f"  {_edge(edge, ids)}" for edge in graph.edges]
    lines += [f"  {line}" for line in (*_CLASSES, *_classed(graph, ids), *_strong_links(graph))]
    return "\n".join(lines) + "\n"


def _node(node: Node, name: str) -> str:
    opening, closing = _SHAPES[node.kind]
    return f'{name}{opening}"{_label(node)}"{closing}'


def _label(node: Node) -> str:
    strips = " · ".join(" / ".join(strip.text) for strip in node.header)
    said = [*([strips] if strips else []), *node.title, *(_line(line) for line in node.lines)]
    return "<br/>".join(" ".join(text.split()).translate(_ENTITIES) for text in said)


def _line(line: Line) -> str:
    return f"{' '.join(line.label)} {' / '.join(line.text)}".strip()


def _edge(edge: Edge, ids: dict[str, str]) -> str:
    arrow = "-.->" if edge.back or edge.kind is not EdgeKind.WAY else "-->"
    return f"{ids[edge.tail]} {arrow} {ids[edge.head]}"


def _classed(graph: Graph, ids: dict[str, str]) -> Iterator[str]:
    late = {NodeKind.LATE, NodeKind.STUB}
    groups = {
        "end": [node for node in graph.nodes if node.kind is NodeKind.END],
        "late": [node for node in graph.nodes if node.kind in late],
        "main": [node for node in graph.nodes if node.main],
        "lit": [node for node in graph.nodes if not {"lit", "here"}.isdisjoint(node.marks)],
    }
    return (f"class {','.join(ids[node.id] for node in nodes)} {name}" for name, nodes in groups.items() if nodes)


def _strong_links(graph: Graph) -> Iterator[str]:
    lit = [str(number) for number, edge in enumerate(graph.edges) if "lit" in edge.marks]
    main = [str(number) for number, edge in enumerate(graph.edges) if edge.main]
    for numbers, color in ((main, MAIN), (lit, LIT)):
        if numbers:
            yield f"linkStyle {','.join(numbers)} stroke:{color},stroke-width:3px"
