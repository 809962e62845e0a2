"""``decide-many`` and ``sql`` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from tests.cli.conftest import Run

DESK = Path(__file__).parents[1] / "run" / "desk"


def test_rows_are_decided(run: Run, tmp_path: Path) -> None:
    """Every row is decided and written; the rows at fault go to a file of their own, beside the answers."""
    cases, answers = tmp_path / "cases.csv", tmp_path / "answers.parquet"
    cases.write_text("id,issue,shop\nA,cancel_order,x\nB,cancel_oder,y\n", encoding="utf-8")
    ran = run("decide-many", cases, "-o", answers, "--policy", DESK, "--keep", "shop", "--lang", "en")
    bad = tmp_path / "answers-bad.csv"
    assert (ran.code, ran.out) == (0, f"2 rows decided, 1 at fault: {bad}\n")
    found = pl.read_parquet(answers)
    assert found.select("id", "shop", "state").rows() == [("A", "x", "reception.cancelled"), ("B", "y", None)]
    assert (
        bad.read_text(encoding="utf-8")
        .splitlines()[1]
        .startswith('2,B,unknown_value,"issue: cancel_oder is not one of')
    )


def test_some_answers_are_written(run: Run, tmp_path: Path) -> None:
    """With --columns the answers named are written, in that order; the rows at fault are told all the same."""
    cases, answers = tmp_path / "cases.csv", tmp_path / "answers.csv"
    cases.write_text("id,issue\nA,cancel_order\nB,cancel_oder\n", encoding="utf-8")
    ran = run("decide-many", cases, "-o", answers, "--policy", DESK, "--columns", "outcome, state", "--lang", "en")
    assert (ran.code, ran.out) == (0, f"2 rows decided, 1 at fault: {tmp_path / 'answers-bad.csv'}\n")
    assert answers.read_text(encoding="utf-8").splitlines() == [
        "id,outcome,state",
        "A,refund_only,reception.cancelled",
        "B,,",
    ]


def test_an_unknown_answer_ends_it(run: Run, tmp_path: Path) -> None:
    """A name in --columns that no answer has ends the run with 1 and the nearest name."""
    cases = tmp_path / "cases.csv"
    cases.write_text("issue\ncancel_order\n", encoding="utf-8")
    ran = run(
        "decide-many", cases, "-o", tmp_path / "a.csv", "--policy", DESK, "--columns", "state,liabel", "--lang", "en"
    )
    assert ran.code == 1
    assert "the answers have no column liabel" in ran.err
    assert "did you mean liable?" in ran.err


def test_a_misspelt_column_ends_it(run: Run, tmp_path: Path) -> None:
    """A column that is no fact ends the run with 1 and its name, before anything is decided."""
    cases = tmp_path / "cases.csv"
    cases.write_text("isue\ncancel_order\n", encoding="utf-8")
    ran = run("decide-many", cases, "-o", tmp_path / "answers.csv", "--policy", DESK, "--lang", "en")
    assert ran.code == 1
    assert "there is no fact isue" in ran.err
    assert "did you mean issue?" in ran.err


def test_a_missing_file_ends_it(run: Run, tmp_path: Path) -> None:
    """A file that is not there is named, exit 1."""
    ran = run("decide-many", tmp_path / "none.csv", "-o", tmp_path / "answers.csv", "--policy", DESK, "--lang", "en")
    assert ran.code == 1
    assert "No such file or directory" in ran.err


def test_a_file_that_is_no_table_ends_it(run: Run, tmp_path: Path) -> None:
    """A Parquet file that is none is named with the reason, exit 1 and no traceback."""
    cases = tmp_path / "cases.parquet"
    cases.write_text("issue", encoding="utf-8")
    ran = run("decide-many", cases, "-o", tmp_path / "answers.csv", "--policy", DESK, "--lang", "en")
    assert ran.code == 1
    assert ran.err.startswith("cannot read cases.parquet: ")


def test_the_query_is_printed(run: Run) -> None:
    """``sql`` prints one query over the named table, for the dialect that is asked for."""
    ran = run(
        "sql", "--policy", DESK, "--dialect", "spark", "--table", "shop.cases", "--columns", "issue", "--keep", "id"
    )
    assert ran.code == 0
    assert ran.out.startswith("WITH `read` AS (\nSELECT\n  `id`, `issue` AS `issue`\nFROM `shop`.`cases`\n)")


def test_an_unknown_dialect_is_misuse(run: Run) -> None:
    """A dialect that is not offered is misuse, exit 2."""
    assert run("sql", "--dialect", "oracle").code == 2
