"""Which side of the main path everything else hangs on."""

from __future__ import annotations

import pytest

from aftersales.draw.balance import balanced, joins_left
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


def test_ways_back_run_inside_what_leads_away() -> None:
    """Between a way back and the main path stands nothing, however many ways lead away on both sides."""
    away = (Edge("a", "l"), Edge("a", "late"), Edge("a", "r"), Edge("late", "m"))
    order = heads(balanced((*away, Edge("a", "m", main=True), Edge("m", "n", main=True))), "a")
    assert order in (["l", "late", "m", "r"], ["l", "m", "late", "r"])


def test_what_is_reached_by_several_ways_counts_once() -> None:
    """Ends that two questions of one branch share take room once; what holds to a side counts there all the same."""
    shared = tuple(Edge(tail, head) for tail in ("y", "z") for head in ("s", "t"))
    first = (Edge("a", "x"), Edge("x", "y"), Edge("x", "z"), *shared, Edge("a", "m", main=True))
    wide = tuple(Edge("b", f"b{number}") for number in range(3))
    edges = (*first, Edge("m", "b"), Edge("m", "n", main=True), *wide, Edge("n", "c"), Edge("n", "o", main=True))
    assert [heads(balanced(edges), tail) for tail in "amn"] == [["m", "x"], ["b", "n"], ["o", "c"]]
    held = (Edge("n", "u"), *(Edge("u", f"u{number}") for number in range(3)), Edge("u", "s"))
    below = (Edge("o", "d"), Edge("o", "p", main=True))
    made = balanced((*first, *held, Edge("m", "n", main=True), Edge("n", "o", main=True), *below))
    assert heads(made, "n") == ["o", "u"]
    assert heads(made, "o") == ["d", "p"]


@pytest.mark.parametrize(("wide", "shared", "order"), [("r", "l", ["o", "d"]), ("l", "r", ["d", "o"])])
def test_what_holds_to_a_side_counts_there(wide: str, shared: str, order: list[str]) -> None:
    """A branch that leads where one before led stays on that side, and the next way leaves on the other."""
    first = (Edge("a", "l"), Edge("a", "r"), Edge("a", "m", main=True), Edge("m", "n", main=True))
    rooms = (Edge(wide, "w1"), Edge(wide, "w2"), Edge(shared, "end"))
    held = (Edge("m", "k"), Edge("k", "k1"), Edge("k", "k2"), Edge("k", "end"))
    made = balanced((*first, *rooms, *held, Edge("n", "d"), Edge("n", "o", main=True)))
    assert heads(made, "a") == ["l", "m", "r"]
    assert heads(made, "m") == (["k", "n"] if shared == "l" else ["n", "k"])
    assert heads(made, "n") == order


def test_a_way_back_reaches_no_further_than_the_path() -> None:
    """What leaves the main path below where a way comes back to it belongs to neither side yet."""
    edges = (Edge("a", "x"), Edge("x", "m"), Edge("x", "y"), Edge("a", "m", main=True))
    assert heads(balanced((*edges, Edge("m", "z"), Edge("m", "n", main=True))), "m") == ["z", "n"]


def test_what_stands_apart_counts_on_the_right() -> None:
    """Another way in that never meets the main path stands to its right, so the first branch goes to the left."""
    edges = (Edge("a", "b"), Edge("a", "m", main=True))
    assert heads(balanced(edges), "a") == ["m", "b"]
    assert heads(balanced((*edges, Edge("s", "t"))), "a") == ["b", "m"]
    assert heads(balanced((*edges, Edge("s", "b"))), "a") == ["m", "b"]


def test_ways_beside_the_path_are_not_crossed() -> None:
    """While a way runs back to the main path on one side, others leave on the other, and it runs there alone."""
    path = tuple(Edge(tail, head, main=True) for tail, head in ("ab", "bc", "cd", "de"))
    back = (Edge("a", "late"), Edge("late", "d"))
    leaving = (Edge("b", "x"), Edge("x", "x1"), Edge("x", "x2"), Edge("c", "y"), Edge("d", "z"))
    made = balanced((*back, *leaving, *path))
    assert heads(made, "a") == ["b", "late"]
    assert heads(made, "b") == ["x", "c"]
    assert heads(made, "c") == ["y", "d"]
    assert heads(made, "d") == ["e", "z"]
    again = balanced((*back, *leaving, *path, Edge("c", "later"), Edge("later", "e")))
    assert heads(again, "c") == ["y", "d", "later"]
    twice = balanced((*back, Edge("late", "c"), *leaving, *path))
    assert heads(twice, "c") == ["y", "d"]


def test_ways_beside_the_path_run_on_one_side() -> None:
    """Two ways back run on the same side, though a card on the first takes much room there; others leave opposite."""
    path = tuple(Edge(tail, head, main=True) for tail, head in ("ab", "bc", "cd", "de"))
    back = (Edge("a", "card"), Edge("card", "d"), Edge("b", "later"), Edge("later", "d"))
    card = Node("card", NodeKind.CARD, ("很长的标题" * 2,), states=("card",))
    made = balanced((*back, *path, Edge("d", "z"), Edge("s", "t")), (card,))
    assert heads(made, "a") == ["card", "b"]
    assert heads(made, "b") == ["later", "c"]
    assert heads(made, "d") == ["e", "z"]


def test_what_also_leads_away_does_not_run_beside_the_path() -> None:
    """A way that comes back to the main path and leads elsewhere too takes its place among the others."""
    ways = (Edge("a", "x"), Edge("a", "w"), Edge("a", "v"), Edge("a", "m", main=True))
    assert heads(balanced((*ways, Edge("x", "m"), Edge("x", "y"))), "a") == ["x", "m", "w", "v"]
    assert heads(balanced((*ways, Edge("x", "m"))), "a") == ["w", "m", "x", "v"]


def test_cards_on_a_way_back_take_room() -> None:
    """A card that only leads back stands beside the main path, and the next way leaves on the other side."""
    edges = (Edge("a", "x"), Edge("x", "m"), Edge("a", "m", main=True), Edge("m", "z"), Edge("m", "n", main=True))
    for kind, states, order in ((NodeKind.ANSWER, (), ["n", "z"]), (NodeKind.CARD, ("x",), ["z", "n"])):
        nodes = (Node("x", kind, ("很长的标题" * 4,), states=states),)
        made = balanced(edges, nodes)
        assert heads(made, "a") == ["m", "x"]
        assert heads(made, "m") == order


def test_other_ways_in_stand_where_they_join() -> None:
    """Where one comes from another page to a branch on the left, that is said on the left."""
    edges = balanced((Edge("a", "b"), Edge("a", "c"), Edge("a", "m", main=True), Edge("p", "b"), Edge("q", "c")))
    assert heads(edges, "a") == ["b", "m", "c"]
    assert joins_left((*edges, Edge("r", "m")), ("p", "q", "r")) == {"p"}


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
