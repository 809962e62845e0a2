"""An expression that looks sound is not scanned: what can be read of such a text is nothing that the scan refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.expr.faults import Faults
from aftersales.expr.parse import parse_expr
from aftersales.expr.scan import DEEPEST, LONGEST, looks_sound, scan
from aftersales.source import Source, Span

SPAN = Span(Source("x.yaml", "x\n"), 1, 1, 1, 2)
PIECES = [
    *("a", "b", "c_1", "x.y", "min", "and", "or", "not", "in", "if", "else", "(", ")", "(a)", "(a, b)", ",", "0", "1"),
    *("==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "**", "->", "<>", "=", "12", "1a", "None", "is", "__a", "\n"),
    *("not a", "a and b", "a == b", "a in (b, c)", "min(a, 0)", "a if b else c", "a + b", "甲", "'a'"),
]
words = st.lists(st.sampled_from(PIECES), max_size=9).flatmap(
    lambda pieces: st.sampled_from([" ", ""]).map(lambda between: between.join(pieces))
)


def refused(text: str, *, law: bool) -> bool:
    """Say whether the scan finds a fault."""
    faults = Faults(lambda _start, _end: SPAN)
    scan(text, faults, dotted=law)
    return bool(faults)


@given(text=words, law=st.booleans())
def test_what_is_read_is_never_refused(text: str, law: bool) -> None:
    """Whatever is read as an expression, scanned or not, is one in which the scan finds nothing."""
    raw, faults = parse_expr(text, lambda _start, _end: SPAN, law=law)
    assert (raw is None) == bool(faults)
    assert raw is None or not refused(text, law=law)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "(a) (b)",
        "a b'",
        "__a",
        "a__ or b",
        "12",
        "1.5",
        "None",
        "a is b",
        "甲",
        "a.b",
        "a = b",
        "(" * 41 + "a" + ")" * 41,
    ],
)
def test_what_needs_a_closer_look_gets_one(text: str) -> None:
    """Foreign signs, long numbers, words of Python, deep brackets and calls of brackets do not look sound."""
    assert not looks_sound(text)


def test_limits_are_kept() -> None:
    """The longest expression may look sound, a longer one or a deeper one does not."""
    assert looks_sound("a" * LONGEST)
    assert not looks_sound("a" * (LONGEST + 1))
    assert looks_sound("(" * DEEPEST + "a" + ")" * DEEPEST)


def test_no_text_takes_long_to_look_at() -> None:
    """A text that is refused at its last sign is refused at once."""
    assert not looks_sound("a" * (LONGEST - 1) + "!")
    assert looks_sound("a.b " * 200, dotted=True)
