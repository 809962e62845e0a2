"""Second thoughts: corrections, overrides, and settled cases that reopen."""

import shutil
from pathlib import Path

import pytest

import aftersales

OPENED = "2026-11-06T11:00:00+08:00"
PAID = {"claimed_paid": "100.00", "already_refunded": "0.00", "postage_claimed": "8.00"}


def at(day: int, hour: int = 12) -> str:
    """Return an instant of November 2026."""
    return f"2026-11-{day:02d}T{hour:02d}:00:00+08:00"


def where(decision: aftersales.Decision) -> str:
    """Return flow and state of a decision."""
    return f"{decision.flow}.{decision.state}"


@pytest.fixture
def wrong_item(desk: aftersales.LoadedPolicy) -> aftersales.OpenCase:
    """Open a wrong-item case that the evidence has confirmed."""
    facts = {"photos_sent": True, "evidence": "confirmed", "warehouse_record": "confirms_seller"}
    return desk.open({"claim": {"issue": "wrong_item", "opened_at": OPENED}, "facts": PAID | facts})


def test_a_correction_counts_from_the_start(wrong_item: aftersales.OpenCase) -> None:
    """The record was misread: corrected, the case is as if it had been told right; the correction is shown."""
    assert where(wrong_item.decision) == "wrong_item.complete"
    decision = wrong_item.correct(at=at(7), warehouse_record="confirms_buyer")
    assert where(decision) == "wrong_item.choose_remedy"
    assert [warning.en for warning in decision.warnings] == ["corrected 2026-11-07T12:00:00+08:00: warehouse_record"]


def test_a_correction_of_an_event_replaces_that_answer(desk: aftersales.LoadedPolicy) -> None:
    """The latest answer before the correction is replaced, not a later one."""
    opened = desk.open({"claim": {"issue": "wrong_item", "opened_at": OPENED}})
    opened.tell(at=at(6), warehouse_record="confirms_seller")
    decision = opened.correct(at=at(7), warehouse_record="no_record")
    assert where(decision) == "wrong_item.verify"


def test_there_must_be_something_to_correct(wrong_item: aftersales.OpenCase) -> None:
    """A fact that nobody has told cannot be corrected."""
    with pytest.raises(aftersales.ConflictError, match="nobody has told wants before"):
        wrong_item.correct(at=at(7), wants="reship")


def test_a_correction_cannot_undo_what_was_done(desk: aftersales.LoadedPolicy) -> None:
    """Once money has been paid, a correction under which it would not be owed is refused and changes nothing."""
    opened = desk.open({"claim": {"opened_at": OPENED}, "facts": PAID | {"issue": "cancel_order"}})
    opened.done("refund", at=at(6), amount="108.00")
    with pytest.raises(aftersales.ConflictError, match="cannot be corrected"):
        opened.correct(at=at(7), issue="wrong_item")
    assert opened.decision.refund.paid == 10800


def test_what_nobody_owes_after_a_correction_is_simply_not_owed(wrong_item: aftersales.OpenCase) -> None:
    """Only what was done before a correction can be undone by it; what comes later is refused for what it is."""
    wrong_item.correct(at=at(7), warehouse_record="confirms_buyer")
    with pytest.raises(aftersales.NotOwedError, match="restock is not owed"):
        wrong_item.done("restock", at=at(8))


def test_known_by_another_id_an_event_is_still_known(desk: aftersales.LoadedPolicy) -> None:
    """Sent again with an id that it did not have before, even after a payment, an answer changes nothing."""
    opened = desk.open({"claim": {"opened_at": OPENED}, "facts": PAID})
    opened.tell(at=at(6), issue="cancel_order")
    opened.done("refund", at=at(7), amount="108.00")
    before = opened.to_dict()
    opened.tell(at=at(6), id="e1", issue="cancel_order")
    assert opened.to_dict() == before


def test_an_answer_with_an_impossible_amount_changes_nothing(desk: aftersales.LoadedPolicy) -> None:
    """A refund above what was paid is refused where it is told, and the case goes on from before."""
    facts = {"issue": "vector", "vector": "uncapped"}
    opened = desk.open({"claim": {"opened_at": OPENED}, "facts": PAID | facts})
    before = opened.to_dict()
    with pytest.raises(aftersales.AmountError, match=r"its maximum is 100\.00"):
        opened.tell(at=at(7), compensation_asked="100.01")
    assert opened.to_dict() == before
    assert opened.tell(at=at(7), compensation_asked="100.00").refund.due == 10000


def test_the_outlook_ends_after_an_override(wrong_item: aftersales.OpenCase) -> None:
    """Terms that were laid down before a loop of questions do not keep the search from finding its end."""
    wrong_item.override("choose_remedy", by="supervisor", because="goodwill", at=at(7))
    outlook = wrong_item.outlook().outlook
    assert outlook is not None
    assert outlook.complete
    assert {way.state for way in outlook.ways} >= {"price_cut", "reshipped"}


def test_an_override_is_shown_and_settles(wrong_item: aftersales.OpenCase) -> None:
    """A supervisor may decide against the flow; path and warnings say who and why."""
    decision = wrong_item.override("refunded", by="supervisor", because="老客户", at=at(7))
    assert (where(decision), decision.outcome) == ("wrong_item.refunded", "return_and_refund")
    assert decision.path[-1].because == "override by supervisor: 老客户"
    assert decision.warnings[0].zh == "主管改判到“退款退邮费”：老客户"
    assert decision.refund.total == 10800


def test_an_override_never_leaves_the_caps(desk: aftersales.LoadedPolicy) -> None:
    """More than is left of the goods stays an error, whoever decides."""
    facts = PAID | {"issue": "vector", "vector": "no_reason", "compensation_asked": "100.01"}
    opened = desk.open({"claim": {"opened_at": OPENED}, "facts": facts})
    with pytest.raises(aftersales.AmountError, match=r"its maximum is 100\.00"):
        opened.override("uncapped", by="supervisor", because="…", at=at(7))


def test_an_overridden_case_that_no_branch_fits_can_be_overridden_again() -> None:
    """A deadline that leads to no branch stops the case with a warning, not the person who put it there."""
    opened = aftersales.load().open({"claim": {"issue": "quality_issue", "opened_at": OPENED}})
    opened.tell(at=at(6, 13), platform_stepped_in=True)
    opened.override("goods", by="supervisor", because="…", at=at(6, 14))
    opened.override("return_ruled", by="supervisor", because="…", at=at(6, 15))
    opened.tell(at=at(6, 16), goods_way="stay")
    for _ in range(2):
        stuck = opened.advance(as_of=at(20))
        assert where(stuck) == "platform_case.way_back"
        assert stuck.warnings[-1].zh == "改判之后，“还要退还是已退回”没有一条分支符合本案：请再改判"
    assert aftersales.load().resume(opened.to_dict()).advance(as_of=at(20)) == stuck
    with pytest.raises(aftersales.UnmatchedCaseError, match=r"no branch of state platform_case\.way_back"):
        opened.tell(at=at(20), platform_advance="none")
    decision = opened.override("goods", by="supervisor", because="…", at=at(20, 13))
    assert where(decision) == "platform_case.part_or_all"


def test_an_end_behind_an_override_asks_who_is_liable() -> None:
    """What says who is liable was passed over: the end asks for it, and the case is not closed before it is known."""
    opened = aftersales.load().open(
        {"claim": {"issue": "quality_issue", "opened_at": OPENED}, "facts": {"goods_paid": "59.00"}}
    )
    opened.tell(at=at(6, 13), platform_stepped_in=True)
    opened.override("goods_back", by="supervisor", because="…", at=at(6, 14))
    opened.tell(at=at(6, 15), ruled_outbound_bearer="seller", ruled_return_bearer="seller", platform_award="59.00")
    decision = opened.tell(at=at(6, 15), platform_advance="none", goods_way="are_back")
    assert (where(decision), decision.liable) == ("platform_case.returned_refunded", None)
    assert "platform_verdict" in {need.fact for need in decision.needs}
    decision = opened.tell(at=at(6, 16), platform_verdict="buyer_right")
    assert decision.liable == "seller"
    assert "platform_verdict" not in {need.fact for need in decision.needs}


def test_an_end_behind_an_override_says_that_nobody_said_who_is_liable(tmp_path: Path) -> None:
    """Where the state that says who is liable was passed over, there is nothing to ask for: a warning says so."""
    folder = shutil.copytree(Path(__file__).parent / "desk", tmp_path / "desk")
    written = (folder / "wrong_item.yaml").read_text()
    refunded = "    outcome: return_and_refund\n    liable: seller\n"
    later = written.replace(refunded, refunded.replace("    liable: seller\n", ""))
    earlier = later.replace("  choose_remedy:\n", "  choose_remedy:\n    liable: seller\n")
    assert earlier.count("liable: seller") == written.count("liable: seller")
    (folder / "wrong_item.yaml").write_text(earlier)
    opened = aftersales.load(folder).open({"claim": {"issue": "wrong_item", "opened_at": OPENED}, "facts": PAID})
    opened.override("trip", by="supervisor", because="…", at=at(6))
    decision = opened.tell(at=at(7), return_received=True, inspection_verdict="confirmed")
    assert (where(decision), decision.liable) == ("wrong_item.refunded", None)
    assert decision.warnings[-1].zh == "责任归谁未定：改判越过了写明它的状态，请主管核定"


def test_an_override_names_a_state_of_the_flow(wrong_item: aftersales.OpenCase) -> None:
    """An unknown state is refused, with the nearest one as a hint."""
    with pytest.raises(aftersales.UnknownNameError, match=r"did you mean refunded\?"):
        wrong_item.override("refundd", by="supervisor", because="…", at=at(7))


def test_where_nothing_is_due_no_amount_is_asked_for(desk: aftersales.LoadedPolicy) -> None:
    """A refund is not owed before anything is known to be due, nor once all is paid; in between it needs its amount."""
    facts = PAID | {"issue": "vector", "vector": "shared"}
    waiting = desk.open({"claim": {"opened_at": OPENED}, "facts": facts})
    opened = desk.open({"claim": {"opened_at": OPENED}, "facts": PAID | {"issue": "cancel_order"}})
    with pytest.raises(aftersales.NotOwedError, match="refund is not owed"):
        waiting.done("refund", at=at(7))
    with pytest.raises(aftersales.AmountError, match="needs its amount"):
        opened.done("refund", at=at(7))
    opened.done("refund", at=at(7), amount="108.00")
    with pytest.raises(aftersales.NotOwedError, match="refund is not owed"):
        opened.done("refund", at=at(8))
    with pytest.raises(aftersales.AmountError, match=r"the maximum due is 0\.00"):
        opened.done("refund", at=at(8), amount="1.00")


def test_a_found_parcel_reopens_the_case(desk: aftersales.LoadedPolicy) -> None:
    """Within its time a settled case goes on; what was paid stays paid and is not owed twice."""
    opened = desk.open({"claim": {"opened_at": OPENED}, "facts": PAID | {"issue": "lost_parcel"}})
    opened.done("refund", at=at(7), amount="108.00")
    decision = opened.tell(at=at(20), parcel_found=True)
    assert (where(decision), decision.status) == ("reception.found", "open")
    back = opened.tell(at=at(25), return_received=True)
    assert (where(back), back.refund.paid, back.refund.due) == ("reception.came_back", 10800, 0)


def test_after_its_time_nothing_reopens(desk: aftersales.LoadedPolicy) -> None:
    """A parcel found after 90 days changes nothing any more."""
    opened = desk.open({"claim": {"opened_at": OPENED}, "facts": PAID | {"issue": "lost_parcel"}})
    assert where(opened.tell(at="2027-02-04T11:00:01+08:00", parcel_found=True)) == "reception.lost"
    in_time = desk.open({"claim": {"opened_at": OPENED}, "facts": PAID | {"issue": "lost_parcel"}})
    assert where(in_time.tell(at="2027-02-04T11:00:00+08:00", parcel_found=True)) == "reception.found"
