"""Which arrangement of a page is kept: how a layout is judged, and what is tried where it is hard to read."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from aftersales.draw.arrangement import Arrangement, nearby
from aftersales.draw.dot import dot_text, laid_out
from aftersales.draw.graph import Edge, Graph, Node, NodeKind
from aftersales.draw.judge import Drawn, Judge
from aftersales.draw.settle import settled

PATH = (Edge("a", "b", main=True), Edge("b", "c", main=True))


def page(*edges: Edge) -> Graph:
    """Return a page of cards with a main path from ``a`` to ``c``."""
    every = (*PATH, *edges)
    names = dict.fromkeys(name for edge in every for name in (edge.tail, edge.head))
    nodes = tuple(Node(name, NodeKind.CARD, (name,), states=(name,), main=name in "abc") for name in names)
    return Graph(("页",), nodes, every)


def plain(places: dict[str, tuple[float, float]], *lines: str) -> str:
    """Return a layout in Graphviz' plain format: boxes of one inch by a half, and straight arrows (``a>b``)."""
    rows = [f'node "{name}" {x} {y} 1 0.5 "" solid box black lightgrey' for name, (x, y) in places.items()]
    for line in lines:
        tail, head = line.split(">")
        (x, y), (onward, down) = places[tail], places[head]
        points = ((x + (onward - x) * part / 3, y + (down - y) * part / 3) for part in range(4))
        rows.append(f'edge "{tail}" "{head}" 4 {" ".join(f"{x} {y}" for x, y in points)} solid black')
    return "\n".join(["graph 1 9 9", *rows, ""])


SPINE = {"a": (4.0, 8.0), "b": (4.0, 5.0), "c": (4.0, 2.0)}


def cost(graph: Graph, places: dict[str, tuple[float, float]], *lines: str) -> float:
    """Return how bad a layout is, judged by its own size."""
    drawn = Drawn.read(plain(places, *lines))
    return Judge.of(graph, frozenset(), drawn).cost(drawn, math.inf)


def test_ways_that_cross_cost_most() -> None:
    """A crossing is worse than a way that passes close by a box, and that is worse than nothing at all."""
    graph = page(Edge("a", "x"), Edge("b", "y"))
    aside = {"x": (7.0, 5.0), "y": (1.0, 2.0)}
    clear = cost(graph, SPINE | aside, "a>b", "b>c", "a>x", "b>y")
    close = cost(graph, SPINE | {"x": (7.0, 5.0), "y": (1.0, 2.0), "z": (6.55, 6.3)}, "a>b", "b>c", "a>x", "b>y")
    crossed = cost(graph, SPINE | {"x": (7.0, 2.0), "y": (1.0, 2.0), "z": (7.0, 5.0)}, "a>x", "b>z", "z>c")
    assert clear == 0
    assert clear < close < crossed


def test_a_way_through_a_box_is_not_taken() -> None:
    """It is worse than any number of crossings that a page may have."""
    graph = page(Edge("a", "x"))
    assert cost(graph, SPINE | {"x": (7.0, 2.0), "z": (5.5, 5.0)}, "a>b", "b>c", "a>x") >= 40


def test_ways_that_only_meet_do_not_cross() -> None:
    """Two ways to one card touch there, which is no fault."""
    graph = page(Edge("a", "x"), Edge("b", "x"))
    assert cost(graph, SPINE | {"x": (7.0, 2.0), "y": (1.0, 2.0)}, "a>b", "b>c", "a>x", "b>x") == 0


def test_the_head_of_an_arrow_may_cross_too() -> None:
    """Graphviz ends an arrow's points before its head: a way that passes between the two crosses it."""
    rows = plain({"b": (4.0, 5.0), "x": (7.0, 5.0), "y": (6.35, 8.0), "z": (6.35, 2.0)}, "y>z").splitlines()
    found = []
    for end in (6.2, 6.3):
        arrow = f'edge "b" "x" 4 4.5 5 5 5 5.5 5 {end} 5 solid black'
        drawn = Drawn.read("\n".join([*rows, arrow, ""]))
        found.append(Judge.of(Graph((), (), ()), frozenset(), drawn).cost(drawn, math.inf))
    assert found[0] == 0 < found[1]


def test_a_main_path_at_the_edge_costs() -> None:
    """The further from the middle the main path stands, the worse; one that is not straight is worse still."""
    graph = page(Edge("a", "x"))
    middle, aside, edge = (cost(graph, SPINE | {"x": (x, 5.0), "y": (y, 5.0)}) for x, y in ((1, 7), (2, 9), (4, 11)))
    assert middle == 0
    assert middle < aside < edge
    assert cost(graph, SPINE | {"b": (4.5, 5.0), "x": (1.0, 5.0), "y": (7.0, 5.0)}) > edge


def test_nothing_stands_above_where_the_path_begins() -> None:
    """Such a layout is never taken, nor one too wide for a wall."""
    start = Node("a", NodeKind.START, ("开始",), main=True)
    graph = page(Edge("a", "x"))
    begun = Graph(graph.title, (start, *graph.nodes[1:]), graph.edges)
    assert cost(begun, SPINE | {"x": (1.0, 9.0), "y": (7.0, 5.0)}) >= 40
    assert cost(begun, SPINE | {"x": (-10.0, 5.0), "y": (18.0, 5.0)}) >= 40


def test_what_is_tried_has_the_same_arrows() -> None:
    """Every arrangement near another holds the same arrows, those of each node together, and differs from it."""
    graph = page(Edge("a", "x"), Edge("a", "y"), Edge("x", "x1"), Edge("x", "x2"))
    first = Arrangement.of(graph)
    tried = list(nearby(graph, first, frozenset(node.id for node in graph.nodes)))
    assert {one.under for one in tried} == {None, "x"}
    for one in tried:
        assert one != first
        assert Counter(one.edges) == Counter(graph.edges)
        assert [edge.tail for edge in one.edges] == [edge.tail for edge in first.edges]
    orders = {tuple(edge.head for edge in one.edges if edge.tail == "a") for one in tried}
    assert {("b", "x", "y"), ("x", "b", "y"), ("x", "y", "b")} <= orders


def test_what_has_no_trouble_stays() -> None:
    """Only ways that lead to what crosses, touches or leans are moved."""
    graph = page(Edge("a", "x"), Edge("a", "y"), Edge("b", "z"))
    moved = [
        {edge.head for edge, before in zip(one.edges, Arrangement.of(graph).edges, strict=True) if edge != before}
        for one in nearby(graph, Arrangement.of(graph), frozenset({"z"}))
    ]
    assert moved == [{"c", "z"}]
    assert list(nearby(graph, Arrangement.of(graph), frozenset())) == []


@dataclass
class Fake:
    """A page whose layout depends on the order of its arrows alone: ``x`` on the wrong side is crossed."""

    graph: Graph
    loose: frozenset[str] = frozenset()
    asked: list[int] = field(default_factory=list)

    def text(self, arrangement: Arrangement) -> str:
        """Return the order of the arrows that leave the first card."""
        return "".join(edge.head for edge in arrangement.edges if edge.tail == "a")

    def lay_out(self, texts: Sequence[str]) -> list[str]:
        """Return a layout in which a way crosses another unless the good order was asked for."""
        self.asked.append(len(texts))
        return self._plains(texts)

    def laid_out(self, arrangement: Arrangement) -> list[str]:
        """Return the page laid out in its first arrangement."""
        return self._plains([self.text(arrangement)])

    def _plains(self, texts: Sequence[str]) -> list[str]:
        good = plain(SPINE | {"x": (1.0, 2.0), "y": (7.0, 2.0)}, "a>b", "b>c", "a>x", "a>y")
        bad = plain(SPINE | {"x": (7.0, 2.0), "y": (7.0, 5.0), "z": (1.0, 5.0)}, "a>b", "b>c", "a>x", "y>c")
        return [good if text == "bxy" else bad for text in texts]


def test_the_best_arrangement_is_kept() -> None:
    """A page with a crossing gets the order without one; then it is good, and nothing else is tried."""
    fake = Fake(page(Edge("a", "x"), Edge("a", "y")))
    first = Arrangement.of(fake.graph)
    (best,) = settled([fake], [first], fake.laid_out(first), fake.lay_out)
    assert fake.text(first) == "xby"
    assert fake.text(best) == "bxy"
    assert len(fake.asked) == 1


def test_a_good_page_stays_as_it_is() -> None:
    """Nothing else is tried where nothing is wrong, nor without a main path."""
    fake = Fake(page(Edge("a", "x"), Edge("a", "y")))
    good = Arrangement.of(fake.graph).changed([PATH[0], Edge("a", "x"), Edge("a", "y")])
    assert settled([fake], [good], fake.laid_out(good), fake.lay_out) == [good]
    assert fake.asked == []
    bare = Fake(Graph(("页",), fake.graph.nodes, (Edge("a", "x"), Edge("a", "y"))))
    first = Arrangement.of(bare.graph)
    assert settled([bare], [first], bare.laid_out(first), bare.lay_out) == [first]
    assert bare.asked == []


def test_a_branch_hangs_under_the_end_of_the_path() -> None:
    """The card named stands lower than where the main path ends, and all stays above the legend."""
    graph = page(Edge("a", "x"), Edge("x", "x1"), Edge("x", "x2"))
    under = Arrangement(Arrangement.of(graph).edges, under="x")
    assert dot_text(graph) != dot_text(graph, under)
    assert "c -> x [style=invis" in dot_text(graph, under).replace("weight=4 ", "").replace(" weight=4", "")


@pytest.mark.parametrize("name", ["complaint.svg", "postage_only.en.svg"])
def test_the_same_page_is_laid_out_the_same(graphs: dict[str, Graph], name: str) -> None:
    """Alone or among others, a page comes out the same, to the byte."""
    alone = laid_out([graphs[name]])
    assert alone == laid_out([graphs[name]])
    assert alone in laid_out([graphs["wrong_item.svg"], graphs[name]])
