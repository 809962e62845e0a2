"""Formulas and amounts worked out over arrays: the rows of a block, or the part of them that stands in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from aftersales.columns import days
from aftersales.columns.nodes import (
    Any_,
    Both,
    Calendar,
    Const,
    Extreme,
    Floor,
    Formula,
    Holds,
    Number,
    Opposite,
    Pick,
    Product,
    Term,
    Test,
    Total,
)
from aftersales.columns.reach import bound

Codes = NDArray[np.uint8]
Whole = NDArray[np.int64]
Truths = NDArray[np.bool_]
Places = NDArray[np.int64]

#: One row in so many that is unlike the others does not keep a processor from guessing right.
_SELDOM: Final = 50
#: Beyond this a product may not fit 64 bits once it is doubled for rounding.
_ROOM: Final = 1 << 61


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a table: the code of every column, 0 for unknown, and the value of every number.

    ``numbers_at`` gives the values of a column at some places, where that is done faster than for all rows; ``packed``
    the bits of its codes, where they lie in memory so.
    """

    size: int
    codes: Mapping[str, Codes]
    numbers: Mapping[str, Whole]
    zone: str
    numbers_at: Callable[[str, Places], Whole] | None = None
    packed: Callable[[str], Sequence[Codes] | None] = lambda _: None

    def planes(self, column: str, bits: int) -> Sequence[Codes]:
        """Return the bits of the codes of a column, one of each row and eight rows a byte."""
        found = self.packed(column)
        if found is not None:
            return found
        codes = self.codes[column]
        return [np.packbits(codes & np.uint8(1 << bit), bitorder="little") for bit in range(bits)]


class Source(Protocol):
    """What formulas are worked out over."""

    def codes(self, column: str) -> NDArray[Any]:
        """Return the codes of a column."""

    def holds(self, formula: Holds) -> Truths:
        """Return a comparison of numbers."""


def truth(formula: Formula, source: Source, seen: dict[Formula, Any]) -> Any:
    """Return where a formula is true: an array, or one truth for all; ``seen`` keeps what it is made of."""
    match formula:
        case bool():
            return formula
        case Holds():
            return source.holds(formula)
        case _ if formula in seen:
            return seen[formula]
        case Test(column, codes, size):
            found = _among(source.codes(column), codes, size)
        case Opposite(part):
            found = ~truth(part, source, seen)
        case Both(parts):
            found = reduce(np.logical_and, (truth(part, source, seen) for part in parts))
        case Any_(parts):
            found = reduce(np.logical_or, (truth(part, source, seen) for part in parts))
    seen[formula] = found
    return found


def _among(found: NDArray[Any], codes: frozenset[int], size: int) -> Any:
    """Return where a code is one of ``codes``: comparisons are many times faster than a table of them all."""
    return reduce(np.logical_or, (_within(found, low, high, size) for low, high in _stretches(codes)))


def _within(found: NDArray[Any], low: int, high: int, size: int) -> Any:
    if low == high:
        return found == low
    if low == 0 or high == size - 1:
        return found <= high if low == 0 else found >= low
    return np.logical_and(found >= low, found <= high)


@lru_cache(maxsize=1024)
def _stretches(codes: frozenset[int]) -> tuple[tuple[int, int], ...]:
    """Return codes as stretches without a gap: the first and the last of each."""
    starts = sorted(code for code in codes if code - 1 not in codes)
    ends = sorted(code for code in codes if code + 1 not in codes)
    return tuple(zip(starts, ends, strict=True))


def _is_never_negative(term: Term) -> bool:
    """Return whether a factor of a product is sure not to be below 0: a column of amounts, counts or rates is not."""
    match term:
        case Const(value):
            return value >= 0
        case Number():
            return True
        case Extreme(parts=inside):
            return all(_is_never_negative(part) for part in inside)
        case _:
            return False


def _picked(when: Any, then: Any, otherwise: Any) -> Any:
    """Return one of two amounts for every row.

    Where rows take turns, choosing row by row is slow, as no processor guesses it; it is worked out as a sum instead.
    """
    if isinstance(otherwise, int) and otherwise == 0 and not isinstance(then, int):
        return then * when
    turns = min(often := np.count_nonzero(when), np.size(when) - often)
    if turns * _SELDOM <= np.size(when):
        return np.where(when, then, otherwise)
    return otherwise + (then - otherwise) * when


@dataclass(slots=True)
class Rows:
    """The rows of a block at ``places`` (``None``: all); each column, formula and amount is worked out once.

    ``beyond`` marks rows in which an amount does not fit 64 bits. Amounts that are there for ``all_rows`` of the block
    are picked out of these.
    """

    block: Block
    places: Places | None
    size: int
    beyond: Truths | None = None
    all_rows: Mapping[Term, Whole] = field(default_factory=dict)
    _codes: dict[str, Codes] = field(default_factory=dict)
    _numbers: dict[str, Whole] = field(default_factory=dict)
    _truths: dict[Formula, Any] = field(default_factory=dict)
    _terms: dict[Term, Any] = field(default_factory=dict)

    @property
    def amounts(self) -> Mapping[Term, Whole]:
        """Return the amounts that have been worked out row by row so far."""
        return {term: there for term, there in self._terms.items() if isinstance(there, np.ndarray)}

    def picked_out(self, whole: NDArray[Any]) -> Any:
        """Return these rows' part of what is there for all rows of the block."""
        return whole if self.places is None else whole.take(self.places, mode="clip")

    def codes(self, column: str) -> Codes:
        """Return the codes of a column."""
        if column not in self._codes:
            self._codes[column] = self.picked_out(self.block.codes[column])
        return self._codes[column]

    def numbers(self, column: str) -> Whole:
        """Return the values of a column; anything at all where the row does not know it."""
        if column not in self._numbers:
            some = None if self.places is None else self.block.numbers_at
            if some is None or self.places is None:
                self._numbers[column] = self.picked_out(self.block.numbers[column])
            else:
                self._numbers[column] = some(column, self.places)
        return self._numbers[column]

    def holds(self, formula: Holds) -> Truths:
        """Return a comparison of numbers."""
        if formula not in self._truths:
            left, right = self.term(formula.left), self.term(formula.right)
            match formula.op:
                case "<":
                    self._truths[formula] = np.less(left, right)
                case "<=":
                    self._truths[formula] = np.less_equal(left, right)
                case "==":
                    self._truths[formula] = np.equal(left, right)
        found: Truths = self._truths[formula]
        return found

    def digits(self, formula: Holds) -> Codes:
        """Return a comparison of numbers as 0 and 1."""
        return self.holds(formula).view(np.uint8)

    def truth(self, formula: Formula) -> Any:
        """Return where a formula is true: an array, or one truth for all."""
        return truth(formula, self, self._truths)

    def term(self, term: Term) -> Any:
        """Return an amount: an array, or one number for all."""
        if isinstance(term, Const):
            return term.value
        if term not in self._terms:
            there = self.all_rows.get(term)
            self._terms[term] = self._worked_out(term) if there is None else self.picked_out(there)
        return self._terms[term]

    def whole(self, term: Term) -> Whole:
        """Return an amount as an array."""
        return np.broadcast_to(np.asarray(self.term(term), np.int64), (self.size,))

    def _worked_out(self, term: Term) -> Any:
        match term:
            case Const(value):
                return value
            case Number(column):
                return self.numbers(column)
            case Total(parts):
                return self._total(parts)
            case Product():
                return self._product(term)
            case Floor(part, divisor):
                return self.term(part) // divisor
            case Extreme(which, parts):
                return reduce(np.minimum if which == "min" else np.maximum, (self.term(part) for part in parts))
            case Pick(when, then, otherwise):
                return _picked(self.truth(when), self.term(then), self.term(otherwise))
            case Calendar():
                return self._calendar(term)

    def _total(self, parts: tuple[tuple[int, Term], ...]) -> Any:
        found: Any = None
        for factor, part in parts:
            value = self.term(part)
            if found is None:
                found = value if factor == 1 else value * factor
            elif factor in (1, -1):
                found = found + value if factor == 1 else found - value
            else:
                found = found + value * factor
        return found

    def _product(self, term: Product) -> Any:
        factors = [self.term(part) for part in term.factors]
        most = 1
        for part in term.factors:
            most *= max(1, bound(part))
        if most >= _ROOM:
            factors = self._within_room(factors)
        found = reduce(np.multiply, factors)
        if term.divisor == 1:
            return found
        if all(_is_never_negative(part) for part in term.factors):
            return (found + term.divisor // 2) // term.divisor
        rounded = (2 * np.abs(found) + term.divisor) // (2 * term.divisor)
        return np.where(found < 0, -rounded, rounded)

    def _within_room(self, factors: list[Any]) -> list[Any]:
        """Mark rows whose product does not fit, and let them multiply 0."""
        rough = reduce(np.multiply, (np.asarray(factor, np.float64) for factor in factors))
        outside = np.abs(rough) >= _ROOM
        if not outside.any():
            return factors
        outside = np.broadcast_to(outside, (self.size,))
        self.beyond = outside if self.beyond is None else self.beyond | outside
        return [np.where(outside, 0, factors[0]), *factors[1:]]

    def _calendar(self, term: Calendar) -> Any:
        zone = days.zone(self.block.zone)
        first, second = (np.atleast_1d(np.asarray(self.term(part), np.int64)) for part in term.parts)
        match term.function:
            case "days_between":
                return days.days_between(first, second, zone)
            case "add_days":
                return days.add_days(first, second, zone)
            case "add_months":
                return days.add_months(first, second, zone)
