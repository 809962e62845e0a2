"""Sound files are composed as a whole: the same nodes as event by event, and nothing that is or may be at fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.run.loaded import shipped_folder
from aftersales.source import Source
from aftersales.yaml_events import compose_events
from aftersales.yaml_nodes import DEEPEST, Mapping, Node, Scalar, Sequence, compose
from aftersales.yaml_whole import compose_whole

SHIPPED = sorted(path for path in shipped_folder().rglob("*.yaml") if path.parent.name != "cases")

#: Pieces of files as people write them, so that many random texts are sound.
PIECES = [
    "a: b\n", "c: [d, e]\n", "f: {g: h, i: 2}\n", "j:\n  k: l\n", "m:\n  - n\n  - o: p\n    q: r\n", "s: 'it''s'\n",
    't: "退\\u8d27"\n', "u: >-\n  long\n  text\n", "v: |\n  lines\n  kept\n", "w:\n", "# said\n", "x: {y: max(1, 2)}\n",
    "z: [max(1, 2)]\n", "a: again\n", "b: &c d\n", "e: *c\n", "g: !h i\n", "! ", "!<!> ", "-  ", "k: ![l]\n", "? k\n", "[l]: m\n", "n: {o: }\n", "p: ''\n",
    "q: {r: '', s: t}\n", "---\n", "  ", "- ", "\n", "  u: v\n", "{", "]", ": ",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


def same(one: Node, other: Node) -> bool:
    """Say whether two nodes are equal, down to the places of everything in them."""
    if one.span != other.span or type(one) is not type(other):
        return False
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        return (one.text, one.style) == (other.text, other.style)
    if isinstance(one, Sequence) and isinstance(other, Sequence):
        return len(one.items) == len(other.items) and all(map(same, one.items, other.items))
    assert isinstance(one, Mapping)
    assert isinstance(other, Mapping)
    pairs = zip(one.entries, other.entries, strict=True)
    return all(same(key, name) and same(value, found) for (key, value), (name, found) in pairs)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_files_are_composed_as_a_whole(path: Path) -> None:
    """Every file of the shipped policy is read in the quick way, and is what it is event by event."""
    source = Source(path.name, path.read_text(encoding="utf-8"))
    node, (events, faults) = compose_whole(source), compose_events(source)
    assert node is not None
    assert events is not None
    assert same(node, events)
    assert node == events
    assert not faults


@given(text=TEXTS)
def test_what_is_composed_as_a_whole_is_sound(text: str) -> None:
    """Either the quick way stands back, or there is no fault and both ways give the same, to the last column."""
    source = Source("x.yaml", text)
    node = compose_whole(source)
    if node is not None:
        events, faults = compose_events(source)
        assert not faults
        assert events is not None
        assert same(node, events)


@pytest.mark.parametrize(
    "text",
    [
        "", "a: &b c", "a: *b", "a: !b c", "a: ! [b]", "!b [a]", "a: 1\na: 2", "[a]: b", "? {a: b}\n: c", "a: [max(1, 2)]",
        "a: {b: max(1, 2)}", "a: {b: }", "a: {b, c}", "a: b\n---\nc: d", "a: [", "[" * (DEEPEST + 2) + "]" * (DEEPEST + 2),
        "[" * 90_000, "- " * 5_000, "-  " * 33_000, "a: 'b' &", "a: ! b", "a: !<!> b", "a: !<%21> [b]", "[!, a]", "!",
    ],
    ids=range(25),
)  # fmt: skip
def test_what_may_be_at_fault_is_left_to_the_events(text: str) -> None:
    """Tags, anchors, keys that come twice or are no words, cut values, depth: whoever knows the fault reads the file."""
    assert compose_whole(Source("x.yaml", text)) is None


def test_the_deepest_is_still_sound() -> None:
    """As deep as a file may go, both ways read it."""
    source = Source("x.yaml", "[" * DEEPEST + "]" * DEEPEST)
    node, _ = compose_events(source)
    assert node is not None
    assert compose_whole(source) == node


def test_equal_nodes_have_one_hash() -> None:
    """Nodes compare by what they say and where, however their places were told."""
    source = Source("x.yaml", "a: [b]")
    one, other = compose(source)[0], compose_events(source)[0]
    assert one == other
    assert hash(one) == hash(other)
    assert one != compose(Source("x.yaml", "a:  [b]"))[0]
