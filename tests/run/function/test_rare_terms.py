"""Terms that no shipped policy has: the function writes them out as the machine works them out."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

import aftersales
from aftersales import LoadedPolicy
from aftersales.case.parts import read_parts
from aftersales.expr.build import negate
from aftersales.expr.tree import (
    All,
    Choose,
    Compare,
    Either,
    Expr,
    Extreme,
    FactRef,
    In,
    Literal,
    Product,
    Sum,
)
from aftersales.expr.types import FLAG, Kind, Type, Value
from aftersales.policy.model import Anytime, Branch, Holds, MoneyLine, Policy, PostageTerm, Share, State, Target, Terms
from aftersales.run.function.reference import by_machine
from aftersales.run.function.ways import excluded, ways_of
from aftersales.run.parts import decide_parts, fold_parts
from rows import OPENED, draw_row

SMALL = Path(__file__).parents[2] / "bench" / "small"
END = "wrong_item.refunded"
MONEY = Type(Kind.MONEY)
PARTY = Type(Kind.PARTY)
PAID, REFUNDED = FactRef(MONEY, "claimed_paid"), FactRef(MONEY, "already_refunded")
RECEIPT = FactRef(MONEY, "return_postage")
IN_STOCK = FactRef(FLAG, "in_stock")
LATE = FactRef(FLAG, "ship_late")
THIRD = Literal(Type(Kind.RATE), Fraction(1, 3))
#: What leads to the end whose terms are changed, whatever else is told.
TO_THE_END: dict[str, Value] = {
    "issue": "wrong_item",
    "evidence": "confirmed",
    "wants": "return_and_refund",
    "return_received": True,
    "inspection_verdict": "confirmed",
}
BUYER, SELLER, CARRIER = (Literal(PARTY, word) for word in ("buyer", "seller", "carrier"))


@pytest.fixture(scope="module")
def small() -> LoadedPolicy:
    """Load the small policy of the benchmarks once."""
    return aftersales.load(SMALL)


def line(state: State, name: str, amount: Expr, cap: Expr | None = None) -> MoneyLine:
    """Return a line of money of ``state``."""
    return MoneyLine(name, amount, cap, state.span, "carrier")


def leg(state: State, name: str, advanced: Expr | None, borne: Expr | tuple[Share, ...] | None) -> PostageTerm:
    """Return what ``state`` says of a leg."""
    return PostageTerm(name, advanced, borne, name == "return", state.span)


def with_terms(policy: Policy, terms: Terms) -> LoadedPolicy:
    """Return the policy with other terms at one end."""
    states = {**policy.states, END: replace(policy.states[END], terms=terms)}
    return LoadedPolicy(replace(policy, states=states))


def variants(state: State) -> dict[str, Terms]:
    """Return terms of every rare kind, by what is rare about them."""
    plain = Terms(says_liable=True, liable=SELLER)
    either = Choose(PARTY, IN_STOCK, BUYER, SELLER)
    third = Product(MONEY, (PAID, THIRD))
    shares = (Share("buyer", Fraction(1, 3)), Share("carrier", Fraction(1, 7)), Share("seller", None))
    below_zero = Sum(MONEY, ((1, REFUNDED), (-1, RECEIPT)))
    return {
        "below zero": replace(plain, refund=(line(state, "compensation", below_zero),)),
        "above its cap": replace(plain, refund=(line(state, "compensation", RECEIPT, REFUNDED),)),
        "above the goods": replace(plain, refund=(line(state, "goods", RECEIPT),)),
        "a rate": replace(plain, refund=(line(state, "compensation", third),)),
        "a negative product": replace(
            plain, charge=(line(state, "x", Product(MONEY, (Sum(MONEY, ((-1, PAID),)), THIRD)), None),)
        ),
        "least of three": replace(plain, refund=(line(state, "goods", Extreme(MONEY, "min", (PAID, third, RECEIPT))),)),
        "an amount by condition": replace(
            plain, refund=(line(state, "goods", Choose(MONEY, Either((IN_STOCK, LATE)), third, RECEIPT)),)
        ),
        "two deductions": replace(
            plain,
            refund=(line(state, "goods", Sum(MONEY, ((1, PAID), (-1, REFUNDED)))),),
            deductions=(line(state, "first", RECEIPT), line(state, "second", third)),
        ),
        "charged and recovered": replace(
            plain, charge=(line(state, "gap", RECEIPT, PAID),), recover=(line(state, "goods", third),)
        ),
        "shared": replace(plain, postage=(leg(state, "return", None, shares),)),
        "shared by who knows": replace(plain, postage=(leg(state, "return", either, shares),)),
        "borne by condition": replace(plain, postage=(leg(state, "return", None, either),)),
        "advanced by condition": replace(
            plain, postage=(leg(state, "return", either, CARRIER), leg(state, "reship", either, BUYER))
        ),
        "undecided": replace(plain, postage=(leg(state, "return", None, None), leg(state, "reship", None, None))),
        "the carrier advanced": replace(plain, postage=(leg(state, "reship", CARRIER, BUYER),)),
        "liable by condition": replace(plain, liable=either),
        "shared liability": replace(plain, liable=shares),
    }


NAMES = tuple(variants(aftersales.load(SMALL).model.states[END]))


@pytest.mark.parametrize("name", NAMES)
def test_rare_terms_come_to_the_same(small: LoadedPolicy, name: str) -> None:
    """Shares, rates, caps, deductions, parties by condition: function and machine agree on every row."""
    policy = with_terms(small.model, variants(small.model.states[END])[name])
    dice, met = Random(name), 0  # noqa: S311 (rows to test with, no secrets)
    for _ in range(250):
        row = {**draw_row(policy.model, dice), **TO_THE_END}
        answer = policy.function(row)
        assert answer == by_machine(policy.machine, policy.model, row), row
        met += answer.state == END or answer.error in {"amount_below_zero", "refund_above_maximum"}
    assert met >= 25


def interrupted(policy: Policy, targets: dict[str, str]) -> LoadedPolicy:
    """Return the policy with flows that a late shipment interrupts, each going on at its state."""
    flows = dict(policy.flows)
    for name, state in targets.items():
        flow = flows[name]
        flows[name] = replace(flow, anytime=(Anytime(name, "ship_late", Target(state), flow.span),))
    return LoadedPolicy(replace(policy, flows=flows))


@pytest.mark.parametrize(
    ("targets", "end"),
    [
        ({"reception": "not_received.trace"}, "lost_parcel.choose"),
        ({"reception": "lost_parcel.choose"}, "lost_parcel.choose"),
        ({"reception": "lost_parcel.choose", "lost_parcel": "lost_parcel.refunded"}, "lost_parcel.refunded"),
        ({"reception": "not_received.trace", "lost_parcel": "lost_parcel.refunded"}, "lost_parcel.refunded"),
        ({"reception": "reception.sort"}, "lost_parcel.choose"),
        ({"lost_parcel": "lost_parcel.refunded"}, "lost_parcel.refunded"),
    ],
)
def test_an_interrupt_fires_in_each_flow_once(small: LoadedPolicy, targets: dict[str, str], end: str) -> None:
    """Told from the start, and again in a flow that the case comes to later, by itself or when a deadline passes."""
    policy = interrupted(small.model, targets)
    told: dict[str, Value] = {"issue": "lost", "ship_late": True, "carrier_chosen_by": "seller", "opened_at": OPENED}
    for elapsed in (None, timedelta(hours=1), timedelta(days=90)):
        answer = policy.function(told, elapsed)
        assert answer == by_machine(policy.machine, policy.model, told, elapsed)
        facts = {"issue": "lost", "ship_late": True, "carrier_chosen_by": "seller"}
        case: dict[str, object] = {"claim": {"opened_at": OPENED.isoformat()}, "facts": facts}
        if elapsed is not None:
            case["as_of"] = (OPENED + elapsed).isoformat()
        decided = policy.decide(case)
        assert decided == decide_parts(fold_parts(policy.machine, policy.model, read_parts(policy.model, case)))
    assert f"{decided.flow}.{decided.state}" == end


def contradicted(policy: Policy, name: str, more: Target) -> LoadedPolicy:
    """Return the policy with a relation, and ways out of a state, in time and late, that change more than they did."""
    state = policy.states[name]

    def changed(target: Target) -> Target:
        return replace(target, take=(*target.take, *more.take), forget=(*target.forget, *more.forget))

    branches = tuple(replace(branch, target=changed(branch.target)) for branch in state.branches)
    late = tuple(replace(way, target=changed(way.target)) for way in state.late)
    states = {**policy.states, name: replace(state, branches=branches, late=late)}
    relation = Holds(negate(All((LATE, IN_STOCK))), state.span)
    return LoadedPolicy(replace(policy, states=states, holds=(*policy.holds, relation)))


@pytest.mark.parametrize("name", ["reception.sort", "wrong_item.verify", "wrong_item.choose"])
@pytest.mark.parametrize(
    "more", [Target("", take=(("in_stock", True),)), Target("", take=(("ship_late", False),), forget=("in_stock",))]
)
def test_what_a_way_takes_in_agrees_with_what_is_told(small: LoadedPolicy, name: str, more: Target) -> None:
    """A way, or silence, that breaks a relation is a fault; one that changes nothing of a relation is not looked at."""
    policy = contradicted(small.model, name, more)
    dice, faults = Random(name), 0  # noqa: S311 (rows to test with, no secrets)
    for number in range(300):
        row = {**draw_row(policy.model, dice), "opened_at": OPENED, "issue": "wrong_item"}
        if number % 2:
            row |= {"ship_late": True}
            row.pop("in_stock", None)
        elapsed = dice.choice((None, timedelta(days=1), timedelta(days=60)))
        answer = policy.function(row, elapsed)
        assert answer == by_machine(policy.machine, policy.model, row, elapsed), row
        faults += answer.error == "relation_broken"
    assert faults >= (10 if more.take[0][1] else 1)


def test_only_what_is_sure_is_left_out_below(small: LoadedPolicy) -> None:
    """A condition that was not met is left out of the ways below it only where all of them ask for its opposite."""
    target = small.model.states["wrong_item.verify"].branches[0].target
    span = small.model.states[END].span

    def branch(guard: Expr) -> Branch:
        return Branch(guard, guard, target, span)

    told = In(FactRef(Type(Kind.CHOICE, ("a", "b")), "wants"), ("a",))
    apart = ways_of((branch(IN_STOCK), branch(All((negate(IN_STOCK), told)))))
    assert excluded(apart[0], apart[1:]) == (negate(IN_STOCK),)
    beside = ways_of((branch(IN_STOCK), branch(All((negate(IN_STOCK), told))), branch(Compare("==", PAID, REFUNDED))))
    assert excluded(beside[0], beside[1:]) == ()
