"""Graphviz: the only file that knows it. A neutral graph becomes DOT text, and that SVG, PNG or PDF."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise, product
from typing import Final, Literal

import graphviz

from aftersales.draw.arrangement import Arrangement, Hanging
from aftersales.draw.balance import joins_left
from aftersales.draw.centre import Size, centred, sizes
from aftersales.draw.fonts import need_font_for
from aftersales.draw.graph import Edge, EdgeKind, Graph, Node, NodeKind, way_class
from aftersales.draw.labels import card, footing, heading, pill
from aftersales.draw.palette import FAINT, GREY, INK, LIT, MAIN, NEXT, PALE, SOFT
from aftersales.draw.relief import crossings, relieved
from aftersales.draw.rows import aim_of, lowest, rows_of
from aftersales.draw.settle import settled
from aftersales.draw.svg import tidy
from aftersales.errors import Diagnostic, DrawingError
from aftersales.text import Text

Rendered = Literal["svg", "png", "pdf", "json"]

#: Measured with the first; a browser that lacks it takes the next one it has.
FONT: Final = "Noto Sans CJK SC,PingFang SC,Microsoft YaHei,sans-serif"

#: Every SVG of a run begins with it; a title cannot: "<" is escaped in it.
_XML: Final = b"<?xml"
#: So every graph in Graphviz' plain format ends, and so one begins where it stands behind the same as DOT.
_STOP: Final = "stop\n"
_PLAIN: Final = "\n}\ngraph "

#: How large the head of an arrow is.
_ARROW: Final = "0.7"

#: How much what hangs under the end of the main path is pulled there; an arrow pulls with 1.
_PULL: Final = "4"

#: In how many runs of Graphviz at a time pictures are laid out.
AT_ONCE: Final = 2

_CARDS: Final = frozenset({NodeKind.CARD, NodeKind.BOX, NodeKind.DESK, NodeKind.END})
#: The node with legend and tables; no name of a policy leads to its id.
_FOOTING: Final = "footing"

_SHAPES: Final = {
    NodeKind.QUESTION: {
        "shape": "hexagon",
        "style": "filled",
        "fillcolor": "#eef2ff",
        "color": SOFT,
        "margin": "0.02,0.02",
    },
    NodeKind.ANSWER: {"shape": "box", "style": "rounded,filled", "fillcolor": "#ffffff", "color": FAINT},
    NodeKind.LATE: {"shape": "box", "style": "rounded,dashed", "color": SOFT},
    NodeKind.STUB: {"shape": "box", "style": "rounded,dashed", "color": FAINT},
    NodeKind.FLOW: {"shape": "cds", "style": "filled", "fillcolor": GREY, "color": SOFT, "margin": "0.25,0.12"},
    NodeKind.PAGE: {"shape": "cds", "style": "filled", "fillcolor": "#dbeafe", "color": SOFT, "margin": "0.25,0.12"},
    NodeKind.START: {"shape": "oval", "style": "filled", "fillcolor": GREY, "color": SOFT},
}


#: What a sketch begins with: no text, everything of a size that is told.
_SKETCHED: Final = f'\tnode [label="" fixedsize=true shape=box]\n\tedge [arrowsize={_ARROW}]\n'

#: The same few words again and again.
_quoted = lru_cache(1 << 12)(graphviz.quoting.quote)


def dot_text(graph: Graph, arrangement: Arrangement | None = None) -> str:
    """Return the graph as DOT text: the same graph gives the same text, to the byte.

    Its arrangement is the one that it has before any is tried out, unless another is given.
    """
    return _Script.of(graph).text(arrangement or Arrangement.of(graph))


@dataclass(frozen=True, slots=True)
class _Script:
    """What a graph's DOT text is put together from: its ``nodes`` and ``edges``, and how the ``last`` of all is drawn."""

    graph: Graph
    nodes: str
    edges: Mapping[Edge, str]
    last: Mapping[str, str]
    #: What stands below, by what hangs under the end of the main path.
    rows: dict[Hanging, str] = field(default_factory=dict)

    @classmethod
    def of(cls, graph: Graph) -> _Script:
        """Return the text of a graph in pieces, with all that is said in it."""
        page = graphviz.Digraph("aftersales", graph_attr=_graph_attributes(graph))
        page.attr("node", fontname=FONT, fontsize="11", fontcolor=INK, shape="plain")
        page.attr("edge", color=SOFT, arrowsize=_ARROW, penwidth="1.1")
        edges = {edge: _edge_attributes(edge, number) for number, edge in enumerate(graph.edges, start=1)}
        last = {"label": f"<{footing(graph)}>", "id": _FOOTING, "class": "centred"} if footing(graph) else {}
        head = str(page.source).removesuffix("}\n")
        nodes = "".join(_line(_quoted(node.id), _node_attributes(node), "label") for node in graph.nodes)
        return cls(graph, head + nodes, {edge: _arrow(edge, said) for edge, said in edges.items()}, last)

    @classmethod
    def sketched(cls, graph: Graph, sizes: Mapping[str, Size]) -> _Script:
        """Return the same without a word, so that Graphviz need not measure any: everything has its size."""
        told = ((node, _sized(sizes[node.id]) | _shape(node) | _group(node)) for node in graph.nodes)
        nodes = "".join(_line(_quoted(node.id), said) for node, said in told)
        last = _sized(sizes[_FOOTING]) if _FOOTING in sizes else {}
        head = "digraph aftersales {\n" + _line("graph", _spacing(graph)) + _SKETCHED
        return cls(graph, head + nodes, {edge: _arrow(edge, _weight(edge)) for edge in graph.edges}, last)

    @property
    def loose(self) -> frozenset[str]:
        """What Graphviz does not place in the end."""
        return frozenset(name for row in _loose(self.graph) for name in row)

    def text(self, arrangement: Arrangement) -> str:
        """Return the DOT text of the graph in one arrangement; a card that nothing leads to stands beside the first."""
        kept = {edge.tail for edge in arrangement.edges if edge.main} | arrangement.kept
        above, below = [_line(_quoted(name), {"ordering": "out"}) for name in sorted(kept)], list[str]()
        first, *others = _roots(self.graph) or [""]
        joined = joins_left(arrangement.edges, others) if others else frozenset()
        starts = {node.id for node in self.graph.nodes if node.kind is NodeKind.START}
        for name in others:
            lower = str(int(name not in starts))
            (above if name in joined else below).append(_held(first, name, weight="0", minlen=lower))
        edges = [self.edges[edge] for edge in arrangement.edges]
        rows = self._below(arrangement.hanging(self.graph))
        return "".join((self.nodes, *above, *edges, *below, rows, "}\n"))

    def _below(self, hanging: Hanging) -> str:
        if hanging not in self.rows:
            pulled = (_held(end, under, weight=_PULL) for end, under in hanging)
            self.rows[hanging] = "".join((*pulled, *_below(self.graph, hanging, self.last)))
        return self.rows[hanging]


def render(graph: Graph, fmt: Rendered) -> bytes:
    """Draw the graph. Raises ``DrawingError`` where Graphviz is missing or fails."""
    return render_all((graph,), fmt)[0]


def render_all(graphs: Iterable[Graph], fmt: Rendered, *, at_once: int = AT_ONCE) -> list[bytes]:
    """Draw several graphs, in their order: SVG many in one run of Graphviz, ``at_once`` runs at a time.

    Raises as ``render`` does.
    """
    every = list(graphs)
    size = max(1, -(-len(every) // at_once)) if fmt == "svg" else 1
    batches = [every[start : start + size] for start in range(0, len(every), size)]
    with ThreadPoolExecutor(at_once) as pool:
        return [drawn for batch in pool.map(lambda batch: _batch(batch, fmt), batches) for drawn in batch]


def laid_out(graphs: Iterable[Graph]) -> str:
    """Return the graphs as DOT text with the place of everything, each as it is easiest to read.

    Where ways cross all the same, stubs stand for some of them. Raises as ``render`` does.
    """
    every = list(graphs)
    placed = _settled(every)
    other = {n: relieved(graph, plain) for n, (graph, (_, plain)) in enumerate(zip(every, placed, strict=True))}
    changed = {number: graph for number, graph in other.items() if graph is not None}
    for (number, graph), one in zip(changed.items(), _settled([*changed.values()]), strict=True):
        if crossings(one[1]) < crossings(placed[number][1]):
            every[number], placed[number] = graph, one
    return "".join(centred(one, _loose(graph)) for graph, (one, _) in zip(every, placed, strict=True))


def _settled(every: Sequence[Graph]) -> list[tuple[str, str]]:
    """Return graphs as ``_placed`` does, each in the arrangement that is easiest to read."""
    scripts, first = [*map(_Script.of, every)], [*map(Arrangement.of, every)]
    placed = _placed(map(_Script.text, scripts, first))
    sketches = [_Script.sketched(graph, sizes(one)) for graph, (one, _) in zip(every, placed, strict=True)]
    best = settled(sketches, first, [plain for _, plain in placed], _plain)
    changed = [number for number, one in enumerate(best) if one != first[number]]
    again = _placed(scripts[number].text(best[number]) for number in changed)
    for number, one in zip(changed, again, strict=True):
        placed[number] = one
    return placed


def _placed(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Return DOT texts with the place of everything, and where it stands in Graphviz' plain format."""
    text = "\n".join(texts)
    need_font_for(text)
    both = _run(text, "dot", "-Tdot", "-Tplain").decode().split(_STOP)[:-1] if text else []
    parts = (one.partition(_PLAIN) for one in both)
    return [(laid_out + "\n}\n", plain) for laid_out, _, plain in parts]


def _plain(texts: Sequence[str]) -> list[str]:
    """Return where everything of DOT texts stands, in Graphviz' plain format."""
    return _run("\n".join(texts), "dot", "-Tplain").decode().split(_STOP)[:-1] if texts else []


def _batch(graphs: list[Graph], fmt: Rendered) -> list[bytes]:
    drawn = _run(laid_out(graphs), "neato", "-n2", f"-T{fmt}")
    if fmt != "svg":
        return [drawn]
    parts = [_XML + part for part in drawn.split(_XML)[1:]]
    return [tidy(part, _title(graph)) for graph, part in zip(graphs, parts, strict=True)]


def _title(graph: Graph) -> str:
    return " / ".join((*graph.title, *graph.subtitle))


def _loose(graph: Graph) -> Iterator[list[str]]:
    """Yield the rows below that no arrow holds where they are, the legend and tables last."""
    held = {name for edge in graph.edges for name in (edge.tail, edge.head)}
    yield from (row for row in rows_of(graph) if held.isdisjoint(row))
    yield [_FOOTING]


def _run(text: str, *command: str) -> bytes:
    """Return what Graphviz makes of a text. Raises ``DrawingError`` where it is missing or fails."""
    try:
        ran = subprocess.run(command, input=text.encode(), capture_output=True, check=False)  # noqa: S603
    except OSError:
        raise DrawingError(_MISSING) from None
    if ran.returncode or not ran.stdout:
        said = ran.stderr.decode(errors="replace").strip()
        message = Text(f"Graphviz 没有画出来：{said}", f"Graphviz could not draw it: {said}")
        raise DrawingError(Diagnostic("drawing_failed", message))
    return ran.stdout


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
        "label": f"<{heading(graph)}>",
        "labelloc": "t",
        "fontname": FONT,
        "fontcolor": INK,
        "pad": "0.2",
        "bgcolor": "#ffffff",
        **_spacing(graph),
    }


def _spacing(graph: Graph) -> dict[str, str]:
    return {
        "rankdir": "LR" if graph.across else "TB",
        "nodesep": "0.26",
        "ranksep": "0.5" if graph.across else "0.28",
    }


def _sized(size: Size) -> dict[str, str]:
    return {"width": size.width, "height": size.height}


def _shape(node: Node) -> dict[str, str]:
    return {"shape": _SHAPES[node.kind]["shape"]} if node.kind in _SHAPES else {}


def _group(node: Node) -> dict[str, str]:
    return {"group": "main"} if node.main else {}


def _weight(edge: Edge) -> dict[str, str]:
    return {"weight": "100"} if edge.main else {}


def _edge_attributes(edge: Edge, number: int) -> dict[str, str]:
    classes = ("arrow", str(edge.kind), *(("main",) if edge.main else ()), *edge.marks, *map(way_class, edge.ways))
    plain = {"id": f"e{number}", "class": " ".join(classes)}
    if edge.kind is EdgeKind.LATE:
        plain |= {"color": FAINT, "style": "dashed"}
    if edge.back:
        plain |= {"style": "dashed", "arrowhead": "none"}
    if edge.main:
        plain |= {"color": MAIN, "penwidth": "2.5", "arrowsize": _ARROW, **_weight(edge)}
    return plain | _marked(edge.marks)


def _node_attributes(node: Node) -> dict[str, str]:
    classes = (str(node.kind), *(("main",) if node.main else ()), *node.marks, *map(way_class, node.ways))
    plain = {"id": node.id, "class": " ".join(classes), **_group(node)}
    if node.kind in _CARDS:
        return plain | {"label": f"<{card(node)}>"}
    shape = {"margin": "0.1,0.05", "height": "0.3", "width": "0.4", **_SHAPES[node.kind]}
    main = {"color": MAIN, "penwidth": "2"} if node.main else {}
    return plain | {"label": f"<{pill(node)}>"} | shape | main | _marked(node.marks)


def _marked(marks: tuple[str, ...]) -> dict[str, str]:
    if "lit" in marks or "here" in marks:
        return {"color": LIT, "penwidth": "3"}
    if "next" in marks:
        return {"color": NEXT, "penwidth": "2"}
    return {"color": PALE, "fillcolor": "#ffffff", "penwidth": "1"} if "pale" in marks else {}


def _roots(graph: Graph) -> list[str]:
    """Return where one comes to the page: where the main path begins, then everywhere else; nothing without a path."""
    heads = {edge.head for edge in graph.edges}
    roots = [node for node in graph.nodes if node.id not in heads and not node.below]
    first = next((node.id for node in roots if node.main), None)
    return [first, *(node.id for node in roots if node.id != first)] if first is not None else []


def _below(graph: Graph, hanging: Hanging, last: Mapping[str, str]) -> Iterator[str]:
    """Put the shared ends in rows under everything else, and the legend and tables (``last``) under them.

    A row stands close together and as far as may be below the main path. No cluster holds all this: in one, Graphviz
    would not keep the order of the arrows.
    """
    rows = rows_of(graph)
    if last:
        yield _line(_FOOTING, last)
        rows.append([_FOOTING])
    above = lowest(graph, hanging)
    aim = aim_of(graph, above)
    aims: tuple[str, ...] = (aim,) if aim is not None else ()
    for names in rows:
        middle = tuple(dict.fromkeys((names[(len(names) - 1) // 2], names[len(names) // 2])))
        yield "{rank=same\n"
        yield from (_line(_quoted(name), {}) for name in names)
        yield from (_held(name, after, weight="10") for name, after in pairwise(names))
        yield "}\n"
        yield from (_held(name, middle[0], weight="0") for name in above if name not in aims)
        weight = str(4 // max(1, len(aims)) // len(middle))
        yield from (_held(name, under, weight=weight) for name, under in product(aims, middle))
        above, aims = names, middle


def _line(what: str, said: Mapping[str, str], *first: str) -> str:
    """Return one statement of DOT, what is named ``first`` first; only ``what`` it is about is quoted already."""
    names = (*first, *sorted(said.keys() - first))
    attributes = " ".join(f"{name}={_quoted(said[name])}" for name in names)
    return f"\t{what} [{attributes}]\n"


def _arrow(edge: Edge, said: Mapping[str, str]) -> str:
    return _line(f"{_quoted(edge.tail)} -> {_quoted(edge.head)}", said)


def _held(above: str, under: str, **said: str) -> str:
    """Return an arrow that is not seen, but holds a node under, or beside, another."""
    return _arrow(Edge(above, under), {"style": "invis", **said})
