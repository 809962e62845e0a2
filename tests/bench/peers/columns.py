"""The small policy over columns, as one would write it by hand: NumPy split by issue, Polars and DuckDB expressions.

Every peer gives the number of the end and every line of money. The texts come from the tree, so that all say the same;
what is asked is asked once, and a line that no end of a flow has is not worked out there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import duckdb
import numpy as np
import polars as pl

from peers.spelling import SQL, Language, spell
from peers.tree import FLOWS, LINES, Row, Tree, rows, whole
from random_columns import CODES, Columns

#: The number of every end.
ENDS: Final = {row.state: number for number, row in enumerate(rows())}
_ARRAYS: Final = Language(
    "&",
    "|",
    "~({0})",
    "==",
    "!=",
    "",
    "least({0}, {1})",
    "most({0}, {1})",
    "({0}) // ({1})",
    "where({0}, {1}, {2})",
    CODES,
)
_SQL: Final = Language(
    SQL.both, SQL.either, SQL.no, SQL.equal, SQL.unequal, "", SQL.least, SQL.most, SQL.divided, SQL.choice, CODES
)


@dataclass(frozen=True)
class ColumnPeer:
    """Something that decides columns: ``load`` is not timed, ``decide`` is; ``found`` reads what it gave."""

    name: str
    kind: str
    load: Callable[[Columns], Any]
    decide: Callable[[Any], Any]
    found: Callable[[Any], Mapping[str, Any]]


def column_peers(threads: int) -> tuple[ColumnPeer, ...]:
    """Return the peers; Polars takes as many threads as the process was started with, DuckDB ``threads``."""
    database = duckdb.connect()
    database.execute(f"SET threads = {threads}")
    database.execute("SET temp_directory = ''")  # nothing is written beside memory
    return (
        ColumnPeer("NumPy, split by issue", "numpy", lambda columns: columns, _numpy, lambda given: given),
        _polars("Polars, a nested expression a column", _nested_columns()),
        _polars("Polars, the end first", _end_first()),
        _duckdb(database, "DuckDB, a nested CASE a column", _nested_query()),
        _duckdb(database, "DuckDB, the end first", _end_first_query()),
    )


def _nested(tree: Tree, leaf: Callable[[Row], str], language: Language, when: Callable[[str], str]) -> str:
    """Return the tree as one expression for a column; where both ways give the same, nothing is asked."""
    if isinstance(tree, Row):
        return leaf(tree)
    yes, no = (_nested(way, leaf, language, when) for way in (tree.yes, tree.no))
    return yes if yes == no else language.choice.format(when(tree.when), yes, no)


def _line(name: str, language: Language) -> Callable[[Row], str]:
    return lambda row: spell(row.fen[name], language) if name in row.fen else "0"


def _end(row: Row) -> str:
    return str(ENDS[row.state])


def _flow_text(flow: Tree) -> tuple[list[str], str]:
    """Return which columns a flow reads, and its text as a function of them: conditions first, then end and lines."""
    asked: dict[str, str] = {}

    def when(text: str) -> str:
        return asked.setdefault(spell(text, _ARRAYS), f"c{len(asked)}")

    outputs = {"state": _nested(flow, _end, _ARRAYS, when)}
    outputs |= {name: text for name in LINES if (text := _nested(flow, _line(name, _ARRAYS), _ARRAYS, when)) != "0"}
    body = [f"    {name} = {text}" for text, name in asked.items()]
    given = ", ".join(f"'{name}': {text}" for name, text in outputs.items())
    source = "\n".join((*body, f"    return {{{given}}}"))
    read = set(compile(f"def flow():\n{source}", "flow", "exec").co_consts[0].co_names) - {"where", "least", "most"}
    return sorted(read), f"def flow({', '.join(sorted(read))}):\n{source}"


def _flow(flow: Tree) -> tuple[list[str], Callable[..., dict[str, Any]]]:
    read, text = _flow_text(flow)
    space: dict[str, Any] = {"where": np.where, "least": np.minimum, "most": np.maximum}
    exec(text, space)  # noqa: S102  # the tree's own text
    made: Callable[..., dict[str, Any]] = space["flow"]
    return read, made


_BY_ISSUE: Final = {CODES[issue]: _flow(flow) for issue, flow in FLOWS.items()}


def _numpy(columns: Columns) -> dict[str, Any]:
    count = len(columns["issue"])
    outputs = {"state": np.zeros(count, dtype=np.int16)} | {name: np.zeros(count, dtype=np.int64) for name in LINES}
    for issue, (read, flow) in _BY_ISSUE.items():
        places = np.flatnonzero(columns["issue"] == issue)
        for name, values in flow(*(columns[name][places] for name in read)).items():
            outputs[name][places] = values
    return outputs


def _polars(name: str, decide: Callable[[pl.DataFrame], pl.DataFrame]) -> ColumnPeer:
    def found(given: pl.DataFrame) -> Mapping[str, Any]:
        return {column: given[column].to_numpy() for column in ("state", *LINES)}

    return ColumnPeer(name, "polars", pl.DataFrame, decide, found)


def _expressions(texts: Mapping[str, str]) -> Iterator[pl.Expr]:
    """Yield Polars expressions from texts in Python's syntax; the texts are the tree's own."""
    space: dict[str, Any] = {
        "where": lambda when, yes, no: pl.when(when).then(yes).otherwise(no),
        "least": pl.min_horizontal,
        "most": pl.max_horizontal,
        "lit": lambda number: pl.lit(number, dtype=pl.Int64),
        "is_one_of": lambda column, numbers: column.is_in(numbers),
    }
    for name, text in texts.items():
        names = set(compile(text, name, "eval").co_names) - set(space)
        made: pl.Expr = eval(text, space | {column: pl.col(column) for column in names})  # noqa: S307
        yield made.alias(name)


def _nested_columns() -> Callable[[pl.DataFrame], pl.DataFrame]:
    texts = {"state": _nested(whole(), _end, _ARRAYS, _asked)}
    texts |= {name: _nested(whole(), _line(name, _ARRAYS), _ARRAYS, _asked) for name in LINES}
    columns = list(_expressions(texts))
    return lambda frame: frame.lazy().select(columns).collect()


def _end_first() -> Callable[[pl.DataFrame], pl.DataFrame]:
    state, lines = (list(_expressions(texts)) for texts in _by_end(_ARRAYS, "is_one_of(state, {0})"))
    return lambda frame: frame.lazy().with_columns(state).select("state", *lines).collect()


def _asked(text: str) -> str:
    return spell(text, _ARRAYS)


def _by_end(language: Language, is_in: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the end as one nested expression, and every line as a choice by the number of the end."""
    state = {"state": _nested(whole(), _end, language, lambda text: spell(text, language))}
    lines = {}
    for name in LINES:
        ends: dict[str, list[int]] = {}
        for row in rows():
            if name in row.fen:
                ends.setdefault(spell(row.fen[name], language), []).append(ENDS[row.state])
        text = "0"
        for amount, numbers in ends.items():
            text = language.choice.format(is_in.format(numbers), amount, text)
        lines[name] = text
    return state, lines


def _duckdb(database: duckdb.DuckDBPyConnection, name: str, query: str) -> ColumnPeer:
    def load(columns: Columns) -> str:
        given = pl.DataFrame(columns)
        database.register("given", given.to_arrow())
        database.execute("CREATE OR REPLACE TABLE cases AS SELECT * FROM given")
        database.unregister("given")
        return query

    def decide(text: str) -> Any:
        return database.sql(text).to_arrow_table()

    def found(given: Any) -> Mapping[str, Any]:
        order = np.argsort(given["row"].to_numpy())
        return {column: given[column].to_numpy()[order] for column in ("state", *LINES)}

    return ColumnPeer(name, "duckdb", load, decide, found)


def _nested_query() -> str:
    columns = {"state": _nested(whole(), _end, _SQL, lambda text: spell(text, _SQL))}
    columns |= {name: _nested(whole(), _line(name, _SQL), _SQL, lambda text: spell(text, _SQL)) for name in LINES}
    return f"SELECT rowid AS row, {_listed(columns)} FROM cases"  # noqa: S608  # the tree's own text


def _end_first_query() -> str:
    state, lines = _by_end(_SQL, "state IN {0}")
    outputs = _listed(lines).replace("[", "(").replace("]", ")")
    return f"SELECT row, state, {outputs} FROM (SELECT *, rowid AS row, {_listed(state)} FROM cases)"  # noqa: S608


def _listed(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{text} AS {name}" for name, text in columns.items())
