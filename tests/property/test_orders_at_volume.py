"""The money of whole orders at volume; ``./dev bench`` runs the same over a million of them."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import orders_at_volume
from aftersales.case import computed, paid_back
from aftersales.money import show_money
from orders_at_volume import settle_many
from small_policy import look


def test_every_fen_of_many_orders_is_accounted_for() -> None:
    """2,000 random orders taken apart case by case: nothing is lost, gained or paid twice."""
    assert settle_many(20261106, 2_000) == []


def test_a_refund_that_gains_a_fen_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one fen too many goes back to the payments, the account says so."""
    right = paid_back.pay_back
    monkeypatch.setattr(orders_at_volume, "pay_back", lambda order, goods, other: right(order, goods + 1, other))
    assert settle_many(1, 20)


@pytest.mark.parametrize("fact", ["claimed_paid", "already_refunded", "postage_claimed"])
def test_a_computed_fact_that_is_off_by_a_fen_is_found(monkeypatch: pytest.MonkeyPatch, fact: str) -> None:
    """Where one of the facts comes out a fen too low, the account of some order does not add up."""
    right: Callable[..., object] = computed.compute

    def wrong(name: str, *rest: object) -> object:
        value = right(name, *rest)
        return value - 1 if name == fact and isinstance(value, int) and value > 0 else value

    monkeypatch.setattr(orders_at_volume, "compute", wrong)
    assert settle_many(1, 200)


def test_points_that_are_kept_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing goes back in kind, the account of orders with points says so."""
    monkeypatch.setattr(orders_at_volume, "returned_in_kind", lambda _order, _claim: ())
    assert settle_many(1, 50)


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(0, 10**5), st.integers(0, 10**6), st.booleans())
def test_kept_goods_cost_what_they_cost_without_the_discount(
    back: int, kept: int, off: int, more: int, in_two_lines: bool
) -> None:
    """After a return that loses a threshold discount, the buyer has paid the kept goods' full price, or got nothing."""
    off = min(off, back + kept)
    threshold = min(kept + 1 + more, back + kept)
    lines = [{"sku": str(fen), "quantity": 1, "unit_price": show_money(fen)} for fen in (back, kept)]
    order = {
        "paid_at": "2026-11-01T10:00+08:00",
        "lines": lines if in_two_lines else lines[::-1],
        "discounts": [{"kind": "activity", "amount": show_money(off), "threshold": show_money(threshold)}],
    }
    view = look({"order": order, "claim": {"lines": [{"line": 1 if in_two_lines else 2, "quantity": 1}]}})
    claimed, held_back = view.fact("claimed_paid"), view.fact("discount_resettled")
    assert isinstance(claimed, int)
    assert isinstance(held_back, int)
    assert claimed - held_back == back - off
