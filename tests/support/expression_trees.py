"""Random typed trees over the vocabulary of ``expressions``, as the checker makes them, and cases to try them on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction

from expressions import FACTS, LINES, PARAMS, PARTIES, PlainCase
from hypothesis import strategies as st

from aftersales.expr.tree import (
    All,
    Call,
    Choose,
    Compare,
    Either,
    Expr,
    Extreme,
    FactRef,
    In,
    LineRef,
    Literal,
    Not,
    Over,
    ParamRef,
    Present,
    Product,
    Sum,
)
from aftersales.expr.types import FLAG, UNKNOWN, Kind, Type, Value

Trees = st.SearchStrategy[Expr]

#: Facts that may be a known none, with their flags.
FLAGS_OF: Mapping[str, str] = {"delivered_at": "delivered", "days": "delivered"}
#: Names that mean two things on purpose.
_TWICE = {"found", "quantity"}
_OPS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
_EQUAL = st.sampled_from(["==", "!="])
_ZERO = {Kind.COUNT: 0, Kind.MONEY: 0, Kind.RATE: Fraction(0), Kind.DURATION: dt.timedelta()}
_START = dt.datetime(2026, 10, 30, tzinfo=dt.UTC)


def leaves(kind: Kind, *, line: bool = False) -> Trees:
    """Return the facts and params of a kind, and the attributes of a line inside one."""
    found: list[Expr] = [FactRef(type_, name) for name, type_ in FACTS.items() if type_.kind is kind and name not in _TWICE]
    found += [ParamRef(type_, name) for name, type_ in PARAMS.items() if type_.kind is kind and name not in _TWICE]
    if line:
        found += [LineRef(type_, name) for name, type_ in LINES.items() if type_.kind is kind and name not in _TWICE]
    return st.sampled_from(found)


def conditions(depth: int = 3, *, line: bool = False) -> Trees:
    """Return conditions at most ``depth`` deep."""
    flat = st.one_of(
        leaves(Kind.FLAG, line=line), _memberships(line=line), _comparisons(0, line=line), _presents(), _comparisons(0)
    )
    if depth == 0:
        return flat
    inner = conditions(depth - 1, line=line)
    wider = [
        st.builds(Not, inner),
        _joined(All, inner),
        _joined(Either, inner),
        st.builds(Choose, st.just(FLAG), inner, inner, inner),
        _comparisons(depth - 1, line=line),
    ]
    if not line:
        body = conditions(depth - 1, line=True)
        wider.append(st.builds(Over, st.just(FLAG), st.sampled_from(["every", "some"]), _collections(), body))
    return st.one_of(flat, *wider)


def amounts(kind: Kind, depth: int = 3, *, line: bool = False) -> Trees:
    """Return money, counts, rates or durations at most ``depth`` deep, never a mere 0."""
    flat = leaves(kind, line=line)
    if depth == 0:
        return flat
    type_, inner = Type(kind), amounts(kind, depth - 1, line=line)
    other = st.one_of(inner, st.just(Literal(type_, _ZERO[kind])))
    wider = [
        st.builds(Choose, st.just(type_), conditions(depth - 1, line=line), inner, other),
        st.tuples(inner, st.lists(other, min_size=1, max_size=3)).flatmap(
            lambda found: st.builds(
                Extreme, st.just(type_), st.sampled_from(["min", "max"]), st.just((found[0], *found[1]))
            )
        ),
        st.tuples(_not_sum(inner), st.lists(st.tuples(st.sampled_from([1, -1]), _not_sum(other)), min_size=1, max_size=3)).map(
            lambda found: Sum(type_, ((1, found[0]), *found[1]))
        ),
    ]
    if kind is not Kind.DURATION:
        wider.append(_products(kind, depth - 1, line=line))
    if kind in {Kind.MONEY, Kind.COUNT} and not line:
        wider.append(st.builds(Over, st.just(type_), st.just("total"), _collections(), amounts(kind, depth - 1, line=True)))
    if kind is Kind.COUNT and not line:
        body = conditions(depth - 1, line=True)
        wider.append(st.builds(Over, st.just(type_), st.just("how_many"), _collections(), body))
        days = st.tuples(instants(depth - 1), instants(depth - 1))
        wider.append(st.builds(Call, st.just(type_), st.just("days_between"), days))
    return st.one_of(flat, *wider)


def instants(depth: int = 2) -> Trees:
    """Return instants at most ``depth`` deep."""
    flat = leaves(Kind.INSTANT)
    if depth == 0:
        return flat
    type_, inner = Type(Kind.INSTANT), instants(depth - 1)
    added = st.tuples(inner, amounts(Kind.COUNT, depth - 1))
    return st.one_of(
        flat,
        st.builds(Call, st.just(type_), st.sampled_from(["add_days", "add_months"]), added),
        st.builds(Call, st.just(type_), st.just("latest"), st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Choose, st.just(type_), conditions(depth - 1), inner, inner),
    )


def parties(depth: int = 2) -> Trees:
    """Return who bears something, out of all party words."""
    type_ = Type(Kind.PARTY, PARTIES)
    flat = st.one_of(leaves(Kind.PARTY), st.sampled_from([Literal(type_, word) for word in PARTIES]))
    if depth == 0:
        return flat
    inner = parties(depth - 1)
    return st.one_of(flat, st.builds(Choose, st.just(type_), conditions(depth - 1), inner, inner))


def cases(*, nulls: bool = False) -> st.SearchStrategy[PlainCase]:
    """Return cases in which anything may be unknown; with ``nulls`` all is known and an undelivered order has no days."""
    known = [_values(type_) for type_ in FACTS.values()]
    told = st.tuples(*(values if nulls else st.one_of(values, st.just(UNKNOWN)) for values in known))
    facts = told.map(lambda values: dict(zip(FACTS, values, strict=True)))
    if nulls:
        facts = facts.map(lambda told: told if told["delivered"] else {**told, **dict.fromkeys(FLAGS_OF)})
    rows = st.lists(st.fixed_dictionaries({name: _values(type_) for name, type_ in LINES.items()}), max_size=3)
    params = {name: _values(type_) for name, type_ in PARAMS.items()}
    if not nulls:
        params = {name: st.one_of(values, st.just(UNKNOWN)) for name, values in params.items()}
    lines = st.fixed_dictionaries({"lines": rows, "claimed": rows})
    return st.builds(
        PlainCase, facts.map(_told_only), st.fixed_dictionaries(params).map(_told_only), lines
    )


def value_of(name: str) -> st.SearchStrategy[Value]:
    """Return values for a fact or a param."""
    return _values(FACTS[name] if name in FACTS else PARAMS[name])


def _told_only(values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value is not UNKNOWN}


def _values(type_: Type) -> st.SearchStrategy[Value]:
    match type_.kind:
        case Kind.FLAG:
            return st.booleans()
        case Kind.CHOICE | Kind.PARTY:
            return st.sampled_from(type_.values)
        case Kind.COUNT:
            return st.integers(0, 12)
        case Kind.MONEY:
            return st.integers(0, 999_900)
        case Kind.RATE:
            return st.integers(0, 20_000).map(lambda part: Fraction(part, 10_000))
        case Kind.INSTANT:
            return st.integers(0, 10**6).map(lambda seconds: _START + dt.timedelta(seconds=seconds))
        case Kind.DURATION:
            return st.integers(0, 400).map(lambda hours: dt.timedelta(hours=hours))
        case Kind.TIME_OF_DAY:
            return st.sampled_from([dt.time(9), dt.time(20)])


def _collections() -> st.SearchStrategy[str]:
    return st.sampled_from(["lines", "claimed"])


def _presents() -> Trees:
    return st.builds(Present, st.sampled_from(["delivered_at", "opened_at"]))


def _memberships(*, line: bool) -> Trees:
    def over(expr: Expr) -> Trees:
        words = st.lists(st.sampled_from(expr.type.values), unique=True, min_size=1).map(tuple)
        return st.builds(In, st.just(expr), words)

    return st.one_of(leaves(Kind.CHOICE, line=line), leaves(Kind.PARTY)).flatmap(over)


def _comparisons(depth: int, *, line: bool = False) -> Trees:
    words = st.one_of(leaves(Kind.CHOICE, line=line), leaves(Kind.PARTY)).flatmap(
        lambda expr: st.builds(
            Compare, _EQUAL, st.just(expr), st.sampled_from([Literal(Type(expr.type.kind, expr.type.values), word) for word in expr.type.values])
        )
    )
    small = st.integers(0, 9).map(lambda number: Literal(Type(Kind.COUNT), number))
    counts = amounts(Kind.COUNT, depth, line=line)
    numbers = [
        st.builds(Compare, _OPS, amounts(kind, depth, line=line), amounts(kind, depth, line=line))
        for kind in (Kind.MONEY, Kind.COUNT, Kind.RATE, Kind.DURATION)
    ]
    shares = st.builds(
        lambda rate, count: Product(Type(Kind.COUNT), (count, rate)), leaves(Kind.RATE), leaves(Kind.COUNT)
    )
    return st.one_of(
        words,
        *numbers,
        st.builds(Compare, _OPS, counts, small),
        st.builds(Compare, _OPS, small, counts),
        st.builds(Compare, _OPS, counts, shares),
        st.builds(Compare, _OPS, instants(min(depth, 1)), instants(0)),
        st.builds(Compare, _OPS, leaves(Kind.TIME_OF_DAY), leaves(Kind.TIME_OF_DAY)),
    )


def _joined(join: type[All | Either], inner: Trees) -> Trees:
    operands = st.lists(inner.filter(lambda expr: not isinstance(expr, join)), min_size=2, max_size=3)
    return operands.map(lambda found: join(tuple(found)))


def _not_sum(trees: Trees) -> Trees:
    return trees.filter(lambda expr: not isinstance(expr, Sum))


def _products(kind: Kind, depth: int, *, line: bool) -> Trees:
    own = amounts(kind, depth, line=line)
    others = {
        Kind.MONEY: st.one_of(amounts(Kind.COUNT, depth, line=line), amounts(Kind.RATE, depth, line=line)),
        Kind.COUNT: amounts(Kind.COUNT, depth, line=line),
        Kind.RATE: amounts(Kind.RATE, depth, line=line),
    }[kind]
    factors = st.tuples(own, st.lists(others, min_size=1, max_size=2)).map(lambda found: (found[0], *found[1]))
    whole = factors.filter(lambda found: not any(isinstance(factor, Product) for factor in found))
    return whole.flatmap(st.permutations).map(lambda found: Product(Type(kind), tuple(found)))
