"""Found cases written as worked-case files: what is read back is the case, and it is decided as it says."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from aftersales import LoadedPolicy, load
from aftersales.policy.model import Policy
from aftersales.study.case_file import WrittenCase, read_case_text
from aftersales.study.found import way_of
from aftersales.study.proof import compiled
from aftersales.study.worked import run_one
from aftersales.text import Text
from aftersales.verify.case_file import case_file, cases_text, found_cases
from aftersales.verify.replay import Document, Replay
from aftersales.verify.verdict import PROVED, Counterexample, Finding, Verdict

SHOP = Path(__file__).parents[2] / "examples" / "small_shop"
BY = "    by: {wants: {reship: reshipped, return_and_refund: refunded}}\n"
DESK = Path(__file__).parents[1] / "run" / "desk"
OPENED = dt.datetime(2026, 11, 6, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
TITLE = Text("标题：“引号”, 逗号 # 井号", "A title: with a colon, a comma # and a sign")


@pytest.fixture(scope="module")
def policy() -> LoadedPolicy:
    """A policy with amounts, answers given twice, deadlines and interrupts."""
    return load(DESK)


@pytest.fixture(scope="module")
def replay(policy: LoadedPolicy) -> Replay:
    """Its machine."""
    return Replay(policy.model)


def told(*events: tuple[int, dict[str, object]], as_of: int | None = None) -> Document:
    """Return a case of a wrong item with what is told so many minutes after it was opened."""
    made = tuple((OPENED + dt.timedelta(minutes=minutes), values) for minutes, values in events)
    seen = None if as_of is None else OPENED + dt.timedelta(minutes=as_of)
    return Document("wrong_item", OPENED, None, made, seen)


def verdict(case: Document, other: Document | None = None) -> Verdict:
    """Return a verdict that a case refutes."""
    example = Counterexample(case, "", (), "liable = seller", other)
    return Verdict("a_law", TITLE, Finding("refuted", example=example), 0.1)


def read_back(text: str) -> tuple[WrittenCase, ...]:
    """Read a case file's text."""
    return read_case_text("found.yaml", text.encode())


CASES = {
    "nothing": told(),
    "told at once": told((0, {"photos_sent": True, "warehouse_record": "confirms_seller"})),
    "money": told(
        (
            0,
            {
                "photos_sent": True,
                "warehouse_record": "confirms_buyer",
                "evidence": "confirmed",
                "in_stock": False,
                "wants": "return_and_refund",
                "claimed_paid": "100.00",
                "return_postage": "0.01",
            },
        )
    ),
    "told twice": told((0, {"photos_sent": False}), (30, {"photos_sent": True})),
    "a deadline passes": told((0, {"photos_sent": True}), as_of=20_000),
    "refused": told((0, {"return_postage": "-1.00"})),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_read_back_and_decided_as_it_says(case: Document, policy: LoadedPolicy, replay: Replay) -> None:
    """A written case reads back as the found one, and comes out as it expects, faults by their code."""
    (written,) = read_back(case_file(verdict(case), replay))
    assert written.name == "a_law"
    assert written.title == Text(f"反例：{TITLE.zh}", f"Counterexample: {TITLE.en}")
    assert run_one(policy, written).faults == ()


def test_what_is_expected_is_not_empty(policy: LoadedPolicy, replay: Replay) -> None:
    """The written decision names where the case stands: of another policy's case it would not hold."""
    (right,) = read_back(cases_text(verdict(CASES["told at once"]), replay))
    wrong = cases_text(verdict(CASES["nothing"]), replay).replace("confirms_buyer", "confirms_seller")
    (other,) = read_back(
        wrong.replace("  claim:", "  facts: {photos_sent: true, warehouse_record: confirms_seller}\n  claim:")
    )
    assert run_one(policy, right).faults == ()
    assert run_one(policy, other).faults != ()


def test_two_cases(replay: Replay) -> None:
    """The two cases of a law that compares stand in one file, ``_a`` and ``_b``."""
    pair = verdict(CASES["nothing"], CASES["told at once"])
    assert [case.name for case in read_back(case_file(pair, replay))] == ["a_law_a", "a_law_b"]
    assert [found.case for found in found_cases(pair)] == [CASES["nothing"], CASES["told at once"]]


def test_proved_laws_have_no_case(replay: Replay) -> None:
    """Nothing is written of a law that no case breaks."""
    proved = Verdict("a_law", TITLE, PROVED, 0.1)
    assert found_cases(proved) == ()
    assert cases_text(proved, replay) == ""


def test_the_text(replay: Replay) -> None:
    """A file begins with the law and what it reads; the case is written as the worked cases are."""
    text = case_file(verdict(CASES["told twice"]), replay)
    assert (
        text
        == """\
# a_law
# 标题：“引号”, 逗号 # 井号
# A title: with a colon, a comma # and a sign
# 读到 reads: liable = seller

- name: a_law
  title: {zh: "反例：标题：“引号”, 逗号 # 井号", en: "Counterexample: A title: with a colon, a comma # and a sign"}
  claim: {issue: wrong_item, opened_at: 2026-11-06T10:00+08:00}
  events:
    - {at: 2026-11-06T10:00+08:00, tell: {photos_sent: false}}
    - {at: 2026-11-06T10:30+08:00, tell: {photos_sent: true}}
  expect: {flow: wrong_item, state: verify, refund: {total: "0.00"}, next_actions: [soothe]}
"""
    )


@pytest.fixture(scope="module")
def gap(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    """A machine with a hole: no branch fits where the buyer wants to return the goods."""
    folder = tmp_path_factory.mktemp("gap") / "shop"
    shutil.copytree(SHOP, folder)
    flow = folder / "wrong_item.yaml"
    text = flow.read_text(encoding="utf-8")
    assert BY in text
    flow.write_text(text.replace(BY, "    first: [{when: wants == reship, to: reshipped}]\n"), encoding="utf-8")
    policy = compiled(folder)
    assert isinstance(policy, Policy)
    return Replay(policy)


def test_way_of_a_case_that_the_machine_stops(gap: Replay) -> None:
    """Where no branch fits, the way is the furthest one without an answer, and the fault stands beside it."""
    answers = {"photos_sent": True, "warehouse_record": "confirms_buyer", "wants": "return_and_refund"}
    case = Document(None, OPENED, None, ((OPENED, answers),), None)
    way = way_of(case, gap)
    assert way is not None
    assert way.stopped is not None
    assert (way.stopped.code, way.decision.state) == ("no_branch", "choose")
    assert "expect: {error: no_branch}" in cases_text(verdict(case), gap)


def test_way_of_a_case_that_is_decided(replay: Replay) -> None:
    """The way of a case that is decided is its own, and nothing stopped it."""
    way = way_of(CASES["told at once"], replay)
    assert way is not None
    assert (way.stopped, way.decision.state) == (None, "complete")


def test_no_way_of_what_is_no_case(replay: Replay) -> None:
    """Where even the bare claim is none, there is no way."""
    assert way_of(replace(told((0, {"photos_sent": True})), issue="nothing_of_the_kind"), replay) is None
