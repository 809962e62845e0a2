"""The sums of the specification, as a shop manager would check them: facts in, money out."""

import shutil
from pathlib import Path

import pytest

import aftersales
from aftersales.case.model import Case, Claim
from aftersales.case.view import CaseView
from aftersales.policy.model import PostageTerm
from aftersales.run.postage import derive_postage

ROOT = Path(__file__).parents[2]

PAID = {"claimed_paid": "100.00", "already_refunded": "0.00", "postage_claimed": "0.00"}
NOT_INSURED = {"insured_up_to": None}

SUMS = [
    pytest.param(
        {"vector": "no_reason", "return_postage": "100.00", "insured_up_to": "10.50"},
        {"total": 0, "transfers": [("insurer", "buyer", "return", 1050)], "shares": {"buyer": 8950}},
        id="no reason: the insurer pays 10.50, the buyer keeps 89.50",
    ),
    pytest.param(
        {"vector": "quality", "return_postage": "20.00", "insured_up_to": "15.00"},
        {
            "total": 500,
            "transfers": [("seller", "buyer", "return", 500), ("insurer", "buyer", "return", 1500)],
            "shares": {"seller": 500},
        },
        id="quality: the insurer pays 15, the seller 5",
    ),
    pytest.param(
        {"vector": "quality", "return_postage": "20.00", "insured_up_to": "15.00", "insurance_payout": "6.00"},
        {
            "total": 1400,
            "transfers": [("seller", "buyer", "return", 1400), ("insurer", "buyer", "return", 600)],
            "shares": {"seller": 1400},
        },
        id="what the insurer did pay replaces what it should have paid",
    ),
    pytest.param(
        PAID
        | {
            "vector": "quality_outbound",
            "postage_claimed": "8.00",
            "return_postage": "20.00",
            "return_postage_advanced_by": "buyer",
            "insured_up_to": "15.00",
        },
        {
            "total": 11300,
            "transfers": [
                ("seller", "buyer", "goods", 10000),
                ("seller", "buyer", "outbound", 800),
                ("seller", "buyer", "return", 500),
                ("insurer", "buyer", "return", 1500),
            ],
            "shares": {"seller": 500},
        },
        id="quality 100, outbound 8, return 20, insured 15: 113.00",
    ),
    pytest.param(
        PAID
        | {
            "vector": "quality_outbound",
            "return_postage": "20.00",
            "return_postage_advanced_by": "seller",
            "insured_up_to": "15.00",
        },
        {"total": 10000, "transfers": [("seller", "buyer", "goods", 10000)], "shares": {"seller": 2000}},
        id="picked up on the seller's account: nothing to give back, nothing for the insurer",
    ),
    pytest.param(
        {"vector": "exchange_by_choice", "return_postage": "12.00", "reship_postage": "10.00"}
        | {"price_difference": "20.00", "insured_up_to": "15.00"},
        {
            "total": 0,
            "transfers": [("buyer", "seller", "difference", 2000), ("buyer", "seller", "reship", 1000)],
            "shares": {"buyer": 1200},
        },
        id="exchange by choice: the buyer owes 30.00, the insurer pays for no exchange",
    ),
    pytest.param(
        PAID
        | {"vector": "threshold", "claimed_paid": "6.00", "threshold_deduction": "10.00", "return_postage": "9.00"}
        | NOT_INSURED,
        {"total": 0, "transfers": [], "shares": {"buyer": 900}},
        id="goods 6, threshold postage 10: 0.00, nothing owed",
    ),
    pytest.param(
        PAID
        | {"vector": "threshold", "claimed_paid": "60.00", "threshold_deduction": "10.00", "return_postage": "9.00"}
        | NOT_INSURED,
        {"total": 5000, "transfers": [("seller", "buyer", "goods", 5000)], "shares": {"buyer": 900}},
        id="60 back, threshold postage 10: 50.00",
    ),
    pytest.param(
        {"vector": "shared", "return_postage": "10.01"} | NOT_INSURED,
        {
            "total": 1001,
            "transfers": [("seller", "buyer", "return", 1001), ("carrier", "seller", "return", 300)],
            "shares": {"carrier": 300, "seller": 701},
        },
        id="shares of a leg add up to it; the carrier's passes through the seller",
    ),
]


@pytest.mark.parametrize(("facts", "expected"), SUMS)
def test_sum(desk: aftersales.LoadedPolicy, facts: dict[str, str], expected: dict[str, object]) -> None:
    """Each sum of the specification comes out to the fen."""
    decision = desk.decide_facts(issue="vector", **facts)
    leg = decision.postage["return"]
    assert leg is not None
    assert {
        "total": decision.refund.total,
        "transfers": [(move.from_, move.to, move.for_, move.amount) for move in decision.transfers],
        "shares": dict(leg.shares),
    } == expected


def test_goods_never_wait_for_the_receipt(desk: aftersales.LoadedPolicy) -> None:
    """Goods 59 are paid at once; the receipt of 12, told later, makes 12.00 due and the refund action return."""
    opened = desk.open(
        {
            "claim": {"opened_at": "2026-11-06T11:00:00+08:00"},
            "facts": PAID
            | {"issue": "vector", "vector": "quality_outbound", "claimed_paid": "59.00", "insured_up_to": None}
            | {"return_postage_advanced_by": "buyer"},
        }
    )
    first = opened.decision
    assert (first.refund.due, [waiting.needs for waiting in first.refund.waiting]) == (5900, [("return_postage",)])
    paid = opened.done("refund", at="2026-11-06T12:00:00+08:00", amount="59.00")
    assert (paid.refund.due, [action.action for action in paid.next_actions], paid.status) == (0, [], "settled")
    later = opened.tell(at="2026-11-09T12:00:00+08:00", return_postage="12.00")
    assert (later.refund.due, [(action.action, action.amount) for action in later.next_actions]) == (
        1200,
        [("refund", 1200)],
    )
    closed = opened.done("refund", at="2026-11-09T13:00:00+08:00", amount="12.00")
    assert (closed.refund.paid, closed.refund.due, closed.status) == (7100, 0, "closed")


def test_more_than_is_due_is_refused(desk: aftersales.LoadedPolicy) -> None:
    """Paying one fen more than is due is an error that names the maximum, and changes nothing."""
    opened = desk.open({"claim": {"opened_at": "2026-11-06T11:00:00+08:00"}, "facts": PAID | {"issue": "cancel_order"}})
    with pytest.raises(aftersales.AmountError, match=r"the maximum due is 100\.00"):
        opened.done("refund", at="2026-11-06T12:00:00+08:00", amount="100.01")
    assert opened.decision.refund.due == 10000


def test_compensation_above_its_cap_is_an_error(desk: aftersales.LoadedPolicy) -> None:
    """Compensation above its own cap is an error naming the maximum, never a clamp."""
    with pytest.raises(aftersales.AmountError, match=r"compensation comes to 20\.01, its maximum is 20\.00"):
        desk.decide_facts(issue="vector", vector="compensated", compensation_asked="20.01", **PAID)


def test_goods_above_what_is_left_of_them_are_an_error(desk: aftersales.LoadedPolicy) -> None:
    """Whatever a policy writes: goods above what was paid and is not yet refunded stop with the maximum named."""
    left = {"claimed_paid": "59.00", "already_refunded": "9.00", "postage_claimed": "0.00"}
    with pytest.raises(aftersales.AmountError, match=r"goods comes to 50\.01, its maximum is 50\.00"):
        desk.decide_facts(issue="vector", vector="uncapped", compensation_asked="50.01", **left)
    assert desk.decide_facts(issue="vector", vector="uncapped", compensation_asked="50.00", **left).refund.total == 5000


def test_no_rule_is_warned_through_a_derived_fact(desk: aftersales.LoadedPolicy) -> None:
    """A figure that no rule was found for counts 0.00 and says so, also where a derived fact reads it."""
    decision = desk.decide_facts(issue="vector", vector="unruled")
    assert decision.refund.total == 0
    assert [warning.en for warning in decision.warnings] == ["gift by rule: no rule found, 0.00; ask a supervisor"]


def test_an_insurer_without_a_known_limit_is_waited_for(tmp_path: Path) -> None:
    """Where a policy insures a leg but has no fact for how much, the leg waits; it is no error."""
    folder = shutil.copytree(ROOT / "tests/flows/good/minimal", tmp_path / "minimal")
    policy = aftersales.load(folder)
    assert "insured_up_to" not in policy.model.facts
    assert policy.model.legs["return"].insured == "freight_insured"
    span = next(iter(policy.model.states.values())).span
    told = {"return_postage": 1000, "freight_insured": True}
    view = CaseView(policy.model, Case(None, None, Claim(None, None), {}), told)
    term = PostageTerm("return", None, None, insured=True, span=span)
    postage = derive_postage(policy.model, [term], view)
    assert postage.legs["return"].shares == {}
