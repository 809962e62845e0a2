"""The vocabulary files: what is read, and every fault with its place, its line and its hint."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from aftersales.errors import render
from aftersales.source import Source
from aftersales.syntax.read import read_file
from aftersales.syntax.schema import FILE_KINDS
from aftersales.syntax.tree import FactsFileSyntax, OverlaySyntax, ParamSyntax, PolicyFileSyntax, TierSyntax
from aftersales.syntax.vocabulary_shapes import (
    ACTIONS_FILE,
    FACTS_FILE,
    PARAMS_FILE,
    PLATFORM_FILE,
    POLICY_FILE,
    SHOP_FILE,
    SOURCES_FILE,
)
from aftersales.text import Lang

POLICY = """\
id: demo
version: "2026.10"
title: {zh: 演示, en: Demo}
timezone: Asia/Shanghai
currency: CNY
root: reception
roles: {agent: {zh: 客服, en: agent}}
parties: {buyer: {zh: 买家, en: buyer}, nobody: {zh: 无人承担, en: nobody}}
outcomes: {kept: {zh: 保留, en: kept}}
legs: {return: {title: {zh: 退回, en: return}, amount: return_postage, insured: freight_insured}}
"""
FACTS = """\
line_facts:
  kind: {type: choice, title: {zh: 种类, en: kind}, values: {ordinary: {zh: 普通, en: ordinary}}}
holds: [already_refunded <= claimed_paid]
facts:
  photos_sent:
    type: flag
    from: buyer
    title: {zh: 已发照片, en: photos sent}
    ask: {zh: 发了照片吗？, en: photos?}
    values: {true: {zh: 已发, en: sent}, false: {zh: 没发, en: not sent}}
  return_postage: {type: money, from: buyer, title: {zh: 退回运费, en: return postage}, min: 0.00, max: "9999.00"}
  chosen_by: {type: party, from: order, title: {zh: 谁选快递, en: who chose}, values: [buyer, seller]}
  delivered_at: {type: instant, from: order, title: {zh: 签收时间, en: delivered at}, flag: delivered}
  days: {type: count, title: {zh: 天数, en: days}, is: "days_between(delivered_at, opened_at)"}
  claimed_paid: {type: money, title: {zh: 实付, en: paid}, computed: true}
"""
PARAMS = """\
params:
  no_reason_days: {type: count, title: {zh: 天数, en: days}, value: 7, source: L25, floor: 7}
  pickup_time: {type: time_of_day, title: {zh: 取件, en: pickup}, value: 20:00, source: S4}
  late:
    type: money
    title: {zh: 延迟发货, en: late}
    dated_by: promised_ship_by
    on: order_paid
    source: S5
    tiers: [{up_to: "3.00", pay: "0.00"}, {below: 300, pay: 3.5}, {pay: 1%, min: "1.00", max: "30.00"}]
  rate:
    type: rate
    title: {zh: 比率, en: rate}
    source: S5
    dated_by: paid_at
    periods: [{value: 30%, valid_until: 2026-06-30, source: S4}, {none_found: true, valid_from: 2026-07-01}]
"""


def read(kind: str, text: str) -> object:
    """Return what a file of a kind says, without faults."""
    made, faults = read_file(Source(f"{kind}.yaml", text), FILE_KINDS[kind])
    assert not faults
    return made


def test_the_policy_file() -> None:
    """Words come with their titles, legs with their facts; the version stays the text that was written."""
    policy = read("policy", POLICY)
    assert isinstance(policy, PolicyFileSyntax)
    assert (str(policy.id), policy.version.text, str(policy.root)) == ("demo", "2026.10", "reception")
    assert [(str(each.name), each.title.text.zh) for each in policy.parties] == [
        ("buyer", "买家"),
        ("nobody", "无人承担"),
    ]
    assert [(str(each.name), str(each.amount), str(each.insured)) for each in policy.legs] == [
        ("return", "return_postage", "freight_insured")
    ]


def test_an_unquoted_version_keeps_its_zero() -> None:
    """``2026.10`` is not a number."""
    policy = read("policy", POLICY.replace('"2026.10"', "2026.10"))
    assert isinstance(policy, PolicyFileSyntax)
    assert policy.version.text == "2026.10"


def test_the_facts_file() -> None:
    """Types, who answers, values with titles, bounds, derived and computed facts."""
    file = read("facts", FACTS)
    assert isinstance(file, FactsFileSyntax)
    photos, postage, chosen, delivered, days, paid = file.facts
    assert [(each.value.text, each.title.text.en if each.title else None) for each in photos.values] == [
        ("true", "sent"),
        ("false", "not sent"),
    ]
    assert (str(photos.answered_by), photos.ask and photos.ask.text.zh) == ("buyer", "发了照片吗？")
    assert (postage.low and postage.low.text, postage.high and postage.high.text) == ("0.00", "9999.00")
    assert [(each.value.text, each.title) for each in chosen.values] == [("buyer", None), ("seller", None)]
    assert str(delivered.flag) == "delivered"
    assert (days.derived and days.derived.text, days.answered_by) == ("days_between(delivered_at, opened_at)", None)
    assert paid.computed
    assert [str(each.name) for each in file.line_facts] == ["kind"]
    assert [each.text for each in file.holds] == ["already_refunded <= claimed_paid"]


def test_the_params_file() -> None:
    """A value outside ``periods`` is one undated period; a period without a source has the param's."""
    params, faults = read_file(Source("params.yaml", PARAMS), PARAMS_FILE)
    assert not faults
    assert params is not None
    days, pickup, late, rate = params
    assert [(each.value and each.value.text, str(each.source), each.valid_from) for each in days.periods] == [
        ("7", "L25", None)
    ]
    assert days.floor is not None
    assert pickup.periods[0].value is not None
    assert pickup.periods[0].value.text == "20:00"
    assert tiers(late) == [
        (300, None, 0, None, None),
        (None, 30000, 350, None, None),
        (None, None, Fraction(1, 100), 100, 3000),
    ]
    assert [(str(each.source), each.none_found, each.valid_from, each.valid_until) for each in rate.periods] == [
        ("S4", False, None, dt.date(2026, 6, 30)),
        ("S5", True, dt.date(2026, 7, 1), None),
    ]


def tiers(param: ParamSyntax) -> list[tuple[object, ...]]:
    """Return a param's tier rows as plain values."""

    def row(tier: TierSyntax) -> tuple[object, ...]:
        return tier.up_to, tier.below, tier.pay, tier.least, tier.most

    return [row(tier) for tier in param.periods[0].tiers]


@pytest.mark.parametrize("kind", ["platform", "shop"])
def test_an_overlay_file(kind: str) -> None:
    """A platform or shop says only values and where they come from."""
    overlay = read(kind, f"{kind}: mine\nparams: {{no_reason_days: {{value: 15, source: S9}}}}\n")
    assert isinstance(overlay, OverlaySyntax)
    assert (overlay.kind, str(overlay.name)) == (kind, "mine")
    assert [(str(each.name), str(each.periods[0].source)) for each in overlay.params] == [("no_reason_days", "S9")]


def test_actions_and_sources() -> None:
    """Who does what, what it tells and where it is entered; what stands behind a line."""
    actions, _ = read_file(
        Source(
            "actions.yaml", "actions: {pay: {by: agent, title: {zh: 付, en: pay}, gives: {paid: true}, pays: true}}"
        ),
        ACTIONS_FILE,
    )
    assert actions is not None
    assert [
        (str(each.name), each.pays, [(str(one.fact), one.value.text) for one in each.gives]) for each in actions.actions
    ] == [("pay", True, [("paid", "true")])]
    sources, _ = read_file(
        Source("sources.yaml", "sources: {L25: {title: {zh: 法, en: law}, layer: law, article: 25, date: 2013-10-25}}"),
        SOURCES_FILE,
    )
    assert sources is not None
    assert [(str(each.name), str(each.layer), each.article and each.article.text, each.date) for each in sources] == [
        ("L25", "law", "25", dt.date(2013, 10, 25))
    ]


TITLE = "title: {zh: 甲, en: a}"
FACT_FAULTS = {
    f"{{type: boolean, {TITLE}}}": """\
facts.yaml:2:16: a type is never boolean
      fact: {type: boolean, title: {zh: 甲, en: a}}
                   ^^^^^^^
  hint: one of flag, choice, count, money, rate, instant, duration, time_of_day, party""",
    f"{{type: mony, {TITLE}}}": """\
facts.yaml:2:16: a type is never mony
      fact: {type: mony, title: {zh: 甲, en: a}}
                   ^^^^
  hint: did you mean money?""",
    f"{{type: flag, {TITLE}}}": """\
facts.yaml:2:3: a flag needs its values
      fact: {type: flag, title: {zh: 甲, en: a}}
      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    f"{{type: flag, {TITLE}, values: {{yes: {{zh: 是, en: y}}, no: {{zh: 否, en: n}}}}}}": """\
facts.yaml:2:3: a flag's values are true and false
      fact: {type: flag, title: {zh: 甲, en: a}, values: {yes: {zh: 是, en: y}, no: {zh: 否, en: n}}}
      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    f"{{type: choice, {TITLE}, values: [a, b]}}": """\
facts.yaml:2:3: every value of a choice needs a title
      fact: {type: choice, title: {zh: 甲, en: a}, values: [a, b]}
      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    f"{{type: party, {TITLE}, values: {{buyer: {{zh: 买, en: b}}}}}}": """\
facts.yaml:2:3: a party's values are a list; policy.yaml has their titles
      fact: {type: party, title: {zh: 甲, en: a}, values: {buyer: {zh: 买, en: b}}}
      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    f"{{type: count, {TITLE}, values: [a]}}": """\
facts.yaml:2:3: a count has no values
      fact: {type: count, title: {zh: 甲, en: a}, values: [a]}
      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    f"{{type: instant, {TITLE}, max: 3}}": """\
facts.yaml:2:3: only a count or money has min and max
      fact: {type: instant, title: {zh: 甲, en: a}, max: 3}
      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    f"{{type: count, {TITLE}, is: x, computed: true}}": """\
facts.yaml:2:53: only one of is and computed may stand here
      fact: {type: count, title: {zh: 甲, en: a}, is: x, computed: true}
                                                         ^^^^^^^^""",
    f"{{type: count, {TITLE}, max: }}": """\
facts.yaml:2:46: nothing stands here, it should be a value
      fact: {type: count, title: {zh: 甲, en: a}, max: }
                                                  ^^^""",
    f"{{type: count, {TITLE}, ask: null}}": """\
facts.yaml:2:51: nothing stands here, it should be a pair {zh: …, en: …}
      fact: {type: count, title: {zh: 甲, en: a}, ask: null}
                                                       ^^^^""",
    "flag": """\
facts.yaml:2:9: this should be a fact, not a single value
      fact: flag
            ^^^^""",
}


@pytest.mark.parametrize("written", FACT_FAULTS)
def test_faults_of_a_fact(written: str) -> None:
    """Exactly one fault, with the whole picture."""
    _, faults = read_file(Source("facts.yaml", f"facts:\n  fact: {written}\n"), FACTS_FILE)
    assert [render(fault, Lang.EN) for fault in faults] == [FACT_FAULTS[written]]


PARAM_FAULTS = {
    "source: S1": "params.yaml:2:3: a param needs one of value, tiers, periods, none_found",
    "value: 7, none_found: true": "params.yaml:2:53: only one of value and none_found may stand here",
    "value: null": "params.yaml:2:50: nothing stands here, it should be a value",
    "tiers: [{pay: 1%}]": "params.yaml:2:43: tiers stands only together with on",
    "on: x, tiers: [{pay: 1.005}]": "params.yaml:2:64: money has at most two decimals: 1.005",
    "on: x, tiers: [{pay: -1}]": "params.yaml:2:64: money is never negative: -1",
    "on: x, tiers: [{pay: 1e3}]": "params.yaml:2:64: not an amount of money such as 12.00: 1e3",
    "on: x, tiers: [{pay: 010}]": "params.yaml:2:64: not an amount of money such as 12.00: 010",
    "on: x, tiers: [{pay: .5%}]": "params.yaml:2:64: a rate is a percentage with at most two decimals, such as 30%: .5%",
    "on: x, tiers: [{up_to: 1, below: 2, pay: 1}]": "params.yaml:2:69: only one of up_to and below may stand here",
    "periods: [{value: 7, valid_until: 2026-02-30}]": "params.yaml:2:77: there is no such day or time: 2026-02-30",
    "periods: [{value: 7, valid_from: 30.06.2026}]": "params.yaml:2:76: not a day such as 2026-07-01: 30.06.2026",
    "periods: [{valid_from: 2026-07-01}]": "params.yaml:2:53: a period needs one of value, tiers, none_found",
    "none_found: on": "params.yaml:2:55: only true or false stands here: on",
}


@pytest.mark.parametrize("written", PARAM_FAULTS)
def test_faults_of_a_param(written: str) -> None:
    """Money, rates and days say what is wrong with them; exactly one of the ways to give a value."""
    text = f"params:\n  p: {{type: money, title: {{zh: 甲, en: a}}, {written}}}\n"
    _, faults = read_file(Source("params.yaml", text), PARAMS_FILE)
    assert [render(fault, Lang.EN).split("\n", 1)[0] for fault in faults] == [PARAM_FAULTS[written]]


def test_an_overlay_cannot_change_type_or_floor() -> None:
    """A floor is the law's; a platform or shop has no such key."""
    text = "platform: tmall\nparams: {days: {value: 3, floor: 1, source: S1}}\n"
    _, faults = read_file(Source("platforms/tmall.yaml", text), PLATFORM_FILE)
    assert [render(fault, Lang.EN).split("\n", 1)[0] for fault in faults] == [
        "platforms/tmall.yaml:2:27: a param's value has no key floor"
    ]


@pytest.mark.parametrize(
    ("shape", "text", "fault"),
    [
        (SHOP_FILE, "shop: 我的店\nparams: {a: {value: 1}}", "x.yaml:1:7: not a name: 我的店"),
        (
            ACTIONS_FILE,
            "actions: {pay: {by: agent, title: {zh: 付, en: pay}, to: finance}}",
            "x.yaml:1:53: to stands only together with list",
        ),
        (SOURCES_FILE, "sources: {S1: {title: {zh: 甲, en: a}, layer: laws}}", "x.yaml:1:46: a layer is never laws"),
        (POLICY_FILE, "- a", "x.yaml:1:1: this should be policy.yaml, not a list"),
        (POLICY_FILE, POLICY.replace("root: reception\n", ""), "x.yaml:1:1: policy.yaml lacks its key root"),
        (FACTS_FILE, "facts: []", "x.yaml:1:8: this should be facts, not a list"),
        (FACTS_FILE, "facts: {}", "x.yaml:1:8: nothing stands here, it should be facts"),
    ],
)
def test_faults_of_the_other_files(shape: object, text: str, fault: str) -> None:
    """The first line of each fault."""
    assert shape in FILE_KINDS.values()
    _, faults = read_file(Source("x.yaml", text), shape)  # type: ignore[arg-type]
    assert [render(each, Lang.EN).split("\n", 1)[0] for each in faults] == [fault]
