"""How amounts came about, as the handbook's cases say it."""

from __future__ import annotations

import re

from aftersales.run.decision import MoneyItem
from aftersales.run.loaded import LoadedPolicy
from aftersales.teach.handbook.model import Book, Box, Table, Tone
from aftersales.teach.handbook.sums import worked_out
from aftersales.teach.handbook.terms import carried
from aftersales.teach.handbook.voice import LANGS, Voice
from handbook_text import blocks

_CODE = re.compile(r"(?:max|min|者|of )\(| 若 .* 否则 | - ")


def test_no_sum_of_a_case_is_code(book: Book) -> None:
    """A formula that chooses between amounts is said in words, every other with real minus signs."""
    said = [
        run.words[0]
        for chapter in book.parts[1].chapters
        for box in blocks(chapter)
        if isinstance(box, Box) and box.tone is Tone.CASE
        for table in box.blocks
        if isinstance(table, Table) and table.heads[0] == ("金额项目",)
        for row in table.rows
        for line in row.cells[2]
        for run in line
    ]
    assert sum("中最高者" in one for one in said) > 1
    assert [one for one in said if _CODE.search(one)] == []


def test_a_choice_is_said_above_its_figures(policy: LoadedPolicy) -> None:
    """Each language in its own words; one of two amounts that is 0 is told as a bound."""
    voice = Voice(policy.model, LANGS["both"])
    item = MoneyItem("compensation", 590, "max(fake_shipment_compensation, promised_compensation) = max(5.90, 0.00)")
    formula, figures = (line[0].words for line in worked_out(item, voice))
    assert formula == (
        *("虚假发货赔付和店铺承诺的赔付中较高者",),
        *("the higher of compensation for fake shipment and compensation that the shop promised",),
    )
    assert figures == ("= 5.90 和 0.00 中较高者", "= the higher of 5.90 and 0.00")
    bounded = "max(replacement_price + already_refunded - claimed_paid, 0) = max(120.00 + 0.00 - 100.00, 0)"
    _, figures = (line[0].words for line in worked_out(MoneyItem("price_difference_paid", 2000, bounded), voice))
    assert figures == ("= 120.00 + 0.00 − 100.00，不低于 0", "= 120.00 + 0.00 − 100.00, at least 0")


def test_amounts_stand_in_the_authors_order(policy: LoadedPolicy) -> None:
    """What a state lays down comes before what it was handed, each kind of money in the order in which it is written."""
    held = carried(policy.model)
    for key, state in policy.model.states.items():
        for kind, written in (("refund", state.terms.refund), ("deductions", state.terms.deductions)):
            names = [name for what, name in held[key] if what == kind]
            assert names[: len(written)] == [line.name for line in written], key
