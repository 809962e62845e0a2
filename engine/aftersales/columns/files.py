"""Files of cases larger than memory: read, decided and written some rows at a time, with the bad rows set apart."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

import polars as pl
from polars.io.plugins import register_io_source

from aftersales.columns.faults import REASONS
from aftersales.columns.frames import BadRow, Decider
from aftersales.errors import CaseShapeError, Diagnostic
from aftersales.policy.model import Policy
from aftersales.text import Lang, Text, clip

#: The columns of the file of bad rows.
BAD_COLUMNS: Final = ("row", "id", "error", "reason")
#: What a file is read or written as, by the end of its name.
_READERS: Final[dict[str, Callable[[Path], pl.LazyFrame]]] = {
    ".parquet": pl.scan_parquet,
    ".csv": lambda path: pl.scan_csv(path, infer_schema=False),
}


@dataclass(slots=True)
class Tally:
    """How many rows were decided, and how many of them were at fault."""

    rows: int = 0
    bad: int = 0


@dataclass(slots=True)
class _Writer:
    """Writes bad rows, numbered from 1 over the whole file."""

    stream: IO[str]
    lang: Lang
    sheet: Any = field(init=False)

    def __post_init__(self) -> None:
        self.sheet = csv.writer(self.stream)
        self.sheet.writerow(BAD_COLUMNS)

    def write(self, before: int, made: pl.DataFrame, unread: Sequence[BadRow]) -> int:
        """Write the rows at fault of one part of the file, behind ``before`` others; return how many there are."""
        reasons = {bad.row: bad.faults for bad in unread}
        wrong = made.with_row_index("row").filter(pl.col("error").is_not_null())
        for row in wrong.iter_rows(named=True):
            error = row["error"]
            said = reasons.get(row["row"], (Diagnostic(error, REASONS.get(error, Text(error, error))),))
            why = "; ".join(fault.message.to(self.lang) for fault in said)
            self.sheet.writerow((before + row["row"] + 1, row.get("id", ""), error, why))
        return wrong.height


@dataclass(frozen=True, slots=True)
class Manner:
    """How a file is decided: which columns are passed through and which answers are asked for (``None``: all).

    The answers are the same with any number of rows in memory ``at_a_time``; reasons are told in ``lang``.
    """

    keep: Sequence[str] = ()
    columns: Sequence[str] | None = None
    at_a_time: int = 1 << 17
    lang: Lang = Lang.ZH


def scan(path: Path) -> pl.LazyFrame:
    """Return the rows of a Parquet or CSV file, not read yet; text of a CSV file is read as in a case file.

    Raises CaseShapeError for another kind of file, OSError where there is none.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise CaseShapeError(_not_a_table(path))
    path.stat()
    return reader(path)


def decide_file(
    policy: Policy,
    source: Path,
    target: Path,
    bad: IO[str],
    manner: Manner,
    told: Callable[[int, int], None] = lambda _done, _of: None,
) -> Tally:
    """Decide every row of ``source`` and write the answers to ``target``, row by row, the rows at fault also to ``bad``.

    ``told`` hears how many rows are done, of how many. Raises UnknownNameError or CaseShapeError for a column or a kind
    of file.
    """
    if target.suffix.lower() not in _READERS:
        raise CaseShapeError(_not_a_table(target))
    rows = scan(source)
    try:
        return _decided(_Work(policy, rows, target, bad, manner, told))
    except pl.exceptions.PolarsError as why:
        raise CaseShapeError(_unreadable(source, why)) from why


@dataclass(frozen=True, slots=True)
class _Work:
    policy: Policy
    rows: pl.LazyFrame
    target: Path
    bad: IO[str]
    manner: Manner
    told: Callable[[int, int], None]


def _decided(work: _Work) -> Tally:
    rows, manner = work.rows, work.manner
    # Which rows are at fault is told beside the answers, whether it is asked for among them or not.
    asked = None if manner.columns is None else (*manner.columns, "error")
    decider = Decider(work.policy, rows.collect_schema().names(), manner.keep, columns=asked)
    decider.decide(rows.head(0).collect())
    tally, writer = Tally(), _Writer(work.bad, manner.lang)
    whole = rows.select(pl.len()).collect().item()
    schema = _schema(rows, decider, manner)

    def parts() -> Iterator[pl.DataFrame]:
        for part in rows.collect_batches(chunk_size=manner.at_a_time, maintain_order=True):
            made, unread = decider.decide(part)
            tally.bad += writer.write(tally.rows, made, unread)
            tally.rows += part.height
            work.told(tally.rows, whole)
            yield made.select(list(schema))

    _write(parts, schema, work.target)
    return tally


def _schema(rows: pl.LazyFrame, decider: Decider, manner: Manner) -> Mapping[str, pl.DataType]:
    """Return the columns that are written: those passed through, then the answers that are asked for."""
    held, made = rows.collect_schema(), decider.results.schema
    asked = made if manner.columns is None else manner.columns
    return {**{name: held[name] for name in decider.keep}, **{name: made[name] for name in asked}}


def _write(parts: Callable[[], Iterator[pl.DataFrame]], schema: Mapping[str, pl.DataType], target: Path) -> None:
    made = register_io_source(lambda *_hints: parts(), schema=schema)
    if target.suffix.lower() == ".csv":
        made.sink_csv(target)
    else:
        made.sink_parquet(target)


def _unreadable(path: Path, why: Exception) -> Diagnostic:
    shown = clip(str(why).splitlines()[0] if str(why) else "?")
    return Diagnostic("unreadable_table", Text(f"无法读取 {path.name}：{shown}", f"cannot read {path.name}: {shown}"))


def _not_a_table(path: Path) -> Diagnostic:
    return Diagnostic(
        "not_a_table",
        Text(f"{path.name} 应是 .parquet 或 .csv 文件", f"{path.name} should be a .parquet or .csv file"),
    )
