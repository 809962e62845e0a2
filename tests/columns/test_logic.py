"""Formulas keep their meaning when they are simplified, and alike ones are one object."""

from itertools import product as every
from random import Random

import numpy as np
import pytest

from aftersales.columns.logic import all_of, among, any_of, compare, const, extreme, negate, number, total
from aftersales.columns.nodes import Formula
from aftersales.columns.rows import Block, Rows

SIZES = {"a": 3, "b": 2, "c": 4}
ROWS = [dict(zip(SIZES, codes, strict=True)) for codes in every(*(range(size) for size in SIZES.values()))]
BLOCK = Block(
    len(ROWS),
    {name: np.array([row[name] for row in ROWS], np.uint8) for name in SIZES},
    {"n": np.arange(len(ROWS), dtype=np.int64)},
    "Asia/Shanghai",
)


def draw(dice: Random, depth: int) -> tuple[Formula, list[bool]]:
    """Draw a formula, made by the simplifying functions, and its truth in every row, worked out plainly."""
    if depth == 0 or dice.random() < 0.2:
        name = dice.choice(list(SIZES))
        codes = {code for code in range(SIZES[name]) if dice.random() < 0.5}
        if dice.random() < 0.2:
            bound = dice.randrange(len(ROWS))
            return compare("<", number("n", 99), const(bound)), [i < bound for i in range(len(ROWS))]
        return among(name, codes, SIZES[name]), [row[name] in codes for row in ROWS]
    parts = [draw(dice, depth - 1) for _ in range(dice.randint(1, 3))]
    match dice.choice(("all", "any", "not")):
        case "all":
            return all_of(made for made, _ in parts), [
                all(each) for each in zip(*(true for _, true in parts), strict=True)
            ]
        case "any":
            return any_of(made for made, _ in parts), [
                any(each) for each in zip(*(true for _, true in parts), strict=True)
            ]
        case _:
            made, true = parts[0]
            return negate(made), [not each for each in true]


@pytest.mark.parametrize("seed", range(20))
def test_simplifying_changes_no_meaning(seed: int) -> None:
    """Random formulas are true of the same rows as worked out plainly, and drawn twice they are one object."""
    for number_ in range(20):
        made, true = draw(Random(seed * 100 + number_), 4)  # noqa: S311  # formulas to compare, no secrets
        again, _ = draw(Random(seed * 100 + number_), 4)  # noqa: S311
        assert made is again
        found = np.broadcast_to(Rows(BLOCK, None, len(ROWS)).truth(made), (len(ROWS),))
        assert found.tolist() == true


def test_what_cannot_be_both_is_false() -> None:
    """Two tests of one column that no code passes are false, of all codes together true."""
    one, other = among("a", [1], 3), among("a", [0, 2], 3)
    assert all_of((one, other)) is False
    assert any_of((one, other)) is True


def test_sums_are_joined() -> None:
    """Equal parts of a sum are counted together, what cancels out is gone."""
    n = number("n", 99)
    assert total(((1, n), (-1, n))) is const(0)
    assert total(((1, total(((1, n), (1, const(2))))), (-1, const(2)))) is n


def test_an_extreme_is_compared_with_its_parts_at_once() -> None:
    """What the least or the most of some numbers says about one of them is settled; about others it is open."""
    n, m = number("n", 99), number("m", 99)
    least, most = extreme("min", (n, const(40))), extreme("max", (n, const(40)))
    assert compare("<", most, n) is False
    assert compare("<", n, least) is False
    assert compare("<=", least, n) is True
    assert compare("<=", n, most) is True
    rows = Rows(BLOCK, None, len(ROWS))
    for left, right in ((least, n), (n, most), (most, m), (m, least)):
        assert not isinstance(compare("<", left, right), bool)
    for left, right, figures in ((least, n, min), (n, most, max)):
        true = [(figures(i, 40) < i, i < figures(i, 40))[left is n] for i in range(len(ROWS))]
        assert rows.truth(compare("<", left, right)).tolist() == true
