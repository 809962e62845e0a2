"""Which names an expression reads, in the author's order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

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
    Not,
    Over,
    ParamRef,
    Present,
    Product,
    Sum,
)

#: What is directly inside an expression of each kind that is no leaf, in the author's order.
_INSIDE: Final[Mapping[type, Callable[[Any], tuple[Expr, ...]]]] = {
    Compare: lambda expr: (expr.left, expr.right),
    All: lambda expr: expr.operands,
    Either: lambda expr: expr.operands,
    Extreme: lambda expr: expr.operands,
    Product: lambda expr: expr.factors,
    Call: lambda expr: expr.arguments,
    Sum: lambda expr: tuple(term for _, term in expr.terms),
    Choose: lambda expr: (expr.then, expr.condition, expr.otherwise),
    Not: lambda expr: (expr.operand,),
    In: lambda expr: (expr.operand,),
    Over: lambda expr: (expr.body,),
}


def parts(expr: Expr) -> tuple[Expr, ...]:
    """Return the expressions directly inside ``expr``, in the author's order; a leaf has none."""
    inside = _INSIDE.get(type(expr))
    return () if inside is None else inside(expr)


def nodes(expr: Expr) -> Iterator[Expr]:
    """Walk over ``expr`` and everything inside it, each node before its parts, in the author's order."""
    waiting = [expr]
    while waiting:
        node = waiting.pop()
        yield node
        inside = _INSIDE.get(type(node))
        if inside is not None:
            waiting.extend(reversed(inside(node)))


def facts_of(expr: Expr) -> tuple[str, ...]:
    """Return the facts that ``expr`` itself reads, each once, in order; what a derived fact reads is not opened."""
    found: dict[str, None] = {}
    waiting = [expr]
    while waiting:
        node = waiting.pop()
        if isinstance(node, FactRef):
            found[node.name] = None
        elif isinstance(node, Present):
            found[node.fact] = None
        else:
            inside = _INSIDE.get(type(node))
            if inside is not None:
                waiting.extend(reversed(inside(node)))
    return tuple(found)


def params_of(expr: Expr) -> tuple[str, ...]:
    """Return the params that ``expr`` itself reads, each once, in order."""
    return tuple(dict.fromkeys([node.name for node in nodes(expr) if isinstance(node, ParamRef)]))
