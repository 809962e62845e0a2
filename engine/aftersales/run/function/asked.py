"""Which fact to ask for, as Python text: the first, in the author's order, that keeps a condition unknown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from aftersales.expr.names import parts
from aftersales.expr.tree import All, Choose, Either, Expr, FactRef, Not, Over, ParamRef, Present
from aftersales.run.function.texts import NO, YES, Place, false, true

NONE = "None"


class Ask(Protocol):
    """Names what to ask for."""

    def __call__(self, name: str, *, told: bool) -> str:
        """Return the text of what to ask for where a fact is not known, or ``told`` and not yet as it should be."""


def blocker(expr: Expr, at: Place, ask: Ask) -> str:
    """Return the text of the fact to ask for so that ``expr`` becomes known; ``None`` where it is known."""
    match expr:
        case FactRef(name=name) | Present(fact=name):
            return when(_not_told(name, at), ask(name, told=False))
        case ParamRef(name=name):
            return NONE if at.has_param(name) else when(f"{at.param(name)} is None", at.param_need(name))
        case All(operands=operands):
            return when(_but(false(expr, at)), first(blocker(part, at, ask) for part in operands))
        case Either(operands=operands):
            return when(_but(true(expr, at)), first(blocker(part, at, ask) for part in operands))
        case Not(operand=operand):
            return blocker(operand, at, ask)
        case Choose(condition=condition, then=then, otherwise=otherwise):
            ways = (
                blocker(condition, at, ask),
                when(true(condition, at), blocker(then, at, ask)),
                when(false(condition, at), blocker(otherwise, at, ask)),
            )
            return first(ways)
        case Over():
            return NONE
        case _:
            return first(blocker(part, at, ask) for part in parts(expr))


def wanting(condition: Expr, at: Place, ask: Ask) -> str:
    """Return the text of the first fact that does not yet make ``condition`` true, known or not."""
    return when(_but(true(condition, at)), lacking(condition, at, ask))


def lacking(condition: Expr, at: Place, ask: Ask) -> str:
    """Return the same where ``condition`` is known not to hold yet."""
    match condition:
        case All(operands=operands) | Either(operands=operands):
            return first(wanting(part, at, ask) for part in operands)
        case _:
            return next((_not_yet(leaf, at, ask) for leaf in _leaves(condition)), NONE)


def _leaves(condition: Expr) -> Iterable[FactRef | Present]:
    waiting: list[Expr] = [condition]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, FactRef | Present):
            yield node
        waiting = [*parts(node), *waiting]


def _not_yet(leaf: FactRef | Present, at: Place, ask: Ask) -> str:
    """Return the fact to ask for; where it is known and says no, it is that fact itself."""
    name = leaf.name if isinstance(leaf, FactRef) else leaf.fact
    if at.is_known(name):
        return ask(name, told=True)
    untold, known = ask(name, told=False), ask(name, told=True)
    return known if untold == known else f"({untold} if {_not_told(name, at)} else {known})"


def _not_told(name: str, at: Place) -> str:
    """Return the text that is true where a fact is not known."""
    return NO if at.is_known(name) else f"{at.fact(name)} is {'U' if at.may_be_none(name) else NONE}"


def when(condition: str, then: str) -> str:
    """Return the text that is ``then`` where ``condition`` holds, else ``None``."""
    if condition == NO or then == NONE:
        return NONE
    return then if condition == YES else f"({then} if {condition} else None)"


def first(texts: Iterable[str]) -> str:
    """Return the text of the first of ``texts`` that is not ``None``."""
    left = [text for text in dict.fromkeys(texts) if text != NONE]
    return f"({' or '.join(left)})" if len(left) > 1 else (left[0] if left else NONE)


def _but(condition: str) -> str:
    """Return the text that is true where ``condition`` is not."""
    if condition in {YES, NO}:
        return NO if condition == YES else YES
    return f"not {condition}"
