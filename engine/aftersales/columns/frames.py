"""Frames of cases in, frames of decisions out: one row of facts, one row of what is decided about it.

A frame has a column for each fact that its rows know (a null is an unknown fact), the instant ``opened_at`` at which
all was told, and, where rows are seen later, ``elapsed`` or ``as_of``. Of several faults of one row the first that is
found is named: facts that disagree where a guard looks at them, what stops the case on its way, facts and relations
that disagree, money.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

import numpy as np
import polars as pl

from aftersales.case.fields import is_personal
from aftersales.columns.alike import Alike
from aftersales.columns.answers import Answers, Sheet
from aftersales.columns.kernel import Clock, decide
from aftersales.columns.places import Atlas
from aftersales.columns.reading import Column, read_cell, read_column
from aftersales.columns.results import ERRORS, Results
from aftersales.columns.rows import Block, Truths, Whole
from aftersales.columns.typed import TypedColumn, TypedPart, is_typed, read_typed
from aftersales.errors import CaseShapeError, Diagnostic, UnknownNameError, did_you_mean
from aftersales.expr.types import Kind, Type
from aftersales.policy.model import Fact, Policy
from aftersales.source import Source, Span
from aftersales.text import Text, clip

OPENED_AT: Final = "opened_at"
ELAPSED: Final = "elapsed"
AS_OF: Final = "as_of"
#: Passed through where a frame has it: it names a row's case and is no fact.
ID: Final = "id"
#: The least and the most rows that are worked on at a time: what is worked out about few stays in the cache.
BLOCK: Final = 1 << 18
_MOST: Final = 1 << 19
#: As many for each place that rows come to rest in: every place is gone through block by block.
FOR_A_PLACE: Final = 1 << 11
#: The most rows of one part of the answers: the larger its arrays, the more of their memory comes in large pages.
_PART: Final = 1 << 20
#: Fewer rows are not worth a thread of their own.
_LEAST: Final = 1 << 15
_NEVER: Final = np.iinfo(np.int64).min


AnyColumn = Column | TypedColumn
AnyPart = Column | TypedPart


class Lazily(dict[str, Any]):
    """One part of every column, read when it is first asked for."""

    def __init__(self, columns: Mapping[str, AnyPart], part: str) -> None:
        super().__init__()
        self._columns, self._part = columns, part

    def __missing__(self, name: str) -> Any:
        """Read the part of a column."""
        self[name] = getattr(self._columns[name], self._part)
        return self[name]


class Parts(dict[str, Any]):
    """A stretch of every column's part, cut off when it is first asked for."""

    def __init__(self, columns: Mapping[str, AnyPart], start: int, size: int) -> None:
        super().__init__()
        self._columns, self._start, self._size = columns, start, size

    def __missing__(self, name: str) -> Any:
        """Cut off the stretch of a column."""
        self[name] = self._columns[name].part(self._start, self._size)
        return self[name]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read: its number in the frame from 0, and why, column by column."""

    row: int
    faults: tuple[Diagnostic, ...]


@dataclass(slots=True)
class Decider:
    """Decides frames of one kind: those that have the columns ``names``, the ``certain`` ones without any null.

    ``columns`` are the answers that are asked for, ``None``: all. Raises UnknownNameError for a column that is no fact
    and not in ``keep``, or for no column of the answers, CaseShapeError for one of personal data.
    """

    policy: Policy
    names: Sequence[str]
    keep: Sequence[str] = ()
    certain: frozenset[str] = frozenset()
    columns: Sequence[str] | None = None
    atlas: Atlas = field(init=False)
    results: Results = field(init=False)
    alike: Alike = field(init=False)
    facts: dict[str, Fact] = field(init=False)
    busy: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.keep = tuple(dict.fromkeys((*((ID,) if ID in self.names else ()), *self.keep)))
        wanted = [name for name in self.names if name not in self.keep]
        _check(self.policy, self.names, wanted, self.keep)
        self.facts = {name: _fact(self.policy, name) for name in wanted}
        self.atlas = Atlas(self.policy, wanted, self.certain)
        for code in ERRORS:
            self.atlas.faults.number(code)
        self.results = Results(self.atlas, self.columns)
        self.alike = Alike(self.atlas, self.results, self.facts)

    @property
    def is_warm(self) -> bool:
        """Return whether some rows have been decided already."""
        return bool(self.atlas.places)

    def decide(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[BadRow]]:
        """Return what is decided about every row of a frame, and the rows that cannot be read."""
        columns, bad = self._read(frame), list[BadRow]()
        sheet = Sheet(frame.height, self.results.schema, self.alike.is_ready)
        start = 0
        while start < frame.height:
            size = min(frame.height - start, max(BLOCK, min(_MOST, FOR_A_PLACE * self.busy)))
            bad += self._decide(frame, columns, sheet, start, size)
            start += size
        made = self.results.frame(sheet)
        return (pl.concat([frame.select(self.keep), made], how="horizontal") if self.keep else made), bad

    def _decide(
        self, frame: pl.DataFrame, columns: Mapping[str, AnyColumn], sheet: Sheet, start: int, size: int
    ) -> Iterator[BadRow]:
        """Decide a block of rows, and yield those that cannot be read."""
        parts = {name: column.part(start, size) for name, column in columns.items()}
        answers = sheet.part(start, size)
        block, clock = self._block(size, parts), _clock(parts)
        if clock is not None or not self.alike.decide(block, partial(self._cut, parts), answers, sheet, start):
            self.busy = decide(self.atlas, block, answers, clock)
            self.results.write_words(sheet, start, answers)
            self.alike.note(block, self.busy)
        sheet.close(start, answers)
        yield from self._bad(frame, parts, start, answers)

    def _read(self, frame: pl.DataFrame) -> dict[str, AnyColumn]:
        """Read every column, the typed ones of facts as they lie in memory."""
        held = frame.schema
        return {
            name: read_typed(fact, frame[name], certain=name in self.certain)
            if name not in (ELAPSED, AS_OF) and is_typed(self.policy, fact, held[name])
            else self._read_alone(fact, frame[name])
            for name, fact in self.facts.items()
        }

    def _read_alone(self, fact: Fact, series: pl.Series) -> Column:
        """Read a column; when a row is seen may be any fraction of a second, and counts as the next whole one."""
        if fact.name == ELAPSED and isinstance(series.dtype, pl.Duration):
            return Column(
                series.is_not_null().to_numpy().view(np.uint8), _seconds(series.dt.total_microseconds()), None
            )
        column = read_column(self.policy, fact, series, certain=fact.name in self.certain)
        if fact.name == AS_OF and isinstance(series.dtype, pl.Datetime):
            return Column(column.codes, _seconds(series.dt.epoch("us")), column.bad)
        return column

    def _block(self, size: int, columns: Mapping[str, AnyPart]) -> Block:
        return Block(size, Lazily(columns, "codes"), Lazily(columns, "numbers"), self.policy.timezone)

    def _cut(self, columns: Mapping[str, AnyPart], start: int, size: int) -> Block:
        """Return a stretch of a block's rows."""
        parts = Parts(columns, start, size)
        return replace(
            self._block(size, parts),
            numbers_at=lambda name, places: parts[name].numbers_at(places),
            packed=lambda name: parts[name].planes,
        )

    def _bad(
        self, frame: pl.DataFrame, columns: Mapping[str, AnyPart], start: int, answers: Answers
    ) -> Iterator[BadRow]:
        """Refuse the rows of a block that cannot be read, each by its first fault, and say why."""
        found = {name: column.bad for name, column in columns.items() if column.bad is not None}
        if not found:
            return
        every: Truths = np.logical_or.reduce(list(found.values()))
        for row in np.flatnonzero(every):
            names = [name for name, bad in found.items() if bad[row]]
            cells = (read_cell(self.policy, self.facts[name], frame[name][start + int(row)])[1] for name in names)
            faults = tuple(fault for fault in cells if fault is not None)
            answers.error[row] = self.atlas.faults[faults[0].code]
            yield BadRow(start + int(row), faults)


def decide_frame(
    policy: Policy,
    frame: Any,
    *,
    keep: Sequence[str] = (),
    columns: Sequence[str] | None = None,
    made: dict[tuple[str, ...], Decider] | None = None,
) -> pl.DataFrame:
    """Decide every row of a frame of facts: state, outcome, liable, who bears each leg, fen per line, need, error.

    ``frame`` is a Polars frame, or anything that hands out Arrow data (pandas, pyarrow). A column that is no fact is
    refused unless ``keep`` names it; kept columns stand before the answers. ``columns`` names the answers that are
    asked for, in their order: the others are not worked out. A row at fault has its ``error`` and nothing else. ``made``
    keeps what was made for a frame's columns for the next frame that has them. Raises UnknownNameError or
    CaseShapeError for a column.
    """
    whole = frame if isinstance(frame, pl.DataFrame) else pl.DataFrame(frame)
    kept = {} if made is None else made
    certain = [name for name in whole.columns if whole[name].null_count() == 0]
    names = (*whole.columns, "", *keep, "", *certain, *(() if columns is None else ("", *columns)))
    # While it is used nobody else finds it: what it makes on the way is not shared between threads.
    decider = kept.pop(names, None) or Decider(policy, whole.columns, keep, frozenset(certain), columns)
    parts = _parts(decider, whole)
    kept[names] = decider
    return pl.concat(parts)


def _parts(decider: Decider, whole: pl.DataFrame) -> list[pl.DataFrame]:
    """Decide a frame some rows at a time, on as many threads as Polars has; what is new is made on the first rows."""
    threads = pl.thread_pool_size()
    size = _PART if threads == 1 else max(_LEAST, min(_PART, -(-whole.height // threads)))
    blocks = [whole.slice(start, size) for start in range(0, max(whole.height, 1), size)]
    if threads == 1 or len(blocks) == 1:
        return [decider.decide(block)[0] for block in blocks]
    if not decider.is_warm:
        decider.decide(blocks[0].head(_LEAST))
    with ThreadPoolExecutor(threads) as pool:
        return [made for made, _ in pool.map(decider.decide, blocks)]


def _seconds(micros: pl.Series) -> Whole:
    """Return whole seconds, a part of one as the next."""
    found: Whole = -(-micros.fill_null(0).to_numpy() // 1_000_000)
    return found


def _fact(policy: Policy, name: str) -> Fact:
    """Return the fact of a column; when a row was opened and seen are read alike where the policy has no such facts."""
    if name in policy.facts:
        return policy.facts[name]
    kind = Kind.DURATION if name == ELAPSED else Kind.INSTANT
    return Fact(name, Type(kind), Text(name, name), "order", Span(Source(name, ""), 1, 1, 1, 1))


def _check(policy: Policy, names: Iterable[str], wanted: Sequence[str], keep: Sequence[str]) -> None:
    missing = [name for name in keep if name not in set(names)]
    if missing:
        raise UnknownNameError(_no_column(missing[0], names))
    known = {*(name for name, fact in policy.facts.items() if not fact.counter), OPENED_AT, ELAPSED, AS_OF}
    faults = [_not_a_fact(name, known) for name in wanted if name not in known]
    if faults:
        raise UnknownNameError(*faults)
    if ELAPSED in wanted and AS_OF in wanted:
        message = Text("elapsed 和 as_of 只能有一个", "a frame has elapsed or as_of, not both")
        raise CaseShapeError(Diagnostic("two_clocks", message))


def _not_a_fact(name: str, known: Iterable[str]) -> Diagnostic:
    if is_personal(name):
        message = Text(
            f"列 {clip(name)}：个人信息不参与任何判定，请去掉",
            f"column {clip(name)}: personal data is not needed by any decision, leave it out",
        )
        return Diagnostic("personal_data", message)
    shown = clip(name)
    hint = did_you_mean(shown, known) or Text("要原样带出，请写进 keep", "to pass it through, name it in keep")
    return Diagnostic("unknown_name", Text(f"没有事实 {shown}", f"there is no fact {shown}"), hint=hint)


def _no_column(name: str, names: Iterable[str]) -> Diagnostic:
    shown = clip(name)
    return Diagnostic("unknown_name", Text(f"没有列 {shown}", f"no column {shown}"), hint=did_you_mean(shown, names))


def _clock(columns: Mapping[str, AnyPart]) -> Clock | None:
    """Return when rows are seen; ``None`` where none is seen later than it was told."""
    opened, elapsed, as_of = (columns.get(name) for name in (OPENED_AT, ELAPSED, AS_OF))
    later = elapsed or as_of
    if opened is None or opened.numbers is None or later is None or later.numbers is None:
        return None
    seen: Whole = later.numbers if as_of is not None else opened.numbers + later.numbers
    known = (opened.codes != 0) & (later.codes != 0)
    return Clock(np.where(known, seen, _NEVER), opened.numbers, opened.numbers)
