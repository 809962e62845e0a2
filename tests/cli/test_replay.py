"""``aftersales replay``: the page, the CSV files, the chart, the JSON, and what is wrong with the call."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.cli.conftest import SMALL

if TYPE_CHECKING:
    from tests.cli.conftest import Run

CASES = SMALL / "cases"


@pytest.fixture
def swapped(small: Path) -> Path:
    """The small shop with the way back charged to the buyer."""
    flow = small / "wrong_item.yaml"
    flow.write_text(flow.read_text(encoding="utf-8").replace("borne: seller", "borne: buyer"), encoding="utf-8")
    return small


def rows(path: Path) -> list[list[str]]:
    """Return the cells of a CSV file that a spreadsheet opens right."""
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(content.decode("utf-8-sig").splitlines()))


def test_page_in_both_languages(run: Run, swapped: Path) -> None:
    """The page groups by flow, payer and reason, in Chinese unless told otherwise, and says what changes."""
    zh = run("replay", CASES, "--policy", SMALL, "--new", swapped)
    en = run("replay", CASES, "--policy", SMALL, "--new", swapped, "--lang", "en")
    assert (zh.code, en.code) == (0, 0)
    assert all(heading in zh.out for heading in ("按流程", "按付款方", "按原因", "谁付运费"))
    assert all(heading in en.out for heading in ("By flow", "By payer", "By reason", "Who pays postage"))
    assert "-12.00" in en.out


def test_one_policy_has_one_figure_each(run: Run) -> None:
    """Under one policy nothing is compared."""
    ran = run("replay", CASES, "--policy", SMALL, "--lang", "en")
    assert ran.code == 0
    assert "decided differently" not in ran.out
    assert "old" not in ran.out.split()


def test_files(run: Run, swapped: Path, tmp_path: Path) -> None:
    """``-o`` writes every case, the sums of each kind of group, and a chart with nothing fetched from elsewhere."""
    folder = tmp_path / "out"
    assert run("replay", CASES, "--policy", SMALL, "--new", swapped, "-o", folder, "--lang", "en").code == 0
    heads, *cases = rows(folder / "cases.csv")
    assert len(cases) == json.loads(run("replay", CASES, "--policy", SMALL, "--json").out)["cases"]
    assert {len(row) for row in cases} == {len(heads)}
    changed = [row for row in cases if row[heads.index("changed")]]
    assert [row[heads.index("refund, new")] for row in changed] == ["59.00"]
    heads, *_, whole = rows(folder / "by_flow.csv")
    sums = dict(zip(heads, whole, strict=True))
    assert sums["flow"] == "all"
    assert [sums[f"refunds{form}"] for form in (", old", ", new", " ±")] == ["71.00", "59.00", "-12.00"]
    assert {"seller", "buyer"} <= {row[0] for row in rows(folder / "by_payer.csv")}
    chart = (folder / "chart.html").read_text(encoding="utf-8")
    assert chart.count("<svg") == 3
    assert "http" not in chart
    assert "<script" not in chart


def test_names_of_strangers_stay_text(run: Run, tmp_path: Path) -> None:
    """A case's name is no formula in the CSV."""
    (tmp_path / "cases.jsonl").write_text('{"name": "=1+1", "facts": {"photos_sent": false}}\n', encoding="utf-8")
    run("replay", tmp_path / "cases.jsonl", "--policy", SMALL, "-o", tmp_path / "out")
    assert rows(tmp_path / "out" / "cases.csv")[1][0] == "'=1+1"


def test_json(run: Run, swapped: Path) -> None:
    """The JSON has the policy's own names, and money as text, under both policies."""
    told = json.loads(run("replay", CASES, "--policy", SMALL, "--new", swapped, "--json").out)
    assert told["by_payer"]["seller"]["new"]["postage"] == "0.00"
    assert told["changed_in"] == {"payer": 1, "refund": 1}


def test_bad_cases(run: Run, tmp_path: Path) -> None:
    """A case that cannot be decided is told with its reason; only where none can be is the exit code 1."""
    path = tmp_path / "cases.jsonl"
    path.write_text('{"facts": {"photos_sent": false}}\n{nothing\n', encoding="utf-8")
    some = run("replay", path, "--policy", SMALL, "--lang", "en")
    assert some.code == 0
    assert f"{path}:2" in some.out.replace("\n", "")
    path.write_text("{nothing\n", encoding="utf-8")
    assert run("replay", path, "--policy", SMALL).code == 1
    nowhere = run("replay", tmp_path / "nowhere", "--policy", SMALL)
    assert nowhere.code == 1
    assert "没有案件文件" in nowhere.err


def test_refused_folder(run: Run, tmp_path: Path) -> None:
    """An output folder that cannot be written is a fault with its name, not a traceback."""
    (tmp_path / "taken").write_text("", encoding="utf-8")
    ran = run("replay", CASES, "--policy", SMALL, "-o", tmp_path / "taken" / "out", "--lang", "en")
    assert ran.code == 2
    assert "taken" in ran.err
