"""Relations that no case can break as long as nothing derived is told: what is derived keeps them by itself.

Very late is later than late, and a parcel that was shipped after the request was shipped: to look at that in every case
takes longer than all its other relations. Only what can be read off the expressions is found; the rest is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aftersales.expr.build import simplify
from aftersales.expr.names import facts_of, params_of
from aftersales.expr.tree import All, Call, Choose, Compare, Either, Expr, FactRef, Literal, Not, ParamRef
from aftersales.expr.types import FLAG, Value
from aftersales.policy.model import Policy
from aftersales.run.reads import with_inputs


def never_broken(policy: Policy, fixed: Mapping[str, Value], condition: Expr) -> bool:
    """Return whether ``condition`` is never false, and never at fault, in a case that tells nothing derived.

    ``fixed`` are the params that have one known value in every case: to look at another one may be a fault.
    """
    whole = simplify(condition)
    if not isinstance(whole, Either) or not _is_sound(policy, fixed, whole):
        return False
    against = [operand.operand for operand in whole.operands if isinstance(operand, Not)]
    true = {part for expr in against for part in _with_it(policy, fixed, expr)}
    return any(part in true for operand in whole.operands for part in _said(policy, operand))


def _is_sound(policy: Policy, fixed: Mapping[str, Value], condition: Expr) -> bool:
    """Return whether all that ``condition`` rests on can be worked out without a fault."""
    facts = (policy.facts[name].derived for name in with_inputs(policy, facts_of(condition)))
    return all(name in fixed for expr in (condition, *facts) if expr is not None for name in params_of(expr))


def _said(policy: Policy, expr: Expr) -> Iterator[Expr]:
    """Yield ``expr``, and what a derived flag stands for."""
    yield expr
    derived = policy.facts[expr.name].derived if isinstance(expr, FactRef) else None
    if derived is not None:
        yield simplify(derived)


def _with_it(policy: Policy, fixed: Mapping[str, Value], expr: Expr) -> Iterator[Expr]:
    """Yield conditions that hold wherever ``expr`` holds."""
    for said in _said(policy, expr):
        yield said
        if isinstance(said, All):
            for operand in said.operands:
                yield from _with_it(policy, fixed, operand)
        elif isinstance(said, Compare) and said.op in {">", ">="}:
            yield from _earlier(fixed, said)


def _earlier(fixed: Mapping[str, Value], later: Compare) -> Iterator[Expr]:
    """Yield that what is later than days after an instant is later than the instant; of a choice, what is chosen."""
    match later.right:
        case Call(function="add_days", arguments=(instant, days)) if _is_positive(fixed, days):
            pass
        case _:
            return
    yield Compare(later.op, later.left, instant)
    if isinstance(later.left, Choose):
        chosen = (Compare(later.op, part, instant) for part in (later.left.then, later.left.otherwise))
        yield Choose(FLAG, later.left.condition, *chosen)


def _is_positive(fixed: Mapping[str, Value], days: Expr) -> bool:
    """Return whether a number of days is known to be at least 1, whatever the case."""
    count = fixed.get(days.name) if isinstance(days, ParamRef) else days.value if isinstance(days, Literal) else None
    return isinstance(count, int) and count >= 1
