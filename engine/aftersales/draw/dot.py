"""Graphviz: the only file that knows it. A neutral graph becomes DOT text, and that SVG, PNG or PDF."""

from __future__ import annotations

import re
from html import escape
from typing import Final, Literal

import graphviz

from aftersales.draw.graph import Edge, EdgeKind, Graph, Line, Node, NodeKind, Words
from aftersales.draw.wrap import wrap
from aftersales.errors import Diagnostic, DrawingError
from aftersales.text import Text

Rendered = Literal["svg", "png", "pdf"]

#: Measured with the first; a browser that lacks it takes the next one it has.
FONT: Final = "Noto Sans CJK SC,PingFang SC,Microsoft YaHei,sans-serif"
#: Header strips: soft enough for black text, far enough apart in print.
TINTS: Final = (
    "#bfdbfe",
    "#bbf7d0",
    "#fde68a",
    "#ddd6fe",
    "#fbcfe8",
    "#a5f3fc",
    "#fed7aa",
    "#d9f99d",
    "#c7d2fe",
    "#fecaca",
    "#99f6e4",
    "#e9d5ff",
)
GREY: Final = "#e5e7eb"
INK: Final = "#1f2937"
SOFT: Final = "#6b7280"
FAINT: Final = "#9ca3af"
LIT: Final = "#dc2626"
DONE: Final = "#374151"

#: Columns (a Chinese character takes two) after which a line is broken.
_CARD_COLUMNS: Final = 34
_PILL_COLUMNS: Final = 24

_QUIET: Final = frozenset({NodeKind.LATE, NodeKind.STUB, NodeKind.ANYTIME})

#: Graphviz sets lines too close for Chinese: a larger blank at their end holds them apart.
_STRUT: Final = "&#160;"

#: Characters that XML does not allow, and with it Graphviz' labels.
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def dot_text(graph: Graph) -> str:
    """Return the graph as DOT text: the same graph gives the same text, to the byte."""
    dot = graphviz.Digraph(
        "aftersales",
        graph_attr=_graph_attributes(graph),
        node_attr={"fontname": FONT, "fontsize": "11", "fontcolor": INK, "shape": "plain"},
        edge_attr={"color": SOFT, "arrowsize": "0.7", "penwidth": "1.1"},
    )
    for node in graph.nodes:
        dot.node(node.id, **_node_attributes(node))
    for edge in graph.edges:
        dot.edge(edge.tail, edge.head, **_edge_attributes(edge))
    return str(dot.source)


def render(graph: Graph, fmt: Rendered) -> bytes:
    """Draw the graph. Raises ``DrawingError`` where Graphviz is missing or fails."""
    try:
        return bytes(graphviz.Source(dot_text(graph)).pipe(format=fmt))
    except graphviz.ExecutableNotFound:
        raise DrawingError(_MISSING) from None
    except graphviz.CalledProcessError as fault:
        said = (fault.stderr or b"").decode(errors="replace").strip()
        message = Text(f"Graphviz 没有画出来：{said}", f"Graphviz could not draw it: {said}")
        raise DrawingError(Diagnostic("drawing_failed", message)) from None


_MISSING = Diagnostic(
    "graphviz_missing",
    Text("没有安装 Graphviz，画不了图", "Graphviz is not installed, so nothing can be drawn"),
    hint=Text(
        "Debian 或 Ubuntu 上运行：apt-get install graphviz fonts-noto-cjk",
        "on Debian or Ubuntu run: apt-get install graphviz fonts-noto-cjk",
    ),
)


def _graph_attributes(graph: Graph) -> dict[str, str]:
    return {
        "label": f"<<B>{_words(graph.title, 80, size=18)}</B>>",
        "labelloc": "t",
        "fontname": FONT,
        "fontcolor": INK,
        "rankdir": "LR" if graph.across else "TB",
        "nodesep": "0.25",
        "ranksep": "0.5" if graph.across else "0.3",
        "pad": "0.3",
        "dpi": "96",
        "bgcolor": "#ffffff",
    }


def _edge_attributes(edge: Edge) -> dict[str, str]:
    plain: dict[str, str] = {}
    if edge.kind is not EdgeKind.WAY:
        plain |= {"color": FAINT, "style": "dashed"}
    if edge.back:
        plain |= {"style": "dashed", "arrowhead": "none"}
    if edge.lit:
        plain |= {"color": LIT, "penwidth": "2.6"}
    return plain


def _node_attributes(node: Node) -> dict[str, str]:
    lit = {"color": LIT, "penwidth": "2.6"} if node.lit else {}
    match node.kind:
        case NodeKind.CARD | NodeKind.BOX | NodeKind.END:
            return {"label": f"<{_card(node)}>"}
        case NodeKind.GUARD:
            return {"label": f"<{_pill(node)}>", "shape": "box", **_box("rounded,filled", "#f9fafb", FAINT), **lit}
        case NodeKind.LATE | NodeKind.STUB | NodeKind.ANYTIME:
            return {"label": f"<{_pill(node)}>", "shape": "box", **_box("rounded,dashed", "#ffffff", FAINT), **lit}
        case NodeKind.FLOW:
            return {
                "label": f"<{_pill(node)}>",
                "shape": "cds",
                **_box("filled", GREY, SOFT),
                "margin": "0.25,0.12",
                **lit,
            }
        case NodeKind.START:
            return {"label": f"<{_pill(node)}>", "shape": "oval", **_box("filled", GREY, SOFT), **lit}


def _box(style: str, fill: str, color: str) -> dict[str, str]:
    return {"style": style, "fillcolor": fill, "color": color, "margin": "0.1,0.05", "height": "0.3", "width": "0.4"}


def _tint(node: Node) -> str:
    return GREY if node.tint is None else TINTS[node.tint % len(TINTS)]


def _card(node: Node) -> str:
    border = 4 if node.lit else {NodeKind.END: 3, NodeKind.BOX: 2}.get(node.kind, 1)
    color = LIT if node.lit else DONE if node.kind is NodeKind.END else SOFT
    rows = [
        _row(_words(node.header, _CARD_COLUMNS, size=10), fill=_tint(node)) if node.header else "",
        _row(f"<B>{_words(node.title, _CARD_COLUMNS)}</B>"),
        *(_line(line) for line in node.lines),
    ]
    return _table(rows, f'BORDER="{border}" CELLPADDING="3" COLOR="{color}" BGCOLOR="#ffffff"')


def _pill(node: Node) -> str:
    color = SOFT if node.kind in _QUIET else INK
    said = [(node.title, 10), *((line.text, 9) for line in node.lines)]
    rows = [_row(_words(words, _PILL_COLUMNS, size, color)) for words, size in said]
    return _table(rows, 'BORDER="0" CELLPADDING="1"')


def _table(rows: list[str], attributes: str) -> str:
    return f'<TABLE {attributes} CELLBORDER="0" CELLSPACING="0">{"".join(rows)}</TABLE>'


def _row(content: str, fill: str = "") -> str:
    shade = f' BGCOLOR="{fill}"' if fill else ""
    return f'<TR><TD COLSPAN="2" ALIGN="CENTER"{shade}>{content}</TD></TR>'


def _line(line: Line) -> str:
    """Lay out one line of a card: the label in a column of its own, a line without any across both."""
    if not line.label:
        return _row(_words(line.text, _CARD_COLUMNS, 10))
    label = _words(line.label, _PILL_COLUMNS, 9, SOFT, "LEFT")
    text = _words(line.text, _CARD_COLUMNS, 10, align="LEFT")
    left = 'ALIGN="LEFT" BALIGN="LEFT" VALIGN="TOP"'
    return f"<TR><TD {left}>{label}</TD><TD {left}>{text}</TD></TR>"


def _words(words: Words, columns: int, size: int = 11, color: str = INK, align: str = "CENTER") -> str:
    """Break the words into lines; the second language is set in grey."""
    shades = (color, *(SOFT for _ in words[1:]))
    lines = [
        f'<FONT POINT-SIZE="{size}" COLOR="{shade}">{_escaped(line)}</FONT>'
        for entry, shade in zip(words, shades, strict=True)
        for line in wrap(entry, columns)
        if line
    ]
    strut = f'<FONT POINT-SIZE="{size + 2}">{_STRUT}</FONT>'
    return f'<BR ALIGN="{align}"/>'.join((lines[0], *(line + strut for line in lines[1:]))) if lines else " "


def _escaped(text: str) -> str:
    return escape(_NO_XML.sub("\ufffd", text)).replace("\\", "&#92;")
