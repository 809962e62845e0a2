"""``aftersales diff``: the page, the JSON, exit codes, and what is wrong with the call."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.cli.conftest import SMALL

if TYPE_CHECKING:
    from tests.cli.conftest import Run


@pytest.fixture
def swapped(small: Path) -> Path:
    """The small shop with the way back charged to the buyer."""
    flow = small / "wrong_item.yaml"
    text = flow.read_text(encoding="utf-8")
    flow.write_text(text.replace("borne: seller", "borne: buyer"), encoding="utf-8")
    return small


def test_page_in_both_languages(run: Run, swapped: Path) -> None:
    """The page names the edit, the smallest case and both decisions, in Chinese unless told otherwise."""
    zh, en = run("diff", SMALL, swapped), run("diff", SMALL, swapped, "--lang", "en")
    assert (zh.code, en.code) == (0, 0)
    assert "判定有什么不同：谁付运费" in zh.out
    assert "What is decided differently: Who pays postage" in en.out
    assert "wrong_item.yaml:41" in zh.out


def test_exit_code_on_request(run: Run, swapped: Path) -> None:
    """Only ``--exit-code`` makes a difference a failure; the same policy twice never is one."""
    assert run("diff", SMALL, swapped, "--exit-code").code == 1
    assert run("diff", SMALL, SMALL, "--exit-code").code == 0


def test_json_with_past_cases(run: Run, swapped: Path) -> None:
    """The JSON holds edits, differences with both decisions, and the past cases' figures."""
    ran = run("diff", SMALL, swapped, "--json", "--cases", SMALL / "cases")
    told = json.loads(ran.out)
    assert told["edits"][0]["effect"] == "differs"
    assert told["differences"][0]["old"]["decision"]["postage"]["return"]["borne_by"] == "seller"
    assert told["differences"][0]["new"]["decision"]["postage"]["return"]["borne_by"] == "buyer"
    assert told["past_cases"]["money"]["more_refund"] == "-12.00"


def test_faults(run: Run, swapped: Path, tmp_path: Path) -> None:
    """A folder that is no policy and past cases that are not there are faults with exit code 1."""
    assert run("diff", SMALL, tmp_path / "nowhere").code == 1
    ran = run("diff", SMALL, swapped, "--cases", tmp_path / "nowhere")
    assert ran.code == 1
    assert "没有案件文件" in ran.err
