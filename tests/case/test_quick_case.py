"""The short way of reading an everyday case: it reads what the long way reads, or leaves the case to it."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

import aftersales
from aftersales import LoadedPolicy
from aftersales.case.quick_case import QuickCases
from aftersales.case.quick_values import MOST_KEPT, Meanings, Unread
from aftersales.case.read import read_case
from aftersales.case.view import CaseView
from aftersales.expr.types import UNKNOWN
from aftersales.run.loaded import shipped_folder
from aftersales.study.case_file import read_case_file

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


@pytest.fixture(scope="module")
def policy() -> LoadedPolicy:
    """Load the shipped policy once."""
    return aftersales.load()


@pytest.fixture(scope="module")
def quick(policy: LoadedPolicy) -> QuickCases:
    """Make the short way for the shipped policy once."""
    return QuickCases(policy.model)


def assert_read_alike(policy: LoadedPolicy, quick: QuickCases, data: dict[str, Any]) -> None:
    """Compare what both ways read of a case, and what follows from its order."""
    short, whole = quick.read(data), read_case(policy.model, data)
    assert quick.case(short) == whole
    assert (short.opened_at, short.as_of) == (whole.claim.opened_at, whole.as_of)
    view = CaseView(policy.model, whole, whole.told)
    followed = {name for name, fact in policy.model.facts.items() if fact.computed or name == "no_reason_goods"}
    for name in followed | short.told.keys():
        assert short.told.get(name, UNKNOWN) == view.fact(name), name


def test_an_everyday_case_is_read_alike(policy: LoadedPolicy, quick: QuickCases) -> None:
    """Lines, claimed units, insurance, payments, sums: the same case and the same facts from its order."""
    assert_read_alike(policy, quick, EVERYDAY)


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


def change(*path: str | int, to: object) -> Callable[[dict[str, Any]], None]:
    """Return what sets one place of a case."""

    def set_(data: dict[str, Any]) -> None:
        place: Any = data
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = to

    return set_


@pytest.mark.parametrize(
    "odd",
    [
        change("events", to=[{"at": "2026-11-06T12:00+08:00", "tell": {"wants": "reship"}}]),
        change("claim", "parts", to=[]),
        change("order", "refunds", to=[]),
        change("order", "discounts", to=[]),
        change("order", "lines", 0, "bundle", to="set"),
        change("order", "lines", 0, "gift_price", to="5.00"),
        change("order", "lines", 0, "shipped_at", to=None),
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


def test_what_is_kept_stays_small() -> None:
    """However many different values are read, only so many of them are remembered."""
    meanings = Meanings(lambda written: len(str(written)), (int,))
    assert [meanings[number] for number in range(MOST_KEPT + 5)][-1] == len(str(MOST_KEPT + 4))
    assert 0 < len(meanings) <= MOST_KEPT
    assert MOST_KEPT + 4 in meanings, "what was read last is kept"
