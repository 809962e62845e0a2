"""Breaking text by display width."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.draw.wrap import width, wrap


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("", 10, ("",)),
        ("短", 10, ("短",)),
        ("一二三四五六", 6, ("一二三", "四五六")),
        ("一二三，四五", 8, ("一二三，", "四五")),
        ("by the buyer alone", 10, ("by the", "buyer", "alone")),
        ("unbreakablewords", 6, ("unbrea", "kablew", "ords")),
    ],
)
def test_breaks(text: str, columns: int, lines: tuple[str, ...]) -> None:
    """Chinese breaks anywhere but before punctuation, English between words; a longer word is cut."""
    assert wrap(text, columns) == lines


@given(st.text(max_size=60), st.integers(min_value=8, max_value=40))
def test_nothing_is_lost(text: str, columns: int) -> None:
    """Breaking loses nothing but blanks."""
    assert "".join("".join(wrap(text, columns)).split()) == "".join(text.split())


@given(st.text(alphabet="一二三abc ，", max_size=60), st.integers(min_value=12, max_value=40))
def test_lines_fit(text: str, columns: int) -> None:
    """No line is wider than asked, but for punctuation that clings to a word."""
    assert all(width(line.rstrip("，")) <= columns for line in wrap(text, columns))
