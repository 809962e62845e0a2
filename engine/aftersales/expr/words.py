"""Expressions as text: the author's own language again, words for people, and how an amount came about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from enum import IntEnum

from aftersales.expr.evaluate import Env, evaluate
from aftersales.expr.say import Names, say
from aftersales.expr.shown import show
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
from aftersales.expr.types import UNKNOWN, Value

__all__ = ["Names", "code", "derivation", "say", "show"]


class _Level(IntEnum):
    """How tightly a form binds; the loosest first."""

    CHOOSE = 0
    OR = 1
    AND = 2
    NOT = 3
    COMPARE = 4
    SUM = 5
    PRODUCT = 6
    ATOM = 7


def code(expr: Expr) -> str:
    """Return ``expr`` as the author would write it, with as few brackets as possible.

    Read again in the same scope it is the same tree. A value that cannot be written (an amount the policy compiler
    put in) is shown as ``show`` does.
    """
    return _Writer(_leaf).write(expr, _Level.CHOOSE)


def derivation(expr: Expr, env: Env) -> str:
    """Return how ``expr`` came about in ``env``: ``claimed_paid - already_refunded = 59.00 - 0.00``.

    Of an ``if`` only the branch taken is worked out. What is not known keeps its name. A literal is only itself.
    """
    if isinstance(expr, Literal):
        return show(expr.value, expr.type)
    return f"{code(expr)} = {_Writer(lambda leaf: _worked_out(leaf, env), env).write(expr, _Level.CHOOSE)}"


def _leaf(expr: Expr) -> str | None:
    match expr:
        case Literal(value=value, type=type_):
            return "0" if _is_zero(value) else show(value, type_)
        case FactRef(name=name) | ParamRef(name=name) | LineRef(name=name):
            return name
        case _:
            return None


def _is_zero(value: Value) -> bool:
    return not isinstance(value, bool) and value in (0, dt.timedelta())


def _worked_out(expr: Expr, env: Env) -> str | None:
    match expr:
        case FactRef() | ParamRef() | Over() | Present() | Call():
            value = evaluate(expr, env)
            return _leaf(expr) or code(expr) if value is UNKNOWN else show(value, expr.type, env.zone)
        case _:
            return _leaf(expr)


class _Writer:
    """Writes an expression; ``leaf`` says how a node is written as a whole, ``None``: by its parts.

    With ``env`` an ``if`` is written as the branch that is taken.
    """

    def __init__(self, leaf: Callable[[Expr], str | None], env: Env | None = None) -> None:
        self._leaf = leaf
        self._env = env

    def write(self, expr: Expr, around: _Level) -> str:
        """Return ``expr`` as text, in brackets where it binds less tightly than ``around`` asks for."""
        whole = self._leaf(expr)
        if whole is not None:
            return whole
        if self._env is not None and isinstance(expr, Choose):
            taken = evaluate(expr.condition, self._env)
            if isinstance(taken, bool):
                return self.write(expr.then if taken else expr.otherwise, around)
        level, text = self._compound(expr)
        return f"({text})" if level < around else text

    def _compound(self, expr: Expr) -> tuple[_Level, str]:
        match expr:
            case All(operands=operands) | Either(operands=operands):
                return self._junction(expr, operands)
            case Not(operand=In(operand=inner, values=values)):
                return _Level.COMPARE, f"{self.write(inner, _Level.SUM)} not in {_listed(values)}"
            case In(operand=inner, values=values):
                return _Level.COMPARE, f"{self.write(inner, _Level.SUM)} in {_listed(values)}"
            case Not(operand=inner):
                return _Level.NOT, f"not {self.write(inner, _Level.NOT)}"
            case Compare(op=op, left=left, right=right):
                return _Level.COMPARE, f"{self.write(left, _Level.SUM)} {op} {self.write(right, _Level.SUM)}"
            case Sum(terms=terms):
                return _Level.SUM, self._sum(terms)
            case Product(factors=factors):
                return _Level.PRODUCT, " * ".join(self.write(factor, _Level.ATOM) for factor in factors)
            case Choose(condition=condition, then=then, otherwise=otherwise):
                first = f"{self.write(then, _Level.OR)} if {self.write(condition, _Level.OR)}"
                return _Level.CHOOSE, f"{first} else {self.write(otherwise, _Level.CHOOSE)}"
            case _:
                return _Level.ATOM, self._call(expr)

    def _junction(self, expr: Expr, operands: tuple[Expr, ...]) -> tuple[_Level, str]:
        word, level = ("and", _Level.AND) if isinstance(expr, All) else ("or", _Level.OR)
        if len(operands) < 2:
            empty = "true" if isinstance(expr, All) else "false"
            return level, self.write(operands[0], level) if operands else empty
        return level, f" {word} ".join(self.write(operand, _Level(level + 1)) for operand in operands)

    def _sum(self, terms: tuple[tuple[int, Expr], ...]) -> str:
        signs = ["" if terms[0][0] > 0 else "0 - ", *(" + " if sign > 0 else " - " for sign, _ in terms[1:])]
        written = (self.write(term, _Level.PRODUCT) for _, term in terms)
        return "".join(f"{sign}{term}" for sign, term in zip(signs, written, strict=True))

    def _call(self, expr: Expr) -> str:
        match expr:
            case Extreme(which=which, operands=operands):
                return f"{which}({self._arguments(operands)})"
            case Call(function=function, arguments=arguments):
                return f"{function}({self._arguments(arguments)})"
            case Present(fact=fact):
                return f"present({fact})"
            case Over(which=which, collection=collection, body=body):
                return f"{which}({collection}, {self.write(body, _Level.CHOOSE)})"
            case _:
                raise AssertionError(expr)

    def _arguments(self, arguments: Iterable[Expr]) -> str:
        return ", ".join(self.write(argument, _Level.CHOOSE) for argument in arguments)


def _listed(values: tuple[str, ...]) -> str:
    return f"({', '.join(values)}{',' if len(values) == 1 else ''})"
