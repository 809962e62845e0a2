"""How a case moves: what is asked, what is read and held, what a deadline does, what is no answer here."""

import pytest

import aftersales
from aftersales.text import Text

OPENED = "2026-11-06T11:00:00+08:00"
CLAIM = {"claim": {"issue": "wrong_item", "opened_at": OPENED}}


def at(hours: int, minutes: int = 0) -> str:
    """Return the instant ``hours`` after the case was opened."""
    day, hour = divmod(11 + hours, 24)
    return f"2026-11-{6 + day:02d}T{hour:02d}:{minutes:02d}:00+08:00"


def where(decision: aftersales.Decision) -> str:
    """Return flow and state of a decision."""
    return f"{decision.flow}.{decision.state}"


def asked(decision: aftersales.Decision) -> list[str]:
    """Return the facts that the case waits for."""
    return [need.fact for need in decision.needs]


@pytest.fixture
def opened(desk: aftersales.LoadedPolicy) -> aftersales.OpenCase:
    """Open a wrong-item case of which nothing is known yet."""
    return desk.open(CLAIM)


def test_everyone_who_can_answer_is_asked_at_once(opened: aftersales.OpenCase) -> None:
    """Every guard that is still unknown names its first unknown fact, in the author's order."""
    assert asked(opened.decision) == ["warehouse_record", "photos_sent", "evidence"]


def test_a_fact_that_cannot_matter_is_not_asked(opened: aftersales.OpenCase) -> None:
    """Once the record proves the seller right, neither photos nor evidence are asked for."""
    decision = opened.tell(at=at(1), warehouse_record="confirms_seller")
    assert (where(decision), asked(decision)) == ("wrong_item.complete", [])


def test_an_unknown_guard_stops_the_cascade(opened: aftersales.OpenCase) -> None:
    """A guard below a still unknown one does not fire: the warehouse may yet prove the seller right."""
    decision = opened.tell(at=at(1), photos_sent=False)
    assert (where(decision), asked(decision)) == ("wrong_item.verify", ["warehouse_record"])


def test_silence_hurts_only_who_was_silent(desk: aftersales.LoadedPolicy) -> None:
    """The first listed fact that the case still waits for decides where a deadline leads."""
    told = CLAIM | {"facts": {"photos_sent": True, "evidence": "confirmed"}}
    late = desk.decide(told, as_of=at(48, 1))
    assert where(late) == "wrong_item.choose_remedy"
    assert [step.because for step in late.path][-2:] == ["no answer in time: warehouse_record", "otherwise"]
    silent = desk.decide(CLAIM, as_of=at(48, 1))
    assert (where(silent), silent.outcome) == ("wrong_item.no_evidence", "refused")


def test_the_deadline_itself_is_in_time(desk: aftersales.LoadedPolicy) -> None:
    """An answer at the very deadline counts; a second later it has passed."""
    assert where(desk.decide(CLAIM, as_of=at(48))) == "wrong_item.verify"
    assert where(desk.decide(CLAIM, as_of="2026-11-08T11:00:01+08:00")) == "wrong_item.no_evidence"


def test_one_deadline_for_all_who_are_silent(desk: aftersales.LoadedPolicy) -> None:
    """Coming back to the same state without a restart, the deadline runs on: it has passed for the next one too."""
    late = desk.decide(CLAIM | {"facts": {"photos_sent": True}}, as_of=at(48, 1))
    assert [step.because for step in late.path][-2:] == [
        "no answer in time: warehouse_record, evidence",
        "no answer in time: evidence",
    ]
    assert where(late) == "wrong_item.no_evidence"


def test_a_forgotten_answer_is_asked_again_under_a_new_deadline(opened: aftersales.OpenCase) -> None:
    """Poor evidence is forgotten twice, each time with 48 hours anew; the third time the counter stops the loop."""
    opened.tell(at=at(1), warehouse_record="no_record")
    again = opened.tell(at=at(2), photos_sent=True, evidence="insufficient")
    assert (where(again), asked(again)) == ("wrong_item.verify", ["photos_sent", "evidence"])
    assert again.due is not None
    assert again.due.isoformat() == "2026-11-08T13:00:00+08:00"
    opened.tell(at=at(3), photos_sent=True, evidence="insufficient")
    last = opened.tell(at=at(4), photos_sent=True, evidence="insufficient")
    assert where(last) == "wrong_item.no_evidence"


def test_a_read_answer_holds_until_it_is_forgotten(opened: aftersales.OpenCase) -> None:
    """A newer answer to a fact that a branch has read waits, with a warning, and changes nothing."""
    opened.tell(at=at(1), warehouse_record="confirms_buyer", photos_sent=True, evidence="confirmed")
    decision = opened.tell(at=at(2), warehouse_record="confirms_seller")
    assert where(decision) == "wrong_item.choose_remedy"
    assert [warning.en for warning in decision.warnings] == [
        "the newer answer confirms_seller to warehouse_record waits: a branch has already read the earlier one"
    ]


def test_an_unread_answer_may_be_replaced(opened: aftersales.OpenCase) -> None:
    """Until a branch has read it, the latest answer counts."""
    opened.tell(at=at(1), evidence="insufficient")
    opened.tell(at=at(2), evidence="confirmed")
    decision = opened.tell(at=at(3), warehouse_record="no_record", photos_sent=True)
    assert where(decision) == "wrong_item.choose_remedy"


AGREED = {"warehouse_record": "no_record", "photos_sent": True, "evidence": "confirmed"}


def test_a_conditional_option_asks_for_its_condition_first(desk: aftersales.LoadedPolicy) -> None:
    """While it is not known whether a reship can be offered, only that is asked."""
    assert asked(desk.decide(CLAIM | {"facts": AGREED})) == ["in_stock"]


def test_only_what_is_offered_is_an_option(desk: aftersales.LoadedPolicy) -> None:
    """Out of stock, a reship is not among the options, and a wish for it is no answer: asked again, with a warning."""
    decision = desk.decide(CLAIM | {"facts": AGREED | {"in_stock": False, "wants": "reship"}})
    assert [(need.fact, need.options) for need in decision.needs] == [
        ("wants", ("partial_refund", "return_and_refund"))
    ]
    assert decision.warnings == (
        Text("诉求 的回答 reship 在此处不可选", "the answer reship to wants is not offered here"),
    )


def test_an_answer_beyond_the_offer_names_the_maximum(desk: aftersales.LoadedPolicy) -> None:
    """More than may be offered is an error, not a smaller offer."""
    facts = AGREED | {"in_stock": False, "wants": "partial_refund", "offered_amount": "20.01"}
    with pytest.raises(aftersales.AmountError, match=r"offered_amount is 20\.01, the maximum here is 20\.00"):
        desk.decide(CLAIM | {"facts": facts})


ON_THE_WAY = AGREED | {"in_stock": False, "wants": "return_and_refund"}


def test_not_yet_is_an_ordinary_answer(desk: aftersales.LoadedPolicy) -> None:
    """A state waits while its condition is false or unknown, and a later yes is taken in."""
    opened = desk.open(CLAIM | {"facts": ON_THE_WAY})
    waiting = opened.tell(at=at(1), return_tracking=False, return_received=False)
    assert (where(waiting), asked(waiting)) == ("wrong_item.trip.handover", ["return_tracking", "return_received"])
    assert where(opened.tell(at=at(2), return_tracking=True)) == "wrong_item.trip.arrival"
    assert where(opened.tell(at=at(3), return_received=True)) == "wrong_item.trip.inspection"


def test_arrival_proves_the_hand_over(desk: aftersales.LoadedPolicy) -> None:
    """A parcel that has arrived was handed over, even where nobody told its tracking number."""
    decision = desk.decide(CLAIM | {"facts": ON_THE_WAY | {"return_received": True}})
    assert where(decision) == "wrong_item.trip.inspection"


def test_days_end_with_the_day(desk: aftersales.LoadedPolicy) -> None:
    """Five days to the end of the day: until 23:59:59 of the fifth day after."""
    decision = desk.decide(CLAIM | {"facts": ON_THE_WAY | {"return_tracking": True}})
    assert decision.due is not None
    assert decision.due.isoformat() == "2026-11-11T23:59:59+08:00"


def test_an_undecided_leg_is_shown_as_such(desk: aftersales.LoadedPolicy) -> None:
    """While the goods travel it is open who bears the way back; the end decides it, the advancer stays."""
    open_leg = desk.decide(CLAIM | {"facts": ON_THE_WAY | {"return_postage_advanced_by": "buyer"}}).postage["return"]
    assert open_leg is not None
    assert (open_leg.advanced_by, open_leg.borne_by) == ("buyer", "undecided")
    facts = ON_THE_WAY | {
        "return_received": True,
        "inspection_verdict": "rejected",
        "return_postage_advanced_by": "buyer",
    }
    leg = desk.decide(CLAIM | {"facts": facts}).postage["return"]
    assert leg is not None
    assert (leg.advanced_by, leg.borne_by) == ("buyer", "buyer")


def test_a_withdrawal_ends_the_case_wherever_it_rests(desk: aftersales.LoadedPolicy) -> None:
    """The buyer may withdraw at any time; duties that were owed stay owed."""
    decision = desk.decide(CLAIM | {"facts": ON_THE_WAY, "events": [{"at": at(1), "tell": {"claim_withdrawn": True}}]})
    assert (decision.outcome, [duty.action for duty in decision.duties]) == ("withdrawn", ["find_responsible_person"])


def test_an_action_can_tell_a_fact(opened: aftersales.OpenCase) -> None:
    """Photos reported sent are a told fact; the action is no longer owed, the others are."""
    decision = opened.done("send_photos", at=at(1))
    assert ([action.action for action in decision.next_actions], asked(decision)) == (
        ["soothe"],
        ["warehouse_record", "evidence"],
    )


def test_what_an_action_would_tell_need_not_be_done_again(opened: aftersales.OpenCase) -> None:
    """Once the photos are known to be there, nobody is asked to send them."""
    decision = opened.tell(at=at(1), photos_sent=True)
    assert [action.action for action in decision.next_actions] == ["soothe"]


def test_order_of_actions_is_kept(desk: aftersales.LoadedPolicy) -> None:
    """What must come first comes first; after both the case is closed but for its duty."""
    opened = desk.open(CLAIM | {"facts": AGREED | {"in_stock": True, "wants": "reship"}})
    with pytest.raises(aftersales.NotOwedError, match="pack must be done before reship"):
        opened.done("reship", at=at(1))
    opened.done("pack", at=at(1))
    assert opened.done("reship", at=at(2)).status == "settled"
    assert opened.done("find_responsible_person", at=at(3)).status == "closed"


def test_what_nobody_owes_cannot_be_done(opened: aftersales.OpenCase) -> None:
    """An action that is not owed here is refused, and the hint says what is."""
    with pytest.raises(aftersales.NotOwedError, match=r"action refund is not owed in state wrong_item\.verify"):
        opened.done("refund", at=at(1), amount="1.00")


def test_the_same_event_twice_changes_nothing(opened: aftersales.OpenCase) -> None:
    """A repeated event, by id or by content, is a no-op: no error, no new version."""
    opened.tell(at=at(1), id="e1", photos_sent=True)
    opened.tell(at=at(1), id="e1", photos_sent=True)
    opened.tell(at=at(1), photos_sent=True)
    assert opened.version == 1


def test_an_event_from_before_a_payment_is_refused(desk: aftersales.LoadedPolicy) -> None:
    """What was paid for must stay on the path: an earlier event that arrives later is too late."""
    facts = {"issue": "cancel_order", "claimed_paid": "10.00", "already_refunded": "0.00", "postage_claimed": "0.00"}
    opened = desk.open({"claim": {"opened_at": OPENED}, "facts": facts})
    opened.done("refund", at=at(5), amount="10.00")
    with pytest.raises(aftersales.TooLateError):
        opened.tell(at=at(4), photos_sent=True)
    assert opened.decision.refund.paid == 1000


def test_the_outlook_shows_every_end(desk: aftersales.LoadedPolicy) -> None:
    """From the inspection two answers lead to two ends; silence accepts the return."""
    opened = desk.open(CLAIM | {"facts": ON_THE_WAY | {"return_received": True, "claimed_paid": "59.00"}})
    outlook = opened.outlook().outlook
    assert outlook is not None
    assert [(way.state, way.shortest, way.if_nobody_answers) for way in outlook.ways] == [
        ("not_our_fault", {"inspection_verdict": "rejected"}, False),
        ("refunded", {"inspection_verdict": "confirmed"}, False),
        ("refunded", {}, True),
    ]


def test_snapshot_goes_on_where_it_stopped(desk: aftersales.LoadedPolicy, opened: aftersales.OpenCase) -> None:
    """A case resumed from its snapshot decides the same, and takes the same next event the same way."""
    opened.tell(at=at(1), warehouse_record="no_record")
    twin = desk.resume(opened.to_dict())
    assert twin.decision == opened.decision
    assert twin.tell(at=at(2), photos_sent=False) == opened.tell(at=at(2), photos_sent=False)


def test_a_snapshot_under_a_policy_that_decides_otherwise_is_refused(
    desk: aftersales.LoadedPolicy, opened: aftersales.OpenCase
) -> None:
    """The first difference is named."""
    snapshot = opened.to_dict()
    snapshot["decided"] = {**snapshot["decided"], "path": ["reception.classify"]}  # type: ignore[dict-item]
    with pytest.raises(aftersales.PolicyChangedError, match="path differs under this policy"):
        desk.resume(snapshot)
    with pytest.raises(aftersales.SnapshotError):
        desk.resume({"form": 99})
