import datetime as dt
from collections.abc import Mapping

import pytest

from aftersales.case.model import Case, Claim, ClaimedUnits
from aftersales.case.read import read_case
from aftersales.case.units import claimed_units
from aftersales.errors import CaseError, ConflictError, UnknownNameError
from aftersales.expr.types import Value
from aftersales.instants import parse_instant
from small_policy import SMALL, ZONE

LINES = [{"sku": "A", "quantity": 2, "paid": 1}, {"sku": "B", "quantity": 3, "paid": 1}]
OPENED = "2026-11-06T11:00+08:00"


def answers(facts: Mapping[str, object]) -> Mapping[str, Value]:
    """Return answers as read."""
    return read_case(SMALL, {"facts": facts}).told


def test_claims_units_by_sku_or_line() -> None:
    """Units are named by sku or by line number, and stand in the order of the lines."""
    claim = {"lines": [{"line": 2, "quantity": 3}, {"sku": "A", "quantity": 1}]}
    case = read_case(SMALL, {"order": {"lines": LINES}, "claim": claim})
    assert case.claim.units == (ClaimedUnits(1, 1), ClaimedUnits(2, 3))


def test_a_claim_without_lines_is_about_what_is_left() -> None:
    """Every unit that no other case took."""
    refunds = [
        {"case": "C0", "sku": "A", "quantity": 2, "for": "goods", "amount": 1, "status": "pending"},
        {"case": "C1", "sku": "B", "quantity": 1, "for": "goods", "amount": "0.10", "status": "done", "kept": True},
    ]
    case = read_case(SMALL, {"order": {"lines": LINES, "refunds": refunds}})
    assert case.claim == Claim(None, None)
    assert case.order is not None
    assert claimed_units(case.order, case.claim) == (ClaimedUnits(2, 3),)


def test_claim_and_facts_are_told_at_the_opening() -> None:
    """What order, claim and facts say is told together; the claim says when."""
    case = read_case(
        SMALL,
        {
            "id": "C7",
            "order": {"platform": "tmall"},
            "claim": {"issue": "wrong_item", "opened_at": OPENED},
            "facts": {"platform": "tmall", "evidence": "confirmed", "delivered": False},
            "as_of": OPENED,
        },
    )
    opened = parse_instant(OPENED)
    assert case.told == {
        "platform": "tmall",
        "issue": "wrong_item",
        "opened_at": opened,
        "evidence": "confirmed",
        "delivered": False,
    }
    assert (case.id, case.claim.opened_at, case.as_of) == ("C7", opened, opened)


def test_the_opening_may_be_told_as_a_fact() -> None:
    """Scalar facts alone make a case."""
    assert read_case(SMALL, {"facts": {"opened_at": OPENED}}).claim.opened_at == parse_instant(OPENED)


def test_an_empty_case_is_a_case() -> None:
    """Everything may be missing; then nothing is known."""
    assert read_case(SMALL, {}) == Case(None, None, Claim(None, None), {})


def test_takes_a_callers_own_values() -> None:
    """A caller's dict may hold datetimes, durations and times of day."""
    told = answers(
        {
            "opened_at": dt.datetime(2026, 11, 6, 11, tzinfo=ZONE),
            "agreed_wait": dt.timedelta(hours=2),
            "pickup": dt.time(20),
            "agreed_rate": "30%",
        },
    )
    assert told["opened_at"] == parse_instant(OPENED)
    assert (told["agreed_wait"], told["pickup"]) == (dt.timedelta(hours=2), dt.time(20))


@pytest.mark.parametrize(
    "answer",
    [
        {"agreed_wait": dt.timedelta(seconds=-60)},
        {"agreed_wait": dt.timedelta(seconds=1)},
        {"pickup": dt.time(20, 0, 1)},
        {"opened_at": dt.date(2026, 11, 6)},
        {"opened_at": dt.datetime(2026, 11, 6)},  # noqa: DTZ001 (that it has no offset is the point)
        {"pickup": 20},
        {"evidence": True},
        {"issue": ["wrong_item"]},
    ],
    ids=str,
)
def test_refuses_what_could_not_have_been_written(answer: dict[str, object]) -> None:
    """A caller's values are held to what a file could say."""
    with pytest.raises(CaseError):
        answers(answer)


def test_an_unknown_answer_names_the_nearest() -> None:
    """A misspelt fact is an error with a suggestion, never an answer to nothing."""
    with pytest.raises(UnknownNameError, match="did you mean photos_sent"):
        answers({"photo_sent": True})


def test_the_claims_instant_and_the_fact_must_agree() -> None:
    """Two instants of opening cannot both hold."""
    with pytest.raises(ConflictError):
        read_case(SMALL, {"claim": {"opened_at": OPENED}, "facts": {"opened_at": "2026-11-07T11:00+08:00"}})
