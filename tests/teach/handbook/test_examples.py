"""Worked cases as the handbook shows them, and answers that are taken for given."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from aftersales.policy.model import Target
from aftersales.run.loaded import LoadedPolicy
from aftersales.teach.handbook.examples import _goods
from aftersales.teach.handbook.targets import counted_as, taken
from aftersales.teach.handbook.voice import LANGS, Voice


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"sku": "LAMP-02", "title": "床头台灯", "quantity": 2}, ("床头台灯 × 2", "LAMP-02 × 2")),
        ({"sku": "LAMP-02", "title": "Bedside lamp", "quantity": 2}, ("Bedside lamp × 2", "Bedside lamp × 2")),
        ({"sku": "LAMP-02", "quantity": 1}, ("LAMP-02 × 1", "LAMP-02 × 1")),
        ({"title": "床头台灯", "quantity": 1}, ("床头台灯 × 1", "床头台灯 × 1")),
    ],
)
def test_goods_are_named_in_the_language_of_the_page(
    small: LoadedPolicy, line: Mapping[str, object], said: tuple[str, str]
) -> None:
    """A Chinese title is the shop's own word for its goods: English calls them by their SKU."""
    assert _goods({"lines": [line]}, Voice(small.model, LANGS["both"])) == [said]


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ({}, "实付 20.00"),
        ({"paid_at": "2026-01-02T10:00:00+08:00"}, "实付 20.00"),
        ({"paid_at": None}, "应付 20.00"),
    ],
)
def test_goods_that_are_not_paid_are_not_called_paid(
    small: LoadedPolicy, order: Mapping[str, object], said: str
) -> None:
    """An order that is known to be unpaid says what its goods cost."""
    lines = [{"sku": "LAMP-02", "quantity": 1, "paid": "20.00"}]
    assert _goods({**order, "lines": lines}, Voice(small.model, LANGS["zh"])) == [(f"LAMP-02 × 1，{said}",)]


def test_a_flag_that_is_taken_for_given_is_said_by_its_answer(policy: LoadedPolicy) -> None:
    """An answer that says what it answers stands alone; a word of a choice has its fact before it."""
    voice = Voice(policy.model, LANGS["zh"])
    target = Target("wrong_item.done", take=(("loss_confirmed", True), ("wants", "refund_only")))
    assert taken(target, voice) == ("确认丢件、买家诉求＝仅退款",)
    assert counted_as(target, voice) == ("视为“确认丢件”、买家诉求视为“仅退款”",)
