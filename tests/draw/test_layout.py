"""What Graphviz makes of every page: nothing overlaps, no text leaves its box, nothing is covered."""

from __future__ import annotations

import os
from itertools import combinations

import pytest

from aftersales import LoadedPolicy
from aftersales.draw import draw_all
from aftersales.draw.from_policy import Atlas, flow_pages
from aftersales.draw.graph import Edge, Graph, Line, Node, NodeKind
from aftersales.draw.pictures import drawable
from aftersales.text import Lang
from layouts import Layout, layouts


@pytest.fixture(scope="module")
def pages(shipped: LoadedPolicy, graphs: dict[str, Graph]) -> dict[str, Layout]:
    """Return the layout of every page, in Chinese, in English, and of some flows in both with their sources."""
    both = Atlas.of(shipped.model, (Lang.ZH, Lang.EN), sources=True)
    flows = drawable(shipped.model)
    more = {
        f"{name}-{page.page}.both": page
        for name in ("wrong_item", "reception")
        for page in flow_pages(both, flows[name])
    }
    every = graphs | more
    return dict(zip(every, layouts(every.values()), strict=True))


def test_no_box_overlaps_another(pages: dict[str, Layout]) -> None:
    """Cards, pills, stubs, title block and legend of a page lie apart."""
    for name, page in pages.items():
        for one, other in combinations((*page.nodes, *page.around), 2):
            assert not one.overlaps(other), f"{name}: {one.name} and {other.name}"


def test_no_text_is_wider_than_its_box(pages: dict[str, Layout]) -> None:
    """Every text, as wide as Graphviz measured it, lies inside its box, and every box on the page."""
    for name, page in pages.items():
        for box in (*page.nodes, *page.around):
            assert page.page.holds(box), f"{name}: {box.name}"
            assert box.texts, f"{name}: {box.name} says nothing"
            for text in box.texts:
                assert box.holds(text), f"{name}: {text.name} in {box.name}"


def test_no_text_covers_another(pages: dict[str, Layout]) -> None:
    """Texts of one box lie apart too."""
    for name, page in pages.items():
        for box in (*page.nodes, *page.around):
            for one, other in combinations(box.texts, 2):
                assert not one.overlaps(other), f"{name}: {one.name} and {other.name}"


def test_no_arrow_crosses_a_box(pages: dict[str, Layout]) -> None:
    """An arrow touches only the two nodes that it joins, so it covers no label."""
    for name, page in pages.items():
        for tail, head, points in page.arrows:
            for box in (box for box in page.nodes if box.name not in {tail, head}):
                assert not any(map(box.has, points)), f"{name}: {tail} -> {head} crosses {box.name}"


def test_pages_fit_a_wall(pages: dict[str, Layout]) -> None:
    """No page of a flow is much wider than high or many times higher than wide, and none is larger than A2 at 96 dpi."""
    for name, page in pages.items():
        if name.endswith(".svg") and not name.startswith("overview"):
            assert 0.25 < page.page.right / page.page.top < 1.9, name
            assert max(page.page.right, page.page.top) < 2400, name


def test_main_path_is_straight(pages: dict[str, Layout], graphs: dict[str, Graph]) -> None:
    """On nine pages of ten the cards of the main path stand under one another, so that the eye follows it down."""
    bent = []
    for name, graph in graphs.items():
        cards = {node.id for node in graph.nodes if node.main and node.kind is NodeKind.CARD}
        middles = [(box.left + box.right) / 2 for box in pages[name].nodes if box.name in cards]
        if middles and max(middles) - min(middles) > 3:
            bent.append(name)
    assert len(bent) < len(graphs) / 10, bent


def test_main_path_runs_down_the_middle(pages: dict[str, Layout], graphs: dict[str, Graph]) -> None:
    """On average it is within a thirteenth of the page's width of the middle, and never near the edge."""
    aside = []
    for name, graph in graphs.items():
        cards = {node.id for node in graph.nodes if node.main and node.kind is not NodeKind.FLOW}
        middles = [(box.left + box.right) / 2 for box in pages[name].nodes if box.name in cards]
        if middles:
            aside.append(abs(sum(middles) / len(middles) / pages[name].page.right - 0.5))
    assert sum(aside) / len(aside) < 1 / 13
    assert max(aside) < 0.3


def test_hardly_any_ways_cross(pages: dict[str, Layout]) -> None:
    """Of twelve pages no more than one has ways that cross, away from a box that both lead to."""
    crossed = [name for name, page in pages.items() if any(page.crossings())]
    assert len(crossed) <= len(pages) / 12, crossed


def test_main_path_begins_on_top(pages: dict[str, Layout], graphs: dict[str, Graph]) -> None:
    """Nothing stands higher than where the eye has to begin."""
    for name, graph in graphs.items():
        first = next((node.id for node in graph.nodes if node.kind is NodeKind.START and node.main), None)
        tops = {box.name: box.top for box in pages[name].nodes}
        middle = {box.name: (box.top + box.bottom) / 2 for box in pages[name].nodes}
        if first is not None:
            assert all(other <= tops[first] for other in middle.values()), name


def test_legend_stands_under_the_middle_of_the_page(pages: dict[str, Layout]) -> None:
    """The eye finds it in the same place on every page, wherever the main path runs."""
    for name, page in pages.items():
        for box in (box for box in page.nodes if box.name == "footing"):
            middle = (page.page.left + page.page.right) / 2
            assert abs((box.left + box.right) / 2 - middle) < page.page.right / 20, name


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_rows_below_are_centred(number: int) -> None:
    """What stands below the picture and nothing leads to stands under its middle, however many there are."""
    ends = tuple(Node(f"end{place}", NodeKind.END, ("结束" * 3,), below=1) for place in range(number))
    cards = tuple(Node(name, NodeKind.CARD, (name,), main=name in "ab") for name in "abc")
    (page,) = layouts([Graph(("页",), (*cards, *ends), (Edge("a", "c"), Edge("a", "b", main=True)))])
    boxes = {box.name: box for box in page.nodes}
    row = [boxes[end.id] for end in ends]
    middle = (min(box.left for box in row) + max(box.right for box in row)) / 2
    assert abs(middle - (min(boxes[name].left for name in "abc") + max(boxes[name].right for name in "abc")) / 2) < 5


def test_main_path_ends_in_the_middle_of_a_row() -> None:
    """A shared end that the main path comes to stands right below it, the other shared ends beside it."""
    ends = tuple(Node(f"end{place}", NodeKind.END, ("结束",), below=1, main=not place) for place in range(3))
    cards = tuple(Node(name, NodeKind.CARD, (name,), main=name == "a") for name in "ab")
    edges = (Edge("a", "b"), Edge("a", "end0", main=True))
    (page,) = layouts([Graph(("页",), (*cards, *ends), edges)])
    left = {box.name: box.left for box in page.nodes}
    assert left["end1"] < left["end0"] < left["end2"]
    middle = {box.name: (box.left + box.right) / 2 for box in page.nodes}
    assert abs(middle["end0"] - middle["a"]) < 5


def test_rows_below_stand_under_the_middle_of_what_is_deepest() -> None:
    """Where something on the main path goes deeper than its end, the rows stand under the middle of that."""
    deep = tuple(Edge("c", f"deep{place}") for place in range(3))
    names = ("a", "b", "c", "deep0", "deep1", "deep2")
    cards = tuple(Node(name, NodeKind.CARD, (name * 4,), main=name in "ab") for name in names)
    end = Node("end", NodeKind.END, ("结束",), below=1)
    (page,) = layouts([Graph(("页",), (*cards, end), (Edge("a", "b", main=True), Edge("a", "c"), *deep))])
    middle = {box.name: (box.left + box.right) / 2 for box in page.nodes}
    assert abs(middle["end"] - middle["deep1"]) < 5


def test_overlaps_and_wide_texts_are_seen() -> None:
    """The readings these tests rest on are not blind: a box that is too small for its text is found."""
    graph = Graph(
        ("页",),
        (Node("a", NodeKind.CARD, ("一",), lines=(Line((), ("二",)),)), Node("b", NodeKind.CARD, ("三",))),
        (Edge("a", "b"),),
    )
    (page,) = layouts([graph])
    one, other = page.nodes
    assert not one.overlaps(other)
    assert one.overlaps(one)
    assert {text.name for text in one.texts} == {"一", "二"}
    assert not other.holds(one.texts[0])
    (tail, head, points) = page.arrows[0]
    assert (tail, head) == ("a", "b")
    assert not any(map(one.has, points))
    assert points[0][1] > points[-1][1]


def test_everything_is_drawn_in_time(shipped: LoadedPolicy) -> None:
    """The overview and every flow are rendered as SVG with under 10 seconds of one processor's work together."""
    began = sum(os.times()[:4])
    drawn = draw_all(shipped.model)
    assert len(drawn) > len(drawable(shipped.model))
    assert sum(os.times()[:4]) - began < 10
