"""Worked cases as formulas: along the machine's way every edge fires, and the money there is the machine's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from aftersales import LoadedPolicy, load
from aftersales.expr.types import UNKNOWN, Value
from aftersales.policy.edges import edges
from aftersales.run.flat import FlatCase
from aftersales.run.walk import Walk
from aftersales.study.prepared import ready_cases
from aftersales.verify.atlas import Atlas, ready
from aftersales.verify.figures import shop_is
from aftersales.verify.places import Passage
from aftersales.verify.solver import Model
from aftersales.verify.symbols import Amount, OneOf, Symbol, Truth
from aftersales.verify.terms import Term, flag

FLOWS = Path(__file__).parents[2] / "flows"
READ = ("liable", "outbound_borne", "return_borne", "refund_goods", "refund_total", "deduction_total", "charge_total")
EVERY = 6


class Unset:
    """A solver's answer in which nothing else matters: every value that is not set is false or 0."""

    def __getitem__(self, _free: object) -> None:
        """Return that a value does not matter."""


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
        ways = [str(step.edge) for step in walk.path[1:]]
        if all(way in plain and "->" in way for way in ways):
            yield case.name, walk


def way_of(atlas: Atlas, walk: Walk) -> list[Passage]:
    """Return the passages that the machine went along."""
    place, found = atlas.map.start, []
    for step in walk.path[1:]:
        passage = next(passage for passage in atlas.map.out[place] if passage.edge.key == step.edge)
        found.append(passage)
        place = passage.target
    return found


def as_model(atlas: Atlas, walk: Walk) -> Model:
    """Return the case as the solver would give it: what it tells, the way it went, what was known there."""
    vocabulary, known = atlas.carried.vocabulary, dict[Term, int]()
    for name in walk.policy.facts:
        value = walk.view.fact(name)
        if value is not UNKNOWN and value is not None and vocabulary.derivation(name) is None:
            known |= freely(vocabulary.told(name), value)
    if walk.case.order is not None and walk.case.order.shop is not None:
        shop = shop_is(walk.case.order.shop)
        assert isinstance(shop, Term)
        known[shop] = True
    for passage in way_of(atlas, walk):
        known[flag(f"at {passage.target}")] = known[flag(f"along {passage.edge.key}@{passage.source}")] = True
        for name in walk.policy.facts:
            is_known = walk.view.fact(name) is not UNKNOWN
            known[atlas.carried.told_by_then(passage.source, name)] = is_known
    return Model(Unset(), known)


def freely(symbol: Symbol, value: Value) -> dict[Term, int]:
    """Return what the free values behind a told fact are where it is ``value``."""
    match symbol:
        case Truth(yes=Term() as yes):
            return {yes: value is True}
        case OneOf(by=by):
            words = list(by)
            assert value in words
            bits = [flag(f"{choice_of(by[words[0]])}={word}") for word in words[:-1]]
            return {bit: word == value for bit, word in zip(bits, words, strict=False)}
        case Amount(value=Term() as amount):
            fen = int(value.timestamp()) if isinstance(value, dt.datetime) else value
            assert isinstance(fen, int)
            return {amount: fen}
        case _:
            return {}


def choice_of(first: object) -> str:
    """Return the name of the choice whose first word a formula stands for."""
    assert isinstance(first, Term)
    return str(first.detail).rpartition("=")[0]


def worth(model: Model, symbol: Symbol) -> Value:
    """Return what a symbol is in a case."""
    match symbol:
        case OneOf(by=by):
            return next((word for word, when in by.items() if model.holds(when)), UNKNOWN)
        case Amount(value=value, known=known):
            return model.value(value) if model.holds(known) else UNKNOWN
        case _:
            raise TypeError(symbol)


def test_worked_cases_come_to_the_same(policy: LoadedPolicy, atlas: Atlas) -> None:
    """Every way on that the machine took fires in the formulas, and where it ended who pays and how much is the same."""
    tried = list(settled_at_once(policy))[::EVERY]
    assert len(tried) > 60
    for name, walk in tried:
        model, way, flat = as_model(atlas, walk), way_of(atlas, walk), FlatCase(walk)
        fired = [model.holds(atlas.carried.fires(passage.source, passage.edge)) for passage in way]
        assert all(fired), (name, fired)
        found = {read: worth(model, atlas.flat(way[-1].target).fact(read)) for read in READ}
        meant = {read: flat.fact(read) for read in READ}
        assert {read: found[read] for read, value in meant.items() if value not in (UNKNOWN, None)} == {
            read: value for read, value in meant.items() if value not in (UNKNOWN, None)
        }, name


def test_formulas_print_short(atlas: Atlas) -> None:
    """What holds all formulas prints in a line: written out, what is shared would come again and again."""
    assert atlas.carried.reach(atlas.map.places[-1]) is not False
    assert len(repr(atlas)) < 200
    assert len(repr(atlas.carried.sight(atlas.map.start))) < 200
