"""``aftersales decide``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run


def test_a_case_is_decided_in_chinese(run: Run, small: Path, case: Path) -> None:
    """Chinese comes first: without ``--lang`` the page is Chinese."""
    ran = run("decide", case, "--policy", small)
    assert ran.code == 0
    assert "错发 > 核实错发" in ran.out
    assert "出库记录显示什么？" in ran.out
    assert ran.err == ""


def test_a_case_is_decided_in_english(run: Run, small: Path, case: Path) -> None:
    """``--lang en`` gives the English page."""
    assert "Wrong item > check the claim" in run("decide", case, "--policy", small, "--lang", "en").out


def test_json_is_the_documented_decision(run: Run, small: Path, case: Path) -> None:
    """``--json`` prints one decision as one object."""
    made = json.loads(run("decide", case, "--policy", small, "--json").out)
    assert (made["flow"], made["state"], made["status"]) == ("wrong_item", "verify", "open")
    assert [need["fact"] for need in made["needs"]] == ["warehouse_record"]
    assert made["outlook"] is None


def test_a_case_comes_in_on_a_pipe(run: Run, small: Path) -> None:
    """``-`` reads standard input; JSON is read as well as YAML."""
    ran = run("decide", "-", "--policy", small, "--json", typed='{"facts": {"photos_sent": false}}')
    assert json.loads(ran.out)["outcome"] == "refused"


def test_the_outlook_is_shown_on_demand(run: Run, small: Path, case: Path) -> None:
    """``--outlook`` adds the ends that are still reachable."""
    assert "可能的结果" not in run("decide", case, "--policy", small).out
    assert "可能的结果" in run("decide", case, "--policy", small, "--outlook").out
    assert json.loads(run("decide", case, "--policy", small, "--outlook", "--json").out)["outlook"] is not None


def test_a_case_is_seen_at_another_instant(run: Run, small: Path, case: Path) -> None:
    """``--as-of`` lets deadlines pass: the warehouse was silent."""
    ran = run("decide", case, "--policy", small, "--json", "--as-of", "2026-11-08T11:00:01+08:00")
    assert json.loads(ran.out)["state"] == "choose_remedy"


def test_one_case_of_a_list_is_chosen_by_name(run: Run, small: Path) -> None:
    """``--name`` decides one worked case, printed like a single case."""
    ran = run("decide", small / "cases" / "wrong_item.yaml", "--name", "补发", "--policy", small, "--json")
    assert json.loads(ran.out)["outcome"] == "reship"


def test_all_cases_of_a_list_are_decided(run: Run, small: Path, tmp_path: Path) -> None:
    """Without ``--name`` every case is decided, each under its name."""
    both = tmp_path / "both.yaml"
    both.write_text(
        "- {name: a, facts: {photos_sent: false}}\n- {name: b, facts: {photos_sent: true}}\n", encoding="utf-8"
    )
    page = run("decide", both, "--policy", small).out
    assert page.index("=== a ===") < page.index("=== b ===")
    made = json.loads(run("decide", both, "--policy", small, "--json").out)
    assert [(one["name"], one["decision"]["state"]) for one in made] == [("a", "no_evidence"), ("b", "verify")]


def test_one_faulty_case_does_not_hide_the_others(run: Run, small: Path) -> None:
    """Of a list, what can be decided is printed; the fault goes to stderr and to the exit code."""
    ran = run("decide", small / "cases" / "wrong_item.yaml", "--policy", small, "--json")
    assert ran.code == 1
    assert len(json.loads(ran.out)) == 7
    assert [fault["code"] for fault in json.loads(ran.err)["faults"]] == ["unknown_name"]


def test_a_fault_shows_its_place(run: Run, small: Path, tmp_path: Path) -> None:
    """File, line, column, the line itself with carets, and the nearest known name."""
    path = tmp_path / "case.yaml"
    path.write_text("facts:\n  photo_sent: true\n", encoding="utf-8")
    ran = run("decide", path, "--policy", small, "--lang", "en")
    assert ran.code == 1
    assert ran.out == ""
    assert f"{path}:2:3: facts.photo_sent: " in ran.err
    assert "^^^^^^^^^^" in ran.err
    assert "did you mean photos_sent?" in ran.err


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xff\xfe\x00", "not_utf8"),
        (b"facts: " + b"[" * 60_000, "too_deep"),
        (b"facts: {a: 1" + b" " * 1_000_001 + b"}", "too_large"),
        (b"just words", "not_a_case"),
        (b"[]", "case_count"),
        (b"- facts: {}", "name_missing"),
        (b"- {name: a}\n- {name: a}", "name_twice"),
        (b"- just words", "not_a_case"),
        (b"expect: open", "not_a_record"),
        (b"facts: &a {b: *a}", "yaml_alias"),
        (b"facts: {photos_sent: perhaps}", "not_a_flag"),
        (b"facts: [photos_sent]", "not_a_record"),
        (b"order: {buyer_name: x}", "personal_data"),
    ],
)
@pytest.mark.parametrize("piped", [False, True])
def test_a_bad_case_is_a_named_fault(
    run: Run, small: Path, tmp_path: Path, content: bytes, code: str, piped: bool
) -> None:
    """Whatever a stranger's file holds, the answer is a fault with a code, exit 1, and never a traceback."""
    path = tmp_path / "case.yaml"
    path.write_bytes(content)
    ran = run("decide", "-" if piped else path, "--policy", small, "--json", typed=content if piped else b"")
    assert ran.code == 1
    assert code in [fault["code"] for fault in json.loads(ran.err)["faults"]]


def test_a_missing_file_and_a_folder_are_faults(run: Run, small: Path, tmp_path: Path) -> None:
    """A path that is no readable file is named, exit 1."""
    for path in (tmp_path / "missing.yaml", tmp_path):
        ran = run("decide", path, "--policy", small)
        assert ran.code == 1
        assert path.name in ran.err


def test_an_unknown_name_names_the_nearest(run: Run, small: Path) -> None:
    """``--name`` that fits no case is a fault of the command line."""
    ran = run("decide", small / "cases" / "wrong_item.yaml", "--name", "没有照", "--policy", small)
    assert ran.code == 2
    assert "是不是 没有照片？" in ran.err


@pytest.mark.parametrize("instant", ["yesterday", "2026-11-06T11:00", "2026-13-01T00:00Z"])
def test_a_malformed_instant_is_misuse(run: Run, small: Path, case: Path, instant: str) -> None:
    """``--as-of`` takes an instant with an offset and nothing else."""
    ran = run("decide", case, "--policy", small, "--as-of", instant)
    assert ran.code == 2
    assert "--as-of" in ran.err


def test_a_missing_policy_is_a_fault(run: Run, tmp_path: Path, case: Path) -> None:
    """A policy folder that is not there is named, exit 1."""
    ran = run("decide", case, "--policy", tmp_path / "nowhere", "--json")
    assert ran.code == 1
    assert "no_folder" in [fault["code"] for fault in json.loads(ran.err)["faults"]]
