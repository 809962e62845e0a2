"""Rows that are alike in all that is looked at come to the same: one of each kind is decided, the others follow.

A kind holds the code of every column and the outcome of every comparison that deciding has looked at so far. Where
deciding a row looks at anything else, all kinds are found anew. Amounts alone are reckoned row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from aftersales.columns.answers import Answers, Sheet
from aftersales.columns.compared import Comparing, needed_for
from aftersales.columns.kernel import decide
from aftersales.columns.keys import Ids, Index, Keys, Words, bits_of, index_of, keys_of
from aftersales.columns.mattering import Mattering
from aftersales.columns.nodes import Holds
from aftersales.columns.paid import Line, Paid
from aftersales.columns.places import Atlas
from aftersales.columns.results import Results
from aftersales.columns.rows import Block, Places, Rows
from aftersales.columns.sharing import all_fit
from aftersales.expr.types import Kind
from aftersales.policy.model import Fact

#: Fewer rows are decided faster one by one.
LEAST: Final = 1 << 15
#: Where rows come to rest in so few places, these are found as fast.
_FEW_PLACES: Final = 64
#: With more kinds than this, or one for so few rows, rows are decided one by one.
_MOST: Final = 1 << 13
_SHARE: Final = 64
#: So many rows are told apart at a time.
_STRETCH: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kinds found so far, by number from 1, and what rows of each come to.

    Rows that are alike in their ``codes`` have one ``plan`` of what to compare; with the outcomes they are of one of
    ``all`` kinds.
    """

    keys: Keys
    codes: Index
    compared: Comparing
    plan: Ids
    all: Index
    error: NDArray[np.uint8]
    said: Mapping[str, NDArray[Any]]
    open: Mapping[str, NDArray[np.bool_]]
    lines: NDArray[np.uint16]
    sums: Mapping[tuple[Line, ...], int]


@dataclass(slots=True)
class Alike:
    """Decides rows kind by kind, once what deciding looks at is known from rows that were decided one by one."""

    atlas: Atlas
    results: Results
    facts: Mapping[str, Fact]
    is_off: bool = False
    _paid: Paid = field(init=False)
    _kinds: Kinds | None = None
    _columns: dict[str, None] = field(default_factory=dict)
    _bits: dict[Holds, int] = field(default_factory=dict)
    _lock: Any = field(default_factory=Lock)

    def __post_init__(self) -> None:
        """Begin without any kinds."""
        self._paid = Paid(self.atlas)

    @property
    def is_ready(self) -> bool:
        """Return whether rows are decided kind by kind."""
        return self._kinds is not None and not self.is_off

    def note(self, block: Block, places: int) -> None:
        """Note what was looked at to decide the rows of a block, which came to rest in so many places."""
        if self._kinds is None and places >= _FEW_PLACES:
            with self._lock:
                self._columns.update(dict.fromkeys(block.codes))
                if self._kinds is None:
                    self._kinds = self._none()

    def _none(self) -> Kinds:
        """Return no kinds at all, to be told apart by all that was looked at so far."""
        bits = [(name, bits_of(self.atlas.policy, self.facts[name])) for name in self._columns]
        flat = {name for name in self._columns if self.facts[name].type.kind not in (Kind.CHOICE, Kind.PARTY)}
        keys = keys_of((each for each in bits if each[0] not in flat), (each for each in bits if each[0] in flat))
        compared = Comparing(len(self._bits), (), np.zeros((1, 0), np.bool_))
        nothing = np.zeros(1, np.intp)
        codes = index_of(keys.size)
        every = index_of(1 + max(1, -(-len(self._bits) // 64)))
        return Kinds(
            keys, codes, compared, nothing, every, np.zeros(1, np.uint8), {}, {}, np.zeros(1, np.uint16), {(): 0}
        )

    def decide(
        self, block: Block, cut: Callable[[int, int], Block], answers: Answers, sheet: Sheet, start: int
    ) -> bool:
        """Decide the rows of a block, and return whether that could be done; ``cut`` gives a stretch of them."""
        if not self.is_ready or block.size < LEAST:
            return False
        found = self._find(block.size, cut)
        if found is None:
            return False
        _write(*found, block, answers, sheet, start)
        return True

    def _find(self, size: int, cut: Callable[[int, int], Block]) -> tuple[Kinds, Ids] | None:
        """Return the kinds with the kind of every row; ``None`` where there are too many kinds."""
        ids, first, keys, kinds = np.empty(size, np.intp), 0, None, self._kinds
        while first < size:
            kinds = self._kinds
            if kinds is None or self.is_off:
                return None
            first, keys = (first if keys is kinds.keys else 0), kinds.keys
            part = cut(first, min(_STRETCH, size - first))
            found = self._find_in(kinds, part)
            if found is not None:
                ids[first : first + part.size] = found
                first += part.size
        # Another thread may have begun anew meanwhile: the numbers are of the kinds that they were found among.
        return None if kinds is None else (kinds, ids)

    def _find_in(self, kinds: Kinds, block: Block) -> Ids | None:
        """Return the kind of every row; ``None`` where kinds were learned, so that they have to be asked again."""
        words = kinds.keys.of(block)
        codes = kinds.codes.find(words)
        new = np.flatnonzero(codes == 0)
        if new.size:
            self._learn_codes(kinds, block, new, words[:, new])
            return None
        outcomes = kinds.compared.words(block, kinds.plan.take(codes, mode="clip"))
        keys = np.concatenate((codes.astype(np.uint64)[None], outcomes))
        ids = kinds.all.find(keys)
        new = np.flatnonzero(ids == 0)
        if new.size:
            self._learn(kinds, block, new, keys[:, new])
            return None
        return ids

    def _learn_codes(self, kinds: Kinds, block: Block, rows: Places, words: Words) -> None:
        """Learn how rows are alike in their codes, and what matters to each."""
        with self._lock:
            if self._kinds is not kinds:
                return
            found = kinds.codes.and_new(words)
            if found is None or self._too_many(found[0].size, found[0].size - kinds.codes.size, block.size):
                self.is_off = True
                return
            codes, firsts = found
            reps = _some(block, rows[firsts])
            seen = Mattering(self.atlas, Rows(reps, None, reps.size))
            seen.go()
            if not self._keep_to(reps, seen.matters):
                return
            compared, plan = self._plans(kinds, seen)
            self._kinds = replace(kinds, codes=codes, compared=compared, plan=plan)

    def _keep_to(self, block: Block, matters: Collection[Holds]) -> bool:
        """Return whether keys hold all that was looked at; if not, begin anew with keys that do."""
        if not all_fit(matters):
            self.is_off = True
            return False
        if block.codes.keys() <= self._columns.keys() and all(each in self._bits for each in matters):
            return True
        self._columns.update(dict.fromkeys(block.codes))
        every = sorted({**self._bits, **dict.fromkeys(matters)}, key=lambda holds: sorted(needed_for(holds)))
        self._bits = {holds: bit for bit, holds in enumerate(every)}
        self._kinds = self._none()
        return False

    def _plans(self, kinds: Kinds, seen: Mattering) -> tuple[Comparing, Ids]:
        """Return what to compare, and the plan of every kind of codes, new ones among them."""
        before = kinds.compared
        numbers = {each: i for i, each in enumerate(before.settled)}
        needed = [
            (numbers.setdefault((self._bits[holds], made), len(numbers)), at) for holds, made, at in seen.settled()
        ]
        plans = np.zeros((len(before.plans) + seen.rows.size, len(numbers)), np.bool_)
        plans[: len(before.plans), : len(before.settled)] = before.plans
        for number, at in needed:
            plans[len(before.plans) + at, number] = True
        different, plan = np.unique(plans, axis=0, return_inverse=True)
        made = np.concatenate((plan[: len(before.plans)].take(kinds.plan), plan[len(before.plans) :]))
        return Comparing(before.bits, tuple(numbers), different), made

    def _too_many(self, kinds: int, new: int, rows: int) -> bool:
        return kinds > _MOST or new * _SHARE > rows

    def _learn(self, kinds: Kinds, block: Block, rows: Places, words: Words) -> None:
        """Learn new kinds from one row of each."""
        with self._lock:
            if self._kinds is not kinds:
                return
            found = kinds.all.and_new(words)
            if found is None or self._too_many(found[0].size, found[0].size - kinds.all.size, block.size):
                self.is_off = True
                return
            self._kinds = self._decided(kinds, found[0], _some(block, rows[found[1]]))
            self.is_off = self._kinds is None

    def _decided(self, kinds: Kinds, every: Index, some: Block) -> Kinds | None:
        """Return kinds with new ones, of which a block has one row each; ``None`` where an amount may not fit 64 bits."""
        sheet = Sheet(some.size, self.results.schema)
        answers = sheet.part(0, some.size)
        decide(self.atlas, some, answers)
        self.results.write_words(sheet, 0, answers)
        lines = self._paid.lines(some, answers)
        sayings = (saying for number in answers.standing for saying in self.atlas.places[number].sayings)
        if not all(saying.fits for saying in sayings):
            return None
        if not self._keep_to(some, ()):
            return self._kinds
        sums = dict(kinds.sums)
        new = np.array([sums.setdefault(tuple(each), len(sums)) for each in lines], np.uint16)
        size = len(kinds.error)
        return replace(
            kinds,
            all=every,
            error=np.concatenate((kinds.error, sheet.error)),
            said=_more(kinds.said, sheet.words, size, some.size),
            open=_more(kinds.open, sheet.open, size, some.size),
            lines=np.concatenate((kinds.lines, new)),
            sums=sums,
        )


def _some(block: Block, rows: Places) -> Block:
    return Block(len(rows), Some(block.codes, rows), Some(block.numbers, rows), block.zone)


class Some(dict[str, Any]):
    """Some rows of arrays by name, picked out when they are first asked for."""

    def __init__(self, whole: Mapping[str, Any], rows: Places) -> None:
        super().__init__()
        self._whole, self._rows = whole, rows

    def __missing__(self, name: str) -> Any:
        """Pick the rows out."""
        self[name] = self._whole[name].take(self._rows)
        return self[name]


def _more(
    before: Mapping[str, NDArray[Any]], new: Mapping[str, NDArray[Any]], size: int, count: int
) -> dict[str, NDArray[Any]]:
    """Return what was said of ``size`` kinds and of so many new ones; nothing is said where a name is missing."""
    kinds = {name: values.dtype for name, values in (*before.items(), *new.items())}
    return {
        name: np.concatenate((before.get(name, np.zeros(size, kind)), new.get(name, np.zeros(count, kind))))
        for name, kind in kinds.items()
    }


def _write(kinds: Kinds, ids: Ids, block: Block, answers: Answers, sheet: Sheet, start: int) -> None:
    """Write down what the rows of a block come to, each by its kind."""
    kinds.error.take(ids, mode="clip", out=answers.error)
    for name, words in kinds.said.items():
        words.take(ids, mode="clip", out=sheet.words_of(name, words.dtype)[start : start + block.size])
    for name, truths in kinds.open.items():
        if truths.any():
            truths.take(ids, mode="clip", out=answers.open[name])
    for (name, term), rows in _lines(kinds, kinds.lines.take(ids, mode="clip")):
        answers.lines[name][rows] = Rows(block, rows, len(rows)).term(term)


def _lines(kinds: Kinds, sums: NDArray[np.uint16]) -> Sequence[tuple[Line, Places]]:
    """Return every amount with the rows that come to it."""
    order = sums.argsort(kind="stable")
    ends = np.bincount(sums, minlength=len(kinds.sums)).cumsum().tolist()
    found: dict[Line, list[Places]] = {}
    for lines, number in kinds.sums.items():
        here = order[ends[number - 1] if number else 0 : ends[number]]
        for line in lines if here.size else ():
            found.setdefault(line, []).append(here)
    return [(line, np.concatenate(places)) for line, places in found.items()]
