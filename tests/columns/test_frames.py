"""Frames of facts: what their columns may hold, what is passed through, what happens to rows that cannot be read."""

import datetime as dt
import io
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from aftersales import CaseShapeError, LoadedPolicy, UnknownNameError
from aftersales.columns import frames
from aftersales.columns.memory import held
from row_frames import draw_told, frame_of

PAID: dict[str, list[Any]] = {"issue": ["cancel_order"], "shipped": [False], "already_refunded": [0]}


def decided(policy: LoadedPolicy, **columns: Any) -> dict[str, Any]:
    """Return what is decided about a frame of one row."""
    return policy.decide_frame(pl.DataFrame({**PAID, **columns})).row(0, named=True)


@pytest.mark.parametrize("paid", ["59.00", "59", 5900])
def test_money_is_text_in_yuan_or_whole_fen(desk: LoadedPolicy, paid: object) -> None:
    """Text is read as in a case file, whole numbers are fen, as answers are."""
    assert decided(desk, claimed_paid=[paid])["refund_goods"] == 5900


def test_money_as_decimals(desk: LoadedPolicy) -> None:
    """A decimal is yuan; one with a third decimal is refused by its row."""
    column = pl.Series(["59.00", "59.001"]).cast(pl.Decimal(12, 3))
    frame = pl.DataFrame({name: values * 2 for name, values in PAID.items()}).with_columns(claimed_paid=column)
    found = desk.decide_frame(frame)
    assert found["refund_goods"].to_list() == [5900, None]
    assert found["error"].to_list() == [None, "money_format"]


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"issue": ["wron_item"]}, "unknown_value"),
        ({"claimed_paid": ["59.001"]}, "money_format"),
        ({"claimed_paid": ["-1.00"]}, "money_format"),
        ({"claimed_paid": [-100]}, "money_format"),
        ({"shipped": ["yes"]}, "not_a_flag"),
        ({"paid_at": ["2026-11-01"]}, "instant_format"),
        ({"already_refunded": [1], "claimed_paid": [0]}, "relation_broken"),
    ],
)
def test_a_row_at_fault_has_its_code_alone(desk: LoadedPolicy, columns: dict[str, list[Any]], code: str) -> None:
    """What cannot be read or decided gives the error's code and nothing else."""
    found = decided(desk, **columns)
    assert found.pop("error") == code
    assert set(found.values()) == {None}


def test_a_misspelt_column_is_refused(desk: LoadedPolicy) -> None:
    """A column that is no fact stops the frame, with the nearest name: its facts would silently be unknown."""
    with pytest.raises(UnknownNameError, match=r"there is no fact claimd_paid\n  hint: did you mean claimed_paid\?"):
        decided(desk, claimd_paid=[1])


def test_personal_data_is_refused(desk: LoadedPolicy) -> None:
    """A column of personal data is refused as such."""
    with pytest.raises(UnknownNameError, match="column buyer_phone: personal data is not needed by any decision"):
        decided(desk, buyer_phone=["1"])


def test_floats_are_no_money(desk: LoadedPolicy) -> None:
    """A float column cannot hold money: most amounts have no exact float."""
    with pytest.raises(CaseShapeError, match="column claimed_paid of type float64 cannot hold this fact"):
        decided(desk, claimed_paid=[59.0])


def test_columns_are_passed_through(desk: LoadedPolicy) -> None:
    """``id`` and the columns in ``keep`` stand before the answers, untouched."""
    frame = pl.DataFrame({**PAID, "id": ["A1"], "shop": ["x"]})
    found = desk.decide_frame(frame, keep=["shop"])
    assert found.columns[:3] == ["id", "shop", "state"]
    assert found.row(0)[:3] == ("A1", "x", "reception.cancelled")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["desk", "small"])
def test_some_answers_are_those_of_all(request: pytest.FixtureRequest, name: str, seed: int) -> None:
    """Any choice of answers, in any order, gives what the whole answer has there; faults are found all the same."""
    policy: LoadedPolicy = request.getfixturevalue(name)
    frame = frame_of(policy.model, draw_told(policy, 200, seed))
    right = policy.decide_frame(frame)
    assert right["error"].n_unique() > 1
    dice = Random(seed)  # noqa: S311  # choices to compare, no secrets
    for size in (1, 2, 5, len(right.columns)):
        columns = dice.sample(right.columns, size)
        assert policy.decide_frame(frame, columns=columns).equals(right.select(columns))


def test_an_unknown_answer_is_refused(desk: LoadedPolicy) -> None:
    """A name in ``columns`` that no answer has stops the frame, with the nearest name."""
    with pytest.raises(UnknownNameError, match=r"the answers have no column liabel\n  hint: did you mean liable\?"):
        desk.decide_frame(pl.DataFrame(PAID), columns=["state", "liabel"])


def test_pandas_and_arrow_are_accepted(desk: LoadedPolicy) -> None:
    """A pandas frame and an Arrow table are decided like the Polars frame that they are made of."""
    frame = pl.DataFrame({**PAID, "claimed_paid": [5900]})
    right = desk.decide_frame(frame)
    assert desk.decide_frame(pd.DataFrame({**PAID, "claimed_paid": [5900]})).equals(right)
    assert desk.decide_frame(frame.to_arrow()).equals(right)


def test_answers_can_be_kept_in_every_form(small: LoadedPolicy) -> None:
    """What is decided, rows without an answer too, comes back the same from Arrow and Parquet files."""
    made = small.decide_frame(frame_of(small.model, draw_told(small, 200, 3)))
    assert made["need"].null_count() > 0
    arrow, parquet = io.BytesIO(), io.BytesIO()
    made.write_ipc(arrow)
    made.write_parquet(parquet)
    arrow.seek(0)
    parquet.seek(0)
    assert pl.read_ipc(arrow).equals(made)
    assert pl.read_parquet(parquet).equals(made)
    made.to_arrow().validate(full=True)


def test_text_says_the_same_as_types(desk: LoadedPolicy) -> None:
    """A frame of text, as a CSV file gives it, is decided like the typed one."""
    told = draw_told(desk, 200, 3)
    frame = frame_of(desk.model, told).drop("elapsed")
    money = [name for name, fact in desk.model.facts.items() if fact.type.kind == "money" and name in frame.columns]
    fen = pl.col(money)
    text = frame.with_columns(fen // 100, *(_cents(name) for name in money))
    text = text.with_columns(pl.concat_str([name, f"{name} rest"], separator=".").alias(name) for name in money)
    shown = pl.selectors.datetime().dt.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    text = text.select(frame.columns).with_columns(shown).cast(pl.String)
    assert desk.decide_frame(text).equals(desk.decide_frame(frame))


def _cents(name: str) -> pl.Expr:
    return (pl.col(name) % 100).cast(pl.String).str.zfill(2).alias(f"{name} rest")


def test_blocks_do_not_matter(small: LoadedPolicy, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answers are the same however many rows are worked on at a time."""
    frame = frame_of(small.model, draw_told(small, 120, 5))
    right = small.decide_frame(frame)
    monkeypatch.setattr(frames, "BLOCK", 17)
    monkeypatch.setattr(frames, "FOR_A_PLACE", 0)
    assert small.decide_frame(frame).equals(right)


def test_threads_do_not_matter(desk: LoadedPolicy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several threads, on a policy that none of them has seen yet, answer what one does."""
    frame = frame_of(desk.model, draw_told(desk, 400, 6))
    right = desk.decide_frame(frame)
    monkeypatch.setattr(frames, "_LEAST", 40)
    monkeypatch.setattr(pl, "thread_pool_size", lambda: 4)
    assert frames.decide_frame(desk.model, frame).equals(right)


def test_memory_is_read_as_it_lies() -> None:
    """Flags, words and numbers of any part of a column, and of any part of that, come out as told, from every bit."""
    words = pl.Enum(["a", "b", "c"])
    told = [None, True, False, True, True, None, False, True, False, None, True]
    columns = [
        (pl.Series("flag", told), None),
        (pl.Series("word", [None if flag is None else "c" if flag else "a" for flag in told], dtype=words), np.uint8),
        (pl.Series("whole", [None if flag is None else -7 * i for i, flag in enumerate(told)]), np.int64),
    ]
    for column, kind in columns:
        for first in range(len(told)):
            whole = held(column.slice(first), kind)
            for start in range(len(told) - first):
                size = (len(told) - first - start + 1) // 2
                part, right = whole.part(start, size), column.slice(first + start, size)
                known = np.ones(size, np.uint8) if part.known is None else part.known
                values = [int(value) if is_known else None for value, is_known in zip(part.values, known, strict=True)]
                assert values == right.to_physical().cast(pl.Int64).to_list()


def test_what_lies_under_a_null_does_not_matter(desk: LoadedPolicy) -> None:
    """A number that a null hides is no number of the row, however large."""
    hidden = pl.Series("claimed_paid", [2**62, 5900]).set(pl.Series([True, False]), None)
    found = desk.decide_frame(pl.DataFrame({"issue": ["wrong_item"] * 2}).with_columns(hidden))
    assert found["error"].to_list() == [None, None]


def test_when_a_row_is_seen(desk: LoadedPolicy) -> None:
    """``as_of`` says what ``elapsed`` says; a second past the deadline is late, the deadline itself is not."""
    at = dt.datetime(2026, 11, 6, 3, tzinfo=dt.UTC)
    waits = [dt.timedelta(hours=48), dt.timedelta(hours=48, milliseconds=1), None]
    facts = {"issue": ["wrong_item"] * 3, "opened_at": [at] * 3}
    told = desk.decide_frame(pl.DataFrame({**facts, "elapsed": waits}))
    assert told["state"].to_list() == ["wrong_item.verify", "wrong_item.no_evidence", "wrong_item.verify"]
    seen = [None if wait is None else at + wait for wait in waits]
    assert desk.decide_frame(pl.DataFrame({**facts, "as_of": seen})).equals(told)


def test_an_empty_frame(desk: LoadedPolicy) -> None:
    """A frame without rows gives a frame without rows, with every column."""
    empty = desk.decide_frame(pl.DataFrame(PAID).clear())
    assert empty.height == 0
    assert empty.schema == desk.decide_frame(pl.DataFrame(PAID)).schema
