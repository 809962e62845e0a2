"""Payments, points and coupons: what goes back where, to the fen."""

from collections.abc import Mapping, Sequence

from aftersales.case.in_kind import InKind, returned_in_kind
from aftersales.case.model import Case, Claim, Order
from aftersales.case.paid_back import pay_back
from aftersales.case.read import read_case
from small_policy import SMALL

LINES = [{"sku": "A", "quantity": 3, "unit_price": "40.00"}, {"sku": "B", "quantity": 1, "unit_price": "30.00"}]


def read(order: Mapping[str, object], claimed: Mapping[int, int]) -> tuple[Order, Case]:
    """Return an order and the case that claims ``{line: units}`` of it."""
    claim = {"lines": [{"line": number, "quantity": units} for number, units in claimed.items()]}
    case = read_case(SMALL, {"order": order, "claim": claim})
    assert case.order is not None
    return case.order, case


def payments(*amounts: str, refunds: Sequence[Mapping[str, object]] = ()) -> Order:
    """Return an order of one line that was paid in parts."""
    paid = sum(int(amount.replace(".", "")) for amount in amounts)
    order = {
        "lines": [{"sku": "A", "quantity": 10, "paid": f"{paid / 100:.2f}"}],
        "payments": [{"id": f"p{n}", "kind": "alipay", "amount": amount} for n, amount in enumerate(amounts, 1)],
        "refunds": list(refunds),
    }
    return read(order, {1: 1})[0]


def back(order: Order, goods: int, other: int = 0) -> dict[str | None, int]:
    """Return the parts of a refund by payment."""
    return {part.payment.id if part.payment else None: part.amount for part in pay_back(order, goods, other)}


def other_case(amount: str, name: str = "C0", **more: object) -> dict[str, object]:
    """Return another case's refund of one unit."""
    return {"case": name, "line": 1, "quantity": 1, "for": "goods", "amount": amount, "status": "done", **more}


def test_in_proportion_by_largest_remainder() -> None:
    """70 + 30 paid, 33.33 back: 23.33 and 10.00."""
    assert back(payments("70.00", "30.00"), 3333) == {"p1": 2333, "p2": 1000}
    assert back(payments("0.01", "0.01", "0.01"), 2) == {"p1": 1, "p2": 1}


def test_all_gives_each_payment_back() -> None:
    """The whole order goes back exactly as it came."""
    assert back(payments("70.00", "29.99", "0.01"), 10000) == {"p1": 7000, "p2": 2999, "p3": 1}


def test_what_did_not_come_with_the_order_is_paid_another_way() -> None:
    """Compensation and receipts are no part of a payment, nor is what the payments cannot hold."""
    assert back(payments("70.00", "30.00"), 10000, 1200) == {"p1": 7000, "p2": 3000, None: 1200}
    assert back(payments("70.00", "30.00"), 10001) == {"p1": 7000, "p2": 3000, None: 1}
    assert back(payments("70.00", "30.00"), 0) == {}


def test_other_cases_used_their_share_up() -> None:
    """After 33.33 of another case 46.67 and 20.00 are left, and they go back exactly."""
    order = payments("70.00", "30.00", refunds=[other_case("33.33")])
    assert back(order, 6667) == {"p1": 4667, "p2": 2000}


def test_another_cases_compensation_used_nothing_up() -> None:
    """What another case paid another way leaves the payments as they were."""
    order = payments("70.00", "30.00", refunds=[{**other_case("5.00"), "for": "late_shipment", "quantity": 0}])
    assert back(order, 10000) == {"p1": 7000, "p2": 3000}


def test_unknown_payments() -> None:
    """Where nobody told how the order was paid, nothing is said of it."""
    order, _ = read({"lines": LINES}, {1: 1})
    assert pay_back(order, 1000, 0) == ()


def points(amount: str = "1.00", **more: object) -> dict[str, object]:
    """Return points as a discount."""
    return {"kind": "points", "amount": amount, **more}


def test_points_go_back_by_share_of_the_units() -> None:
    """1.00 in points over 3 × 40 and 30: .80 and .20; the three units one by one .26 .27 .27."""
    order = {"lines": LINES, "discounts": [points(funded_by="platform")]}
    found: list[InKind] = []
    for taken in range(3):
        refunds = [{"case": "C0", "line": 1, "quantity": taken, "for": "goods", "amount": 0, "status": "done"}]
        order_read, case = read({**order, "refunds": refunds if taken else []}, {1: 1})
        found += returned_in_kind(order_read, case.claim)
    assert found == [InKind("points", None, amount, "platform") for amount in (26, 27, 27)]
    assert returned_in_kind(*_claim(order, {2: 1})) == (InKind("points", None, 20, "platform"),)


def _claim(order: Mapping[str, object], claimed: Mapping[int, int]) -> tuple[Order, Claim]:
    order_read, case = read(order, claimed)
    return order_read, case.claim


def test_a_coupon_goes_back_whole_with_the_last_unit() -> None:
    """A coupon on the first line goes back with the last of its units, whatever happens to the other line."""
    coupon = {"kind": "coupon", "id": "K7", "amount": "10.00", "lines": [1], "funded_by": "seller"}
    order = {"lines": LINES, "discounts": [coupon]}
    assert returned_in_kind(*_claim(order, {1: 2, 2: 1})) == ()
    taken = [{"case": "C0", "line": 1, "quantity": 2, "for": "goods", "amount": 0, "status": "pending"}]
    whole = (InKind("coupon", "K7", 1000, "seller"),)
    assert returned_in_kind(*_claim({**order, "refunds": taken}, {1: 1})) == whole
    assert returned_in_kind(*_claim({**order, "refunds": taken}, {2: 1})) == ()


def test_an_activity_is_nothing_to_return() -> None:
    """A lower price was never anything in the buyer's hands."""
    order = {"lines": LINES, "discounts": [{"kind": "activity", "amount": "5.00"}]}
    assert returned_in_kind(*_claim(order, {1: 3, 2: 1})) == ()


def test_points_on_lines_without_prices_follow_what_was_paid() -> None:
    """Without list prices, points are shared by what was paid for each line; by units where nothing was paid."""
    lines = [{"sku": "A", "quantity": 1, "paid": "30.00"}, {"sku": "B", "quantity": 1, "paid": "10.00"}]
    assert returned_in_kind(*_claim({"lines": lines, "discounts": [points()]}, {1: 1}))[0].amount == 75
    free = [{"sku": "A", "quantity": 3, "paid": 0}, {"sku": "B", "quantity": 1, "paid": 0}]
    assert returned_in_kind(*_claim({"lines": free, "discounts": [points()]}, {1: 3}))[0].amount == 75
