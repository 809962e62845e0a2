"""Mermaid: the same graph as text for pages that draw it themselves; ids are ours, labels are quoted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aftersales.draw.graph import Edge, EdgeKind, Graph, Line, Node, NodeKind

_SHAPES: Final = {
    NodeKind.START: ("([", "])"),
    NodeKind.CARD: ("[", "]"),
    NodeKind.BOX: ("[[", "]]"),
    NodeKind.END: ("[", "]"),
    NodeKind.GUARD: ("(", ")"),
    NodeKind.LATE: ("(", ")"),
    NodeKind.STUB: ("(", ")"),
    NodeKind.FLOW: (">", "]"),
    NodeKind.ANYTIME: ("(", ")"),
}
_CLASSES: Final = (
    "classDef end stroke-width:3px",
    "classDef late stroke-dasharray:4 3,color:#6b7280",
    "classDef lit stroke:#dc2626,stroke-width:3px",
)
#: Written as Mermaid's own entities: its labels end at a quote, read Markdown and HTML, and take `;` as a line's end.
_ENTITIES: Final = str.maketrans({character: f"#{ord(character)};" for character in '"#;<>&`\\'})


def mermaid_text(graph: Graph) -> str:
    """Return the graph as a Mermaid flowchart; the same graph gives the same text, to the byte."""
    ids = {node.id: f"s{number}" for number, node in enumerate(graph.nodes, start=1)}
    lines = [f"flowchart {'LR' if graph.across else 'TD'}"]
    lines += [f"  {_node(node, ids[node.id])}" for node in graph.nodes]
    lines += [f"  {_edge(edge, ids)}" for edge in graph.edges]
    lines += [f"  {line}" for line in (*_CLASSES, *_classed(graph, ids), *_lit_links(graph))]
    return "\n".join(lines) + "\n"


def _node(node: Node, name: str) -> str:
    opening, closing = _SHAPES[node.kind]
    return f'{name}{opening}"{_label(node)}"{closing}'


def _label(node: Node) -> str:
    said = [*node.header, *node.title, *(_line(line) for line in node.lines)]
    return "<br/>".join(" ".join(text.split()).translate(_ENTITIES) for text in said)


def _line(line: Line) -> str:
    return f"{' '.join(line.label)} {' / '.join(line.text)}".strip()


def _edge(edge: Edge, ids: dict[str, str]) -> str:
    arrow = "-.->" if edge.back or edge.kind is not EdgeKind.WAY else "-->"
    return f"{ids[edge.tail]} {arrow} {ids[edge.head]}"


def _classed(graph: Graph, ids: dict[str, str]) -> Iterator[str]:
    late = {NodeKind.LATE, NodeKind.STUB, NodeKind.ANYTIME}
    groups = {
        "end": [node for node in graph.nodes if node.kind is NodeKind.END],
        "late": [node for node in graph.nodes if node.kind in late],
        "lit": [node for node in graph.nodes if node.lit],
    }
    return (f"class {','.join(ids[node.id] for node in nodes)} {name}" for name, nodes in groups.items() if nodes)


def _lit_links(graph: Graph) -> Iterator[str]:
    lit = [str(number) for number, edge in enumerate(graph.edges) if edge.lit]
    if lit:
        yield f"linkStyle {','.join(lit)} stroke:#dc2626,stroke-width:3px"
