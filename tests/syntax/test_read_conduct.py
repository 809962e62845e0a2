"""``conduct.yaml``: what is read, and that a policy needs none."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from aftersales.errors import render
from aftersales.source import Source
from aftersales.syntax.conduct_shapes import CONDUCT_FILE
from aftersales.syntax.read import read_file, read_folder
from aftersales.syntax.tree import AnswerWithinSyntax, ConductFileSyntax, PhrasesSyntax
from aftersales.text import Lang

MINIMAL = Path(__file__).parents[1] / "flows" / "good" / "minimal"
RULES = """\
speakers: [agent, supervisor]
rules:
  off_platform:
    title: {zh: 不加微信, en: nothing outside the platform}
    platforms: [pinduoduo]
    source: S3
    penalties: [{points: 4, up_to: 6, platforms: [tmall], source: S5}, {money: "20.00", source: S3}, {param: late_pay}]
    words: {zh: [加微信, 微信转账], en: [by WeChat]}
    allow: {zh: [不加微信]}
    longest_number: 10
    actions: [move_off_platform]
    exempt: [pay_out]
    near: not paid
    last_day: due
    answer: {within: 3m, between: "08:00-23:00"}
"""


def read(text: str) -> ConductFileSyntax:
    """Return what a file of rules says, without faults."""
    made, faults = read_file(Source("conduct.yaml", text), CONDUCT_FILE)
    assert faults == ()
    assert made is not None
    return made


def test_the_rhythm_is_read() -> None:
    """Phases in their order, each with what it means and the actions that belong to it; a policy may have none."""
    phase = "  {0}: {{title: {{zh: 安抚, en: Soothe}}, means: {{zh: 先安抚, en: soothe first}}, actions: [{0}]}}\n"
    file = read(f"rhythm:\n{phase.format('soothe')}{phase.format('verify')}{RULES.partition(chr(10))[2]}")
    assert [str(one.name) for one in file.rhythm] == ["soothe", "verify"]
    assert [str(name) for name in file.rhythm[1].actions] == ["verify"]
    assert file.rhythm[0].means.text.en == "soothe first"
    assert read(RULES).rhythm == ()


def test_a_rule_is_read_whole() -> None:
    """Everything a rule forbids and warns of, with its penalties."""
    file = read(RULES)
    (rule,) = file.rules
    assert [str(name) for name in file.speakers] == ["agent", "supervisor"]
    assert (str(rule.name), rule.title.text.zh, str(rule.source)) == ("off_platform", "不加微信", "S3")
    assert [str(name) for name in (*rule.platforms, *rule.actions, *rule.exempt)] == [
        *("pinduoduo", "move_off_platform", "pay_out")
    ]
    assert rule.words == PhrasesSyntax(("加微信", "微信转账"), ("by WeChat",))
    assert rule.allow == PhrasesSyntax(("不加微信",))
    assert (rule.longest_number, rule.near and rule.near.text, str(rule.last_day)) == (10, "not paid", "due")
    assert isinstance(rule.answer, AnswerWithinSyntax)
    assert (rule.answer.length, rule.answer.between) == (dt.timedelta(minutes=3), (dt.time(8), dt.time(23)))


def test_a_penalty_is_points_money_or_a_param() -> None:
    """Money is read as fen; only a param goes without a source."""
    points, money, param = read(RULES).rules[0].penalties
    assert (points.points, points.up_to, [str(name) for name in points.platforms]) == (4, 6, ["tmall"])
    assert (money.money, money.platforms, str(money.source)) == (2000, (), "S3")
    assert (str(param.param), param.source) == ("late_pay", None)


@pytest.mark.parametrize(
    "said", ["words: {zh: [甲]}", "longest_number: 10", "actions: [x]", "near: a", "last_day: due"]
)
def test_one_thing_to_check_is_enough(said: str) -> None:
    """A rule may forbid one thing alone."""
    assert len(read(f"rules: {{a: {{title: {{zh: 甲, en: a}}, source: S1, {said}}}}}\n").rules) == 1


def test_a_length_of_time_is_written_as_one() -> None:
    """``3 minutes`` is none."""
    text = RULES.replace("within: 3m", "within: 3 minutes")
    _, faults = read_file(Source("conduct.yaml", text), CONDUCT_FILE)
    assert [render(fault, Lang.EN).split("\n")[0] for fault in faults] == [
        "conduct.yaml:15:22: not a duration such as 48h, 7d or 30m: 3 minutes"
    ]


def test_a_policy_needs_no_rules() -> None:
    """Without the file there are none, and nobody has to have words."""
    syntax, faults = read_folder(MINIMAL)
    assert faults == ()
    assert syntax is not None
    assert syntax.conduct == ConductFileSyntax()
