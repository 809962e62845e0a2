from dataclasses import replace

import pytest

from aftersales.case.model import Case, Claim
from aftersales.case.view import CaseView, check_agreement
from aftersales.errors import ConflictError
from aftersales.expr.tree import FactRef
from aftersales.expr.types import UNKNOWN, Value
from small_policy import COUNT, FACTS, MONEY, SMALL, fact, look

LINE = {"sku": "A", "quantity": 3, "unit_price": "5.00", "paid": "10.00", "kind": "made_to_order"}
EMPTY = Case(None, None, Claim(None, None), {})


def test_tells_what_is_told() -> None:
    """A told fact is known, an untold one is not."""
    view = look({"facts": {"evidence": "confirmed"}})
    assert (view.fact("evidence"), view.fact("photos_sent")) == ("confirmed", UNKNOWN)


@pytest.mark.parametrize(
    ("delivered_at", "delivered", "days"),
    [("2026-11-05T23:59+08:00", True, 1), (None, False, None)],
    ids=["delivered", "not delivered"],
)
def test_derives_what_follows(delivered_at: str | None, delivered: bool, days: Value) -> None:
    """Derived facts follow from told ones; over a date that never came they are none."""
    view = look({"order": {"delivered_at": delivered_at}, "claim": {"opened_at": "2026-11-06T00:01+08:00"}})
    assert (view.fact("delivered"), view.fact("days_since_delivered")) == (delivered, days)


def test_a_derived_fact_may_be_told() -> None:
    """Where its inputs are absent, a derived fact is what was told."""
    view = look({"facts": {"delivered": True, "days_since_delivered": 3}})
    assert (view.fact("delivered"), view.fact("days_since_delivered")) == (True, 3)


def test_told_and_derived_must_agree() -> None:
    """A fact that is told and follows as something else is an error that names both, every time it is looked up."""
    view = look({"facts": {"delivered": True, "delivered_at": None}})
    for _ in "twice":
        with pytest.raises(ConflictError) as caught:
            view.fact("delivered")
    (fault,) = caught.value.diagnostics
    assert fault.message.en == "delivered is told as true, but follows from the other facts as false"


def test_told_and_computed_must_agree() -> None:
    """A computed amount that is told must be the one that follows from the order."""
    order = {"paid_at": "2026-11-01T10:00+08:00", "lines": [LINE]}
    assert look({"order": order, "facts": {"claimed_paid": "10.00"}}).fact("claimed_paid") == 1000
    with pytest.raises(
        ConflictError, match=r"claimed_paid is told as 9\.00, but follows from the other facts as 10\.00"
    ):
        look({"order": order, "facts": {"claimed_paid": "9.00"}}).fact("claimed_paid")


def test_lines_have_their_attributes() -> None:
    """All lines as bought, the claimed ones with the claimed units and what these cost."""
    view = look({"order": {"lines": [LINE]}, "claim": {"lines": [{"line": 1, "quantity": 2}]}})
    assert view.lines("lines") == ({"kind": "made_to_order", "quantity": 3, "paid": 1000, "unit_price": 500},)
    assert view.lines("claimed") == ({"kind": "made_to_order", "quantity": 2, "paid": 666, "unit_price": 500},)
    assert view.fact("claimed_total") == 666


def test_without_an_order_lines_are_unknown() -> None:
    """No order record is not an order without lines."""
    view = look({})
    assert (view.lines("lines"), view.lines("claimed")) == (UNKNOWN, UNKNOWN)
    assert view.base_needs("claimed_total") == ("claimed_total",)


@pytest.mark.parametrize(
    ("order", "name", "needs"),
    [
        ({}, "evidence", ("evidence",)),
        ({}, "delivered", ("delivered_at",)),
        ({}, "days_since_delivered", ("delivered_at",)),
        ({"delivered_at": "2026-11-05T10:00+08:00"}, "days_since_delivered", ("opened_at",)),
        ({"delivered_at": None}, "delivered", ()),
        ({}, "compensation", ("platform",)),
        ({"platform": "tmall"}, "compensation", ("paid_at",)),
        ({"platform": "taobao"}, "compensation", ("order_paid",)),
        ({"lines": [LINE]}, "goods_left", ("cash_on_delivery",)),
        ({}, "photo_rounds", ("photo_rounds",)),
    ],
    ids=str,
)
def test_opens_a_need_to_what_can_be_asked(order: dict[str, object], name: str, needs: tuple[str, ...]) -> None:
    """A derived fact without question opens to the facts that keep it unknown, through params too."""
    assert look({"order": order}).base_needs(name) == needs


def test_a_derived_fact_with_a_question_is_asked_itself() -> None:
    """Where the policy asks for a derived fact, its inputs are not asked."""
    asked = replace(SMALL.facts["delivered"], ask=SMALL.facts["delivered"].title)
    policy = replace(SMALL, facts={**SMALL.facts, "delivered": asked})
    assert CaseView(policy, EMPTY, {}).base_needs("delivered") == ("delivered",)


def test_facts_that_follow_from_each_other_do_not_loop() -> None:
    """Two facts derived from each other are unknown, and nothing runs for ever."""
    first, second = (
        fact("first", COUNT, derived=FactRef(COUNT, "second")),
        fact("second", COUNT, derived=FactRef(COUNT, "first")),
    )
    policy = replace(SMALL, facts={"first": first, "second": second})
    view = CaseView(policy, EMPTY, {})
    assert (view.fact("first"), view.base_needs("first")) == (UNKNOWN, ("first",))
    assert CaseView(policy, EMPTY, {"second": 4}).fact("first") == 4


def test_a_policy_without_cash_on_delivery_needs_no_answer_to_it() -> None:
    """An input that the policy does not know is no reason to wait."""
    kept = {known.name: known for known in FACTS if known.name not in ("cash_on_delivery", "paid_at")}
    case = look({"order": {"lines": [LINE]}}).case
    assert CaseView(replace(SMALL, facts=kept), case, {}).fact("goods_paid") == 1000


def test_a_policy_without_platforms_blocks_on_none() -> None:
    """A policy without the fact ``platform`` is asked nothing about it."""
    facts = {"goods_left": fact("goods_left", MONEY, "agent")}
    assert CaseView(replace(SMALL, facts=facts), EMPTY, {}).base_needs("goods_left") == ("goods_left",)


def test_relations_are_held() -> None:
    """A relation known to be broken is an error with its figures; one not yet known is none."""
    check_agreement(SMALL, look({}))
    check_agreement(SMALL, look({"facts": {"already_refunded": "5.00", "claimed_paid": "5.00"}}))
    with pytest.raises(ConflictError) as caught:
        check_agreement(SMALL, look({"facts": {"already_refunded": "6.00", "claimed_paid": "5.00"}}))
    (fault,) = caught.value.diagnostics
    assert fault.message.en == (
        "already_refunded <= claimed_paid does not hold: already_refunded = 6.00, claimed_paid = 5.00"
    )
    assert fault.message.zh.startswith("already_refunded <= claimed_paid 不成立")
