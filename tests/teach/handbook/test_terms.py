"""What an end says about money: nothing is denied that an earlier flow may have granted, nothing is due that goes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from aftersales.policy.model import MoneyLine, Policy, State
from aftersales.run.loaded import LoadedPolicy
from aftersales.study.case_file import read_case_file
from aftersales.study.decide import decide_written
from aftersales.teach.handbook.examples import Example, example_box
from aftersales.teach.handbook.model import Table
from aftersales.teach.handbook.terms import Carried, amounts, carried, payers
from aftersales.teach.handbook.voice import LANGS, Voice

BEFORE = "照转来前已定的（没有的不退）"


@pytest.fixture(scope="module")
def held(policy: LoadedPolicy) -> Mapping[str, Carried]:
    """Which terms may hold in each state of the shipped policy."""
    return carried(policy.model)


def said(model: Policy, held: Mapping[str, Carried], key: str) -> tuple[str, ...]:
    """Return what an end says about money, in Chinese."""
    return tuple(words[0] for words in amounts(model.states[key], held[key], Voice(model, LANGS["zh"])))


def test_no_refund_is_said_only_where_none_can_hold(policy: LoadedPolicy, held: Mapping[str, Carried]) -> None:
    """An end that carries a refund or a charge of another flow does not deny it."""
    model = policy.model
    for key, state in model.states.items():
        if state.end is None or said(model, held, key) != ("不退款",):
            continue
        for (kind, name), by in held[key].items():
            earlier = [model.states[one] for one in by if model.states[one].flow != state.flow]
            lines = [line for one in earlier for line in (*one.terms.refund, *one.terms.charge) if line.name == name]
            assert kind not in {"refund", "charge"} or all(map(_is_zero, lines)), key
    ends = ("statutory_damages.withdrawn", "platform_case.refused", "platform_case.supervisor")
    assert [said(model, held, end) for end in ends] == [(BEFORE,)] * len(ends)


def _is_zero(line: MoneyLine) -> bool:
    return getattr(line.amount, "value", None) == 0


def test_ends_where_nothing_was_laid_down_refund_nothing(policy: LoadedPolicy, held: Mapping[str, Carried]) -> None:
    """A case that comes straight from reception has nothing settled before."""
    model = policy.model
    assert said(model, held, "lost_parcel.not_lost") == ("不退款",)
    assert said(model, held, "reception.withdrawn") == ("不退款",)


def test_what_was_paid_in_advance_is_not_denied(policy: LoadedPolicy, held: Mapping[str, Carried]) -> None:
    """Where the top-up or the difference goes back, only the goods are not refunded; without that, nothing is."""
    model = policy.model
    for end in ("change_carrier.withdrawn", "order_details.withdrawn"):
        assert said(model, held, end) == ("不退货款",)
        assert "give_back_top_up" in {each.action for each in model.states[end].do}
        idle = replace(model.states[end], do=(), duties=())
        assert amounts(idle, held[end], Voice(model, LANGS["zh"])) == (("不退款",),)


@pytest.mark.parametrize(
    ("end", "title"),
    [
        ("change_carrier.supervisor_owes_top_up", "补邮费"),
        ("warranty.not_repairable", "修理费"),
        ("buyer_exchange.refunded_not_replaced", "差价"),
    ],
)
def test_what_goes_back_is_not_due(policy: LoadedPolicy, held: Mapping[str, Carried], end: str, title: str) -> None:
    """A charge that the end refunds, under its own name or as *paid*, is said once: as what the buyer gets."""
    model = policy.model
    found = said(model, held, end)
    assert any(title in one for one in found)
    assert not any(one.startswith("应收") for one in found)
    state = model.states[end]
    kept: State = replace(state, terms=replace(state.terms, refund=()))
    due = amounts(kept, held[end], Voice(model, LANGS["zh"]))
    assert any(words[0].startswith(f"应收（已付的不再收）：{title}") for words in due)


def test_a_case_says_that_what_it_paid_goes_back(policy: LoadedPolicy) -> None:
    """The top-up of a parcel that was never sent is no longer due; one that was sent is."""
    voice = Voice(policy.model, LANGS["zh"])
    charges = {}
    for case in read_case_file(Path(policy.model.folder) / "cases" / "change_carrier.yaml", "change_carrier.yaml"):
        decision = decide_written(policy, case)
        if decision.state in {"supervisor_owes_top_up", "sent_topped_up"}:
            box = example_box(Example(case, decision), 1, voice)
            money = box.blocks[-1]
            assert isinstance(money, Table)
            charges[decision.state] = [
                row.cells[0][0][0].words[0] for row in money.rows if len(row.cells) == len(money.heads)
            ]
    assert "买家已付，退回：补邮费" in charges["supervisor_owes_top_up"]
    assert charges["sent_topped_up"] == ["应收（已付的不再收）：补邮费"]


def test_a_leg_that_only_some_ways_settle_says_after_which(policy: LoadedPolicy, held: Mapping[str, Carried]) -> None:
    """Who bears it and what moves for it name the state that lays it down; an end's own leg needs no such word."""
    model = policy.model
    voice = Voice(model, LANGS["zh"])
    after = "（走过“丢件全额退款，向快递索赔”才有）"
    withdrawn = tuple(
        words[0] for words in payers(model.states["lost_parcel.withdrawn"], held["lost_parcel.withdrawn"], voice)
    )
    assert f"发出运费：快递公司承担{after}" in withdrawn
    assert f"买家垫付的发出运费{after}" in said(model, held, "lost_parcel.withdrawn")
    assert "应收（已付的不再收）：补发运费（走过“补发前收补发运费和差价”才有）" in said(
        model, held, "buyer_exchange.supervisor"
    )
    for key, state in model.states.items():
        own = {model.legs[term.leg].title.zh for term in state.terms.postage} if state.end is not None else set()
        for (words,) in payers(state, held[key], voice) if own else ():
            assert words.partition("：")[0] not in own or "才有" not in words, key


def test_who_bears_a_leg_is_not_read_across_a_comma(policy: LoadedPolicy, held: Mapping[str, Carried]) -> None:
    """Where one of two bearers has more said about it, a semicolon keeps them apart; two plain ones need none."""
    model = policy.model
    voice = Voice(model, LANGS["both"])
    found = [
        words
        for key in ("buyer_exchange.supervisor_withdrawn", "no_reason_return.withdrawn")
        for words in payers(model.states[key], held[key], voice)
    ]
    assert any(zh.startswith("补发运费：买家承担，卖家垫付，保险不赔；或卖家承担") for zh, _ in found)
    assert any("not insured; or seller" in en for _, en in found)
    assert any(zh.startswith("发出运费：卖家承担或买家承担") for zh, _ in found)
