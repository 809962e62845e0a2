"""What a change between two policies means: edits, differing cases, proofs that nothing changes, past cases."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aftersales.errors import MissingToolError
from aftersales.run.loaded import LoadedPolicy, load
from aftersales.show.diff import diff_text
from aftersales.show.diff_json import diff_json
from aftersales.study import diff as module
from aftersales.study.case_file import read_case_file
from aftersales.study.diff import Comparison, Difference, diff
from aftersales.study.past_cases import decide_past, read_past, sum_of
from aftersales.study.two_decisions import TwoPolicies
from aftersales.text import Lang

SMALL = Path(__file__).parent / "small"
DESK = Path(__file__).parents[1] / "run" / "desk"
PAYER = ("wrong_item.yaml", "{advanced: buyer, borne: seller}", "{advanced: buyer, borne: buyer}")
SWAPPED = ("wrong_item.yaml", "warehouse_record == confirms_seller", "warehouse_record == confirms_buyer")

Edited = Callable[..., LoadedPolicy]


@pytest.fixture(scope="session")
def small() -> LoadedPolicy:
    """The small shop's policy."""
    return load(SMALL)


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    """Load a copy of the small shop's policy, or of another folder, with texts of its files replaced."""

    def edit(*edits: tuple[str, str, str], folder: Path = SMALL) -> LoadedPolicy:
        copy = Path(shutil.copytree(folder, tmp_path / "new"))
        for file, old, new in edits:
            text = (copy / file).read_text(encoding="utf-8")
            assert text.count(old) >= 1, old
            (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return load(copy)

    return edit


def only(comparison: Comparison) -> Difference:
    """Return the single difference of a comparison."""
    (found,) = comparison.differences
    return found


def told(found: Difference) -> dict[str, Any]:
    """Return the facts of a difference's case."""
    facts = found.example.case["facts"]
    assert isinstance(facts, dict)
    return facts


def test_equal_policies_have_no_edits(small: LoadedPolicy) -> None:
    """A policy compared with itself says the same, and nothing is searched."""
    comparison = diff(small, load(SMALL))
    assert not comparison.edits
    assert not comparison.differs
    assert "两份规则说的一样" in diff_text(comparison, None, Lang.ZH)


def test_title_is_words_only(small: LoadedPolicy, edited: Edited) -> None:
    """Another title is told apart from edits that decide cases."""
    comparison = diff(small, edited(("wrong_item.yaml", "zh: 补发, en: reshipped", "zh: 补发货, en: reshipped")))
    assert comparison.endings == ("words_only",)
    assert not comparison.differs


def test_payer_of_one_end(small: LoadedPolicy, edited: Edited) -> None:
    """A payer swapped in one end: the case that comes there, who pays what, and the line in both files."""
    comparison = diff(small, edited(PAYER))
    found = only(comparison)
    assert found.states == ("wrong_item.refunded",)
    assert found.leading == "payer"
    assert set(told(found)) == {"photos_sent", "warehouse_record", "wants", "return_postage"}
    old, new = found.example.old.decision, found.example.new.decision
    assert old is not None
    assert new is not None
    assert (old.postage["return"].borne_by, new.postage["return"].borne_by) == ("seller", "buyer")  # type: ignore[union-attr]
    assert old.refund.total > new.refund.total == 0
    assert [(line.side, line.number) for line in comparison.edits[0].lines] == [("old", 41), ("new", 41)]


def test_guard_gives_both_directions_words_and_case(small: LoadedPolicy, edited: Edited) -> None:
    """A guard with the other answer: the case in which both read differently, the condition said old and new."""
    comparison = diff(small, edited(SWAPPED))
    found = only(comparison)
    assert found.leading == "outcome"
    assert told(found)["warehouse_record"] in {"confirms_buyer", "confirms_seller"}
    page = diff_text(comparison, None, Lang.ZH)
    assert "原 若 出库记录是“证实发货无误” → 发货无误" in page
    assert "现 若 出库记录是“证实买家所说” → 发货无误" in page


def test_rewritten_guard_is_proved_equal(small: LoadedPolicy, edited: Edited) -> None:
    """A condition written another way that holds for the same cases is proved to change nothing."""
    other = (
        "wrong_item.yaml",
        "when: not photos_sent,",
        "when: not photos_sent or (not photos_sent and warehouse_record == confirms_buyer),",
    )
    comparison = diff(small, edited(other))
    assert comparison.endings == ("proved_equal",)
    assert not comparison.differs


def test_what_was_not_searched_is_not_called_proved(small: LoadedPolicy, edited: Edited) -> None:
    """A relation between facts that was dropped belongs to no state: no case was found, and the page says no more."""
    comparison = diff(small, edited(("facts.yaml", "holds: [already_refunded <= claimed_paid]", "")))
    assert [edit.kind for edit in comparison.edits] == ["relation"]
    assert comparison.endings == ("none_found",)
    assert "未证明" in diff_text(comparison, None, Lang.ZH)


def test_param_of_a_deadline(small: LoadedPolicy, edited: Edited) -> None:
    """A shorter time limit: the case that waits under it, with both deadlines; the param is said old and new."""
    comparison = diff(small, edited(("params.yaml", "value: 48h", "value: 24h")))
    found = only(comparison)
    assert found.example.respects == ("deadline",)
    assert found.states == ("wrong_item.choose_remedy",)
    due = [judged.decision.due for judged in (found.example.old, found.example.new) if judged.decision]
    assert due[0] is not None
    assert due[1] is not None
    assert (due[0] - due[1]).days == 1
    page = diff_text(comparison, None, Lang.ZH)
    assert "原 协商时限：48 小时" in page
    assert "现 协商时限：24 小时" in page


def test_refund_formula(small: LoadedPolicy, edited: Edited) -> None:
    """A refund that grows above what is left: the new policy stops, and the case says which amounts show it."""
    found = only(
        diff(small, edited(("wrong_item.yaml", "goods: claimed_paid - already_refunded", "goods: claimed_paid")))
    )
    assert found.leading == "error"
    assert found.example.old.decision is not None
    assert found.example.new.fault is not None
    assert found.example.new.fault.code == "refund_above_maximum"


def test_action_left_out(small: LoadedPolicy, edited: Edited) -> None:
    """An action struck out of an end shows in what is to be done, and in nothing else."""
    found = only(diff(small, edited(("wrong_item.yaml", "do: [restock, refund]", "do: [refund]"))))
    assert found.example.respects == ("actions",)


def test_option_added(small: LoadedPolicy, edited: Edited) -> None:
    """A new answer to a question shows where it is asked; that nothing else changes is not called proved."""
    comparison = diff(
        small,
        edited(
            (
                "facts.yaml",
                "reship: {zh: 补发, en: reship}",
                "reship: {zh: 补发, en: reship}\n      nothing: {zh: 不要, en: nothing}",
            ),
            ("wrong_item.yaml", "{wants: {reship: reshipped,", "{wants: {nothing: no_evidence, reship: reshipped,"),
        ),
    )
    assert set(comparison.endings) == {"differs"}
    asked = [found for found in comparison.differences if "questions" in found.example.respects]
    assert any("nothing" in str(found.example.new.decision) for found in asked)


def test_branch_removed_and_state_added(small: LoadedPolicy, edited: Edited) -> None:
    """A new end that a branch leads to: the case that enters it, the new state named as added."""
    new_end = "  kept:\n    title: {zh: 留用, en: kept}\n    outcome: refused\n    reason: {zh: 已过协商, en: agreed before}\n    liable: buyer\n  no_evidence:"
    comparison = diff(
        small,
        edited(
            ("wrong_item.yaml", "  no_evidence:", new_end),
            ("wrong_item.yaml", "reship: reshipped, return", "reship: kept, return"),
        ),
    )
    assert comparison.endings == ("differs", "differs")
    assert any(found.leading == "outcome" and told(found)["wants"] == "reship" for found in comparison.differences)
    assert "状态 新增：错发 > 留用" in diff_text(comparison, None, Lang.ZH)


def test_two_edits_are_kept_apart(small: LoadedPolicy, edited: Edited) -> None:
    """Each difference names the edit that is behind it."""
    comparison = diff(small, edited(PAYER, ("wrong_item.yaml", "within: 48h", "within: 24h")))
    by_respect = {found.leading: found.edits for found in comparison.differences}
    assert by_respect == {"deadline": (1,), "payer": (2,)}


def test_sub_flow_is_one_edit(edited: Edited) -> None:
    """An edit of a sub-flow is told once, whatever flows use it, and shown where a case waits in it."""
    new = edited(("return_trip.yaml", "within: 7d", "within: 5d"), folder=DESK)
    comparison = diff(load(DESK), new)
    (edit,) = comparison.edits
    assert edit.name.endswith(".handover")
    assert comparison.endings == ("differs",)
    assert {found.leading for found in comparison.differences} == {"deadline"}


def test_without_solver_worked_cases_are_searched(
    small: LoadedPolicy, edited: Edited, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no solver is installed the worked cases are tried, and the page says that these were all."""

    def missing(_name: str) -> object:
        raise MissingToolError

    monkeypatch.setattr(module, "import_module", missing)
    worked = read_case_file(SMALL / "cases" / "wrong_item.yaml", "cases")
    comparison = diff(small, edited(PAYER), worked)
    assert only(comparison).worked == "退货退款，卖家承担退回邮费"
    assert comparison.missing is not None
    assert "只有 8 个案例" in diff_text(comparison, None, Lang.ZH)
    unseen = diff(small, load(SMALL), worked)
    assert not unseen.differs


def test_past_cases_are_counted_and_summed(small: LoadedPolicy, edited: Edited) -> None:
    """Of the shop's cases one loses its postage: so many cases, so much money, by flow and respect."""
    past = decide_past(TwoPolicies(small, edited(PAYER)), read_past(SMALL / "cases"))
    assert len(past.cases) == 8
    assert [case.name for case in past.changed] == ["退货退款，卖家承担退回邮费"]
    money = sum_of(past.cases)
    assert (money.old_refund, money.new_refund, money.more_refund) == (7100, 5900, -1200)
    assert past.respects() == ("payer", "refund")
    assert len(past.of(flow="wrong_item", respect="refund")) == 1
    assert len(past.undecided) == 1


def test_past_cases_on_the_page_and_in_json(small: LoadedPolicy, edited: Edited) -> None:
    """The table and the JSON give the same figures."""
    new = edited(PAYER)
    past = decide_past(TwoPolicies(small, new), read_past(SMALL / "cases" / "wrong_item.yaml"))
    comparison = Comparison(small.model, new.model, (), (), ())
    page = diff_text(comparison, past, Lang.ZH)
    assert "8 个案件，1 个判定不同" in page
    assert "71.00 → 59.00，相差 -12.00" in page
    told_past: Any = diff_json(comparison, past)["past_cases"]
    assert told_past["money"]["more_refund"] == "-12.00"
    assert told_past["by_flow"][0]["by_respect"] == {"payer": 1, "refund": 1}


@pytest.mark.parametrize("place", ["nothing.yaml", "empty"])
def test_no_past_cases(tmp_path: Path, place: str) -> None:
    """A place without case files has no past cases; the command line calls that a fault."""
    (tmp_path / "empty").mkdir()
    assert read_past(tmp_path / place) == ()


def test_fact_of_one_policy_is_not_told_to_the_other(small: LoadedPolicy, edited: Edited) -> None:
    """A case that tells a fact which only the new policy has is decided under both."""
    fact = "facts:\n  urgent: {type: flag, from: buyer, title: {zh: 着急, en: urgent}, ask: {zh: 着急吗？, en: urgent?}, values: {true: {zh: 是, en: 'yes'}, false: {zh: 否, en: 'no'}}}"
    new = edited(
        ("facts.yaml", "facts:", fact),
        ("wrong_item.yaml", "late: {photos_sent: no_evidence, warehouse_record: choose_remedy}", "late: no_evidence"),
        ("wrong_item.yaml", "{when: not photos_sent,", "{when: not photos_sent and not urgent,"),
    )
    two = TwoPolicies(small, new).decide({"facts": {"photos_sent": False, "urgent": True}})
    assert two.old.decision is not None
    assert two.new.decision is not None
    assert (two.old.decision.state, two.new.decision.state) == ("no_evidence", "verify")
    found = only(diff(small, new))
    assert told(found) == {"photos_sent": False}
    assert found.example.new.decision is not None
    assert found.example.new.decision.needs[0].fact == "urgent"
