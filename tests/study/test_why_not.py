"""Why not another end: what stopped a case, and the smallest change of facts that leads there."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from aftersales import AmountError, Diagnostic, LoadedPolicy, Text, load
from aftersales.case.model import Tell
from aftersales.expr.types import UNKNOWN, Value
from aftersales.policy.model import Policy
from aftersales.run.as_json import value_to_json
from aftersales.run.loaded import shipped_folder
from aftersales.run.walk import Walk
from aftersales.study.case_file import WrittenCase, read_case_file
from aftersales.study.explain import ask, explain, explain_written
from aftersales.study.nearest import Found
from aftersales.study.onward import Answer, Silence
from aftersales.study.suppose import LINES, OPENING
from aftersales.study.why_not import WhyNot, effects

SMALL = Path(__file__).parent / "small"
OPENED = "2026-11-06T11:00+08:00"


@pytest.fixture(scope="module")
def shop() -> LoadedPolicy:
    """The small shop's policy."""
    return load(SMALL)


@pytest.fixture(scope="module")
def desk() -> LoadedPolicy:
    """The desk's policy: interrupts, loops, offers on a condition."""
    return load(Path(__file__).parents[1] / "run" / "desk")


@pytest.fixture(scope="module")
def shipped() -> LoadedPolicy:
    """The shipped policy."""
    return load()


def worked(file: str, name: str) -> WrittenCase:
    """Return a worked case of the shipped policy."""
    path = shipped_folder() / "cases" / f"{file}.yaml"
    return next(case for case in read_case_file(path, path.name) if case.name == name)


def answer(policy: LoadedPolicy, case: Mapping[str, object], wanted: str) -> WhyNot:
    """Return why a case of one part is not where it is asked for."""
    (only,) = explain(policy, case, why_not=wanted).why_not
    return only


def written(policy: Policy, fact: str, value: Value) -> object:
    """Return a value as a case writes it."""
    return str(value) if fact in policy.line_facts else value_to_json(policy, fact, value)


def changed(policy: Policy, found: Found) -> list[str]:
    """Return what is told otherwise: ``fact: old -> new``, instants on the policy's clock."""
    return [f"{c.fact}: {shown(policy, c.fact, c.old)} -> {shown(policy, c.fact, c.new)}" for c in found.changes]


def shown(policy: Policy, fact: str, value: Value) -> str:
    """Return a value as it stands in the tables below."""
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(dt.timezone(dt.timedelta(hours=8))):%m-%d %H:%M}"
    return "?" if value is UNKNOWN else str(written(policy, fact, value))


def then(policy: Policy, found: Found) -> list[str]:
    """Return how the case goes on: ``fact: answer``, or the facts that nobody answers."""
    return [
        f"nobody: {', '.join(step.facts)}"
        if isinstance(step, Silence)
        else f"{step.fact}: {shown(policy, step.fact, step.value)}"
        for step in found.steps
    ]


#: A worked case, what is asked, what is to be told otherwise, and what is to be answered besides.
TABLE = [
    # day 8 is one too late: delivered a day later it would have been day 7
    (
        ("no_reason_return", "no_reason_day_8", "return_and_refund"),
        ["delivered_at: 11-02 13:10 -> 11-03 13:10"],
        [
            "accepts_other_variant: False",
            "return_received: True",
            "unreturned_gifts: 0.00",
            "intact: True",
            "free_shipping: none",
        ],
    ),
    # day 16 on Tmall, protected for 15 days
    (
        ("price_protection", "price_tmall_day_16", "partial_refund"),
        ["delivered_at: 11-03 15:00 -> 11-04 15:00"],
        ["screenshot_sent: True", "same_offer: True", "price_now: 198.99"],
    ),
    # made to order cannot be returned without a reason, ordinary goods can
    (
        ("no_reason_return", "no_reason_made_to_order", "no_reason_return.retain"),
        ["kind: made_to_order -> ordinary"],
        [],
    ),
    # worth less than 50.00 the wrong item stays; from 50.00 on it is recalled
    (
        ("wrong_item", "wrong_item_reshipped_cup_left", "reshipped_item_back"),
        ["claimed_paid: 29.90 -> 50.00"],
        ["return_received: True"],
    ),
    (
        ("wrong_item", "wrong_item_rejected", "return_and_refund"),
        ["inspection_verdict: rejected -> confirmed"],
        [],
    ),
    (
        ("wrong_item", "wrong_item_no_photos", "choose_remedy"),
        ["photos_sent: False -> True"],
        ["evidence: confirmed"],
    ),
    # nobody decided in time: an answer in time is enough
    (
        ("no_reason_return", "no_reason_day_8_no_decision", "agree_postage"),
        [],
        ["late_decision: agree_return"],
    ),
    (
        ("wrong_item", "wrong_item_never_sent", "return_and_refund"),
        [],
        ["return_received: True", "inspection_verdict: confirmed"],
    ),
    # a second exchange is not offered
    (
        ("quality_issue", "quality_second_exchange_not_offered", "exchange_way"),
        ["previous_exchanges: 1 -> 0"],
        [],
    ),
    (
        ("quality_issue", "blemish_explained", "partial_refund"),
        ["cosmetic_wish: content -> small_refund"],
        [],
    ),
    (
        ("not_shipped", "shortage_full_refund", "kept"),
        ["unshipped_wish: full_refund -> swap_item"],
        ["replacement_price: 58.99"],
    ),
    (
        ("lost_parcel", "lost_own_carrier", "refund_only"),
        ["carrier_chosen_by: buyer -> seller"],
        ["in_stock: True", "wants: refund_only"],
    ),
    # an open case needs answers only
    (
        ("lost_parcel", "lost_verify", "refund_only"),
        [],
        ["loss_confirmed: True", "carrier_chosen_by: seller", "in_stock: True", "wants: refund_only"],
    ),
    (
        ("wrong_item", "wrong_item_confirmed_refunded", "withdrawn"),
        ["claim_withdrawn: ? -> True"],
        [],
    ),
    # the claim itself is of another kind
    (
        ("statutory_damages", "damages_food_ten_times", "postage_only"),
        ["issue: statutory_damages -> postage_only"],
        ["postage_reason: charged_though_free", "postage_applied_for: 8.00"],
    ),
]


@pytest.mark.parametrize(("asked", "told", "more"), TABLE, ids=lambda part: "-".join(part) if len(part) == 3 else "")
def test_the_smallest_change_is_what_a_manager_expects(
    shipped: LoadedPolicy, asked: tuple[str, str, str], told: list[str], more: list[str]
) -> None:
    """The first change found, and the case written down with it decides as it says, by the front door."""
    file, name, wanted = asked
    case = worked(file, name)
    (only,) = ask(shipped, explain_written(shipped, case), wanted).why_not
    found = only.nearest.found[0]
    assert (changed(shipped.model, found), then(shipped.model, found)) == (told, more)
    assert only.nearest.complete
    decision = shipped.decide(rewritten(shipped.model, case.data, found), found.walk.now)
    assert f"{decision.flow}.{decision.state}" == found.walk.state
    assert only.asked.states & {f"{step.flow}.{step.state}" for step in decision.path}


def rewritten(policy: Policy, data: dict[str, object], found: Found) -> dict[str, Any]:
    """Return a case's data with a change written into it, as a person would."""
    case: dict[str, Any] = copy.deepcopy(data)
    for change in found.changes:
        value = written(policy, change.fact, change.new)
        if change.place == LINES:
            key = "paid" if change.fact == "claimed_paid" else change.fact
            for line in case["order"]["lines"]:
                line[key] = value
        elif change.place == OPENING:
            parts = (case.get(part) or {} for part in ("order", "claim", "facts"))
            part = next((part for part in parts if change.fact in part), case.setdefault("facts", {}))
            part[change.fact] = value
        else:
            case["events"][change.place]["tell"][change.fact] = value
    events = [event for event in case.get("events", []) if found.walk.now is None or _at(event) <= found.walk.now]
    told = [step for step in found.steps if isinstance(step, Answer)]
    steps = [{"at": step.at, "tell": {step.fact: written(policy, step.fact, step.value)}} for step in told]
    return {**case, "events": [*(events if found.steps else case.get("events", [])), *steps]}


def _at(event: dict[str, str]) -> dt.datetime:
    return dt.datetime.fromisoformat(event["at"])


def test_what_follows_from_a_change_is_told(shipped: LoadedPolicy) -> None:
    """Delivered a day later, the claim comes on day 7 instead of day 8."""
    explanation = explain_written(shipped, worked("no_reason_return", "no_reason_day_8"))
    (only,) = ask(shipped, explanation, "no_reason_return.retain").why_not
    (effect,) = effects(only.walk, only.nearest.found[0])
    assert (effect.fact, effect.old, effect.new) == ("days_since_delivered", 8, 7)


def test_a_change_as_small_is_shown_too(shipped: LoadedPolicy) -> None:
    """The supervisor could have agreed as well: the same weight, behind the date by the author's order of facts."""
    explanation = explain_written(shipped, worked("no_reason_return", "no_reason_day_8"))
    (only,) = ask(shipped, explanation, "return_and_refund").why_not
    assert [changed(shipped.model, found) for found in only.nearest.found] == [
        ["delivered_at: 11-02 13:10 -> 11-03 13:10"],
        ["late_decision: refuse -> agree_return"],
    ]


def test_the_last_state_that_could_still_lead_there_is_named(shipped: LoadedPolicy) -> None:
    """The supervisor's state, with the branch to an agreed return and the part of its condition that failed."""
    explanation = explain_written(shipped, worked("no_reason_return", "no_reason_day_8"))
    (only,) = ask(shipped, explanation, "return_and_refund", 1).why_not
    assert only.stop is not None
    assert only.stop.stage.state.key == "no_reason_return.too_late"
    assert [(reading.fact, reading.value) for reading in only.stop.stage.readings] == [("late_decision", "refuse")]
    assert [way.target for way in only.stop.ways] == ["buyer_exchange.window", "no_reason_return.agree_postage"]


def test_a_search_that_is_cut_says_so(shipped: LoadedPolicy) -> None:
    """With a limit of one place nothing is found, and nothing is claimed."""
    explanation = explain_written(shipped, worked("no_reason_return", "no_reason_day_8"))
    (only,) = ask(shipped, explanation, "return_and_refund", 1).why_not
    assert (only.nearest.found, only.nearest.complete, only.nearest.tried) == ((), False, 1)


def test_what_the_machine_does_not_confirm_is_not_shown(shop: LoadedPolicy, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change under which the case would be at fault (an amount above its maximum, say) is passed over."""

    def at_fault(walk: Walk) -> None:
        raise AmountError(Diagnostic("above_maximum", Text("超过上限", f"above the maximum in {walk.state}")))

    case = {"facts": {"photos_sent": True, "warehouse_record": "confirms_seller"}}
    assert answer(shop, case, "reship").nearest.found
    monkeypatch.setattr("aftersales.study.nearest.report", at_fault)
    assert answer(shop, case, "reship").nearest.found == ()


def test_what_comes_out_otherwise_as_a_whole_case_is_not_shown(
    shop: LoadedPolicy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change counts only where the whole case, decided once more with its answers, comes to what is asked."""
    monkeypatch.setattr("aftersales.study.nearest.Tell", lambda at, _: Tell(at, {}))
    case = {"facts": {"photos_sent": True, "warehouse_record": "confirms_buyer"}}
    assert answer(shop, case, "reship").nearest.found == ()


def test_an_end_that_only_silence_leads_to_is_reached_by_waiting(tmp_path: Path) -> None:
    """The deadline passes without an answer: the fact, the instant, and where the case then stands."""
    policy = edited(
        tmp_path,
        "wrong_item.yaml",
        "    late: reshipped\n",
        "    late: given_up\n",
        "  no_evidence:\n",
        "  given_up: {title: {zh: 放弃, en: given up}, outcome: reship, liable: buyer}\n  no_evidence:\n",
    )
    facts = {"photos_sent": True, "warehouse_record": "confirms_buyer"}
    only = answer(policy, {"claim": {"opened_at": OPENED}, "facts": facts}, "given_up")
    assert only.stop is not None
    assert (only.stop.stage.left, only.stop.late) == ("waits", ((None, "wrong_item.given_up"),))
    (found,) = only.nearest.found
    assert then(policy.model, found) == ["nobody: wants"]
    answered = {"claim": {"opened_at": OPENED}, "facts": {**facts, "wants": "reship"}}
    (silent,) = answer(policy, answered, "given_up").nearest.found
    assert (changed(policy.model, silent), then(policy.model, silent)) == (["wants: reship -> ?"], ["nobody: wants"])


def test_what_may_happen_at_any_time_leads_there_too(desk: LoadedPolicy) -> None:
    """An open case is withdrawn by the buyer's word where it rests, not from the opening on."""
    case = {"claim": {"issue": "wrong_item", "opened_at": OPENED}, "facts": {"photos_sent": True}}
    found = answer(desk, case, "withdrawn").nearest.found[0]
    assert (changed(desk.model, found), then(desk.model, found)) == ([], ["claim_withdrawn: True"])


def test_an_open_case_is_answered_or_left_to_its_deadline(shop: LoadedPolicy) -> None:
    """Where silence leads there too, an answer is smaller; where only silence does, that is the change."""
    told = {"claim": {"opened_at": OPENED}, "facts": {"photos_sent": True, "warehouse_record": "confirms_buyer"}}
    assert then(shop.model, answer(shop, told, "reship").nearest.found[0]) == ["wants: reship"]
    resting: dict[str, object] = {"claim": {"opened_at": OPENED}, "facts": {"warehouse_record": "confirms_seller"}}
    assert then(shop.model, answer(shop, resting, "no_evidence").nearest.found[0]) == ["photos_sent: False"]


def test_what_was_told_by_an_event_is_changed_there(shop: LoadedPolicy) -> None:
    """The event that told it is the one that is put right; later events keep their order."""
    case = {
        "claim": {"opened_at": OPENED},
        "events": [
            {"at": "2026-11-06T12:00+08:00", "tell": {"photos_sent": True}},
            {"at": "2026-11-06T13:00+08:00", "tell": {"warehouse_record": "confirms_seller"}},
        ],
    }
    (change,) = answer(shop, case, "choose_remedy").nearest.found[0].changes
    assert (change.fact, change.new, change.place) == ("warehouse_record", "confirms_buyer", 1)


def test_what_was_done_is_left_out_where_it_is_not_owed(shop: LoadedPolicy) -> None:
    """A reshipment that was done does not count in the case in which the warehouse confirms the seller."""
    facts = {"photos_sent": True, "warehouse_record": "confirms_buyer", "wants": "reship"}
    done = [{"at": "2026-11-06T15:00+08:00", "done": "reship"}]
    case: dict[str, object] = {"claim": {"opened_at": OPENED}, "facts": facts, "events": done}
    found = answer(shop, case, "sent_right").nearest.found[0]
    assert (changed(shop.model, found), found.without_done) == (
        ["warehouse_record: confirms_buyer -> confirms_seller"],
        True,
    )


def test_an_end_that_no_way_leads_to_is_told_so(tmp_path: Path) -> None:
    """An outcome that no end has: no way of the policy leads there, and nothing is searched."""
    only = answer(
        edited(tmp_path, "policy.yaml", "outcomes:\n", "outcomes:\n  kept: {zh: 保留, en: kept}\n"), {}, "kept"
    )
    assert (only.reached, only.stop, only.nearest.found, only.nearest.complete) == (False, None, (), True)


def test_an_end_behind_a_condition_that_cannot_hold_is_not_found(tmp_path: Path) -> None:
    """Every change was tried and none leads there: the answer is *none*, not *perhaps*."""
    policy = edited(
        tmp_path,
        "wrong_item.yaml",
        "late: {photos_sent: no_evidence, warehouse_record: choose_remedy}\n    first:\n",
        "late: choose_remedy\n    first:\n      - {when: photo_count < none_at_all, to: kept_shut}\n",
        "  no_evidence:\n",
        "  kept_shut: {title: {zh: 到不了, en: out of reach}, outcome: reship, liable: seller}\n  no_evidence:\n",
    )
    only = answer(policy, {"facts": {"photos_sent": True, "photo_count": "3"}}, "kept_shut")
    assert only.stop is not None
    assert (only.nearest.found, only.nearest.complete) == ((), True)


def edited(folder: Path, file: str, *texts: str) -> LoadedPolicy:
    """Return the small shop's policy with texts of one file replaced by others (old, new …), and a count of photos."""
    for path in SMALL.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        if path.name == file:
            for old, new in zip(texts[::2], texts[1::2], strict=True):
                assert old in text
                text = text.replace(old, new)
        if path.name == "facts.yaml":
            count = "  photo_count: {type: count, from: buyer, title: {zh: 照片数, en: photos}, ask: {zh: 几张？, en: how many?}}\n"
            text = text.replace("holds:", f"{count}holds:")
        if path.name == "params.yaml":
            text += "  none_at_all: {type: count, title: {zh: 零, en: zero}, value: 0, source: S4}\n"
        (folder / path.name).write_text(text, encoding="utf-8")
    return load(folder)


def test_an_untimed_case_is_searched_without_a_clock(shop: LoadedPolicy) -> None:
    """Facts without instants: the change is found all the same, and no deadline plays a part."""
    found = answer(shop, {"facts": {"photos_sent": False}}, "return_and_refund").nearest.found[0]
    assert changed(shop.model, found) == ["photos_sent: False -> True"]
    assert then(shop.model, found) == ["warehouse_record: confirms_buyer", "wants: return_and_refund"]
