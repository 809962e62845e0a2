"""Where a formula is true that few rows come near: what is cheap to ask is asked first, the rest only where it fits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np

from aftersales.columns.logic import Any_, Both, Formula, Holds, Opposite, Test
from aftersales.columns.rows import Block, Places, Rows, Truths


def found(formula: Formula, rows: Rows) -> Truths | None:
    """Return which of all the rows of a block a formula is true of; ``None``: of none."""
    parts = formula.parts if isinstance(formula, Any_) else (formula,)
    places = [some for part in parts if (some := _places(part, rows)).size]
    if not places:
        return None
    truths = np.zeros(rows.size, np.bool_)
    for some in places:
        truths[some] = True
    return truths


def _places(formula: Formula, rows: Rows) -> Places:
    tests = [part for part in _all(formula) if isinstance(part, Test)]
    rest = sorted((part for part in _all(formula) if not isinstance(part, Test)), key=_is_of_numbers)
    if not tests:
        return _where(rows.truth(formula), rows.size)
    near = _where(reduce(np.logical_and, (rows.truth(test) for test in tests)), rows.size)
    if not near.size or not rest:
        return near
    return _narrowed(near, rest, rows.block)


def _narrowed(near: Places, rest: Sequence[Formula], block: Block) -> Places:
    """Return those of some places where every other part is true."""
    for part in rest:
        inside = Rows(block, near, len(near))
        near = near[np.broadcast_to(inside.truth(part), near.shape)]
        if not near.size:
            break
    return near


def _where(truths: Any, size: int) -> Places:
    return np.flatnonzero(np.broadcast_to(truths, (size,)))


def _all(formula: Formula) -> tuple[Formula, ...]:
    return formula.parts if isinstance(formula, Both) else (formula,)


def _is_of_numbers(formula: Formula) -> bool:
    return isinstance(formula, Holds | Opposite)
