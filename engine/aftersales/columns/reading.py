"""Columns of a frame read as facts: a code for every row, a number beside it, and the rows that cannot be read.

A null is an unknown fact; that there is none (never shipped, not insured) is told by the fact's flag. Text is written
as in a case file. Typed columns: flags as booleans, money as decimals of yuan or whole fen, instants as datetimes with
a timezone, durations as durations. Floats are no money and no counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from aftersales.case.faults import Faults, Place
from aftersales.case.values import read_value
from aftersales.columns.rows import Codes, Places, Truths, Whole
from aftersales.columns.sight import BOUNDS, words_of
from aftersales.columns.typed import all_known, outside
from aftersales.errors import CaseShapeError, Diagnostic
from aftersales.expr.types import UNKNOWN, Kind, Value
from aftersales.money import LARGEST, show_money
from aftersales.policy.model import Fact, Policy
from aftersales.text import Text

_MONEY: Final = r"^(0|[1-9][0-9]{0,12})(?:\.([0-9]{1,2}))?$"
_COUNT: Final = r"^(0|[1-9][0-9]{0,9})$"
_INSTANTS: Final = ("%Y-%m-%dT%H:%M:%S%:z", "%Y-%m-%dT%H:%M%:z", "%Y-%m-%d %H:%M:%S%:z", "%Y-%m-%d %H:%M%:z")
_SECOND: Final = 1_000_000
_FLAGS: Final = ("false", "true")


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the kernel reads it; ``bad`` marks rows that cannot be read (``None``: there are none).

    No ``planes`` lie in memory.
    """

    codes: Codes
    numbers: Whole | None
    bad: Truths | None
    planes: None = None

    def part(self, start: int, size: int) -> Column:
        """Return some rows that lie behind one another."""
        rows = slice(start, start + size)
        numbers = None if self.numbers is None else self.numbers[rows]
        return Column(self.codes[rows], numbers, None if self.bad is None else self.bad[rows])

    def numbers_at(self, places: Places) -> Whole:
        """Return the numbers of some rows."""
        if self.numbers is None:
            raise TypeError(places)
        return self.numbers.take(places, mode="clip")


def read_column(policy: Policy, fact: Fact, series: pl.Series, *, certain: bool = False) -> Column:
    """Read the column of a fact; one that is ``certain`` has no nulls, and its words count from 0.

    Raises CaseShapeError where its type can hold no such fact.
    """
    column = _read(policy, fact, series)
    if not certain or column.numbers is not None:
        return column
    codes = column.codes if column.bad is None else np.where(column.bad, np.uint8(1), column.codes)
    return Column(codes - np.uint8(1), None, column.bad)


def _read(policy: Policy, fact: Fact, series: pl.Series) -> Column:
    match fact.type.kind:
        case Kind.FLAG:
            return _flags(fact, series)
        case Kind.CHOICE | Kind.PARTY:
            return _words(fact, series, words_of(policy, fact.type))
        case kind:
            return _numbers(policy, fact, series, _TYPED[kind](series))


def _flags(fact: Fact, series: pl.Series) -> Column:
    if series.dtype == pl.Boolean:
        if series.null_count() == 0:
            return Column(series.to_numpy().view(np.uint8) + np.uint8(1), None, None)
        return Column(_counted(series.cast(pl.UInt8)), None, None)
    return _words(fact, series, _FLAGS)


def _counted(series: pl.Series) -> Codes:
    """Return codes from 0 as codes from 1, 0 where there is none."""
    if series.null_count() == 0:
        return series.to_numpy() + np.uint8(1)
    codes: Codes = (series + 1).fill_null(0).to_numpy()
    return codes


def _words(fact: Fact, series: pl.Series, words: tuple[str, ...]) -> Column:
    kind = pl.Enum(words)
    if isinstance(series.dtype, pl.Enum):
        return _from_enum(series, words)
    if series.dtype == pl.Null:
        return Column(np.zeros(len(series), np.uint8), None, None)
    if series.dtype not in (pl.String, pl.Categorical):
        raise _wrong_type(fact, series)
    said = series.cast(pl.String).cast(kind, strict=False)
    bad = None if said.null_count() == series.null_count() else (said.is_null() & series.is_not_null()).to_numpy()
    return Column(_counted(said.to_physical().cast(pl.UInt8)), None, bad)


def _from_enum(series: pl.Series, words: tuple[str, ...]) -> Column:
    """Read codes of one list of words as codes of another."""
    numbers = {word: i for i, word in enumerate(words, 1)}
    told = [0, *(numbers.get(word, 0) for word in series.dtype.categories)]  # type: ignore[attr-defined]  # an Enum
    physical = series.to_physical()
    if told == list(range(len(told))):
        return Column(_counted(physical.cast(pl.UInt8)), None, None)
    codes = (physical.cast(pl.UInt32) + 1).fill_null(0).to_numpy()
    found = np.array(told, np.uint8)[codes]
    bad = (found == 0) & (codes != 0)
    return Column(found, None, bad if bad.any() else None)


def _numbers(policy: Policy, fact: Fact, series: pl.Series, read: pl.Series | None) -> Column:
    """Take numbers within their bounds; what could not be read is tried once more, one by one."""
    if read is None:
        raise _wrong_type(fact, series)
    lost = read.null_count() > series.null_count()
    numbers = read if read.null_count() == 0 else read.fill_null(0)
    whole: Whole = numbers.to_numpy()
    known = all_known(len(series)) if read.null_count() == 0 else read.is_not_null().to_numpy().view(np.uint8)
    bad = outside(fact, whole, known)
    if lost:
        whole, known, unread = _once_more(policy, fact, series, read, whole)
        bad = unread if bad is None else bad | unread
    return Column(known, whole, bad if bad is not None and bad.any() else None)


def _once_more(
    policy: Policy, fact: Fact, series: pl.Series, read: pl.Series, whole: Whole
) -> tuple[Whole, Codes, Truths]:
    """Read what the fast way could not, as a case is read; return numbers, codes and the rows that stay unread."""
    numbers, known = whole.copy(), read.is_not_null().to_numpy().astype(np.uint8)
    unread = np.zeros(len(series), np.bool_)
    for i in np.flatnonzero((read.is_null() & series.is_not_null()).to_numpy()):
        value, _ = read_cell(policy, fact, series[int(i)])
        number = as_number(value)
        if number is None:
            unread[i] = True
        else:
            numbers[i], known[i] = number, 1
    return numbers, known, unread


def read_cell(policy: Policy, fact: Fact, cell: object) -> tuple[Value, Diagnostic | None]:
    """Read one value as a case writes it, or say why it cannot be read."""
    faults = Faults(None)
    value = read_value(policy, fact, _written(fact, cell), Place(faults, (fact.name,)))
    if not faults.found:
        number = as_number(value)
        high = BOUNDS.get(fact.type.kind, LARGEST)
        if number is not None and number > high:
            return UNKNOWN, Diagnostic("beyond_columns", Text("数值过大，不能按列计算", "too large for columns"))
        return value, None
    return UNKNOWN, faults.found[0][1]


def _written(fact: Fact, cell: object) -> object:
    """Return a typed cell as a case writes it: whole fen as yuan, text without what a frame adds."""
    if fact.type.kind is Kind.MONEY and isinstance(cell, int) and not isinstance(cell, bool):
        return show_money(cell)
    return cell


def as_number(value: Value) -> int | None:
    """Return a value as columns count it; ``None`` for an unknown one."""
    match value:
        case bool() | str() | None:
            return None
        case int():
            return value
        case dt.datetime():
            return int(value.timestamp())
        case dt.timedelta():
            return int(value.total_seconds())
        case dt.time():
            return value.hour * 3600 + value.minute * 60
        case _ if value is UNKNOWN:
            return None
        case _:
            return int(value * 10_000)


def _money(series: pl.Series) -> pl.Series | None:
    if series.dtype.is_integer():
        return series.cast(pl.Int64)
    if series.dtype.is_decimal():
        fen = series * 100
        whole = fen.cast(pl.Int64, strict=False)
        return whole.set(fen.is_not_null() & (whole != fen), None)
    if series.dtype == pl.String:
        yuan = series.str.extract(_MONEY, 1).cast(pl.Int64)
        rest = series.str.extract(_MONEY, 2).fill_null("").str.pad_end(2, "0").cast(pl.Int64)
        return yuan * 100 + rest
    return _nothing(series)


def _count(series: pl.Series) -> pl.Series | None:
    if series.dtype.is_integer():
        return series.cast(pl.Int64)
    if series.dtype == pl.String:
        return series.str.extract(_COUNT, 1).cast(pl.Int64)
    return _nothing(series)


def _instant(series: pl.Series) -> pl.Series | None:
    if series.dtype == pl.String:
        read = pl.Series([None], dtype=pl.Datetime("us", "UTC")).new_from_index(0, len(series))
        for form in _INSTANTS:
            read = read.fill_null(series.str.to_datetime(form, time_unit="us", time_zone="UTC", strict=False))
        return read.dt.epoch("s")
    if isinstance(series.dtype, pl.Datetime) and series.dtype.time_zone is not None:
        return series.dt.epoch("s")
    return _nothing(series)


def _duration(series: pl.Series) -> pl.Series | None:
    if isinstance(series.dtype, pl.Duration):
        parts = series.dt.total_microseconds()
        return (parts // _SECOND).set(parts % (60 * _SECOND) != 0, None)
    return _one_by_one(series)


def _one_by_one(series: pl.Series) -> pl.Series | None:
    """Leave every value to be read as a case is; few columns are of such a type."""
    if series.dtype not in (pl.String, pl.Time, pl.Null):
        return None
    return pl.Series([None], dtype=pl.Int64).new_from_index(0, len(series))


def _nothing(series: pl.Series) -> pl.Series | None:
    """Return a column of nulls as numbers; ``None`` for a type that holds none."""
    return series.cast(pl.Int64) if series.dtype == pl.Null else None


_TYPED: Final[dict[Kind, Callable[[pl.Series], pl.Series | None]]] = {
    Kind.MONEY: _money,
    Kind.COUNT: _count,
    Kind.INSTANT: _instant,
    Kind.DURATION: _duration,
    Kind.TIME_OF_DAY: _one_by_one,
    Kind.RATE: _one_by_one,
}


def _wrong_type(fact: Fact, series: pl.Series) -> CaseShapeError:
    held = str(series.dtype).lower()
    message = Text(
        f"列 {fact.name} 的类型 {held} 不能表示这个事实", f"column {fact.name} of type {held} cannot hold this fact"
    )
    hint = Text(
        "文字按案件文件写；金额用文字、十进制小数或整数分，时间带时区，不用浮点数",
        "text as in a case file; money as text, decimals or whole fen, instants with a timezone, no floats",
    )
    return CaseShapeError(Diagnostic("column_type", message, hint=hint))
