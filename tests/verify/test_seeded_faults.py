"""Faults put into a sound policy: each kind is refuted, by the smallest case that shows it where a case can."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from aftersales.policy.model import Policy
from aftersales.study.proof import compiled
from aftersales.verify.prove import prove
from aftersales.verify.verdict import Verdict

ROOT = Path(__file__).parents[2]

Seeded = Callable[..., dict[str, Verdict]]

DAYS = """  days_open:
    type: count
    from: agent
    title: {zh: 申请距签收天数, en: days from delivery to the claim}
    ask: {zh: 签收几天后申请的？, en: How many days after delivery?}
holds:"""
BY_DAYS = """    first:
      - {when: days_open <= allowed_days and wants == reship, to: reshipped}
      - {when: days_open <= allowed_days, to: refunded}
      - {when: days_open > late_days, to: sent_right}"""
PARAMS = """params:
  allowed_days: {type: count, title: {zh: 可退天数, en: days}, value: 7, source: our_choice}
  late_days: {type: count, title: {zh: 太晚的天数, en: late days}, value: 8, source: our_choice}
  half: {type: rate, title: {zh: 一半, en: half}, value: 50%, source: our_choice}
"""
BY_WANTS = "    by: {wants: {reship: reshipped, return_and_refund: refunded}}"
GOODS = "    refund: {goods: claimed_paid - already_refunded}"


@pytest.fixture
def seeded(tmp_path: Path) -> Seeded:
    """Return the verdicts on the example shop after some texts of its files were replaced, which must be there."""

    def prove_changed(*changes: tuple[str, str, str], params: str = "", only: tuple[str, ...]) -> dict[str, Verdict]:
        folder = shutil.copytree(ROOT / "examples/small_shop", tmp_path / "shop")
        for file, old, new in changes:
            text = (folder / file).read_text(encoding="utf-8")
            assert old in text
            (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        if params:
            (folder / "params.yaml").write_text(params, encoding="utf-8")
        policy = compiled(folder)
        assert isinstance(policy, Policy), policy
        return {verdict.law: verdict for verdict in prove(policy, only=only).verdicts}

    return prove_changed


def facts_of(verdict: Verdict) -> dict[str, object]:
    """Return what is told in the case that refutes a law."""
    assert verdict.ending == "refuted", verdict.finding
    assert verdict.finding.example is not None
    told = verdict.finding.example.case.to_dict()
    facts = told["facts"]
    assert isinstance(facts, dict)
    return facts


def test_nothing_seeded(seeded: Seeded) -> None:
    """The shop itself is proved: what the other tests see is what they put in."""
    assert {verdict.ending for verdict in seeded(only=()).values()} == {"proved"}


def test_gap_at_one_day(seeded: Seeded) -> None:
    """A table that forgets the eighth day is refuted by a claim of just that day."""
    found = seeded(
        ("facts.yaml", "holds:", DAYS),
        ("wrong_item.yaml", BY_WANTS, BY_DAYS),
        params=PARAMS,
        only=("every_answer_fits",),
    )
    assert facts_of(found["every_answer_fits"])["days_open"] == 8


def test_gap_at_a_figure_that_a_shop_may_set(seeded: Seeded) -> None:
    """A table complete for the shipped figures, with a hole where a shop allows fewer days: that figure and day."""
    bounded = (
        PARAMS.replace("en: days}, value: 7,", "en: days}, value: 7, floor: 5, ceiling: 9,")
        .replace("en: late days}, value: 8,", "en: late days}, value: 7, ceiling: 7,")
        .replace(
            "params:\n",
            "params:\n  gift: {type: money, title: {zh: 赠品, en: gift}, value: '5.00', floor: '1.00', source: our_choice}\n",
        )
    )
    found = seeded(
        ("facts.yaml", "holds:", DAYS),
        ("wrong_item.yaml", BY_WANTS, BY_DAYS),
        params=bounded,
        only=("every_figure_fits",),
    )
    verdict = found["every_figure_fits"]
    told = facts_of(verdict)
    assert verdict.finding.example is not None
    figures = dict(part.split(" = ") for part in verdict.finding.example.reads.split(", "))
    assert set(figures) == {"allowed_days"}
    assert int(figures["allowed_days"]) < int(str(told["days_open"])) <= 7


def test_shadowed_branch(seeded: Seeded) -> None:
    """A branch behind one that takes all of its cases is named with its place."""
    twice = "      - {when: not photos_sent, to: no_photos}\n"
    found = seeded(
        ("wrong_item.yaml", twice, twice + "      - {when: not photos_sent, to: choose}\n"),
        only=("every_branch_is_taken",),
    )
    verdict = found["every_branch_is_taken"]
    assert verdict.ending == "refuted"
    assert [str(fault.span).split(":")[0] for fault in verdict.finding.faults] == ["wrong_item.yaml"]


def test_wrong_payer_in_one_branch(seeded: Seeded) -> None:
    """The buyer bearing the way back of the seller's fault is refuted by the three answers that lead there."""
    law = "fault_never_leaves_return_postage"
    found = seeded(("wrong_item.yaml", "borne: seller", "borne: buyer"), only=(law,))
    assert facts_of(found[law]) == {
        "photos_sent": True,
        "warehouse_record": "confirms_buyer",
        "wants": "return_and_refund",
    }


def test_one_fen_too_much_through_rounding(seeded: Seeded) -> None:
    """Two halves, each rounded up, are more than the whole: the smallest odd amount shows it."""
    halves = "    refund: {goods: half * claimed_paid, rest: {amount: half * claimed_paid, at_most: claimed_paid}}"
    found = seeded(
        ("wrong_item.yaml", GOODS, halves),
        ("laws.yaml", "then: refund_goods <= goods_left", "then: refund_goods + refund_rest <= claimed_paid"),
        params=PARAMS,
        only=("goods_once_at_most",),
    )
    assert facts_of(found["goods_once_at_most"])["claimed_paid"] == "0.01"


def test_more_than_is_left(seeded: Seeded) -> None:
    """Goods that were refunded before and are refunded whole again come above what is left of them."""
    whole = "    refund: {goods: claimed_paid}"
    found = seeded(("wrong_item.yaml", GOODS, whole), only=("money_keeps_to_its_caps",))
    facts = facts_of(found["money_keeps_to_its_caps"])
    assert {"already_refunded", "claimed_paid"} <= facts.keys()


@pytest.mark.parametrize(
    ("change", "law"),
    [
        pytest.param(
            ("wrong_item.yaml", "    within: 48h\n    late: reshipped\n", ""), "every_rest_ends", id="dropped deadline"
        ),
        pytest.param(
            (
                "wrong_item.yaml",
                "  no_photos:\n",
                "  nowhere:\n    title: {zh: 无, en: nowhere}\n    to: choose\n  no_photos:\n",
            ),
            "every_state_is_reached",
            id="unreachable state",
        ),
        pytest.param(
            ("wrong_item.yaml", "reship: reshipped, return_and", "reship: verify, return_and"),
            "every_round_ends",
            id="endless loop",
        ),
    ],
)
def test_broken_structure(seeded: Seeded, change: tuple[str, str, str], law: str) -> None:
    """What no case need show is refuted with its line."""
    verdict = seeded(change, only=(law,))[law]
    assert verdict.ending == "refuted"
    assert all(fault.span is not None for fault in verdict.finding.faults)
