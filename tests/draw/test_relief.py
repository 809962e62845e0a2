"""Stubs for ways that cross in every arrangement: what they say, and that no way is lost."""

from __future__ import annotations

from dataclasses import replace

from aftersales.draw.dot import laid_out
from aftersales.draw.graph import Edge, EdgeKind, Graph, Legend, Line, Node, NodeKind, way_class
from aftersales.draw.relief import crossings, relieved

#: Where two answers lead crosswise to two ends, as Graphviz lays it out in its plain format.
PLACES = {"a": (1, 9), "p": (0, 7), "q": (4, 7), "x": (0, 3), "y": (4, 3)}
#: How one says what a stub is.
STUB = ("回到前面",)


def crosswise(end: NodeKind = NodeKind.END, *, other: bool = True) -> Graph:
    """Return a page where the answers ``p`` and ``q`` lead to ``y`` and ``x``; others lead to ``y`` too, or none do."""
    kinds = {"a": NodeKind.CARD, "p": NodeKind.ANSWER, "q": NodeKind.ANSWER, "x": NodeKind.CARD, "y": end}
    nodes = tuple(Node(name, kind, (name,), ways=(f"w-{name}",)) for name, kind in kinds.items())
    edges = tuple(Edge(steps[0], steps[1]) for steps in ("ap", "aq", "py", "qx", *(("ay",) if other else ())))
    return Graph(("页",), nodes, edges, legend=Legend((), (("answer", ("答案",)), ("end", ("结局",))), STUB))


def plain(*arrows: str) -> str:
    """Return the places with straight arrows between them."""
    rows = [f'node "{name}" {x} {y} 1 0.5 "" solid box black lightgrey' for name, (x, y) in PLACES.items()]
    for arrow in arrows:
        tail, head = arrow[0], arrow[1]
        (x, y), (onward, down) = PLACES[tail], PLACES[head]
        points = " ".join(f"{x + (onward - x) * part / 3} {y + (down - y) * part / 3}" for part in range(4))
        rows.append(f'edge "{tail}" "{head}" 4 {points} solid black')
    return "\n".join(["graph 1 9 9", *rows, ""])


CROSSED = plain("ap", "aq", "py", "qx")


def test_an_answer_that_crosses_another_names_its_end() -> None:
    """Its arrow goes, and with it the crossing; the answer is a stub that says where it leads, and so does the legend."""
    graph = crosswise()
    found = relieved(graph, CROSSED)
    assert crossings(CROSSED) == 1
    assert found is not None
    assert [(edge.tail, edge.head) for edge in found.edges] == [("a", "p"), ("a", "q"), ("q", "x"), ("a", "y")]
    stub = next(node for node in found.nodes if node.id == "p")
    assert (stub.kind, stub.lines, stub.ways) == (NodeKind.STUB, (Line((), ("→ y",)),), ("w-p",))
    assert found.legend.samples == (("answer", ("答案",)), ("stub", STUB), ("end", ("结局",)))


def test_a_way_to_a_page_gets_an_arrow_of_its_own() -> None:
    """What names another page is drawn once more, and every arrow stays."""
    graph = crosswise(NodeKind.PAGE)
    found = relieved(graph, CROSSED)
    assert found is not None
    names = {node.id: node.title for node in found.nodes}
    assert [names[edge.head] for edge in found.edges] == [names[edge.head] for edge in graph.edges]
    assert len({edge.head for edge in found.edges if names[edge.head] == ("y",)}) == 2


def test_the_only_way_to_an_end_stays() -> None:
    """So does the main path, and a deadline: there is no stub for any of them."""
    assert relieved(crosswise(other=False), CROSSED) is None
    main = crosswise()
    main = replace(main, edges=tuple(replace(edge, main=edge.tail == "p") for edge in main.edges))
    assert relieved(main, CROSSED) is None
    late = tuple(replace(edge, kind=EdgeKind.LATE) for edge in crosswise().edges)
    assert relieved(replace(crosswise(), edges=late), CROSSED) is None


def test_a_page_without_crossings_stays() -> None:
    """It is not touched, whatever leads where."""
    assert relieved(crosswise(), plain("ap", "aq", "qy", "px")) is None


def test_no_way_of_a_page_is_lost(graphs: dict[str, Graph]) -> None:
    """A page that gets a stub only where it is laid out still shows every way and every state that it had."""
    graph = graphs["no_reason_return-3.svg"]
    assert all(node.kind is not NodeKind.STUB for node in graph.nodes)
    text = laid_out([graph])
    assert "class=stub" in text or 'class="stub ' in text
    ways = {key for node in graph.nodes for key in node.ways} | {key for edge in graph.edges for key in edge.ways}
    assert ways
    assert all(way_class(key) in text for key in ways)
    assert all(node.id in text for node in graph.nodes)
