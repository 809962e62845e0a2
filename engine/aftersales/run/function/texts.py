"""Expressions as Python text: when known to be true, when known to be false, their value, and when that is known.

A fact that nobody told is ``None`` in its local; one that may be a known none is ``U`` where nobody told it. Every
name of the policy comes out as a quoted text or a number of its own: nothing that an author wrote becomes code.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Protocol

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
    LineRef,
    Literal,
    Not,
    Over,
    ParamRef,
    Present,
    Product,
    Sum,
)
from aftersales.expr.types import Kind, Value

YES, NO = "True", "False"


class Place(Protocol):
    """The function that a text will stand in."""

    def fact(self, name: str) -> str:
        """Return the local that holds a fact."""

    def param(self, name: str) -> str:
        """Return the local, or the constant, that holds a param."""

    def constant(self, value: object) -> str:
        """Return the text of a value that is the same in every case."""

    def may_be_none(self, name: str) -> bool:
        """Return whether the fact may be a known none: its local then is ``U`` while nobody told it."""

    def is_known(self, name: str) -> bool:
        """Return whether a fact is known wherever the text is run."""

    def has_param(self, name: str) -> bool:
        """Return whether a param is known wherever the text is run."""

    def param_need(self, name: str) -> str:
        """Return the text of the fact to ask for where a param is not known."""


def both(texts: Iterable[str]) -> str:
    """Return the text that is true where all ``texts`` are."""
    return _joined(texts, "and", YES, NO)


def either(texts: Iterable[str]) -> str:
    """Return the text that is true where one of ``texts`` is."""
    return _joined(texts, "or", NO, YES)


def _joined(texts: Iterable[str], word: str, neutral: str, decisive: str) -> str:
    left = [text for text in dict.fromkeys(texts) if text != neutral]
    if decisive in left:
        return decisive
    if len(left) <= 1:
        return left[0] if left else neutral
    return f"({f' {word} '.join(left)})"


def true(expr: Expr, at: Place) -> str:
    """Return the text that is true where the condition is known to be true."""
    match expr:
        case Not(operand=operand):
            return false(operand, at)
        case All(operands=operands):
            return both(true(part, at) for part in operands)
        case Either(operands=operands):
            return either(true(part, at) for part in operands)
        case Choose(condition=condition, then=then, otherwise=otherwise):
            ways = ((true(condition, at), true(then, at)), (false(condition, at), true(otherwise, at)))
            return either(both(way) for way in ways)
        case Compare(op="==", left=FactRef(name=name) as left, right=Literal(value=str())) if not at.may_be_none(name):
            return f"{value(left, at)} == {value(expr.right, at)}"
        case In(operand=FactRef(name=name), values=values) if not at.may_be_none(name):
            return f"{at.fact(name)} in {values!r}"
        case Present(fact=name):
            return known(FactRef(expr.type, name), at)
        case Literal(value=literal):
            return YES if literal is True else NO
        case FactRef(name=name) if not at.may_be_none(name):
            return at.fact(name)
        case _:
            return both((known(expr, at), value(expr, at)))


def false(expr: Expr, at: Place) -> str:
    """Return the text that is true where the condition is known to be false."""
    match expr:
        case Not(operand=operand):
            return true(operand, at)
        case All(operands=operands):
            return either(false(part, at) for part in operands)
        case Either(operands=operands):
            return both(false(part, at) for part in operands)
        case Choose(condition=condition, then=then, otherwise=otherwise):
            ways = ((true(condition, at), false(then, at)), (false(condition, at), false(otherwise, at)))
            return either(both(way) for way in ways)
        case Present(fact=name):
            return f"{at.fact(name)} is None" if at.may_be_none(name) else NO
        case Literal(value=literal):
            return YES if literal is False else NO
        case FactRef(name=name) if not at.may_be_none(name):
            return f"{at.fact(name)} is False"
        case Compare(op="==" | "!=" as op, left=left, right=right):
            other = "!=" if op == "==" else "=="
            return both((known(expr, at), f"{value(left, at)} {other} {value(right, at)}"))
        case _:
            return both((known(expr, at), f"not {value(expr, at)}"))


def settled(expr: Expr, at: Place) -> bool:
    """Return whether the value of ``expr`` is known, and there is one, wherever the text is run."""
    match expr:
        case Literal(value=literal):
            return literal is not None
        case FactRef(name=name):
            return at.is_known(name) and not at.may_be_none(name)
        case Present(fact=name):
            return at.is_known(name)
        case ParamRef(name=name):
            return at.has_param(name)
        case Over() | LineRef():
            return False
        case _:
            return all(settled(part, at) for part in parts(expr))


def known(expr: Expr, at: Place) -> str:
    """Return the text that is true where the value of ``expr`` is known, and there is one."""
    if settled(expr, at):
        return YES
    match expr:
        case Literal():
            return NO
        case FactRef(name=name):
            held = at.fact(name)
            told = f"{held} is not U and " if at.may_be_none(name) and not at.is_known(name) else ""
            return f"({told}{held} is not None)" if told else f"{held} is not None"
        case ParamRef(name=name):
            return f"{at.param(name)} is not None"
        case Present(fact=name):
            return f"{at.fact(name)} is not U" if at.may_be_none(name) else f"{at.fact(name)} is not None"
        case Not() | All() | Either():
            return either((true(expr, at), false(expr, at)))
        case Choose(condition=condition, then=then, otherwise=otherwise):
            ways = ((true(condition, at), known(then, at)), (false(condition, at), known(otherwise, at)))
            return either(both(way) for way in ways)
        case _:
            return _all_known(expr, at)


def _all_known(expr: Expr, at: Place) -> str:
    match expr:
        case Compare(left=left, right=right):
            return both((known(left, at), known(right, at)))
        case In(operand=operand):
            return known(operand, at)
        case Sum(terms=terms):
            return both(known(term, at) for _, term in terms)
        case Product(factors=inside) | Extreme(operands=inside) | Call(arguments=inside):
            return both(known(part, at) for part in inside)
        case _:
            return NO


def value(expr: Expr, at: Place) -> str:
    """Return the text of the value of ``expr``; it may be run only where that is known."""
    match expr:
        case Literal(value=literal):
            return at.constant(literal)
        case FactRef(name=name):
            return at.fact(name)
        case ParamRef(name=name):
            return at.param(name)
        case Sum(terms=terms):
            return _sum(terms, at)
        case Product(factors=factors):
            return _product(factors, expr.type.kind, at)
        case Extreme(which=which, operands=operands):
            return _extreme(which, [value(part, at) for part in operands])
        case Choose(condition=condition, then=then, otherwise=otherwise):
            return f"({value(then, at)} if {true(condition, at)} else {value(otherwise, at)})"
        case Call(function=function, arguments=arguments):
            inside = ", ".join(value(part, at) for part in arguments)
            return f"max({inside})" if function == "latest" else f"{function}({inside}, ZONE)"
        case Compare(op=op, left=left, right=right):
            return f"({value(left, at)} {op} {value(right, at)})"
        case In(operand=operand, values=values):
            return f"({value(operand, at)} in {values!r})"
        case Present() | Not() | All() | Either():
            return true(expr, at)
        case _:
            return "None"


def _sum(terms: tuple[tuple[int, Expr], ...], at: Place) -> str:
    text = ""
    for sign, term in terms:
        part = value(term, at)
        text += f" + {part}" if sign > 0 else f" - {part}"
    return f"({text.removeprefix(' + ').strip()})"


def _extreme(which: str, operands: list[str]) -> str:
    if len(operands) == 2 and all(operand.isalnum() for operand in operands):
        first, second = operands
        return f"({first} if {first} {'<=' if which == 'min' else '>='} {second} else {second})"
    return f"{which}({', '.join(operands)})"


def _product(factors: tuple[Expr, ...], kind: Kind, at: Place) -> str:
    whole = all(factor.type.kind in {Kind.COUNT, Kind.MONEY} for factor in factors)
    texts = [value(factor, at) for factor in factors]
    if whole:
        return f"({' * '.join(texts)})"
    return f"multiply(({', '.join(texts)},), {at.constant(kind)})"


def plain(literal: Value | Fraction) -> str | None:
    """Return how Python writes a value that it can write; ``None`` for one that needs a constant of its own."""
    if literal is None or isinstance(literal, bool | int) or type(literal) is str:
        return repr(literal)
    return None
