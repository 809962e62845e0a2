"""What an expression is worth in the rows of a table, with three values, as formulas and amounts over their columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, Protocol

from aftersales.columns.logic import all_of, any_of, calendar, compare, const, extreme, negate, pick, product, total
from aftersales.columns.nodes import Formula, Term
from aftersales.errors import BeyondColumnsError, Diagnostic
from aftersales.expr.names import parts
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
    Literal,
    Not,
    Over,
    ParamRef,
    Present,
    Product,
    Sum,
)
from aftersales.expr.types import Kind, Type, Value
from aftersales.text import Text

#: Rates are counted in hundredths of a percent, the finest that is read.
RATE_SCALE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Truth:
    """A flag: where it is known true and where it is known false."""

    true: Formula
    false: Formula

    @property
    def known(self) -> Formula:
        """Return where it is known."""
        return any_of((self.true, self.false))


@dataclass(frozen=True, slots=True)
class Word:
    """A choice or a party: where it is known to be which."""

    by: Mapping[str, Formula] = field(default_factory=dict)

    def word(self, *words: str) -> Formula:
        """Return where it is known to be one of ``words``."""
        return any_of(self.by.get(word, False) for word in words)

    @property
    def known(self) -> Formula:
        """Return where it is known."""
        return any_of(self.by.values())


@dataclass(frozen=True, slots=True)
class Amount:
    """A number: ``term`` divided by ``scale`` where it is ``known``.

    Money in fen, instants in seconds since 1970, durations and times of day in seconds.
    """

    term: Term
    known: Formula
    scale: int = 1


Symbol = Truth | Word | Amount

NOWHERE: Final = Amount(const(0), known=False)


class Sight(Protocol):
    """Where symbols come from: the rows that stand in one place of a policy."""

    def fact(self, name: str) -> Symbol:
        """Return what the rows know of a fact."""

    def param(self, name: str) -> Symbol:
        """Return what a param comes to in the rows."""

    def param_blockers(self, name: str) -> Iterable[tuple[Formula, str]]:
        """Return, where a param is not known, which fact keeps it unknown."""

    def present(self, name: str) -> Truth:
        """Return whether a fact that may be none is there."""

    def is_none(self, name: str) -> bool:
        """Return whether a fact is a known none in every row."""


def beyond(zh: str, en: str) -> BeyondColumnsError:
    """Say what a table of rows cannot do."""
    message = Text(f"不能按列计算：{zh}", f"cannot be decided in columns: {en}")
    return BeyondColumnsError(Diagnostic("beyond_columns", message))


def literal(value: Value, type_: Type) -> Symbol:
    """Return a value as a symbol; a known none is unknown as a number."""
    match value:
        case bool():
            return Truth(value, not value)
        case str():
            return Word({value: True})
        case int():
            return Amount(const(value), known=True)
        case Fraction():
            return Amount(const(int(value * RATE_SCALE)), known=True, scale=RATE_SCALE)
        case dt.datetime():
            return Amount(const(int(value.timestamp())), known=True)
        case dt.timedelta():
            return Amount(const(int(value.total_seconds())), known=True)
        case dt.time():
            return Amount(const(value.hour * 3600 + value.minute * 60), known=True)
        case _:
            return unknown(type_)


def unknown(type_: Type) -> Symbol:
    """Return a symbol that no row knows."""
    if type_.kind is Kind.FLAG:
        return Truth(true=False, false=False)
    return Word() if type_.kind in (Kind.CHOICE, Kind.PARTY) else NOWHERE


def known_of(symbol: Symbol) -> Formula:
    """Return where a symbol is known."""
    return symbol.known


def truth(expr: Expr, sight: Sight) -> Truth:
    """Return a condition over the rows."""
    symbol = evaluate(expr, sight)
    if not isinstance(symbol, Truth):
        raise TypeError(expr)
    return symbol


def amount(expr: Expr, sight: Sight) -> Amount:
    """Return a number over the rows."""
    symbol = evaluate(expr, sight)
    if not isinstance(symbol, Amount):
        raise TypeError(expr)
    return symbol


def word(expr: Expr, sight: Sight) -> Word:
    """Return a choice or a party over the rows."""
    symbol = evaluate(expr, sight)
    if not isinstance(symbol, Word):
        raise TypeError(expr)
    return symbol


def evaluate(expr: Expr, sight: Sight) -> Symbol:
    """Return what ``expr`` is worth over the rows of ``sight``."""
    return _RULES[type(expr)](expr, sight)


def blockers(expr: Expr, sight: Sight) -> Iterator[tuple[Formula, str]]:
    """Yield, in the author's order, where a fact keeps ``expr`` unknown; the first that holds of a row is its blocker."""
    open_ = negate(known_of(evaluate(expr, sight)))
    if open_ is False:
        return
    # All else is unknown wherever a part is: only beside "and" and "or" may a part stay unknown and not matter.
    stays = open_ if isinstance(expr, All | Either | FactRef | Present | ParamRef) else True
    for where, fact in _inside(expr, sight):
        met = all_of((stays, where))
        if met is not False:
            yield met, fact


def _inside(expr: Expr, sight: Sight) -> Iterator[tuple[Formula, str]]:
    match expr:
        case FactRef(name=name) | Present(fact=name):
            if not sight.is_none(name):
                yield True, name
        case ParamRef(name=name):
            yield from sight.param_blockers(name)
        case Over():
            return
        case Choose(condition=condition, then=then, otherwise=otherwise):
            yield from blockers(condition, sight)
            decided = truth(condition, sight)
            yield from ((all_of((decided.true, where)), fact) for where, fact in blockers(then, sight))
            yield from ((all_of((decided.false, where)), fact) for where, fact in blockers(otherwise, sight))
        case _:
            for part in parts(expr):
                yield from blockers(part, sight)


def _literal(expr: Literal, _sight: Sight) -> Symbol:
    return literal(expr.value, expr.type)


def _fact(expr: FactRef, sight: Sight) -> Symbol:
    return sight.fact(expr.name)


def _param(expr: ParamRef, sight: Sight) -> Symbol:
    return sight.param(expr.name)


def _present(expr: Present, sight: Sight) -> Symbol:
    return sight.present(expr.fact)


def _not(expr: Not, sight: Sight) -> Symbol:
    inside = truth(expr.operand, sight)
    return Truth(inside.false, inside.true)


def _all(expr: All, sight: Sight) -> Symbol:
    inside = [truth(part, sight) for part in expr.operands]
    return Truth(all_of(part.true for part in inside), any_of(part.false for part in inside))


def _either(expr: Either, sight: Sight) -> Symbol:
    inside = [truth(part, sight) for part in expr.operands]
    return Truth(any_of(part.true for part in inside), all_of(part.false for part in inside))


def _compare(expr: Compare, sight: Sight) -> Symbol:
    left, right = evaluate(expr.left, sight), evaluate(expr.right, sight)
    match left, right:
        case Truth(), Truth():
            same = Truth(
                _pairs((left.true, right.true), (left.false, right.false)),
                _pairs((left.true, right.false), (left.false, right.true)),
            )
            return same if expr.op == "==" else Truth(same.false, same.true)
        case Word(), Word():
            return _same_word(expr, left, right)
        case Amount(), Amount():
            known = all_of((left.known, right.known))
            one, other = product((left.term, const(right.scale))), product((right.term, const(left.scale)))
            holds = compare(expr.op, one, other)
            return Truth(all_of((known, holds)), all_of((known, negate(holds))))
        case _:
            raise TypeError(expr)


def _pairs(*pairs: tuple[Formula, Formula]) -> Formula:
    return any_of(all_of(pair) for pair in pairs)


def _same_word(expr: Compare, left: Word, right: Word) -> Truth:
    same = any_of(all_of((where, right.by.get(said, False))) for said, where in left.by.items())
    other = all_of((left.known, right.known, negate(same)))
    return Truth(same, other) if expr.op == "==" else Truth(other, same)


def _in(expr: In, sight: Sight) -> Symbol:
    said = word(expr.operand, sight)
    return Truth(said.word(*expr.values), said.word(*(other for other in said.by if other not in expr.values)))


def _sum(expr: Sum, sight: Sight) -> Symbol:
    inside = [amount(term, sight) for _, term in expr.terms]
    scale = max(part.scale for part in inside)
    terms = ((sign * (scale // part.scale), part.term) for (sign, _), part in zip(expr.terms, inside, strict=True))
    return Amount(total(terms), all_of(part.known for part in inside), scale)


def _product(expr: Product, sight: Sight) -> Symbol:
    inside = [amount(factor, sight) for factor in expr.factors]
    scale = 1
    for part in inside:
        scale *= part.scale
    known = all_of(part.known for part in inside)
    if expr.type.kind is Kind.MONEY:
        return Amount(product((part.term for part in inside), scale), known)
    return Amount(product(part.term for part in inside), known, scale)


def _extreme(expr: Extreme, sight: Sight) -> Symbol:
    inside = [amount(part, sight) for part in expr.operands]
    scale = max(part.scale for part in inside)
    terms = (product((part.term, const(scale // part.scale))) for part in inside)
    return Amount(extreme(expr.which, terms), all_of(part.known for part in inside), scale)


def _choose(expr: Choose, sight: Sight) -> Symbol:
    decided = truth(expr.condition, sight)
    return either(decided, evaluate(expr.then, sight), evaluate(expr.otherwise, sight))


def either(decided: Truth, then: Symbol, otherwise: Symbol) -> Symbol:
    """Return one symbol where ``decided`` is true and the other where it is false."""
    match then, otherwise:
        case Truth(), Truth():
            return Truth(
                _pairs((decided.true, then.true), (decided.false, otherwise.true)),
                _pairs((decided.true, then.false), (decided.false, otherwise.false)),
            )
        case Word(), Word():
            words = dict.fromkeys((*then.by, *otherwise.by))
            met = {
                said: _pairs((decided.true, then.word(said)), (decided.false, otherwise.word(said))) for said in words
            }
            return Word({said: where for said, where in met.items() if where is not False})
        case Amount(), Amount():
            scale = max(then.scale, otherwise.scale)
            one, other = (product((part.term, const(scale // part.scale))) for part in (then, otherwise))
            known = _pairs((decided.true, then.known), (decided.false, otherwise.known))
            return Amount(pick(decided.true, one, other), known, scale)
        case _:
            raise TypeError(then, otherwise)


def _call(expr: Call, sight: Sight) -> Symbol:
    inside = [amount(argument, sight) for argument in expr.arguments]
    known = all_of(part.known for part in inside)
    terms = tuple(part.term for part in inside)
    if expr.function == "latest":
        return Amount(extreme("max", terms), known)
    return Amount(calendar(expr.function, terms), known)


def _over(expr: Over, _sight: Sight) -> Symbol:
    return unknown(expr.type)


_RULES: Final[Mapping[type, Callable[[Any, Sight], Symbol]]] = {
    Literal: _literal,
    FactRef: _fact,
    ParamRef: _param,
    Present: _present,
    Not: _not,
    All: _all,
    Either: _either,
    Compare: _compare,
    In: _in,
    Choose: _choose,
    Sum: _sum,
    Product: _product,
    Extreme: _extreme,
    Call: _call,
    Over: _over,
}
