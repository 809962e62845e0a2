"""What is worked out row by row: amounts that may not fit are found, whether they are asked for or not."""

import gc
from weakref import ref

import numpy as np

from aftersales.columns.answers import Sheet
from aftersales.columns.logic import compare, const, number, product
from aftersales.columns.rows import Block, Rows
from aftersales.columns.sayings import Saying
from aftersales.columns.tables import classes

LARGE = product((number("a", 1 << 40), number("b", 1 << 40)))
VALUES = np.array([1 << 40, 5], np.int64)
BLOCK = Block(2, {}, {"a": VALUES, "b": VALUES}, "Asia/Shanghai")


def test_a_row_whose_amount_does_not_fit_is_marked() -> None:
    """An amount, or a word that rests on one, that may not fit 64 bits says so, and marks the rows that it does not."""
    word = classes([(compare("<", const(7), LARGE), 1)])
    for saying in (Saying("refund_goods", (LARGE, False)), Saying("liable", word)):
        rows = Rows(BLOCK, None, 2)
        assert not saying.fits
        saying.work_out(rows)
        assert rows.beyond is not None
        assert rows.beyond.tolist() == [True, False]


def test_small_amounts_are_sure_to_fit() -> None:
    """An amount within its columns' bounds is sure to fit."""
    assert Saying("refund_goods", (product((number("a", 99), number("b", 99))), False)).fits


def test_a_line_is_zero_where_nobody_writes() -> None:
    """A line that only some block has is 0 before, in between and behind."""
    sheet = Sheet(6, ("refund_goods",))
    for start, is_written in ((0, False), (2, True), (4, False)):
        answers = sheet.part(start, 2)
        if is_written:
            answers.lines["refund_goods"][1] = 7
        sheet.close(start, answers)
    assert sheet.lines["refund_goods"].tolist() == [0, 0, 0, 7, 0, 0]


def test_the_memory_of_answers_goes_with_them() -> None:
    """No search for garbage is needed before millions of amounts are given back."""
    sheet = Sheet(6, ("refund_goods",))
    answers = sheet.part(2, 3)
    answers.lines["refund_goods"][1] = 7
    answers.open["refund_goods"][2] = True
    kept = [ref(array) for array in (sheet.lines["refund_goods"], sheet.open["refund_goods"], sheet.error)]
    gc.disable()
    try:
        del answers, sheet
        assert [array() for array in kept] == [None, None, None]
    finally:
        gc.enable()
