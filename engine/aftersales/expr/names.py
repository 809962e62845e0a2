"""Which names an expression reads, in the author's order."""

from __future__ import annotations

from collections.abc import Iterator

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


def parts(expr: Expr) -> tuple[Expr, ...]:
    """Return the expressions directly inside ``expr``, in the author's order; a leaf has none."""
    match expr:
        case FactRef() | Literal() | ParamRef() | LineRef() | Present():
            return ()
        case Compare(left=left, right=right):
            return (left, right)
        case All(operands=inside) | Either(operands=inside) | Extreme(operands=inside):
            return inside
        case Product(factors=inside) | Call(arguments=inside):
            return inside
        case Sum(terms=terms):
            return tuple(term for _, term in terms)
        case Choose(condition=condition, then=then, otherwise=otherwise):
            return (then, condition, otherwise)
        case Not(operand=inner) | In(operand=inner) | Over(body=inner):
            return (inner,)


def nodes(expr: Expr) -> Iterator[Expr]:
    """Walk over ``expr`` and everything inside it, each node before its parts, in the author's order."""
    waiting = [expr]
    while waiting:
        node = waiting.pop()
        yield node
        inside = parts(node)
        if inside:
            waiting.extend(reversed(inside))


def facts_of(expr: Expr) -> tuple[str, ...]:
    """Return the facts that ``expr`` itself reads, each once, in order; what a derived fact reads is not opened."""
    found: dict[str, None] = {}
    for node in nodes(expr):
        match node:
            case FactRef(name=name) | Present(fact=name):
                found[name] = None
            case _:
                pass
    return tuple(found)


def params_of(expr: Expr) -> tuple[str, ...]:
    """Return the params that ``expr`` itself reads, each once, in order."""
    return tuple(dict.fromkeys(node.name for node in nodes(expr) if isinstance(node, ParamRef)))
