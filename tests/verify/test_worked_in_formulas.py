"""Worked cases as formulas: what one tells comes to the end that the machine comes to, with the same money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from aftersales import LoadedPolicy, load
from aftersales.expr.types import UNKNOWN, Value
from aftersales.policy.edges import edges
from aftersales.policy.model import Policy
from aftersales.run.flat import FlatCase
from aftersales.run.walk import Walk
from aftersales.study.prepared import ready_cases
from aftersales.verify.atlas import Atlas, ready
from aftersales.verify.figures import shop_is
from aftersales.verify.places import Place
from aftersales.verify.solver import Model
from aftersales.verify.symbols import Amount, OneOf, Symbol, Truth
from aftersales.verify.terms import Formula, all_of, any_of, compare, negate

FLOWS = Path(__file__).parents[2] / "flows"
READ = ("liable", "outbound_borne", "return_borne", "refund_goods", "refund_total", "deduction_total", "charge_total")
EVERY = 8


@pytest.fixture(scope="module")
def policy() -> LoadedPolicy:
    """The shipped policy."""
    return load()


@pytest.fixture(scope="module")
def atlas(policy: LoadedPolicy) -> Atlas:
    """It as formulas."""
    return ready(policy.model)


def settled_at_once(policy: LoadedPolicy) -> Iterator[tuple[str, Walk]]:
    """Yield worked cases that came to an end by answers alone, none of them asked for again or taken for silence.

    Where a parcel is insured the formulas leave open what the insurer pays until it is told.
    """
    plain = {edge.key for edge in edges(policy.model) if not (edge.target.forget or edge.target.take)}
    for case in ready_cases(policy, FLOWS).all:
        walk = next(iter(case.decided.walks), None)
        if walk is None or len(case.decided.walks) > 1 or walk.at_state.end is None:
            continue
        if walk.view.fact("freight_insured") is True and walk.view.fact("insurance_payout") is UNKNOWN:
            continue
        ways = [step.edge for step in walk.path[1:]]
        if all(way in plain and "->" in str(way) for way in ways):
            yield case.name, walk


def is_worth(symbol: Symbol, value: Value) -> Formula:
    """Return when a symbol is known to be ``value``."""
    match symbol:
        case Truth(yes=yes, no=no):
            return yes if value is True else no
        case OneOf():
            return symbol.word(str(value))
        case Amount(value=amount, known=known):
            fen = int(value.timestamp()) if isinstance(value, dt.datetime) else value
            assert isinstance(fen, int)
            return all_of((known, compare("==", amount, fen)))
        case _:
            raise TypeError(symbol)


def told_in(atlas: Atlas, walk: Walk) -> Iterator[Formula]:
    """Yield that each fact which a proof takes as told is what it is in the case; nobody is silent, nothing interrupts."""
    vocabulary = atlas.carried.vocabulary
    for name, fact in walk.policy.facts.items():
        value = walk.view.fact(name)
        if value is not UNKNOWN and value is not None and vocabulary.derivation(name) is None and not fact.counter:
            yield is_worth(vocabulary.told(name), value)
    for shop in {entry.shop for param in walk.policy.params.values() for entry in param.values} - {None}:
        yield (
            shop_is(str(shop))
            if walk.case.order is not None and walk.case.order.shop == shop
            else negate(shop_is(str(shop)))
        )
    for place in atlas.map.places:
        if place.state in {step_key(walk.policy, step.flow, step.state) for step in walk.path}:
            yield negate(any_of(atlas.carried.bits(place)))


def step_key(policy: Policy, flow: str, name: str) -> str:
    """Return the key of a state in a path."""
    key = f"{flow}.{name}"
    assert key in policy.states
    return key


def places_of(atlas: Atlas, walk: Walk) -> list[Place]:
    """Return the places of the state that a case came to."""
    return [place for place in atlas.places() if place.state == walk.state]


def test_worked_cases_come_to_the_same(policy: LoadedPolicy, atlas: Atlas) -> None:
    """A case as formulas reaches the machine's end, and no money there is known to be anything but the machine's."""
    tried = list(settled_at_once(policy))[::EVERY]
    assert len(tried) > 40
    for name, walk in tried:
        told, places, flat = all_of(told_in(atlas, walk)), places_of(atlas, walk), FlatCase(walk)
        come = any_of(atlas.here(place) for place in places)
        assert isinstance(atlas.find(all_of((told, come)), places), Model), name
        values = {read: flat.fact(read) for read in READ}
        known = {read: value for read, value in values.items() if value is not UNKNOWN and value is not None}
        otherwise = any_of(
            all_of((atlas.here(place), negate(is_worth(atlas.flat(place).fact(read), value))))
            for place in places
            for read, value in known.items()
        )
        assert atlas.find(all_of((told, otherwise)), places) is None, name
