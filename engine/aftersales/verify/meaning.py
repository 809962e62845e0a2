"""Expressions as formulas: the rules of ``expr.evaluate``, for every case at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any, Final, Protocol

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
    Not,
    ParamRef,
    Present,
    Product,
    Sum,
)
from aftersales.expr.types import Kind
from aftersales.expr.words import code
from aftersales.verify.symbols import Amount, OneOf, Rates, Symbol, Truth, beyond, certain, chosen, compared, times
from aftersales.verify.terms import all_of, any_of, least, most, total


class Frame(Protocol):
    """Where the symbols of facts and params come from: one place of the policy, seen in one way."""

    def fact(self, name: str) -> Symbol:
        """Return what a fact is here."""

    def param(self, name: str) -> Symbol:
        """Return what a param comes to here."""

    def present(self, name: str) -> Truth:
        """Return whether a fact that may be none is there."""


def symbol_of(expr: Expr, frame: Frame) -> Symbol:
    """Return what ``expr`` comes to in ``frame``.

    Raises BeyondProofError for what has no formula: dates, folds over lines, products of two open amounts.
    """
    rule = _RULES.get(type(expr))
    if rule is None:
        raise beyond(f"{code(expr)} 没有对应的公式", f"{code(expr)} has no formula")
    return rule(expr, frame)


def truth_of(expr: Expr, frame: Frame) -> Truth:
    """Return what a condition comes to in ``frame``. Raises BeyondProofError as ``symbol_of`` does."""
    found = symbol_of(expr, frame)
    if not isinstance(found, Truth):
        raise beyond(f"{code(expr)} 不是条件", f"{code(expr)} is no condition")
    return found


def amount_of(expr: Expr, frame: Frame) -> Amount:
    """Return what an amount comes to in ``frame``. Raises BeyondProofError as ``symbol_of`` does."""
    found = symbol_of(expr, frame)
    if not isinstance(found, Amount):
        raise beyond(f"{code(expr)} 不是数额", f"{code(expr)} is no amount")
    return found


def plain(value: object) -> Symbol:
    """Return a value written down as a symbol: a flag, a word, a whole number. Raises BeyondProofError for others."""
    if isinstance(value, bool):
        return certain(value)
    if isinstance(value, int):
        return Amount(value)
    if isinstance(value, str):
        return OneOf({value: True}, some=True)
    raise beyond(f"{value} 没有对应的公式", f"{value} has no formula")


def _not(expr: Not, frame: Frame) -> Symbol:
    inner = truth_of(expr.operand, frame)
    return Truth(inner.no, inner.yes)


def _all(expr: All, frame: Frame) -> Symbol:
    parts = [truth_of(part, frame) for part in expr.operands]
    return Truth(all_of(part.yes for part in parts), any_of(part.no for part in parts))


def _either(expr: Either, frame: Frame) -> Symbol:
    parts = [truth_of(part, frame) for part in expr.operands]
    return Truth(any_of(part.yes for part in parts), all_of(part.no for part in parts))


def _in(expr: In, frame: Frame) -> Symbol:
    found = symbol_of(expr.operand, frame)
    if not isinstance(found, OneOf):
        raise beyond(f"{code(expr)} 不是选项", f"{code(expr)} is no choice")
    return found.among(expr.values)


def _sum(expr: Sum, frame: Frame) -> Symbol:
    parts = [(sign, amount_of(term, frame)) for sign, term in expr.terms]
    return Amount(total([(sign, part.value) for sign, part in parts]), all_of(part.known for _, part in parts))


def _extreme(expr: Extreme, frame: Frame) -> Symbol:
    parts = [amount_of(part, frame) for part in expr.operands]
    pick = least if expr.which == "min" else most
    return Amount(reduce(pick, [part.value for part in parts]), all_of(part.known for part in parts))


def _product(expr: Product, frame: Frame) -> Symbol:
    factors = [symbol_of(factor, frame) for factor in expr.factors]
    rates = reduce(_multiplied, [part for part in factors if isinstance(part, Rates)], Rates(((True, 1, 1),)))
    amount = _one_amount([part for part in factors if isinstance(part, Amount)])
    if expr.type.kind is Kind.RATE:
        return Rates(tuple((all_of((when, amount.known)), _scaled(amount, top), low) for when, top, low in rates.by))
    return times(amount, rates)


def _multiplied(one: Rates, other: Rates) -> Rates:
    return Rates(
        tuple(
            (all_of((when, then)), _plain_factor(top) * _plain_factor(above), bottom * below)
            for when, top, bottom in one.by
            for then, above, below in other.by
        )
    )


def _plain_factor(top: object) -> int:
    if not isinstance(top, int):
        raise beyond("两个未知数额相乘", "a product of two open amounts")
    return top


def _scaled(amount: Amount, top: object) -> Any:
    return total([(_plain_factor(top), amount.value)])


def _one_amount(amounts: Sequence[Amount]) -> Amount:
    """Return the product of amounts of which at most one is open. Raises BeyondProofError for two."""
    open_ = [amount for amount in amounts if not isinstance(amount.value, int)]
    if len(open_) > 1:
        raise beyond("两个未知数额相乘", "a product of two open amounts")
    factor = reduce(lambda so_far, amount: so_far * amount, [a.value for a in amounts if isinstance(a.value, int)], 1)
    known = all_of(amount.known for amount in amounts)
    return Amount(total([(factor, open_[0].value)]), known) if open_ else Amount(factor, known)


def _choose(expr: Choose, frame: Frame) -> Symbol:
    return chosen(truth_of(expr.condition, frame), symbol_of(expr.then, frame), symbol_of(expr.otherwise, frame))


_RULES: Final[Mapping[type, Callable[[Any, Frame], Symbol]]] = {
    Literal: lambda expr, _frame: plain(expr.value),
    FactRef: lambda expr, frame: frame.fact(expr.name),
    ParamRef: lambda expr, frame: frame.param(expr.name),
    Present: lambda expr, frame: frame.present(expr.fact),
    Not: _not,
    All: _all,
    Either: _either,
    Compare: lambda expr, frame: compared(expr.op, symbol_of(expr.left, frame), symbol_of(expr.right, frame)),
    In: _in,
    Sum: _sum,
    Extreme: _extreme,
    Product: _product,
    Choose: _choose,
}
