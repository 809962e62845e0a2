"""What people do: the order of work, payments among it, and duties that outlive their state."""

import datetime as dt

import pytest

import aftersales

OPENED = "2026-11-06T11:00:00+08:00"
PAID = {"issue": "vector", "claimed_paid": "100.00", "already_refunded": "0.00", "postage_claimed": "0.00"}


def opened(desk: aftersales.LoadedPolicy, **facts: object) -> aftersales.OpenCase:
    """Open a case of the money flow."""
    return desk.open({"claim": {"opened_at": OPENED}, "facts": PAID | facts})


def owed(decision: aftersales.Decision) -> list[str]:
    """Return the actions that are owed here."""
    return [action.action for action in decision.next_actions]


def test_a_payment_waits_for_what_comes_before_it(desk: aftersales.LoadedPolicy) -> None:
    """Goods that come back are restocked before the money leaves."""
    facts = PAID | {
        "issue": "wrong_item",
        "warehouse_record": "no_record",
        "photos_sent": True,
        "evidence": "confirmed",
        "in_stock": False,
        "wants": "return_and_refund",
        "return_received": True,
        "inspection_verdict": "confirmed",
    }
    case = desk.open({"claim": {"opened_at": OPENED}, "facts": facts})
    assert [(action.action, action.after) for action in case.decision.next_actions] == [
        ("restock", ()),
        ("refund", ("restock",)),
    ]
    with pytest.raises(aftersales.NotOwedError, match="restock must be done before refund"):
        case.done("refund", at="2026-11-06T12:00:00+08:00", amount="100.00")
    case.done("restock", at="2026-11-06T12:00:00+08:00")
    assert case.done("refund", at="2026-11-06T13:00:00+08:00", amount="100.00").refund.due == 0


def test_what_comes_after_a_payment_can_be_done(desk: aftersales.LoadedPolicy) -> None:
    """Once the money has left, the action behind it is open; one that is both here and a duty is done once for both."""
    case = opened(desk, vector="compensated", compensation_asked="5.00")
    with pytest.raises(aftersales.NotOwedError, match="refund must be done before restock"):
        case.done("restock", at="2026-11-06T12:00:00+08:00")
    case.done("refund", at="2026-11-06T12:00:00+08:00", amount="105.00")
    case.done("restock", at="2026-11-06T12:30:00+08:00")
    decision = case.done("find_responsible_person", at="2026-11-06T13:00:00+08:00")
    assert (owed(decision), decision.duties, decision.status) == ([], (), "closed")


def test_a_paying_duty_is_owed_as_long_as_money_is_due(desk: aftersales.LoadedPolicy) -> None:
    """A refund that is a duty is shown until it is paid, and not longer."""
    case = opened(desk, vector="shared", return_postage="10.01", insured_up_to=None)
    assert [duty.action for duty in case.decision.duties] == ["refund"]
    decision = case.done("refund", at="2026-11-06T12:00:00+08:00", amount="10.01")
    assert (decision.duties, decision.status) == ((), "closed")


def test_done_twice_at_different_times_is_refused(desk: aftersales.LoadedPolicy) -> None:
    """What has been done is not owed any more."""
    case = desk.open({"claim": {"opened_at": OPENED, "issue": "wrong_item"}})
    case.done("soothe", at="2026-11-06T12:00:00+08:00")
    with pytest.raises(aftersales.NotOwedError, match="action soothe is not owed"):
        case.done("soothe", at="2026-11-06T12:30:00+08:00")


def test_a_clock_that_cannot_be_set_asks_for_what_it_lacks() -> None:
    """Where the length of a deadline goes by platform, an untold platform is asked for; it is never passed over."""
    policy = aftersales.load()
    states = [state for state in policy.model.states.values() if state.key == "no_reason_return.trip.agree"]
    assert states
    facts = {
        "issue": "no_reason_return",
        "shipped_at": "2026-11-01T10:00+08:00",
        "delivered_at": "2026-11-05T10:00+08:00",
        "no_reason_goods": True,
        "accepts_other_variant": False,
        "claimed_paid": "9.00",
        "free_shipping": "always",
    }
    decision = policy.decide({"claim": {"opened_at": OPENED}, "facts": facts})
    assert (decision.state, decision.due) == ("trip.agree", None)
    assert "platform" in [need.fact for need in decision.needs]
    told = policy.decide({"claim": {"opened_at": OPENED}, "facts": facts | {"platform": "taobao"}})
    assert told.due is not None


def test_a_clock_set_late_has_not_passed_before() -> None:
    """A deadline whose length nobody could know yet is not missed: it passes at the earliest when it became known."""
    policy = aftersales.load()
    facts = {
        "issue": "no_reason_return",
        "shipped_at": "2026-11-01T10:00+08:00",
        "delivered_at": "2026-11-05T10:00+08:00",
        "no_reason_goods": True,
        "accepts_other_variant": False,
        "claimed_paid": "9.00",
        "free_shipping": "always",
    }
    opened = policy.open({"claim": {"opened_at": OPENED}, "facts": facts})
    told = opened.tell(at="2026-12-06T11:00:00+08:00", platform="taobao")
    assert (told.state, told.due and told.due.isoformat()) == ("trip.agree", "2026-12-06T11:00:00+08:00")
    assert opened.advance(as_of="2026-12-06T11:00:01+08:00").state != "trip.agree"


def test_time_never_runs_backwards(desk: aftersales.LoadedPolicy) -> None:
    """A deadline that was seen to pass stays passed, whatever earlier tick of a clock comes in after it."""
    opened = desk.open({"claim": {"opened_at": OPENED}, "facts": {"issue": "wrong_item"}})
    waiting = opened.decision
    assert waiting.due is not None
    late = opened.advance(as_of=waiting.due + dt.timedelta(seconds=1))
    assert late.path != waiting.path
    assert opened.advance(as_of=OPENED) == late == opened.decision


def test_contradicting_answers_stop_whatever_the_order(desk: aftersales.LoadedPolicy) -> None:
    """A derived fact told against what it follows from is an error, also where no guard reads it any more."""
    facts = {"issue": "cancel_order", "shipped": True, "shipped_at": None, "claimed_paid": "1.00"}
    with pytest.raises(aftersales.ConflictError, match="shipped is told as true, but follows from the other facts as"):
        desk.decide_facts(**facts)
