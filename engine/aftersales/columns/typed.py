"""Columns that hold what the kernel reads as it is: read as they lie in memory, and only where a row's way looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl

from aftersales.columns.memory import Held, Stretch, held
from aftersales.columns.rows import Codes, Places, Truths, Whole
from aftersales.columns.sight import BOUNDS, words_of
from aftersales.expr.types import Kind
from aftersales.instants import EARLIEST, LATEST
from aftersales.policy.model import Fact, Policy

_SECOND: Final = 1_000_000
_FIRST: Final = int(EARLIEST.timestamp())
_LAST: Final = int(LATEST.timestamp())
#: Stands where an instant is not known: behind the last change of most clocks, so that arrays take the short way.
_SOME_INSTANT: Final = 1_900_000_000
_NO_NUMBERS: Final = (Kind.FLAG, Kind.CHOICE, Kind.PARTY)
#: So many words have a code of one byte, with one left for an unknown fact.
_MOST_WORDS: Final = 255


def is_typed(policy: Policy, fact: Fact, held: pl.DataType) -> bool:
    """Return whether a column holds what the kernel reads as it is: the policy's own words, flags, fen, instants."""
    match fact.type.kind:
        case Kind.FLAG:
            return held == pl.Boolean
        case Kind.CHOICE | Kind.PARTY:
            words = words_of(policy, fact.type)
            return isinstance(held, pl.Enum) and tuple(held.categories) == words and len(words) < _MOST_WORDS
        case Kind.MONEY | Kind.COUNT:
            return held == pl.Int64
        case Kind.INSTANT:
            return isinstance(held, pl.Datetime) and held.time_zone is not None
        case _:
            return False


@dataclass(frozen=True, slots=True)
class TypedColumn:
    """A typed column, read part by part as it lies in memory; ``certain`` words and flags count from 0."""

    fact: Fact
    memory: Held
    certain: bool

    def part(self, start: int, size: int) -> TypedPart:
        """Return some rows that lie behind one another."""
        made = TypedPart(self.fact, size, self.memory.part(start, size), self.certain)
        made.check()
        return made


@dataclass(slots=True)
class TypedPart:
    """A part of a typed column that is read only when a row's way looks at it."""

    fact: Fact
    size: int
    memory: Stretch
    certain: bool
    bad: Truths | None = None
    _clean: Whole | None = None

    def part(self, start: int, size: int) -> TypedPart:
        """Return some of the rows; what was refused stays refused."""
        rows = slice(start, start + size)
        bad = None if self.bad is None else self.bad[rows]
        clean = None if self._clean is None else self._clean[rows]
        return TypedPart(self.fact, size, self.memory.part(start, size), self.certain, bad, clean)

    def check(self) -> None:
        """Refuse numbers out of their bounds; what lies where a value is null is then within them, too."""
        if self.is_number and self.size:
            self._check()

    @property
    def is_number(self) -> bool:
        """Return whether the column holds numbers."""
        return self.fact.type.kind not in _NO_NUMBERS

    @property
    def codes(self) -> Codes:
        """Return the code of every row."""
        known = self.memory.known
        if self.is_number:
            return all_known(self.size) if known is None else known
        codes: Codes = self.memory.values
        if self.certain:
            return codes
        codes = codes + np.uint8(1)
        return codes if known is None else np.multiply(codes, known, out=codes)

    @property
    def planes(self) -> Sequence[Codes] | None:
        """Return the bits of the codes, one of each row and eight rows a byte; ``None`` for words, which lie as bytes."""
        if self.fact.type.kind in (Kind.CHOICE, Kind.PARTY):
            return None
        known = self.memory.known_bits
        if self.is_number:
            return [np.full(-(-self.size // 8), 255, np.uint8) if known is None else known]
        flags = self.memory.flag_bits
        if self.certain:
            return [flags, np.zeros_like(flags)]
        return [~flags, flags] if known is None else [known & ~flags, known & flags]

    @property
    def numbers(self) -> Whole:
        """Return the number of every row."""
        held = self._held
        return held if self.fact.type.kind is not Kind.INSTANT else _seconds(held, self.memory.known)

    def numbers_at(self, places: Places) -> Whole:
        """Return the numbers of some rows."""
        held, known = self._held.take(places, mode="clip"), self.memory.known
        if self.fact.type.kind is not Kind.INSTANT:
            return held
        return _seconds(held, None if known is None else known.take(places, mode="clip"))

    @property
    def _held(self) -> Whole:
        return self.memory.values if self._clean is None else self._clean

    @property
    def _scale(self) -> int:
        return _SECOND if self.fact.type.kind is Kind.INSTANT else 1

    def _check(self) -> None:
        low, high = (each * self._scale for each in _bounds(self.fact))
        values = self.memory.values
        if _within(values, low, high + self._scale - 1):
            return
        known = self.memory.known
        self._clean = values if known is None else np.where(known, values, 0)
        self.bad = outside(self.fact, self._clean // self._scale, all_known(self.size) if known is None else known)


def _seconds(micros: Whole, known: Codes | None) -> Whole:
    seconds: Whole = micros // _SECOND
    return seconds if known is None else np.where(known, seconds, _SOME_INSTANT)


def _within(values: Whole, low: int, high: int) -> bool:
    """Return whether no value is outside; where 0 is the least, a value below it is a very large one without a sign."""
    if low == 0:
        return int(values.view(np.uint64).max()) <= high
    return bool(low <= values.min() and values.max() <= high)


def read_typed(fact: Fact, series: pl.Series, *, certain: bool) -> TypedColumn:
    """Return a typed column, to be read as it lies in memory."""
    kind = None if fact.type.kind is Kind.FLAG else np.uint8 if fact.type.kind in _NO_NUMBERS else np.int64
    right = isinstance(series.dtype, pl.Datetime) and series.dtype.time_unit != "us"
    given = series.dt.cast_time_unit("us") if right else series
    return TypedColumn(fact, held(given, kind), certain)


def outside(fact: Fact, whole: Whole, known: Codes) -> Truths | None:
    """Return which rows tell a number out of its bounds; ``None`` where none does."""
    low, high = _bounds(fact)
    if not len(whole) or (low <= whole.min() and whole.max() <= high):
        return None
    bad: Truths = (known != 0) & ((whole < low) | (whole > high))
    return bad if bad.any() else None


@lru_cache(maxsize=4)
def all_known(size: int) -> Codes:
    """Return that every row is known."""
    return np.ones(size, np.uint8)


def _bounds(fact: Fact) -> tuple[int, int]:
    kind = fact.type.kind
    low = _FIRST if kind is Kind.INSTANT else fact.type.low or 0
    high = _LAST if kind is Kind.INSTANT else BOUNDS[kind]
    return low, high if fact.type.high is None else min(high, fact.type.high)
