"""Laws asked about a fault: one that no worked case shows to be broken is broken by some other case, or by none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aftersales import LoadedPolicy, load
from aftersales.syntax.read import read_folder
from aftersales.verify.atlas import ready
from aftersales.verify.mutants.alike import Alike
from aftersales.verify.mutants.operators import mutants_of
from aftersales.verify.mutants.workshop import Workshop

SHOP = Path(__file__).parents[3] / "examples" / "small_shop"
TWO_LAWS = """
  refunds_are_whole:
    title: {zh: 退货款就退全额, en: A refund of the goods is whole}
    source: our_choice
    if: outcome == return_and_refund
    then: refund_goods == goods_left
  dearer_gets_no_less:
    title: {zh: 付得多不少退, en: Who paid more gets no less}
    source: our_choice
    two_cases: [claimed_paid]
    scope: same_end
    if: a.claimed_paid <= b.claimed_paid
    then: b.refund_total >= a.refund_total
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example shop with two more laws."""
    folder = Path(shutil.copytree(SHOP, tmp_path_factory.mktemp("laws") / "shop"))
    with (folder / "laws.yaml").open("a", encoding="utf-8") as laws:
        laws.write(TWO_LAWS)
    return folder


@pytest.fixture(scope="module")
def broken(shop: Path) -> dict[str, str | None]:
    """Which law the solver finds broken by each fault of the shop's terms, by the edit."""
    policy: LoadedPolicy = load(shop)
    written, faults = read_folder(shop)
    assert written is not None, faults
    alike = Alike(ready(policy.model))
    changes = ((mutant, mutant.make()) for mutant in mutants_of(Workshop(written, policy.model)))
    return {
        mutant.edit.en: alike.broken_law(mutant, change.applied_to(policy.model))
        for mutant, change in changes
        if not change.refused
    }


def edits(broken: dict[str, str | None], law: str) -> list[str]:
    """Return the faults that break a law, without the state's name in front."""
    return sorted(edit.partition(": ")[2] for edit, name in broken.items() if name == law)


def test_the_wrong_payer_breaks_the_law_on_postage(broken: dict[str, str | None]) -> None:
    """Where the seller is liable and the buyer bears the way back, the law names itself."""
    assert "return borne: seller → return borne: buyer" in edits(broken, "fault_never_leaves_return_postage")


def test_a_refund_left_out_breaks_the_law_on_refunds(broken: dict[str, str | None]) -> None:
    """Where the goods come back and nothing is refunded, the law that wants all of it is broken."""
    assert edits(broken, "refunds_are_whole") == ["refund: goods: claimed_paid - already_refunded → (left out)"]


def test_more_than_is_left_breaks_the_law_on_caps(broken: dict[str, str | None]) -> None:
    """To refund once more what was refunded before is more than is left: money keeps to its caps in every policy."""
    assert edits(broken, "money_keeps_to_its_caps") == [
        "goods: claimed_paid - already_refunded → goods: claimed_paid",
        "goods: claimed_paid - already_refunded → goods: claimed_paid + already_refunded",
    ]


def test_a_fault_that_no_law_speaks_of_breaks_none(broken: dict[str, str | None]) -> None:
    """An action left out is no matter of these laws; nor is a deadline: where ways change they are not asked."""
    others = {edit: law for edit, law in broken.items() if ": do: " in edit or "within" in edit or ": to: " in edit}
    assert others
    assert set(others.values()) == {None}
