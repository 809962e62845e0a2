"""The decision page as it stands on an 80-column terminal without colour."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from rich.cells import cell_len

from aftersales.policy.model import Policy
from aftersales.run.decision import Decision
from aftersales.show.decision import decision_text
from aftersales.show.titles import Titles
from aftersales.text import Lang, Text

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("lang", Lang)
def test_a_resting_case_reads_as_the_golden_page(resting: Decision, policy: Policy, lang: Lang) -> None:
    """An open case shows where it stands, what is next, what is asked, and where it may end, word for word."""
    assert decision_text(resting, policy, lang) == (GOLDEN / f"resting.{lang}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", Lang)
def test_a_settled_case_reads_as_the_golden_page(settled: Decision, policy: Policy, lang: Lang) -> None:
    """A settled case shows postage, refund and its derivation, charges, transfers and the path, word for word."""
    assert decision_text(settled, policy, lang) == (GOLDEN / f"settled.{lang}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("width", [60, 80, 100])
def test_no_line_is_wider_than_the_page(resting: Decision, policy: Policy, lang: Lang, width: int) -> None:
    """Chinese characters count two columns: no line runs over the edge at any width."""
    lines = decision_text(resting, policy, lang, width=width).splitlines()
    assert max(cell_len(line) for line in lines) <= width


def test_columns_of_chinese_tables_stand_under_each_other(resting: Decision, policy: Policy) -> None:
    """The deadline's column begins at the same terminal column in every row of the table."""
    lines = decision_text(resting, policy, Lang.ZH).splitlines()
    rows = [line for line in lines if "2026-11-08 11:00  " in line]
    columns = {cell_len(row[: row.index("2026-11-08")]) for row in rows}
    assert len(rows) == 2
    assert len(columns) == 1


@pytest.mark.parametrize("lang", Lang)
def test_titles_stand_in_place_of_names(resting: Decision, policy: Policy, lang: Lang) -> None:
    """Roles, states, facts and legs are called by their titles; only option words are shown as they are typed."""
    page = decision_text(dataclasses.replace(resting, needs=()), policy, lang)
    for name in ("closed_without_evidence", "warehouse_record", "return_postage", "confirms_buyer"):
        assert name not in page


def test_control_characters_do_not_reach_the_terminal(resting: Decision, policy: Policy) -> None:
    """A title that carries an escape sequence is shown without it."""
    evil = dataclasses.replace(resting, title=Text("坏\x1b[2J标题", "evil\x1b[2Jtitle"))
    assert "\x1b" not in decision_text(evil, policy, Lang.ZH)


def test_brackets_are_text_and_no_markup(resting: Decision, policy: Policy) -> None:
    """A title in square brackets is shown as written."""
    bracketed = dataclasses.replace(resting, title=Text("[bold]标题[/bold]", "[red]title[/red]"))
    assert "[bold]标题[/bold]" in decision_text(bracketed, policy, Lang.ZH)


def test_a_deadline_that_passed_is_named_by_its_fact(resting: Decision, policy: Policy) -> None:
    """A step along a late edge says who was silent, in the reader's words."""
    late = dataclasses.replace(resting.path[0], edge="wrong_item.verify~0", because="no answer in time: photos_sent")
    page = decision_text(dataclasses.replace(resting, path=(late,)), policy, Lang.ZH)
    assert "逾期未答：已发照片" in page


@pytest.mark.parametrize(("lang", "said"), [(Lang.ZH, "按“出库记录：没有记录”处理"), (Lang.EN, "taken as: outbound")])
def test_a_deadline_that_leads_back_says_what_is_recorded(
    resting: Decision, policy: Policy, lang: Lang, said: str
) -> None:
    """Where silence is taken for an answer and the case stays, the answer stands in place of the state's own title."""
    late = dataclasses.replace(
        resting.next_actions[0], if_late="wrong_item.verify", if_late_takes=(("warehouse_record", "no_record"),)
    )
    page = decision_text(dataclasses.replace(resting, next_actions=(late,)), policy, lang)
    assert said in page


def test_a_branch_that_always_leads_on_says_nothing(resting: Decision, policy: Policy) -> None:
    """A step that nothing was read for has no line of reasons below it."""
    first, *_ = resting.path
    step = dataclasses.replace(first, edge="wrong_item.verify->0", because="true", read={})
    lines = decision_text(dataclasses.replace(resting, path=(step,)), policy, Lang.EN).splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("  1. "))
    assert not lines[place + 1].strip() or not lines[place + 1].startswith("     ")
    assert "true" not in lines


def test_parts_follow_below_the_whole(resting: Decision, settled: Decision, policy: Policy) -> None:
    """Each part of a case in parts has its own page, numbered from 1."""
    whole = dataclasses.replace(resting, parts=(resting, settled))
    page = decision_text(whole, policy, Lang.ZH)
    assert page.index("第 1 部分") < page.index("第 2 部分") < page.index("错发 > 退款退邮费")


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("max(5.90, 0, 1.00)", "较大者（5.90、0、1.00）", "the larger of (5.90, 0, 1.00)"),
        ("1.00 - (2.00 + 3.00) - 4.00", "1.00 -（2.00 + 3.00）- 4.00", "1.00 - (2.00 + 3.00) - 4.00"),
    ],
)
def test_a_formula_has_the_brackets_of_its_language(policy: Policy, written: str, zh: str, en: str) -> None:
    """Chinese has full-width brackets and commas, which keep their own distance."""
    assert [Titles(policy, lang).code(written) for lang in (Lang.ZH, Lang.EN)] == [zh, en]
