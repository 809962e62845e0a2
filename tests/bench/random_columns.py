"""Random cases of the small policy as columns: every fact known, every case one that comes to an end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from random_cases import CAP, CHOICES, WISHES

#: Columns by fact: words as small numbers, flags, money in fen; an insurance that is not there pays up to 0.
Columns = dict[str, npt.NDArray[Any]]

#: The words of the facts; every word is its place in this list.
WORDS: Final[Sequence[str]] = tuple(
    dict.fromkeys(
        [
            *WISHES,
            *(wish for wishes in WISHES.values() for wish in wishes),
            *(word for words in CHOICES.values() for word in words if isinstance(word, str)),
        ]
    )
)
CODES: Final = {word: code for code, word in enumerate(WORDS)}


def draw_columns(count: int, seed: int) -> Columns:
    """Draw ``count`` cases from ``seed``, alike those of ``random_cases``."""
    dice = np.random.default_rng(seed)
    issue = _of(tuple(WISHES), dice.integers(0, len(WISHES), count))
    columns: Columns = {"issue": issue}
    for name, values in CHOICES.items():
        drawn = dice.integers(0, len(values), count)
        columns[name] = np.array(values)[drawn] if isinstance(values[0], bool) else _of(values, drawn)
    columns["wants"] = _wishes(issue, columns["in_stock"], dice)
    claimed = dice.integers(CAP, 300_001, count)
    columns["claimed_paid"] = claimed
    columns["order_paid"] = claimed + _some(dice.integers(0, 100_001, count), dice)
    columns["already_refunded"] = _some((dice.random(count) * (claimed - CAP + 1)).astype(np.int64), dice, 3)
    columns["postage_claimed"] = _some(dice.integers(0, 3001, count), dice)
    columns["threshold_postage"] = _some(dice.integers(1, 2001, count), dice, 3)
    columns["insured_up_to"] = _some(dice.integers(1, 2501, count), dice)
    for name, most in (("return_postage", 5000), ("reship_postage", 5000), ("repair_price", 80_000)):
        columns[name] = dice.integers(0, most + 1, count)
    columns["offered_amount"] = dice.integers(1, CAP + 1, count)
    columns["days_since_delivered"] = dice.integers(0, 13, count)
    columns["failed_repairs"] = dice.integers(0, 5, count)
    columns["return_received"] = np.ones(count, dtype=bool)
    return columns


def _wishes(issue: npt.NDArray[Any], in_stock: npt.NDArray[Any], dice: np.random.Generator) -> npt.NDArray[Any]:
    wants = np.empty(len(issue), dtype=np.int8)
    for name, wishes in WISHES.items():
        rows = np.flatnonzero(issue == CODES[name])
        wants[rows] = _of(wishes, dice.integers(0, len(wishes), len(rows)))
    gone = (issue == CODES["wrong_item"]) & (wants == CODES["exchange"]) & ~in_stock
    wants[gone] = CODES["return_and_refund"]
    return wants


def _of(words: Sequence[Any], drawn: npt.NDArray[Any]) -> npt.NDArray[Any]:
    codes: npt.NDArray[Any] = np.array([CODES[word] for word in words], dtype=np.int8)
    taken: npt.NDArray[Any] = codes[drawn]
    return taken


def _some(amounts: npt.NDArray[Any], dice: np.random.Generator, one_in: int = 2) -> npt.NDArray[Any]:
    """Return the amounts, most of them, or every other one, set to 0."""
    return np.where(dice.integers(0, one_in, len(amounts)) == 0, amounts, 0)
