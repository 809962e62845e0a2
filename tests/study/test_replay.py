"""Past cases replayed under one policy or two: what was decided, what would change, and how much money that is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from aftersales.errors import Diagnostic
from aftersales.run.loaded import LoadedPolicy, load
from aftersales.study.replay import Decided, Replayed, Tally, replay
from aftersales.study.replay_cases import PastCase, past_cases

SMALL = Path(__file__).parent / "small"
FACTS = {
    "photos_sent": True,
    "warehouse_record": "confirms_buyer",
    "wants": "return_and_refund",
    "return_postage": "12.00",
}
CASE = {
    "order": {"lines": [{"sku": "TABLE-01", "quantity": 2, "paid": "118.00"}]},
    "claim": {"opened_at": "2026-11-06T11:00+08:00", "lines": [{"sku": "TABLE-01", "quantity": 1}]},
    "facts": FACTS,
}


@pytest.fixture(scope="session")
def small() -> LoadedPolicy:
    """The small shop's policy."""
    return load(SMALL)


@pytest.fixture(scope="session")
def swapped(tmp_path_factory: pytest.TempPathFactory) -> LoadedPolicy:
    """The small shop with the way back charged to the buyer."""
    copy = Path(shutil.copytree(SMALL, tmp_path_factory.mktemp("swapped") / "small"))
    flow = copy / "wrong_item.yaml"
    flow.write_text(flow.read_text(encoding="utf-8").replace("borne: seller", "borne: buyer"), encoding="utf-8")
    return load(copy)


def replayed(old: LoadedPolicy, new: LoadedPolicy | None, *cases: PastCase) -> tuple[list[Replayed], Tally]:
    """Replay cases and count them."""
    tally, found = Tally(), list(replay(old, new, cases))
    for one in found:
        tally.add(one)
    return found, tally


def test_one_policy(small: LoadedPolicy) -> None:
    """Under one policy every case stands in its flow, and who pays, receives and bears postage adds up."""
    (one,), tally = replayed(small, None, PastCase("a", CASE))
    assert isinstance(one.old, Decided)
    assert (one.old.flow, one.old.outcome, one.old.liable) == ("wrong_item", "return_and_refund", "seller")
    assert one.changes == ()
    assert (tally.cases, tally.whole.cases, tally.undecided) == (1, 1, 0)
    assert tally.groups["flow"]["wrong_item"].old == {"refund": 7100, "charge": 0, "recover": 0}
    assert tally.groups["payer"]["seller"].old == {"pays": 7100, "receives": 0, "postage": 1200}
    assert tally.groups["payer"]["buyer"].old == {"pays": 0, "receives": 7100, "postage": 0}


def test_two_policies(small: LoadedPolicy, swapped: LoadedPolicy) -> None:
    """Under two policies a case that changes is counted with what changes and how much money it moves."""
    (one, same), tally = replayed(small, swapped, PastCase("a", CASE), PastCase("b", {"facts": {"photos_sent": False}}))
    assert one.changes == ("payer", "refund")
    assert same.changes == ()
    assert (tally.whole.cases, tally.whole.changed) == (2, 1)
    assert tally.groups["flow"]["wrong_item"].more("refund") == -1200
    assert tally.groups["payer"]["buyer"].more("postage") == 1200
    assert tally.groups["payer"]["seller"].more("postage") == -1200
    assert tally.respects == {"payer": 1, "refund": 1}


def test_undecided_cases_do_not_stop_the_others(small: LoadedPolicy, swapped: LoadedPolicy) -> None:
    """A case that cannot be read or decided is told with its reason; the rest goes through and alone is summed."""
    broken = PastCase("b", {"facts": {"photo_sent": True}})
    found, tally = replayed(small, swapped, PastCase("a", CASE), broken, PastCase("c", CASE))
    assert isinstance(found[1].old, Diagnostic)
    assert found[1].changes == ()
    assert (tally.cases, tally.whole.cases, tally.undecided) == (3, 2, 1)
    assert tally.whole.old["refund"] == 14200
    assert [name for name, _ in tally.faults] == ["b"]


def test_one_policy_that_stops_is_a_change(small: LoadedPolicy, tmp_path: Path) -> None:
    """A case that only one of the policies can decide is decided differently, in that alone."""
    copy = Path(shutil.copytree(SMALL, tmp_path / "small"))
    facts = copy / "facts.yaml"
    text = facts.read_text(encoding="utf-8")
    facts.write_text(text.replace('max: "999.00"', 'max: "9.00"').replace('max: "100.00"', 'max: "9.00"'), "utf-8")
    assert facts.read_text(encoding="utf-8") != text
    (one,), tally = replayed(small, load(copy), PastCase("a", CASE))
    assert isinstance(one.new, Diagnostic)
    assert one.changes == ("error",)
    assert (tally.whole.cases, tally.whole.changed) == (1, 1)


def test_parts_are_cases_of_their_own(small: LoadedPolicy) -> None:
    """Each part of a case of several is counted in its own flow, under the case's name and its number."""
    lines = [{"sku": sku, "quantity": 1, "paid": "50.00"} for sku in ("A", "B")]
    facts = {**FACTS, "return_postage": "4.00"}
    parts = [{"lines": [{"sku": sku, "quantity": 1}], "facts": facts} for sku in ("A", "B")]
    order = {"lines": lines}
    case = {"order": order, "claim": {"opened_at": "2026-11-06T11:00+08:00", "parts": parts}}
    found, tally = replayed(small, None, PastCase("a", case))
    assert [one.name for one in found] == ["a #1", "a #2"]
    assert tally.whole.old["refund"] == 10800


def test_lines_are_read_one_by_one(tmp_path: Path) -> None:
    """Of JSON lines each is a case with its name, id or place; one that cannot be read is told, the others are read."""
    path = tmp_path / "cases.jsonl"
    lines = [
        json.dumps({"name": "first", "facts": {"return_postage": 12.5}}),
        "",
        "{broken",
        json.dumps({"id": "C-7", "expect": {}}),
        '{"id": "a", "id": "b"}',
        "[]",
        '{"facts": {"x": NaN}}',
        "[" * 100_000,
        f'{{"title": "{"x" * 1_000_001}"}}',
        "{}",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    found = list(past_cases(path))
    assert [case.name for case in found] == ["first", f"{path}:3", "C-7", *(f"{path}:{n}" for n in range(5, 11))]
    codes = [case.fault and case.fault.code for case in found]
    assert codes == [None, "not_json", None, "not_json", "not_a_case", "not_json", "not_json", "line_too_long", None]
    assert found[0].data == {"facts": {"return_postage": "12.5"}}
    assert found[2].data == {"id": "C-7"}


def test_folders_hold_files_of_every_kind(tmp_path: Path) -> None:
    """A folder is read in the order of names, lists of worked cases and JSON lines alike; a broken file is one fault."""
    (tmp_path / "b.jsonl").write_text('{"id": "line"}\n', encoding="utf-8")
    (tmp_path / "a.yaml").write_text("- {name: one}\n- {name: two}\n", encoding="utf-8")
    (tmp_path / "c.yaml").write_text("{", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no case", encoding="utf-8")
    assert [case.name for case in past_cases(tmp_path)] == ["one", "two", "line", "c.yaml"]
    assert list(past_cases(tmp_path / "nowhere")) == []
