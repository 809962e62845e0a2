"""Expressions without the alternatives that no case takes: those that a param rules out, its value being the same everywhere."""

from __future__ import annotations

from aftersales.expr.names import parts
from aftersales.expr.tree import Choose, Compare, Expr, Literal, ParamRef
from aftersales.expr.types import Value
from aftersales.policy.model import Policy
from aftersales.verify.mutants.expressions import with_parts


def without_dead_choices(policy: Policy, expr: Expr) -> Expr:
    """Return ``expr`` with every ``x if c else y`` made ``x`` or ``y`` where params alone decide ``c``."""
    if isinstance(expr, Choose):
        decided = _decided(policy, expr.condition)
        if decided is not None:
            return without_dead_choices(policy, expr.then if decided else expr.otherwise)
    inside = tuple(without_dead_choices(policy, part) for part in parts(expr))
    return with_parts(expr, inside) if inside else expr


def _decided(policy: Policy, condition: Expr) -> bool | None:
    """Return whether a comparison of a param with a word holds everywhere, ``None`` where that is not plain."""
    match condition:
        case Compare(op="==" | "!=" as op, left=left, right=Literal(value=word)):
            value = _everywhere(policy, left)
            return None if value is None else (value == word) == (op == "==")
        case ParamRef():
            value = _everywhere(policy, condition)
            return value if isinstance(value, bool) else None
        case _:
            return None


def _everywhere(policy: Policy, expr: Expr) -> Value:
    """Return the value of a param that has only one, whatever platform, shop and date; ``None`` for all else."""
    if not isinstance(expr, ParamRef):
        return None
    values = policy.params[expr.name].values
    only = values[0].value if len(values) == 1 and not values[0].none_found else None
    return None if isinstance(only, tuple) else only
