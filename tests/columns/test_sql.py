"""The policy as SQL: run by DuckDB it answers as columns do; the other dialects are read by a parser."""

import warnings
from dataclasses import replace

import duckdb
import polars as pl
import pytest
import sqlglot

from aftersales import LoadedPolicy
from aftersales.columns.dialects import DIALECTS
from aftersales.columns.sql import columns_of, query
from aftersales.errors import BeyondColumnsError, UnknownNameError
from aftersales.expr.types import Kind, Type
from row_frames import facts_frame, plain


def run(text: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Run a query over a table ``facts`` in DuckDB."""
    with duckdb.connect() as database:
        given = pl.concat([plain(frame).select(name) for name in frame.columns], how="horizontal").to_arrow()
        database.register("given", given)
        database.execute("CREATE TABLE facts AS SELECT * FROM given")
        found: pl.DataFrame = pl.DataFrame(database.sql(text).to_arrow_table())
    return found


def answered(policy: LoadedPolicy, frame: pl.DataFrame) -> pl.DataFrame:
    """Run the policy's query over a frame, and return the answers in the order of its rows."""
    numbered = frame.with_row_index("row")
    return run(query(policy.model, "duckdb", keep=["row"]), numbered).sort("row").drop("row")


@pytest.mark.parametrize("name", ["desk", "small", pytest.param("shipped", marks=pytest.mark.slow)])
def test_duckdb_answers_as_columns_do(request: pytest.FixtureRequest, name: str) -> None:
    """Every column of every row is the same, unknown facts and faults among them."""
    policy: LoadedPolicy = request.getfixturevalue(name)
    frame = facts_frame(policy, 150 if name == "shipped" else 400, 2)
    found = answered(policy, frame)
    right = plain(policy.decide_frame(frame))
    assert found.schema == right.schema
    assert found.to_dicts() == right.to_dicts()
    assert right["error"].n_unique() > 2


def test_words_that_are_none_are_refused(small: LoadedPolicy) -> None:
    """A word that a fact cannot be, or an amount below zero, is an error of its row, as in a frame."""
    frame = facts_frame(small, 2, 4)
    odd = plain(frame).with_columns(issue=pl.lit("wron_item"))
    assert run(query(small.model, "duckdb"), odd)["error"].to_list() == ["unknown_value"] * 2
    low = frame.with_columns(order_paid=pl.lit(-1))
    assert run(query(small.model, "duckdb"), low)["error"].to_list() == ["out_of_bounds"] * 2


def test_columns_are_kept_and_left_out(small: LoadedPolicy) -> None:
    """``columns`` are the facts that a table has, the others are unknown; ``keep`` is passed through."""
    text = query(small.model, "duckdb", columns=["issue", "wants"], keep=["order no"])
    frame = pl.DataFrame(
        {"order no": ["A1"], "issue": ["not_shipped"], "wants": [None]}, schema_overrides={"wants": pl.String}
    )
    found = run(text, frame).row(0, named=True)
    assert (found["order no"], found["state"], found["need"]) == ("A1", "not_shipped.cause", "not_shipped_cause")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_can_be_read(small: LoadedPolicy, dialect: str) -> None:
    """A parser of the dialect reads the query whole, with its columns in their order."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (read,) = sqlglot.parse(query(small.model, dialect), dialect=dialect)
    assert isinstance(read, sqlglot.exp.Select)
    names = [column.alias_or_name for column in read.selects]
    assert names == list(small.decide_frame(pl.DataFrame({"issue": ["lost"]})).columns)


def test_steps_without_recursion_come_to_the_same(small: LoadedPolicy, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that knows no recursion is given one part a step, which lead to the same answers."""
    monkeypatch.setitem(DIALECTS, "duckdb", replace(DIALECTS["duckdb"], recursive=False))
    frame = facts_frame(small, 200, 3)
    assert answered(small, frame).to_dicts() == plain(small.decide_frame(frame)).to_dicts()


def test_an_engine_stays_within_64_bits(small: LoadedPolicy) -> None:
    """A number out of its bounds is refused before anything is worked out from it: no product of it can overflow."""
    frame = facts_frame(small, 40, 4).with_columns(claimed_paid=pl.lit(2**63 - 1), goods_paid=pl.lit(None, pl.Int64))
    frame = frame.select(columns_of(small.model))
    assert answered(small, frame)["error"].to_list() == ["out_of_bounds"] * 40


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_dialect_divides_but_whole(small: LoadedPolicy, dialect: str) -> None:
    """A rate is rounded with the dialect's own whole division."""
    division = {"duckdb": "//", "spark": " DIV ", "clickhouse": "intDiv(", "postgres": ") / "}[dialect]
    assert division in query(small.model, dialect)


def test_an_unknown_column_is_named(desk: LoadedPolicy) -> None:
    """A column that is no fact is refused with the nearest name."""
    with pytest.raises(UnknownNameError, match=r"there is no fact isue\n  hint: did you mean issue\?"):
        query(desk.model, "duckdb", columns=["isue"])


def test_what_sql_cannot_say_is_refused(small: LoadedPolicy) -> None:
    """A fact of a kind that no column of a table holds is named, not left out."""
    lasts = replace(small.model.facts["issue"], name="lasts", type=Type(Kind.DURATION))
    model = replace(small.model, facts={**small.model.facts, "lasts": lasts})
    with pytest.raises(BeyondColumnsError, match="fact lasts of its type"):
        query(model, "duckdb", columns=["issue", "lasts"])
