"""``aftersales lists``: registers on the terminal, as CSV and in a folder."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from small_lists import case, with_lists

if TYPE_CHECKING:
    from tests.cli.conftest import Run


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The small shop's policy with registers."""
    return with_lists(tmp_path / "policy")


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """Two worked cases: a refund and a reship."""
    path = tmp_path / "cases.yaml"
    path.write_text(case("back", "2026-11-06", "return_and_refund") + case("sent", "2026-11-09", "reship"), "utf-8")
    return path


def test_all_lists_as_tables(run: Run, shop: Path, cases: Path) -> None:
    """One table for every list, period and receiver; columns that stay empty are left out."""
    ran = run("lists", cases, "--policy", shop, "--lang", "en", "--list", "daily_refund_sheet")
    assert (ran.code, ran.err) == (0, "")
    assert (
        ran.out
        == """
Daily refund sheet (2026-11-06, to finance)
  time              shop    order  amount  reason      responsible  status
  2026-11-06 11:00  木器店  3301    59.00  Wrong item  seller       open
"""
    )


def test_days_that_hold_nothing(run: Run, shop: Path, cases: Path) -> None:
    """Where nothing is entered the command says so and is fine."""
    ran = run("lists", cases, "--policy", shop, "--since", "2026-12-01")
    assert (ran.code, ran.out) == (0, "没有要登记的事项。\n")


def test_a_folder_of_sheets(run: Run, shop: Path, cases: Path, tmp_path: Path) -> None:
    """``-o`` writes each sheet into a file that names list, period and receiver, and tells the names."""
    out = tmp_path / "out" / "november"
    ran = run("lists", cases, "--policy", shop, "-o", out)
    names = ["daily_refund_sheet-2026-11-06-finance.csv", "reships-2026-11-finance.csv", "reships-2026-W45-agent.csv"]
    assert (ran.code, ran.out.splitlines()) == (0, [str(out / name) for name in names])
    assert sorted(path.name for path in out.iterdir()) == names
    assert (out / names[0]).read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_folder_that_cannot_be_written(run: Run, shop: Path, cases: Path) -> None:
    """A file where the folder should be is a fault of the command line."""
    ran = run("lists", cases, "--policy", shop, "-o", cases, "--lang", "en")
    assert ran.code == 2
    assert ran.err.startswith(f"cannot write {cases}")


def test_csv_is_one_list(run: Run, shop: Path, cases: Path) -> None:
    """Several lists in one CSV would be no table: the command names them."""
    ran = run("lists", cases, "--policy", shop, "--csv", "--lang", "en")
    assert ran.code == 2
    assert ran.err == (
        "--csv prints one list, here are 2\n  hint: choose one with --list (daily_refund_sheet, reships), or -o\n"
    )


def test_csv_on_standard_output(shop: Path, cases: Path) -> None:
    """The bytes are the same whatever the terminal's encoding is."""
    command = [
        sys.executable,
        "-m",
        "aftersales",
        "lists",
        str(cases),
        "--policy",
        str(shop),
        "--csv",
        "--list",
        "reships",
    ]
    done = subprocess.run(command, capture_output=True, check=True, env={"PYTHONIOENCODING": "ascii", **_path()})
    rows = done.stdout.decode("utf-8-sig").split("\r\n")
    assert rows[0] == "期间,交给,订单号,退回商品,换出商品,金额,追偿金额,买家诉求,退回邮费金额,结果,事项,经办"
    assert rows[1] == "2026-11,财务,3301,茶几 × 1,茶几 × 1,0.00,0.00,补发,,补发,补发商品,仓库"


def _path() -> dict[str, str]:
    return {"PYTHONPATH": str(Path(__file__).parents[2] / "engine")}


def test_json(run: Run, shop: Path, cases: Path) -> None:
    """``--json`` gives the same rows by column."""
    ran = run("lists", cases, "--policy", shop, "--json", "--list", "daily_refund_sheet", "--lang", "en")
    (sheet,) = json.loads(ran.out)
    assert (sheet["list"], sheet["every"], sheet["to"], sheet["period"]) == (
        "daily_refund_sheet",
        "day",
        "finance",
        "2026-11-06",
    )
    assert sheet["rows"] == [
        {
            "at": "2026-11-06 11:00",
            "shop": "木器店",
            "order": "3301",
            "buyer_account": "",
            "amount": "59.00",
            "reason": "Wrong item",
            "responsible": "seller",
            "status": "open",
        }
    ]


def test_cases_at_fault_are_told_after_the_lists(run: Run, shop: Path, cases: Path) -> None:
    """What could be decided is listed, the rest is told on stderr, exit 1."""
    with cases.open("a", encoding="utf-8") as file:
        file.write("- {name: wrong, facts: {photos_snt: true}}\n")
    ran = run("lists", cases, "--policy", shop, "--lang", "en", "--list", "daily_refund_sheet")
    assert ran.code == 1
    assert "59.00" in ran.out
    assert "photos_snt" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--list", "reship"), "there is no list reship\n  hint: did you mean reships?\n"),
        (("--since", "yesterday"), "usage:"),
    ],
)
def test_misuse(run: Run, shop: Path, cases: Path, arguments: tuple[str, ...], said: str) -> None:
    """An unknown list or a day that is none is usage, exit 2."""
    ran = run("lists", cases, "--policy", shop, "--lang", "en", *arguments)
    assert ran.code == 2
    assert ran.err.startswith(said)
