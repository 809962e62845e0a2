"""Flow files: what is read."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from aftersales.source import Source
from aftersales.syntax.flow_shapes import FLOW_FILE
from aftersales.syntax.read import read_file
from aftersales.syntax.tree import (
    ByTimeSyntax,
    CascadeSyntax,
    ExprText,
    FlowSyntax,
    SharesSyntax,
    StateSyntax,
    TableSyntax,
    TargetSyntax,
    UndecidedSyntax,
    WithinDaysSyntax,
    WithinHoursSyntax,
    WithinLength,
    WithinParam,
)

FLOW = """\
flow: wrong_item
title: {zh: 错发, en: Wrong item}
sources: [S4, T26]
start: verify
exits: [accepted, rejected]
anytime: [{on: claim_withdrawn, to: withdrawn, sources: [S1]}]
facts:
  local_fact: {type: flag, from: agent, title: {zh: 甲, en: a}, values: {true: {zh: 是, en: yes}, false: {zh: 否, en: no}}}
states:
  verify:
    title: {zh: 核实错发, en: Check the claim}
    do: [soothe, {reship: {after: [pack, label]}}]
    duties: [find_responsible_person]
    within: 48h
    late:
      photos_sent: closed
      warehouse_record: {to: verify, take: {warehouse_record: no_record, sent_at: null}, restart: true}
    first:
      - when: evidence != confirmed
          and photo_rounds < 2
        to: verify
        forget: [photos_sent, evidence]
        add: {photo_rounds: 1}
        sources: [S2]
      - when: "not photos_sent"
        by: {wants: {reship: closed, otherwise: {exit: accepted}}}
      - {otherwise: {flow: intercept, sources: [S5]}, sources: [S3]}
  choose:
    title: {zh: 协商方案, en: Agree}
    do: {pack: {}, reship: {after: [pack]}}
    offer: {wants: {reship: in_stock, partial_refund: true}, offered_amount: {at_most: partial_refund_cap}}
    within: {days: 7, end_of_day: true}
    late: closed
    until: return_tracking or return_received
    to: {first: [{when: in_stock, to: verify}, {otherwise: closed}]}
    liable: undecided
    refund: {goods: claimed_paid, gift: {amount: gift_value, at_most: gift_cap}}
  trip:
    use: return_trip
    exits: {accepted: closed, rejected: {to: verify, forget: [wants]}}
  closed:
    title: {zh: 结案, en: Closed}
    outcome: refused
    reason: {zh: 无凭证, en: no evidence}
    liable: {buyer: 30%, rest: seller}
    postage: {outbound: seller, return: {advanced: return_postage_advanced_by, borne: undecided, insured: false}}
    deductions: {gift: gift_price}
    charge: {difference: price_difference}
    recover: {from: carrier, goods: claimed_paid}
    reopen: [{when: parcel_found, within: 90d, to: verify}]
"""


def read(text: str) -> FlowSyntax:
    """Return a flow without faults."""
    flow, faults = read_file(Source("demo.yaml", text), FLOW_FILE)
    assert not faults
    assert flow is not None
    return flow


def state(text: str) -> StateSyntax:
    """Return a state with these keys."""
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    head = "flow: demo\ntitle: {zh: 演示, en: Demo}\nstart: a\nstates:\n  a:\n    title: {zh: 甲, en: A}\n"
    return read(head + lines).states[0]


def test_a_whole_flow_is_read() -> None:
    """Names, order and everything around the states arrive as written."""
    flow = read(FLOW)
    assert (str(flow.name), str(flow.start)) == ("wrong_item", "verify")
    assert [str(name) for name in flow.sources] == ["S4", "T26"]
    assert flow.exits is not None
    assert [str(name) for name in flow.exits] == ["accepted", "rejected"]
    assert [str(state.name) for state in flow.states] == ["verify", "choose", "trip", "closed"]
    assert [(str(each.on), str(each.target.to)) for each in flow.anytime] == [("claim_withdrawn", "withdrawn")]
    assert [str(name) for name in flow.anytime[0].target.sources] == ["S1"]
    assert [value.value.text for value in flow.facts[0].values] == ["true", "false"]


def test_branches_are_read_in_order() -> None:
    """A cascade keeps its branches with what happens on the way; tables nest; otherwise has no condition."""
    leads = read(FLOW).states[0].leads
    assert isinstance(leads, CascadeSyntax)
    again, table, rest = leads.branches
    assert again.when is not None
    assert again.when.text == "evidence != confirmed and photo_rounds < 2"
    assert [str(name) for name in again.target.forget] == ["photos_sent", "evidence"]
    assert [(str(each.fact), each.count) for each in again.target.add] == [("photo_rounds", 1)]
    assert isinstance(table.target.nested, TableSyntax)
    assert [(row.value.text if row.value else None) for row in table.target.nested.rows] == ["reship", None]
    assert str(table.target.nested.rows[1].target.exit) == "accepted"
    assert rest.when is None
    assert str(rest.target.flow) == "intercept"
    assert [str(name) for name in rest.target.sources] == ["S5", "S3"]


def test_a_fault_inside_an_expression_has_its_own_place() -> None:
    """A stretch of an expression that runs over two lines is found on its line."""
    leads = read(FLOW).states[0].leads
    assert isinstance(leads, CascadeSyntax)
    when = leads.branches[0].when
    assert when is not None
    start = when.text.index("photo_rounds")
    assert str(when.part(start, start + 12)) == "demo.yaml:20:15"


def test_actions_deadlines_and_answers_are_read() -> None:
    """Order of actions, silence taken as an answer, offers with conditions and bounds."""
    verify, choose, _, _ = read(FLOW).states
    assert [(str(each.action), [str(name) for name in each.after]) for each in verify.do] == [
        ("soothe", []),
        ("reship", ["pack", "label"]),
    ]
    assert [(str(each.action), [str(name) for name in each.after]) for each in choose.do] == [
        ("pack", []),
        ("reship", ["pack"]),
    ]
    silence = verify.late[1]
    assert [(str(each.fact), each.value.is_null) for each in silence.target.take] == [
        ("warehouse_record", False),
        ("sent_at", True),
    ]
    assert silence.target.restart
    assert choose.late[0].fact is None
    wants, amount = choose.offers
    assert [(each.value.text, each.condition.text) for each in wants.options] == [
        ("reship", "in_stock"),
        ("partial_refund", "true"),
    ]
    assert amount.at_most is not None
    assert amount.options == ()


def test_ends_and_terms_are_read() -> None:
    """Who is liable, who bears each leg, what is paid."""
    _, choose, trip, closed = read(FLOW).states
    assert isinstance(choose.terms.liable, UndecidedSyntax)
    assert [(str(line.name), line.at_most is not None) for line in choose.terms.refund] == [
        ("goods", False),
        ("gift", True),
    ]
    assert trip.use is not None
    assert [(str(each.exit), str(each.target.to)) for each in trip.use.exits] == [
        ("accepted", "closed"),
        ("rejected", "verify"),
    ]
    assert trip.title is None
    assert closed.end is not None
    assert (str(closed.end.outcome), closed.end.reason and closed.end.reason.text.en) == ("refused", "no evidence")
    assert isinstance(closed.terms.liable, SharesSyntax)
    assert [(str(each.party), each.rate) for each in closed.terms.liable.shares] == [
        ("buyer", Fraction(3, 10)),
        ("seller", None),
    ]
    outbound, back = closed.terms.postage
    assert isinstance(outbound.borne, ExprText)
    assert (outbound.advanced, outbound.insured) == (None, True)
    assert isinstance(back.borne, UndecidedSyntax)
    assert isinstance(back.advanced, ExprText)
    assert not back.insured
    assert [(str(line.name), str(line.party)) for line in closed.terms.recover] == [("goods", "carrier")]
    assert isinstance(closed.reopen[0].within, WithinLength)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("48h", WithinLength),
        ("remedy_time", WithinParam),
        ("{days: no_reason_days}", WithinDaysSyntax),
        ('{hours: 4, between: "09:00-18:00"}', WithinHoursSyntax),
        ("{hours: 4, between: 09:00-18:00}", WithinHoursSyntax),
        ("{by: pickup_time}", ByTimeSyntax),
    ],
)
def test_every_way_to_write_a_time_limit(written: str, kind: type) -> None:
    """Lengths, params, days, hours of the day, and a time of day."""
    assert isinstance(state(f"within: {written}\nlate: a\nto: a").within, kind)


def test_lengths_are_durations() -> None:
    """``7d`` is 168 hours."""
    within = state("within: 7d\nlate: a\nto: a").within
    assert isinstance(within, WithinLength)
    assert within.length == dt.timedelta(hours=168)


@pytest.mark.parametrize(
    ("written", "name"), [("{flow: x}", "flow"), ("{exit: x}", "exit"), ("{to: x}", "to"), ("x", "to")]
)
def test_a_target_is_a_name_or_a_set_of_keys(written: str, name: str) -> None:
    """A bare name is a state of the flow."""
    leads = state(f"to: {written}").leads
    assert isinstance(leads, TargetSyntax)
    assert str(getattr(leads, name)) == "x"
