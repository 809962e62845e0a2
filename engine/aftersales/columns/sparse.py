"""Where a formula is true that few rows come near: codes are cheap to ask and asked first, numbers only where it fits."""

from __future__ import annotations

from typing import Final

import numpy as np

from aftersales.columns.logic import all_of, any_of
from aftersales.columns.nodes import Any_, Both, Formula, Holds, Opposite
from aftersales.columns.rows import Rows, Truths

#: Where more than this part of the rows is possible, all are asked: to pick them would take longer.
_MANY: Final = 0.4


def found(formula: Formula, near: Formula, rows: Rows) -> Truths | None:
    """Return which of all the rows of a block a formula is true of, ``near`` what is possible; ``None``: of none."""
    here = np.broadcast_to(rows.truth(near), (rows.size,))
    if near is formula or np.count_nonzero(here) > _MANY * rows.size:
        here = np.broadcast_to(rows.truth(formula), (rows.size,))
        return here if here.any() else None
    places = np.flatnonzero(here)
    inside = Rows(rows.block, places, len(places))
    places = places[np.broadcast_to(inside.truth(formula), places.shape)]
    if not places.size:
        return None
    truths = np.zeros(rows.size, np.bool_)
    truths[places] = True
    return truths


def possible(formula: Formula) -> Formula:
    """Return what of a formula is about codes: wherever the formula is true this is true, too."""
    match formula:
        case Holds() | Opposite():
            return True
        case Both(parts):
            return all_of(possible(part) for part in parts)
        case Any_(parts):
            return any_of(possible(part) for part in parts)
        case _:
            return formula
