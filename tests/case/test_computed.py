from collections.abc import Mapping, Sequence

import pytest

from aftersales.case.view import CaseView
from aftersales.expr.types import UNKNOWN
from small_policy import look

PAID, SHIPPED = "2026-11-01T10:00+08:00", "2026-11-02T10:00+08:00"


def line(paid: str, quantity: int = 1) -> dict[str, object]:
    """Return an order line."""
    return {"sku": f"{paid}×{quantity}", "quantity": quantity, "paid": paid}


def taken(number: int, units: int = 1, amount: str = "0.00", **more: object) -> dict[str, object]:
    """Return a refund of goods that another case made."""
    return {"case": "C0", "line": number, "quantity": units, "for": "goods", "amount": amount, "status": "done", **more}


def claiming(
    lines: Sequence[Mapping[str, object]],
    claimed: Mapping[int, int] | None = None,
    refunds: Sequence[Mapping[str, object]] = (),
    /,
    **order: object,
) -> CaseView:
    """Return a view of a paid and shipped order, claiming ``{line: units}``."""
    claim = (
        {} if claimed is None else {"lines": [{"line": number, "quantity": units} for number, units in claimed.items()]}
    )
    whole = {"paid_at": PAID, "shipped_at": SHIPPED, "lines": list(lines), "refunds": list(refunds), **order}
    return look({"order": whole, "claim": claim})


def one_by_one(view: CaseView, fact: str) -> list[object]:
    """Return ``fact`` of every unit of an order, each claimed alone after those before it."""
    order = view.case.order
    assert order is not None
    lines = [
        {"sku": bought.sku, "quantity": bought.quantity, "paid": f"{bought.paid / 100:.2f}"} for bought in order.lines
    ]
    units = [bought.number for bought in order.lines for _ in range(bought.quantity)]
    dates = {name: value for name, value in order.facts.items() if name in ("shipped_at", "paid_at")}
    postage = order.facts.get("postage_paid", 0)
    more = {**dates, "postage_paid": f"{postage / 100:.2f}" if isinstance(postage, int) else "0.00"}
    return [
        claiming(lines, {number: 1}, [taken(before) for before in units[:gone]], **more).fact(fact)
        for gone, number in enumerate(units)
    ]


def test_three_units_of_ten() -> None:
    """3 units paid 10.00 → 3.33 3.33 3.34."""
    assert one_by_one(claiming([line("10.00", 3)]), "claimed_paid") == [333, 333, 334]


def test_seven_units_with_a_coupon() -> None:
    """7 × 1.00 on one line with a coupon of 1.00, one by one → .85 .86 .86 .85 .86 .86 .86."""
    lines = [{"sku": "A", "quantity": 7, "unit_price": "1.00"}]
    view = claiming(lines, discounts=[{"kind": "coupon", "amount": "1.00"}])
    assert one_by_one(view, "claimed_paid") == [85, 86, 86, 85, 86, 86, 86]


def test_three_lines_with_a_coupon() -> None:
    """3 × 20 with a coupon of 10 → 16.66 16.67 16.67."""
    lines = [{"sku": sku, "quantity": 1, "unit_price": "20.00"} for sku in "ABC"]
    view = claiming(lines, discounts=[{"kind": "coupon", "amount": "10.00"}])
    assert one_by_one(view, "claimed_paid") == [1666, 1667, 1667]
    assert view.fact("goods_paid") == 5000


def test_outbound_postage_goes_by_goods_value() -> None:
    """Goods 100 and 50, postage 30: 20.00 of it go with the first."""
    assert claiming([line("100.00"), line("50.00")], {1: 1}, postage_paid="30.00").fact("postage_claimed") == 2000


def test_outbound_postage_one_by_one() -> None:
    """Three equal lines, postage 10, one by one → 3.33 3.33 3.34."""
    lines = [line("5.00"), line("5.00"), line("5.00")]
    assert one_by_one(claiming(lines, postage_paid="10.00"), "postage_claimed") == [333, 333, 334]


def test_unshipped_postage_goes_with_the_last_open_line() -> None:
    """Where nothing was shipped, the postage is given back once, with the last line."""
    view = claiming([line("100.00"), line("50.00")], postage_paid="30.00", shipped_at=None)
    assert one_by_one(view, "postage_claimed") == [0, 3000]
    assert view.fact("postage_claimed") == 3000


def test_postage_already_given_back_is_gone() -> None:
    """Never more than the postage less what other cases gave back of it, done or pending."""
    given = {"case": "C0", "for": "outbound", "amount": "25.00", "status": "pending"}
    assert claiming([line("9.00")], None, [given], postage_paid="30.00").fact("postage_claimed") == 500


def test_postage_of_goods_that_cost_nothing_goes_by_units() -> None:
    """A free gift has its share of the postage."""
    view = claiming([line("0.00", 3)], {1: 1}, postage_paid="9.00")
    assert view.fact("postage_claimed") == 300


def test_a_negotiated_refund_counts_when_the_goods_come_back() -> None:
    """Line paid 30, 5 negotiated, later returned → 25.00."""
    view = claiming([line("30.00")], None, [taken(1, amount="5.00", kept=True)])
    assert (view.fact("claimed_paid"), view.fact("already_refunded"), view.fact("goods_left")) == (3000, 500, 2500)


def test_a_negotiated_refund_sits_on_its_units() -> None:
    """Of three units, the first two were kept at a lower price: the third has nothing refunded."""
    kept = taken(1, 2, "5.01", kept=True)
    lines = [line("30.00", 3)]
    assert claiming(lines, {1: 1}, [kept]).fact("already_refunded") == 250
    assert claiming(lines, {1: 1}, [kept, taken(1, 1, "7.50")]).fact("already_refunded") == 251
    assert claiming(lines, {1: 1}, [kept, taken(1, 2, "14.99")]).fact("already_refunded") == 0
    assert claiming(lines, {1: 3}, [kept]).fact("already_refunded") == 501


def test_a_second_negotiated_refund_sits_on_the_next_units() -> None:
    """Two units, each kept at a lower price by its own case; a third refund begins at the first open unit again."""
    lines = [line("30.00", 2)]
    twice = [taken(1, 1, "5.00", kept=True), taken(1, 1, "3.00", kept=True)]
    assert claiming(lines, {1: 1}, twice).fact("already_refunded") == 500
    assert claiming(lines, {1: 2}, twice).fact("already_refunded") == 800
    assert claiming(lines, {1: 1}, [*twice, taken(1, 1, "1.00", kept=True)]).fact("already_refunded") == 600


def test_units_returned_before_do_not_carry_a_later_refund() -> None:
    """A price lowered after one unit went back sits on a unit that is still there."""
    refunds = [taken(1, 1, "15.00"), taken(1, 1, "5.00", kept=True)]
    assert claiming([line("30.00", 2)], {1: 1}, refunds).fact("already_refunded") == 500


THRESHOLD = {"free_shipping": "threshold", "free_shipping_threshold": "99.00", "postage_if_not_free": "10.00"}


def test_threshold_postage_is_deducted_once() -> None:
    """60 + 50 free over 99, else 10: the return of 60 costs 10.00, the later one of 50 nothing."""
    lines = [line("60.00"), line("50.00")]
    assert claiming(lines, {1: 1}, **THRESHOLD).fact("threshold_postage") == 1000
    returned = taken(1, 1, "50.00", deducted={"threshold_postage": "10.00"})
    assert claiming(lines, {2: 1}, [returned], **THRESHOLD).fact("threshold_postage") == 0
    assert claiming(lines, **THRESHOLD).fact("threshold_postage") == 0


def test_threshold_postage_is_not_deducted_again_from_a_third() -> None:
    """Once another case has deducted it, or had to waive it, it is done with."""
    lines = [line("40.00"), line("40.00"), line("40.00")]
    for deducted in ("10.00", "0.00"):
        returned = taken(1, 1, "30.00", deducted={"threshold_postage": deducted})
        assert claiming(lines, {2: 1}, [returned], **THRESHOLD).fact("threshold_postage") == 0
    assert claiming(lines, {2: 1}, [taken(1, 1, "40.00")], **THRESHOLD).fact("threshold_postage") == 1000


@pytest.mark.parametrize(
    ("order", "due"),
    [
        ({**THRESHOLD, "free_shipping": "always"}, 0),
        ({**THRESHOLD, "free_shipping": "none"}, 0),
        ({**THRESHOLD, "free_shipping_threshold": "120.00"}, 0),
        ({**THRESHOLD, "free_shipping_threshold": "50.00"}, 0),
        ({**THRESHOLD, "free_shipping_threshold": "50.01"}, 1000),
        ({**THRESHOLD, "free_shipping_threshold": "110.00"}, 1000),
    ],
    ids=["always free", "never free", "was not reached", "is still reached", "is just missed", "was just reached"],
)
def test_threshold_postage_needs_a_threshold_that_was_lost(order: dict[str, object], due: int) -> None:
    """Due only where the order reached the threshold and what is kept does not."""
    assert claiming([line("60.00"), line("50.00")], {1: 1}, **order).fact("threshold_postage") == due


def test_cash_on_delivery_refused_at_the_door() -> None:
    """Nothing was paid, so nothing is there to refund."""
    view = claiming([line("60.00")], paid_at=None, cash_on_delivery=True, postage_paid="8.00", **THRESHOLD)
    names = ("goods_paid", "claimed_paid", "postage_claimed", "threshold_postage")
    assert [view.fact(name) for name in names] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("order", "paid", "needs"),
    [
        ({"cash_on_delivery": False}, 6000, ()),
        ({"cash_on_delivery": True, "paid_at": PAID}, 6000, ()),
        ({"cash_on_delivery": True, "paid_at": None}, 0, ()),
        ({"paid_at": None}, 0, ()),
        ({"paid_at": PAID}, 6000, ()),
        ({"cash_on_delivery": True}, UNKNOWN, ("paid_at",)),
        ({}, UNKNOWN, ("cash_on_delivery",)),
    ],
    ids=str,
)
def test_what_is_paid_is_known_or_asked_for(order: dict[str, object], paid: object, needs: tuple[str, ...]) -> None:
    """Goods count as paid unless the order is paid at the door, or known to be unpaid."""
    view = look({"order": {"lines": [line("60.00")], **order}})
    assert (view.fact("goods_paid"), view.base_needs("goods_paid")) == (paid, needs)
    assert (view.fact("claimed_paid"), view.base_needs("claimed_paid")) == (paid, needs)


@pytest.mark.parametrize(
    "name", ["goods_paid", "claimed_paid", "already_refunded", "postage_claimed", "threshold_postage"]
)
def test_without_an_order_nothing_is_computed(name: str) -> None:
    """Without lines a computed fact is unknown, and is itself what has to be told."""
    empty: list[dict[str, object]] = [{}, {"order": {}}]
    for order in empty:
        assert look(order).fact(name) is UNKNOWN
        assert look(order).base_needs(name) == (name,)
    assert look({"facts": {name: "5.00"}}).fact(name) == 500


@pytest.mark.parametrize(
    ("order", "name", "needs"),
    [
        ({"shipped_at": SHIPPED}, "postage_claimed", ("postage_paid",)),
        ({}, "postage_claimed", ("postage_paid", "shipped_at")),
        ({"postage_paid": "8.00"}, "postage_claimed", ("shipped_at",)),
        ({}, "threshold_postage", ("free_shipping",)),
        ({"free_shipping": "threshold"}, "threshold_postage", ("free_shipping_threshold", "postage_if_not_free")),
    ],
    ids=str,
)
def test_asks_for_the_inputs_of_computed_facts(order: dict[str, object], name: str, needs: tuple[str, ...]) -> None:
    """A computed fact without question opens to the facts that somebody can answer."""
    view = look({"order": {"paid_at": PAID, "lines": [line("60.00")], **order}})
    assert (view.fact(name), view.base_needs(name)) == (UNKNOWN, needs)


def test_free_postage_asks_nothing() -> None:
    """Where no postage was paid, it does not matter whether the parcel left."""
    view = look({"order": {"paid_at": PAID, "postage_paid": 0, "lines": [line("60.00")]}})
    assert view.fact("postage_claimed") == 0
