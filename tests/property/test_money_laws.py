"""Laws of money: nothing is lost, nothing is made up, nothing falls below zero."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from aftersales.money import (
    LARGEST,
    LARGEST_RATE,
    allocate,
    cumulative_floor,
    half_up,
    parse_money,
    parse_rate,
    show_money,
    show_rate,
    times,
)

fen = st.integers(0, LARGEST)
rates = st.integers(0, 100_000).map(lambda hundredths: Fraction(hundredths, 10_000))
weights = st.lists(fen, min_size=1, max_size=30)


@given(fen)
def test_money_reads_as_it_is_shown(amount: int) -> None:
    """Showing and reading again is nothing."""
    assert parse_money(show_money(amount)) == amount


@given(rates)
def test_rates_read_as_they_are_shown(rate: Fraction) -> None:
    """Showing and reading again is nothing."""
    assert parse_rate(show_rate(rate)) == rate


@given(fen, rates)
def test_a_rate_is_the_one_formula_in_64_bits(amount: int, rate: Fraction) -> None:
    """``(2·x·p + q) // (2·q)``, within half a fen, and never beyond what a column can hold."""
    assert rate <= LARGEST_RATE
    dividend = 2 * amount * rate.numerator + rate.denominator
    assert dividend < 2**63
    assert times(amount, rate) == dividend // (2 * rate.denominator)
    assert abs(times(amount, rate) - amount * rate) <= Fraction(1, 2)


@given(st.fractions())
def test_rounding_is_to_the_nearest(exact: Fraction) -> None:
    """No more than half away, and halves go up."""
    assert -Fraction(1, 2) < half_up(exact) - exact <= Fraction(1, 2)


@given(st.data(), weights)
def test_an_allocation_adds_up_and_keeps_to_its_lines(data: st.DataObject, lines: list[int]) -> None:
    """A discount shared over lines adds up, and no line pays less than nothing."""
    amount = data.draw(st.integers(0, sum(lines)))
    shares = allocate(amount, lines, lines)
    assert sum(shares) == amount
    assert all(0 <= share <= line for share, line in zip(shares, lines, strict=True))


@given(st.data(), weights)
def test_an_allocation_is_fair_to_the_fen(data: st.DataObject, lines: list[int]) -> None:
    """Every share is its exact part, rounded down or up, and the greater remainder is served first."""
    amount = data.draw(st.integers(0, sum(lines)))
    exact = [Fraction(amount * line, sum(lines) or 1) for line in lines]
    shares = allocate(amount, lines) if any(lines) else (0,) * len(lines)
    assert all(abs(share - part) < 1 for share, part in zip(shares, exact, strict=True))
    given_up = [part % 1 for share, part in zip(shares, exact, strict=True) if share > part]
    left_out = [part % 1 for share, part in zip(shares, exact, strict=True) if share < part]
    assert not given_up or not left_out or min(given_up) >= max(left_out)


@given(st.data(), st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 1000)), min_size=1, max_size=20))
def test_caps_are_kept_and_filled(data: st.DataObject, lines: list[tuple[int, int]]) -> None:
    """With caps below the fair share, the rest goes to those who still have room; nothing is lost."""
    caps = [cap for _, cap in lines]
    amount = data.draw(st.integers(0, sum(caps)))
    shares = allocate(amount, [weight for weight, _ in lines], caps)
    assert sum(shares) == amount
    assert all(0 <= share <= cap for share, cap in zip(shares, caps, strict=True))


@given(fen, st.lists(st.integers(1, 1_000_000), min_size=1, max_size=30))
def test_every_partition_comes_to_the_whole(amount: int, parts: list[int]) -> None:
    """Units refunded in any groups add up to what was paid for all of them."""
    whole, before, total = sum(parts), 0, 0
    for part in parts:
        share = cumulative_floor(amount, before, before + part, whole)
        assert 0 <= share <= amount
        total, before = total + share, before + part
    assert total == amount
