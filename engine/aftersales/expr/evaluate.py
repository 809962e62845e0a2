"""What an expression is worth in a case, with three truth values, and which fact keeps it unknown.

``and``, ``or`` and ``not`` follow Kleene; every other operator is strict: over a fact that nobody told it is
``UNKNOWN``. Over a known none (null) an amount, a count or an instant is none too, and a condition is ``UNKNOWN``;
the policy reads such a fact only behind its flag, so that neither is met. To tell an unknown fact never changes what
is already known.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, Protocol

from aftersales.expr.names import facts_of, params_of, parts
from aftersales.expr.tree import (
    All,
    Call,
    Choose,
    Collection,
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
from aftersales.expr.types import UNKNOWN, Kind, Unknown, Value
from aftersales.instants import add_days, add_months, days_between
from aftersales.money import half_up

__all__ = ["Env", "blocker", "evaluate", "facts_of", "params_of"]

#: What is known of one order line; an attribute that nobody told is absent or ``UNKNOWN``.
Line = Mapping[str, Value]

_COMPARE: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Env(Protocol):
    """Where values come from: a case under a policy."""

    @property
    def zone(self) -> dt.tzinfo:
        """Return the policy's timezone, in which days are counted."""

    def fact(self, name: str) -> Value:
        """Return what the case knows of a fact: told, derived or computed."""

    def param(self, name: str) -> Value:
        """Return the param's value for this case, tiers applied; ``UNKNOWN`` where a fact that chooses it is."""

    def param_blocker(self, name: str) -> str:
        """Return the fact that keeps the param unknown."""

    def lines(self, collection: Collection) -> Sequence[Line] | Unknown:
        """Return all order lines or the claimed ones, ``UNKNOWN`` where the order is not known."""


def evaluate(expr: Expr, env: Env) -> Value:
    """Return what ``expr`` is worth in ``env``: a value of its type, ``None`` (a known none) or ``UNKNOWN``.

    Never raises on a tree that ``check_expr`` made.
    """
    return _value(expr, env, {})


def blocker(expr: Expr, env: Env) -> str | None:
    """Return the first fact, in the author's order, that keeps ``expr`` unknown; ``None`` where it is known.

    What stands right of an unknown operand waits for it, and what can no longer matter is passed over. A derived fact
    is named itself, not what it reads. ``None`` also where no fact can help: the order's lines are what is missing, or
    a known none is read without its flag.
    """
    return next(_blockers(expr, env, {}), None)


def _blockers(expr: Expr, env: Env, line: Line) -> Iterator[str]:
    if _value(expr, env, line) is not UNKNOWN:
        return
    match expr:
        case FactRef(name=name) | Present(fact=name):
            yield name
        case ParamRef(name=name):
            yield env.param_blocker(name)
        case Over(collection=collection, body=body):
            rows = env.lines(collection)
            for row in () if isinstance(rows, Unknown) else rows:
                yield from _blockers(body, env, row)
        case Choose(condition=condition, then=then, otherwise=otherwise):
            yield from _blockers(condition, env, line)
            decided = _value(condition, env, line)
            if isinstance(decided, bool):
                yield from _blockers(then if decided else otherwise, env, line)
        case _:
            for part in parts(expr):
                yield from _blockers(part, env, line)


def _value(expr: Expr, env: Env, line: Line) -> Value:
    return _RULES[type(expr)](expr, env, line)


def _literal(expr: Literal, _env: Env, _line: Line) -> Value:
    return expr.value


def _fact(expr: FactRef, env: Env, _line: Line) -> Value:
    return env.fact(expr.name)


def _param(expr: ParamRef, env: Env, _line: Line) -> Value:
    return env.param(expr.name)


def _line_attribute(expr: LineRef, _env: Env, line: Line) -> Value:
    return line.get(expr.name, UNKNOWN)


def _present(expr: Present, env: Env, _line: Line) -> Value:
    value = env.fact(expr.fact)
    return UNKNOWN if value is UNKNOWN else value is not None


def _truth(value: Value) -> bool | Unknown:
    return value if isinstance(value, bool) else UNKNOWN


def _not(expr: Not, env: Env, line: Line) -> Value:
    value = _truth(_value(expr.operand, env, line))
    return UNKNOWN if value is UNKNOWN else not value


def _any_of(values: Iterator[Value], *, decisive: bool) -> bool | Unknown:
    """Return ``decisive`` where one value is it, else unknown where one is unknown, else its opposite."""
    seen: bool | Unknown = not decisive
    for value in values:
        if value is decisive:
            return decisive
        if not isinstance(value, bool):
            seen = UNKNOWN
    return seen


def _all(expr: All, env: Env, line: Line) -> Value:
    return _any_of((_value(part, env, line) for part in expr.operands), decisive=False)


def _either(expr: Either, env: Env, line: Line) -> Value:
    return _any_of((_value(part, env, line) for part in expr.operands), decisive=True)


def _compare(expr: Compare, env: Env, line: Line) -> Value:
    left, right = _value(expr.left, env, line), _value(expr.right, env, line)
    if left is UNKNOWN or right is UNKNOWN or left is None or right is None:
        return UNKNOWN
    return _COMPARE[expr.op](left, right)


def _in(expr: In, env: Env, line: Line) -> Value:
    value = _value(expr.operand, env, line)
    return UNKNOWN if value is UNKNOWN or value is None else value in expr.values


def _choose(expr: Choose, env: Env, line: Line) -> Value:
    decided = _truth(_value(expr.condition, env, line))
    if decided is UNKNOWN:
        return UNKNOWN
    return _value(expr.then if decided else expr.otherwise, env, line)


def _strict(values: Sequence[Value], combine: Callable[[Sequence[Any]], Value]) -> Value:
    if UNKNOWN in values:
        return UNKNOWN
    return None if None in values else combine(values)


def _sum(expr: Sum, env: Env, line: Line) -> Value:
    return _strict(
        [_value(term, env, line) for _, term in expr.terms],
        lambda values: _total(
            [value if sign > 0 else -value for (sign, _), value in zip(expr.terms, values, strict=True)]
        ),
    )


def _total(values: Sequence[Any]) -> Value:
    """Add up numbers or durations; there is at least one."""
    total: Value = sum(values[1:], values[0])
    return total


def _product(expr: Product, env: Env, line: Line) -> Value:
    values = [_value(factor, env, line) for factor in expr.factors]
    return _strict(values, lambda factors: _multiply(factors, expr.type.kind))


def _multiply(factors: Sequence[Any], kind: Kind) -> Value:
    """Multiply exactly; money is rounded half up to the fen once, a negative product as its positive twin.

    So no engine ever divides a negative number, where they differ.
    """
    exact = Fraction(1)
    for factor in factors:
        exact *= factor
    if kind is Kind.MONEY:
        return half_up(exact) if exact >= 0 else -half_up(-exact)
    return exact if kind is Kind.RATE or exact.denominator != 1 else int(exact)


def _extreme(expr: Extreme, env: Env, line: Line) -> Value:
    values = [_value(part, env, line) for part in expr.operands]
    return _strict(values, min if expr.which == "min" else max)


def _call(expr: Call, env: Env, line: Line) -> Value:
    values = [_value(argument, env, line) for argument in expr.arguments]
    return _strict(values, lambda known: _CALLS[expr.function](known, env.zone))


_CALLS: Final[Mapping[str, Callable[[Sequence[Any], dt.tzinfo], Value]]] = {
    "days_between": lambda known, zone: days_between(known[0], known[1], zone),
    "add_days": lambda known, zone: add_days(known[0], known[1], zone),
    "add_months": lambda known, zone: add_months(known[0], known[1], zone),
    "latest": lambda known, _zone: max(known),
}


def _over(expr: Over, env: Env, _line: Line) -> Value:
    rows = env.lines(expr.collection)
    if isinstance(rows, Unknown):
        return UNKNOWN
    values = [_value(expr.body, env, row) for row in rows]
    match expr.which:
        case "every" | "some":
            return _any_of(iter(values), decisive=expr.which == "some")
        case "total":
            return _strict(values, lambda known: sum(known, 0))
        case "how_many":
            return _strict([_truth(value) for value in values], sum)


_RULES: Final[Mapping[type, Callable[[Any, Env, Line], Value]]] = {
    Literal: _literal,
    FactRef: _fact,
    ParamRef: _param,
    LineRef: _line_attribute,
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
