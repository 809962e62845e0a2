"""``aftersales explain``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Run


def test_a_case_is_explained_in_chinese(run: Run, small: Path, case: Path) -> None:
    """Chinese comes first; an open case says what it waits for."""
    ran = run("explain", case, "--policy", small)
    assert (ran.code, ran.err) == (0, "")
    assert "等待答复：出库记录" in ran.out


def test_why_not_names_the_smallest_change(run: Run, small: Path) -> None:
    """``--why-not`` takes an outcome's word or title and answers on the same page."""
    cases = small / "cases" / "wrong_item.yaml"
    for word in ("return_and_refund", "退货退款"):
        ran = run("explain", cases, "--name", "没有照片", "--policy", small, "--why-not", word)
        assert ran.code == 0
        assert "改：已发照片：否 → 是" in ran.out


def test_json_is_one_object_for_one_case(run: Run, small: Path, case: Path) -> None:
    """``--json`` prints stages and, where asked, the answer to why not."""
    made = json.loads(run("explain", case, "--policy", small, "--json", "--why-not", "refused").out)
    assert [stage["left"] for stage in made["stages"]] == ["waits"]
    assert made["why_not"]["changes"][0]["then"] == [
        {"fact": "warehouse_record", "new": "confirms_seller", "at": "2026-11-06T11:00:00+08:00"}
    ]


def test_every_case_of_a_list_is_explained(run: Run, small: Path, tmp_path: Path) -> None:
    """A list is explained case by case, each under its name; as JSON it is a list with names."""
    both = tmp_path / "both.yaml"
    both.write_text(
        "- {name: a, facts: {photos_sent: false}}\n- {name: b, facts: {photos_sent: true}}\n", encoding="utf-8"
    )
    page = run("explain", both, "--policy", small).out
    assert page.index("=== a ===") < page.index("=== b ===")
    made = json.loads(run("explain", both, "--policy", small, "--json").out)
    assert [(one["name"], one["explanation"]["state"]) for one in made] == [("a", "no_evidence"), ("b", "verify")]


def test_an_unknown_outcome_is_misuse(run: Run, small: Path, case: Path) -> None:
    """A word that is no outcome and no state: exit 2, with the nearest one."""
    ran = run("explain", case, "--policy", small, "--why-not", "refusd")
    assert ran.code == 2
    assert "是不是 refused？" in ran.err


def test_a_limit_is_said_and_bounds_the_work(run: Run, small: Path, case: Path) -> None:
    """``--limit`` cuts the search; the page says that it was cut. It is a number from 1 on."""
    ran = run("explain", case, "--policy", small, "--why-not", "return_and_refund", "--limit", "1", "--lang", "en")
    assert ran.code == 0
    assert "stopped at its limit of 1" in ran.out
    assert run("explain", case, "--policy", small, "--limit", "0").code == 2


def test_a_case_at_fault_does_not_hide_the_others(run: Run, small: Path) -> None:
    """Of a list, what can be explained is printed; the fault goes to stderr and to the exit code."""
    ran = run("explain", small / "cases" / "wrong_item.yaml", "--policy", small, "--json")
    assert ran.code == 1
    assert len(json.loads(ran.out)) == 7
    assert [fault["code"] for fault in json.loads(ran.err)["faults"]] == ["unknown_name"]


def test_a_case_is_explained_as_of_another_instant(run: Run, small: Path, case: Path) -> None:
    """``--as-of`` lets deadlines pass: the page says which one, and who was silent."""
    ran = run("explain", case, "--policy", small, "--as-of", "2026-11-08T11:00:01+08:00")
    assert "期限 2026-11-08 11:00 已过，出库记录未答 → 协商方案" in ran.out
