"""The outcome of comparisons, row by row, where they matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aftersales.columns.keys import Words, packed
from aftersales.columns.logic import Holds
from aftersales.columns.rows import Block, Codes, Places, Rows

#: Where more than this part of the rows needs a comparison, it is worked out for all.
_MANY: Final = 0.4
_BYTE: Final = 8
_WORD: Final = 64

Plan = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Comparing:
    """Works out comparisons, each a bit.

    ``settled`` are forms of them that remain where codes have settled choices, by bit; ``plans`` say which of these a
    row needs, by the number of its plan.
    """

    bits: int
    settled: Sequence[tuple[int, Holds]]
    plans: NDArray[np.bool_]

    def words(self, block: Block, plan: Plan) -> Words:
        """Return the outcomes for rows with a plan each, as words of bits; 0 where one does not matter."""
        digits: list[Codes] = [np.zeros(0, np.uint8)] * self.bits
        for bit, places, outcome in self._outcomes(block, plan):
            if not digits[bit].size:
                digits[bit] = outcome if places is None else np.zeros(block.size, np.uint8)
            elif places is None:
                digits[bit] = digits[bit] | outcome
            if places is not None:
                digits[bit][places] = outcome
        bytes_ = [
            [(each, bit) for bit, each in enumerate(digits[first : first + _BYTE]) if each.size]
            for first in range(0, self.bits, _BYTE)
        ]
        found = packed(bytes_, block.size)
        for i, masks in enumerate(self._masks()):
            found[i] &= masks.take(plan, mode="clip")
        return found

    def _masks(self) -> Words:
        """Return, word by word, which bits matter to rows of each plan."""
        matter = np.zeros((max(1, -(-self.bits // _WORD)) * _WORD, len(self.plans)), np.uint8)
        for (bit, _), plans in zip(self.settled, self.plans.T, strict=True):
            matter[bit] |= plans
        bits = np.packbits(matter, axis=0, bitorder="little")
        masks: Words = np.ascontiguousarray(bits.T).view(np.uint64).T
        return np.ascontiguousarray(masks)

    def _outcomes(self, block: Block, plan: Plan) -> Iterator[tuple[int, Places | None, Codes]]:
        """Yield outcomes: by bit, for all rows or for some; a bit that has one form may be said of rows it is not for."""
        counts = np.bincount(plan, minlength=len(self.plans))
        order, ends = plan.astype(np.uint16).argsort(kind="stable"), counts.cumsum()
        forms = np.bincount(np.array([bit for bit, _ in self.settled], np.intp), minlength=self.bits)
        every, some = Rows(block, None, block.size), dict[bytes, Rows]()
        for (bit, holds), plans in zip(self.settled, self.plans.T, strict=True):
            here = np.flatnonzero(plans & (counts != 0))
            size = int(counts[here].sum())
            if size > _MANY * block.size:
                truths = every.holds(holds)
                yield bit, None, (truths if forms[bit] == 1 else truths & plans.take(plan)).view(np.uint8)
            elif size:
                key = here.tobytes()
                if key not in some:
                    places = np.concatenate([order[ends[each] - counts[each] : ends[each]] for each in here])
                    some[key] = Rows(block, places, size)
                yield bit, some[key].places, some[key].digits(holds)
