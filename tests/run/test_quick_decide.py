"""Everyday decisions by the function: equal to the machine's in every part, each part worked out when looked at."""

import copy
import dataclasses
import pickle
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

import aftersales
from aftersales import CaseError, Decision, LoadedPolicy
from aftersales.case.parts import read_parts
from aftersales.case.quick_shapes import OFTEN
from aftersales.policy.edges import way_of
from aftersales.run.lazy_record import LazyDecision
from aftersales.run.loaded import shipped_folder
from aftersales.run.parts import decide_parts, fold_parts
from aftersales.run.quick_decide import QuickDecisions
from aftersales.run.standing import answer_text
from aftersales.study.case_file import read_case_file
from rows import OPENED, draw_elapsed, draw_row

#: Cases that are worked out by chance.
VARIED = 200
#: Rows of random facts, of each small policy.
ROWS = 500
CASE: dict[str, Any] = {
    "order": {
        "id": "3301",
        "platform": "taobao",
        "paid_at": "2026-11-01T10:00+08:00",
        "shipped_at": "2026-11-02T10:00+08:00",
        "delivered_at": "2026-11-04T10:00+08:00",
        "postage_paid": "12.00",
        "lines": [{"sku": "A", "title": "台灯", "quantity": 1, "paid": "59.00"}],
    },
    "claim": {"issue": "wrong_item", "opened_at": "2026-11-06T11:00+08:00"},
    "facts": {"warehouse_record": "confirms_buyer", "photos_sent": True, "evidence": "confirmed"},
}


@pytest.fixture(scope="module")
def policy() -> LoadedPolicy:
    """Load the shipped policy once."""
    return aftersales.load()


def by_machine(policy: LoadedPolicy, data: Any) -> Decision | str:
    """Return the machine's decision, or the code of the first fault."""
    try:
        return decide_parts(fold_parts(policy.machine, policy.model, read_parts(policy.model, data)))
    except CaseError as fault:
        return fault.diagnostics[0].code


def test_worked_cases_are_decided_as_by_the_machine(policy: LoadedPolicy) -> None:
    """Every part of the decision and its JSON, on a good part of all worked cases; many of them by the function."""
    kinds: Counter[type] = Counter()
    for path in sorted((shipped_folder() / "cases").glob("*.yaml")):
        for case in read_case_file(path, path.name)[::20]:
            expected = by_machine(policy, case.data)
            try:
                decided: Decision | str = policy.decide(case.data)
            except CaseError as fault:
                decided = fault.diagnostics[0].code
            kinds[type(decided)] += 1
            assert decided == expected
            if isinstance(decided, Decision) and isinstance(expected, Decision):
                assert expected == decided
                assert policy.to_dict(decided) == policy.to_dict(expected)
    assert kinds[LazyDecision] > 0.6 * kinds.total()


def test_money_that_comes_often_is_as_by_the_machine(policy: LoadedPolicy) -> None:
    """What puts money in its places once its lines and legs have come often puts there what the machine does."""
    written = 0
    for path in sorted((shipped_folder() / "cases").glob("*.yaml")):
        for case in read_case_file(path, path.name)[3::20]:
            expected = by_machine(policy, case.data)
            if not isinstance(expected, Decision) or not isinstance(policy.decide(case.data), LazyDecision):
                continue
            for _ in range(OFTEN):
                assert policy.decide(case.data).refund.total == expected.refund.total
            decided = policy.decide(case.data)
            assert (decided.refund, decided.postage, decided.charges) == (
                expected.refund,
                expected.postage,
                expected.charges,
            )
            assert (decided.recover, decided.transfers) == (expected.recover, expected.transfers)
            assert decided == expected
            written += bool(decided.refund.lines)
    assert written > 10


def test_parts_are_worked_out_when_looked_at(policy: LoadedPolicy, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is decided takes no walk; words and derivations do, one for all of them, when the first is read."""
    walks: list[object] = []

    def noted(self: QuickDecisions, *case: Any) -> object:
        walks.append(case)
        return made(self, *case)

    made = QuickDecisions.made
    monkeypatch.setattr(QuickDecisions, "made", noted)
    decision = policy.decide(CASE)
    assert (decision.flow, decision.state, decision.outcome, decision.liable) == (
        "wrong_item",
        "choose_remedy",
        None,
        None,
    )
    assert [(action.action, action.by) for action in decision.next_actions] == [
        ("offer_reship_today", "agent"),
        ("offer_remedies", "agent"),
    ]
    assert decision.next_actions is decision.next_actions
    assert (decision.refund.total, decision.charges, decision.transfers, decision.status) == (0, (), (), "open")
    assert [need.fact for need in decision.needs] == ["in_stock"]
    assert [leg and leg.borne_by for leg in decision.postage.values()].count("seller") == 0
    assert walks == []
    assert len(decision.path) == 3
    assert decision.refund.maximum == 7100
    assert len(walks) == 1


def test_money_takes_no_walk_until_its_derivation_is_read(
    policy: LoadedPolicy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Amounts, bearers and payments of an end are there; why an amount is what it is, is worked out when read."""
    data = {**CASE, "facts": {**CASE["facts"], "wants": "partial_refund", "offered_amount": "18.00"}}
    data["facts"]["offer_accepted"] = True
    decision, whole = policy.decide(data), by_machine(policy, data)
    made = QuickDecisions.made
    monkeypatch.setattr(QuickDecisions, "made", None)
    assert isinstance(whole, Decision)
    assert decision.outcome == "partial_refund"
    assert [(line.for_, line.amount, line.due, line.id) for line in decision.refund.lines] == [
        ("goods", 1800, 1800, "3301/goods/1")
    ]
    assert decision.transfers == whole.transfers
    assert [action.amount for action in decision.next_actions] == [action.amount for action in whole.next_actions]
    monkeypatch.setattr(QuickDecisions, "made", made)
    assert decision.refund.lines[0].because == whole.refund.lines[0].because
    assert [action.say for action in decision.next_actions] == [action.say for action in whole.next_actions]


def test_a_decision_may_be_compared_copied_and_sent(policy: LoadedPolicy) -> None:
    """It is a Decision in every respect: equal both ways, shown, replaced, copied and pickled like one."""
    decision, whole = policy.decide(CASE), by_machine(policy, CASE)
    assert isinstance(decision, LazyDecision)
    assert isinstance(whole, Decision)
    assert decision == whole
    assert whole == decision
    assert decision == policy.decide(CASE)
    assert decision != policy.decide({**CASE, "facts": {}})
    assert repr(decision) == repr(whole)
    assert pickle.loads(pickle.dumps(decision)) == whole  # noqa: S301 (our own bytes)
    assert copy.deepcopy(decision) == whole
    assert dataclasses.replace(decision, state="other") == dataclasses.replace(whole, state="other")
    with pytest.raises(dataclasses.FrozenInstanceError):
        decision.state = "other"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        decision.nothing  # type: ignore[attr-defined]  # noqa: B018 (looking is what is tested)


def test_what_becomes_of_the_case_later_does_not_matter(policy: LoadedPolicy) -> None:
    """The caller may change its own data after deciding: parts that are looked at later are of the case as it was."""
    data = copy.deepcopy(CASE)
    decision = policy.decide(data)
    data["order"]["lines"][0]["paid"] = "1.00"
    data["order"]["lines"].clear()
    data["facts"].clear()
    data["claim"]["issue"] = "lost_parcel"
    assert decision == by_machine(policy, CASE)


@pytest.mark.parametrize(
    ("as_of", "steps"),
    [
        ("2026-11-08T11:00+08:00", 2),
        ("2026-11-08T11:00:01+08:00", 4),
        ("2026-12-30T11:00+08:00", 4),
    ],
)
def test_at_the_deadline_and_after(policy: LoadedPolicy, as_of: str, steps: int) -> None:
    """A deadline at the instant itself is in time; after it the case goes where silence leads, at the deadline's time."""
    data = {**CASE, "facts": {}, "as_of": as_of}
    decision = policy.decide(data)
    assert isinstance(decision, LazyDecision)
    assert decision == by_machine(policy, data)
    assert len(decision.path) == steps


@pytest.mark.parametrize(
    "told",
    [
        {"claim_withdrawn": True},
        {"platform_stepped_in": True},
        {"shipped": True},
        {"claimed_paid": "58.00"},
        {"wants": "partial_refund", "offered_amount": "59.01"},
        {"wants": "partial_refund", "offered_amount": "59.00", "offer_accepted": True},
        {"wants": "reship", "in_stock": False},
        {"wants": "return_and_refund", "return_tracking": True, "return_received": True},
    ],
)
def test_with_more_told(policy: LoadedPolicy, told: dict[str, object]) -> None:
    """Interrupts, answers that are not offered, amounts at and above a bound, figures that disagree: as by the machine."""
    data = {**CASE, "facts": {**CASE["facts"], **told}}
    expected = by_machine(policy, data)
    if isinstance(expected, str):
        with pytest.raises(CaseError) as fault:
            policy.decide(data)
        assert fault.value.diagnostics[0].code == expected
    else:
        assert policy.decide(data) == expected


def varied(data: Any, dice: Random, answers: Mapping[str, Sequence[object]]) -> Any:
    """Return a case like ``data``: answers left out, others added, interrupted, of a shop, or seen later."""
    case = copy.deepcopy(data)
    order, facts = case["order"], case.setdefault("facts", {})
    for name in [name for name in facts if dice.random() < 0.25]:
        del facts[name]
    for name in dice.choices(list(answers), k=dice.choice((0, 0, 1, 2, 4))):
        facts[name] = dice.choice(answers[name])
    facts.update({name: True for name in ("claim_withdrawn", "platform_stepped_in") if dice.random() < 0.15})
    for name in [name for name in order if name != "lines" and dice.random() < 0.12]:
        del order[name]
    if dice.random() < 0.1:
        order["shop"] = "example"
    if dice.random() < 0.3 and order.get("lines"):
        make_rare(order, dice)
    if dice.random() < 0.5:
        seen = datetime(2026, 11, 6, 3, tzinfo=UTC) + timedelta(hours=dice.choice((1, 24, 49, 200, 1000, 5000)))
        case["as_of"] = seen.isoformat()
    return case


def make_rare(order: dict[str, Any], dice: Random) -> None:
    """Give an order refunds of other cases, a set, a gift, a discount, or a line with a date of its own."""
    line = order["lines"][0]
    refund = {"case": "R1", "sku": line["sku"], "quantity": 1, "for": "goods", "amount": "1.00", "status": "done"}
    refunds = [refund, {**refund, "kept": True}, {"case": "R2", "for": "outbound", "amount": "1.00", "status": "done"}]
    match dice.randrange(4):
        case 0:
            order["refunds"] = dice.sample(refunds, dice.randint(1, 3))
        case 1:
            line[dice.choice(("bundle", "delivered_at"))] = "2026-11-05T15:00+08:00"
        case 2:
            order["lines"].append({"sku": "G", "quantity": 2, "paid": 0, "gift_price": "3.00"})
        case _:
            order["discounts"] = [{"kind": "coupon", "amount": "5.00", "funded_by": "platform"}]


def test_varied_cases_are_decided_as_by_the_machine(policy: LoadedPolicy) -> None:
    """Every part of the decision, with unknowns, answers that do not count, interrupts and deadlines that passed."""
    paths = sorted((shipped_folder() / "cases").glob("*.yaml"))
    every: list[Any] = [case.data for path in paths for case in read_case_file(path, path.name)]
    worked = [data for data in every if data.get("order") and not data.get("events")]
    answers: dict[str, list[object]] = {}
    for data in worked:
        for name, value in (data.get("facts") or {}).items():
            answers.setdefault(name, []).append(value)
    dice, kinds = Random(20_261_101), Counter[type]()  # noqa: S311 (no secret)
    for _ in range(VARIED):
        data = varied(dice.choice(worked), dice, answers)
        expected = by_machine(policy, data)
        try:
            decided: Decision | str = policy.decide(data)
        except CaseError as fault:
            decided = fault.diagnostics[0].code
        kinds[type(decided)] += 1
        assert decided == expected, data
    assert kinds[LazyDecision] > 0.9 * VARIED


@pytest.mark.parametrize("many", [1, 2_000])
def test_an_edge_that_changes_an_order_is_left_to_the_machine(monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    """Whether its edges are looked at case by case or all at once: what an edge forgets was no part of the order."""
    monkeypatch.setattr("aftersales.run.quick_decide._MANY", many)
    policy = aftersales.load()
    data = {**CASE, "facts": {}, "as_of": "2026-12-30T11:00+08:00"}
    quick = policy.decide(data)
    assert isinstance(quick, LazyDecision)
    taken = [way_of(policy.model, step.edge).target for step in quick.path if step.edge]
    changed = next(name for target in taken for name in (*target.forget, *(name for name, _ in target.take)))
    monkeypatch.setattr(policy._quick, "_inputs", frozenset({changed}))
    monkeypatch.setattr(policy._quick, "_safe", set())
    monkeypatch.setattr(policy._quick, "_unsafe", None)
    assert isinstance(policy.decide({**CASE, "facts": {}}), LazyDecision)
    assert (policy._quick._unsafe is None) is (many > 1)
    for _ in range(3):
        assert type(policy.decide(data)) is Decision
        assert policy.decide(data) == quick


@pytest.mark.parametrize("folder", ["run/desk", "bench/small"])
def test_random_facts_are_decided_as_by_the_machine(folder: str) -> None:
    """Any facts of a small policy, some unknown, some that do not count, seen at once or later: in every part."""
    small = aftersales.load(Path(__file__).parents[1] / folder)
    dice, kinds = Random(20_261_102), Counter[type]()  # noqa: S311 (no secret)
    for _ in range(ROWS):
        row, elapsed = draw_row(small.model, dice), draw_elapsed(dice)
        at, claim = row.pop("opened_at", None), dict[str, object]()
        if at is not None:
            claim["opened_at"] = OPENED.isoformat()
        facts = {name: None if value is None else answer_text(small.model, name, value) for name, value in row.items()}
        data: dict[str, Any] = {"claim": claim, "facts": facts}
        if at is not None and elapsed is not None:
            data["as_of"] = (OPENED + elapsed).isoformat()
        expected = by_machine(small, data)
        try:
            decided: Decision | str = small.decide(data)
        except CaseError as fault:
            decided = fault.diagnostics[0].code
        kinds[type(decided)] += 1
        assert decided == expected, data
    assert kinds[LazyDecision] > 0.3 * ROWS


def test_cases_of_another_shape_add_no_name_to_the_functions() -> None:
    """What a shape is held against is written for it under the name of all; that of the shapes before stays theirs."""
    policy = aftersales.load()
    later = {**CASE, "order": {**CASE["order"], "promised_ship_by": "2026-11-03T10:00+08:00"}}
    names = []
    for data in (CASE, later):
        for _ in range(3 * OFTEN):
            assert isinstance(policy.decide(data), LazyDecision)
        names.append(set(policy._trails._written._space))
    agreed = policy._trails._agreeing.values()
    assert len({id(function) for function in agreed}) == len(agreed) == 2
    assert names[0] == names[1]
    for data in (CASE, later):
        assert policy.decide(data) == by_machine(policy, data)
