"""Threshold discounts on partial returns, at purchase prices, to the fen."""

from collections.abc import Mapping, Sequence

import pytest

from aftersales.case.read import read_case
from aftersales.errors import CaseError
from small_policy import SMALL, look

PAID = "2026-11-01T10:00+08:00"
COUPON = {"kind": "coupon", "amount": "10.00", "threshold": "100.00", "funded_by": "seller"}


def priced(*prices: str) -> list[dict[str, object]]:
    """Return lines of one unit each."""
    return [{"sku": str(number), "quantity": 1, "unit_price": price} for number, price in enumerate(prices)]


def gone(line: int, amount: str, held_back: str | None = None, case: str = "C0") -> dict[str, object]:
    """Return another case's refund of one unit."""
    record = {"case": case, "line": line, "quantity": 1, "for": "goods", "amount": amount, "status": "done"}
    return record if held_back is None else {**record, "deducted": {"discount_resettled": held_back}}


def claiming(
    lines: Sequence[Mapping[str, object]],
    claimed: Mapping[int, int],
    refunds: Sequence[Mapping[str, object]] = (),
    discounts: Sequence[Mapping[str, object]] = (COUPON,),
) -> tuple[object, object]:
    """Return what was paid for the claimed units and what is held back from it."""
    order = {"paid_at": PAID, "lines": list(lines), "refunds": list(refunds), "discounts": list(discounts)}
    claim = {"lines": [{"line": number, "quantity": units} for number, units in claimed.items()]}
    view = look({"order": order, "claim": claim})
    return view.fact("claimed_paid"), view.fact("discount_resettled")


def test_the_kept_goods_cost_their_full_price() -> None:
    """60 + 50 with 10 off over 100: returning the 60 gives 54.55 - 4.55 = 50.00, the 50 is then kept at 50.00."""
    assert claiming(priced("60.00", "50.00"), {1: 1}) == (5455, 455)


def test_what_was_held_back_goes_back_with_the_rest() -> None:
    """The 50 returned later gives its 45.45 and the 4.55 held back: 100.00 together, all that was paid."""
    assert claiming(priced("60.00", "50.00"), {2: 1}, [gone(1, "50.00", "4.55")]) == (5000, 0)


def test_a_case_that_held_nothing_back_gives_nothing_back() -> None:
    """After a return that was the seller's fault the rest costs what was paid for it, and nothing more is held back."""
    assert claiming(priced("60.00", "50.00"), {2: 1}, [gone(1, "54.55")]) == (4545, 0)
    three = priced("60.00", "50.00", "40.00")
    taken = [gone(1, "56.00"), gone(2, "46.67", case="C1")]
    assert claiming(three, {3: 1}, taken)[1] == 0


@pytest.mark.parametrize(
    ("prices", "claimed"),
    [
        pytest.param(("60.00", "50.00"), {1: 1, 2: 1}, id="nothing is kept"),
        pytest.param(("60.00", "50.00", "50.00"), {1: 1}, id="what is kept still reaches it"),
        pytest.param(("30.00", "50.00"), {1: 1}, id="the order alone never reached it: a discount across shops"),
    ],
)
def test_nothing_is_held_back(prices: tuple[str, ...], claimed: dict[int, int]) -> None:
    """A discount is lost only where the order reached its threshold and what is kept of it does not."""
    assert claiming(priced(*prices), claimed)[1] == 0


def test_two_steps_of_a_discount_are_two_discounts() -> None:
    """5 over 100 and 10 more over 150: keeping 110 of 160 loses only the second."""
    steps = [
        {"kind": "activity", "amount": "5.00", "threshold": "100.00"},
        {"kind": "activity", "amount": "10.00", "threshold": "150.00"},
    ]
    assert claiming(priced("50.00", "110.00"), {1: 1}, (), steps) == (4531, 687)


def test_an_order_that_is_not_paid_gives_nothing() -> None:
    """Unpaid cash on delivery: nothing was paid, nothing is held back."""
    order = {"paid_at": None, "cash_on_delivery": True, "lines": priced("60.00", "50.00"), "discounts": [COUPON]}
    view = look({"order": order, "claim": {"lines": [{"line": 1, "quantity": 1}]}})
    assert (view.fact("claimed_paid"), view.fact("discount_resettled")) == (0, 0)


def test_a_threshold_needs_prices() -> None:
    """Without unit prices nobody can tell what the kept goods are worth."""
    lines = [{"sku": "A", "quantity": 1, "paid": "60.00"}, {"sku": "B", "quantity": 1, "paid": "50.00"}]
    with pytest.raises(CaseError) as raised:
        read_case(SMALL, {"order": {"lines": lines, "discounts": [COUPON]}})
    assert [fault.message.en for fault in raised.value.diagnostics] == [
        "order.discounts#1.threshold: a discount with a threshold needs the unit_price of every line it covers"
    ]


def test_records_above_what_was_paid_are_refused() -> None:
    """What was held back from one line may go back with another, but all goods together never give more than was paid."""
    lines = priced("60.00", "50.00", "40.00")
    refunds = [gone(1, "50.00", "4.55"), gone(2, "51.00", case="C1"), gone(3, "40.00", case="C2")]
    with pytest.raises(CaseError) as raised:
        read_case(SMALL, {"order": {"lines": lines, "discounts": [COUPON], "refunds": refunds}})
    assert [fault.message.en for fault in raised.value.diagnostics] == [
        "order.refunds: other cases refunded 141.00 of the goods, 140.00 was paid"
    ]
