"""What formulas of a query share is named once, in layers, and only where it may be worked out for every row."""

from aftersales.columns.logic import all_of, among, any_of, compare, const, number, product, total
from aftersales.columns.sharing import shared

PAID = number("paid", 10**12)
LEFT = total(((1, PAID), (-1, number("refunded", 10**12))))


def test_what_is_needed_twice_is_named_once() -> None:
    """A sum that two comparisons rest on is one column, a comparison that two formulas rest on one behind it."""
    less, more = compare("<", LEFT, const(5)), compare("<=", const(9), LEFT)
    one = all_of((less, among("issue", [1], 4)))
    other = any_of((less, among("issue", [2], 4)))
    assert shared((one, other, more)) == [[LEFT], [less]]


def test_what_is_needed_once_is_not_named() -> None:
    """What only one formula asks stays in its text; a column of the table needs no other name."""
    assert shared((compare("<", LEFT, PAID), among("issue", [1], 4), among("issue", [1], 4))) == []


def test_what_may_not_fit_is_left_to_its_rows() -> None:
    """A product beyond 64 bits, and all that rests on it, is worked out only for the rows that it is about."""
    wide = product((PAID, number("other", 10**12)))
    above = compare("<", const(5), wide)
    assert shared((above, above, wide, wide)) == []
    assert shared((product((PAID, const(3))),) * 2) == [[product((PAID, const(3)))]]
