"""Expressions as a table of nodes: each distinct one stands in it once, its parts named by number."""

from __future__ import annotations

import datetime as dt
import json
from fractions import Fraction
from typing import Final

from aftersales.errors import Diagnostic, PolicyError
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
from aftersales.expr.types import Kind, Unknown, Value
from aftersales.instants import zone_named
from aftersales.text import Text

Json = bool | int | str | None | list["Json"] | dict[str, "Json"]

#: A browser counts whole numbers exactly up to here.
LARGEST: Final = 2**53 - 1
#: Kinds that JavaScript would add up or compare otherwise than the engine, were they multiplied.
_MULTIPLIED: Final = frozenset({Kind.MONEY, Kind.COUNT, Kind.RATE})


class Nodes:
    """The table of nodes of one policy, filled as expressions are compiled."""

    def __init__(self) -> None:
        self.table: list[Json] = []
        self._numbers: dict[str, int] = {}

    def add(self, expr: Expr) -> int:
        """Return the number of ``expr``, entered with all its parts where it is new.

        Raises PolicyError for an expression that the page's engine has no rule for.
        """
        form = self._form(expr)
        key = json.dumps(form)
        if key not in self._numbers:
            self._numbers[key] = len(self.table)
            self.table.append(form)
        return self._numbers[key]

    def _form(self, expr: Expr) -> list[Json]:
        match expr:
            case Literal(value=value, type=kind):
                return ["literal", plain(value), str(kind.kind)]
            case FactRef(name=name):
                return ["fact", name]
            case ParamRef(name=name):
                return ["param", name]
            case LineRef(name=name):
                return ["line", name]
            case Present(fact=name):
                return ["present", name]
            case Not(operand=inner):
                return ["not", self.add(inner)]
            case All(operands=parts):
                return ["all", self._each(parts)]
            case Either(operands=parts):
                return ["either", self._each(parts)]
            case In(operand=inner, values=words):
                return ["in", self.add(inner), list(words)]
            case _:
                return self._operation(expr)

    def _operation(self, expr: Expr) -> list[Json]:
        match expr:
            case Compare(op=op, left=left, right=right):
                return ["compare", op, self.add(left), self.add(right)]
            case Sum(terms=terms):
                return ["sum", [sign for sign, _ in terms], self._each(tuple(term for _, term in terms))]
            case Product(factors=factors, type=kind) if kind.kind in _MULTIPLIED:
                return ["product", str(kind.kind), self._each(factors)]
            case Extreme(which=which, operands=parts):
                return [which, self._each(parts)]
            case Choose(condition=condition, then=then, otherwise=otherwise):
                return ["choose", self.add(condition), self.add(then), self.add(otherwise)]
            case Call(function=function, arguments=arguments):
                return ["call", function, self._each(arguments)]
            case Over(which=which, collection=collection, body=body):
                return ["over", which, collection, self.add(body)]
            case _:
                raise cannot_compile(type(expr).__name__.lower())

    def _each(self, exprs: tuple[Expr, ...]) -> list[Json]:
        return [self.add(expr) for expr in exprs]


def plain(value: Value) -> Json:
    """Return a value as the page's engine holds it: fen, seconds, ``{n, d}`` for a rate, words and flags as they are.

    Raises PolicyError for an amount beyond 2^53, and for one that is unknown.
    """
    match value:
        case dt.datetime():
            return int(value.timestamp())
        case dt.timedelta() if not value.microseconds:
            return value.days * 86_400 + value.seconds
        case dt.time():
            return value.hour * 3600 + value.minute * 60 + value.second
        case Fraction():
            return {"n": _counted(value.numerator), "d": _counted(value.denominator)}
        case bool() | str() | None:
            return value
        case int():
            return _counted(value)
        case Unknown() | _:
            raise cannot_compile(str(value))


def local_day(at: dt.datetime, timezone: str) -> int:
    """Return the calendar day of ``at`` in ``timezone``, counted from 1970-01-01."""
    return (at.astimezone(zone_named(timezone)).date() - dt.date(1970, 1, 1)).days


def cannot_compile(what: str) -> PolicyError:
    """Return the error that stops a policy which the page could decide otherwise than the engine."""
    message = Text(f"“{what}”无法编译到练习页面", f"{what} cannot be compiled for the trainer's page")
    return PolicyError(Diagnostic("cannot_compile", message))


def _counted(number: int) -> int:
    if abs(number) > LARGEST:
        raise cannot_compile(str(number))
    return number
