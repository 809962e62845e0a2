"""Plain orders read at one go by a reader for their keys: what the long way reads, or left to it."""

from random import Random
from typing import Any

import pytest

import aftersales
from aftersales import CaseError, LoadedPolicy
from aftersales.case.quick_case import QuickCases
from aftersales.case.quick_plain import PlainOrder
from aftersales.case.quick_shapes import OFTEN
from aftersales.case.quick_values import Unread
from aftersales.case.read import read_case
from aftersales.case.view import CaseView
from aftersales.expr.types import UNKNOWN

#: Cases that are drawn by chance for each set of keys.
DRAWN = 30
#: Sets of keys of an order that are drawn.
SETS = 60
ORDER: dict[str, tuple[object, ...]] = {
    "id": ("3301", "3302"),
    "shop": ("mine",),
    "platform": ("tmall", "taobao"),
    "currency": ("CNY",),
    "shipped_at": (*("2026-11-02T10:00+08:00",) * 8, "2026-10-31T10:00+08:00", None),
    "delivered_at": (*("2026-11-04T10:00+08:00", None) * 4, "2026-10-31T09:00+08:00"),
    "postage_paid": ("12.00", "0.00", 7),
    "free_shipping": ("none", "threshold", "threshold"),
    "free_shipping_threshold": ("99.00",),
    "postage_if_not_free": ("10.00", 8),
    "freight_insurance": ("25.00", None, 3),
    "cash_on_delivery": ("false", True),
    "previous_exchanges": (0, "1"),
}
LINES: tuple[dict[str, Any], ...] = (
    {"sku": "A", "title": "台灯", "quantity": 3, "paid": "80.00", "kind": "ordinary"},
    {"sku": "B", "quantity": "1", "paid": 20},
    {"sku": "C", "quantity": 2, "unit_price": "10.00", "paid": "19.00", "kind": "perishable"},
)
ODD: tuple[object, ...] = (
    None,
    True,
    0,
    1.5,
    "",
    "x",
    "-1",
    "1.234",
    [],
    {},
    "x" * 70,
    "2026-11-01T09:00+08:00",
    "CNY",
)
KEPT: dict[str, Any] = {
    "case": "C0", "line": 1, "quantity": 2, "for": "goods", "amount": "5.00", "status": "done", "kept": True,
}  # fmt: skip
OF_REFUND: dict[str, tuple[object, ...]] = {
    "case": ("C1", "C2"),
    "line": (1, 2, 9),
    "quantity": (1, 3, 4, 0),
    "amount": ("1.00", "99.00", "0.00", "x"),
    "for": ("goods", "outbound"),
    "kept": (True, False),
    "deducted": ({}, {"threshold_postage": "1.00"}),
}
FACTS: dict[str, tuple[object, ...]] = {
    "evidence": ("confirmed", "insufficient"),
    "photos_sent": (True, "false"),
    "wants": ("reship",),
    "postage_paid": ("12.00",),
    "delivered_at": ("2026-11-04T10:00+08:00",),
    "platform": ("tmall", "jd"),
    "claimed_paid": ("100.00",),
    "no_reason_goods": (True,),
    "opened_at": ("2026-11-06T11:00+08:00", "2026-11-06T12:00+08:00"),
}


@pytest.fixture(scope="module")
def policy() -> LoadedPolicy:
    """Load the shipped policy once."""
    return aftersales.load()


def drawn_keys(dice: Random) -> list[str]:
    """Return the keys of an order in some order, most of them those of a plain one."""
    keys = [name for name in ORDER if dice.random() < 0.6]
    for name, often in (("lines", 1.0), ("paid_at", 0.95), ("refunds", 0.3), ("order_paid", 0.2)):
        keys += [name] * (dice.random() < often)
    dice.shuffle(keys)
    return keys


def drawn(dice: Random, keys: list[str], *, odd: float) -> dict[str, Any]:
    """Return a case with an order of these keys; ``odd`` is how often a value is anything, or one more thing is told."""
    lines = [dict(line) for line in dice.sample(LINES, dice.choice((1, 1, 2, 3)))]
    own: dict[str, Any] = {"lines": lines, "paid_at": dice.choice(("2026-11-01T10:00+08:00",) * 5 + (None,))}
    own["refunds"] = [{**KEPT, "line": 1, "quantity": 1} for _ in range(dice.choice((0, 1, 1, 2)))]
    own["order_paid"] = 0
    order = {name: own[name] if name in own else dice.choice(ORDER[name]) for name in keys}
    if "order_paid" in order:
        goods = sum(int(float(line["paid"])) for line in lines)
        order["order_paid"] = str(goods + int(float(str(order.get("postage_paid", 0)))) + dice.choice((0, 0, 0, 1)))
    if dice.random() < odd:
        order[dice.choice(keys)] = dice.choice(ODD)
    if dice.random() < odd:
        line = dice.choice(lines)
        line[dice.choice([*line, "bundle", "gift_price"])] = dice.choice(ODD)
    for refund in own["refunds"]:
        if dice.random() < odd:
            name = dice.choice([*OF_REFUND])
            refund[name] = dice.choice(OF_REFUND[name])
    facts = {name: dice.choice(FACTS[name]) for name in FACTS if dice.random() < (0.2 if odd or name < "q" else 0)}
    told = facts if odd else {name: facts[name] for name in facts if name in {"evidence", "photos_sent", "wants"}}
    data = {"order": order, "claim": {"issue": "wrong_item", "opened_at": "2026-11-06T11:00+08:00"}, "facts": told}
    more = {"id": "C1", "as_of": "2026-11-07T12:00+08:00"}
    return data | {name: value for name, value in more.items() if dice.random() < 0.5}


def test_plain_orders_are_read_alike(policy: LoadedPolicy) -> None:
    """With any keys, right or at fault: the same case, facts and what follows, or nothing where the long way objects."""
    dice, cases, plain, right, at_fault = Random(20_261_122), QuickCases(policy.model), 0, 0, 0  # noqa: S311 (no secret)
    for _ in range(3 * OFTEN):
        cases.read(drawn(dice, ["lines"], odd=0))  # lines that come often have readers
    for _ in range(SETS):
        keys = drawn_keys(dice)
        for number in range(OFTEN + DRAWN):
            data = drawn(dice, keys, odd=0 if number < OFTEN else 0.15)
            try:
                whole = read_case(policy.model, data)
            except CaseError:
                at_fault += 1
                with pytest.raises(Unread):
                    cases.read(data)
                continue
            try:
                short = cases.read(data)
            except Unread:
                continue
            right += 1
            plain += isinstance(short.order, PlainOrder)
            assert short.whole() == whole
            assert (short.opened_at, short.as_of, short.id) == (whole.claim.opened_at, whole.as_of, whole.id)
            view = CaseView(policy.model, whole, whole.told)
            computed = {name for name, fact in policy.model.facts.items() if fact.computed or name == "no_reason_goods"}
            for name in computed | short.told.keys():
                assert short.told.get(name, UNKNOWN) == view.fact(name), (name, data)
    assert plain > 0.4 * right
    assert at_fault > 0.1 * right
