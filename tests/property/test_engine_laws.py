"""Laws of the engine, held on the shipped policy and on the test desk's."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import aftersales
from aftersales import AmountError, CaseError, Decision, LoadedPolicy, OpenCase
from strategies import OPENED, Answer, answers_at_once, any_facts, case_of, decided, guided

DESK = aftersales.load(Path(__file__).parents[1] / "run" / "desk")
SHIPPED = aftersales.load()
POLICIES = [pytest.param(DESK, id="desk"), pytest.param(SHIPPED, id="shipped")]
Walked = tuple[dict[str, object], list[Answer]]


def tell(opened: OpenCase, answer: Answer) -> None:
    """Tell an open case one answer."""
    facts: dict[str, Any] = {answer.fact: answer.value}
    opened.tell(at=answer.at, **facts)


def held(decision: Decision) -> object:
    """Return what must not depend on the order of telling: state, needs, duties, terms and money."""
    return (
        (decision.flow, decision.state, decision.status, decision.outcome, decision.liable),
        frozenset(need.fact for need in decision.needs),
        frozenset(duty.action for duty in decision.duties),
        {
            name: leg and (leg.advanced_by, leg.borne_by, leg.amount, leg.shares)
            for name, leg in decision.postage.items()
        },
        {line.for_: line.amount for line in decision.refund.lines},
        (
            decision.refund.total,
            decision.refund.due,
            Counter((move.from_, move.to, move.for_, move.amount) for move in decision.transfers),
        ),
    )


@pytest.mark.parametrize("policy", POLICIES)
@given(data=st.data())
def test_any_well_typed_facts_are_decided_or_a_named_fault(policy: LoadedPolicy, data: st.DataObject) -> None:
    """Whatever is told, in type: a decision, or a CaseError with a code; never another exception."""
    facts = data.draw(any_facts(policy.model))
    codes: set[str] = set()
    status = "fault"
    try:
        status = policy.decide({"claim": {"opened_at": OPENED.isoformat()}, "facts": facts}).status
    except CaseError as fault:
        codes = {diagnostic.code for diagnostic in fault.diagnostics}
    assert status in ("open", "settled", "closed") or all(codes)


@pytest.mark.parametrize("policy", POLICIES)
@given(data=st.data())
def test_arrival_order_of_timed_events_does_not_matter(policy: LoadedPolicy, data: st.DataObject) -> None:
    """Order law (a): the same timed events, arriving in any order that is accepted, give the same decision."""
    start, answers = data.draw(guided(policy))
    assume(len({answer.fact for answer in answers}) == len(answers))
    arrival = data.draw(st.permutations(answers))
    opened = policy.open(case_of([], start))
    try:
        for answer in arrival:
            tell(opened, answer)
        expected = policy.decide(case_of(answers, start))
    except CaseError:
        return
    assert opened.decision == expected


@pytest.mark.parametrize("policy", POLICIES)
@given(data=st.data())
def test_order_of_telling_does_not_matter(policy: LoadedPolicy, data: st.DataObject) -> None:
    """Order law (b): with one answer per fact, no deadline passed and no interrupt, telling in any order is the same."""
    start, told = data.draw(answers_at_once(policy))
    first = decided(policy, spaced(told, start))
    other = decided(policy, spaced(data.draw(st.permutations(told)), start))
    assert (first and held(first)) == (other and held(other))


def spaced(answers: list[Answer], start: Mapping[str, object]) -> dict[str, object]:
    """Return the case with its answers a second apart, so that none is told at the instant of another."""
    events = [
        {"at": (OPENED + dt.timedelta(seconds=i)).isoformat(), "tell": {answer.fact: answer.value}}
        for i, answer in enumerate(answers)
    ]
    return case_of([], start) | {"events": events}


@pytest.mark.parametrize("policy", POLICIES)
@given(data=st.data())
def test_snapshot_and_resume_change_nothing(policy: LoadedPolicy, data: st.DataObject) -> None:
    """Taken after any event, a snapshot goes on exactly like the case it was taken of."""
    start, answers = data.draw(guided(policy))
    cut = data.draw(st.integers(0, len(answers)))
    opened = policy.open(case_of([], start))
    try:
        for i, answer in enumerate(answers):
            if i == cut:
                opened = policy.resume(opened.to_dict())
            tell(opened, answer)
    except CaseError:
        return
    assert policy.resume(opened.to_dict()).decision == opened.decision == policy.decide(case_of(answers, start))


@pytest.mark.parametrize("policy", POLICIES)
@given(data=st.data())
def test_time_never_loses_a_deadline(policy: LoadedPolicy, data: st.DataObject) -> None:
    """A deadline holds to its last instant, moves the case a second later, and passing time in steps is the same."""
    start, answers = data.draw(guided(policy))
    for case, decision in rests(policy, start, answers):
        if decision.due is not None:
            check_deadline(policy, case, decision, decision.due)


def rests(
    policy: LoadedPolicy, start: dict[str, object], answers: list[Answer]
) -> Iterator[tuple[dict[str, object], Decision]]:
    """Yield the case after each of its answers, as far as it is open, with its decision."""
    for cut in range(len(answers) + 1):
        case = case_of(answers[:cut], start)
        decision = decided(policy, case)
        if decision is not None and decision.status == "open":
            yield case, decision


def check_deadline(policy: LoadedPolicy, case: dict[str, object], decision: Decision, due: dt.datetime) -> None:
    """Hold one deadline to the law."""
    assert path_of(policy.decide(case, as_of=due)) == path_of(decision)
    after = due + dt.timedelta(seconds=1)
    try:
        late = policy.decide(case, as_of=after)
        much_later = policy.decide(case, as_of=after + dt.timedelta(days=40))
    except AmountError:
        return
    assert len(late.path) > len(decision.path)
    opened = policy.open(case)
    opened.advance(as_of=after)
    assert opened.advance(as_of=after + dt.timedelta(days=40)) == much_later


def path_of(decision: Decision) -> list[str]:
    """Return the states of a decision's path."""
    return [f"{step.flow}.{step.state}" for step in decision.path]


@pytest.mark.parametrize("policy", POLICIES)
@given(data=st.data())
def test_every_rest_has_someone_to_ask_and_a_deadline_or_a_reason(policy: LoadedPolicy, data: st.DataObject) -> None:
    """Where a case rests, something is asked, and a clock runs unless the policy says why not."""
    start, answers = data.draw(guided(policy))
    for _, decision in rests(policy, start, answers):
        state = policy.model.states[f"{decision.flow}.{decision.state}"]
        assert decision.needs
        asked = {need.fact for need in decision.needs}
        assert decision.due is not None or state.no_deadline is not None or "platform" in asked


@pytest.mark.parametrize("policy", POLICIES)
@given(data=st.data())
def test_money_adds_up(policy: LoadedPolicy, data: st.DataObject) -> None:
    """Lines add up to the total, nothing is negative, goods stay within what was paid, shares add up to their leg."""
    start, answers = data.draw(guided(policy))
    decision = decided(policy, case_of(answers, start))
    if decision is None:
        return
    refund = decision.refund
    assert refund.total == sum(line.amount for line in refund.lines)
    assert all(line.amount >= 0 for line in (*refund.lines, *refund.deductions, *decision.charges, *decision.recover))
    assert refund.maximum is None or refund.total <= refund.maximum
    to_buyer = sum(move.amount for move in decision.transfers if (move.from_, move.to) == ("seller", "buyer"))
    assert to_buyer == refund.total
    for leg in decision.postage.values():
        if leg is not None and leg.shares and leg.amount is not None:
            assert sum(leg.shares.values()) + leg.insurer_pays == leg.amount


@pytest.mark.parametrize("policy", POLICIES)
@given(data=st.data())
def test_a_settled_case_fixes_outcome_liability_and_every_leg(policy: LoadedPolicy, data: st.DataObject) -> None:
    """At an end nothing is left undecided but amounts that wait for their own facts."""
    start, answers = data.draw(guided(policy, most=20))
    decision = decided(policy, case_of(answers, start))
    if decision is None or decision.status == "open":
        return
    assert decision.outcome in policy.model.outcomes
    assert decision.liable in policy.model.parties or decision.liable == "shared"
    bearers = {leg.borne_by for leg in decision.postage.values() if leg is not None}
    assert "undecided" not in bearers
    assert decision.outcome != "refused" or decision.reason is not None


@pytest.mark.parametrize("policy", POLICIES)
@given(data=st.data())
def test_same_inputs_same_answer(policy: LoadedPolicy, data: st.DataObject) -> None:
    """Deciding twice, also with other cases in between, gives equal decisions and leaves the input as it was."""
    start, answers = data.draw(guided(policy))
    case = case_of(answers, start)
    first = decided(policy, case)
    policy.open(case_of([], {}))
    assert decided(policy, case) == first
    assert case == case_of(answers, start)
