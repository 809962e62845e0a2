"""How far an amount can be from 0 is told without a row, and no row is beyond it."""

from random import Random

import numpy as np
import pytest

from aftersales.columns.logic import calendar, compare, const, extreme, floor, number, pick, product, total
from aftersales.columns.nodes import Term
from aftersales.columns.reach import bound, reach
from aftersales.columns.rows import Block, Rows

MOST = 40
SIZE = 3_000
DICE = np.random.default_rng(8)
#: Amounts at their bounds and between, every one with every other.
BLOCK = Block(
    SIZE,
    {},
    {name: DICE.choice([0, 0, 1, 7, MOST - 1, MOST, MOST], SIZE) for name in "abc"},
    "Asia/Shanghai",
)


def draw(dice: Random, depth: int) -> Term:
    """Draw an amount over three columns."""
    if depth == 0 or dice.random() < 0.15:
        return number(dice.choice("abc"), MOST) if dice.random() < 0.7 else const(dice.randint(-60, 60))
    parts = [draw(dice, depth - 1) for _ in range(2)]
    match dice.choice(("total", "product", "floor", "min", "max", "pick")):
        case "total":
            return total((dice.choice((-3, -1, 1, 2)), part) for part in parts)
        case "product":
            return product(parts, dice.choice((1, 3, 10)))
        case "floor":
            return floor(extreme("max", (parts[0], const(0))), dice.choice((1, 7)))
        case "pick":
            return pick(compare("<", *parts), parts[0], draw(dice, depth - 1))
        case which:
            return extreme("min" if which == "min" else "max", parts)


@pytest.mark.parametrize("seed", range(40))
def test_no_row_is_beyond_reach(seed: int) -> None:
    """Whatever an amount is made of, it is within its reach in every row, and its bound holds on both sides."""
    dice = Random(seed)  # noqa: S311  # amounts to work out, no secrets
    for _ in range(25):
        term = draw(dice, 3)
        low, high = reach(term)
        found = Rows(BLOCK, None, SIZE).whole(term)
        assert low <= found.min() <= found.max() <= high <= bound(term)
        assert -low <= bound(term)


@pytest.mark.parametrize("seed", range(40))
def test_what_is_settled_by_reach_is_so_in_every_row(seed: int) -> None:
    """A comparison that comes to one truth without a row comes to it in every row, and the others are asked."""
    dice = Random(seed)  # noqa: S311
    settled = 0
    for _ in range(60):
        left, right = draw(dice, 2), draw(dice, 2)
        rows = Rows(BLOCK, None, SIZE)
        one, other = rows.whole(left), rows.whole(right)
        for op, true in (("<", one < other), ("<=", one <= other), ("==", one == other)):
            made = compare(op, left, right)  # type: ignore[arg-type]  # one of the three
            assert np.array_equal(np.broadcast_to(rows.truth(made), (SIZE,)), true)
            settled += isinstance(made, bool)
    assert settled > 20


def test_amounts_are_never_below_0() -> None:
    """An amount that a column tells is not below 0, nor above what the column can hold; at its bounds it may be."""
    a = number("a", MOST)
    assert compare("<", a, const(0)) is False
    assert compare("<=", const(0), a) is True
    assert compare("<=", a, const(MOST)) is True
    assert compare("<", extreme("max", (a, const(3))), const(3)) is False
    assert compare("==", a, const(MOST + 1)) is False
    for op, figure in (("<", 1), ("<=", 0), ("==", 0), ("==", MOST), ("<", MOST)):
        assert not isinstance(compare(op, a, const(figure)), bool)  # type: ignore[arg-type]  # one of the three
    days = calendar("days_between", (number("from", 1 << 33), number("to", 1 << 33)))
    assert not isinstance(compare("<", days, const(0)), bool)
