"""Breaking text by display width."""

from __future__ import annotations

import re

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


@given(st.text(alphabet="一二三，、（）", max_size=60), st.integers(min_value=12, max_value=40))
def test_no_line_begins_or_ends_badly(text: str, columns: int) -> None:
    """No line but the first begins with punctuation, none but the last ends with an opening bracket, as far as those of a run fit."""
    lines = wrap(text, columns)
    if all(width(run) < columns for run in re.findall("[，、（）]+", text)):
        assert not any(line[0] in "，、）" for line in lines[1:])
        assert not any(line.endswith("（") for line in lines[:-1])


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("一二三四五六七", ("一二三四", "五六七")),
        ("一二三，四五六七", ("一二三，", "四五六七")),
        ("一二三四五六七八九十", ("一二三四五六", "七八九十")),
        ("一二三四（五六）", ("一二三四", "（五六）")),
        ("一二三四 + 五六七", ("一二三四", "+ 五六七")),
        ("一二三续第 1 页", ("一二三续", "第 1 页")),
        ("一二三四五、六", ("一二三四", "五、六")),
        ("one two three four", ("one two", "three four")),
    ],
)
def test_last_line_is_no_orphan(text: str, lines: tuple[str, ...]) -> None:
    """A last line of a word is filled from those above, best where one pauses anyway; a longer one is left as it is."""
    assert wrap(text, 14 if text.startswith("one") else 12) == lines


def test_lines_of_whatever_length_break_where_one_pauses() -> None:
    """Also where the last line is long enough as it is, if that takes no line more; else they are filled."""
    assert wrap("一二三四，五六七八", 12) == ("一二三四，", "五六七八")
    assert wrap("一二，三四五六七八", 12) == ("一二，三四五", "六七八")


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("谈价的次数不到 2 次时", 18, ("谈价的次数不到", "2 次时")),
        ("谈价的次数不到 2 次时", 12, ("谈价的次数", "不到 2 次时")),
        ("期限一共 48 小时整", 12, ("期限一共", "48 小时整")),
        ("扣款一共要 1,200.50 元整", 16, ("扣款一共要", "1,200.50 元整")),
        ("签收后七天无理由退货", 14, ("签收后七天", "无理由退货")),
        ("请买家联系快递公司", 14, ("请买家联系", "快递公司")),
        ("商品实付 − 已退货款", 11, ("商品实付", "− 已退货款")),
        ("商品实付 + 已退货款", 11, ("商品实付", "+ 已退货款")),
    ],
)
def test_what_belongs_together_stays_on_one_line(text: str, columns: int, lines: tuple[str, ...]) -> None:
    """A figure stays with what it counts, a short word whole, and a sign of reckoning with what it adds or takes away."""
    assert wrap(text, columns) == lines
