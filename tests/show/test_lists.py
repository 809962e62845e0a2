"""Registers as CSV: Excel shows every cell as it stands."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales import load
from aftersales.show.lists import as_csv, safe
from aftersales.study.case_file import read_case_text
from aftersales.study.lists import Wanted, make_lists
from aftersales.text import Lang
from small_lists import case, with_lists


def test_a_sheet_as_csv(tmp_path: Path) -> None:
    """A byte order mark, titles as heads, one row an entry, empty columns for the shop, lines ended as Excel ends them."""
    policy = load(with_lists(tmp_path))
    cases = read_case_text("cases.yaml", case("a", "2026-11-06", "return_and_refund", order="2026110345820").encode())
    sheets = make_lists(policy, cases, Wanted("daily_refund_sheet")).sheets
    assert as_csv(sheets, policy.model, Lang.ZH) == (
        b"\xef\xbb\xbf"
        + "期间,交给,时间,店铺,订单号,买家账号,金额,原因,责任方,状态\r\n"
        "2026-11-06,财务,2026-11-06 11:00,木器店,'2026110345820,,59.00,错发,卖家,待办\r\n".encode()
    )


@pytest.mark.parametrize(
    ("cell", "column", "shown"),
    [
        ("=1+1", "goods", "'=1+1"),
        ("  @SUM(A1)", "reason", "'@SUM(A1)"),
        ("＝cmd", "shop", "'＝cmd"),
        ("-3", "wants", "'-3"),
        ("\t=1", "goods", "'=1"),
        ("a\nb", "goods", "a b"),
        ("000123", "order", "'000123"),
        ("123456789012345678", "order", "'123456789012345678"),
        ("3-1", "goods", "'3-1"),
        ("1E5", "case", "'1E5"),
        ("3301", "order", "3301"),
        ("59.00", "amount", "59.00"),
        ("2026-11-06", "at", "2026-11-06"),
    ],
)
def test_a_cell_is_shown_as_it_stands(cell: str, column: str, shown: str) -> None:
    """No formula is run, no order number becomes a figure or a date; figures and instants stay what they are."""
    assert safe(cell, column) == shown


@given(st.text(), st.sampled_from(["order", "goods", "reason"]))
def test_no_text_becomes_a_formula(cell: str, column: str) -> None:
    """Whatever a stranger writes, the cell that comes back out of the CSV begins no formula and is one line."""
    written = io.StringIO(newline="")
    csv.writer(written).writerow([safe(cell, column)])
    (row,) = csv.reader(io.StringIO(written.getvalue(), newline=""))
    (back,) = row or [""]
    assert not back.startswith(tuple("=+-@\t\r\n＝＋－＠"))
    assert "\n" not in back
