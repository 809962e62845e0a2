from itertools import permutations

import pytest

from aftersales.case.model import Done, Event, Tell
from aftersales.case.read import read_case
from aftersales.errors import CaseShapeError
from aftersales.instants import parse_instant
from small_policy import SMALL

FIRST, SECOND = "2026-11-06T11:00+08:00", "2026-11-07T11:00+08:00"


def events_of(*events: object, **case: object) -> tuple[Event, ...]:
    """Return the events of a case as read."""
    return read_case(SMALL, {**case, "events": list(events)}).events


def test_arrival_order_does_not_matter() -> None:
    """By instant, answers before actions, then by content: every arrival order reads the same."""
    events = [
        {"at": SECOND, "tell": {"evidence": "confirmed"}},
        {"at": FIRST, "done": "soothe"},
        {"at": FIRST, "tell": {"photos_sent": True}},
        {"id": "e9", "at": FIRST, "tell": {"issue": "wrong_item"}},
    ]
    read = [events_of(*order) for order in permutations(events)]
    assert all(order == read[0] for order in read)
    assert [type(event) for event in read[0]] == [Tell, Tell, Done, Tell]


def test_the_same_event_twice_is_one() -> None:
    """The same id, or the same instant and content, is the same event."""
    told = {"at": FIRST, "tell": {"photos_sent": True}}
    refund = {"at": FIRST, "done": "refund", "amount": "5.00"}
    assert len(events_of(told, told, {**told, "id": "e1"}, {**told, "at": "2026-11-06T03:00:00Z", "id": "e1"})) == 1
    assert events_of(refund, {**refund, "id": "e2"}, {**refund, "amount": 5}) == (
        Done(parse_instant(FIRST), "refund", 500, "e2"),
    )


def test_different_amounts_are_different_payments() -> None:
    """Two payments at one instant that differ are both kept."""
    refund = {"at": FIRST, "done": "refund", "amount": "5.00"}
    assert len(events_of(refund, {**refund, "amount": "6.00"})) == 2


def test_one_instant_may_have_the_same_answer_twice() -> None:
    """Only different answers contradict each other."""
    assert (
        len(
            events_of(
                {"at": FIRST, "tell": {"photos_sent": True}},
                {"at": FIRST, "tell": {"photos_sent": True, "evidence": "none"}},
            )
        )
        == 2
    )


def test_a_later_answer_is_no_conflict() -> None:
    """A fact may be answered anew at another instant."""
    assert (
        len(events_of({"at": FIRST, "tell": {"evidence": "none"}}, {"at": SECOND, "tell": {"evidence": "confirmed"}}))
        == 2
    )


def test_a_case_without_a_clock_has_events_without_instants() -> None:
    """Where nothing is timed, events need no instant."""
    assert events_of({"done": "soothe"}, {"tell": {"photos_sent": True}}) == (
        Tell(None, {"photos_sent": True}),
        Done(None, "soothe"),
    )
    with pytest.raises(CaseShapeError):
        events_of({"done": "soothe"}, {"at": FIRST, "tell": {"photos_sent": True}})
