"""Amounts over rows are the exact ones, whichever way is the fastest for them."""

from fractions import Fraction
from math import floor

import numpy as np
import pytest

from aftersales.columns.logic import compare, const, extreme, number, pick, product, total
from aftersales.columns.rows import Block, Rows

N, M = number("n", 10_000), number("m", 10_000)
DICE = np.random.default_rng(5)
BLOCK = Block(2_000, {}, {"n": DICE.integers(0, 10_000, 2_000), "m": DICE.integers(0, 10_000, 2_000)}, "Asia/Shanghai")
ROWS = list(zip(BLOCK.numbers["n"].tolist(), BLOCK.numbers["m"].tolist(), strict=True))


def half_up(value: Fraction) -> int:
    """Round half up, a negative number as its positive twin."""
    return floor(value + Fraction(1, 2)) if value >= 0 else -floor(-value + Fraction(1, 2))


@pytest.mark.parametrize("divisor", [2, 3, 7, 10, 200, 10_000])
def test_products_are_rounded_half_up(divisor: int) -> None:
    """A product of amounts that are never negative, and one that may be, are rounded half up from the exact figure."""
    rows = Rows(BLOCK, None, BLOCK.size)
    never = product((N, extreme("min", (M, const(300)))), divisor)
    assert rows.term(never).tolist() == [half_up(Fraction(n * min(m, 300), divisor)) for n, m in ROWS]
    either = product((total(((1, N), (-1, M))), const(3)), divisor)
    assert rows.term(either).tolist() == [half_up(Fraction((n - m) * 3, divisor)) for n, m in ROWS]


@pytest.mark.parametrize("limit", [0, 1, 40, 5_000, 9_960, 10_000])
def test_one_of_two_amounts(limit: int) -> None:
    """Which of two amounts counts is told row by row, whether rows take turns or hardly ever differ."""
    rows = Rows(BLOCK, None, BLOCK.size)
    when = compare("<", N, const(limit))
    assert rows.whole(pick(when, M, total(((-2, N),)))).tolist() == [m if n < limit else -2 * n for n, m in ROWS]
    assert rows.whole(pick(when, const(7), const(-9))).tolist() == [7 if n < limit else -9 for n, _ in ROWS]
