"""The outcome of comparisons, row by row, where they matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aftersales.columns.keys import Words, byte_of, packed
from aftersales.columns.nodes import Const, Holds, Number, Pick, Term
from aftersales.columns.rows import Block, Codes, Rows
from aftersales.columns.sharing import parts_of

#: Where more than this part of the rows knows the numbers of a comparison, it is worked out for all.
_MANY: Final = 0.25
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
    _needed: Sequence[frozenset[str]] = field(init=False)
    _is_one: Sequence[bool] = field(init=False)

    def __post_init__(self) -> None:
        """Find out which columns every form needs, and whether it is the one form of its bit."""
        bits = [bit for bit, _ in self.settled]
        object.__setattr__(self, "_needed", [needed_for(holds) for _, holds in self.settled])
        object.__setattr__(self, "_is_one", [bits.count(bit) == 1 for bit in bits])

    def words(self, block: Block, plan: Plan) -> Words:
        """Return the outcomes for rows with a plan each, as words of bits; 0 where one does not matter."""
        found = packed([[(byte, 0)] for byte in self._bytes(block, plan)], block.size)
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

    def _bytes(self, block: Block, plan: Plan) -> Sequence[Codes]:
        """Return the outcomes as bytes of bits; some are said of rows to which they do not matter."""
        found = [np.zeros(0, np.uint8)] * -(-self.bits // _BYTE)
        counts = np.bincount(plan, minlength=len(self.plans))
        every, groups = self._groups(block, counts)
        whole = Rows(block, None, block.size)
        self._write(every, whole, plan, found)
        order, ends = plan.astype(np.uint16).argsort(kind="stable"), counts.cumsum()
        for forms in groups:
            here = np.flatnonzero(self.plans[:, forms].any(axis=1) & (counts != 0)).tolist()
            places = np.concatenate([order[ends[each] - counts[each] : ends[each]] for each in here])
            self._write(forms, Rows(block, places, len(places), all_rows=whole.amounts), plan, found)
        return [byte if byte.size else np.zeros(block.size, np.uint8) for byte in found]

    def _groups(self, block: Block, counts: Plan) -> tuple[Sequence[int], Collection[Sequence[int]]]:
        """Return the forms that many rows need, and others that about as many rows need, with a column in common."""
        known = {name: np.count_nonzero(block.codes[name]) for name in frozenset[str]().union(*self._needed)}
        every, groups = list[int](), defaultdict[tuple[str, int], list[int]](list)
        for form, size in enumerate((counts @ self.plans).tolist()):
            if size > _MANY * block.size:
                every.append(form)
            elif size:
                rarest = min(sorted(self._needed[form]), key=lambda name: known[name], default="")
                groups[rarest, size.bit_length() // 2].append(form)
        return every, groups.values()

    def _write(self, forms: Iterable[int], rows: Rows, plan: Plan, found: list[Codes]) -> None:
        """Write down the outcomes of forms for some rows."""
        for i, digits in self._digits(forms, rows, plan).items():
            byte = byte_of(digits)
            if not found[i].size:
                found[i] = byte if rows.places is None else np.zeros(rows.block.size, np.uint8)
            if rows.places is not None:
                found[i][rows.places] |= byte

    def _digits(self, forms: Iterable[int], rows: Rows, plan: Plan) -> Mapping[int, list[tuple[Codes, int]]]:
        """Return the outcomes of some forms for some rows by the byte of their bit, each with its place there."""
        found = defaultdict[int, list[tuple[Codes, int]]](list)
        plans = plan if rows.places is None else None
        for form in forms:
            bit, holds = self.settled[form]
            digits = rows.digits(holds)
            if not self._is_one[form]:
                plans = rows.picked_out(plan) if plans is None else plans
                digits = digits & self.plans[:, form].take(plans, mode="clip").view(np.uint8)
            found[bit // _BYTE].append((digits, bit % _BYTE))
        return found


def needed_for(holds: Holds) -> frozenset[str]:
    """Return columns without which a comparison does not matter."""
    return _needed(holds.left) | _needed(holds.right)


def _needed(term: Term) -> frozenset[str]:
    """Return columns without which an amount is not known, whatever its choices come to."""
    match term:
        case Number(column):
            return frozenset((column,))
        case Const():
            return frozenset()
        case Pick(_, then, otherwise):
            return _needed(then) & _needed(otherwise)
        case _:
            return frozenset[str]().union(*(_needed(part) for part in parts_of(term)))  # type: ignore[arg-type]  # amounts
