"""Reads the expressions of a policy file: a fault in one is noted, and compiling goes on with a value of its type."""

from __future__ import annotations

from aftersales.expr.check import read_expr
from aftersales.expr.scope import Scope
from aftersales.expr.tree import TRUE, Expr, Literal
from aftersales.expr.types import FLAG, Type
from aftersales.policy.faults import Faults
from aftersales.policy.values import placeholder
from aftersales.syntax.tree import ExprText


def read_expression(written: ExprText, scope: Scope, expected: Type, faults: Faults) -> Expr:
    """Return the typed expression; where it is at fault, its faults are noted and some value of the type returned.

    Authors write the same ones again and again: each is read once in a scope.
    """
    key = (written.text, expected)
    known = scope.read.get(key)
    if known is not None:
        return known
    expr, found = read_expr(written.text, scope, expected, written.part)
    faults.extend(found)
    if expr is not None:
        scope.read[key] = expr
        return expr
    return TRUE if expected == FLAG else Literal(expected, placeholder(expected))
