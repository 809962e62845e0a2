"""What could be answered to an open question: the options open here, or the values around what guards compare with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from aftersales.expr.evaluate import evaluate
from aftersales.expr.names import parts
from aftersales.expr.tree import Compare, Expr, FactRef
from aftersales.expr.types import Known, Type, Value
from aftersales.run.standing import open_values
from aftersales.run.walk import Walk

_SECOND = dt.timedelta(seconds=1)


def open_answers(walk: Walk, name: str) -> tuple[Value, ...]:
    """Return the answers worth trying for fact ``name`` where the walk stands.

    The options where it has words; else, for a count, an amount or an instant, the values at, just below and just
    above every bound that the state's conditions and offers compare it with, and null where there may be none.
    """
    fact = walk.policy.facts[name]
    values = open_values(walk.standing, name)
    if values:
        return values
    none: tuple[Value, ...] = (None,) if fact.flag is not None else ()
    return none + tuple(sorted(set(_around(walk, name, fact.type)), key=repr))


def _around(walk: Walk, name: str, kind: Type) -> Iterator[Known]:
    state = walk.at_state
    conditions = [branch.when for branch in state.branches] + ([state.until] if state.until is not None else [])
    for condition in conditions:
        for bound in _bounds(condition, name):
            yield from _near(evaluate(bound, walk.view), kind)
    for offer in state.offers:
        if offer.fact == name and offer.at_most is not None:
            yield from _near(evaluate(offer.at_most, walk.view), kind)


def _bounds(expr: Expr, name: str) -> Iterator[Expr]:
    """Yield what ``expr`` compares fact ``name`` with."""
    if isinstance(expr, Compare):
        if isinstance(expr.left, FactRef) and expr.left.name == name:
            yield expr.right
        if isinstance(expr.right, FactRef) and expr.right.name == name:
            yield expr.left
    for part in parts(expr):
        yield from _bounds(part, name)


def _near(value: Value, kind: Type) -> Iterator[Known]:
    if isinstance(value, int) and not isinstance(value, bool):
        low, high = kind.low or 0, kind.high
        yield from (near for near in (value - 1, value, value + 1) if low <= near and (high is None or near <= high))
    if isinstance(value, dt.datetime):
        yield from (value - _SECOND, value, value + _SECOND)
