"""How rows settle: what is worked out for all rows of a block says the same as what is worked out for some."""

import numpy as np
import pytest

from aftersales.columns.answers import Answers, Sheet
from aftersales.columns.logic import compare, const, extreme, number, pick, product, total
from aftersales.columns.nodes import Formula, Term
from aftersales.columns.planned import Planned, Planning
from aftersales.columns.rows import Block, Rows
from aftersales.columns.sayings import Saying
from aftersales.columns.tables import Table, classes

SIZE = 2_000
N, M, K = (number(name, 100_000) for name in "nmk")
DICE = np.random.default_rng(8)
BLOCK = Block(SIZE, {}, {name: DICE.integers(0, 10_000, SIZE) for name in "nmk"}, "Asia/Shanghai")
LEFT = total(((1, N), (-1, M)))
HALF = np.flatnonzero(DICE.integers(0, 2, SIZE))
LINE = "refund_goods"


def planned(sayings: dict[Saying, tuple[int, ...]], rows: dict[int, int]) -> Planned:
    """Return the plan for rows that nothing can be wrong with."""
    return Planning(SIZE, rows, sayings, ()).planned()


def answers() -> Answers:
    """Return room for a block whose memory held something else before."""
    sheet = Sheet(SIZE, (LINE,))
    sheet.lines[LINE] = np.full(SIZE, -1)
    return sheet.part(0, SIZE)


@pytest.mark.parametrize("open_", [False, True, compare("<", N, M)])
@pytest.mark.parametrize("term", [N, LEFT])
@pytest.mark.parametrize("places", [None, HALF, HALF[:0]])
def test_a_line_for_all_rows_is_that_of_each(places: np.ndarray | None, term: Term, open_: Formula) -> None:
    """A line that is written for all rows has the amounts of those that have it, 0 elsewhere, whatever was there."""
    saying, at = Saying(LINE, (term, open_)), slice(None) if places is None else places
    rows = Rows(BLOCK, places, SIZE if places is None else len(places))
    by_row, for_all = answers(), answers()
    saying.write(rows, at, by_row)
    groups = [at] if places is None else [places[:30], places[30:]]
    for_all.spread(LINE, Rows(BLOCK, None, SIZE).whole(term), groups)
    saying.open(rows, at, for_all)
    assert np.array_equal(by_row.lines[LINE], for_all.lines[LINE])
    assert saying.is_open == (open_ is not False) == (LINE in for_all.open)
    assert open_ is False or np.array_equal(by_row.open[LINE], for_all.open[LINE])


def test_what_many_rows_need_is_worked_out_for_all() -> None:
    """An amount that half of the rows need is worked out once for all, one of a few rows or by dates is not."""
    many, few, whole = (
        Saying(LINE, (LEFT, False)),
        Saying(LINE, (extreme("min", (M, K)), False)),
        Saying("a", (K, False)),
    )
    plan = planned({few: (1,), many: (0,), whole: (1, 2)}, {0: 1_000, 1: 10, 2: 990})
    assert plan.everywhere == (LEFT,)
    assert plan.sayings == [(many, (0,), LEFT), (few, (1,), None), (whole, (1, 2), K)]


def test_what_takes_long_is_worked_out_for_the_rows_that_need_it() -> None:
    """An amount in many steps, or one that may not fit 64 bits, is no quicker for all rows."""
    long: Term = N
    for factor in range(2, 30):
        long = product((total(((1, long), (1, const(factor)))), const(3)), 7)
    wide = product((number("n", 1 << 40), number("m", 1 << 40)))
    for term in (long, wide, pick(compare("<", wide, const(9)), M, K)):
        plan = planned({Saying(LINE, (term, False)): (0,)}, {0: 1_000, 1: 1_000})
        assert not {term, wide} & set(plan.everywhere)
        assert not any(spread is not None for _, _, spread in plan.sayings)


@pytest.mark.parametrize(("most", "least"), [(20_000, -20_000), (4_000, -20_000), (20_000, -4_000), (4_000, -4_000)])
def test_where_nothing_can_be_wrong_nothing_is_looked_for(most: int, least: int) -> None:
    """A table is left out where no row of the block has a number, and only where amounts for all rows tell so."""
    above, below = compare("<", const(most), LEFT), compare("<", LEFT, const(least))
    whole = Rows(BLOCK, None, SIZE)
    for found in ([(above, 1)], [(below, 1)], [(above, 1), (below, 2)]):
        table = classes(found)
        assert isinstance(table, Table)
        whole.all_rows = {}
        assert not table.is_nought(whole)
        whole.all_rows = {LEFT: whole.whole(LEFT)}
        assert table.is_nought(whole) == (not np.any(table.read(whole)))
    unlike = classes([(above, 0)], otherwise=1)
    assert isinstance(unlike, Table)
    assert not unlike.is_nought(whole)


def test_amounts_of_all_rows_are_picked_out() -> None:
    """Rows take an amount that is there for all rows from them."""
    there = np.arange(SIZE)
    rows = Rows(BLOCK, HALF, len(HALF), all_rows={LEFT: there})
    assert np.array_equal(rows.term(LEFT), HALF)
    assert np.array_equal(rows.term(extreme("min", (LEFT, N))), np.minimum(HALF, BLOCK.numbers["n"][HALF]))
