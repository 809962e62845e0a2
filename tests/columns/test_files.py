"""Files of cases: read and written some rows at a time, the bad rows set apart."""

import csv
import io
from pathlib import Path

import polars as pl
import pytest

from aftersales import CaseShapeError, LoadedPolicy
from aftersales.columns.files import Manner, decide_file
from aftersales.text import Lang
from row_frames import draw_told, frame_of

#: Why a row of ``lots`` and 59.005 cannot be read.
LOTS = (
    "issue: lots is not one of not_shipped, late_shipment, not_received, lost, missing_item, wrong_item, "
    "quality, no_reason, warranty; order_paid: money has at most two decimals: 59.005"
)


@pytest.fixture
def cases(small: LoadedPolicy, tmp_path: Path) -> Path:
    """A Parquet file of two hundred cases in several row groups."""
    frame = frame_of(small.model, draw_told(small, 200, 9)).with_row_index("id")
    path = tmp_path / "cases.parquet"
    frame.write_parquet(path, row_group_size=30)
    return path


@pytest.mark.parametrize("rows", [17, 60, 1000])
def test_any_number_of_rows_gives_the_same(small: LoadedPolicy, cases: Path, tmp_path: Path, rows: int) -> None:
    """The answers are those of the whole frame, in its order, however many rows are held in memory."""
    target, bad = tmp_path / "answers.parquet", io.StringIO()
    told: list[tuple[int, int]] = []
    tally = decide_file(small.model, cases, target, bad, Manner(at_a_time=rows), lambda *at: told.append(at))
    right = small.decide_frame(pl.read_parquet(cases))
    assert pl.read_parquet(target).equals(right)
    assert (tally.rows, tally.bad) == (200, right["error"].count())
    assert told[-1] == (200, 200)
    wrong = right.filter(pl.col("error").is_not_null())
    listed = list(csv.DictReader(io.StringIO(bad.getvalue())))
    assert [int(row["id"]) for row in listed] == wrong["id"].to_list()
    assert [int(row["row"]) - 1 for row in listed] == wrong["id"].to_list()
    assert [row["error"] for row in listed] == wrong["error"].cast(str).to_list()


def test_a_bad_row_lets_the_rest_through(small: LoadedPolicy, tmp_path: Path) -> None:
    """A row of a CSV file that cannot be read is named by its number and reason, the others are decided."""
    source, target, bad = tmp_path / "cases.csv", tmp_path / "answers.csv", io.StringIO()
    source.write_text("id,issue,order_paid\nA,lost,59.00\nB,lots,59.005\nC,lost,12\n", encoding="utf-8")
    tally = decide_file(small.model, source, target, bad, Manner(lang=Lang.EN))
    assert (tally.rows, tally.bad) == (3, 1)
    assert list(csv.reader(io.StringIO(bad.getvalue()))) == [
        ["row", "id", "error", "reason"],
        [
            "2",
            "B",
            "unknown_value",
            LOTS,
        ],
    ]
    found = pl.read_csv(target)
    assert found["id"].to_list() == ["A", "B", "C"]
    assert found["state"].to_list() == ["lost_parcel.carrier", None, "lost_parcel.carrier"]


def test_other_files_are_refused(small: LoadedPolicy, tmp_path: Path) -> None:
    """A file that is neither Parquet nor CSV is refused by its name."""
    with pytest.raises(CaseShapeError, match=r"cases.xlsx should be a .parquet or .csv file"):
        decide_file(small.model, tmp_path / "cases.xlsx", tmp_path / "a.csv", io.StringIO(), Manner())
