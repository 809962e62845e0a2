"""Random typed trees over the vocabulary of ``expressions``, as the checker makes them, and cases to try them on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from typing import Any

from hypothesis import strategies as st

from aftersales.expr.tree import (
    All,
    Call,
    Choose,
    Compare,
    Comparison,
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
from expressions import FACTS, LINES, PARAMS, PARTIES, PlainCase

#: Facts that may be a known none, with their flags.
FLAGS_OF: Mapping[str, str] = {"delivered_at": "delivered", "days": "delivered"}
#: Names that mean two things on purpose.
_TWICE = {"found", "quantity"}
_LEAVES: Mapping[Kind, tuple[Expr, ...]] = {
    kind: (
        *(FactRef(type_, name) for name, type_ in FACTS.items() if type_.kind is kind and name not in _TWICE),
        *(ParamRef(type_, name) for name, type_ in PARAMS.items() if type_.kind is kind and name not in _TWICE),
    )
    for kind in Kind
}
_LINE_LEAVES: Mapping[Kind, tuple[Expr, ...]] = {
    kind: tuple(LineRef(type_, name) for name, type_ in LINES.items() if type_.kind is kind and name not in _TWICE)
    for kind in Kind
}
_OPS: st.SearchStrategy[Comparison] = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
_EQUAL: st.SearchStrategy[Comparison] = st.sampled_from(["==", "!="])
_ZERO: Mapping[Kind, Value] = {Kind.COUNT: 0, Kind.MONEY: 0, Kind.RATE: Fraction(0), Kind.DURATION: dt.timedelta()}
_START = dt.datetime(2026, 10, 30, tzinfo=dt.UTC)


@st.composite
def conditions(draw: st.DrawFn, depth: int = 3) -> Expr:
    """Draw a condition at most ``depth`` deep."""
    return _Grower(draw).condition(depth)


@st.composite
def amounts(draw: st.DrawFn, kind: Kind, depth: int = 3) -> Expr:
    """Draw money, a count, a rate or a duration at most ``depth`` deep, never a mere 0."""
    return _Grower(draw).amount(kind, depth)


@st.composite
def instants(draw: st.DrawFn, depth: int = 2) -> Expr:
    """Draw an instant at most ``depth`` deep."""
    return _Grower(draw).instant(depth)


@st.composite
def parties(draw: st.DrawFn, depth: int = 2) -> Expr:
    """Draw who bears something, out of all party words."""
    return _Grower(draw).party(depth)


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
    return st.builds(PlainCase, facts.map(_told_only), st.fixed_dictionaries(params).map(_told_only), lines)


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


class _Grower:
    """Draws trees from the leaves up; inside order lines (``line``) their attributes may stand, but no other lines."""

    def __init__(self, draw: st.DrawFn, *, line: bool = False) -> None:
        self._draw = draw
        self._line = line

    def _one_of(self, *options: Callable[[], Expr]) -> Expr:
        return self._draw(st.sampled_from(options))()

    def _some(self, grow: Callable[[], Expr], least: int, most: int) -> tuple[Expr, ...]:
        return tuple(grow() for _ in range(self._draw(st.integers(least, most))))

    def leaf(self, kind: Kind) -> Expr:
        """Draw a fact, a param or, inside a line, one of its attributes."""
        return self._draw(st.sampled_from(_LEAVES[kind] + (_LINE_LEAVES[kind] if self._line else ())))

    def condition(self, depth: int) -> Expr:
        """Draw a condition."""
        flat = (lambda: self.leaf(Kind.FLAG), self._membership, self._present, lambda: self._comparison(0))
        if depth == 0:
            return self._one_of(*flat)
        inner = partial(self.condition, depth - 1)
        deep = (
            lambda: Not(inner()),
            lambda: self._joined(All, inner),
            lambda: self._joined(Either, inner),
            lambda: Choose(FLAG, inner(), inner(), inner()),
            lambda: self._comparison(depth - 1),
            lambda: self._over(FLAG, self._draw(st.sampled_from(["every", "some"])), depth - 1),
        )
        return self._one_of(*flat, *deep, *deep)

    def _joined(self, join: type[All | Either], inner: Callable[[], Expr]) -> Expr:
        flat: list[Expr] = []
        for operand in self._some(inner, 2, 3):
            flat += operand.operands if isinstance(operand, join) else [operand]
        return join(tuple(flat))

    def _present(self) -> Expr:
        return Present(self._draw(st.sampled_from(["delivered_at", "opened_at"])))

    def _membership(self) -> Expr:
        operand = self._one_of(lambda: self.leaf(Kind.CHOICE), lambda: self.leaf(Kind.PARTY))
        words = st.lists(st.sampled_from(operand.type.values), unique=True, min_size=1)
        return In(operand, tuple(self._draw(words)))

    def _over(self, type_: Type, which: Any, depth: int) -> Expr:
        if self._line:
            return self._present() if type_ is FLAG else self.leaf(type_.kind)
        inside = _Grower(self._draw, line=True)
        body = inside.amount(type_.kind, depth) if which == "total" else inside.condition(depth)
        return Over(type_, which, self._draw(st.sampled_from(["lines", "claimed"])), body)

    def _comparison(self, depth: int) -> Expr:
        kind = self._draw(st.sampled_from([*Kind]))
        if kind in {Kind.FLAG, Kind.CHOICE, Kind.PARTY}:
            word = self.leaf(self._draw(st.sampled_from([Kind.CHOICE, Kind.PARTY])))
            type_ = Type(word.type.kind, word.type.values)
            return Compare(self._draw(_EQUAL), word, Literal(type_, self._draw(st.sampled_from(type_.values))))
        left: Expr
        match kind:
            case Kind.INSTANT:
                left, right = self.instant(min(depth, 1)), self.instant(0)
            case Kind.TIME_OF_DAY:
                left, right = self.leaf(kind), self.leaf(kind)
            case Kind.COUNT:
                left, right = (
                    self.amount(kind, depth),
                    self._one_of(lambda: self.amount(kind, depth), self._small, self._share),
                )
            case _:
                left, right = self.amount(kind, depth), self.amount(kind, depth)
        return Compare(self._draw(_OPS), *((left, right) if self._draw(st.booleans()) else (right, left)))

    def _small(self) -> Expr:
        return Literal(Type(Kind.COUNT), self._draw(st.integers(0, 9)))

    def _share(self) -> Expr:
        return Product(Type(Kind.COUNT), (self.leaf(Kind.COUNT), self.leaf(Kind.RATE)))

    def amount(self, kind: Kind, depth: int) -> Expr:
        """Draw money, a count, a rate or a duration."""
        if depth == 0:
            return self.leaf(kind)
        type_ = Type(kind)
        inner = partial(self.amount, kind, depth - 1)
        other = partial(self._one_of, inner, partial(Literal, type_, _ZERO[kind]))
        deep: list[Callable[[], Expr]] = [
            lambda: Choose(type_, self.condition(depth - 1), inner(), other()),
            lambda: Extreme(type_, self._draw(st.sampled_from(["min", "max"])), (inner(), *self._some(other, 1, 2))),
            lambda: self._sum(type_, inner(), self._some(other, 1, 3)),
        ]
        if kind is not Kind.DURATION:
            deep.append(lambda: self._product(type_, inner(), depth - 1))
        if kind in {Kind.MONEY, Kind.COUNT}:
            deep.append(lambda: self._over(type_, "total", depth - 1))
        if kind is Kind.COUNT:
            deep.append(lambda: self._over(type_, "how_many", depth - 1))
            deep.append(lambda: Call(type_, "days_between", (self.instant(depth - 1), self.instant(0))))
        return self._one_of(lambda: self.leaf(kind), *deep)

    def _sum(self, type_: Type, first: Expr, others: tuple[Expr, ...]) -> Expr:
        signed = [(1, first), *((self._draw(st.sampled_from([1, -1])), other) for other in others)]
        flat: list[tuple[int, Expr]] = []
        for sign, term in signed:
            flat += [(sign * inner, part) for inner, part in term.terms] if isinstance(term, Sum) else [(sign, term)]
        return Sum(type_, tuple(flat))

    def _product(self, type_: Type, first: Expr, depth: int) -> Expr:
        kinds = {Kind.MONEY: [Kind.COUNT, Kind.RATE]}.get(type_.kind, [type_.kind])
        others = self._some(lambda: self.amount(self._draw(st.sampled_from(kinds)), depth), 1, 2)
        flat: list[Expr] = []
        for factor in self._draw(st.permutations((first, *others))):
            flat += factor.factors if isinstance(factor, Product) else [factor]
        return Product(type_, tuple(flat))

    def instant(self, depth: int) -> Expr:
        """Draw an instant."""
        if depth == 0:
            return self.leaf(Kind.INSTANT)
        type_ = Type(Kind.INSTANT)
        inner = partial(self.instant, depth - 1)
        return self._one_of(
            inner,
            lambda: Call(
                type_,
                self._draw(st.sampled_from(["add_days", "add_months"])),
                (inner(), self.amount(Kind.COUNT, depth - 1)),
            ),
            lambda: Call(type_, "latest", self._some(inner, 2, 3)),
            lambda: Choose(type_, self.condition(depth - 1), inner(), inner()),
        )

    def party(self, depth: int) -> Expr:
        """Draw a party word or fact."""
        type_ = Type(Kind.PARTY, PARTIES)
        if depth == 0:
            return self._one_of(
                lambda: self.leaf(Kind.PARTY), lambda: Literal(type_, self._draw(st.sampled_from(PARTIES)))
            )
        inner = partial(self.party, depth - 1)
        return self._one_of(inner, lambda: Choose(type_, self.condition(depth - 1), inner(), inner()))
