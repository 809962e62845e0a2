"""Rows of scalar facts as a frame, and what the machine answers about them as the rows of a frame."""

import datetime as dt
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import polars as pl

from aftersales import LoadedPolicy
from aftersales.columns.results import lines_of
from aftersales.columns.sight import words_of
from aftersales.columns.sql import columns_of
from aftersales.expr.types import Kind
from aftersales.policy.model import Fact, Policy
from aftersales.run.function.reference import by_machine
from rows import Row, draw_row, questioned

Told = tuple[Row, dt.timedelta | None]


def scalar(policy: Policy, row: Row) -> Row:
    """Return a row as a frame can tell it: that there is none is told by the fact's flag."""
    kept: Row = {name: value for name, value in row.items() if value is not None}
    none = (policy.facts[name].flag for name, value in row.items() if value is None and name in policy.facts)
    return kept | {flag: False for flag in none if flag is not None and flag not in kept}


def draw_told(policy: LoadedPolicy, count: int, seed: int) -> list[Told]:
    """Draw rows, most of which answer what the one before was asked, and how long after they are seen."""
    return list(_drawn(policy, count, Random(seed)))  # noqa: S311  # cases to compare, no secrets


def _drawn(policy: LoadedPolicy, count: int, dice: Random) -> Iterator[Told]:
    left = count
    while left > 0:
        told = [(scalar(policy.model, row), elapsed) for row, elapsed, _ in questioned(policy, dice, min(left, 12))]
        told.append((scalar(policy.model, draw_row(policy.model, dice)), None))
        yield from told[:left]
        left -= len(told)


def frame_of(policy: Policy, told: Sequence[Told]) -> pl.DataFrame:
    """Return rows as a frame: words as enums, money in fen."""
    names = sorted({name for row, _ in told for name in row if name in policy.facts or name == "opened_at"})
    columns = [pl.Series(name, [_cell(row.get(name)) for row, _ in told], dtype=_type(policy, name)) for name in names]
    elapsed = pl.Series("elapsed", [elapsed for _, elapsed in told], dtype=pl.Duration("us"))
    return pl.DataFrame([*columns, elapsed])


def _cell(value: Any) -> Any:
    return value if not hasattr(value, "numerator") or isinstance(value, int) else f"{float(value) * 100:.2f}%"


def _type(policy: Policy, name: str) -> Any:
    fact: Fact | None = policy.facts.get(name)
    if fact is None:
        return pl.Datetime("us", "UTC")
    types: dict[Kind, Any] = {
        Kind.FLAG: pl.Boolean,
        Kind.COUNT: pl.Int64,
        Kind.MONEY: pl.Int64,
        Kind.INSTANT: pl.Datetime("us", "UTC"),
        Kind.DURATION: pl.Duration("us"),
        Kind.TIME_OF_DAY: pl.Time,
        Kind.RATE: pl.String,
    }
    return types.get(fact.type.kind) or pl.Enum(list(words_of(policy, fact.type)))


def expected(policy: LoadedPolicy, told: Sequence[Told]) -> list[dict[str, Any]]:
    """Return what the machine answers about each row, named as the columns of a frame of answers."""
    return [_row(policy, row, elapsed) for row, elapsed in told]


def _row(policy: LoadedPolicy, row: Row, elapsed: dt.timedelta | None) -> dict[str, Any]:
    model = policy.model
    names = ["state", "outcome", "liable", *(f"{leg}_borne" for leg in model.legs), *lines_of(model), "need"]
    answer = by_machine(policy.machine, model, row, elapsed)
    if answer.error is not None:
        return dict.fromkeys(names) | {"error": answer.error}
    assert set(answer.fen) <= set(names)
    words = {"state": answer.state, "outcome": answer.outcome, "liable": answer.liable, "need": answer.need}
    borne = {f"{leg}_borne": answer.borne.get(leg) for leg in model.legs}
    fen = {name: answer.fen.get(name, 0) for name in lines_of(model)}
    return {name: {**words, **borne, **fen}[name] for name in names} | {"error": None}


def facts_frame(policy: LoadedPolicy, count: int, seed: int) -> pl.DataFrame:
    """Draw a table that has every column of facts that the query reads."""
    columns = columns_of(policy.model)
    told = [({name: row[name] for name in row if name in columns}, None) for row, _ in draw_told(policy, count, seed)]
    frame = frame_of(policy.model, told).drop("elapsed")
    missing = [pl.lit(None).alias(name) for name in columns if name not in frame.columns]
    return frame.with_columns(missing).select(columns)


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with enums as text."""
    return frame.with_columns(pl.selectors.by_dtype(pl.Enum).cast(pl.String))
