"""Which side of the main path everything else hangs on."""

from __future__ import annotations

from aftersales.draw.balance import balanced
from aftersales.draw.graph import Edge


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


def test_nothing_moves_without_a_main_path() -> None:
    """Arrows stay as they are where none is on the main path."""
    edges = (Edge("a", "b"), Edge("a", "c"), Edge("b", "d"))
    assert balanced(edges) == edges
