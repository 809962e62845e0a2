"""From what the author wrote to what it means: tables, sub-flows, params, sources."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from aftersales.expr.scope import Scope
from aftersales.expr.tree import TRUE
from aftersales.expr.types import FLAG
from aftersales.expr.words import code
from aftersales.policy.expressions import read_expression
from aftersales.policy.faults import Faults
from aftersales.policy.load import load_folder
from aftersales.policy.model import Policy, State
from aftersales.source import Source, Span
from aftersales.syntax.tree import ExprText

Change = Callable[[str, str, str], Path]


def _branches(state: State) -> list[tuple[str, str, str]]:
    return [(code(branch.when), code(branch.guard), branch.target.state) for branch in state.branches]


def test_a_cascade_means_its_guard_and_none_above(minimal: Policy) -> None:
    """Each branch keeps the author's condition and gets a guard that excludes those above; otherwise is all the rest."""
    found = _branches(minimal.states["no_reason.window"])
    assert found == [
        ("not delivered", "not delivered", "no_reason.too_early"),
        (
            "days_since_delivered <= no_reason_days",
            "delivered and days_since_delivered <= no_reason_days",
            "no_reason.postage_rule",
        ),
        ("true", "delivered and days_since_delivered > no_reason_days", "no_reason.too_late"),
    ]
    assert [branch.otherwise for branch in minimal.states["no_reason.window"].branches] == [False, False, True]


def test_a_table_becomes_one_branch_a_row(minimal: Policy) -> None:
    """A row tests its value; a flag's rows test the flag and its negation."""
    assert _branches(minimal.states["wrong_item.choose"]) == [
        ("wants == refund", "wants == refund", "wrong_item.trip"),
        ("wants == exchange", "wants == exchange", "wrong_item.replace"),
    ]
    assert [code(branch.guard) for branch in minimal.states["no_reason.inspect"].branches] == ["intact", "not intact"]


def test_nested_tables_are_joined_by_and(change: Change) -> None:
    """What is nested stands under the conditions around it; an inner otherwise stays within its row."""
    folder = change(
        "no_reason.yaml",
        "free_shipping: {none: trip, always: trip}",
        "free_shipping:\n"
        "        none: {first: [{when: severity == severe, to: too_late}, {otherwise: {to: trip, sources: [P1]}}]}\n"
        "        otherwise: trip",
    )
    state = load_folder(folder).states["no_reason.postage_rule"]
    assert _branches(state) == [
        (
            "free_shipping == none and severity == severe",
            "free_shipping == none and severity == severe",
            "no_reason.too_late",
        ),
        ("free_shipping == none", "free_shipping == none and severity != severe", "no_reason.trip"),
        ("true", "free_shipping == always", "no_reason.trip"),
    ]
    assert [branch.otherwise for branch in state.branches] == [False, True, True]
    assert [branch.sources for branch in state.branches] == [("L25",), ("P1",), ("L25",)]


def test_an_outer_row_is_closed_to_what_its_inner_table_leaves_out(change: Change) -> None:
    """A case that fits an outer condition never falls through to the rows below it."""
    folder = change(
        "no_reason.yaml",
        "    first:\n      - when: not delivered\n        to: too_early\n",
        "    first:\n      - when: not delivered\n        first:\n"
        "          - {when: severity == severe, to: too_late}\n"
        "          - {otherwise: too_early}\n",
    )
    guards = [code(branch.guard) for branch in load_folder(folder).states["no_reason.window"].branches]
    assert guards[2] == "delivered and days_since_delivered <= no_reason_days"


def test_until_is_part_of_every_guard(minimal: Policy) -> None:
    """A state that waits leads on only where its condition is true."""
    (branch,) = minimal.states["wrong_item.replace"].branches
    assert (branch.when, code(branch.guard)) == (TRUE, "reshipped")


def test_a_sub_flow_is_copied_in_for_each_use(minimal: Policy) -> None:
    """Copies carry dotted names, belong to the flow that uses them, and leave by its exits."""
    assert set(minimal.flows) == {"no_reason", "reception", "wrong_item"}
    arrivals = {key: state for key, state in minimal.states.items() if state.name == "trip.arrival"}
    assert {key: state.flow for key, state in arrivals.items()} == {
        "no_reason.trip.arrival": "no_reason",
        "wrong_item.trip.arrival": "wrong_item",
    }
    assert arrivals["no_reason.trip.arrival"].branches[0].target.state == "no_reason.inspect"
    assert arrivals["wrong_item.trip.arrival"].branches[0].target.state == "wrong_item.refunded"
    assert arrivals["wrong_item.trip.arrival"].late[0].target.state == "wrong_item.kept"


def test_a_state_that_uses_is_passed(minimal: Policy) -> None:
    """It names the sub-flow, takes its title, and leads to the copy's start; the copies stand behind it."""
    state = minimal.states["wrong_item.trip"]
    assert state.uses == "return_trip"
    assert state.title.en == "The way back"
    assert _branches(state) == [("true", "true", "wrong_item.trip.hand_over")]
    keys = minimal.flows["wrong_item"].states
    assert keys[keys.index("wrong_item.trip") :][:3] == (
        "wrong_item.trip",
        "wrong_item.trip.hand_over",
        "wrong_item.trip.arrival",
    )


def test_what_happens_on_the_way_out_adds_up(change: Change) -> None:
    """An exit's own changes come first, then those of the way that the using flow gives it."""
    change("return_trip.yaml", "to: {exit: arrived}", "to: {exit: arrived, forget: [return_received]}")
    folder = change(
        "wrong_item.yaml",
        "{arrived: refunded, never_sent: kept}",
        "{arrived: {to: refunded, take: {severity: minor}}, never_sent: kept}",
    )
    target = load_folder(folder).states["wrong_item.trip.arrival"].branches[0].target
    assert (target.forget, target.take) == (("return_received",), (("severity", "minor"),))


def test_a_hand_over_is_marked(minimal: Policy) -> None:
    """A case that is handed over goes to the other flow's start."""
    target = minimal.states["reception.sort"].branches[0].target
    assert (target.state, target.hands_over) == ("wrong_item.verify", True)


def test_sources_are_inherited(minimal: Policy) -> None:
    """A branch without sources of its own has the state's, a state the flow's, a copy the sub-flow's."""
    assert minimal.states["no_reason.window"].sources == ("L25",)
    assert minimal.states["no_reason.window"].branches[0].sources == ("L25",)
    assert minimal.states["no_reason.trip.arrival"].sources == ("S1",)


def test_the_nearest_value_of_a_param_stands_first(change: Change) -> None:
    """Shops' values come before platforms', platforms' before the shipped one; each knows its layer."""
    folder = change("shops/mine.yaml", "params:\n", "params:\n  no_reason_days: {value: 15, source: S1}\n")
    values = load_folder(folder).params["no_reason_days"].values
    assert [(value.value, value.shop, value.platform, value.layer) for value in values] == [
        (15, "mine", None, "document"),
        (10, None, "tmall", "platform"),
        (7, None, None, "law"),
    ]


def test_periods_run_from_day_to_day(minimal: Policy) -> None:
    """Both days of a period are in it, in the policy's timezone."""
    first, second = minimal.params["late_rate"].values
    assert first.valid_until is not None
    assert second.valid_from is not None
    assert first.valid_until.isoformat() == "2026-06-30T15:59:59+00:00"
    assert second.valid_from.isoformat() == "2026-06-30T16:00:00+00:00"


def test_a_counter_is_a_count_that_the_policy_answers(minimal: Policy) -> None:
    """Counters, derived and computed facts are told apart from those that people tell."""
    facts = minimal.facts
    assert [name for name, fact in facts.items() if fact.counter] == ["photo_rounds"]
    assert [name for name, fact in facts.items() if fact.computed] == [
        "claimed_paid",
        "already_refunded",
        "postage_claimed",
    ]
    assert facts["delivered_at"].flag == "delivered"


def test_an_expression_is_read_once_in_a_scope() -> None:
    """The same text is the same tree where the same may be named; elsewhere, and at fault, it is read anew."""
    source = Source("x.yaml", "asked and paid")
    written = ExprText("asked and paid", Span(source, 1, 1, 1, 15))
    both, one = Scope(facts={"asked": FLAG, "paid": FLAG}), Scope(facts={"asked": FLAG})
    faults = Faults()
    first = read_expression(written, both, FLAG, faults)
    assert read_expression(written, both, FLAG, faults) is first
    assert not faults.found
    for _ in range(2):
        read_expression(written, one, FLAG, faults)
    assert [fault.code for fault in faults.found] == ["unknown_name"] * 2
