"""Worked cases as the handbook shows them, and answers that are taken for given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from aftersales.policy.model import Target
from aftersales.run.loaded import LoadedPolicy
from aftersales.study.case_file import read_case_file
from aftersales.study.decide import decide_written
from aftersales.teach.handbook.examples import Example, _goods, example_box
from aftersales.teach.handbook.model import Table
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


@pytest.mark.parametrize(("name", "rows"), [("platform_called_too_late", 1), ("platform_called_in_time_wechat", 0)])
def test_what_came_too_late_is_shown(policy: LoadedPolicy, name: str, rows: int) -> None:
    """A platform that steps in after the end's time is told last, with its time; in time it leads on as any answer."""
    file = Path(policy.model.folder) / "cases" / "platform_case.yaml"
    case = next(case for case in read_case_file(file, file.name) if case.name == name)
    box = example_box(Example(case, decide_written(policy, case)), 1, Voice(policy.model, LANGS["both"]))
    way = next(block for block in box.blocks if isinstance(block, Table))
    last = [row for row in way.rows if row.cells[2][0][0].words == ("过了期限，结果不变", "too late, stays as it is")]
    assert [row.cells[0][0][0].words[0] for row in last] == ["2026-11-22 12:00"][:rows]
    assert last == list(way.rows[len(way.rows) - rows :])
