"""The short way of reading an everyday case: it reads what the long way reads, or leaves the case to it."""

import copy
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

import aftersales
from aftersales import CaseError, LoadedPolicy
from aftersales.case.quick_case import QuickCases
from aftersales.case.quick_shapes import OFTEN
from aftersales.case.quick_values import MOST_KEPT, Meanings, Unread
from aftersales.case.read import read_case
from aftersales.case.view import CaseView
from aftersales.expr.types import UNKNOWN
from aftersales.run.loaded import shipped_folder
from aftersales.study.case_file import read_case_file

#: Orders that are drawn by chance.
DRAWN = 1000
EVERYDAY: dict[str, Any] = {
    "id": "C1",
    "order": {
        "id": "3301",
        "platform": "tmall",
        "shop": "mine",
        "currency": "CNY",
        "paid_at": "2026-11-01T10:00+08:00",
        "shipped_at": "2026-11-02T10:00+08:00",
        "delivered_at": "2026-11-04T10:00+08:00",
        "postage_paid": "12.00",
        "free_shipping": "threshold",
        "free_shipping_threshold": "99.00",
        "postage_if_not_free": 10,
        "freight_insurance": "25.00",
        "lines": [
            {"sku": "A", "title": "台灯", "quantity": 3, "paid": "100.00", "kind": "ordinary"},
            {"sku": "B", "quantity": "1", "unit_price": "20.00"},
        ],
        "payments": [{"id": "p1", "kind": "alipay", "amount": "132.00"}],
    },
    "claim": {"issue": "wrong_item", "opened_at": "2026-11-06T11:00+08:00", "lines": [{"sku": "A", "quantity": 2}]},
    "facts": {"evidence": "confirmed", "photos_sent": True},
    "as_of": "2026-11-06T12:00+08:00",
}
#: What another case took of the first line.
TAKEN: dict[str, Any] = {
    "case": "C0", "sku": "A", "quantity": 1, "for": "goods", "amount": "33.33", "status": "done",
}  # fmt: skip
#: Units that the buyer kept at a lower price, and an outbound postage that was refunded.
KEPT = {**TAKEN, "case": "C2", "line": 1, "quantity": 3, "amount": "9.99", "kept": "true", "status": "pending"}
OUTBOUND = {"case": "C0", "for": "outbound", "amount": "4.00", "status": "done"}
#: An order that lost its discount of 20 over 100 with an earlier case, which held back the share of what was kept.
LOST = {
    "paid_at": "2026-11-01T10:00+08:00",
    "lines": [{"sku": "B", "quantity": 1, "unit_price": 60}, {"sku": "A", "quantity": 2, "unit_price": 30}],
    "discounts": [{"kind": "coupon", "amount": "20.00", "threshold": "100.00"}],
    "refunds": [
        {**TAKEN, "sku": "B", "amount": "40.00", "deducted": {"discount_resettled": "10.00"}},
    ],
}


@pytest.fixture(scope="module")
def policy() -> LoadedPolicy:
    """Load the shipped policy once."""
    return aftersales.load()


@pytest.fixture(scope="module", params=[0, OFTEN])
def quick(policy: LoadedPolicy, request: pytest.FixtureRequest) -> QuickCases:
    """Make the short way for the shipped policy, as it is at first, and once it has readers for the everyday case."""
    cases = QuickCases(policy.model)
    for _ in range(request.param):
        cases.read(EVERYDAY)
    return cases


def assert_read_alike(policy: LoadedPolicy, quick: QuickCases, data: dict[str, Any]) -> None:
    """Compare what both ways read of a case, and what follows from its order."""
    short, whole = quick.read(data), read_case(policy.model, data)
    assert short.whole() == whole
    assert (short.opened_at, short.as_of) == (whole.claim.opened_at, whole.as_of)
    view = CaseView(policy.model, whole, whole.told)
    followed = {name for name, fact in policy.model.facts.items() if fact.computed or name == "no_reason_goods"}
    for name in followed | short.told.keys():
        assert short.told.get(name, UNKNOWN) == view.fact(name), name


def test_an_everyday_case_is_read_alike(policy: LoadedPolicy, quick: QuickCases) -> None:
    """Lines, claimed units, insurance, payments, sums: the same case and the same facts from its order."""
    assert_read_alike(policy, quick, EVERYDAY)


def change(*path: str | int, to: object) -> Callable[[dict[str, Any]], None]:
    """Return what sets one place of a case."""

    def set_(data: dict[str, Any]) -> None:
        place: Any = data
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = to

    return set_


@pytest.mark.parametrize(
    "rare",
    [
        change("order", "refunds", to=[]),
        change("order", "refunds", to=[TAKEN, KEPT, OUTBOUND]),
        change("order", "refunds", to=[{**TAKEN, "deducted": {"threshold_postage": "10.00"}, "amount": "23.33"}]),
        change("order", "discounts", to=[]),
        change("order", "discounts", to=[{"kind": "points", "amount": "3.00", "lines": [1], "funded_by": "platform"}]),
        change("order", "lines", 0, "bundle", to="set"),
        change("order", "lines", 1, "gift_price", to="5.00"),
        change("order", "lines", 0, "delivered_at", to="2026-11-05T10:00+08:00"),
        change("order", "lines", 1, "shipped_at", to=None),
        change("order", to=LOST),
    ],
)
def test_what_is_rare_in_an_order_is_read_alike(
    policy: LoadedPolicy, quick: QuickCases, rare: Callable[[dict[str, Any]], None]
) -> None:
    """Refunds of other cases, discounts, sets, gifts and lines with dates of their own: the same case and facts."""
    data = copy.deepcopy(EVERYDAY)
    rare(data)
    assert_read_alike(policy, quick, data)


def drawn_order(dice: Random) -> dict[str, Any]:
    """Return an order of priced lines with anything rare in it, of which some figures may be at fault."""
    lines = [drawn_line(dice, number) for number in range(dice.randint(1, 3))]
    order = {**EVERYDAY["order"], "lines": lines}
    del order["payments"]
    if dice.random() < 0.5:
        order["discounts"] = [drawn_discount(dice, len(lines)) for _ in range(dice.randint(1, 2))]
    if dice.random() < 0.7:
        order["refunds"] = [drawn_refund(dice, len(lines)) for _ in range(dice.randint(1, 3))]
    for name in [name for name in ("paid_at", "shipped_at", "delivered_at", "postage_paid") if dice.random() < 0.1]:
        order[name] = None if name.endswith("_at") else "0.00"
    return order


def drawn_line(dice: Random, number: int) -> dict[str, Any]:
    """Return an order line with a unit price, and now and then something rare."""
    line: dict[str, Any] = {"sku": f"S{number}", "quantity": dice.randint(1, 3), "unit_price": dice.choice((10, 7, 30))}
    rare: dict[str, tuple[object, ...]] = {
        "paid": ("9.00", "30.00", 7),
        "bundle": ("set",),
        "gift_price": ("5.00",),
        "kind": ("ordinary", "custom"),
        "shipped_at": (None, "2026-11-02T12:00+08:00"),
        "delivered_at": (None, "2026-11-03T12:00+08:00", "2026-11-05T12:00+08:00"),
    }
    return line | {name: dice.choice(values) for name, values in rare.items() if dice.random() < 0.15}


def drawn_discount(dice: Random, lines: int) -> dict[str, Any]:
    """Return a discount, of all goods or of one line, now and then with a threshold."""
    discount: dict[str, Any] = {
        "kind": dice.choice(("activity", "coupon", "points")),
        "amount": dice.choice(("1.00", "2.99", "5.00", "40.00")),
    }
    if dice.random() < 0.4:
        discount["threshold"] = dice.choice(("10.00", "30.00", "60.00"))
    if dice.random() < 0.3:
        discount["lines"] = [dice.randint(1, lines)]
    return discount


def drawn_refund(dice: Random, lines: int) -> dict[str, Any]:
    """Return a refund of another case, or of this one, which is at fault."""
    refund: dict[str, Any] = {
        "case": dice.choice(("C0", "C2", "C2", "C1")),
        "for": dice.choice(("goods", "goods", "goods", "outbound", "compensation")),
        "amount": dice.choice(("0.00", "1.00", "4.99", "6.00")),
        "status": dice.choice(("done", "pending")),
    }
    if refund["for"] == "goods":
        refund |= {"line": dice.randint(1, lines), "quantity": dice.choice((1, 1, 2))}
    names = ("threshold_postage", "discount_resettled", "gifts_kept")
    if dice.random() < 0.2:
        refund["deducted"] = {dice.choice(names): "1.00"}
    return refund | ({"kept": True} if dice.random() < 0.2 else {})


def test_drawn_orders_are_read_alike(policy: LoadedPolicy, quick: QuickCases) -> None:
    """Anything rare together, claimed whole or in part: read alike where it can be read, left to the long way if not."""
    dice, read, at_fault = Random(20_261_122), 0, 0  # noqa: S311 (no secret)
    for _ in range(DRAWN):
        order = drawn_order(dice)
        claim = {name: value for name, value in EVERYDAY["claim"].items() if name != "lines"}
        if dice.random() < 0.5:
            claim["lines"] = [{"line": dice.randint(1, len(order["lines"])), "quantity": dice.choice((1, 1, 2))}]
        data = {**EVERYDAY, "order": order, "claim": claim}
        try:
            read_case(policy.model, data)
        except CaseError:
            at_fault += 1
            with pytest.raises(Unread):
                quick.read(data)
            continue
        assert_read_alike(policy, quick, data)
        read += 1
    assert min(read, at_fault) > 0.25 * DRAWN


def test_worked_cases_are_read_alike(policy: LoadedPolicy, quick: QuickCases) -> None:
    """Most worked cases of the shipped policy that have no events are everyday cases, and all of them read alike."""
    read, all_of_them = 0, 0
    for path in sorted((shipped_folder() / "cases").glob("*.yaml")):
        for case in read_case_file(path, path.name)[::8]:
            all_of_them += "events" not in case.data
            try:
                quick.read(case.data)
            except Unread:
                continue
            assert_read_alike(policy, quick, dict(case.data))
            read += 1
    assert read > 0.8 * all_of_them


@pytest.mark.parametrize(
    "odd",
    [
        change("events", to=[{"at": "2026-11-06T12:00+08:00", "tell": {"wants": "reship"}}]),
        change("claim", "parts", to=[]),
        change("order", "refunds", to=[{"case": "C1", "for": "outbound", "amount": "1.00", "status": "done"}]),
        change("order", "refunds", to=[{"case": "C0", "for": "outbound", "amount": "12.01", "status": "done"}]),
        change("order", "refunds", to=[{"case": "C0", "for": "goods", "amount": "1.00", "status": "done"}]),
        change("order", "refunds", to=[{**TAKEN, "quantity": 2}]),
        change("order", "refunds", to=[{**TAKEN, "quantity": 4}]),
        change("order", "refunds", to=[{**TAKEN, "amount": "100.01"}]),
        change("order", "refunds", to=[{**TAKEN, "sku": "C"}]),
        change("order", "refunds", to=[{**TAKEN, "status": "planned"}]),
        change("order", "refunds", to=[{**TAKEN, "by": "us"}]),
        change("order", "discounts", to=[{"kind": "coupon", "amount": "20.01", "lines": [2]}]),
        change("order", "discounts", to=[{"kind": "coupon", "amount": "1.00", "lines": [2, 2]}]),
        change("order", "discounts", to=[{"kind": "coupon", "amount": "1.00", "threshold": "10.00"}]),
        change("order", "discounts", to=[{"kind": "rebate", "amount": "1.00"}]),
        change("order", "lines", 0, "shipped_at", to=None),
        change("order", "lines", 0, "shipped_at", to="2026-11-05T10:00+08:00"),
        change("order", "lines", to=[]),
        change("order", "lines", 0, "paid", to="1.001"),
        change("order", "lines", 0, "quantity", to=0),
        change("order", "lines", 0, "quantity", to=True),
        change("order", "lines", 1, "paid", to="20.01"),
        change("order", "lines", 0, "sku", to=""),
        change("order", "payments", 0, "amount", to="131.99"),
        change("order", "payments", to=[{"id": "p", "amount": "66.00"}, {"id": "p", "amount": "66.00"}]),
        change("order", "currency", to="USD"),
        change("order", "platform", to="ebay"),
        change("order", "paid_at", to="2026-11-01 10:00"),
        change("order", "paid_at", to="2026-11-03T10:00+08:00"),
        change("order", "buyer_phone", to="1"),
        change("order", "goods_paid", to="1.00"),
        change("order", to=None),
        change("claim", "lines", 0, "quantity", to=4),
        change("claim", "lines", 0, "sku", to="C"),
        change("claim", "lines", to=[{"quantity": 1}]),
        change("claim", "lines", to=[{"sku": "A", "quantity": 1}, {"line": 1, "quantity": 1}]),
        change("claim", "opened_at", to=None),
        change("facts", "platform", to="jd"),
        change("facts", "photo_rounds", to=1),
        change("facts", "evidence", to=["confirmed"]),
        change("facts", to=[]),
        change("id", to=""),
        change("when", to="now"),
        change("as_of", to="tomorrow"),
    ],
)
def test_the_rare_and_the_faulty_go_the_long_way(quick: QuickCases, odd: Callable[[dict[str, Any]], None]) -> None:
    """What is no everyday case, or at fault, is never read here: the long way reads it, or says what is wrong."""
    data = copy.deepcopy(EVERYDAY)
    odd(data)
    with pytest.raises(Unread):
        quick.read(data)


LINE: dict[str, Any] = {
    "sku": "A", "title": "台灯", "quantity": 2, "unit_price": "10.00", "paid": "19.00", "kind": "ordinary",
}  # fmt: skip


@pytest.mark.parametrize("often", [1, OFTEN])
@pytest.mark.parametrize(
    "odd",
    [
        {"quantity": 0, "paid": 0},
        {"quantity": "0", "paid": "0.00"},
        {"quantity": True},
        {"quantity": "1.0"},
        {"sku": ""},
        {"sku": None},
        {"title": "台" * 1001},
        {"paid": "20.01"},
        {"paid": "1.001"},
        {"paid": True},
        {"paid": None},
        {"unit_price": "6000000000.00"},
        {"kind": "odd"},
        {"kind": True},
        {"kind": None},
    ],
)
def test_a_faulty_line_is_not_read(policy: LoadedPolicy, odd: dict[str, object], often: int) -> None:
    """Neither the first line with its keys, nor one that a reader for these keys is there for."""
    cases = QuickCases(policy.model)
    for _ in range(often):
        short = cases.read({"order": {"lines": [LINE]}})
        assert short.whole() == read_case(policy.model, {"order": {"lines": [LINE]}})
    data = {"order": {"lines": [{**LINE, **odd}]}}
    with pytest.raises(CaseError):
        read_case(policy.model, data)
    with pytest.raises(Unread):
        cases.read(data)


def test_what_is_kept_stays_small() -> None:
    """However many different values are read, only so many of them are remembered."""
    meanings = Meanings(lambda written: len(str(written)), (int,))
    assert [meanings[number] for number in range(MOST_KEPT + 5)][-1] == len(str(MOST_KEPT + 4))
    assert 0 < len(meanings) <= MOST_KEPT
    assert MOST_KEPT + 4 in meanings, "what was read last is kept"
