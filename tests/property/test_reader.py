"""Laws of the reader: whatever is written, there are nodes or faults with places, never anything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.errors import Diagnostic, render
from aftersales.source import WIDEST_EXCERPT, Source, Span, part_of_scalar, width
from aftersales.syntax.read import read_file
from aftersales.syntax.schema import FILE_KINDS
from aftersales.text import Lang
from aftersales.yaml_nodes import Mapping, Node, Scalar, Sequence, compose, place, plain
from aftersales.yaml_text import decode

#: Pieces that YAML and the language give a meaning to, so that random texts get past the first line.
PIECES = [
    "a", "b: ", "flow: x\n", "title: {zh: 甲, en: a}\n", "states:\n", "  a:\n", "    to: b\n", "    outcome: kept\n",
    "start: a\n", "facts:\n", "params:\n", "  p: {type: money, value: 1.005}\n", "- ", "[", "]", "{", "}", ", ", ": ",
    "\n", "  ", "'", '"', "\\", "&a ", "*a", "!!str ", "|\n", ">-\n", "#", "~", "null", "no", "010", "12:30", "(", ")",
    "first:\n", "when: x in (a, b)\n", "otherwise: c", "by: ", "退货", "，", "\t", "\r\n", "\x07", "\u2028", "\ufeff",
    "---\n", "...\n", "%YAML 1.1\n", "? ", "<<", "@", "`", "𝄞", "e\u0301", "\ud800",
]  # fmt: skip
texts = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
words = st.text("abcdefgh_ ", min_size=1, max_size=30).map(lambda text: " ".join(text.split())).filter(bool)


def well_formed(fault: Diagnostic) -> bool:
    """Say whether a fault has a place and can be shown in both languages, no line wider than a terminal's excerpt."""
    shown = [render(fault, lang) for lang in Lang]
    lines = [line for each in shown for line in each.split("\n")[1:3]]
    carets = [line for line in lines if line.strip() and set(line.strip()) == {"^"}]
    return fault.span is not None and all(width(line) <= WIDEST_EXCERPT + 4 for line in carets)


@given(text=texts)
def test_any_text_gives_a_node_or_faults(text: str) -> None:
    """Composing never fails in any other way, and every fault can be shown."""
    node, faults = compose(Source("x.yaml", text))
    assert node is not None or faults
    assert all(well_formed(fault) for fault in faults)


@given(data=st.binary(max_size=80))
def test_any_bytes_give_a_source_or_a_fault(data: bytes) -> None:
    """So does decoding."""
    source = decode("x.yaml", data)
    assert isinstance(source, Source) or well_formed(source)


@pytest.mark.parametrize("kind", FILE_KINDS)
@given(text=texts)
def test_any_text_is_a_file_of_its_kind_or_has_faults(kind: str, text: str) -> None:
    """Every shape reads every node to an end."""
    made, faults = read_file(Source("x.yaml", text), FILE_KINDS[kind])
    assert made is None or not faults
    assert all(well_formed(fault) for fault in faults)


@given(text=texts)
def test_every_node_lies_in_its_file(text: str) -> None:
    """Places are in order and inside the text (or the line that ends it), and a plain value stands where its place says."""
    source = Source("x.yaml", text)
    node, _ = compose(source)
    lines = text.split("\n")
    for each in below(node):
        span = each.span
        assert (1, 1) <= (span.line, span.column) <= (span.end_line, span.end_column)
        assert span.end_line <= len(lines) + 1
        if isinstance(each, Scalar) and each.style == "plain" and not set("(&!") & set(text):
            assert span.line != span.end_line or in_source(span) == each.text


@given(text=texts)
def test_a_path_through_the_data_leads_to_its_node(text: str) -> None:
    """``plain`` and ``place`` see the same file; a value under a key is shown with its key."""
    node, _ = compose(Source("x.yaml", text))
    if node is not None:
        for path, each in paths(node):
            found = place(node, path)
            if not path or isinstance(path[-1], int):
                assert found == each.span
            elif isinstance(each, Scalar):
                assert (found.line, found.column) <= (each.span.line, each.span.column)
                assert (found.end_line, found.end_column) == (each.span.end_line, each.span.end_column)
            assert lookup(plain(node), path) == plain(each)


@given(
    words_=st.lists(words, min_size=1, max_size=4),
    indent=st.integers(1, 6),
    style=st.sampled_from([">", "|", ">-", "'", '"', ""]),
)
def test_a_part_of_a_value_stands_at_its_place(words_: list[str], indent: int, style: str) -> None:
    """However a value is broken over lines, each of its words is found where it was written."""
    if style in {"'", '"', ""}:
        written = style + f"\n{' ' * indent}".join(words_) + style
    else:
        written = style + "".join(f"\n{' ' * indent}{each}" for each in words_)
    source = Source("x.yaml", f"when: {written}\n")
    node, faults = compose(source)
    assert not faults
    assert isinstance(node, Mapping)
    value = node.entries[0][1]
    assert isinstance(value, Scalar)
    at = 0
    for word in " ".join(words_).split():
        at = value.text.index(word, at)
        assert in_source(part_of_scalar(value.span, value.text, value.style, at, at + len(word))) == word
        at += len(word)


def in_source(span: Span) -> str:
    """Return what stands at a place of one line."""
    return span.source.line(span.line)[span.column - 1 : span.end_column - 1]


def below(node: Node | None) -> list[Node]:
    """Return a node and all nodes below it."""
    return [each for _, each in paths(node)] if node is not None else []


def paths(node: Node, start: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Node]]:
    """Return every node with the path that leads to it."""
    found = [(start, node)]
    if isinstance(node, Mapping):
        for key, value in node.entries:
            found += paths(value, (*start, key.text))
    elif isinstance(node, Sequence):
        for number, item in enumerate(node.items):
            found += paths(item, (*start, number))
    return found


def lookup(data: object, path: tuple[str | int, ...]) -> object:
    """Return what a path leads to in plain data."""
    for step in path:
        assert isinstance(data, dict | list)
        data = data[step]  # type: ignore[index]
    return data
