from collections.abc import Mapping
from decimal import Decimal

import pytest

from aftersales.case.model import Order, OtherRefund, Payment
from aftersales.case.read import read_case
from aftersales.errors import CaseError, ConflictError
from aftersales.expr.types import UNKNOWN
from aftersales.instants import parse_instant
from small_policy import SMALL


def order_of(**order: object) -> Order:
    """Return an order as read."""
    read = read_case(SMALL, {"order": order}).order
    assert read is not None
    return read


def paid(lines: list[Mapping[str, object]], **order: object) -> list[int]:
    """Return what was paid for each line, in fen."""
    return [
        line.paid for line in order_of(lines=[{"sku": str(n), **line} for n, line in enumerate(lines)], **order).lines
    ]


def test_reads_the_documented_order() -> None:
    """Every key of the documented order record is read."""
    order = order_of(
        id=3301,
        platform="tmall",
        shop="corner",
        currency="CNY",
        paid_at="2026-11-01T10:00+08:00",
        postage_paid="12.00",
        freight_insurance="25.00",
        lines=[
            {
                "sku": "TABLE-01",
                "title": "实木茶几",
                "quantity": 2,
                "unit_price": "64.00",
                "paid": "118.00",
                "kind": "normal",
            }
        ],
        discounts=[{"kind": "coupon", "amount": "10.00", "lines": [1], "funded_by": "seller"}],
        payments=[{"id": "p1", "kind": "alipay", "amount": "130.00"}],
        refunds=[
            {
                "case": "C0",
                "line": 1,
                "quantity": 1,
                "for": "goods",
                "amount": "49.00",
                "deducted": {"threshold_postage": "10.00"},
                "status": "done",
            }
        ],
    )
    (line,) = order.lines
    assert (order.id, order.shop) == ("3301", "corner")
    assert (line.number, line.sku, line.quantity, line.paid, line.unit_price) == (1, "TABLE-01", 2, 11800, 6400)
    assert line.attributes == {"kind": "normal"}
    assert order.payments == (Payment("p1", "alipay", 13000),)
    assert order.refunds == (OtherRefund("C0", 1, 1, "goods", 4900, {"threshold_postage": 1000}, "done"),)
    assert order.facts == {
        "platform": "tmall",
        "paid_at": parse_instant("2026-11-01T10:00+08:00"),
        "postage_paid": 1200,
        "insured_up_to": 2500,
        "order_paid": 13000,
    }


def test_reads_what_yaml_leaves_as_text() -> None:
    """Numbers and flags that a file keeps as text are read like plain ones; a caller's decimals too."""
    order = order_of(
        lines=[{"sku": "A", "quantity": "2", "paid": Decimal("5.5")}],
        cash_on_delivery="false",
        previous_exchanges="1",
        postage_paid=8,
    )
    assert (order.lines[0].quantity, order.lines[0].paid) == (2, 550)
    assert order.facts == {"cash_on_delivery": False, "previous_exchanges": 1, "postage_paid": 800}


def test_three_units_share_a_coupon() -> None:
    """3 × 20.00 with a coupon of 10.00 cost 16.66, 16.67 and 16.67."""
    coupon = [{"kind": "coupon", "amount": "10.00"}]
    assert paid([{"quantity": 1, "unit_price": "20.00"}] * 3, discounts=coupon) == [1666, 1667, 1667]


def test_no_line_falls_below_zero() -> None:
    """Ten lines of 0.01 with 0.09 off cost 0.01 together, and none of them less than nothing."""
    nets = paid([{"quantity": 1, "unit_price": "0.01"}] * 10, discounts=[{"kind": "activity", "amount": "0.09"}])
    assert sorted(nets) == [0] * 9 + [1]


def test_each_stage_is_shared_by_the_net_of_the_stage_before() -> None:
    """Activity, then coupon, then points, in whatever order they are written."""
    lines: list[Mapping[str, object]] = [
        {"quantity": 1, "unit_price": "100.00"},
        {"quantity": 1, "unit_price": "100.00"},
    ]
    discounts = [
        {"kind": "points", "amount": "15.00"},
        {"kind": "coupon", "amount": "50.00"},
        {"kind": "activity", "amount": "50.00", "lines": [1]},
    ]
    after_activity = (5000, 10000)
    after_coupon = (after_activity[0] - 1667, after_activity[1] - 3333)
    assert after_coupon == (3333, 6667)
    assert paid(lines, discounts=discounts) == [3333 - 500, 6667 - 1000]
    assert paid(lines, discounts=discounts[::-1]) == [2833, 5667]


def test_a_discount_on_some_lines_leaves_the_others() -> None:
    """A discount limited to lines takes nothing off the others."""
    lines: list[Mapping[str, object]] = [{"quantity": 1, "unit_price": "10.00"}, {"quantity": 1, "unit_price": "10.00"}]
    assert paid(lines, discounts=[{"kind": "coupon", "amount": "10.00", "lines": ["2"]}]) == [1000, 0]


def test_without_discounts_the_price_is_only_an_upper_bound() -> None:
    """An order that does not tell its discounts may have cost less than its prices, never more."""
    assert paid([{"quantity": 2, "unit_price": "64.00", "paid": "118.00"}]) == [11800]
    with pytest.raises(ConflictError):
        paid([{"quantity": 2, "unit_price": "64.00", "paid": "118.00"}], discounts=[])


def test_a_price_is_not_needed_where_all_is_paid() -> None:
    """Discounts on lines without unit price change nothing where what was paid is told."""
    assert paid([{"quantity": 1, "paid": 5}], discounts=[{"kind": "coupon", "amount": 1}]) == [500]


@pytest.mark.parametrize(
    ("order", "fits"),
    [
        ({"postage_paid": "12.00", "payments": [{"id": 1, "amount": 100}, {"id": 2, "amount": 30}]}, True),
        ({"order_paid": "130.00", "payments": [{"id": 1, "amount": 130}]}, True),
        ({"order_paid": "130.00", "payments": [{"id": 1, "amount": 129}]}, False),
        ({"order_paid": "130.00", "postage_paid": "12.00"}, True),
        ({"order_paid": "130.00", "postage_paid": "13.00"}, False),
        ({"payments": [{"id": 1, "amount": 140}]}, True),
        ({"payments": [{"id": 1, "amount": 117}]}, False),
        ({"order_paid": "0.00", "postage_paid": "12.00", "cash_on_delivery": True}, True),
        ({"order_paid": "0.00", "postage_paid": "12.00", "paid_at": None}, True),
        ({"order_paid": "0.00", "postage_paid": "12.00"}, False),
    ],
    ids=str,
)
def test_payments_add_up(order: dict[str, object], fits: bool) -> None:
    """Payments are goods and outbound postage, to the fen, as far as both are told."""
    data = {"order": {"lines": [{"sku": "A", "quantity": 1, "paid": "118.00"}], **order}}
    if fits:
        assert read_case(SMALL, data).order is not None
    else:
        with pytest.raises(ConflictError):
            read_case(SMALL, data)


def test_uninsured_is_a_known_no() -> None:
    """``freight_insurance: null`` says that there is none; an absent key says nothing."""
    assert order_of(freight_insurance=None).facts == {"insured_up_to": None}
    assert order_of().facts == {}


def test_insurance_told_twice_must_agree() -> None:
    """The insurance and the fact behind it may not differ."""
    with pytest.raises(ConflictError):
        order_of(freight_insurance="25.00", insured_up_to="20.00")


EARLY, LATE = "2026-11-02T10:00+08:00", "2026-11-04T10:00+08:00"


@pytest.mark.parametrize(
    ("own", "delivered"),
    [
        ([{}, {}], EARLY),
        ([{"delivered_at": LATE}, {}], LATE),
        ([{"delivered_at": None}, {}], None),
        ([{}, {"delivered_at": LATE}], EARLY),
    ],
    ids=["the order's", "a claimed line's", "not yet", "a line not claimed"],
)
def test_claimed_lines_have_their_own_dates(own: list[dict[str, object]], delivered: str | None) -> None:
    """Delivered when the last claimed line was, and not at all while one of them is not."""
    lines = [{"sku": str(number), "quantity": 1, "paid": 1, **dates} for number, dates in enumerate(own)]
    claim = {"lines": [{"line": 1, "quantity": 1}]}
    told = read_case(SMALL, {"order": {"delivered_at": EARLY, "lines": lines}, "claim": claim}).told
    assert told["delivered_at"] == (parse_instant(delivered) if delivered else None)


def test_a_claimed_line_of_unknown_date_leaves_it_unknown() -> None:
    """One line's own date does not stand for a line that says nothing."""
    lines = [{"sku": "A", "quantity": 1, "paid": 1, "delivered_at": EARLY}, {"sku": "B", "quantity": 1, "paid": 1}]
    assert "delivered_at" not in read_case(SMALL, {"order": {"lines": lines}}).told


def test_lines_already_taken_back_have_no_say() -> None:
    """A line whose units other cases took is not claimed, and its dates do not count."""
    lines = [
        {"sku": "A", "quantity": 1, "paid": 1, "shipped_at": EARLY},
        {"sku": "B", "quantity": 1, "paid": 1, "shipped_at": None},
    ]
    refunds = [{"case": "C0", "line": 2, "quantity": 1, "for": "goods", "amount": 1, "status": "done"}]
    told = read_case(SMALL, {"order": {"lines": lines, "refunds": refunds}}).told
    assert told["shipped_at"] == parse_instant(EARLY)


def test_paid_at_the_door_is_shipped_before() -> None:
    """Cash on delivery is paid after shipping."""
    dates = {"shipped_at": EARLY, "paid_at": LATE}
    assert read_case(SMALL, {"order": {**dates, "cash_on_delivery": True}}).told["cash_on_delivery"] is True
    with pytest.raises(CaseError):
        read_case(SMALL, {"order": {**dates, "cash_on_delivery": False}})


def test_a_line_without_attributes_does_not_know_them() -> None:
    """What a line does not say is not made up."""
    (line,) = order_of(lines=[{"sku": "A", "quantity": 1, "paid": 1}]).lines
    assert line.attributes == {}
    assert line.shipped_at is UNKNOWN
