"""The stages of a case: how each state was left, what was read, who told it, and why no other way was taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest

from aftersales import LoadedPolicy, load
from aftersales.expr.words import code
from aftersales.study.explain import explain
from aftersales.study.guards import NotTaken
from aftersales.study.readings import Reading
from aftersales.study.stages import Stage

DESK = Path(__file__).parents[1] / "run" / "desk"
SMALL = Path(__file__).parent / "small"
OPENED = "2026-11-06T11:00+08:00"


@pytest.fixture(scope="module")
def shop() -> LoadedPolicy:
    """The small shop's policy."""
    return load(SMALL)


@pytest.fixture(scope="module")
def desk() -> LoadedPolicy:
    """The desk's policy: interrupts, reopening, offers on a condition."""
    return load(DESK)


def stages(policy: LoadedPolicy, case: Mapping[str, object], as_of: str | None = None) -> tuple[Stage, ...]:
    """Return the stages of a case of one part."""
    (only,) = explain(policy, case, as_of).parts
    return only.stages


def why(other: NotTaken) -> tuple[str, str | None, bool, int | None]:
    """Return where a branch leads, the part of its condition in the author's words, and what came before it."""
    return other.target, None if other.part is None else code(other.part), other.unknown, other.above


def told(reading: Reading) -> tuple[str, object, str, str | None]:
    """Return a reading in short: fact, value, how it was known, when."""
    at = None if reading.at is None else reading.at.astimezone(dt.timezone(dt.timedelta(hours=8))).strftime("%d %H:%M")
    return reading.fact, reading.value, reading.origin, at


def test_a_branch_tells_what_it_read_and_why_no_other(shop: LoadedPolicy) -> None:
    """The way taken with its condition; above it what failed, below it what was not looked at."""
    case = {
        "claim": {"opened_at": OPENED},
        "facts": {"photos_sent": True},
        "events": [{"at": "2026-11-06T12:00+08:00", "tell": {"warehouse_record": "confirms_seller"}}],
    }
    verify, end = stages(shop, case)
    assert (verify.left, verify.target, verify.condition and code(verify.condition)) == (
        "branch",
        "wrong_item.sent_right",
        "warehouse_record == confirms_seller",
    )
    assert [told(reading) for reading in verify.readings] == [
        ("photos_sent", True, "told", "06 11:00"),
        ("warehouse_record", "confirms_seller", "told", "06 12:00"),
    ]
    assert [why(other) for other in verify.not_taken] == [
        ("wrong_item.no_evidence", "not photos_sent", False, None),
        ("wrong_item.choose_remedy", None, False, 1),
    ]
    assert (end.left, end.state.key, end.not_taken) == ("ended", "wrong_item.sent_right", ())


def test_otherwise_is_told_as_the_author_s_word(shop: LoadedPolicy) -> None:
    """The rest is taken because nothing above holds: each of these says what failed."""
    verify, *_ = stages(shop, {"facts": {"photos_sent": True, "warehouse_record": "confirms_buyer"}})
    assert verify.otherwise
    assert [why(other) for other in verify.not_taken] == [
        ("wrong_item.no_evidence", "not photos_sent", False, None),
        ("wrong_item.sent_right", "warehouse_record == confirms_seller", False, None),
    ]


def test_a_deadline_that_passed_is_named_with_who_was_silent(shop: LoadedPolicy) -> None:
    """The instant of the deadline, and the fact whose late edge fired."""
    verify, choose, end = stages(
        shop, {"claim": {"opened_at": OPENED}, "facts": {"photos_sent": True}}, "2026-11-12T12:00Z"
    )
    assert [(stage.left, stage.missing) for stage in (verify, choose)] == [
        ("late", ("warehouse_record",)),
        ("late", ("wants",)),
    ]
    assert verify.due is not None
    assert verify.due.isoformat() == "2026-11-08T11:00:00+08:00"
    assert why(verify.not_taken[1]) == ("wrong_item.sent_right", "warehouse_record == confirms_seller", True, None)
    assert end.left == "ended"


def test_an_open_case_says_what_it_waits_for(shop: LoadedPolicy) -> None:
    """Where a case rests: the facts that are missing, until when, and what each branch still needs."""
    (verify,) = stages(shop, {"claim": {"opened_at": OPENED}, "facts": {"photos_sent": True}})
    assert (verify.left, verify.missing) == ("waits", ("warehouse_record",))
    assert verify.due is not None
    assert [why(other) for other in verify.not_taken] == [
        ("wrong_item.no_evidence", "not photos_sent", False, None),
        ("wrong_item.sent_right", "warehouse_record == confirms_seller", True, None),
        ("wrong_item.choose_remedy", None, False, 1),
    ]


def test_an_answer_that_is_not_offered_names_the_offer_s_condition(desk: LoadedPolicy) -> None:
    """Reshipping is not offered without stock: the branch says which answer, and what its offer asks for."""
    facts = {"photos_sent": True, "evidence": "confirmed", "warehouse_record": "confirms_buyer", "in_stock": False}
    choose = stages(desk, {"claim": {"issue": "wrong_item", "opened_at": OPENED}, "facts": facts})[-1]
    kept_out = [other for other in choose.not_taken if other.answer is not None]
    assert [(other.answer, other.part and code(other.part)) for other in kept_out] == [
        (("wants", "reship"), "in_stock"),
    ]


def test_an_interrupt_is_named_by_its_fact(desk: LoadedPolicy) -> None:
    """The buyer withdrew where the case rested: that way, and not a branch."""
    withdrawn = [{"at": "2026-11-06T12:00+08:00", "tell": {"claim_withdrawn": True}}]
    case = {"claim": {"issue": "wrong_item", "opened_at": OPENED}, "events": withdrawn}
    verify = stages(desk, case)[-2]
    assert (verify.left, verify.missing, verify.target) == ("anytime", ("claim_withdrawn",), "wrong_item.withdrawn")
    assert [told(reading) for reading in verify.readings] == [("claim_withdrawn", True, "told", "06 12:00")]


def test_what_was_taken_or_done_is_not_told(shop: LoadedPolicy) -> None:
    """A photo sent is told by the action that was done, at its instant."""
    done = [{"at": "2026-11-06T12:00+08:00", "done": "send_photos"}]
    facts = {"warehouse_record": "confirms_seller"}
    verify, _ = stages(shop, {"claim": {"opened_at": OPENED}, "facts": facts, "events": done})
    assert told(verify.readings[0]) == ("photos_sent", True, "done", "06 12:00")


def test_silence_that_was_taken_for_an_answer_is_told_as_such(desk: LoadedPolicy) -> None:
    """The warehouse said nothing in time: its record is read as *no record*, by nobody's word."""
    case = {
        "claim": {"issue": "wrong_item", "opened_at": OPENED},
        "facts": {"photos_sent": True, "evidence": "confirmed"},
    }
    verify = next(
        stage for stage in stages(desk, case, "2026-11-09T00:00Z") if stage.target == "wrong_item.choose_remedy"
    )
    assert ("warehouse_record", "no_record", "silence", None) in [told(reading) for reading in verify.readings]


def test_a_corrected_answer_is_read_as_if_told_right(shop: LoadedPolicy) -> None:
    """The value is the right one, told when the wrong one was."""
    case = {
        "claim": {"opened_at": OPENED},
        "facts": {"photos_sent": True, "warehouse_record": "confirms_seller"},
        "events": [{"at": "2026-11-07T12:00+08:00", "correct": {"warehouse_record": "confirms_buyer"}}],
    }
    verify = stages(shop, case)[0]
    assert told(verify.readings[1]) == ("warehouse_record", "confirms_buyer", "told", "06 11:00")


def test_a_person_s_word_is_told_as_such(shop: LoadedPolicy) -> None:
    """An override says who and why; nothing was read for it."""
    override = {"at": "2026-11-06T12:00+08:00", "override": {"to": "refunded"}, "by": "agent", "because": "goodwill"}
    verify, end = stages(shop, {"claim": {"opened_at": OPENED}, "events": [override]})
    assert (verify.left, verify.by, verify.because, verify.readings) == ("override", "agent", "goodwill", ())
    assert end.state.name == "refunded"
