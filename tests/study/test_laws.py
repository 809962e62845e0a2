"""Worked cases held to the laws of a policy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aftersales import LoadedPolicy, load
from aftersales.cli import main
from aftersales.study.case_file import read_case_text
from aftersales.study.worked import run_one, run_worked
from aftersales.text import Lang

SMALL = Path(__file__).parent / "small"
LAWS = """\
laws:
  seller_fault:
    title: {zh: 卖家的错，退回运费不由买家承担, en: seller's fault never leaves the way back with the buyer}
    source: S4
    if: liable == seller
    then: return_borne != buyer
  nothing_before_proof:
    title: {zh: 核实前不动钱, en: no money before the proof}
    source: S4
    at: open
    if: state == verify
    then: refund_total == 0
  never_shared:
    title: {zh: 从不分担, en: never shared}
    source: S4
    if: return_borne == shared
    then: recover_return > 0
"""
BROKEN = """\
  no_refund_to_anybody:
    title: {zh: 谁也不退, en: nobody gets anything}
    source: S4
    if: outcome == return_and_refund
    then: refund_total == 0 and refund not in next_actions
"""
REFUNDED = """\
order: {lines: [{sku: T, title: 茶几, quantity: 1, paid: "59.00"}]}
claim: {opened_at: 2026-11-06T11:00+08:00}
facts: {photos_sent: true, warehouse_record: confirms_buyer, wants: return_and_refund, return_postage: "12.00"}
expect: {liable: seller}
"""


def folder_with(laws: str, folder: Path) -> Path:
    """Return a copy of the small shop's policy with laws."""
    shutil.copytree(SMALL, folder)
    (folder / "laws.yaml").write_text(laws, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def lawful(tmp_path_factory: pytest.TempPathFactory) -> LoadedPolicy:
    """The small shop's policy with laws, one of which its cases break."""
    return load(folder_with(LAWS + BROKEN, tmp_path_factory.mktemp("lawful") / "policy"))


def test_a_broken_law_is_a_fault_of_the_case(lawful: LoadedPolicy) -> None:
    """At the place of the case, with the law in the reader's language and what it read; the others are kept."""
    (case,) = read_case_text("case.yaml", REFUNDED.encode())
    (fault,) = run_one(lawful, case).faults
    assert fault.code == "law_broken"
    assert (str(fault.span), str(fault.hint and fault.hint.en)) == (
        *("case.yaml:1:1", "the law stands at laws.yaml:18:3"),
    )
    assert fault.message.en == (
        "the law no_refund_to_anybody is broken (nobody gets anything): "
        "outcome = return_and_refund, refund_total = 71.00, refund in next_actions = true"
    )
    assert fault.message.to(Lang.ZH).startswith("违反守则 no_refund_to_anybody（谁也不退）：outcome = ")


def test_a_case_names_the_laws_it_meets(lawful: LoadedPolicy) -> None:
    """Those whose ``if`` is true where it stands, kept or broken."""
    (case,) = read_case_text("case.yaml", REFUNDED.encode())
    assert run_one(lawful, case).laws == ("seller_fault", "no_refund_to_anybody")
    (case,) = read_case_text("case.yaml", b"{facts: {photos_sent: true}, expect: {state: verify}}")
    assert (run_one(lawful, case).laws, run_one(lawful, case).faults) == (("nothing_before_proof",), ())


def test_a_law_that_no_case_meets_is_a_gap(tmp_path: Path) -> None:
    """Nobody knows what it would say."""
    folder = folder_with(LAWS, tmp_path / "policy")
    report = run_worked(load(folder), folder)
    assert (report.faults, [law.name for law in report.unmet], report.gaps) == ((), ["never_shared"], 1)


def test_the_command_tells_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``aftersales test`` fails for a broken law, and for an unmet one unless gaps are allowed."""
    gap = folder_with(LAWS, tmp_path / "gap")
    assert main(["test", str(gap), "--lang", "en"]) == 1
    shown = capsys.readouterr().out
    assert "Laws that no case meets" in shown
    assert "laws.yaml:13:3  never_shared" in shown
    assert main(["test", str(gap), "--allow-gaps"]) == 0
    broken = folder_with(LAWS + BROKEN, tmp_path / "broken")
    assert main(["test", str(broken), "--allow-gaps", "--lang", "zh"]) == 1
    assert "违反守则 no_refund_to_anybody" in capsys.readouterr().err
