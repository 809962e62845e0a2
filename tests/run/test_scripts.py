"""What staff say: placeholders filled in from the case, in both languages, and never a wrong figure."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import aftersales
from aftersales.text import Text

DESK = Path(__file__).parent / "desk"

Saying = Callable[[str], aftersales.LoadedPolicy]


@pytest.fixture
def saying(tmp_path: Path) -> Saying:
    """Return a way to load the desk with a script for every action that it has."""

    def load(script: str) -> aftersales.LoadedPolicy:
        folder = tmp_path / "desk"
        shutil.copytree(DESK, folder, dirs_exist_ok=True)
        actions = DESK / "actions.yaml"
        say = f', say: {{zh: "{script}", en: "{script}"}}, title: '
        (folder / "actions.yaml").write_text(actions.read_text(encoding="utf-8").replace(", title: ", say), "utf-8")
        return aftersales.load(folder)

    return load


def case(**facts: object) -> dict[str, object]:
    """Return a case of a wrong item, opened on 6 November at 11:00."""
    return {
        "order": {"lines": [{"sku": "A", "quantity": 1, "paid": "59.00"}], "postage_paid": "0.00"},
        "claim": {"issue": "wrong_item", "opened_at": "2026-11-06T11:00+08:00"},
        "facts": facts,
    }


def said(policy: aftersales.LoadedPolicy, case_: dict[str, object]) -> tuple[str, str]:
    """Return what the first next action says."""
    say = policy.decide(case_).next_actions[0].say
    assert isinstance(say, Text)
    return say.zh, say.en


@pytest.mark.parametrize(
    ("script", "zh", "en"),
    [
        ("{due}", "11月8日 11:00", "8 November, 11:00"),
        ("{paid_at}", "2025年12月31日 20:00", "31 December 2025, 20:00"),
        ("{claimed_paid}", "59.00 元", "CNY 59.00"),
        ("{issue}", "错发", "wrong item"),
        ("{cash_on_delivery}", "已在线付款", "paid online"),
        ("{delivered_at}", "无", "none"),
        ("{photo_rounds}", "0", "0"),
        ("{return_postage_advanced_by}", "买家", "buyer"),
        ("{partial_refund_cap}", "20.00 元", "CNY 20.00"),
        ("{pickup_time}", "20:00", "20:00"),
        ("{evidence}", "（待确认）", "(to be confirmed)"),
        ("{offered_amount}", "（待确认）", "(to be confirmed)"),
        ("{refund_total}", "（待确认）", "(to be confirmed)"),
        ("{refund_due}", "（待确认）", "(to be confirmed)"),
        ("{issue} / {issue}", "错发 / 错发", "wrong item / wrong item"),
    ],
)
def test_a_placeholder_says_what_is_known(saying: Saying, script: str, zh: str, en: str) -> None:
    """Money with its currency, instants on the policy's clock, choices by title; the rest is to be confirmed."""
    facts = {
        "paid_at": "2025-12-31T12:00Z",
        "cash_on_delivery": False,
        "delivered_at": None,
        "return_postage_advanced_by": "buyer",
    }
    assert said(saying(script), case(**facts)) == (zh, en)


CANCELLED = {"order": {"lines": [{"sku": "A", "quantity": 1, "paid": "59.00"}], "postage_paid": "6.00"}}


def test_the_refund_is_named_at_the_end(saying: Saying) -> None:
    """What is due now, and the whole; without a clock a deadline is to be confirmed."""
    policy = saying("{refund_due} {refund_total} {due}")
    made = {**CANCELLED, "facts": {"issue": "cancel_order", "shipped_at": None, "paid_at": "2026-11-01T10:00+08:00"}}
    assert said(policy, made) == ("65.00 元 65.00 元 （待确认）", "CNY 65.00 CNY 65.00 (to be confirmed)")


def test_a_total_that_waits_is_not_named(saying: Saying) -> None:
    """The goods are due, the postage receipt is missing: the due part is named, the total is to be confirmed."""
    policy = saying("{refund_due} {refund_total}")
    made = case(
        warehouse_record="confirms_buyer",
        photos_sent=True,
        evidence="confirmed",
        wants="return_and_refund",
        return_tracking=True,
        return_received=True,
        inspection_verdict="confirmed",
        return_postage_advanced_by="buyer",
        insured_up_to=None,
        cash_on_delivery=False,
    )
    assert said(policy, made)[0] == "59.00 元 （待确认）"


def test_a_duty_has_its_words_too(saying: Saying) -> None:
    """A duty has no deadline of its own."""
    policy = saying("{wants} {due}")
    made = case(
        warehouse_record="confirms_buyer", photos_sent=True, evidence="confirmed", in_stock=True, wants="reship"
    )
    assert [duty.say for duty in policy.decide(made).duties] == [Text("补发 （待确认）", "reship (to be confirmed)")]


def test_a_script_without_placeholders_stays_as_it_is(saying: Saying) -> None:
    """Nothing is touched."""
    assert said(saying("您好"), case()) == ("您好", "您好")
