"""Warnings where an open case is near to breaking a rule of conduct: the rule, why, what it costs and where."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import aftersales
from aftersales.text import Text

DESK = Path(__file__).parent / "desk"
OPENED = "2026-11-06T11:00+08:00"

Rules = Callable[[str], aftersales.LoadedPolicy]


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    """Return a way to load the desk with rules of conduct; it has platforms and a dated shipping promise then."""

    def load(conduct: str) -> aftersales.LoadedPolicy:
        folder = tmp_path / "desk"
        shutil.copytree(DESK, folder)
        (folder / "conduct.yaml").write_text(conduct, encoding="utf-8")
        facts = folder / "facts.yaml"
        platform = (
            "  platform: {type: choice, from: order, title: {zh: 平台, en: platform}, ask: {zh: 平台？, en: Platform?},"
            " values: {tmall: {zh: 天猫, en: Tmall}, jd: {zh: 京东, en: JD}}}\n"
            "  ship_by: {type: instant, from: order, title: {zh: 发货时限, en: ship by}, ask: {zh: 何时？, en: When?}}\n"
        )
        facts.write_text(facts.read_text(encoding="utf-8").replace("facts:\n", f"facts:\n{platform}", 1), "utf-8")
        return aftersales.load(folder)

    return load


def case(*events: object, platform: str | None = "tmall", **facts: object) -> dict[str, object]:
    """Return a case of a wrong item that rests in ``verify``."""
    order = {"platform": platform} if platform else {}
    return {
        "order": {**order, "lines": [{"sku": "A", "quantity": 1, "paid": "10.00"}]},
        "claim": {"issue": "wrong_item", "opened_at": OPENED},
        "facts": facts,
        "events": list(events),
    }


def warned(policy: aftersales.LoadedPolicy, case_: dict[str, object], as_of: str | None = None) -> list[Text]:
    """Return the warnings."""
    return list(policy.decide(case_, as_of).warnings)


ROUNDS = """\
rules:
  rounds:
    title: {zh: 最多三次, en: three times at most}
    source: shop
    penalties:
      - {points: 4, up_to: 6, platforms: [tmall], source: law}
      - {money: "20.00", platforms: [jd], source: shop}
    near: photo_rounds >= 1 and not shipped
"""
ASKED_AGAIN = {"photos_sent": True, "evidence": "insufficient", "warehouse_record": "confirms_buyer"}


def test_a_rule_warns_once_its_condition_is_true(rules: Rules) -> None:
    """The facts of the condition are said with their titles, the penalty is that of the case's platform."""
    policy = rules(ROUNDS)
    near = case({"at": "2026-11-06T12:00+08:00", "tell": ASKED_AGAIN}, shipped=False)
    assert warned(policy, near) == [
        Text(
            "注意行为规则“最多三次”（补拍次数：1；未发货；天猫扣 4 至 6 分，依据 law）",
            "conduct rule near: three times at most (photo rounds: 1; not shipped; Tmall: 4 to 6 points, law)",
        )
    ]
    assert warned(policy, case(shipped=False)) == []
    assert warned(policy, case({"at": "2026-11-06T12:00+08:00", "tell": ASKED_AGAIN})) == []


def test_where_the_platform_is_not_known_every_penalty_is_named(rules: Rules) -> None:
    """Money is shown with its currency."""
    near = case({"at": "2026-11-06T12:00+08:00", "tell": ASKED_AGAIN}, platform=None, shipped=False)
    assert warned(rules(ROUNDS), near) == [
        Text(
            "注意行为规则“最多三次”（补拍次数：1；未发货；天猫扣 4 至 6 分，依据 law；京东罚 20.00 元，依据 shop）",
            "conduct rule near: three times at most (photo rounds: 1; not shipped; Tmall: 4 to 6 points, law; JD: CNY 20.00, shop)",
        )
    ]


def test_a_settled_case_is_near_to_nothing(rules: Rules) -> None:
    """Rules are for whoever still has to act."""
    assert warned(rules(ROUNDS.replace("photo_rounds >= 1", "photo_rounds >= 0")), case(photos_sent=False)) == []


ONE_PLATFORM = """\
rules:
  own:
    title: {zh: 京东规则, en: a rule of JD}
    platforms: [jd]
    source: shop
    penalties: [{param: partial_refund_cap}]
    near: not photos_sent
"""


def test_a_platforms_rule_holds_there_alone(rules: Rules) -> None:
    """Elsewhere, and where the platform is not known, it is silent; a param brings its amount and its source."""
    policy = rules(ONE_PLATFORM.replace("not photos_sent", "issue == wrong_item"))
    assert warned(policy, case(platform="jd")) == [
        Text(
            "注意行为规则“京东规则”（问题：错发；京东赔 20.00 元，依据 shop）",
            "conduct rule near: a rule of JD (issue: wrong item; JD: pays CNY 20.00, shop)",
        )
    ]
    assert warned(policy, case()) == []
    assert warned(policy, case(platform=None)) == []


DUE = """\
rules:
  today:
    title: {zh: 今天办完, en: done today}
    source: shop
    last_day: due
  ship:
    title: {zh: 按时发货, en: ship in time}
    source: shop
    near: not shipped
    last_day: ship_by
"""


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2026-11-07T23:59:59+08:00", []),
        ("2026-11-08T00:00+08:00", ["conduct rule near: done today (due today at 11:00; shop)"]),
        ("2026-11-07T16:00Z", ["conduct rule near: done today (due today at 11:00; shop)"]),
        ("2026-11-08T11:00+08:00", ["conduct rule near: done today (due today at 11:00; shop)"]),
    ],
)
def test_a_deadline_warns_on_its_own_day(rules: Rules, as_of: str, expected: list[str]) -> None:
    """Days are those of the policy's timezone; up to the deadline itself."""
    policy = rules(DUE)
    assert [text.en for text in policy.decide(case(), as_of).warnings] == expected


def test_an_instant_may_be_the_deadline(rules: Rules) -> None:
    """The evening is called so; what is past or shipped warns no more."""
    policy = rules(DUE)

    def ship_by(at: str, shipped: object) -> list[Text]:
        return warned(policy, {**case(ship_by=at), "facts": {"ship_by": at, "shipped_at": shipped}})

    assert ship_by("2026-11-06T20:00+08:00", None) == [
        Text(
            "注意行为规则“按时发货”（未发货；发货时限：今晚 20:00；依据 shop）",
            "conduct rule near: ship in time (not shipped; ship by: tonight at 20:00; shop)",
        )
    ]
    assert ship_by("2026-11-06T10:00+08:00", None) == []
    assert ship_by("2026-11-06T20:00+08:00", "2026-11-05T10:00+08:00") == []


ANSWER = """\
rules:
  quick:
    title: {zh: 三分钟内回复, en: answer within three minutes}
    source: shop
    answer: {within: 3m, between: "08:00-23:00"}
"""


@pytest.mark.parametrize(
    ("opened", "as_of", "warns"),
    [
        ("2026-11-06T11:00+08:00", None, True),
        ("2026-11-06T11:00+08:00", "2026-11-06T11:03+08:00", True),
        ("2026-11-06T11:00+08:00", "2026-11-06T11:03:01+08:00", False),
        ("2026-11-06T08:00+08:00", None, True),
        ("2026-11-06T07:59:59+08:00", None, False),
        ("2026-11-06T23:00+08:00", None, False),
    ],
)
def test_the_answer_is_due_while_its_time_runs(rules: Rules, opened: str, as_of: str | None, warns: bool) -> None:
    """From the buyer's message on, in the hours of the rule alone."""
    made = {**case(), "claim": {"issue": "wrong_item", "opened_at": opened}}
    assert bool(warned(rules(ANSWER), made, as_of)) is warns


def test_what_the_buyer_says_later_is_to_be_answered_too(rules: Rules) -> None:
    """An answer of the buyer starts the time anew, one of the warehouse does not."""
    policy = rules(ANSWER)
    at = "2026-11-06T15:00+08:00"
    assert warned(policy, case({"at": at, "tell": {"photos_sent": True}})) == [
        Text(
            "注意行为规则“三分钟内回复”（15:03:00 前答复买家；依据 shop）",
            "conduct rule near: answer within three minutes (answer the buyer by 15:03:00; shop)",
        )
    ]
    assert warned(policy, case({"at": at, "tell": {"warehouse_record": "no_record"}})) == []
