"""Which side of the main path everything else hangs on."""

from __future__ import annotations

from aftersales.draw.balance import balanced
from aftersales.draw.graph import Edge, Node, NodeKind


def heads(edges: tuple[Edge, ...], tail: str) -> list[str]:
    """Return what the arrows of a node lead to, from left to right."""
    return [edge.head for edge in edges if edge.tail == tail]


def test_main_path_leaves_between_the_others() -> None:
    """The arrow of the main path moves; the others keep the author's order, and none is lost."""
    edges = (Edge("a", "b"), Edge("a", "c"), Edge("a", "d", main=True))
    made = balanced(edges)
    assert heads(made, "a") == ["b", "d", "c"]
    assert set(made) == set(edges)


def test_what_hangs_above_is_made_up_for_below() -> None:
    """A wide branch on one side lets those further down go to the other; what is reached twice counts once."""
    wide = tuple(Edge("b", f"b{number}") for number in range(3))
    edges = (Edge("a", "b"), Edge("a", "m", main=True), *wide, Edge("m", "c"), Edge("m", "n", main=True))
    made = balanced(edges)
    assert heads(made, "a") == ["m", "b"]
    assert heads(made, "m") == ["c", "n"]
    again = balanced((*edges, Edge("c", "b0")))
    assert heads(again, "m") == ["n", "c"]


def test_ways_back_to_the_path_run_next_to_it() -> None:
    """What only comes back to the main path stands between it and what leads away, and so crosses nothing."""
    back = (Edge("a", "late"), Edge("a", "far"), Edge("late", "m"))
    edges = (*back, Edge("a", "m", main=True), Edge("m", "n", main=True))
    for more in ((), tuple(Edge("far", f"f{number}") for number in range(3))):
        order = heads(balanced((*edges, *more)), "a")
        assert abs(order.index("late") - order.index("m")) == 1
        assert sorted(order) == ["far", "late", "m"]


def test_wide_cards_count_for_more_than_pills() -> None:
    """Room is measured in text: one long card weighs as much as several short answers."""
    card = Node("x", NodeKind.CARD, ("很长的标题" * 4,), states=("x",))
    answers = tuple(Node(name, NodeKind.ANSWER, ("是",)) for name in "bcd")
    edges = (*(Edge("a", name) for name in "xbcd"), Edge("a", "m", main=True))
    assert heads(balanced(edges, (card, *answers)), "a") == ["x", "m", "b", "c", "d"]
    assert heads(balanced(edges), "a") == ["x", "b", "m", "c", "d"]


def test_ways_that_meet_leave_on_one_side() -> None:
    """Two ways to one end, from one card or from cards on the path, do not pass over the main path."""
    late = (Edge("a", "l1"), Edge("l1", "end"), Edge("a", "m", main=True), Edge("a", "l2"), Edge("l2", "end"))
    for edges in (late, (*late, Edge("a", "x"), Edge("a", "y"))):
        order = heads(balanced(edges), "a")
        assert (order.index("l1") < order.index("m")) == (order.index("l2") < order.index("m"))
    further = (Edge("a", "b"), Edge("b", "end"), Edge("a", "c"), Edge("a", "m", main=True), Edge("m", "n", main=True))
    first = heads(balanced(further), "a").index("b") < heads(balanced(further), "a").index("m")
    order = heads(balanced((*further, Edge("m", "d"), Edge("d", "end"))), "m")
    assert (order.index("d") < order.index("n")) == first


def test_nothing_moves_without_a_main_path() -> None:
    """Arrows stay as they are where none is on the main path."""
    edges = (Edge("a", "b"), Edge("a", "c"), Edge("b", "d"))
    assert balanced(edges) == edges
