"""Places and excerpts: where a fault points, and how the line with its carets looks."""

from __future__ import annotations

import pytest

from aftersales.source import WIDEST_EXCERPT, Source, Span, Style, part_of_scalar, width
from aftersales.yaml_nodes import Mapping, Scalar, compose


def scalar(text: str) -> Scalar:
    """Return the value under the only key of a file."""
    node, faults = compose(Source("x.yaml", text))
    assert not faults
    assert isinstance(node, Mapping)
    value = node.entries[0][1]
    assert isinstance(value, Scalar)
    return value


def marked(span: Span) -> str:
    """Return what stands at a place that does not run over a line."""
    assert span.line == span.end_line
    return span.source.line(span.line)[span.column - 1 : span.end_column - 1]


def test_a_line_comes_without_its_end() -> None:
    """Lines count from 1, Windows ends are dropped, past the end there is nothing."""
    source = Source("x.yaml", "a\r\nb\n")
    assert [source.line(number) for number in range(5)] == ["", "a", "b", "", ""]


def test_a_span_is_shown_as_file_line_and_column() -> None:
    """A place reads as editors print it."""
    assert str(Span(Source("flows/a.yaml", ""), 3, 7, 3, 9)) == "flows/a.yaml:3:7"


@pytest.mark.parametrize(
    ("line", "start", "end", "excerpt"),
    [
        ("to: b", 5, 6, "to: b\n    ^"),
        ("title: 退货, to: b", 12, 14, "title: 退货, to: b\n             ^^"),
        ("title: 退货退款", 8, 12, "title: 退货退款\n       ^^^^^^^^"),
        ("title: 退货，ok", 10, 11, "title: 退货，ok\n           ^^"),
        ("a: e\u0301x y", 8, 9, "a: e\u0301x y\n      ^"),
        ("a: b", 5, 5, "a: b\n    ^"),
        ("a: b", 40, 41, "a: b\n    ^"),
        ("\ta\x07b", 4, 5, " a b\n   ^"),
    ],
)
def test_carets_stand_under_the_place(line: str, start: int, end: int, excerpt: str) -> None:
    """Chinese characters are two columns wide, combining marks none, what does not print is a space."""
    assert Span(Source("x.yaml", line), 1, start, 1, end).excerpt() == excerpt


def test_a_span_over_several_lines_marks_the_rest_of_its_first() -> None:
    """Only the first line is shown."""
    assert Span(Source("x.yaml", "ab: c\nd: e\n"), 1, 2, 2, 3).excerpt() == "ab: c\n ^^^^"


def test_a_line_that_is_not_there_has_no_excerpt() -> None:
    """Past the end, and on an empty line, there is nothing to show."""
    source = Source("x.yaml", "a\n\n")
    assert Span(source, 2, 1, 2, 1).excerpt() == Span(source, 9, 1, 9, 1).excerpt() == ""


@pytest.mark.parametrize("before", ["x" * 300, "退" * 300, ""])
@pytest.mark.parametrize("after", ["y" * 300, "货" * 300, ""])
@pytest.mark.parametrize("marked", ["#", "款" * 30, "#" * 400])
def test_a_long_line_is_cut_around_the_place(before: str, marked: str, after: str) -> None:
    """The excerpt never grows wider than a terminal, and its carets stay under what they mark."""
    start = len(before) + 1
    text, carets = Span(Source("x", before + marked + after), 1, start, 1, start + len(marked)).excerpt().split("\n")
    assert width(text) <= WIDEST_EXCERPT
    assert len(carets) <= WIDEST_EXCERPT
    shown_before = text[: text.index(marked[0])]
    assert carets.index("^") == width(shown_before)


CONDITION = "evidence != confirmed and photo_rounds < 2"


@pytest.mark.parametrize(
    "text",
    [
        f"when: {CONDITION}",
        f"when:   {CONDITION}  # why",
        f"when: '{CONDITION}'",
        f'when: "{CONDITION}"',
        "when: evidence != confirmed\n  and photo_rounds < 2",
        "when: 'evidence != confirmed\n  and photo_rounds\n\n  < 2'",
        "when: >\n  evidence != confirmed\n  and photo_rounds < 2\n",
        "when: >-  # folded > here\n    evidence != confirmed and\n    photo_rounds < 2",
        "when: |\n  evidence != confirmed and\n  photo_rounds < 2\n",
        'when: "evidence \\x21= confirmed and \\u0070hoto_rounds < \\\n   2"',
    ],
)
@pytest.mark.parametrize("word", ["evidence", "confirmed", "and", "<", "2"])
def test_a_part_of_a_value_is_found_in_the_file(text: str, word: str) -> None:
    """However a value is quoted or folded, a word of it is found where it stands."""
    value = scalar(text)
    start = value.text.index(word)
    assert marked(part_of_scalar(value.span, value.text, value.style, start, start + len(word))) == word


@pytest.mark.parametrize(
    ("text", "word", "written"),
    [
        ("a: 'it''s that'", "that", "that"),
        ("a: 'it''s that'", "'s", "''s"),
        ('a: "say \\"no\\" twice"', "twice", "twice"),
        ('a: "say \\"no\\" twice"', '"no"', '\\"no\\"'),
        ('a: "\\u9000\\u8d27 x"', "货", "\\u8d27"),
    ],
)
def test_quotes_and_escapes_are_stepped_over(text: str, word: str, written: str) -> None:
    """A doubled quote or an escape is one character of the value."""
    value = scalar(text)
    start = value.text.index(word)
    assert marked(part_of_scalar(value.span, value.text, value.style, start, start + len(word))) == written


def test_an_empty_part_is_a_place_without_length() -> None:
    """The end of a value has a place too."""
    value = scalar("a: 'xy'")
    part = part_of_scalar(value.span, value.text, value.style, 2, 2)
    assert (part.line, part.column, part.end_line, part.end_column) == (1, 7, 1, 7)


@pytest.mark.parametrize("style", ["plain", "single", "double", "folded", "literal"])
def test_a_value_that_does_not_stand_there_has_some_place(style: Style) -> None:
    """A wrong text gives a place inside the value, never an exception."""
    span = Span(Source("x", 'a: "b\n  c"'), 1, 4, 2, 5)
    part = part_of_scalar(span, "something else", style, 3, 30)
    assert 1 <= part.line <= part.end_line <= 2
