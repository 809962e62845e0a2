"""The flat names of a case, and laws held against cases, on the small policy of the desk."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

import aftersales
from aftersales.case.read import read_case
from aftersales.errors import AmountError
from aftersales.expr.check import read_expr
from aftersales.expr.types import FLAG, UNKNOWN, Value
from aftersales.policy.flat_names import CASES, flat_names
from aftersales.policy.laws import Law, Where
from aftersales.policy.read_laws import law_scope
from aftersales.run.flat import FlatCase, TwoCases, decided, judge, judge_two, readings
from aftersales.run.fold import fold
from aftersales.run.walk import Walk
from aftersales.source import Source, Span
from aftersales.text import Text

PAID = {"claimed_paid": "100.00", "already_refunded": "0.00", "postage_claimed": "8.00", "insured_up_to": "15.00"}
PLACE = Span(Source("laws.yaml", "laws"), 1, 1, 1, 4)


def walked(desk: aftersales.LoadedPolicy, facts: Mapping[str, object], **more: object) -> Walk:
    """Return a case of the desk where it stands."""
    told = {**facts, **({"issue": "vector"} if "vector" in facts else {})}
    return fold(desk.machine, desk.model, read_case(desk.model, {"facts": told, **more}))


def flat(desk: aftersales.LoadedPolicy, *names: str, **facts: object) -> list[Value]:
    """Return what these names are worth at the end of one of the desk's sums."""
    known = decided(walked(desk, PAID | facts))
    return [known[name] for name in names]


def law(
    desk: aftersales.LoadedPolicy, then: str, condition: str = "true", at: Where = "end", *, two: bool = False
) -> Law:
    """Return a law of the desk."""
    scope = law_scope(desk.model, CASES if two else ())
    read = [read_expr(text, scope, FLAG, lambda _start, _end: None)[0] for text in (condition, then)]
    when, what = read
    assert when is not None
    assert what is not None
    more = ("return_postage",) if two else ()
    return Law("law", Text("守则", "a law"), ("shop",), at, when, what, PLACE, more, "same_end" if two else None)


def test_a_line_that_no_state_lays_down_any_more_is_nothing(desk: aftersales.LoadedPolicy) -> None:
    """A policy that is revised after its laws were read (a fault put in on purpose) still answers them."""
    case = FlatCase(walked(desk, {"vector": "no_reason"}))
    assert case.fact("refund_gone") == 0


def test_every_flat_name_has_a_value(desk: aftersales.LoadedPolicy) -> None:
    """Neither more nor fewer than the policy's flat names, in an open case as at an end."""
    for vector in ({}, {"vector": "no_reason"}):
        assert set(decided(walked(desk, PAID | vector))) == set(flat_names(desk.model))


def test_money_goes_back_name_by_name(desk: aftersales.LoadedPolicy) -> None:
    """Quality 100, outbound 8, return 20, insured 15: 113.00 from the seller, 15 from the insurer, 20 spent."""
    facts = {"vector": "quality_outbound", "return_postage": "20.00", "return_postage_advanced_by": "buyer"}
    names = ("refund_goods", "refund_outbound", "refund_return", "refund_reship", "refund_total", "buyer_net")
    assert flat(desk, *names, **facts) == [10000, 800, 500, 0, 11300, 10800]
    legs = ("return_borne", "return_advanced", "return_by_seller", "return_by_insurer", "return_by_buyer")
    assert flat(desk, *legs, **facts) == ["seller", "buyer", 500, 1500, 0]
    assert flat(desk, "goods_left", "refund_maximum", "liable", **facts) == [10000, 12800, "seller"]


def test_a_leg_that_is_not_travelled_is_none(desk: aftersales.LoadedPolicy) -> None:
    """Nobody bears it, and nothing of it moves."""
    names = ("reship_borne", "reship_advanced", "reship_by_seller", "refund_reship", "charge_reship", "recover_reship")
    assert flat(desk, *names, vector="quality", return_postage="20.00") == [None, None, None, 0, 0, 0]


def test_what_waits_is_unknown(desk: aftersales.LoadedPolicy) -> None:
    """A missing receipt leaves the way back and all totals with it open, the goods line known."""
    names = ("refund_goods", "refund_return", "refund_total", "return_by_seller", "buyer_net")
    assert flat(desk, *names, vector="quality_outbound") == [10000, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN]
    assert flat(desk, "return_borne", "return_advanced", "charge_return", vector="quality_outbound") == [
        *("seller", "undecided", UNKNOWN)
    ]


def test_a_receipt_that_moves_nothing_leaves_the_refund_known(desk: aftersales.LoadedPolicy) -> None:
    """What the buyer paid and bears is nobody else's money; only what they come out with waits for it."""
    names = ("refund_return", "refund_total", "charge_total", "return_by_buyer", "buyer_net")
    assert flat(desk, *names, vector="no_reason") == [0, 0, 0, UNKNOWN, UNKNOWN]
    assert flat(desk, *names, vector="no_reason", return_postage="18.00") == [0, 0, 0, 300, -300]


def test_charges_count_against_the_buyer(desk: aftersales.LoadedPolicy) -> None:
    """Exchange by choice: difference 20 and reship 10 charged, return 12 spent."""
    facts = {"vector": "exchange_by_choice", "return_postage": "12.00", "reship_postage": "10.00"}
    names = ("charge_difference", "charge_reship", "charge_return", "charge_total", "buyer_net")
    assert flat(desk, *names, **facts, price_difference="20.00") == [2000, 1000, 0, 3000, -4200]
    assert flat(desk, *names, **facts) == [UNKNOWN, 1000, 0, UNKNOWN, UNKNOWN]


def test_deductions_are_what_was_taken(desk: aftersales.LoadedPolicy) -> None:
    """Never more than the goods line holds; unknown while the line is."""
    names = ("deduction_threshold_postage", "deduction_total", "refund_goods")
    facts = {"vector": "threshold", "return_postage": "9.00"}
    assert flat(desk, *names, **facts, threshold_deduction="130.00") == [10000, 10000, 0]
    assert flat(desk, *names, **facts) == [UNKNOWN, UNKNOWN, UNKNOWN]
    assert flat(desk, *names, vector="quality", return_postage="9.00") == [0, 0, 0]


def test_shares_are_shared(desk: aftersales.LoadedPolicy) -> None:
    """30 % of 5.00 above the insurance on the carrier, who owes it to the seller."""
    names = ("return_borne", "return_by_carrier", "return_by_seller", "recover_return", "recover_total")
    assert flat(desk, *names, vector="shared", return_postage="20.00") == ["shared", 150, 350, 150, 150]
    assert flat(desk, "recover_return", "recover_total", vector="shared") == [UNKNOWN, UNKNOWN]


def test_where_a_case_stands(desk: aftersales.LoadedPolicy) -> None:
    """Flow, state and outcome; an open case has no outcome, and a passed deadline is silence."""
    claim = {"issue": "wrong_item", "opened_at": "2026-11-06T11:00:00+08:00"}
    resting = decided(walked(desk, {}, claim=claim))
    late = decided(walked(desk, {}, claim=claim, as_of="2026-11-08T11:00:01+08:00"))
    names = ("flow", "state", "outcome", "liable", "silence")
    assert [resting[name] for name in names] == ["wrong_item", "verify", None, "undecided", False]
    assert [late[name] for name in names] == ["wrong_item", "no_evidence", "refused", "nobody", True]


def test_actions_and_duties(desk: aftersales.LoadedPolicy) -> None:
    """What the state asks for whoever must do it, and what was owed since any state, done or not."""
    facts = {"photos_sent": True, "evidence": "confirmed", "warehouse_record": "confirms_buyer", "in_stock": True}
    case = FlatCase(walked(desk, facts | {"wants": "reship"}, claim={"issue": "wrong_item"}))
    asked = (
        "reship in next_actions",
        "soothe in next_actions",
        "find_responsible_person in duties",
        "reship in duties",
    )
    assert [case.fact(name) for name in asked] == [True, False, True, False]


def test_facts_and_params_beside_the_flat_names(desk: aftersales.LoadedPolicy) -> None:
    """A flat case reads them as every expression does."""
    case = FlatCase(walked(desk, {"vector": "quality", "return_postage": "20.00"}))
    assert (case.fact("return_postage"), case.fact("claimed_paid"), case.param("partial_refund_cap")) == (
        *(2000, UNKNOWN, 2000),
    )
    two = TwoCases(case, FlatCase(walked(desk, {"vector": "no_reason", "return_postage": "30.00"})))
    assert [two.fact(f"{name}.return_postage") for name in CASES] == [2000, 3000]
    assert two.param("b.partial_refund_cap") == 2000


@pytest.mark.parametrize(
    ("then", "condition", "verdict"),
    [
        ("return_borne != buyer", "liable == buyer", False),
        ("return_borne != buyer", "liable == seller", True),
        ("return_borne == buyer", "liable == buyer", True),
        ("reship_borne != buyer", "true", UNKNOWN),
        ("return_borne != buyer", "freight_insured", UNKNOWN),
    ],
)
def test_a_law_is_broken_only_by_what_is_known(
    desk: aftersales.LoadedPolicy, then: str, condition: str, verdict: object
) -> None:
    """``if`` known true and ``then`` known false; what is unknown or none breaks nothing."""
    assert judge(law(desk, then, condition), walked(desk, {"vector": "no_reason"})) is verdict


def test_a_law_speaks_of_ends_or_of_open_states(desk: aftersales.LoadedPolicy) -> None:
    """A law for the other one says nothing of the case."""
    end, resting = walked(desk, {"vector": "no_reason"}), walked(desk, {})
    assert [judge(law(desk, "silence", at=at), walk) for at in ("end", "open") for walk in (end, resting)] == [
        *(False, UNKNOWN, UNKNOWN, False)
    ]


def test_two_cases_are_compared(desk: aftersales.LoadedPolicy) -> None:
    """Each name in the case it begins with."""
    cheap, dear = (walked(desk, PAID | {"vector": "quality", "return_postage": cost}) for cost in ("16.00", "30.00"))
    more = law(desk, "a.refund_return < b.refund_return", "a.return_postage < b.return_postage", two=True)
    assert [judge_two(more, cheap, dear), judge_two(more, dear, cheap)] == [True, True]
    assert judge_two(law(desk, "a.refund_return >= b.refund_return", two=True), cheap, dear) is False


def test_a_law_tells_what_it_read(desk: aftersales.LoadedPolicy) -> None:
    """Every name once, in the author's order, money with two decimals."""
    case = FlatCase(walked(desk, PAID | {"vector": "no_reason", "return_postage": "18.00"}))
    asked = law(desk, "buyer_net >= 0 and refund in next_actions", "liable == buyer and reship_by_buyer > buyer_net")
    assert readings(asked, case) == (
        "liable = buyer, reship_by_buyer = null, buyer_net = -3.00, refund in next_actions = false"
    )


def test_money_that_cannot_be_settled(desk: aftersales.LoadedPolicy) -> None:
    """A refund above what was paid is an error here as everywhere."""
    walk = walked(desk, {"vector": "uncapped", "compensation_asked": "999.00"} | PAID)
    with pytest.raises(AmountError):
        FlatCase(walk)
