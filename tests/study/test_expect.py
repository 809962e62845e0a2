"""What a worked case may expect of a decision, and how a difference is told."""

from __future__ import annotations

import pytest

from aftersales.source import Source
from aftersales.study.expect import compare
from aftersales.text import Lang
from aftersales.yaml_nodes import Mapping, compose

DECIDED: dict[str, object] = {
    "policy": {"id": "p", "version": "1", "digest": "0"},
    "flow": "wrong_item",
    "state": "verify",
    "status": "open",
    "outcome": None,
    "reason": {"zh": "仓库证实发错", "en": "the warehouse confirms it"},
    "liable": "seller",
    "next_actions": [
        {"action": "soothe", "by": "agent", "due": "2026-11-08T11:00:00+08:00"},
        {"action": "send_photos", "by": "buyer", "due": "2026-11-08T11:00:00+08:00"},
    ],
    "duties": [],
    "needs": [{"fact": "evidence", "from": "agent", "options": ["none", "confirmed"]}],
    "due": "2026-11-08T11:00:00+08:00",
    "postage": {
        "outbound": None,
        "return": {"advanced_by": "buyer", "borne_by": "seller", "amount": "12.00", "shares": {"seller": "12.00"}},
    },
    "refund": {
        "total": "71.00",
        "maximum": None,
        "lines": [{"for": "goods", "amount": "59.00", "due": True}, {"for": "return", "amount": "12.00", "due": True}],
        "deductions": [],
        "waiting": [{"for": "gift", "needs": ["gift_price"]}],
    },
    "charges": [{"for": "price_difference", "amount": "20.00"}],
    "recover": [],
    "transfers": [
        {"from": "seller", "to": "buyer", "for": "goods", "amount": "59.00"},
        {"from": "seller", "to": "buyer", "for": "return", "amount": "12.00"},
    ],
    "parts": None,
    "path": [{"flow": "reception", "state": "route"}, {"flow": "wrong_item", "state": "verify"}],
    "sources": [{"id": "T26", "layer": "platform"}],
    "warnings": [{"zh": "未查到平台规则", "en": "no platform rule found"}],
    "outlook": None,
}


def differences(text: str) -> list[str]:
    """Return the differences between an ``expect`` written as ``text`` and the decision, in English, with their lines."""
    node, faults = compose(Source("cases/x.yaml", text))
    assert not faults
    assert isinstance(node, Mapping)
    found = compare(node, DECIDED)
    return [f"{fault.span.line if fault.span else '?'} {fault.message.to(Lang.EN)}" for fault in found]


@pytest.mark.parametrize(
    "text",
    [
        "{flow: wrong_item, state: verify, status: open}",
        "outcome: null",
        "outcome: ~",
        "liable: seller",
        "next_actions: [send_photos, soothe]",
        "next_actions: {send_photos: buyer}",
        "next_actions: {send_photos: {by: buyer, due: 2026-11-08T11:00+08:00}}",
        "duties: []",
        "needs: [evidence]",
        "needs: {evidence: {options: [none, confirmed]}}",
        "due: 2026-11-08T11:00+08:00",
        "due: 2026-11-08T03:00:00Z",
        "postage: {return: seller}",
        "postage: {outbound: null}",
        'postage: {return: {borne_by: seller, amount: "12.00", shares: {seller: "12.00"}}}',
        'refund: {total: "71.00"}',
        "refund: {maximum: null}",
        'refund: {lines: {goods: "59.00"}}',
        "refund: {lines: [return, goods]}",
        'refund: {lines: {goods: {amount: "59.00", due: true}}}',
        "refund: {deductions: []}",
        "refund: {waiting: {gift: [gift_price]}}",
        'charges: {price_difference: "20.00"}',
        "recover: []",
        'transfers: [{for: return, amount: "12.00"}, {for: goods}]',
        "path: [route, verify]",
        "path: [reception.route, wrong_item.verify]",
        "sources: [T26]",
        "warnings: [no platform rule]",
        "warnings: [未查到]",
        "reason: 仓库证实发错",
        "reason: {en: the warehouse confirms it}",
        "parts: null",
    ],
)
def test_a_part_that_is_as_expected_passes(text: str) -> None:
    """Every documented way of expecting something, of a decision that has it."""
    assert differences(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("state: trip", "1 state: expected trip, got verify"),
        ("outcome: exchange", "1 outcome: expected exchange, got null"),
        ("liable: null", "1 liable: expected null, got seller"),
        ("next_actions: [soothe]", "1 next_actions: expected [soothe], got [send_photos, soothe]"),
        ("next_actions: {refund: finance}", "1 next_actions: expected refund, got [send_photos, soothe]"),
        ("next_actions: {soothe: buyer}", "1 next_actions.soothe: expected buyer, got agent"),
        ("duties: [find]", "1 duties: expected [find], got []"),
        ("needs: []", "1 needs: expected [], got [evidence]"),
        ("due: 2026-11-08T11:01+08:00", "1 due: expected 2026-11-08T11:01+08:00, got 2026-11-08T11:00:00+08:00"),
        ("postage: {return: buyer}", "1 postage.return: expected buyer, got seller"),
        ("postage: {outbound: seller}", "1 postage.outbound: expected seller, got null"),
        ("postage: {return: {amount: null}}", "1 postage.return.amount: expected null, got 12.00"),
        ('refund:\n  total: "59.00"', "2 refund.total: expected 59.00, got 71.00"),
        ("refund: {total: 71}", "1 refund.total: expected 71, got 71.00"),
        ('refund: {lines: {goods: "60.00"}}', "1 refund.lines.goods: expected 60.00, got 59.00"),
        ('refund: {lines: {gift: "1.00"}}', "1 refund.lines: expected gift, got [goods, return]"),
        ("refund: {waiting: {gift: []}}", "1 refund.waiting.gift: expected [], got [gift_price]"),
        ("path: [verify, route]", "1 path: expected [verify, route], got [route, verify]"),
        ("path: [route]", "1 path: expected [route], got [route, verify]"),
        ("warnings: []", "1 warnings: expected [], got [未查到平台规则, no platform rule found]"),
        ("warnings: [late]", "1 warnings: expected late, got [未查到平台规则, no platform rule found]"),
        ("flow: [wrong_item]", "1 flow: expected [wrong_item], got wrong_item"),
        ("refund: nothing", None),
    ],
)
def test_a_difference_is_told_at_the_expected_value(text: str, told: str | None) -> None:
    """The message says what was expected and what was decided; the place is the expected value's."""
    found = differences(text)
    assert len(found) == 1
    assert told is None or found == [told]


def test_transfers_are_matched_one_to_one() -> None:
    """One transfer cannot stand for two expected ones."""
    assert len(differences("transfers: [{for: goods}, {for: goods}]")) == 1
    assert len(differences("transfers: [{for: goods}]")) == 1


@pytest.mark.parametrize(
    ("text", "path", "hint"),
    [
        ("statte: verify", "statte", "did you mean state?"),
        ("refund: {totl: 1}", "refund.totl", "did you mean total?"),
        ("postage: {retrun: seller}", "postage.retrun", "did you mean return?"),
        ("policy: {id: p}", "policy", None),
    ],
)
def test_an_unknown_key_is_a_fault_with_the_nearest(text: str, path: str, hint: str | None) -> None:
    """A misspelt expectation never passes silently."""
    node, _ = compose(Source("cases/x.yaml", text))
    assert isinstance(node, Mapping)
    (fault,) = compare(node, DECIDED)
    assert fault.code == "unknown_expectation"
    assert fault.message.en == f"a decision has no {path}"
    assert hint is None or (fault.hint is not None and fault.hint.en == hint)


def test_all_differences_are_told_at_once() -> None:
    """One run shows everything that differs."""
    assert len(differences('state: trip\nliable: buyer\nrefund: {total: "0.00", maximum: "1.00"}')) == 4
