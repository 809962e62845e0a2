"""Rules of conduct: what of a text a rule forbids, what one platform keeps of the rules, and what the shipped ones say."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftersales.expr.words import code
from aftersales.policy.checks.conduct import holds
from aftersales.policy.load import load_folder
from aftersales.policy.model import Policy
from aftersales.policy.narrow import narrow
from aftersales.policy.rules import Conduct

MINIMAL = Path(__file__).parents[1] / "flows" / "good" / "minimal"
SHIPPED = Path(__file__).parents[2] / "flows"


@pytest.mark.parametrize(
    ("text", "phrase", "allow"),
    [
        ("亲，加微信吧", "加微信", ()),
        ("亲，加 微 信", "加微信", ()),
        ("add me on ＷｅＣｈａｔ", "Wechat", ()),
        ("no\nrefund", "no refund", ()),
        ("不加微信；要不加微信", "加微信", ("请不加微信",)),
        ("不加微信，还是加微信吧", "加微信", ("不加微信",)),
    ],
)
def test_a_text_holds_a_phrase(text: str, phrase: str, allow: tuple[str, ...]) -> None:
    """Width, case and blanks make no difference; a right phrase beside it does not help."""
    assert holds(text, phrase, allow)


@pytest.mark.parametrize(
    ("text", "phrase", "allow"),
    [
        ("亲，您好", "加微信", ()),
        ("我们不加微信", "加微信", ("不加微信",)),
        ("加不加微信都行", "加微信", ("不加微信",)),
        ("加请不要微信", "加微信", ("请不要",)),
    ],
)
def test_a_text_does_not_hold_a_phrase(text: str, phrase: str, allow: tuple[str, ...]) -> None:
    """A right phrase that holds the word is no offence, and what stands around it does not grow together."""
    assert not holds(text, phrase, allow)


RULES = """\
rules:
  general:
    title: {zh: 通用, en: general}
    source: S1
    penalties: [{points: 2, source: S1}, {points: 4, platforms: [tmall], source: P1}, {points: 6, platforms: [taobao], source: P1}]
    near: delivered
  tmall_only:
    title: {zh: 天猫, en: Tmall}
    source: P1
    platforms: [tmall]
    near: in_stock and not delivered
"""


@pytest.fixture
def ruled(tmp_path: Path) -> Policy:
    """Return the small good policy with two rules."""
    for path in MINIMAL.rglob("*.yaml"):
        copy = tmp_path / path.relative_to(MINIMAL)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())
    (tmp_path / "conduct.yaml").write_text(RULES, encoding="utf-8")
    return load_folder(tmp_path)


def test_the_rules_are_compiled(ruled: Policy) -> None:
    """Conditions are typed expressions, penalties keep the author's order."""
    general, own = ruled.conduct.rules.values()
    assert own.near is not None
    assert (code(own.near), own.platforms) == ("in_stock and not delivered", ("tmall",))
    assert [penalty.points for penalty in general.penalties] == [2, 4, 6]


def test_one_platform_keeps_its_own_rules(ruled: Policy) -> None:
    """Narrowed to a platform, its rules and penalties hold whatever the case says; those of others are gone."""
    taobao = narrow(ruled, platform="taobao").conduct
    assert list(taobao.rules) == ["general"]
    assert [(penalty.points, penalty.platforms) for penalty in taobao.rules["general"].penalties] == [(2, ()), (6, ())]
    tmall = narrow(ruled, platform="tmall").conduct
    assert [rule.platforms for rule in tmall.rules.values()] == [(), ()]
    assert narrow(ruled, shop="mine").conduct == ruled.conduct


def test_a_policy_without_rules(minimal: Policy) -> None:
    """There is simply nothing to keep."""
    assert minimal.conduct == Conduct()


def test_the_shipped_rules() -> None:
    """Every rule that the documents name is there, with the points that they name."""
    conduct = load_folder(SHIPPED).conduct
    points = {name: [penalty.points for penalty in rule.penalties] for name, rule in conduct.rules.items()}
    assert conduct.speakers == ("agent", "specialist", "supervisor")
    assert points == {
        "no_closing_of_orders": [],
        "invoice_always": [6],
        "free_postage_is_free": [4],
        "promises_are_kept": [4],
        "no_refund_called_impossible": [2],
        "requests_are_never_stopped": [],
        "reasons_are_never_relabelled": [],
        "shipped_in_time": [4],
        "compensation_runs": [4, None],
        "no_fake_tracking": [4, None],
        "cash_on_delivery_is_shipped": [],
        "truth_about_stock": [],
        "three_contact_attempts": [12],
        "on_the_platform_only": [2],
        "no_other_shops": [2],
        "no_abuse": [12],
        "buyer_data_stays": [6],
        "no_pressure_for_reviews": [12],
        "due_today": [],
        "pinduoduo_no_phone_number": [2],
        "pinduoduo_banned_words": [2],
        "pinduoduo_three_minutes": [2],
    }
    assert conduct.rules["promises_are_kept"].penalties[0].up_to == 6
