"""The page of the mutation test."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from aftersales import LoadedPolicy, load
from aftersales.show.mutants import show_mutants
from aftersales.show.page import terminal
from aftersales.study.mutants import Hint, MutationReport, Verdict
from aftersales.syntax.read import read_folder
from aftersales.text import Lang
from aftersales.verify.mutants.mutant import Mutant
from aftersales.verify.mutants.operators import mutants_of
from aftersales.verify.mutants.workshop import Workshop

SMALL = Path(__file__).parents[1] / "study" / "small"


@pytest.fixture(scope="module")
def mutants() -> dict[str, Mutant]:
    """The small shop's mutants by their edits."""
    policy: LoadedPolicy = load(SMALL)
    written, faults = read_folder(SMALL)
    assert written is not None, faults
    return {mutant.edit.en: mutant for mutant in mutants_of(Workshop(written, policy.model))}


def page(verdicts: tuple[Verdict, ...], lang: Lang) -> str:
    """Return the page of a report on 40 mutants."""
    stream = io.StringIO()
    show_mutants(MutationReport(verdicts, 40, 2.0), lang, terminal(stream, width=100, colour=False))
    return stream.getvalue()


@pytest.fixture(scope="module")
def verdicts(mutants: dict[str, Mutant]) -> tuple[Verdict, ...]:
    """One verdict of every sort."""
    hint = Hint("补发", "cases/wrong_item.yaml:12:3", ("liable", "status"))
    return (
        Verdict(mutants["wrong_item.reshipped: liable: seller → liable: buyer"], "survived", hints=(hint,)),
        Verdict(mutants["wrong_item.refunded: liable: seller → liable: buyer"], "case", "a case"),
        Verdict(mutants["wrong_item.sent_right: liable: buyer → liable: seller"], "law", "a law"),
        Verdict(mutants["wrong_item.verify: do: check_record → (left out)"], "survived", cases=7, nearest="发货无误"),
        Verdict(mutants["wrong_item.refunded: do: restock → (left out)"], "survived"),
        Verdict(mutants["wrong_item.verify: late: photos_sent → (left out)"], "check", "late_incomplete"),
        Verdict(mutants["remedy_time: 48h → 2879m"], "equivalent"),
    )


def test_the_page_in_english(verdicts: tuple[Verdict, ...]) -> None:
    """Score, kinds and survivors, each with its place and where it shows."""
    assert (
        page(verdicts, Lang.EN)
        == """\
mutation test: 5 faults put in on purpose, 2 noticed by cases and laws (40.0%)
  40 faults can be put in, 7 were tried (--seed 1)

Kinds of faults
  kind                noticed  of   share  refused  equivalent
  another party pays        2   3   66.6%
  late edge changed         0   0  100.0%        1
  action left out           0   2    0.0%
  param one off             0   0  100.0%                    1

Not noticed
  - wrong_item.yaml:9:23  wrong_item.verify: do: check_record → (left out)
    7 worked cases look at it (such as 发货无误), none is decided otherwise
  - wrong_item.yaml:35:13  wrong_item.reshipped: liable: seller → liable: buyer
    case 补发 comes out otherwise in liable, status and does not expect it
  - wrong_item.yaml:43:10  wrong_item.refunded: do: restock → (left out)
    no worked case comes here
"""
    )


def test_the_page_in_chinese(verdicts: tuple[Verdict, ...]) -> None:
    """The same in Chinese."""
    shown = page(verdicts, Lang.ZH)
    assert shown.startswith(
        "变异测试：5 处有意写错，案例和守则发现 2 处（40.0%）\n  共 40 处可写错，试了 7 处（--seed 1）\n"
    )
    assert "check_record → （删去）\n    有 7 个案例走到这里（如 发货无误），判定都不变\n" in shown
    assert "restock → （删去）\n    没有案例走到这里\n" in shown
    assert "案例 补发 的 liable、status 会变，但没有写进 expect" in shown


def test_all_noticed(verdicts: tuple[Verdict, ...]) -> None:
    """Where nothing slipped through, no list of survivors stands below."""
    shown = page(verdicts[1:3], Lang.EN)
    assert shown.startswith("mutation test: 2 faults put in on purpose, 2 noticed by cases and laws (100.0%)")
    assert "Not noticed" not in shown


def test_every_fault_tried(verdicts: tuple[Verdict, ...]) -> None:
    """Where every fault was tried, no seed chose among them, and none is named."""
    stream = io.StringIO()
    show_mutants(MutationReport(verdicts, len(verdicts), 2.0, 5), Lang.EN, terminal(stream, width=100, colour=False))
    assert "  7 faults can be put in, 7 were tried\n" in stream.getvalue()
