"""Going over what an author wrote, and exchanging one piece of it."""

from __future__ import annotations

from dataclasses import dataclass

from aftersales.source import Source, Span
from aftersales.verify.mutants.nodes import nodes_in, swapped

HERE = Span(Source("a.yaml", "text"), 1, 1, 1, 5)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A word with its place."""

    text: str
    span: Span = HERE


@dataclass(frozen=True, slots=True)
class Branch:
    """Leaves in order, and one apart."""

    leaves: tuple[Leaf, ...]
    apart: Leaf | None = None


def test_all_is_gone_over_in_order() -> None:
    """An element comes before what it is made of, places are left out."""
    one, two, three = Leaf("one"), Leaf("two"), Leaf("three")
    branch = Branch((one, two), three)
    assert list(nodes_in(branch)) == [branch, one, two, three]
    assert list(nodes_in((one, "word", 3))) == [one]


def test_only_the_element_itself_is_exchanged() -> None:
    """What is equal to it elsewhere stays; so does all that did not change."""
    one, same = Leaf("one"), Leaf("one")
    branch = Branch((one, same))
    changed = swapped(branch, same, Leaf("two"))
    assert [leaf.text for leaf in changed.leaves] == ["one", "two"]
    assert changed.leaves[0] is one
    assert branch.leaves[1] is same


def test_where_nothing_is_exchanged_nothing_is_made_anew() -> None:
    """An element that is not there changes nothing: the very same thing comes back."""
    branch = Branch((Leaf("one"),), Leaf("two"))
    assert swapped(branch, Leaf("one"), Leaf("other")) is branch
    assert swapped(branch, branch.apart, None) == Branch(branch.leaves, None)
