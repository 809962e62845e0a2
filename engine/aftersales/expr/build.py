"""Making expressions from expressions.

All of it keeps the three truth values: what is made is true, false and unknown exactly where its description says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from aftersales.expr.tree import FALSE, TRUE, All, Choose, Compare, Comparison, Either, Expr, Literal, Not

#: What a comparison says when it does not hold.
OPPOSITE: Final[Mapping[Comparison, Comparison]] = {
    "==": "!=",
    "!=": "==",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
}


def negate(expr: Expr) -> Expr:
    """Return the condition that is true where ``expr`` is false, and unknown where it is unknown."""
    match expr:
        case Literal(value=bool(value)):
            return FALSE if value else TRUE
        case Not(operand=operand):
            return operand
        case Compare(op=op, left=left, right=right):
            return Compare(OPPOSITE[op], left, right)
        case _:
            return Not(expr)


def conjoin(exprs: Iterable[Expr]) -> Expr:
    """Return ``a and b and …`` of all, in order, each condition once; of none: true."""
    return _join(All, exprs)


def disjoin(exprs: Iterable[Expr]) -> Expr:
    """Return ``a or b or …`` of all, in order, each condition once; of none: false."""
    return _join(Either, exprs)


def simplify(expr: Expr) -> Expr:
    """Return ``expr`` with written-down truths worked in, nested ``and`` and ``or`` joined, doubles left out.

    What is inside comparisons and amounts stays as it is.
    """
    match expr:
        case All(operands=operands):
            return conjoin(simplify(operand) for operand in operands)
        case Either(operands=operands):
            return disjoin(simplify(operand) for operand in operands)
        case Not(operand=operand):
            return negate(simplify(operand))
        case Choose(type=type_, condition=condition, then=then, otherwise=otherwise):
            decided = simplify(condition)
            if isinstance(decided, Literal):
                return simplify(then if decided.value else otherwise)
            return Choose(type_, decided, simplify(then), simplify(otherwise))
        case _:
            return expr


def _join(join: type[All | Either], exprs: Iterable[Expr]) -> Expr:
    neutral, decisive = (TRUE, FALSE) if join is All else (FALSE, TRUE)
    flat: dict[Expr, None] = {}
    for expr in exprs:
        if isinstance(expr, join):
            flat.update(dict.fromkeys(expr.operands))
        else:
            flat[expr] = None
    flat.pop(neutral, None)
    if decisive in flat:
        return decisive
    if not flat:
        return neutral
    return next(iter(flat)) if len(flat) == 1 else join(tuple(flat))
