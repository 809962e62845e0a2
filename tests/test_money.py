import re
from decimal import Decimal
from fractions import Fraction

import pytest

from aftersales.money import (
    LARGEST,
    MoneyFormatError,
    allocate,
    cumulative_floor,
    half_up,
    parse_money,
    parse_rate,
    show_money,
    show_rate,
    times,
)


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("12.00", 1200),
        ("12.5", 1250),
        ("0.01", 1),
        ("0", 0),
        (12, 1200),
        (0, 0),
        (Decimal("59.90"), 5990),
        (Decimal("1E+2"), 10000),
        ("10000000000.00", LARGEST),
    ],
)
def test_reads_yuan_as_fen(written: object, fen: int) -> None:
    """Text, whole numbers and decimals are yuan; they come out as whole fen."""
    assert parse_money(written) == fen


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (12.0, 'money is written as text such as "12.00" or as a whole number, a fraction may be inexact: 12.0'),
        (float("nan"), 'money is written as text such as "12.00" or as a whole number, a fraction may be inexact: nan'),
        ("1.234", "money has at most two decimals: 1.234"),
        (Decimal("0.001"), "money has at most two decimals: 0.001"),
        ("-1", "money is never negative: -1"),
        (-1, "money is never negative: -1"),
        ("+1", "not an amount of money such as 12.00: +1"),
        ("1e3", "not an amount of money such as 12.00: 1e3"),
        ("1,000.00", "not an amount of money such as 12.00: 1,000.00"),
        ("012", "not an amount of money such as 12.00: 012"),
        (".50", "not an amount of money such as 12.00: .50"),
        ("12.", "not an amount of money such as 12.00: 12."),
        (" 12", "not an amount of money such as 12.00: 12"),
        ("１２", "not an amount of money such as 12.00: １２"),
        ("", 'not an amount of money such as 12.00: ""'),
        (Decimal("NaN"), "not an amount of money such as 12.00: NaN"),
        (Decimal("1E+99"), "not an amount of money such as 12.00: 1E+99"),
        ("10000000000.01", "more than the largest amount 10000000000.00: 10000000000.01"),
        pytest.param(10**5000, "more than the largest amount 10000000000.00: 99999999999999999999", id="5000 digits"),
        (True, 'an amount of money belongs here, such as "12.00"'),
        (None, 'an amount of money belongs here, such as "12.00"'),
        ([], 'an amount of money belongs here, such as "12.00"'),
    ],
)
def test_refuses_what_is_no_amount(written: object, message: str) -> None:
    """Whatever is not plainly an amount is refused with a message that says why."""
    with pytest.raises(MoneyFormatError, match=f"^{re.escape(message)}$") as caught:
        parse_money(written)
    assert caught.value.message.zh != message


def test_a_long_text_is_cut_in_the_message() -> None:
    """A message stays one short line, whatever was written."""
    with pytest.raises(MoneyFormatError) as caught:
        parse_money("9\n" * 10_000)
    assert str(caught.value) == "not an amount of money such as 12.00: 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9…"


@pytest.mark.parametrize(
    ("fen", "shown"), [(1200, "12.00"), (0, "0.00"), (5, "0.05"), (-5, "-0.05"), (-1200, "-12.00")]
)
def test_shows_two_decimals(fen: int, shown: str) -> None:
    """Fen are shown as yuan with two decimals, below zero with a sign."""
    assert show_money(fen) == shown


@pytest.mark.parametrize(
    ("written", "rate", "shown"),
    [
        ("30%", Fraction(3, 10), "30%"),
        ("12.5%", Fraction(1, 8), "12.5%"),
        ("0.01%", Fraction(1, 10_000), "0.01%"),
        ("0%", Fraction(0), "0%"),
        ("1000%", Fraction(10), "1000%"),
        ("7.50%", Fraction(3, 40), "7.5%"),
    ],
)
def test_reads_and_shows_rates_exactly(written: str, rate: Fraction, shown: str) -> None:
    """A percentage is an exact fraction, and is shown without needless zeros."""
    assert parse_rate(written) == rate
    assert show_rate(rate) == shown


@pytest.mark.parametrize("written", ["30", "0.3", "1.234%", "-5%", "1000.01%", "3 %", 0.3, 1, None, "３０%"])
def test_refuses_what_is_no_rate(written: object) -> None:
    """A rate needs its percent sign, at most two decimals, and is at most 1000%."""
    with pytest.raises(MoneyFormatError):
        parse_rate(written)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [(Fraction(1, 2), 1), (Fraction(49, 100), 0), (Fraction(5, 2), 3), (Fraction(7), 7), (Fraction(-1, 2), 0)],
)
def test_rounds_half_up(exact: Fraction, rounded: int) -> None:
    """Halves go up, by the one formula of the product."""
    assert half_up(exact) == rounded


def test_a_rate_of_an_amount_is_rounded_once() -> None:
    """1.5 fen become 2 fen."""
    assert times(15, Fraction(1, 10)) == 2


@pytest.mark.parametrize(
    ("amount", "weights", "caps", "shares"),
    [
        (1000, [2000, 2000, 2000], None, (334, 333, 333)),
        (9, [1] * 10, [1] * 10, (1, 1, 1, 1, 1, 1, 1, 1, 1, 0)),
        (10, [1, 1, 1], [2, 9, 9], (2, 4, 4)),
        (10, [1, 1, 1], [2, 3, 9], (2, 3, 5)),
        (100, [0, 3, 1], None, (0, 75, 25)),
        (5, [Fraction(3, 10), Fraction(7, 10)], None, (2, 3)),
        (0, [0, 0], None, (0, 0)),
        (0, [], None, ()),
    ],
)
def test_allocates_by_largest_remainder(
    amount: int, weights: list[int | Fraction], caps: list[int] | None, shares: tuple[int, ...]
) -> None:
    """Shares follow the weights, ties go to the earlier line, no share passes its cap."""
    assert allocate(amount, weights, caps) == shares


@pytest.mark.parametrize(
    ("amount", "weights", "caps"), [(1, [0, 0], None), (1, [], None), (5, [1, 1], [2, 2]), (-1, [1], None)]
)
def test_never_drops_what_cannot_be_placed(amount: int, weights: list[int], caps: list[int] | None) -> None:
    """An amount that the lines cannot hold is an error, never a smaller sum."""
    with pytest.raises(ValueError, match="cannot be shared"):
        allocate(amount, weights, caps)


def test_three_units_of_ten() -> None:
    """3 units paid 10.00 come to 3.33, 3.33 and 3.34, one by one."""
    assert [cumulative_floor(1000, unit, unit + 1, 3) for unit in range(3)] == [333, 333, 334]


def test_seven_units_with_a_coupon() -> None:
    """7 × 1.00 with a coupon of 1.00 on one line, one by one."""
    assert [cumulative_floor(600, unit, unit + 1, 7) for unit in range(7)] == [85, 86, 86, 85, 86, 86, 86]
