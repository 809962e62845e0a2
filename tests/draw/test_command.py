"""``aftersales draw``: all flows into a folder, the path of a case, pages as files of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftersales import LoadedPolicy
from aftersales.cli import main

CASES = Path(__file__).parents[2] / "flows" / "cases" / "wrong_item.yaml"


@pytest.fixture(autouse=True)
def _loaded_once(shipped: LoadedPolicy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every command here the shipped policy that was loaded before."""
    for command in ("draw", "decide"):
        monkeypatch.setattr(f"aftersales.cli.{command}.loaded", lambda _: shipped)


def draw(*arguments: object) -> int:
    """Run ``aftersales draw`` with these arguments."""
    return main(["draw", *map(str, arguments)])


def test_pages_are_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first page has the name asked for, the next are numbered; all are listed."""
    assert draw("presale", "-o", tmp_path / "x.dot") == 0
    names = ["x.dot", "x-2.dot"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    assert [Path(line).name for line in capsys.readouterr().out.split()] == names


def test_all_flows_go_into_a_folder(tmp_path: Path) -> None:
    """``--all`` draws the overview, flows and sub-flows into a folder that it makes."""
    folder = tmp_path / "wall"
    assert draw("--all", "-o", folder, "--format", "mmd", "--lang", "en") == 0
    names = {path.name for path in folder.iterdir()}
    assert {"overview.mmd", "wrong_item.mmd", "wrong_item-2.mmd", "return_trip.mmd"} <= names
    assert all(path.read_text(encoding="utf-8").startswith("flowchart TD") for path in folder.iterdir())


def test_path_of_a_case(tmp_path: Path) -> None:
    """``--case`` marks what a worked case walked and where it stands, on every page that it was on."""
    assert draw("--case", CASES, "--name", "wrong_item_confirmed_refunded", "-o", tmp_path / "x.dot") == 0
    pages = sorted(tmp_path.iterdir(), key=lambda path: (len(path.name), path.name))
    assert [path.name for path in pages] == ["x.dot", "x-2.dot"]
    assert ["现在在这里" in path.read_text(encoding="utf-8") for path in pages] == [False, True]


def test_path_in_an_earlier_flow(tmp_path: Path) -> None:
    """``--in`` draws another flow that the case came through."""
    name = ("--name", "wrong_item_confirmed_refunded")
    assert draw("--case", CASES, *name, "--in", "reception", "-o", tmp_path / "x.dot") == 0
    text = (tmp_path / "x.dot").read_text(encoding="utf-8")
    assert "安抚、登记、分流" in text
    assert "走过的路" in text


def test_one_case_at_a_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file with several cases needs ``--name``."""
    assert draw("--case", CASES, "-o", tmp_path / "x.dot", "--lang", "en") == 2
    assert "choose one with --name" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_everything_but_pictures_works_without_graphviz(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without Graphviz a picture is a fault with the line to run, and decisions still come."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert draw("payout", "-o", tmp_path / "x.svg", "--lang", "en") == 1
    assert "apt-get install graphviz" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
    assert main(["decide", str(CASES), "--name", "wrong_item_first_step"]) == 0
